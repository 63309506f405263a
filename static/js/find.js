// Shortens a long list of checkboxes while somebody types; Enter ticks the first that is left. Without it the list is
// there as a whole.

const LEAST = 6; // shorter lists are read at a glance

function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

function shorten(list) {
  const choices = Array.from(list.querySelectorAll("label"));
  if (choices.length < LEAST) return;
  const field = document.createElement("input");
  field.type = "search";
  field.autocomplete = "off";
  field.setAttribute("aria-label", list.closest("fieldset").querySelector("legend").textContent.trim());
  field.addEventListener("input", () => {
    const wanted = plain(field.value);
    for (const choice of choices) {
      choice.hidden = !choice.querySelector("input").checked && !plain(choice.textContent).includes(wanted);
    }
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const left = choices.find((choice) => !choice.hidden && !choice.querySelector("input").checked);
    if (!field.value || !left) return;
    left.querySelector("input").checked = true;
    field.value = "";
    field.dispatchEvent(new Event("input"));
  });
  list.before(field);
}

const found = Array.from(document.querySelectorAll("input[data-find]"), (input) => input.closest(".choices"));
for (const list of new Set(found)) shorten(list);
