// The register's pages: read, an entry refused, a file looked at, the published forms. Nothing is changed on the way.
import { check } from "./checks.mjs";

const FUND = "Community safety partnership fund 2017-18";
const WRONG = "grant,key,title,provider,approved\nPLY-CSP-1718,youth,Youth work,nobody,ten pounds\n";
const RIGHT = "key,name\nharbour,Harbour and friends\nlark,Lark Hill Youth Club\n";

/** The reviewer looks through the register. */
export async function walk(journey, reviewer) {
  await reviewer.go("/office/register");
  await reviewer.look("register");
  await reviewer.follow(FUND);
  await reviewer.look("register-fund");
  const fund = reviewer.page.url();
  for (const list of ["grants", "organisations", "people", "assignments", "changes"]) {
    await reviewer.go(`${fund}/${list}`);
    await reviewer.look(`register-${list}`);
  }
  await entries(journey, reviewer, fund);
  await contacts(journey, reviewer, fund);
  await imports(journey, reviewer);
  await reviewer.go("/office/forms");
  await reviewer.look("forms");
  await reviewer.follow(/^Version 1/);
  await reviewer.look("forms-version");
  await reviewer.go("/office");
}

async function entries(journey, reviewer, fund) {
  await reviewer.go(`${fund}/grants`);
  await reviewer.follow(/^PLY-CSP-1718/);
  await reviewer.look("register-grant");
  await reviewer.follow("Change the grant");
  await reviewer.look("register-change-grant");
  await reviewer.go(`${fund}/add/grant`);
  await reviewer.type("Title", "Evenings at the club");
  await reviewer.page.getByRole("button", { name: "Save" }).click();
  await reviewer.page.waitForLoadState("load");
  await reviewer.page.locator(".govuk-error-summary").waitFor();
  await reviewer.look("register-add-grant-wrong");
  check(`${journey.name}: a grant without a reference is refused`, (await reviewer.summary()).includes("Fill in “Reference”"));
  check(
    `${journey.name}: what was typed of it is kept`,
    (await reviewer.page.getByLabel("Title", { exact: true }).inputValue()) === "Evenings at the club",
  );
  for (const table of ["allocation", "assignment", "holder", "share"]) {
    const of = ["allocation", "assignment"].includes(table) ? `/${await grantId(reviewer, fund)}` : "";
    await reviewer.go(`${fund}/add/${table}${of}`);
    await reviewer.look(`register-add-${table}`);
  }
}

async function grantId(reviewer, fund) {
  await reviewer.go(`${fund}/grants`);
  return (await reviewer.page.getByRole("link", { name: /^PLY-CSP-1718/ }).getAttribute("href")).split("/").pop();
}

async function contacts(journey, reviewer, fund) {
  await reviewer.go(`${fund}/assignments`);
  await reviewer.follow(/^Safer Plymouth: /);
  await reviewer.look("register-assignment");
  await reviewer.page.getByText("Replace Morwenna Tregear", { exact: true }).first().click();
  await reviewer.press("Replace Morwenna Tregear");
  await reviewer.look("register-replace-wrong");
  check(`${journey.name}: nobody is replaced by nobody`, (await reviewer.summary()).includes("email address"));
}

async function imports(journey, reviewer) {
  await choose(reviewer, "allocations.csv", WRONG, "register-import");
  await reviewer.look("register-import-wrong");
  check(`${journey.name}: a wrong cell is shown with its place`, (await reviewer.words()).includes("E (approved)"));
  await choose(reviewer, "organisations.csv", RIGHT);
  await reviewer.look("register-import-right");
  check(`${journey.name}: old and new are shown`, (await reviewer.words()).includes("Harbour → Harbour and friends"));
}

async function choose(reviewer, name, text, step) {
  await reviewer.go("/office/register/import");
  if (step) {
    await reviewer.look(step);
  }
  await reviewer.page.getByLabel("Workbook or CSV file").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  await reviewer.press("See what it would do");
}
