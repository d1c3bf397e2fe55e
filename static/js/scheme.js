// Light or dark: a cookie that the server reads, so that nothing flashes. Without it the system's choice holds.
const root = document.documentElement;
const meta = document.querySelector("meta[name=color-scheme]");
const system = matchMedia("(prefers-color-scheme: dark)");
const safe = location.protocol === "https:" ? "; secure" : "";

const isDark = () => (root.dataset.bsTheme ? root.dataset.bsTheme === "dark" : system.matches);

function choose(scheme) {
  const age = scheme === "system" ? 0 : 31536000;
  document.cookie = `scheme=${scheme}; path=/; max-age=${age}; samesite=lax${safe}`;
  show(scheme);
}

function show(scheme) {
  if (scheme === "system") delete root.dataset.bsTheme;
  else root.dataset.bsTheme = scheme;
  if (meta) meta.content = scheme === "system" ? "light dark" : scheme;
}

document.addEventListener("click", (event) => {
  const control = event.target.closest("[data-scheme]");
  if (!control) return;
  const wanted = control.dataset.scheme;
  choose(wanted === "switch" ? (isDark() ? "light" : "dark") : wanted);
});

// A page that comes back from the browser's memory may be older than the choice.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  const kept = document.cookie.match(/(?:^|; )scheme=(light|dark)/);
  show(kept ? kept[1] : "system");
});
