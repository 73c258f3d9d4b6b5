// Saves a form while it is filled in: 1.5 seconds after the last key, and on leaving a field.
//
// The server answers {saved_at, seen, visible, hidden_cells, calculated, findings, conflict}. What was typed is never replaced by
// what the server holds, and "Saved" is shown for nothing but the server's own word.

const IDLE_MS = 1500;
const RETRY_MS = 15000;
const KEPT = "What you typed is still on this page.";

export function saveAsTyped(form) {
  const status = statusOf(form);
  let unsaved = false;
  let running = null;
  let timer = 0;
  let leaving = false;
  let reply = false;

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("focusout", () => unsaved && save());
  form.addEventListener("submit", submitted);
  window.addEventListener("beforeunload", (event) => {
    if ((unsaved || running || reply) && !leaving) {
      event.preventDefault();
    }
  });
  window.addEventListener("pageshow", () => (leaving = false));

  function changed(event) {
    if (event.target.type === "file") {
      return; // Files go with the form itself.
    }
    if (event.target.name?.startsWith("answer.")) {
      reply = true; // An answer to the reviewer is sent with a button, once: it cannot be changed afterwards.
      return;
    }
    unsaved = true;
    schedule(IDLE_MS);
  }

  function schedule(after) {
    clearTimeout(timer);
    timer = setTimeout(save, after);
  }

  // A form sent while a save is on its way would carry what the page had seen before it, and disagree with itself.
  async function submitted(event) {
    clearTimeout(timer);
    if (running && !event.defaultPrevented) {
      event.preventDefault();
      event.stopImmediatePropagation();
      await running;
      leaving = true;
      form.requestSubmit(event.submitter);
    } else {
      leaving = !event.defaultPrevented;
    }
  }

  function save() {
    clearTimeout(timer);
    if (running || leaving) {
      return;
    }
    unsaved = false;
    running = send(form)
      .then((answer) => {
        show(form, answer);
        say(status, `Saved ${clock(answer.saved_at)}${reply ? ", but for your answer to the reviewer: press Send this answer" : ""}`, false);
      })
      .catch((problem) => {
        unsaved = true;
        if (problem.answer) {
          seenBy(form, problem.answer); // The other answers of a page that disagrees in one were saved.
        }
        say(status, `Not saved: ${problem.message}. ${KEPT}`, true);
        if (problem.again) {
          schedule(RETRY_MS);
        }
      })
      .finally(() => {
        running = null;
        if (unsaved && !status.classList.contains("cs-saved--failed")) {
          schedule(IDLE_MS);
        }
      });
  }
}

async function send(form) {
  const fields = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  let response;
  try {
    response = await fetch(form.dataset.autosave, {
      method: "POST",
      headers: { Accept: "application/json", "X-Countersign-Autosave": "1" },
      body: new URLSearchParams(fields),
      credentials: "same-origin",
      redirect: "manual",
    });
  } catch {
    throw failure("the server cannot be reached", true);
  }
  if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) {
    throw failure("you have been signed out. Open the link in your email again in another tab, then save", false);
  }
  const answer = await response.json().catch(() => null);
  if (answer?.conflict) {
    const conflict = failure("somebody else has changed the same answer. Press “Save and continue” to see both", false);
    throw Object.assign(conflict, { answer });
  }
  if (!response.ok && answer?.lines?.length) {
    throw failure(answer.lines[0].replace(/\.$/, ""), response.status >= 500);
  }
  if (!response.ok || !answer?.saved_at) {
    throw failure("something went wrong on the server", response.status >= 500);
  }
  return answer;
}

function failure(message, again) {
  return Object.assign(new Error(message), { again });
}

function seenBy(form, answer) {
  // What was saved is what this page has seen, so that its next save does not disagree with this one.
  for (const [id, seen] of Object.entries(answer.seen ?? {})) {
    const field = form.elements.namedItem(`seen.${id}`);
    if (field) {
      field.value = seen;
    }
  }
}

function show(form, answer) {
  seenBy(form, answer);
  if (Array.isArray(answer.visible)) {
    const visible = new Set(answer.visible);
    for (const question of form.querySelectorAll("[data-question]")) {
      question.hidden = !visible.has(question.dataset.question);
    }
  }
  const hidden = new Set(answer.hidden_cells ?? []);
  for (const cell of form.querySelectorAll("[data-cell]")) {
    cell.hidden = hidden.has(cell.dataset.cell);
  }
  for (const [id, text] of Object.entries(answer.calculated ?? {})) {
    for (const place of form.querySelectorAll(`[data-calculated="${CSS.escape(id)}"]`)) {
      place.textContent = text || "–";
    }
  }
  for (const place of form.querySelectorAll("[data-findings]")) {
    const found = (answer.findings ?? []).filter((finding) => finding.question === place.dataset.findings);
    place.replaceChildren(...found.map(paragraph));
  }
}

function paragraph(finding) {
  const line = document.createElement("p");
  line.className = `cs-finding cs-finding--${finding.severity === "error" ? "error" : "warning"}`;
  line.textContent = finding.message;
  return line;
}

function statusOf(form) {
  const there = form.querySelector("[data-autosave-status]");
  if (there) {
    return there;
  }
  const made = document.createElement("p");
  made.className = "cs-saved";
  made.setAttribute("role", "status");
  (form.querySelector(".cs-actions") ?? form).append(made);
  return made;
}

// The same words are not set again, so that a screen reader says them once.
function say(status, words, failed) {
  status.classList.toggle("cs-saved--failed", failed);
  if (status.textContent !== words) {
    status.textContent = words;
  }
}

function clock(savedAt) {
  const at = new Date(savedAt);
  return Number.isNaN(at.getTime())
    ? savedAt
    : at.toLocaleTimeString("en-GB", { timeZone: "Europe/London", hour: "2-digit", minute: "2-digit" });
}
