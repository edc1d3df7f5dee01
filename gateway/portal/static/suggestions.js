/* Articles that may already help, while the reader writes; one opens in place. */
const PAUSE = 450; // milliseconds without a key before the desk is asked
const SHORTEST = 8; // characters below which nothing is asked

export function suggestWhileTyping(form) {
  const panel = form.querySelector("[data-suggestions]");
  const fields = [form.elements.subject, form.elements.body];
  const empty = panel.innerHTML;
  let timer = 0;
  let asked = null;
  let last = "";

  // The review step shows the articles to whoever cannot see them here.
  form.querySelector("[data-send]").value = "send";
  for (const field of fields) field.addEventListener("input", later);
  panel.addEventListener("click", open);
  later();

  function later() {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  }

  async function ask() {
    const text = fields.map((field) => field.value.trim()).filter(Boolean).join("\n");
    if (text === last) return;
    last = text;
    asked?.abort();
    if (text.length < SHORTEST) {
      panel.innerHTML = empty;
      return;
    }
    asked = new AbortController();
    const body = new URLSearchParams({ text, form_token: form.elements.form_token.value });
    try {
      const answer = await fetch(form.dataset.suggest, { method: "POST", body, signal: asked.signal });
      if (answer.ok) panel.innerHTML = await answer.text();
    } catch (error) {
      if (error.name !== "AbortError") last = ""; // asked again at the next key
    }
  }

  async function open(event) {
    const link = event.target.closest("a[data-article]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    await read(form, link);
  }
}

async function read(form, link) {
  const dialog = document.querySelector("[data-reading]");
  const body = dialog.querySelector("[data-reading-body]");
  try {
    const answer = await fetch(link.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const article = page.querySelector("#article");
    if (!answer.ok || !article) throw new Error("no article");
    body.replaceChildren(article);
  } catch {
    open(link.href, "_blank", "noopener");
    return;
  }
  remember(form, link.dataset.article);
  for (const button of dialog.querySelectorAll("[data-close]")) button.onclick = () => dialog.close();
  // Going away because it is solved is no loss of what was typed.
  dialog.querySelector("[data-solved]").onclick = () => delete form.dataset.unsaved;
  dialog.showModal();
  body.scrollTop = 0;
}

/* The ticket remembers which articles were read before it was sent. */
function remember(form, key) {
  const field = form.querySelector("[data-read]");
  const read = new Set(field.value.split(" ").filter(Boolean));
  field.value = [...read.add(key)].join(" ");
}
