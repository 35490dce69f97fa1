// The pages with slides that a tool makes of a deck. Each has `countSlides()`, `showSlide(index)`,
// and `deckReady` once it can be asked.

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { execFileSync } from "node:child_process";
import { load, packageFile } from "./witness.mjs";
import { readXaringan } from "./xaringan.mjs";

const SCRIPT = /<script\b([^>]*)>[\s\S]*?<\/script>/gi;
const DATA = /type=["']?(?:text\/(?:template|x-markdown|markdown)|math\/)/i;

/** The page that `marp` writes, with the themes of the deck's repository and its HTML. */
export function makeMarp({ file, root }) {
  const work = fs.mkdtempSync(path.join(os.tmpdir(), "marp-"));
  const page = path.join(work, "deck.html");
  const command = packageFile("@marp-team/marp-cli/marp-cli.js");
  const options = ["--no-config-file", "--no-stdin", "--html", "--bespoke.osc=false", "--bespoke.progress=false"];
  const themes = findThemes(root).map((theme) => `--theme-set=${theme}`);
  try {
    const run = [command, ...options, ...themes, "--output", page, file];
    execFileSync(process.execPath, run, { stdio: ["ignore", "ignore", "pipe"] });
    return insert(fs.readFileSync(page, "utf8"), `<style>
      [data-marpit-fragment] { visibility: visible !important; }
    </style><script>
      window.countSlides = () => document.querySelectorAll("svg[data-marpit-svg]").length;
      window.showSlide = () => {};
      window.deckReady = true;
    </script>`);
  } finally {
    fs.rmSync(work, { recursive: true });
  }
}

function findThemes(root) {
  const files = fs.readdirSync(root, { recursive: true }).filter((name) => name.endsWith(".css"));
  const whole = files.filter((name) => !name.includes("node_modules")).map((name) => path.join(root, name));
  return whole.filter((name) => /@theme\s/.test(fs.readFileSync(name, "utf8")));
}

/** The page of a reveal.js deck: its own one, that beside its Markdown, or that of reveal-md. */
export async function makeReveal({ kind, file, page }) {
  let html = page ?? "";
  if (!html && /\.html?$/i.test(file)) html = fs.readFileSync(file, "utf8");
  html ||= findPage(file) || (await renderMarkdown(file));
  const options = readOptions(html, ["width", "height", "margin", "center", "slideNumber"]);
  const coloured = html.includes("sourceCode"); // by pandoc
  const script = (name) => `<script src="/_npm/${name}"></script>`;
  return insert(html.replace(SCRIPT, (whole, attributes) => (DATA.test(attributes) ? whole : "")), `
    ${["dist/reveal.js", "plugin/markdown/markdown.js", "plugin/highlight/highlight.js", "plugin/math/math.js"]
      .map((name) => script(`reveal.js/${name}`)).join("")}
    ${DIAGRAMS}<script>
      const leaves = () => [...document.querySelectorAll(".slides section")]
        .filter((slide) => !slide.querySelector(":scope > section"));
      window.countSlides = () => leaves().length;
      window.showSlide = async (index) => {
        const { h, v } = Reveal.getIndices(leaves()[index]);
        Reveal.slide(h, v);
        await drawDiagrams(leaves()[index]);
        Reveal.layout();
      };
      Reveal.initialize({
        ...${JSON.stringify(options)},
        fragments: false, transition: "none", backgroundTransition: "none", autoAnimate: false,
        controls: false, progress: false, hash: false, keyboard: false, showHiddenSlides: true,
        autoPlayMedia: false, katex: { local: "/_npm/katex" },
        plugins: [RevealMarkdown, ${coloured ? "" : "RevealHighlight,"} RevealMath.KaTeX],
      }).then(() => { window.deckReady = true; });
    </script>`);
}

// The page in a Markdown file's folder that shows it.
function findPage(file) {
  const folder = path.dirname(file);
  const pages = fs.readdirSync(folder).filter((name) => /\.html?$/i.test(name));
  const texts = pages.map((name) => fs.readFileSync(path.join(folder, name), "utf8"));
  const name = path.basename(file).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return texts.find((text) => new RegExp(`data-markdown=["'](?:\\./)?${name}["']`).test(text)) ?? "";
}

async function renderMarkdown(file) {
  process.argv.splice(2); // reveal-md would read them too
  const { renderFile } = await load("reveal-md/lib/render.js");
  return renderFile(file, { preprocessor: null, template: "template/reveal.html" });
}

/** The page of a remark deck, or a plain one for a Markdown file. */
export function makeRemark({ file }) {
  const text = fs.readFileSync(file, "utf8");
  if (!/\.html?$/i.test(file)) return insert(PLAIN + area(text), remarkScripts({}, text));
  const options = readOptions(text, ["ratio", "highlightStyle", "highlightLines", "highlightSpans"]);
  const elsewhere = /sourceUrl:\s*["']([^"']+)["']/.exec(text);
  const source = elsewhere ? area(fs.readFileSync(path.join(path.dirname(file), elsewhere[1]), "utf8")) : "";
  return insert(text.replace(SCRIPT, "") + source, remarkScripts(options, text));
}

/** The page that xaringan makes, without what R computes. `xaringan` is the folder of its styles. */
export function makeXaringan({ file, xaringan }) {
  const text = fs.readFileSync(file, "utf8").replace(/\r\n?/g, "\n");
  const marked = readXaringan(text).source.replace(/^(.*?)[ \t]*#<<[ \t]*$/gm, "*$1"); // a line to mark
  const options = readOptions(text, ["ratio", "highlightStyle", "highlightLines", "highlightSpans"]);
  const [, listed = "default"] = /^\s*css:\s*\[?(.*?)\]?$/m.exec(text) ?? [];
  const names = listed.split(",").map((name) => name.trim().replace(/^["']|["']$/g, ""));
  const sheets = names.map((name) => {
    if (name.endsWith(".css")) return `<link rel="stylesheet" href="${name}">`;
    const own = xaringan && path.join(xaringan, `${name}.css`);
    return own && fs.existsSync(own) ? `<style>${fs.readFileSync(own, "utf8")}</style>` : "";
  });
  const page = `<!doctype html><meta charset="utf-8">${sheets.join("\n")}<body>${area(protect(marked))}`;
  return insert(page, remarkScripts(options, "katex"));
}

const PLAIN = `<!doctype html><meta charset="utf-8"><style>
  @import url(https://fonts.googleapis.com/css?family=Yanone+Kaffeesatz);
  @import url(https://fonts.googleapis.com/css?family=Droid+Serif:400,700,400italic);
  @import url(https://fonts.googleapis.com/css?family=Ubuntu+Mono:400,700,400italic);
  body { font-family: "Droid Serif"; }
  h1, h2, h3 { font-family: "Yanone Kaffeesatz"; font-weight: normal; }
  .remark-code, .remark-inline-code { font-family: "Ubuntu Mono"; }
</style><body>`;

function area(text) {
  const safe = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<textarea id="source">${safe}</textarea>`;
}

// As xaringan does: remark sees a formula as code, which its page turns back.
function protect(source) {
  const parts = source.split(/(^\s*```[\s\S]*?^\s*```\s*$|`[^`\n]*`)/m);
  const formula = /(?<![\\$\w])\$(?!\$|\s)([^$\n]+?)(?<!\s)\$(?![\d$])/g;
  return parts
    .map((part, at) => (at % 2 ? part : part
      .replace(/\$\$([\s\S]+?)\$\$/g, (_, inside) => `\`$$$$${inside.replace(/\s+/g, " ")}$$$$\``)
      .replace(/(`\$\$.*?\$\$`)|(?<![\\$\w`])\$(?![$\s])([^$\n`]+?)\$(?![\d$])/g,
        (whole, block, inside) => (block ? block : `\`\\(${inside}\\)\``))))
    .join("");
}

const DIAGRAMS = `<script src="/_npm/mermaid/dist/mermaid.min.js"></script><script>
  window.mermaid?.initialize({ startOnLoad: false });
  window.drawDiagrams = async (slide) => {
    for (const diagram of slide.querySelectorAll(".mermaid, code.language-mermaid")) {
      if (diagram.querySelector("svg")) continue;
      const name = "diagram" + Math.random().toString(36).slice(2);
      try { diagram.innerHTML = (await mermaid.render(name, diagram.textContent.trim())).svg; } catch {}
    }
  };
</script>`;

function remarkScripts(options, text) {
  const formulas = /katex|mathjax/i.test(text);
  const before = /renderMathInElement\(\s*document\.getElementById\(["']source/.test(text);
  return `${formulas ? `<link rel="stylesheet" href="/_npm/katex/dist/katex.min.css">
    <script src="/_npm/katex/dist/katex.min.js"></script>
    <script src="/_npm/katex/dist/contrib/auto-render.min.js"></script>` : ""}
  <script src="/_npm/remark-slide/out/remark.min.js"></script>
  ${/mermaid/i.test(text) ? DIAGRAMS : ""}
  <script>
    const signs = { throwOnError: false, delimiters: [
      { left: "$$", right: "$$", display: true }, { left: "$", right: "$", display: false },
      { left: "\\\\(", right: "\\\\)", display: false }, { left: "\\\\[", right: "\\\\]", display: true },
    ] };
    const source = document.getElementById("source");
    // A deck's own scripts define its macros. The one of remark's guide is known.
    for (const [, name] of source.textContent.matchAll(/!\\[:([^\\] ]+)/g)) remark.macros[name] = () => "";
    remark.macros.scale = function (width) { return '<img src="' + this + '" style="width: ' + width + '">'; };
    if (${formulas && before}) renderMathInElement(source, signs);
    remark.create(${JSON.stringify(options)});
    for (const code of document.querySelectorAll("code")) {
      const text = code.textContent;
      if (code.closest("pre") || !/^\\\\\\(.*\\\\\\)$|^\\$\\$.*\\$\\$$/s.test(text)) continue;
      code.replaceWith(text);
    }
    if (${formulas && !before}) for (const slide of document.querySelectorAll(".remark-slide-content"))
      renderMathInElement(slide, signs);
    const slides = [...document.querySelectorAll(".remark-slides-area .remark-slide-container")];
    window.countSlides = () => slides.length;
    window.showSlide = async (index) => {
      for (const slide of slides) slide.classList.remove("remark-visible", "remark-fading");
      slides[index].classList.add("remark-visible");
      if (window.drawDiagrams) await drawDiagrams(slides[index]);
    };
    window.deckReady = true;
  </script>`;
}

// Settings of a page's script, as far as they are plain values.
function readOptions(text, names) {
  const options = {};
  for (const name of names) {
    const found = new RegExp(`\\b${name}["']?:\\s*["']?([\\w.:%/-]+)["']?`).exec(text);
    if (!found) continue;
    const [, value] = found;
    options[name] = /^(true|false)$/.test(value) ? value === "true" : /^[\d.]+$/.test(value) ? Number(value) : value;
  }
  return options;
}

function insert(html, scripts) {
  const at = html.search(/<\/body>(?![\s\S]*<\/body>)/i);
  return at < 0 ? html + scripts : html.slice(0, at) + scripts + html.slice(at);
}
