// The next case of a queue is loaded ahead ([data-next] on the form of a decision): once the decision is in, it is there at once.
// A refusal shows its own page. Without this script the form is sent, and the answer leads to the next case.
const ahead = new Map();
const DONE = 204;

const parsed = (text) => new DOMParser().parseFromString(text, "text/html");
const read = async (address) => parsed(await (await fetch(address)).text());
const here = () => location.pathname + location.search;

function loadAhead() {
  const next = document.querySelector("form[data-next]")?.dataset.next;
  if (next && !ahead.has(next)) ahead.set(next, read(next).catch(() => null));
}

function take(page, selector) {
  const fresh = page.querySelector(selector);
  if (fresh) document.querySelector(selector)?.replaceWith(document.adoptNode(fresh));
}

function show(page, address) {
  take(page, ".desk");
  document.title = page.title;
  if (address === here()) return;
  history.pushState(null, "", address);
  scrollTo(0, 0); // the way back from the decision stands at the top
}

// The page was made before the decision: its queue still has the case that is gone.
async function freshen() {
  const address = here();
  const page = await read(address);
  if (address !== here()) return;
  take(page, ".flashes");
  take(page, ".desk > .queue");
}

async function decide(form, button) {
  const known = ahead.get(form.dataset.next);
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form, button), headers: { "X-Ahead": "1" } });
  const next = answer.headers.get("X-Next");
  if (answer.status !== DONE || !next) {
    show(parsed(await answer.text()), here());
    return;
  }
  const page = next === form.dataset.next ? await known : null;
  ahead.clear();
  if (!page) {
    location.assign(next);
    return;
  }
  show(page, next);
  await freshen();
  loadAhead();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !ahead.has(form.dataset.next)) return;
  event.preventDefault();
  if (form.inert) return;
  form.inert = true;
  decide(form, event.submitter).catch(() => location.reload());
});

addEventListener("popstate", () => location.reload());
loadAhead();
