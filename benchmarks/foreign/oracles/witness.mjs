// What the witnesses share: they load packages from the folder that setup filled, read the text of
// rendered slides, and print JSON.

import path from "node:path";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

export const FOLDER = process.env.FOREIGN_ORACLES;
if (!FOLDER) throw new Error("FOREIGN_ORACLES does not name the folder that setup filled");

export const require = createRequire(path.join(FOLDER, "package.json"));

/** The path of a file of an installed package. */
export function packageFile(name) {
  return path.join(FOLDER, "node_modules", name);
}

/** The module in a file of an installed package, whatever its package.json exports. */
export function load(name) {
  return import(pathToFileURL(packageFile(name)).href);
}

export const { JSDOM, VirtualConsole } = require("jsdom");

export const FORMULAS = "mjx-container, .katex, .MathJax, .math";
const UNREAD = `script, style, svg, ${FORMULAS}`;
const BLOCKS = "p, li, div, pre, blockquote, tr, h1, h2, h3, h4, h5, h6";

/** The text that a reader sees in an element: pictures are their descriptions, formulas nothing. */
export function textOf(element) {
  const copy = element.cloneNode(true);
  for (const unread of copy.querySelectorAll(UNREAD)) unread.remove();
  for (const image of copy.querySelectorAll("img")) image.replaceWith(image.alt);
  for (const gap of copy.querySelectorAll("br")) gap.replaceWith("\n");
  for (const block of copy.querySelectorAll(BLOCKS)) block.append("\n");
  const lines = copy.textContent.split("\n").map((line) => line.replace(/\s+/g, " ").trim());
  return lines.join("\n").replace(/\n{3,}/g, "\n\n").trim();
}

/** The text of the first heading of a slide that has any; its notes hold none. A formula is `$$`. */
export function titleOf(element) {
  const headings = [...element.querySelectorAll("h1, h2, h3, h4, h5, h6")];
  const titles = headings.filter((heading) => !heading.closest("aside.notes")).map(headingOf);
  return titles.find(Boolean) ?? "";
}

function headingOf(heading) {
  const copy = heading.cloneNode(true);
  const outer = [...copy.querySelectorAll(FORMULAS)].filter((f) => !f.parentElement.closest(FORMULAS));
  for (const formula of outer) formula.replaceWith("$$");
  return textOf(copy).replace(/\s+/g, " ");
}

/** Prints the slides and ends the process, whatever timers a library has left behind. */
export function tell(slides) {
  process.stdout.write(JSON.stringify({ slides }) + "\n", () => process.exit(0));
}
