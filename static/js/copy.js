// Copies the text of [data-copy] and says so where the button stands and to screen readers.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  if (!navigator.clipboard) {
    // Only a secure address may write to the clipboard; elsewhere the text is marked, ready for the person's own keys.
    const shown = button.parentElement.querySelector("code");
    if (shown) getSelection().selectAllChildren(shown);
    return;
  }
  await navigator.clipboard.writeText(button.dataset.copy || location.href);
  button.classList.add("is-done");
  const status = document.querySelector("[data-said]");
  if (status) status.textContent = button.dataset.copied;
  setTimeout(() => {
    button.classList.remove("is-done");
    if (status) status.textContent = "";
  }, 2000);
});
