// The papers: one is begun, written, looked at and published; the state of the fund, and what stands under its numbers.
import { check } from "./checks.mjs";

const WORDS = "The panel may want to ask about ((unspent)).";
const BETTER = "((available)) was there for the year, and ((spent)) of it was spent.";

/** The reviewer makes the paper of the evaluation that was signed. */
export async function walk(journey, reviewer, first) {
  await state(reviewer);
  await reviewer.go("/office/papers");
  await reviewer.look("papers");
  await reviewer.follow(/final evaluation/);
  await reviewer.press("Begin paper");
  await reviewer.look("paper-begin-wrong");
  check(`${journey.name}: a paper is about a period`, (await reviewer.summary()).includes("Select the period"));
  await reviewer.page.getByRole("radio").first().check();
  await reviewer.press("Begin paper");
  await reviewer.look("paper");
  const paper = reviewer.page.url();
  await write(journey, reviewer, paper);
  await reviewer.go(`${paper}/stories`);
  await reviewer.look("paper-stories");
  for (const [at, step] of ["paper-internal", "paper-preview"].entries()) {
    await reviewer.go(paper);
    await reviewer.leave(() => reviewer.page.locator("#look + ul a").nth(at).click());
    await reviewer.look(step);
  }
  await publish(journey, reviewer, paper, first);
}

/** The state of the fund, and the way down from its numbers. */
async function state(reviewer) {
  await reviewer.go("/office");
  await reviewer.leave(() => reviewer.page.locator('#main-content a[href^="/office/funds/"]').first().click());
  await reviewer.look("fund");
  const fund = reviewer.page.url();
  for (const [start, step] of [["/office/returns?", "returns-list"], ["/office/figures?", "figures-under"]]) {
    await reviewer.go(fund);
    await reviewer.leave(() => reviewer.page.locator(`#main-content a[href^="${start}"]`).first().click());
    await reviewer.look(step);
  }
}

async function write(journey, reviewer, paper) {
  await reviewer.go(paper);
  await reviewer.leave(() => reviewer.page.locator("#words + dl a").first().click());
  await reviewer.page.locator("#text").fill(WORDS);
  await reviewer.press("Save");
  await reviewer.look("paper-prose-wrong");
  check(`${journey.name}: a figure that is not there is said`, (await reviewer.words()).includes("unspent"));
  check(`${journey.name}: what was written is kept`, (await reviewer.page.locator("#text").inputValue()).trim() === WORDS);
  await reviewer.page.locator("#text").fill(BETTER);
  await reviewer.press("Save");
}

async function publish(journey, reviewer, paper, first) {
  await reviewer.go(paper);
  await reviewer.leave(() => reviewer.page.locator("#publish ~ ul a", { hasText: "panel" }).first().click());
  await reviewer.look("paper-publish");
  await reviewer.type("A fresh code from your authenticator app", await journey.authenticatorCode(first));
  await reviewer.leave(() => reviewer.page.getByRole("button", { name: /^Publish/ }).click());
  await reviewer.look("paper-edition");
  const words = await reviewer.words();
  check(`${journey.name}: the edition says what was spent`, words.includes("£428,246.00 of it was spent"));
  check(`${journey.name}: small counts are held back in it`, words.includes("[c]"));
  await reviewer.leave(() => reviewer.page.locator('#main-content td a[href*="/figures?"]').first().click());
  await reviewer.look("paper-figures");
}
