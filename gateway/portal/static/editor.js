/* The editor of articles: how the text will look, beside it, while it is written. */
const PAUSE = 400; // milliseconds without a key before the desk is asked

export function previewWhileWriting(form) {
  const shown = form.querySelector("[data-preview-body]");
  const text = form.elements.body;
  let timer = 0;
  let asked = null;

  form.querySelector("[data-preview-button]")?.remove();
  text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE);
  });
  show();

  async function show() {
    asked?.abort();
    asked = new AbortController();
    const body = new URLSearchParams({ body: text.value, form_token: form.elements.form_token.value });
    try {
      const answer = await fetch(form.dataset.preview, { method: "POST", body, signal: asked.signal });
      if (answer.ok) shown.innerHTML = await answer.text(); // sanitised by the desk
    } catch (error) {
      if (error.name !== "AbortError") clearTimeout(timer); // shown again after the next key
    }
  }
}

export function printOnPress(button) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

/* Files beside an article go to the desk's own interface, which decides what it keeps. */
export function keepFiles(section) {
  const where = section.dataset.files;
  const adding = section.querySelector("[data-adding]");
  const refused = section.querySelector("[data-refused]");
  if (!adding) return;
  adding.hidden = false;
  adding.querySelector("input").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    const name = file.name.normalize("NFKD").replace(/[^A-Za-z0-9_.-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "").slice(-64);
    await send(name || "file", { method: "PUT", body: file, headers: { "Content-Type": typeOf(file) } });
  });
  for (const button of section.querySelectorAll("[data-remove]")) {
    button.hidden = false;
    button.addEventListener("click", () => send(button.dataset.remove, { method: "DELETE" }));
  }

  async function send(name, request) {
    refused.hidden = true;
    const answer = await fetch(where + encodeURIComponent(name), request).catch(() => null);
    if (answer?.ok) location.reload();
    else refused.hidden = false;
  }
}

function typeOf(file) {
  if (file.name.toLowerCase().endsWith(".csv")) return "text/csv";
  return file.type === "application/x-zip-compressed" ? "application/zip" : file.type || "text/plain";
}
