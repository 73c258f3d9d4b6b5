// The contact's part: open, fill in, check, explain, submit; and again when it was sent back.
import { check } from "./checks.mjs";
import { CASE_STUDY, ITEMS, OVERVIEW, PROJECTS, SHARES } from "./figures.mjs";
import { Person } from "./person.mjs";

const PDF = Buffer.from(
  "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R/Size 4>>\n%%EOF\n",
);

const section = (key) => `/return/section/project/${key}`;

/** The mail comes on the day; its link shows nothing until it is told the address that it went to. */
export async function open(journey) {
  const keeper = await journey.keeper();
  await keeper.go("/demo");
  await keeper.look("demo-before");
  check(`${journey.name}: nobody has mail on the day before`, (await keeper.words()).includes("No mail yet"));
  await keeper.press(/^Go to 3 April 2018/);
  await keeper.look("demo-opened");
  const mail = await journey.mail("Morwenna", /./);
  await keeper.look("demo-mail");
  const owed = ["PLY-CSP-1718", "Safer Plymouth", "30 April 2018", mail.link];
  const missing = owed.filter((words) => !mail.text.includes(words));
  check(`${journey.name}: the mail says what is owed, by whom and by when`, missing.length === 0, missing.join(", "));
  const html = await (await keeper.context.request.get(`${keeper.page.url()}/html`)).text();
  journey.keep("mail-opened", html);
  check(`${journey.name}: the mail as a page has the same link`, html.includes(mail.link));
  journey.link = mail.link;

  const contact = await Person.arrive(journey, "contact");
  await contact.go(mail.link);
  await contact.look("link");
  const shown = await contact.words("body");
  check(`${journey.name}: the link's page says nothing of the return`, !/Plymouth|428|Morwenna/.test(shown.replace(/.*Sign/, "")));
  await contact.press("Continue");
  await contact.look("link-empty");
  await contact.type("Email address", "somebody.else@example.org");
  await contact.press("Continue");
  await contact.look("link-refused");
  check(`${journey.name}: another address does not open it`, (await contact.summary()).length > 0);
  await enter(contact);
  await contact.look("tasks-new");
  const tasks = await contact.words();
  const amounts = PROJECTS.filter(({ title, allocated }) => !tasks.includes(title) || !tasks.includes(allocated));
  check(`${journey.name}: each project is a task with its amount`, amounts.length === 0, JSON.stringify(amounts));
  check(`${journey.name}: the address is clean`, contact.page.url() === `${journey.base}/return`);
  return contact;
}

/** By the link and the address. */
export async function enter(contact) {
  const { journey } = contact;
  await contact.go(journey.link);
  await contact.type("Email address", journey.who("Morwenna").address);
  await contact.press("Continue");
}

/** What cannot be read is kept, said beside its question and in the summary. */
export async function mistype(contact) {
  const { journey, page } = contact;
  await contact.go(section("domestic-abuse"));
  await contact.look("section-new");
  await contact.type("Amount spent in the year", "1.000,00");
  await contact.type("Victims of domestic abuse supported", "a few");
  await contact.press("Save and continue");
  await contact.look("section-mistyped");
  const summary = await contact.summary();
  check(`${journey.name}: a mistyped amount is named in the summary`, /There is a problem/.test(summary), summary);
  check(
    `${journey.name}: what was mistyped is still there`,
    (await page.getByLabel("Amount spent in the year", { exact: true }).inputValue()) === "1.000,00",
  );
  await contact.go(section("domestic-abuse"));
  check(
    `${journey.name}: it is kept, right or wrong`,
    (await page.getByLabel("Amount spent in the year", { exact: true }).inputValue()) === "1.000,00",
  );
  const link = page.locator(".govuk-error-summary a").first();
  const target = (await link.getAttribute("href")).slice(1);
  await link.click();
  const reached = await page.evaluate(
    (id) => document.activeElement.id === id || (location.hash === `#${id}` && document.getElementById(id) !== null),
    target,
  );
  check(`${journey.name}: the summary leads to the box`, reached, target);
}

/** All answers of a project. */
export async function fill(contact, project) {
  await contact.go(section(project.key));
  for (const [label, value] of Object.entries(project.answers)) {
    const box = contact.page.getByText(label, { exact: true }).first();
    if (!(await box.isVisible())) {
      // It is asked only once what it depends on has been saved.
      await contact.press("Save and continue");
      await contact.go(section(project.key));
    }
    await contact.type(label, value);
  }
  await contact.press("Save and continue");
}

/** The whole return as the paper had it. */
export async function fillIn(contact) {
  const { journey } = contact;
  for (const project of PROJECTS) {
    await fill(contact, project);
    await contact.go(section(project.key));
    await contact.look(`section-${project.key}`);
  }
  await contact.go(section("drug-and-alcohol"));
  const drugs = await contact.words();
  const shown = ["25.0% (308 of 1,231)", "21.9", "Not applicable", "You entered 0.5%. 98,500 of 1,905,122 is 5.2%."];
  const missing = shown.filter((words) => !drugs.includes(words));
  check(`${journey.name}: ratios are worked out beside their averages`, missing.length === 0, missing.join("; "));
  await contact.go("/return/section/money");
  await contact.look("section-money");
  await contact.go("/return/section/whole");
  await contact.type("An account of the year", OVERVIEW);
  await contact.press("Save and continue");
  await contact.look("section-declaration");
  await contact.page.getByRole("checkbox").first().check();
  await contact.press("Save and continue");
  check(`${journey.name}: the last part leads to the check`, contact.page.url().includes("/return/check"), contact.page.url());
}

/** The list of items, row by row, each asked for by its button. */
export async function fillItems(contact) {
  const { journey, page } = contact;
  await contact.go(section("asb"));
  for (const [index, [item, amount]] of ITEMS.entries()) {
    const box = page.locator(`[name="a.items.${index}.item"]`);
    if ((await box.count()) === 0) {
      const add = page.getByRole("button", { name: "Add another item" });
      await (journey.scripts ? add.click() : contact.leave(() => add.click()));
    }
    await box.fill(item);
    await page.locator(`[name="a.items.${index}.amount"]`).fill(amount);
  }
  if (journey.scripts) {
    await page.waitForFunction(() => document.querySelector("[data-split-sum]").textContent.startsWith("£16,535"), null, {
      timeout: 5000,
    });
  }
  await contact.press("Save and continue");
  await contact.go(section("asb"));
  const words = await contact.words();
  check(`${journey.name}: the items come to 16,535, 49 more`, words.includes("£16,535.00, £49.00 more than the £16,486.00"));
  await contact.look("section-items");
}

/** A document is added, and one that is not what its name says is refused. */
export async function upload(contact) {
  const { journey, page } = contact;
  await contact.go(section("asb"));
  await contact.type("What the project achieved", "Typed before the document was added.");
  const choose = (name, mimeType, buffer) => page.locator('input[type="file"]').setInputFiles({ name, mimeType, buffer });
  await choose("report.pdf", "application/pdf", Buffer.from("<html><script>1</script></html>"));
  await contact.press("Add this document");
  await contact.look("upload-refused");
  check(`${journey.name}: a page named .pdf is refused`, (await contact.summary()).length > 0);
  await choose("Monitoring 2017-18.pdf", "application/pdf", PDF);
  await contact.press("Add this document");
  await contact.look("upload-added");
  check(`${journey.name}: the document is listed`, (await contact.words()).includes("Monitoring 2017-18.pdf"));
  check(
    `${journey.name}: what was typed before is kept`,
    (await page.getByLabel("What the project achieved").inputValue()) === "Typed before the document was added.",
  );
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Monitoring 2017-18.pdf" }).click(),
  ]);
  check(`${journey.name}: the document comes back under its name`, download.suggestedFilename() === "Monitoring 2017-18.pdf");
}

/** Another device goes on where the first stopped; a second tab never overwrites silently. */
export async function elsewhere(contact) {
  const { journey } = contact;
  await contact.go("/return/section/whole");
  await contact.type("What changed during the year", "Written on the first device.");
  await contact.press("Save and come back later");
  const other = await Person.arrive(journey, "the same person on another device");
  await enter(other);
  await other.go("/return/section/whole");
  const box = (person) => person.page.getByLabel("What changed during the year");
  check(`${journey.name}: another device shows what was saved`, (await box(other).inputValue()) === "Written on the first device.");
  await contact.go("/return/section/whole");
  await box(other).fill("Changed on the other device.");
  await other.press("Save and come back later");
  await box(contact).fill("Changed in the first tab.");
  if (journey.scripts) {
    await contact.page.locator("[data-autosave-status]").filter({ hasText: "somebody else" }).waitFor();
    await contact.look("conflict-noticed");
  }
  await contact.press("Save and continue");
  await contact.look("conflict");
  const words = await contact.words();
  check(
    `${journey.name}: both texts are shown`,
    words.includes("Changed on the other device.") && (await box(contact).inputValue()) === "Changed in the first tab.",
  );
  await other.go("/return/section/whole");
  check(`${journey.name}: nothing was overwritten`, (await box(other).inputValue()) === "Changed on the other device.");
  await contact.press("Save and continue");
  await contact.go("/return/section/whole");
  check(`${journey.name}: saving again keeps what was chosen`, (await box(contact).inputValue()) === "Changed in the first tab.");
  await other.context.close();
}

/** A session that ends while somebody types loses nothing. */
export async function sessionEnds(contact) {
  const { journey, page } = contact;
  await contact.go(section("awareness"));
  await contact.type("Sessions prepared for the board and its partners", "5");
  await contact.press("Save and continue");
  await contact.go(section("awareness"));
  await contact.context.clearCookies();
  await contact.type("What the project achieved", "Typed after the session had ended.");
  if (journey.scripts) {
    await page.locator("[data-autosave-status]").filter({ hasText: "signed out" }).waitFor();
    await contact.look("signed-out-noticed");
  }
  await contact.press("Save and continue");
  await contact.look("signed-out");
  const said = await contact.words();
  check(
    `${journey.name}: the page says what happened and keeps what was typed`,
    said.includes("You are not signed in to a return") && said.includes("Typed after the session had ended."),
  );
  const first = contact.page;
  await contact.openTab();
  await enter(contact);
  await contact.go(section("awareness"));
  check(
    `${journey.name}: what was saved before is there`,
    (await contact.page.getByLabel("Sessions prepared for the board and its partners").inputValue()) === "5",
  );
  await contact.page.close();
  contact.page = first;
  await contact.press("Send it again");
  if (await contact.page.getByRole("button", { name: "Send it again" }).count()) {
    await contact.look("signed-out-again");
    await contact.press("Send it again");
  }
  await contact.go(section("awareness"));
  check(
    `${journey.name}: what was typed meanwhile can be sent again`,
    (await contact.page.getByLabel("What the project achieved").inputValue()) === "Typed after the session had ended.",
  );
}

/** The check says what blocks; submitting is refused. */
export async function blocked(contact) {
  const { journey } = contact;
  await contact.go("/return/check");
  await contact.look("check-blocked");
  const summary = await contact.summary();
  const said = [
    "£428,686.00",
    "£428,246.00",
    "£440.00 too much",
    "You entered 28%. 160,200 of 552,500 is 29.0%.",
    "You entered 0.5%. 98,500 of 1,905,122 is 5.2%.",
    "Enter a case study",
  ];
  const missing = said.filter((words) => !summary.includes(words));
  check(`${journey.name}: what blocks is said in its numbers`, missing.length === 0, `${missing.join("; ")}\n${summary}`);
  await contact.press("Submit return");
  await contact.look("submit-blocked");
  check(`${journey.name}: nothing is submitted`, /Nothing was submitted/.test(await contact.summary()));
  await contact.follow(/Enter a case study/);
  check(`${journey.name}: an error leads to its question`, /prevent#case_study$/.test(contact.page.url()), contact.page.url());
}

/** Puts right what the paper had wrong. */
export async function putRight(contact) {
  await contact.go(section("prevent"));
  await contact.type("A case study", CASE_STUDY);
  await contact.press("Save and continue");
  for (const { key, right } of SHARES) {
    await contact.go(section(key));
    await contact.type("Share of the contract that the allocation pays for", right);
    await contact.press("Save and continue");
  }
}

/** Once the virement is approved only the warning is left: it is explained, and the return goes in, once. */
export async function submit(contact) {
  const { journey, page } = contact;
  await contact.go("/return/section/money");
  const money = await contact.words();
  check(`${journey.name}: allocations and spend both come to 428,246`, (money.match(/£428,246\.00/g) ?? []).length >= 3, money);
  await contact.go("/return/check");
  await contact.look("check-warnings");
  check(`${journey.name}: no error is left`, (await contact.summary()) === "", await contact.summary());
  await contact.press("Submit return");
  await contact.look("submit-unexplained");
  check(`${journey.name}: an unexplained warning holds it back`, (await contact.summary()).includes("Explain"));
  const box = page.getByRole("textbox").first();
  await box.fill("No");
  await contact.press("Save explanations");
  await contact.look("explanation-short");
  await box.fill("Advice of 49 was paid for by the council itself.");
  await contact.press("Save explanations");
  await contact.look("check-ready");
  const checkPage = page.url();
  const forgotten = await contact.openTab();
  await contact.go("/return/check");
  contact.page = page;
  const button = page.getByRole("button", { name: "Submit return" });
  await contact.leave(() => (journey.scripts ? button.dblclick() : button.click()));
  await contact.look("submitted");
  const receipt = await contact.words();
  check(`${journey.name}: a reference is given, of revision 1`, /PLY-CSP-1718-R1/.test(receipt) && /Revision 1\b/.test(receipt), receipt);
  await page.reload();
  check(`${journey.name}: a reload shows the same receipt`, (await contact.words()) === receipt);
  await page.goBack();
  contact.page = forgotten;
  await contact.press("Submit return");
  check(`${journey.name}: an earlier page in another tab does not submit again`, (await contact.words()) === receipt);
  await forgotten.close();
  contact.page = page;
  await contact.go(checkPage);
  await contact.look("check-submitted");
  check(`${journey.name}: there is no second button`, (await page.getByRole("button", { name: "Submit return" }).count()) === 0);
  await contact.go("/return");
  await contact.look("tasks-submitted");
  await journey.mail("Morwenna", /receipt|submitted|received/i);
  await (await journey.keeper()).look("demo-mail-receipt");
}

/** What was sent back is answered in place, put right and submitted again. */
export async function resubmit(contact) {
  const { journey, page } = contact;
  const { link } = await journey.mail("Morwenna", /sent back|back/i);
  journey.link = link ?? journey.link;
  await enter(contact);
  await contact.look("tasks-sent-back");
  const words = await contact.words();
  check(`${journey.name}: the reason and the query are on the first page`, words.includes("One figure is not ours") && words.includes("Awareness raising"), words);
  await contact.follow(/Awareness raising: /);
  await contact.look("section-queried");
  await page.getByLabel("Your answer to the reviewer").fill("Four: the fifth was cancelled.");
  await contact.press("Send this answer");
  await contact.look("section-answered");
  check(`${journey.name}: the answer stands beside its query`, (await contact.words()).includes("Four: the fifth was cancelled."));
  await contact.go(section("awareness"));
  await contact.type("Sessions prepared for the board and its partners", "4");
  await contact.press("Save and continue");
  await contact.go("/return/check");
  await contact.look("check-again");
  await contact.press("Submit return");
  await contact.look("submitted-again");
  const receipt = await contact.words();
  check(`${journey.name}: it is revision 2`, /Revision 2\b/.test(receipt), receipt);
}
