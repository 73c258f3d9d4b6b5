// The office's part: sign in, a virement, review, signature, report.
import { readFile } from "node:fs/promises";
import { check } from "./checks.mjs";
import { Person } from "./person.mjs";

/** By a mailed code, then the authenticator's. `looked`: every page and error state on the way is looked at. */
export async function signIn(journey, first, looked = false) {
  const officer = await Person.arrive(journey, first);
  const look = async (step) => looked && officer.look(step);
  await officer.go("/office");
  await look("sign-in");
  if (looked) {
    await officer.type("Email address", "anita");
    await officer.press("Email me a code");
    await look("sign-in-no-address");
  }
  await officer.type("Email address", journey.who(first).address);
  await officer.press("Email me a code");
  await look("sign-in-code");
  const { text } = await journey.mail(first, /code/i);
  const code = text.match(/\b\d{4} ?\d{4}\b/)[0];
  if (looked) {
    await (await journey.keeper()).look("demo-mail-code");
    await officer.type("Code from the email", code === "00000000" ? "11111111" : "00000000");
    await officer.press("Continue");
    await look("sign-in-wrong-code");
  }
  await officer.type("Code from the email", code);
  await officer.press("Continue");
  await look("second-factor");
  if (looked) {
    await officer.type("Authenticator code", "12");
    await officer.press("Sign in");
    await look("second-factor-wrong");
  }
  await officer.type("Authenticator code", await journey.authenticatorCode(first));
  await officer.press("Sign in");
  check(`${journey.name}: ${first} is signed in`, officer.page.url() === `${journey.base}/office`, officer.page.url());
  return officer;
}

/** The reviewer records a virement of 440; the treasurer approves it. */
export async function moveMoney(journey) {
  const reviewer = await signIn(journey, "Anita", true);
  await reviewer.look("office-draft");
  await reviewer.follow(/^Plymouth community safety grant/);
  await reviewer.look("grant");
  const over = await reviewer.words();
  check(`${journey.name}: the grant's page says 440 over`, over.includes("£440"), over.slice(0, 800));
  await reviewer.type("Amount", "4.4.0");
  await reviewer.press("Record virement");
  await reviewer.look("virement-wrong");
  check(`${journey.name}: a mistyped virement is refused`, (await reviewer.summary()).length > 0);
  await reviewer.page.getByLabel("From which project").selectOption({ label: await option(reviewer, "From which project", /Partnership infrastructure/) });
  await reviewer.page.getByLabel("To which project").selectOption({ label: await option(reviewer, "To which project", /Anti-social/) });
  await reviewer.type("Amount", "440");
  await reviewer.type("Why the money moves", "The underspend of one project covers what was entered without cover for the other.");
  await reviewer.press("Record virement");
  await reviewer.look("virement-recorded");
  check(`${journey.name}: whoever recorded it cannot approve it`, (await reviewer.page.getByRole("button", { name: "Approve" }).count()) === 0);

  const treasurer = await signIn(journey, "Gwen");
  await treasurer.go(reviewer.page.url());
  await treasurer.look("virement-waiting");
  await treasurer.press("Approve");
  await treasurer.look("virement-approved");
  check(`${journey.name}: the virement is approved`, /Approved/.test(await treasurer.words()));
  await treasurer.press("Sign out");
  return reviewer;
}

async function option(person, label, pattern) {
  const labels = await person.page.getByLabel(label).locator("option").allTextContents();
  return labels.find((text) => pattern.test(text)).trim();
}

/** Reads, asks, sends back with a reason. */
export async function sendBack(journey, reviewer) {
  await reviewer.go("/office");
  await reviewer.look("office-submitted");
  await reviewer.follow(/^Safer Plymouth: /);
  await reviewer.look("review");
  journey.returnPage = reviewer.page.url();
  const words = await reviewer.words();
  const shown = ["£49.00 more", "Advice of 49 was paid for by the council itself.", "25.0% (308 of 1,231)", "Not applicable"];
  const missing = shown.filter((text) => !words.includes(text));
  check(`${journey.name}: the reviewer sees figures, findings and explanations`, missing.length === 0, missing.join("; "));
  const { page } = reviewer;
  const row = page.locator(".govuk-summary-list__row").filter({ hasText: "Sessions prepared for the board and its partners" }).last();
  await row.getByText("Ask about this").click();
  await reviewer.press("Keep query", { within: row });
  await reviewer.look("query-empty");
  await row.getByLabel("Your query").fill("Our records have four sessions, not five.");
  await reviewer.press("Keep query", { within: row });
  await reviewer.look("query-kept");
  const back = page.locator("details").filter({ has: page.locator('form[action$="/send-back"]') });
  await back.locator("summary").click();
  await reviewer.press(/^Send/, { within: back });
  await reviewer.look("send-back-empty");
  check(`${journey.name}: sending back needs a reason`, (await reviewer.summary()).length > 0);
  await back.getByRole("textbox").fill("One figure is not ours. See the query.");
  await reviewer.press(/^Send/, { within: back });
  await reviewer.look("sent-back");
}

/** Sees what changed, accepts. */
export async function accept(journey, reviewer) {
  await reviewer.go(journey.returnPage);
  await reviewer.look("review-again");
  const changed = await reviewer.page.locator(".govuk-summary-list__row")
    .filter({ has: reviewer.page.locator(".govuk-tag", { hasText: "Changed" }) })
    .allInnerTexts();
  const one = changed.length === 1 && /\b5\b/.test(changed[0]) && /\b4\b/.test(changed[0]);
  check(`${journey.name}: exactly what changed is marked`, one, changed.join("\n"));
  await reviewer.press("Accept revision 2");
  await reviewer.look("accepted");
  await reviewer.go(`${journey.returnPage}/sign`);
  await reviewer.look("sign-refused");
  check(`${journey.name}: the reviewer may not sign`, (await reviewer.page.getByRole("button", { name: /^Sign revision/ }).count()) === 0);
}

/** The named officer reads the revision and signs it with a fresh code. */
export async function sign(journey) {
  await journey.mail("Tobias", /sign/i);
  await (await journey.keeper()).look("demo-mail-signature");
  const chair = await signIn(journey, "Tobias");
  await chair.look("office-to-sign");
  await chair.go(`${journey.returnPage}/sign`);
  await chair.look("sign");
  const digest = (await chair.page.locator(".cs-document__digest").first().innerText()).replace(/\s/g, "");
  await chair.press("Sign revision 2");
  await chair.look("sign-empty");
  const missing = await chair.summary();
  check(`${journey.name}: everything that a signature lacks is said`, /Tick the box.*full name.*six-digit code/.test(missing), missing);
  await chair.page.getByRole("checkbox").check();
  await chair.type("Your full name", journey.who("Tobias").name);
  await chair.type("A fresh code from your authenticator app", await journey.authenticatorCode("Tobias"));
  const button = chair.page.getByRole("button", { name: "Sign revision 2" });
  await chair.leave(() => (journey.scripts ? button.dblclick() : button.click()));
  await chair.look("signed");
  const words = await chair.words();
  check(`${journey.name}: it is signed, over the digest that was shown`, words.replace(/\s/g, "").includes(digest) && /^Signed/.test(words));
  await chair.go(journey.returnPage);
  await chair.look("return-signed");
  return chair;
}

/** The paper from signed figures, as a page and as a spreadsheet. */
export async function addUp(journey, chair) {
  await chair.go("/office/reports");
  await chair.look("reports");
  const link = chair.page.locator("#main-content table tbody th a").first();
  await chair.leave(() => link.click());
  await chair.look("report");
  const [download] = await Promise.all([
    chair.page.waitForEvent("download"),
    chair.page.getByRole("link", { name: /spreadsheet/i }).click(),
  ]);
  const csv = await readFile(await download.path(), "utf8");
  const page = await chair.words();
  const signed = chair.page.locator("table", { hasText: "Who signed revision 2" }).locator("tbody tr");
  check(`${journey.name}: it was signed once`, (await signed.count()) === 1, String(await signed.count()));
  const figures = [
    [/428,246\.00/, /428246(\.00)?\b/],
    [/25\.0% \(308 of 1,231\)/, /25\.0% \(308 of 1,231\)/],
    [/National average 21\.9%?/, /National average 21\.9%?/],
    [/Not applicable/, /Not applicable/],
    [/£49\.00 more/, /£49\.00 more/],
    [/Advice of 49 was paid/, /Advice of 49 was paid/],
    [/Tobias Fenn/, /Tobias Fenn/],
  ];
  const missing = figures.filter(([onPage, inFile]) => !onPage.test(page) || !inFile.test(csv)).map(([onPage]) => onPage);
  check(`${journey.name}: the paper and its spreadsheet have the signed figures`, missing.length === 0, missing.join("; "));
  check(`${journey.name}: the spreadsheet is a CSV`, download.suggestedFilename().endsWith(".csv"), download.suggestedFilename());
}
