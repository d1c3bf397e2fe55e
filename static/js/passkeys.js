// A form that a passkey answers ([data-passkey]: "make" or "use"): the browser is asked when it is sent, the answer goes along.
// It is shown where passkeys can work: in a browser that knows them, at the one address that they are made for.
const CAN = "parseRequestOptionsFromJSON" in (window.PublicKeyCredential ?? {});
const ASK = {
  make: (asked) => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked) }),
  use: (asked) => navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked) }),
};

async function optionsOf(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const answer = await fetch(form.dataset.challenge, { method: "POST", body: new FormData(form) });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

async function answer(form) {
  const button = form.querySelector("button");
  const failed = form.querySelector("[data-passkey-failed]");
  button.disabled = true;
  failed.hidden = true;
  try {
    const credential = await ASK[form.dataset.passkey](await optionsOf(form));
    form.elements.credential.value = JSON.stringify(credential);
    form.submit();
  } catch {
    failed.hidden = false; // called off, timed out, or no passkey for us on this device: the browser does not say which
    button.disabled = false;
  }
}

for (const part of document.querySelectorAll("[data-passkey-at]")) {
  const works = CAN && location.origin === part.dataset.passkeyAt;
  for (const each of part.querySelectorAll("[data-passkey-can]")) each.hidden = !works;
  for (const each of part.querySelectorAll("[data-passkey-cannot]")) each.hidden = works;
}

// A page that comes back from the browser's memory can be sent again.
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("[data-passkey] button")) button.disabled = false;
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.passkey) return;
  event.preventDefault();
  answer(form);
});
