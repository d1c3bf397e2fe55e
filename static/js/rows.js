// Rows by keys in a table marked [data-rows]: j and k move, x selects, Enter opens. The row in focus is `.is-now`
// and says so by the event `row-now`, with which a page may load its preview.
const isFree = (event) => !event.ctrlKey && !event.metaKey && !event.altKey && !/(?:^|; )keys=off/.test(document.cookie)
  && !event.target.closest?.("textarea, select, dialog, [contenteditable], input:not([type=checkbox], [type=radio])");

function step(rows, by) {
  const at = rows.findIndex((row) => row.classList.contains("is-now"));
  const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))];
  for (const row of rows) row.classList.toggle("is-now", row === next);
  next.querySelector("a.cell")?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  next.dispatchEvent(new CustomEvent("row-now", { bubbles: true }));
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || !isFree(event)) return;
  const rows = [...document.querySelectorAll("[data-rows] tbody tr")];
  const now = rows.find((row) => row.classList.contains("is-now"));
  const key = event.key.toLowerCase();
  if (rows.length && (key === "j" || key === "k")) step(rows, key === "j" ? 1 : -1);
  else if (now && key === "x") now.querySelector("[data-pick]")?.click();
  else if (now && event.key === "Enter" && !event.target.closest("a, button, summary, input")) now.querySelector("a.cell")?.click();
  else return;
  event.preventDefault();
});
