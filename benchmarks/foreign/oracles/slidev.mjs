// The slides of a Markdown file as Slidev's own loader reads them, imported files included.

import path from "node:path";
import { load, tell } from "./witness.mjs";

const { load: loadDeck } = await load("@slidev/parser/dist/fs.mjs");
const file = path.resolve(process.argv[2]);
const root = path.dirname(file);
const deck = await loadDeck({ userRoot: root, roots: [root] }, file);
const shown = deck.slides.map((slide) => describe(slide, false));
const all = [];
for (const slide of deck.entry.slides) walk(slide);
tell(all.filter((slide) => !slide.hidden).length === shown.length ? all : shown);

function describe(slide, hidden) {
  return { title: String(slide.title ?? ""), notes: slide.note ?? "", hidden };
}

// The loader forgets hidden slides; this tells where they were.
function walk(slide) {
  const { disabled, hide, src } = slide.frontmatter;
  if (disabled || hide) all.push(describe(slide, true));
  else if (src) for (const imported of slide.imports ?? []) walk(imported);
  else all.push(describe(slide, false));
}
