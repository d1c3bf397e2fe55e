// A part of a page could not be loaded: the refusal goes to the top of the page and what was there stays.
// 422 is the form's own answer with its errors and is shown in place.
const place = () => document.querySelector("[data-flashes]");

function tell() {
  const flashes = place();
  const words = flashes?.querySelector("template[data-unreached]");
  if (words) flashes.querySelector("[data-trouble-here]").replaceChildren(words.content.cloneNode(true));
}

document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  if (ctx.response.status === 422 || !place()) return;
  if (!ctx.text.includes("data-trouble")) {
    ctx.swap = "none";
    tell();
    return;
  }
  ctx.target = place().querySelector("[data-trouble-here]");
  ctx.swap = "innerHTML show:top";
  ctx.select = "[data-trouble]";
});

document.addEventListener("htmx:error", tell);

// What loaded well takes the old trouble away.
document.addEventListener("htmx:before:request", () => place()?.querySelector("[data-trouble-here]")?.replaceChildren());
