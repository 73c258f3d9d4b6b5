// Boxes that are asked for only with one answer: shown while it is chosen, or while something stands in them. Without
// this file they are always there.

export function reveal(box) {
  const { name, value } = box.dataset;
  const form = box.closest("form");
  const update = () => {
    const chosen = form.querySelector(`input[name="${CSS.escape(name)}"]:checked`);
    const typed = [...box.querySelectorAll("input, textarea")].some((field) => field.value.trim() !== "");
    box.hidden = chosen?.value !== value && !typed;
  };
  form.addEventListener("change", (event) => event.target.name === name && update());
  update();
}
