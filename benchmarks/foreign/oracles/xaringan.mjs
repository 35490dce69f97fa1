// What xaringan gives to remark, as far as it can be known without running R.

import { require } from "./witness.mjs";

const YAML = require("yaml");
const CHUNK = /^([\t >]*)(`{3,})\s*\{([a-zA-Z0-9_]+)([ ,][^\n]*)?\}[ \t]*\n([\s\S]*?)^[\t >]*\2`*[ \t]*$/gm;
const UNSEEN = /\b(?:include|echo)\s*=\s*(?:FALSE|F)\b/;

/** The Markdown of an R Markdown file with its title slide, and the options of remark. */
export function readXaringan(text) {
  const [, yaml = "", body] = /^(?:---[ \t]*\n([\s\S]*?)\n---[ \t]*(?:\n|$))?([\s\S]*)$/.exec(text);
  const meta = readYaml(yaml);
  const output = meta.output ?? {};
  const format = Object.entries(output).find(([name]) => name.startsWith("xaringan::"))?.[1] ?? {};
  const { nature = {}, seal = true } = format ?? {};
  const { countIncrementalSlides } = nature ?? {};
  const options = countIncrementalSlides === undefined ? {} : { countIncrementalSlides };
  return { source: `\n${seal ? titleSlide(meta) : ""}\n${knit(body)}`, options };
}

function readYaml(text) {
  // R's own values, such as `!expr`, are read as text.
  const read = YAML.parseDocument(text, { logLevel: "silent" }).toJSON();
  return read && typeof read === "object" ? read : {};
}

function titleSlide(meta) {
  if (!meta.title) return "";
  const parts = [`class: center, middle, inverse, title-slide\n`, `.title[\n# ${meta.title}\n]`];
  if (meta.subtitle) parts.push(`.subtitle[\n## ${meta.subtitle}\n]`);
  for (const key of ["author", "institute", "date"])
    for (const value of [meta[key] ?? []].flat())
      parts.push(`.${key}[\n### ${typeof value === "object" ? value.name : value}\n]`);
  return parts.join("\n") + "\n\n---\n\n";
}

// A chunk shows its code, unless it has none or asks for the contrary; results are not known.
function knit(body) {
  const knitted = body.replace(CHUNK, (chunk, indent, fence, language, settings = "", code) =>
    UNSEEN.test(settings) || !code.trim()
      ? ""
      : `${indent}${fence}${language}\n${code}${indent}${fence}`,
  );
  return knitted.replace(/(?<!`)`r [^`\n]+`/g, "");
}
