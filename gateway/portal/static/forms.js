/* Small manners of forms and menus. */

/* A second press while the first is under way does nothing. The server would know the form again
   by its id; this spares the reader the wait. */
export function keepOneSending() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sending) {
      event.preventDefault();
      return;
    }
    form.dataset.sending = "yes";
    event.submitter?.setAttribute("aria-disabled", "true");
  });
  // Coming back by the browser's history shows the page as it was left.
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sending]")) {
      delete form.dataset.sending;
      for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
    }
  });
}

export function isTouched(form) {
  return [...form.elements].some((field) => {
    if (field.type === "hidden" || field.disabled) return false;
    if (field.tagName === "TEXTAREA" || ["text", "email", "number", "datetime-local", "file"].includes(field.type)) {
      return field.value !== field.defaultValue;
    }
    return false;
  });
}

export function warnOfUnsaved() {
  addEventListener("beforeunload", (event) => {
    const forms = [...document.querySelectorAll("form[data-unsaved]")];
    const isSending = document.querySelector("form[data-sending]");
    if (!isSending && forms.some(isTouched)) event.preventDefault();
  });
}

export function closeMenus() {
  const close = (except) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(except)) menu.open = false;
    }
  };
  document.addEventListener("click", (event) => close(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
