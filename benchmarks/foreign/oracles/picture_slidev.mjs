// Slidev's own server for a deck, in a copy of its project. Settings that are programs are left out.

import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { spawn } from "node:child_process";
import { PICTURES } from "./picture_files.mjs";

const PATIENCE = 180_000; // ms until it answers; the first time, it bundles packages
const LARGE = 30_000_000; // bytes of a file that no slide needs
const PROGRAMS = /(?:^|\/)(?:node_modules|\.git|dist|package-lock\.json|[\w.-]+\.config\.[cm]?[jt]s|setup)$/;

/** Starts the server. Its `url` shows slide N at /N; `stop()` ends it. */
export async function startSlidev({ file, root }) {
  const project = findProject(path.dirname(file), root);
  const work = path.join(PICTURES, "work", String(process.pid));
  fs.cpSync(project, work, { recursive: true, dereference: true, filter: isWanted });
  const entry = path.join(work, "__entry.md");
  fs.writeFileSync(entry, makeEntry(file, project));
  const port = 20_000 + (process.pid % 20_000);
  const command = path.join(PICTURES, "node_modules/@slidev/cli/bin/slidev.mjs");
  const server = spawn(process.execPath, [command, entry, "--port", String(port), "--log", "warn"], {
    cwd: work, detached: true, stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, CI: "1" },
  });
  const stop = () => {
    try { process.kill(-server.pid, "SIGKILL"); } catch {}
    fs.rmSync(work, { recursive: true, force: true });
  };
  try {
    await answer(`http://localhost:${port}/`, server);
  } catch (error) {
    stop();
    throw error;
  }
  return { url: `http://localhost:${port}`, stop };
}

function isWanted(name) {
  return !PROGRAMS.test(name) && !(fs.existsSync(name) && fs.statSync(name).size > LARGE && fs.statSync(name).isFile());
}

// The nearest folder around a deck that has Slidev's layouts or names Slidev as a package.
function findProject(folder, root) {
  for (let at = folder; !path.relative(root, at).startsWith(".."); at = path.dirname(at)) {
    const settings = path.join(at, "package.json");
    if (fs.existsSync(settings) && fs.readFileSync(settings, "utf8").includes("@slidev/cli")) return at;
    if (fs.existsSync(path.join(at, "layouts")) || fs.existsSync(path.join(at, "components"))) return at;
  }
  return folder;
}

// A deck below its project's folder is imported under the settings of the project's own deck.
function makeEntry(file, project) {
  const text = fs.readFileSync(file, "utf8");
  if (path.dirname(file) === project) return text;
  const main = path.join(project, "slides.md");
  const whole = fs.existsSync(main) ? fs.readFileSync(main, "utf8") : text;
  const [, settings = ""] = /^---\r?\n([\s\S]*?)\r?\n---/.exec(whole) ?? [];
  const kept = settings.split("\n").filter((line) => !/^(src|layout|class|background|title):/.test(line));
  if (!kept.some((line) => line.startsWith("mdc:"))) kept.push("mdc: true");
  return ["---", `src: ./${path.relative(project, file)}`, ...kept, "---", ""].join("\n");
}

async function answer(url, server) {
  const end = Date.now() + PATIENCE;
  while (Date.now() < end) {
    if (server.exitCode !== null) throw new Error(`slidev ended with ${server.exitCode}`);
    const ok = await new Promise((done) => {
      http.get(url, (told) => done(told.resume().statusCode === 200)).on("error", () => done(false));
    });
    if (ok) return;
    await new Promise((done) => setTimeout(done, 500));
  }
  throw new Error("slidev did not answer");
}
