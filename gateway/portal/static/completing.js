/* How a search may go on, while it is typed: words to search for, and articles to open. */
const PAUSE = 150; // milliseconds without a key before the desk is asked
const SHORTEST = 2; // characters below which nothing is asked
const LONGEST = 200;
const MOST = 6;

export function completeWhileTyping(place) {
  const field = place.querySelector("input");
  const list = document.createElement("ul");
  let timer = 0;
  let asked = null;
  let typed = field.value;
  let at = -1; // which option is chosen with the keys; none before the first

  list.id = `${field.id}-completions`;
  list.className = "completions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", place.dataset.listText);
  field.autocomplete = "off"; // else the browser's own list lies over this one
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
  })) field.setAttribute(name, value);
  place.append(list);

  field.addEventListener("input", later);
  field.addEventListener("keydown", press);
  field.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => take(event.target.closest("[role=option]")));
  field.form.addEventListener("submit", close);

  function later() {
    clearTimeout(timer);
    asked?.abort();
    typed = field.value;
    timer = setTimeout(ask, PAUSE);
  }

  async function ask() {
    const q = typed.trim().slice(0, LONGEST);
    if (q.length < SHORTEST) return close();
    asked = new AbortController();
    try {
      const answer = await fetch(`${place.dataset.complete}?${new URLSearchParams({ q, limit: MOST })}`, { signal: asked.signal });
      if (answer.ok) show(await answer.json());
      else close();
    } catch (error) {
      if (error.name !== "AbortError") close(); // asked again at the next key
    }
  }

  function show({ words, articles }) {
    const options = [
      ...words.filter((word) => word !== typed.trim()).map((word) => option(word)),
      ...articles.map((article) => option(article.title, article)),
    ];
    options.forEach((each, index) => (each.id = `${list.id}-${index}`));
    list.replaceChildren(...options);
    choose(-1);
    open(options.length > 0 && document.activeElement === field);
  }

  function option(text, article) {
    const made = document.createElement("li");
    made.setAttribute("role", "option");
    made.append(Object.assign(document.createElement("span"), { textContent: text }));
    if (!article) {
      made.dataset.word = text;
      return made;
    }
    made.dataset.href = `/knowledge/${encodeURIComponent(article.key)}?lang=${article.language}`;
    const mark = { className: "badge tone-muted", textContent: place.dataset.articleText };
    made.append(Object.assign(document.createElement("span"), mark));
    return made;
  }

  function press(event) {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!list.children.length) return;
      event.preventDefault();
      if (list.hidden) open(true);
      // One place more than there are options: what was typed.
      const places = list.children.length + 1;
      choose(((at + 1 + (event.key === "ArrowDown" ? 1 : -1) + places) % places) - 1);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault(); // a second one empties the field
      field.value = typed;
      close();
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      take(list.children[at]);
    }
  }

  function choose(index) {
    at = index;
    [...list.children].forEach((each, place) => each.setAttribute("aria-selected", String(place === at)));
    const chosen = list.children[at];
    if (chosen) field.setAttribute("aria-activedescendant", chosen.id);
    else field.removeAttribute("aria-activedescendant");
    chosen?.scrollIntoView({ block: "nearest" });
    field.value = chosen?.dataset.word ?? typed;
  }

  function take(chosen) {
    if (!chosen) return;
    close();
    if (chosen.dataset.href) {
      location.assign(chosen.dataset.href);
      return;
    }
    field.value = chosen.dataset.word;
    field.form.requestSubmit();
  }

  function open(isOpen) {
    list.hidden = !isOpen;
    field.setAttribute("aria-expanded", String(isOpen));
  }

  function close() {
    clearTimeout(timer);
    asked?.abort();
    at = -1;
    field.removeAttribute("aria-activedescendant");
    open(false);
  }
}
