// The slides of a deck as reveal.js itself shows them, in a page without a screen.
//
//   node reveal.mjs KIND FILE
//
// KIND is `html` for a page, `external` for a Markdown file that a page names in `data-markdown`,
// or `md` for a Markdown file that reveal-md shows.

import fs from "node:fs";
import path from "node:path";
import { JSDOM, VirtualConsole, load, packageFile, tell, textOf, titleOf } from "./witness.mjs";

const [kind, file] = process.argv.splice(2); // reveal-md would read them too
const folder = path.dirname(path.resolve(file));
const EXTERNAL = `<div class="reveal"><div class="slides">
<section data-markdown="${path.basename(file)}"></section></div></div>`;

let page, config = {};
if (kind === "md") {
  ({ page, config } = await renderMarkdown());
} else {
  page = kind === "external" ? EXTERNAL : fs.readFileSync(file, "utf8");
}
const reveal = kind === "md" ? "reveal-md/node_modules/reveal.js" : "reveal.js";

const window = openPage(page);
for (const script of ["dist/reveal.js", "plugin/markdown/markdown.js"])
  window.eval(fs.readFileSync(packageFile(path.join(reveal, script)), "utf8"));
const deck = new window.Reveal(window.document.querySelector(".reveal"), {
  ...config,
  embedded: true, // more than one deck may be on a page, and none needs the whole window
  showHiddenSlides: true, // they are told apart below
  plugins: [window.RevealMarkdown],
});
await deck.initialize();
const slides = window.document.querySelectorAll(".slides section");
tell([...slides].filter((slide) => !slide.querySelector(":scope > section")).map(describe));

function describe(slide) {
  const notes = window.document.createElement("div");
  notes.innerHTML = deck.getSlideNotes(slide) ?? "";
  const hidden = slide.closest('[data-visibility="hidden"]') !== null;
  return { title: titleOf(slide), notes: textOf(notes), hidden };
}

// Without the programs that front matter can name.
async function renderMarkdown() {
  const { renderFile } = await load("reveal-md/lib/render.js");
  const plain = { preprocessor: null, template: "template/reveal.html" };
  const page = await renderFile(file, plain);
  const options = /extend\(defaultOptions, (\{.*\}), queryOptions\)/.exec(page);
  return { page, config: options ? JSON.parse(options[1]) : {} };
}

// A page whose own scripts do not run, with what reveal.js misses in jsdom.
function openPage(html) {
  const url = "http://localhost/";
  const quiet = new VirtualConsole();
  const dom = new JSDOM(html, { runScripts: "outside-only", url, virtualConsole: quiet });
  const { window } = dom;
  const never = { matches: false, addEventListener() {}, removeEventListener() {} };
  window.matchMedia = () => never;
  window.requestAnimationFrame = (draw) => setTimeout(draw, 0);
  window.cancelAnimationFrame = (timer) => clearTimeout(timer);
  window.Element.prototype.scrollTo = () => {};
  window.XMLHttpRequest = FileRequest;
  return window;
}

// Answers requests for Markdown with the files beside the page.
function FileRequest() {
  this.overrideMimeType = () => {};
  this.open = (method, url) => (this.url = url);
  this.send = () => {
    const wanted = path.resolve(folder, decodeURIComponent(this.url));
    const inside = !path.relative(folder, wanted).startsWith("..");
    this.status = inside && fs.existsSync(wanted) ? 200 : 404;
    this.responseText = this.status === 200 ? fs.readFileSync(wanted, "utf8") : "";
    this.readyState = 4;
    this.onreadystatechange();
  };
}
