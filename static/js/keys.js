// One key for each button that names one, once somebody has switched that on. Without it the buttons are buttons.
const REMEMBERED = "one-key";
const box = document.querySelector("[data-keys-switch]");
const input = box.querySelector("input");
const buttons = Array.from(document.querySelectorAll("[data-keys] button[data-key]"));

function show() {
  for (const button of buttons) {
    button.querySelector("kbd")?.remove();
    if (!input.checked) continue;
    const key = document.createElement("kbd");
    key.textContent = button.dataset.key;
    button.append(" ", key);
  }
}

function remembered() {
  try { return localStorage.getItem(REMEMBERED) === "on"; } catch { return false; }
}

box.hidden = false;
input.checked = remembered();
show();
input.addEventListener("change", () => {
  try { localStorage.setItem(REMEMBERED, input.checked ? "on" : "off"); } catch { /* then only for this page */ }
  show();
});
document.addEventListener("keydown", (event) => {
  if (!input.checked || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.matches("input:not([type=checkbox]), textarea, select")) return;
  const button = buttons.find((one) => one.dataset.key === event.key.toLowerCase());
  if (!button || button.disabled) return;
  event.preventDefault();
  buttons.forEach((one) => { one.dataset.key = ""; }); // a second press is no second answer
  button.click();
});
