/* Files that come with a form: what was chosen, whether it is too large; a screenshot can be pasted. */
const MIB = 1_048_576;
const MOST = 4 * MIB; // of one file
const MOST_TOGETHER = 10 * MIB;
const MOST_FILES = 10;

export function showChosenFiles(field) {
  const input = field.querySelector("input[type=file]");
  const list = field.querySelector("[data-chosen]");
  const numbers = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });

  input.addEventListener("change", show);
  input.form.addEventListener("paste", (event) => {
    const pasted = [...(event.clipboardData?.files ?? [])];
    if (!pasted.length) return;
    event.preventDefault();
    const all = new DataTransfer();
    for (const file of [...input.files, ...pasted]) all.items.add(file);
    input.files = all.files;
    show();
  });

  function show() {
    const files = [...input.files];
    list.replaceChildren(...files.map(line));
    list.hidden = !files.length;
    const together = files.reduce((sum, file) => sum + file.size, 0);
    const fits = files.every((file) => file.size <= MOST) && together <= MOST_TOGETHER && files.length <= MOST_FILES;
    input.setCustomValidity(fits ? "" : field.dataset.tooLarge);
    if (!fits) input.reportValidity();
  }

  function line(file) {
    const item = document.createElement("li");
    const size = file.size < MIB ? `${numbers.format(Math.max(1, Math.round(file.size / 1024)))} KiB` : `${numbers.format(file.size / MIB)} MiB`;
    item.textContent = `${file.name} · ${size}`;
    item.classList.toggle("error", file.size > MOST);
    return item;
  }
}
