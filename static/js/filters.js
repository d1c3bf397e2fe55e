// A filter bar stands inside what its own choice swaps. Who chooses by keys keeps the open chip and the place in it; a click
// closes the chip and leaves the focus on its name.
let kept = null;

const chips = (form) => [...form.querySelectorAll("details.chip")];

document.addEventListener("htmx:before:swap", () => {
  const input = document.activeElement;
  const chip = input?.closest?.(".filters details.chip");
  if (!chip) return;
  kept = { chip, at: chips(chip.closest(".filters")).indexOf(chip), name: input.name, value: input.value, byKeys: input.matches(":focus-visible") };
});

document.addEventListener("htmx:after:swap", () => {
  if (kept?.chip.isConnected) kept = null; // the bar stands outside of what was swapped: nothing to put back
  const form = kept && document.querySelector(".filters");
  const chip = form && chips(form)[kept.at];
  if (!chip) return;
  chip.open = kept.byKeys;
  const same = [...chip.querySelectorAll("input")].find((input) => input.name === kept.name && input.value === kept.value);
  (kept.byKeys && same ? same : chip.querySelector("summary")).focus({ focusVisible: kept.byKeys, preventScroll: true });
  kept = null;
});
