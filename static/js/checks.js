// The words of the seven marks: shown by hover and focus in CSS, opened by a tap, shut by Escape until the pointer has left.
document.addEventListener("click", (event) => {
  const here = event.target.closest(".checks")?.parentElement;
  for (const other of document.querySelectorAll(".checks-w.is-open")) if (other !== here) other.classList.remove("is-open");
  here?.classList.toggle("is-open");
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const shown of document.querySelectorAll(".checks-w:is(:hover, :focus-within, .is-open)")) {
    shown.classList.remove("is-open");
    shown.classList.add("is-shut");
    event.preventDefault();
  }
});

for (const gone of ["pointerout", "focusout"]) {
  document.addEventListener(gone, (event) => {
    const mark = event.target.closest?.(".checks-w");
    if (mark && !mark.contains(event.relatedTarget)) mark.classList.remove("is-shut", "is-open");
  });
}
