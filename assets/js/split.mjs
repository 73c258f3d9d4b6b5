// A running total under a list of amounts: what the readable ones come to, and what is left of the whole.
//
// Only a help while typing. The server reads the amounts by its own, wider rules, and its word counts. Pence are
// whole numbers here, as they are there.

export function addUp(list) {
  const sum = list.querySelector("[data-split-sum]");
  const rest = list.querySelector("[data-split-rest]");
  const whole = list.dataset.split ? BigInt(list.dataset.split) : null;
  let timer = 0;

  list.addEventListener("input", later);
  list.addEventListener("change", later);
  update();

  function later() {
    clearTimeout(timer);
    timer = setTimeout(update, 400);
  }

  function update() {
    let total = 0n;
    let unread = 0;
    for (const field of list.querySelectorAll("[data-split-part]")) {
      const pence = penceIn(field.value);
      if (pence === undefined) {
        unread += 1;
      } else {
        total += pence;
      }
    }
    set(sum, pounds(total));
    set(rest, whole === null ? "" : remainder(whole - total, whole) + unreadWords(unread));
  }
}

// Nothing typed is nought here; what cannot be read is undefined.
function penceIn(typed) {
  const text = typed.replace(/[£\s]/g, "");
  if (text === "") {
    return 0n;
  }
  const found = text.match(/^(-?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?$/);
  if (!found) {
    return undefined;
  }
  const pence = BigInt(found[2].replaceAll(",", "")) * 100n + BigInt((found[3] ?? "").padEnd(2, "0"));
  return found[1] ? -pence : pence;
}

function pounds(pence) {
  const size = pence < 0n ? -pence : pence;
  const whole = (size / 100n).toString().replace(/\B(?=(\d{3})+$)/g, ",");
  const part = size % 100n;
  return `${pence < 0n ? "-" : ""}£${whole}${part ? `.${part.toString().padStart(2, "0")}` : ""}`;
}

function remainder(left, whole) {
  if (left === 0n) {
    return `Adds up to ${pounds(whole)}`;
  }
  return left > 0n ? `${pounds(left)} left of ${pounds(whole)}` : `${pounds(-left)} more than ${pounds(whole)}`;
}

function unreadWords(unread) {
  return unread === 0 ? "" : `; ${unread === 1 ? "one amount" : `${unread} amounts`} not read yet`;
}

function set(place, words) {
  if (place && place.textContent !== words) {
    place.textContent = words;
  }
}
