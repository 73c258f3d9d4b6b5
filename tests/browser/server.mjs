// A demo of our own: the built server on a free port, in a folder that is thrown away.
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const START_MS = 60_000;

/** Starts a demo whose clock stands on `today`; answers its address, its people and what stops it. */
export async function startDemo(binary, today) {
  const folder = await mkdtemp(join(tmpdir(), "countersign-browser-"));
  const child = spawn(binary, ["demo", "--data", folder, "--port", "0", "--system", "s5-partnership", "--today", today], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  const ready = new Promise((resolve, reject) => {
    const tooLate = setTimeout(() => reject(new Error(`the server did not start: ${said}`)), START_MS);
    const hear = (text) => {
      said += text;
      if (said.includes("Ctrl-C stops it")) {
        clearTimeout(tooLate);
        resolve();
      }
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`the server ended (${code}): ${said}`)));
  });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null && child.pid) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      const killing = setTimeout(() => child.kill("SIGKILL"), 5000);
      await ended;
      clearTimeout(killing);
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await ready;
    const demo = JSON.parse(await readFile(join(folder, "demo.json"), "utf8"));
    return { base: demo.base_url, people: demo.people, said: () => said, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
