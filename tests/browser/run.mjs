// The way of a return in a real browser, twice: with scripts on a desktop, and without any at the width of a phone.
//
//   node tests/browser/run.mjs [with|without]
//
// COUNTERSIGN_BIN names another server than target/debug/countersign, CHROMIUM another browser than /usr/bin/chromium.
// Pictures of every page go to target/screenshots.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { conclude, report } from "./checks.mjs";
import { Journey } from "./journey.mjs";
import * as office from "./office.mjs";
import * as papers from "./papers.mjs";
import * as provider from "./provider.mjs";
import * as register from "./register.mjs";
import * as scripted from "./scripted.mjs";
import * as strangers from "./strangers.mjs";
import { startDemo } from "./server.mjs";
import { checkHtml } from "./validity.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const binary = process.env.COUNTERSIGN_BIN ?? join(root, "target", "debug", "countersign");
const pictures = join(root, "target", "screenshots");

const WAYS = [
  { key: "with", name: "desktop with scripts", width: 1280, scripts: true },
  { key: "without", name: "phone without scripts", width: 375, scripts: false },
];

async function play(journey) {
  const contact = await provider.open(journey);
  await strangers.turnedAway(journey);
  await provider.mistype(contact);
  if (journey.scripts) {
    await scripted.savesAsTyped(contact);
    await scripted.keyboardAlone(journey);
  }
  await provider.fillIn(contact);
  await provider.upload(contact);
  await provider.fillItems(contact);
  await provider.elsewhere(contact);
  await provider.sessionEnds(contact);
  await provider.blocked(contact);
  await provider.putRight(contact);
  const reviewer = await office.moveMoney(journey);
  await register.walk(journey, reviewer);
  await provider.submit(contact);
  await office.sendBack(journey, reviewer);
  await provider.resubmit(contact);
  await office.accept(journey, reviewer);
  const chair = await office.sign(journey);
  await office.addUp(journey, chair);
  await papers.walk(journey, reviewer, "Anita");
  await strangers.refusedLater(journey, contact, chair);
}

/** One journey, from its demo's first day to its last page. */
async function playOne(way) {
  const demo = await startDemo(binary, "2018-04-02");
  stops.push(demo.stop);
  const journey = new Journey({ ...way, demo, browser, pictures });
  try {
    await play(journey);
  } catch (error) {
    const at = [];
    for (const { name, page } of journey.people.filter((person) => !person.page.isClosed())) {
      await page.screenshot({ path: journey.picture(`broken-off-${name}`) }).catch(() => {});
      at.push(`${name} was at ${page.url()}`);
    }
    report(`${way.name}: the journey goes to its end`, [error.stack, ...at, demo.said()]);
  }
  await journey.write(scratch);
  for (const person of journey.people) {
    await person.context.close().catch(() => {});
  }
  await demo.stop();
}

const wanted = process.argv[2];
const scratch = await mkdtemp(join(tmpdir(), "countersign-pages-"));
await mkdir(pictures, { recursive: true });
let browser;
const stops = [];
const clean = async () => {
  await browser?.close().catch(() => {});
  for (const stop of stops.splice(0)) {
    await stop();
  }
  await rm(scratch, { recursive: true, force: true });
};
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => clean().finally(() => process.exit(130)));
}
try {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox"],
    handleSIGINT: false,
    handleSIGTERM: false,
  });
  const ways = WAYS.filter(({ key }) => !wanted || key === wanted);
  await Promise.all(ways.map((way) => playOne(way)));
  await checkHtml(scratch);
} finally {
  await clean();
}
process.exitCode = conclude() ? 0 : 1;
