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
