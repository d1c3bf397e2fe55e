// What floats closes with Escape and with a click beside it; Escape gives the focus back to what opened it.
const openOnes = () => document.querySelectorAll("details[data-pop][open]");

document.addEventListener("click", (event) => {
  for (const details of openOnes()) {
    const closes = event.target.closest("[data-pop-close]");
    if (!details.contains(event.target) || (closes && details.contains(closes))) details.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const details of openOnes()) {
    details.open = false;
    details.querySelector("summary").focus();
    event.preventDefault();
  }
});

// Only one at a time.
document.addEventListener("toggle", (event) => {
  const opened = event.target;
  if (!opened.matches?.("details[data-pop][open]")) return;
  for (const other of openOnes()) if (other !== opened && !other.contains(opened)) other.open = false;
}, true);

// A menu that would leave the window opens towards the other side.
document.addEventListener("toggle", (event) => {
  const menu = event.target.matches?.("details[data-pop][open]") && event.target.querySelector(".menu");
  if (!menu) return;
  menu.classList.remove("is-end");
  if (menu.getBoundingClientRect().right > document.documentElement.clientWidth) menu.classList.add("is-end");
}, true);
