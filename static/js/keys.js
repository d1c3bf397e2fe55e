// Keys: `g` then a letter goes to a page ([data-go]), a letter presses what carries it ([data-key]), `?` shows them all.
// Silent while somebody types or holds Ctrl, Alt or Meta, and switched off by a cookie (WCAG 2.1.4).
const waitMs = 1500;
let wentAt = -Infinity;

const areOff = () => /(?:^|; )keys=off/.test(document.cookie);
const isTyping = (target) => target.matches?.("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button], [type=submit])");
const seen = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? true;
const first = (selector) => [...document.querySelectorAll(selector)].find(seen);
const help = () => document.querySelector("dialog[data-keys-help]");

function press(element) {
  if (element.matches("textarea, input:not([type=checkbox], [type=radio])")) element.focus();
  else element.click();
}

function told(key) {
  return key.length === 1 ? key.toLowerCase() : key;
}

function meant(event) {
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") return first('[data-key="ctrl+enter"]');
  if (event.ctrlKey || event.metaKey || event.altKey || areOff() || isTyping(event.target)) return null;
  if (help()?.open) return null;
  const key = told(event.key);
  if (event.timeStamp - wentAt < waitMs) {
    wentAt = -Infinity;
    return document.querySelector(`[data-go="${CSS.escape(key)}"]`);
  }
  if (key === "g") wentAt = event.timeStamp;
  if (key === "?") showHelp();
  return first(`[data-key="${CSS.escape(key)}"]`);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.repeat) return;
  const element = meant(event);
  if (!element) return;
  event.preventDefault();
  press(element);
});

function nameOf(element) {
  const words = element.dataset.keyLabel || element.getAttribute("aria-label");
  if (words) return words;
  const copy = (element.labels?.[0] ?? element).cloneNode(true);
  copy.querySelectorAll("kbd, small, .dim, .n").forEach((part) => part.remove());
  return copy.textContent.trim().replace(/\s+/g, " ");
}

function line(keys, words) {
  const row = document.createElement("div");
  const term = row.appendChild(document.createElement("dt"));
  for (const key of keys) term.appendChild(document.createElement("kbd")).textContent = key;
  row.appendChild(document.createElement("dd")).textContent = words;
  return row;
}

function showHelp() {
  const dialog = help();
  if (!dialog || dialog.open) return;
  const lists = dialog.querySelectorAll("[data-keys]");
  for (const list of lists) {
    const isGo = list.dataset.keys === "go";
    const marked = [...document.querySelectorAll(isGo ? "[data-go]" : "[data-key]")].filter((e) => isGo || seen(e));
    const once = new Map(marked.map((e) => [e.dataset.go ?? e.dataset.key, e]));
    list.replaceChildren(...[...once].map(([key, e]) => line(isGo ? ["g", key] : key.split("+"), nameOf(e))));
    list.parentElement.hidden = once.size === 0;
  }
  dialog.querySelector("[data-keys-on]").checked = !areOff();
  dialog.showModal();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-keys-open]")) showHelp();
});

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-keys-on]")) return;
  document.cookie = `keys=off; path=/; samesite=lax; max-age=${event.target.checked ? 0 : 31536000}`;
});
