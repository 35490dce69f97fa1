// The slides of a Markdown file as `marp` makes them: its own command converts the file to HTML.
// Settings files beside the deck are not read, because they may be programs.

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { execFileSync } from "node:child_process";
import { FORMULAS, JSDOM, packageFile, tell, textOf, titleOf } from "./witness.mjs";

const work = fs.mkdtempSync(path.join(os.tmpdir(), "marp-"));
let html;
try {
  const page = path.join(work, "deck.html");
  const command = packageFile("@marp-team/marp-cli/marp-cli.js");
  const options = ["--no-config-file", "--no-stdin", "--output", page];
  const quiet = { stdio: ["ignore", "ignore", "pipe"] };
  execFileSync(process.execPath, [command, ...options, path.resolve(process.argv[2])], quiet);
  html = fs.readFileSync(page, "utf8");
} finally {
  fs.rmSync(work, { recursive: true });
}
// Whether nothing is on a page but what the settings put on every page.
function isBlank(page) {
  const copy = page.cloneNode(true);
  for (const repeated of copy.querySelectorAll("header, footer")) repeated.remove();
  return !copy.querySelector(`img, figure, svg, video, audio, iframe, object, ${FORMULAS}`) && !textOf(copy);
}

const { document } = new JSDOM(html).window;
const pages = [...document.querySelectorAll("svg[data-marpit-svg]")];
tell(
  pages.map((page, index) => {
    const notes = document.querySelector(`.bespoke-marp-note[data-index="${index}"]`);
    // A background picture adds sections of its own to the page.
    const shown = page.querySelector('section:not([data-marpit-advanced-background="background"])');
    const told = { title: titleOf(shown), notes: notes ? textOf(notes) : "", hidden: false };
    return { ...told, blank: !told.notes && isBlank(page) };
  }),
);
