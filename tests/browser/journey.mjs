// One way through a return, with a demo and browsers of its own, and what its steps share.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Person } from "./person.mjs";

export class Journey {
  /** `name` tells two journeys apart in what is printed; `width` is that of the screen. */
  constructor({ name, width, scripts, demo, browser, pictures }) {
    Object.assign(this, { name, width, scripts, demo, browser, pictures, base: demo.base, people: [], kept: new Map() });
  }

  /** Keeps what the server sent for a page. */
  keep(step, html) {
    this.kept.set(step, html);
  }

  /**
   * Shows what the server sent in a page where the accessibility checker can run: it needs scripts. The pages' own
   * scripts are not loaded.
   */
  async inspector(url, html) {
    if (!this.theInspector) {
      const context = await this.browser.newContext({ viewport: { width: this.width, height: 760 } });
      this.theInspector = await context.newPage();
      await this.theInspector.route("**/*", (route) => {
        const request = route.request();
        if (request.isNavigationRequest() && request.frame() === this.theInspector.mainFrame()) {
          return route.fulfill({ status: 200, contentType: "text/html; charset=utf-8", body: this.inspected });
        }
        return request.resourceType() === "script" ? route.abort() : route.continue();
      });
    }
    this.inspected = html;
    await this.theInspector.goto("about:blank");
    await this.theInspector.goto(url, { waitUntil: "load" });
    return this.theInspector;
  }

  picture(step) {
    return join(this.pictures, `${step}-${this.width}.png`);
  }

  /** Writes every kept page into `folder`, for the HTML checker. */
  async write(folder) {
    await mkdir(folder, { recursive: true });
    for (const [step, html] of this.kept) {
      await writeFile(join(folder, `${step}-${this.width}.html`), html);
    }
  }

  /** One of the demo's people, by their first name. */
  who(first) {
    return this.demo.people.find((person) => person.name.startsWith(`${first} `));
  }

  /** Whoever looks after the demo: moves its clock, reads everybody's mail and codes. */
  async keeper() {
    this.theKeeper ??= await Person.arrive(this, "keeper");
    return this.theKeeper;
  }

  /** Opens somebody's latest mail whose subject matches, and answers its text and its link. */
  async mail(first, subject) {
    const keeper = await this.keeper();
    await keeper.go("/demo");
    const rows = keeper.page.locator("#main-content tbody tr").filter({ hasText: this.who(first).address });
    const line = rows.getByRole("link", { name: subject }).first();
    await keeper.leave(() => line.click());
    const side = keeper.page.locator("#text");
    const text = await side.evaluate((element) => element.innerHTML.replaceAll("<br>", "\n").replace(/<[^>]+>/g, ""));
    const links = side.locator("a");
    return { text, link: (await links.count()) > 0 ? await links.first().getAttribute("href") : null };
  }

  /** The code that stands beside somebody's name on the demo's page. */
  async authenticatorCode(first) {
    const keeper = await this.keeper();
    for (;;) {
      await keeper.go("/demo");
      const card = keeper.page.locator(`[id^="person-${first}-"]`);
      const code = (await card.locator(".cs-code-input").textContent()).trim();
      if (/^\d{6}$/.test(code)) {
        return code;
      }
      await keeper.page.waitForTimeout(3000); // Both codes that are good now were used.
    }
  }
}
