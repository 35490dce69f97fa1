// Answers what a deck's page asks for from files: those of the deck's repository and those of
// installed packages. Nothing comes from the network.

import fs from "node:fs";
import path from "node:path";
import { FOLDER } from "./witness.mjs";

export const BASE = "http://deck.invalid";
// Packages that only pictures need: Slidev, fonts, icons (see picture_packages.json).
export const PICTURES = process.env.FOREIGN_PICTURES ?? FOLDER;
const HOMES = [FOLDER, PICTURES, path.join(FOLDER, "node_modules/reveal-md")];
const TYPES = {
  ".css": "text/css", ".gif": "image/gif", ".htm": "text/html", ".html": "text/html",
  ".jpeg": "image/jpeg", ".jpg": "image/jpeg", ".js": "text/javascript", ".json": "application/json",
  ".md": "text/plain", ".mjs": "text/javascript", ".png": "image/png", ".svg": "image/svg+xml",
  ".ttf": "font/ttf", ".webp": "image/webp", ".woff": "font/woff", ".woff2": "font/woff2",
};
const FACES = ["400", "700", "400-italic", "700-italic"];
const SUCCESSORS = { "droid-serif": "noto-serif", "source-sans-3": "source-sans-pro" };

/** Lets a page have only what is in `root` and in packages. `pages` are texts by their path. */
export async function serve(page, root, pages) {
  await page.setRequestInterception(true);
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.hostname === "localhost" || ["data:", "blob:", "about:"].includes(url.protocol))
      return request.continue();
    const answer = find(url, root, pages);
    if (!answer) return request.abort();
    const headers = { "Access-Control-Allow-Origin": "*" };
    return request.respond({ status: 200, headers, ...answer });
  });
}

function find(url, root, pages) {
  const name = decodeURIComponent(url.pathname);
  if (url.host === "fonts.googleapis.com") return { contentType: "text/css", body: faces(url) };
  if (url.origin !== BASE) return fromPackage(foreignName(url));
  if (name in pages) return { contentType: "text/html; charset=utf-8", body: pages[name] };
  if (name.startsWith("/_npm/")) return fromPackage(name.slice("/_npm/".length));
  return read(path.join(root, name), root) ?? fromPackage(revealName(name));
}

// The part of reveal.js that a page wants from a folder that is not in the repository.
function revealName(name) {
  const [, part] = /\/((?:dist|plugin)\/.*)$/.exec(name) ?? [];
  if (part) return `reveal.js/${part}`;
  const [, theme] = /\/css\/theme\/([\w-]+\.css)$/.exec(name) ?? [];
  if (theme) return `reveal.js/dist/theme/${theme}`;
  if (/\/css\/re(veal|set)\.css$/.test(name)) return `reveal.js/dist/${path.basename(name)}`;
  const [, colours] = /\/(?:lib\/css|highlight(?:\.js)?\/styles|plugin\/highlight)\/([\w/-]+\.css)$/.exec(name) ?? [];
  return colours ? `highlight.js/styles/${colours}` : "";
}

function foreignName({ host, pathname }) {
  const part = decodeURIComponent(pathname);
  const emoji = /(?:twemoji|emoji).*\/svg\/([0-9a-f-]+\.svg)$/.exec(part);
  if (emoji) return `@twemoji/svg/${emoji[1]}`;
  const npm = /^(?:\/npm)?\/((?:@[\w.-]+\/)?[\w.-]+?)(?:@[^/]*)?\/(.*)$/.exec(part);
  if (["cdn.jsdelivr.net", "unpkg.com"].includes(host) && npm) return `${npm[1]}/${npm[2]}`;
  const cdn = /^\/ajax\/libs\/([\w.-]+)\/[\d.]+[^/]*\/(.*)$/.exec(part);
  if (host !== "cdnjs.cloudflare.com" || !cdn) return "";
  return { reveal: "reveal.js/dist/", KaTeX: "katex/dist/" }[cdn[1]] ?? `${cdn[1].toLowerCase()}/dist/${cdn[2]}`;
}

function fromPackage(name) {
  for (const home of name ? HOMES : []) {
    const modules = path.join(home, "node_modules");
    const found = read(path.join(modules, name), modules);
    if (found) return found;
  }
  return null;
}

function read(file, root) {
  try {
    const real = fs.realpathSync(file);
    if (path.relative(fs.realpathSync(root), real).startsWith("..")) return null;
    const contentType = TYPES[path.extname(real).toLowerCase()] ?? "application/octet-stream";
    return { contentType, body: fs.readFileSync(real) };
  } catch {
    return null;
  }
}

// The style sheet that Google answers with, for the families that are installed.
function faces(url) {
  const wanted = url.searchParams.getAll("family").flatMap((value) => value.split("|"));
  return wanted.map((entry) => family(entry.split(":")[0].trim())).join("\n");
}

function family(name) {
  const asked = name.toLowerCase().replace(/[ +]/g, "-");
  const slug = SUCCESSORS[asked] ?? asked;
  const sheets = FACES.map((face) => fromPackage(`@fontsource/${slug}/${face}.css`));
  return sheets
    .filter(Boolean)
    .map(({ body }) => String(body).replaceAll("./files/", `${BASE}/_npm/@fontsource/${slug}/files/`))
    .map((sheet) => sheet.replace(/font-family:[^;]*;/g, `font-family: "${name}";`))
    .join("\n");
}
