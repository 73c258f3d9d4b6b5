// "Add another": a copy of the last row of a [data-rows] list, emptied and numbered on.
//
// Names hold the number of their row as a part of its own, the last such, as in `a.items.3.amount`; a [data-add-row] button that is not
// understood here sends the form, and the server adds the row.

export function addRows(list) {
  const button = list.querySelector("[data-add-row]");
  button?.addEventListener("click", (event) => {
    const rows = list.querySelectorAll("[data-row]");
    const last = rows[rows.length - 1];
    const number = last && numberOf(last);
    if (number === undefined || rows.length >= Number(list.dataset.rows || 200)) {
      return; // Left to the server.
    }
    event.preventDefault();
    const row = copy(last, number, number + 1);
    last.after(row);
    row.querySelector("input, textarea, select")?.focus();
    row.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

function numberOf(row) {
  for (const field of row.querySelectorAll("[name]")) {
    const found = field.name.match(/.*\.(\d+)\./);
    if (found) {
      return Number(found[1]);
    }
  }
  return undefined;
}

function copy(last, from, to) {
  const row = last.cloneNode(true);
  const renamed = new Map();
  row.querySelectorAll(".govuk-error-message, [data-findings] > *").forEach((message) => message.remove());
  for (const field of row.querySelectorAll("[name]")) {
    if (field.tagName !== "BUTTON") {
      field.name = field.name.replace(/(.*)\.\d+\./, (_, before) => `${before}.${to}.`);
      empty(field);
    }
  }
  for (const marked of row.querySelectorAll("[class*='--error']")) {
    marked.className = marked.className.replace(/\S+--error\b/g, "").trim();
  }
  for (const element of [row, ...row.querySelectorAll("[id]")].filter((element) => element.id)) {
    const number = new RegExp(`^(.*[^0-9]|)${from}(?![0-9])`);
    const id = number.test(element.id)
      ? element.id.replace(number, (_, before) => before + to)
      : `${element.id}-${to}`;
    renamed.set(element.id, id);
    element.id = id;
  }
  // What a save while typing brings is told apart by these.
  for (const attribute of ["data-cell", "data-calculated", "data-findings"]) {
    for (const element of row.querySelectorAll(`[${attribute}]`)) {
      const key = element.getAttribute(attribute);
      element.setAttribute(attribute, key.replace(new RegExp(`^([^.]+)\\.${from}(?=\\.|$)`), `$1.${to}`));
    }
  }
  row.querySelectorAll("[data-calculated]").forEach((place) => (place.textContent = "–"));
  row.querySelectorAll("button[name='then']").forEach((button) => {
    button.value = button.value.replace(/\.\d+$/, `.${to}`);
  });
  for (const attribute of ["for", "aria-describedby", "aria-labelledby", "aria-controls"]) {
    for (const element of row.querySelectorAll(`[${attribute}]`)) {
      const ids = element.getAttribute(attribute).split(/\s+/).map((id) => renamed.get(id));
      const kept = ids.filter((id) => id && row.querySelector(`#${CSS.escape(id)}`)).join(" ");
      kept ? element.setAttribute(attribute, kept) : element.removeAttribute(attribute);
    }
  }
  row.querySelectorAll("[data-row-number]").forEach((place) => (place.textContent = to + 1));
  return row;
}

function empty(field) {
  if (field.type === "checkbox" || field.type === "radio") {
    field.checked = false;
  } else if (field.tagName === "SELECT") {
    field.selectedIndex = 0;
  } else {
    field.removeAttribute("value");
    field.value = "";
  }
}
