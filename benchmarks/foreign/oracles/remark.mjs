// The slides of a deck as remark reads them, in a page without a screen.
//
//   node remark.mjs KIND FILE
//
// KIND is `remark` for Markdown or for a page with a `<textarea id="source">`, or `xaringan` for an
// R Markdown file. A slide that continues the one before it has `continues`.

import fs from "node:fs";
import path from "node:path";
import { EventEmitter } from "node:events";
import { createRequire } from "node:module";
import { FOLDER, JSDOM, packageFile, tell, textOf, titleOf } from "./witness.mjs";
import { readXaringan } from "./xaringan.mjs";

const [kind, file] = process.argv.slice(2);
const { window } = new JSDOM("<!doctype html><body></body>");
globalThis.window = window;
globalThis.document = window.document;

const newest = path.join(FOLDER, "remark-git"); // what remarkjs.com serves is newer than npm's
const root = fs.existsSync(newest) ? newest : packageFile("remark-slide");
const requireRemark = createRequire(path.join(root, "package.json"));
const Slideshow = requireRemark("./src/remark/models/slideshow.js");
const converter = requireRemark("./src/remark/converter.js");
const macros = requireRemark("./src/remark/macros.js");

const { source, options } = kind === "xaringan" ? readXaringan(readText(file)) : readRemark();
for (const [, name] of source.matchAll(/!\[:([^\] ]+)/g)) macros[name] ??= () => "";
const show = new Slideshow(new EventEmitter(), {}, { ...options, source });
tell(
  show.getSlides().map((slide) => ({
    title: titleOf(render(slide.content)),
    notes: slide.notes ? textOf(render(slide.notes)) : "",
    hidden: false,
    continues: slide.properties.continued === "true",
  })),
);

function render(content) {
  const element = document.createElement("div");
  element.innerHTML = converter.convertMarkdown(content, show.getLinks());
  return element;
}

// Browsers read a text area and a loaded file without carriage returns.
function readText(name) {
  return fs.readFileSync(name, "utf8").replace(/\r\n?/g, "\n");
}

function readRemark() {
  const text = readText(file);
  if (!/\.html?$/i.test(file)) return { source: text, options: {} };
  const elsewhere = /sourceUrl:\s*["']([^"']+)["']/.exec(text);
  if (elsewhere) return { source: readText(path.join(path.dirname(file), elsewhere[1])), options: {} };
  const area = new JSDOM(text).window.document.getElementById("source");
  if (!area) throw new Error("The page has neither #source nor sourceUrl");
  return { source: area.textContent, options: {} };
}
