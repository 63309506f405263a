// A letter's form that loses nothing (docs/writing.md): what is typed is kept on the site and in this browser, the
// preview follows, and the page says who else is writing. Without it the form works just the same, by its buttons.

const KEEP_AFTER = 4000, LOOK_AFTER = 800, BEAT_EVERY = 20000; // ms
const COPIES = "writing/", COPY_DAYS = 7;
const WORDS = ["title", "body", "demands"];

function writing(form) {
  const part = (name) => document.querySelector(`[data-${name}]`);
  const say = (name, text) => { part(name).textContent = text; };
  const words = () => Object.fromEntries(WORDS.map((name) => [name, form.elements[name]?.value ?? ""]));
  const same = (one, other) => WORDS.every((name) => lines(one[name]) === lines(other[name]));
  const copy = COPIES + form.dataset.writing;
  let [typed, unkept, later, look] = [false, false, 0, 0];

  async function send(address, extra = {}, again = true) {
    const body = new FormData(form);
    for (const [name, value] of Object.entries(extra)) body.set(name, value);
    const answer = await fetch(address, { method: "POST", body, redirect: "manual", keepalive: document.hidden });
    if (answer.status === 403 && again && await renew()) return send(address, extra, false);
    if (answer.type === "opaqueredirect" || answer.status === 403) throw new Error("signed out");
    if (!answer.ok) throw new Error("away");
    return answer;
  }

  // Signing in again, in another tab, changes the token that a form has to carry.
  async function renew() {
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    const token = page.querySelector("form[data-writing] [name=csrfmiddlewaretoken]");
    if (token) form.elements.csrfmiddlewaretoken.value = token.value;
    return Boolean(token);
  }
  const complain = (error) => say("kept", error.message === "signed out" ? form.dataset.signedOut : form.dataset.away);

  async function keep() {
    unkept = false;
    try {
      say("kept", (await (await send(form.dataset.keep)).json()).said);
    } catch (error) {
      unkept = true;
      complain(error);
    }
  }

  async function preview() {
    try {
      part("preview-here").innerHTML = await (await send(form.dataset.preview)).text();
    } catch { /* the preview stays as it is; keeping says what is wrong */ }
  }

  async function beat(extra = typed ? { writes: "1" } : {}) {
    if (document.hidden) return;
    typed = false;
    try {
      const heard = await (await send(form.dataset.here, extra)).json();
      const moved = String(heard.revision) !== form.elements.revision.value;
      say("company", [heard.company, moved ? form.dataset.moved : ""].filter(Boolean).join(" "));
      part("take-over").hidden = !heard.other;
    } catch { /* whoever is away is not counted as here */ }
  }

  form.addEventListener("input", () => {
    const began = !typed;
    typed = unkept = true;
    remember(copy, { ...words(), at: Date.now() });
    clearTimeout(later);
    later = setTimeout(keep, KEEP_AFTER);
    clearTimeout(look);
    look = setTimeout(preview, LOOK_AFTER);
    if (began) beat();
  });
  part("take-over").addEventListener("click", () => beat({ "takes-over": "1" }));
  document.addEventListener("visibilitychange", () => { if (document.hidden && unkept) keep(); else beat(); });

  const left = recall(copy);
  const offer = part("copy-offer");
  if (left && same(left, words())) forget(copy);
  else if (left) offer.hidden = false;
  part("copy-take").addEventListener("click", () => {
    for (const name of WORDS) if (form.elements[name]) form.elements[name].value = left[name];
    offer.hidden = true;
    form.elements.body.focus();
    form.elements.body.dispatchEvent(new Event("input", { bubbles: true }));
  });
  part("copy-drop").addEventListener("click", () => { forget(copy); offer.hidden = true; });

  beat({});
  setInterval(beat, BEAT_EVERY);
}

// A browser may have no such store, or a full one; the site keeps the text all the same.
const lines = (text) => text.replaceAll("\r\n", "\n");
function remember(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* as above */ } }
function forget(key) { try { localStorage.removeItem(key); } catch { /* as above */ } }
function recall(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } }
function copies() { try { return Object.keys(localStorage).filter((key) => key.startsWith(COPIES)); } catch { return []; } }

// Copies do not outlive a week, nor a sign-out.
for (const key of copies()) if (Date.now() - (recall(key)?.at ?? 0) > COPY_DAYS * 86400000) forget(key);
document.querySelector('form[action*="logout"]')?.addEventListener("submit", () => copies().forEach(forget));
document.querySelectorAll("form[data-writing]").forEach(writing);
