// The HTML of every page that was looked at, read by the Nu HTML Checker in one go.
import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { report } from "./checks.mjs";

const VNU = join(dirname(createRequire(import.meta.url).resolve("vnu-jar/package.json")), "build", "dist", "vnu.jar");

/** One check a file. */
export async function checkHtml(folder) {
  const files = (await readdir(folder)).sort();
  const messages = await complaints(folder);
  for (const file of files) {
    const found = messages.filter((message) => basename(new URL(message.url).pathname) === file);
    const problems = found.map(({ message, lastLine, extract }) => `line ${lastLine}: ${message}\n  ${(extract ?? "").trim()}`);
    report(`HTML of ${file.replace(/\.html$/, "")}`, problems);
  }
}

function complaints(folder) {
  return new Promise((resolve, reject) => {
    const args = ["-jar", VNU, "--format", "json", "--errors-only", "--exit-zero-always", folder];
    execFile("java", args, { maxBuffer: 64 * 1024 * 1024 }, (error, _, said) => {
      try {
        resolve(JSON.parse(said).messages);
      } catch {
        reject(error ?? new Error(`the HTML checker said: ${said.slice(0, 500)}`));
      }
    });
  });
}
