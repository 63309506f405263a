// What will stand on the page, while somebody types. Without this a button shows it.
const block = document.querySelector("[data-preview]");
const form = block.closest("form");
const value = (name) => form.elements[name]?.value.trim() ?? "";

function show() {
  const how = form.querySelector("[name=visibility]:checked")?.value;
  block.hidden = !how;
  for (const part of block.querySelectorAll("[data-preview-public]")) part.hidden = how !== "public" || !value("name");
  for (const part of block.querySelectorAll("[data-preview-confidential]")) part.hidden = how !== "confidential";
  if (how === "public" && !value("name")) block.hidden = true;
  for (const part of block.querySelectorAll("[data-shows]")) part.textContent = value(part.dataset.shows);
}

form.addEventListener("input", show);
show();
