// Those who should not be here, and pages that are not there.
import { check } from "./checks.mjs";
import { Person } from "./person.mjs";

/** A guessed link, a page without a session, an address that is not there. */
export async function turnedAway(journey) {
  const stranger = await Person.arrive(journey, "stranger");
  await stranger.go("/");
  await stranger.look("front");
  await stranger.go("/nothing-here");
  await stranger.look("not-found");
  await stranger.go("/return");
  await stranger.look("not-entered");
  await stranger.go(`/r/${"A".repeat(43)}`);
  await stranger.look("guessed-link");
  await stranger.type("Email address", journey.who("Morwenna").address);
  await stranger.press("Continue");
  check(`${journey.name}: a guessed link opens nothing`, (await stranger.summary()).length > 0);
  await stranger.go("/office");
  check(`${journey.name}: the office asks who it is`, stranger.page.url().endsWith("/office/sign-in"));
  await stranger.context.close();
}

/** A contact who asks for the office, an officer who asks for a return that is not there. */
export async function refusedLater(journey, contact, officer) {
  await contact.go("/return");
  await contact.look("tasks-signed");
  await contact.go("/return/section/whole");
  await contact.look("section-closed");
  await contact.go(journey.returnPage);
  check(`${journey.name}: a contact is not let into the office`, contact.page.url().endsWith("/office/sign-in"), contact.page.url());
  await officer.go("/office/returns/00000000-0000-4000-8000-000000000000");
  await officer.look("no-such-return");
  await officer.go("/office");
  await officer.press("Sign out");
  await officer.look("signed-out-of-office");
}
