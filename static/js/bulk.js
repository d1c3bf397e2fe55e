// Bulk bar: counts what is ticked ([data-pick], price in minor units), says the total and what is left, and waits hidden
// until the first tick. The sum goes along ([data-bulk-sum]): the server sells for no more than what the button said.
const all = (selector) => [...document.querySelectorAll(selector)];
const language = document.documentElement.lang || "en";
const plural = new Intl.PluralRules(language);

function moneyIn(currency) {
  const shape = new Intl.NumberFormat(language, { style: "currency", currency, currencyDisplay: "narrowSymbol" });
  const digits = shape.resolvedOptions().maximumFractionDigits;
  return (minor) => shape.format(minor / 10 ** digits).replace("-", "\u2212");
}

// The server gives each sentence for 1, 3 and 5 things; that covers every plural form of our languages.
function say(element, count, values) {
  if (!element) return;
  const form = { one: element.dataset.one, few: element.dataset.few }[plural.select(count)] ?? element.dataset.many;
  element.textContent = form.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function refresh() {
  const bar = document.querySelector("[data-bulk]");
  if (!bar) return;
  const picks = all("[data-pick]");
  const ticked = picks.filter((box) => box.checked);
  const money = moneyIn(bar.dataset.currency);
  const total = ticked.reduce((sum, box) => sum + Number(box.dataset.pick), 0);
  const left = Number(bar.dataset.available) - total;
  const values = { n: new Intl.NumberFormat(language).format(ticked.length), total: money(total) };
  for (const element of bar.querySelectorAll("[data-one]")) say(element, ticked.length, values);
  for (const element of bar.querySelectorAll("[data-bulk-total]")) element.textContent = values.total;
  for (const field of bar.querySelectorAll("[data-bulk-sum]")) field.value = total || "";
  for (const element of bar.querySelectorAll("[data-bulk-left]")) {
    element.textContent = money(Math.abs(left));
    element.classList.toggle("neg", left < 0);
  }
  for (const element of bar.querySelectorAll("[data-bulk-enough]")) element.hidden = left < 0;
  for (const element of bar.querySelectorAll("[data-bulk-missing]")) element.hidden = left >= 0;
  bar.classList.toggle("is-live", ticked.length > 0);
  for (const box of all("[data-pick-all]")) {
    box.checked = ticked.length > 0 && ticked.length === picks.length;
    box.indeterminate = ticked.length > 0 && ticked.length < picks.length;
  }
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-pick-all]")) for (const box of all("[data-pick]")) box.checked = event.target.checked;
  if (event.target.matches("[data-pick], [data-pick-all]")) refresh();
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-bulk-clear]")) return;
  for (const box of all("[data-pick]")) box.checked = false;
  refresh();
});

document.addEventListener("htmx:after:swap", refresh);
addEventListener("pageshow", refresh);
refresh();
