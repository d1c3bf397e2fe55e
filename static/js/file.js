// Drop area: takes a dropped file as if it had been chosen, and names what was chosen.
const areaOf = (event) => event.target.closest?.(".drop-x");

document.addEventListener("change", (event) => {
  const area = areaOf(event);
  const names = area?.querySelector("[data-file-names]");
  if (!names) return;
  names.dataset.empty ??= names.textContent;
  names.textContent = [...event.target.files].map((file) => file.name).join(", ") || names.dataset.empty;
});

for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const area = areaOf(event);
    if (!area) return;
    if (kind !== "dragleave") event.preventDefault();
    area.classList.toggle("is-over", kind === "dragover");
    if (kind !== "drop") return;
    const input = area.querySelector("input[type=file]");
    const taken = new DataTransfer();
    for (const file of [...event.dataTransfer.files].slice(0, input.multiple ? undefined : 1)) taken.items.add(file);
    input.files = taken.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
