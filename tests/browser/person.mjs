// Somebody at a browser: goes to pages, fills them in by their labels, and has every page looked at by machine.
//
// Every look is at the page as it stands: accessibility (WCAG 2.2 AA), errors in the console, requests that leave the
// server, scrolling sideways. What the server sent is kept for the HTML checker.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { report } from "./checks.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

export class Person {
  /** A browser of their own: no cookie is shared with anybody. */
  static async arrive(journey, name) {
    const context = await journey.browser.newContext({
      javaScriptEnabled: journey.scripts,
      viewport: { width: journey.width, height: journey.width < 600 ? 760 : 900 },
      acceptDownloads: true,
      locale: "en-GB",
      timezoneId: "Europe/London",
    });
    const person = new Person(journey, name, context);
    await person.openTab();
    journey.people.push(person);
    return person;
  }

  constructor(journey, name, context) {
    Object.assign(this, { journey, name, context, troubles: [], page: null });
    context.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(journey.base) && !/^(data|blob|about):/.test(url)) {
        this.troubles.push(`asked elsewhere: ${url}`);
      }
    });
  }

  /** Another tab of the same browser; it is looked at from now on. */
  async openTab() {
    const page = await this.context.newPage();
    page.setDefaultTimeout(15_000);
    page.on("pageerror", (error) => this.troubles.push(`script error: ${error.message}`));
    page.on("console", (message) => {
      // A page that says what is wrong comes with a status that Chromium writes to the console.
      if (message.type() === "error" && !/^Failed to load resource: .* status of (4\d\d|503)/.test(message.text())) {
        this.troubles.push(`console: ${message.text()}`);
      }
    });
    page.on("response", (response) => {
      const request = response.request();
      if (request.isNavigationRequest() && request.frame() === page.mainFrame()) {
        this.status = response.status();
        this.sent = response.body().then((bytes) => bytes.toString("utf8"), () => null);
      }
    });
    this.page = page;
    return page;
  }

  async go(path) {
    await this.page.goto(path.startsWith("http") ? path : this.journey.base + path, { waitUntil: "load" });
  }

  /** Presses something that leads to another page. */
  async press(name, { role = "button", within = this.page, nth = 0 } = {}) {
    const target = within.getByRole(role, { name, exact: typeof name === "string" }).nth(nth);
    await this.leave(() => target.click());
  }

  async follow(name, options = {}) {
    await this.press(name, { ...options, role: "link" });
  }

  /** Does what leads to another page, and waits until it is there. */
  async leave(act) {
    await Promise.all([this.page.waitForEvent("load", { timeout: 30_000 }), act()]);
  }

  /** Types into the box with this label, or into the two boxes of the group with it. */
  async type(label, value, within = this.page) {
    if (Array.isArray(value)) {
      const boxes = within.getByRole("group", { name: label, exact: true }).getByRole("textbox");
      await boxes.nth(0).fill(value[0]);
      await boxes.nth(1).fill(value[1]);
    } else {
      await within.getByLabel(label, { exact: true }).fill(value);
    }
  }

  /** The words on the page, white space made one. */
  async words(selector = "main") {
    return (await this.page.locator(selector).first().innerText()).replace(/\s+/g, " ");
  }

  /** The messages in the error summary. */
  async summary() {
    const summary = this.page.locator(".govuk-error-summary");
    return (await summary.count()) === 0 ? "" : (await summary.innerText()).replace(/\s+/g, " ");
  }

  /** Has the page looked at and pictured. `step` names the picture. */
  async look(step) {
    const { page, journey } = this;
    const problems = this.troubles.splice(0);
    for (const violation of await this.axe()) {
      problems.push(violation);
    }
    const [needed, there] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    if (needed > there) {
      problems.push(`scrolls sideways: ${needed} of ${there} pixels: ${(await this.tooWide()).join(", ")}`);
    }
    const heading = await page.locator("h1").count();
    if (heading !== 1) {
      problems.push(`${heading} first headings`);
    }
    const html = await this.sent;
    if (html) {
      journey.keep(step, html);
    } else {
      problems.push("what the server sent could not be read");
    }
    await page.screenshot({ path: journey.picture(step), fullPage: true });
    report(`${journey.name}: ${step}: ${await page.title()}`, problems);
  }

  async axe() {
    const page = this.journey.scripts ? this.page : await this.journey.inspector(this.page.url(), await this.sent);
    await page.evaluate(AXE);
    const found = await page.evaluate(
      (tags) => globalThis.axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] }),
      TAGS,
    );
    return found.violations.map((violation) => {
      const places = violation.nodes.slice(0, 3).map((node) => `${node.target.join(" ")}: ${node.html.slice(0, 160)}`);
      return `${violation.id}: ${violation.help}\n  ${places.join("\n  ")}`;
    });
  }

  async tooWide() {
    return this.page.evaluate(() => {
      const wide = [...document.querySelectorAll("body *")].filter(
        (element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1,
      );
      return wide.slice(0, 4).map((element) => `<${element.tagName.toLowerCase()} class="${element.className}">`);
    });
  }
}
