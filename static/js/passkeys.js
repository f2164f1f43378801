// Asks the device for a passkey and sends its answer with the form. Forms say what they want in data-passkey
// (login, authenticate, add); the options stand in a JSON block, or are fetched when nobody is known yet.
(function () {
  "use strict";

  async function optionsFor(form) {
    if (form.dataset.options) {
      return JSON.parse(document.getElementById(form.dataset.options).textContent);
    }
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error("no options");
    return answer.json();
  }

  async function ask(form) {
    const options = await optionsFor(form);
    if (form.dataset.passkey !== "add") return window.webauthnJSON.get(options.request_options);
    const creation = options.creation_options;
    // Kept on the device and guarded by its lock, so that it can sign in by itself.
    Object.assign(creation.publicKey.authenticatorSelection, {
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    });
    return window.webauthnJSON.create(creation);
  }

  function prepare(form) {
    const trouble = form.querySelector("[role=alert]");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      if (form.elements.credential.value) return;
      event.preventDefault();
      trouble.hidden = true;
      try {
        form.elements.credential.value = JSON.stringify(await ask(form));
        form.submit();
      } catch {
        // Cancelled, not allowed, or no such key: the person sees the same sentence, and can go another way.
        trouble.textContent = form.dataset.failed;
        trouble.hidden = false;
      }
    });
  }

  if (!window.PublicKeyCredential || !window.webauthnJSON) return;
  document.querySelectorAll("form[data-passkey]").forEach(prepare);
})();
