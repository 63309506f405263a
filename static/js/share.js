// Copies words, and opens the device's own way to share. Without it, the words can be selected all the same.

function offer(button, act) {
  const status = button.parentElement.querySelector("[role=status]");
  button.hidden = false;
  button.addEventListener("click", () => act().then(() => { status.textContent = button.dataset.done ?? ""; }, () => {}));
}

if (navigator.clipboard) {
  for (const button of document.querySelectorAll("button[data-copy]")) {
    offer(button, () => navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim()));
  }
}

if (navigator.share) {
  for (const button of document.querySelectorAll("button[data-share-address]")) {
    offer(button, () => navigator.share({ title: button.dataset.shareTitle, url: button.dataset.shareAddress }));
  }
}
