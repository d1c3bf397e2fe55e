// The place beside a list ([data-previews], a selector of that place): a row's link and the keys j and k load the row's own page
// into it. Where there is no place, as on a phone, the link leads to the page.
const placeOf = (element) => {
  const place = document.querySelector(element.closest("[data-previews]")?.dataset.previews);
  return place?.checkVisibility?.() ? place : null;
};

function show(row) {
  const place = placeOf(row);
  const link = row.querySelector("a.cell");
  if (!place || !link) return false;
  for (const other of row.parentElement.children) other.classList.toggle("is-now", other === row);
  htmx.ajax("GET", link.href, { target: place, swap: "innerHTML", source: place });
  return true;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-previews] a.cell");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (show(link.closest("tr"))) event.preventDefault();
});

document.addEventListener("row-now", (event) => {
  if (event.target.closest("[data-previews]")) show(event.target);
});
