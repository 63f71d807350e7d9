// Narrows the list as one types or chooses; without it the whole list shows. A short list has no form.
const form = document.getElementById("filters");
const count = document.getElementById("count");
const rows = [...document.querySelectorAll("[data-id]")];
const fields = form ? [...form.querySelectorAll("select")] : [];
const search = document.getElementById("search");

function narrow() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    const text = (row.dataset.id + " " + row.textContent).toLowerCase();
    const fits = words.every((word) => text.includes(word))
      && fields.every((field) => !field.value || row.dataset[field.name] === field.value);
    row.hidden = !fits;
    shown += fits;
  }
  count.textContent = shown === rows.length ? `${rows.length} packages` : `${shown} of ${rows.length} packages`;
}

document.documentElement.classList.add("scripted");
if (form) {
  form.addEventListener("input", narrow);
  form.addEventListener("submit", (event) => { event.preventDefault(); narrow(); });
  narrow();
}
