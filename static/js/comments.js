// Words that are marked in the text become the passage of a comment. Without it they are copied by hand.

const text = document.querySelector("[data-passages]");
const form = document.querySelector("form[data-commenting]");

function take() {
  const marked = document.getSelection();
  if (marked.isCollapsed || !text.contains(marked.anchorNode) || !text.contains(marked.focusNode)) return;
  const range = marked.getRangeAt(0);
  const before = range.cloneRange();
  before.setStart(text, 0);
  before.setEnd(range.startContainer, range.startOffset);
  form.elements.quote.value = words(range);
  form.elements.near.value = words(before).length;
}

// The numbers of comments that stand in the text are no words of it.
function words(range) {
  const part = range.cloneContents();
  part.querySelectorAll("sup").forEach((number) => number.remove());
  return part.textContent;
}

if (text && form) ["mouseup", "keyup", "touchend"].forEach((kind) => text.addEventListener(kind, take));
