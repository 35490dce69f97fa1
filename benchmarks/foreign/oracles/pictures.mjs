// Pictures of slides as the deck's own tool shows them, 1920×1080, with all steps shown.
//
//   node pictures.mjs < JOB
//
// JOB is {kind, file, root, page, xaringan, count, slides: [{index, out}]}. `kind` is `marp`,
// `reveal`, `reveal-md`, `html`, `remark`, `xaringan` or `slidev`. `page` is the page that a tool
// has made already, for `html`. `index` counts from 0 the slides that the witness of the same tool
// tells of, `count` of them. Each line that is printed is {index, error}; error is empty for a
// picture that was made. CHROMIUM names the browser.
//
// Scripts of the deck do not run: they are taken out, and those of the installed tool are put in.

import fs from "node:fs";
import path from "node:path";
import { BASE, serve } from "./picture_files.mjs";
import { makeMarp, makeRemark, makeReveal, makeXaringan } from "./picture_pages.mjs";
import { startSlidev } from "./picture_slidev.mjs";
import { require } from "./witness.mjs";

const puppeteer = require("puppeteer-core");
const [WIDTH, HEIGHT] = [1920, 1080];
const PATIENCE = 60_000; // ms for a page
const job = JSON.parse(fs.readFileSync(0, "utf8"));
const MAKERS = {
  marp: makeMarp,
  reveal: makeReveal,
  "reveal-md": makeReveal,
  html: makeReveal,
  remark: makeRemark,
  xaringan: makeXaringan,
};

const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox", "--hide-scrollbars", "--font-render-hinting=none",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
  ],
});
let slidev;
try {
  const page = await browser.newPage();
  await page.setViewport({ width: WIDTH, height: HEIGHT });
  page.setDefaultTimeout(PATIENCE);
  page.on("pageerror", (error) => console.error(`in the page: ${error.message ?? error}`));
  const name = "/" + path.posix.join(path.relative(job.root, path.dirname(job.file)), "__deck.html");
  if (job.kind === "slidev") {
    slidev = await startSlidev(job);
    await serve(page, job.root, {});
    await paintSlidev(page);
  } else {
    const html = await MAKERS[job.kind](job);
    await serve(page, job.root, { [name]: html });
    await paint(page, BASE + name.split("/").map(encodeURIComponent).join("/"));
  }
} finally {
  slidev?.stop();
  await browser.close();
}
process.exit(0);

async function paint(page, url) {
  if (job.kind !== "marp") await open(page, url);
  for (const { index, out } of job.slides)
    await attempt(page, index, out, async () => {
      // Marp's pages are opened anew, because its pictures and fitted headings depend on it.
      if (job.kind === "marp") await open(page, `${url}?slide=${index + 1}#${index + 1}`);
      const count = await page.evaluate(() => window.countSlides());
      if (count !== job.count) throw new Error(`the page has ${count} slides, not ${job.count}`);
      await page.evaluate((at) => window.showSlide(at), index);
    });
}

async function paintSlidev(page) {
  for (const { index, out } of job.slides)
    await attempt(page, index, out, async () => {
      await page.goto(`${slidev.url}/${index + 1}?print=true`, { waitUntil: "domcontentloaded" });
      await page.waitForSelector(".slidev-layout");
      await page.waitForFunction(() => !document.body.innerText.includes("Loading slide..."));
    });
}

async function open(page, url) {
  await page.goto(url, { waitUntil: "load" });
  await page.waitForFunction("window.deckReady === true");
}

async function attempt(page, index, out, show) {
  let error = "";
  try {
    await show();
    await settle(page);
    await page.screenshot({ path: out });
  } catch (problem) {
    error = String(problem.message ?? problem).slice(0, 300);
  }
  console.log(JSON.stringify({ index, error }));
}

// Waits until fonts and pictures have arrived and nothing moves.
async function settle(page) {
  await page.evaluate(async () => {
    const pause = (ms) => new Promise((done) => setTimeout(done, ms));
    const arrived = (image) =>
      image.complete || new Promise((done) => (image.onload = image.onerror = done));
    await Promise.race([Promise.all([document.fonts.ready, ...[...document.images].map(arrived)]), pause(8000)]);
    await pause(700);
  });
}
