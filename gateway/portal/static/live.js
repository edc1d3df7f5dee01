/* Keeps a page true: told by server-sent events where it has a stream, else asking now and then. */
import { isTouched } from "./forms.js";

const SETTLE = 400; // milliseconds; several events of one change are one look
const POLL = 20_000;
const REFRESH = 60_000; // times left grow old even when nothing happens

export function follow(root) {
  const changed = root.querySelector("[data-changed]");
  const announcer = document.getElementById("announcer");
  let timer = 0;
  let looking = false;
  let pause = POLL;
  let waiting = 0;

  listen();
  plan();
  document.addEventListener("visibilitychange", () => document.hidden || look());

  function listen() {
    if (!root.dataset.stream || !("EventSource" in window)) return;
    const stream = new EventSource(root.dataset.stream);
    stream.onopen = () => ((pause = REFRESH), plan());
    for (const hint of ["change", "resync"]) stream.addEventListener(hint, soon);
    stream.onerror = () => {
      pause = POLL;
      plan();
    };
    addEventListener("pagehide", () => stream.close());
  }

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(look, SETTLE);
  }

  function plan() {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      if (!document.hidden) await look();
      plan();
    }, pause);
  }

  async function look() {
    if (looking) return soon();
    looking = true;
    try {
      const answer = await fetch(root.dataset.follow, { headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) return;
      show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      // The next look comes; what is shown stays.
    } finally {
      looking = false;
    }
  }

  function show(page) {
    const said = [];
    for (const old of root.querySelectorAll("[data-live]")) {
      const fresh = page.getElementById(old.id);
      if (!fresh || isSame(old, fresh)) continue;
      if ([...old.querySelectorAll("form")].some((form) => isTouched(form) || form.contains(document.activeElement))) {
        changed?.removeAttribute("hidden");
        continue;
      }
      keepOpen(old, fresh);
      if (old.dataset.live && old.textContent !== fresh.textContent) said.push(old.dataset.live);
      old.replaceWith(fresh);
    }
    for (const fresh of page.querySelectorAll("[data-live]")) {
      if (!document.getElementById(fresh.id)) changed?.removeAttribute("hidden");
    }
    const bell = document.getElementById("bell");
    const fresh = page.getElementById("bell");
    if (bell && fresh && bell !== document.activeElement) bell.replaceWith(fresh);
    if (said.length) announcer.textContent = said.join(". ");
  }
}

/* Forms differ at each drawing by their ids; their region says by a key when it truly changed. */
function isSame(old, fresh) {
  if (old.dataset.liveKey || fresh.dataset.liveKey) return old.dataset.liveKey === fresh.dataset.liveKey;
  return old.innerHTML === fresh.innerHTML;
}

function keepOpen(old, fresh) {
  for (const details of old.querySelectorAll("details[id]")) {
    const twin = fresh.querySelector(`#${CSS.escape(details.id)}`);
    if (twin) twin.open = details.open;
  }
}
