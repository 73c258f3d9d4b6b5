// What the pages do beyond plain HTML. Every page works without this file; nothing here decides anything.
import { initAll } from "./govuk-frontend.mjs";
import { saveAsTyped } from "./autosave.mjs";
import { reveal } from "./reveal.mjs";
import { addRows } from "./rows.mjs";
import { addUp } from "./split.mjs";

initAll();
document.querySelectorAll("form[data-autosave]").forEach(saveAsTyped);
document.querySelectorAll("form[data-once]").forEach(sendOnce);
document.querySelectorAll("[data-rows]").forEach(addRows);
document.querySelectorAll("[data-reveal]").forEach(reveal);
document.querySelectorAll("[data-split]").forEach(addUp);
document.querySelectorAll(".cs-figures").forEach(stayTable);

// A second press of the button does nothing. The button is not disabled, since its name and value are sent with the form.
function sendOnce(form) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
    } else if (!event.defaultPrevented) {
      sent = true;
      form.setAttribute("aria-busy", "true");
    }
  });
  // Coming back to the page must leave a form that can be sent.
  window.addEventListener("pageshow", () => {
    sent = false;
    form.removeAttribute("aria-busy");
  });
}

// On a phone each row is shown as a card, and some browsers then forget that it is a row. Said in the page itself these
// roles would be invalid, since they repeat what the elements mean.
function stayTable(table) {
  const roles = { table: "table", "thead, tbody": "rowgroup", tr: "row", "thead th": "columnheader", "tbody th": "rowheader", td: "cell" };
  for (const [elements, role] of Object.entries(roles)) {
    const found = elements === "table" ? [table] : table.querySelectorAll(elements);
    found.forEach((element) => element.setAttribute("role", role));
  }
}
