// Solves the puzzle of a form while somebody fills it in (docs/abuse.md). Without it the form works just the same.
// The work is done by the browser's own PBKDF2, off the main thread: typing never stutters.

const LONGEST_HOLD = 6000; // ms that sending waits for the answer; after that the form goes without
const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function derive(parameters, nonce, salt, counter) {
  const password = new Uint8Array(nonce.length + 4);
  password.set(nonce);
  new DataView(password.buffer).setUint32(nonce.length, counter);
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: parameters.cost };
  return hex(await crypto.subtle.deriveBits(how, key, parameters.keyLength * 8));
}

async function solve(challenge) {
  const { parameters } = challenge;
  const nonce = bytes(parameters.nonce);
  const salt = bytes(parameters.salt);
  for (let counter = 0; ; counter += 1) {
    const derivedKey = await derive(parameters, nonce, salt, counter);
    if (derivedKey.startsWith(parameters.keyPrefix)) {
      return btoa(JSON.stringify({ challenge, solution: { counter, derivedKey } }));
    }
  }
}

function guard(field) {
  const { form } = field;
  const challenge = JSON.parse(field.dataset.puzzle);
  const started = performance.now();
  const solved = solve(challenge).then((answer) => {
    field.value = answer;
    field.dataset.milliseconds = Math.round(performance.now() - started);
  }).catch(() => {});
  const tooLong = () => new Promise((resume) => setTimeout(resume, LONGEST_HOLD));
  let held = false;
  form.addEventListener("submit", async (event) => {
    if (field.value || event.submitter?.name === "preview" || event.submitter?.hasAttribute("formaction")) return; // looking costs nothing
    event.preventDefault();
    if (held) return;
    held = true;
    form.setAttribute("aria-busy", "true");
    await Promise.race([solved, tooLong()]);
    form.removeAttribute("aria-busy");
    form.submit();
  });
}

// Only where the browser offers it: over TLS, or on one's own machine.
if (window.crypto?.subtle) document.querySelectorAll("input[data-puzzle]").forEach(guard);
