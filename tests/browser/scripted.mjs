// What the pages do beyond plain HTML, and the keyboard alone.
import { check } from "./checks.mjs";
import { Person } from "./person.mjs";

/** Saving as one types: said only when it is so, and never at odds with one's own earlier save. */
export async function savesAsTyped(contact) {
  const { journey, page } = contact;
  await contact.go("/return/section/project/awareness");
  const story = page.getByLabel("What the project achieved");
  const status = page.locator("[data-autosave-status]");
  await story.pressSequentially("Begun");
  await status.filter({ hasText: /^Saved \d\d:\d\d$/ }).waitFor({ timeout: 10_000 });
  await contact.look("autosaved");
  const sessions = page.getByLabel("Sessions prepared for the board and its partners");
  const [first] = await Promise.all([page.waitForResponse(/\/autosave$/), sessions.fill("7")]);
  check(`${journey.name}: a save while typing is answered`, first.status() === 200, String(first.status()));
  await story.pressSequentially(", then went on");
  await contact.press("Save and continue");
  check(`${journey.name}: saving what was saved while typing is no conflict`, contact.status === 200, await contact.summary());
  await contact.go("/return/section/project/awareness");
  check(`${journey.name}: all of it is there`, (await story.inputValue()) === "Begun, then went on");
  const counter = page.locator('[data-question="outcomes"] .govuk-character-count__status');
  const counted = await counter.textContent();
  check(`${journey.name}: words are counted`, counted.includes("You have 796 words remaining"), counted);
  await contact.go("/return/section/project/infrastructure");
  const asked = page.getByLabel("Why the amount spent differs from the allocation");
  check(`${journey.name}: a question that does not apply is not shown`, !(await asked.isVisible()));
  await page.getByLabel("Amount spent in the year", { exact: true }).fill("38,000");
  await asked.waitFor({ timeout: 10_000 });
  check(`${journey.name}: it appears once it applies`, await asked.isVisible());
}

/** The link's page and a form, by Tab, letters, Space and Enter. */
export async function keyboardAlone(journey) {
  const person = await Person.arrive(journey, "keyboard");
  const { page } = person;
  await person.go(journey.link);
  await page.keyboard.press("Tab");
  check(`${journey.name}: the first Tab is to skip to the content`, /Skip to main content/.test(await focused(page)));
  await page.keyboard.press("Enter");
  await tabTo(page, /address/);
  await page.keyboard.type(journey.who("Morwenna").address);
  await person.leave(() => page.keyboard.press("Enter"));
  await tabTo(page, /The year as a whole/);
  await person.leave(() => page.keyboard.press("Enter"));
  await tabTo(page, /An account of the year/);
  await page.keyboard.type("Written with the keyboard.");
  await tabTo(page, /Save and continue/);
  await person.leave(() => page.keyboard.press("Space"));
  await tabTo(page, /I declare this/);
  await page.keyboard.press("Space");
  await person.leave(() => page.keyboard.press("Enter"));
  await person.go("/return");
  const words = await person.words();
  check(`${journey.name}: a form is filled in by the keyboard alone`, (words.match(/Completed/g) ?? []).length >= 2, words);
  await person.context.close();
}

/** What has the focus: its text, its label. Whether it can be seen to have it is checked too. */
async function focused(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (element === document.body) {
      return "";
    }
    const style = getComputedStyle(element);
    const shown = style.outlineStyle !== "none" || style.boxShadow !== "none" || element.matches("[type=checkbox],[type=radio]");
    const label = element.labels?.[0]?.textContent ?? element.textContent ?? "";
    return `${shown ? "" : "(not seen) "}${label.replace(/\s+/g, " ").trim()} ${element.id}`;
  });
}

async function tabTo(page, wanted) {
  for (let presses = 0; presses < 120; presses += 1) {
    await page.keyboard.press("Tab");
    const at = await focused(page);
    if (wanted.test(at)) {
      check(`the focus is seen on “${at.slice(0, 50)}”`, !at.startsWith("(not seen)"));
      return;
    }
  }
  throw new Error(`Tab does not reach ${wanted}`);
}
