// Passkeys exist with script only: this file shows what needs them where the browser has them. Words come from the page.
(() => {
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  const Token = "__RequestVerificationToken";
  // Before the five minutes of a challenge are over.
  const AskAgainAfter = 4 * 60 * 1000;
  const toBytes = text => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), c => c.charCodeAt(0));
  const toText = buffer => buffer && btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const withBytes = list => (list || []).map(entry => ({ ...entry, id: toBytes(entry.id) }));

  // What the portal wants to know, from the server; what the device says to it, as the server reads it.
  const ask = async form => {
    const body = new URLSearchParams({ [Token]: form.elements[Token].value });
    const reply = await fetch(form.dataset.passkeyOptions, { method: "POST", body, redirect: "manual" });
    if (reply.type === "opaqueredirect") {
      // Signed in too long ago: the page itself leads to signing in and back.
      location.reload();
      return new Promise(() => {});
    }
    if (!reply.ok) throw new Error(`The portal answered ${reply.status}.`);
    return reply.json();
  };
  const create = options => navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: toBytes(options.challenge),
      user: { ...options.user, id: toBytes(options.user.id) },
      excludeCredentials: withBytes(options.excludeCredentials),
    },
  });
  const get = (options, more) => navigator.credentials.get({
    publicKey: { ...options, challenge: toBytes(options.challenge), allowCredentials: withBytes(options.allowCredentials) },
    ...more,
  });
  const answer = (form, challenge, credential) => {
    const { response } = credential;
    form.elements.Challenge.value = challenge;
    form.elements.Credential.value = JSON.stringify({
      id: credential.id,
      rawId: toText(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment,
      clientExtensionResults: {},
      response: {
        clientDataJSON: toText(response.clientDataJSON),
        attestationObject: toText(response.attestationObject),
        transports: response.getTransports?.(),
        authenticatorData: toText(response.attestationObject ? null : response.authenticatorData),
        signature: toText(response.signature),
        userHandle: toText(response.userHandle),
      },
    });
    form.submit();
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const isNew = form.dataset.passkey === "create";
    const button = form.querySelector("button");
    let waiting = null;
    const tell = problem => {
      const places = [...form.querySelectorAll("[data-passkey-problem]")];
      for (const place of places) place.hidden = true;
      const place = places.find(p => p.dataset.passkeyProblem === problem) ?? places.find(p => problem && p.dataset.passkeyProblem === "other");
      if (place) place.hidden = false;
    };
    form.addEventListener("submit", async event => {
      event.preventDefault();
      waiting?.abort();
      button.disabled = true;
      tell(null);
      try {
        const { challenge, options } = await ask(form);
        answer(form, challenge, await (isNew ? create(options) : get(options)));
      } catch (problem) {
        tell(problem.name === "InvalidStateError" ? "known" : "other");
        button.disabled = false;
        button.focus();
      }
    });

    // Passkeys among the suggestions of the address field, where the page and the browser offer that.
    const suggest = async () => {
      if (isNew || !document.querySelector("input[autocomplete~=webauthn]")) return;
      if (!await PublicKeyCredential.isConditionalMediationAvailable?.()) return;
      for (let isStale = true; isStale;) {
        isStale = false;
        const current = waiting = new AbortController();
        const timer = setTimeout(() => { isStale = true; current.abort(); }, AskAgainAfter);
        try {
          const { challenge, options } = await ask(form);
          answer(form, challenge, await get(options, { mediation: "conditional", signal: current.signal }));
        } catch {
          // Taken over by the button, grown stale, or not to be had: the other ways in stand on the page.
        } finally {
          clearTimeout(timer);
        }
        if (isStale && document.hidden) await new Promise(shown => document.addEventListener("visibilitychange", shown, { once: true }));
      }
    };
    suggest();
  }

  for (const part of document.querySelectorAll("[data-passkey-shown]")) part.hidden = false;
  for (const part of document.querySelectorAll("[data-passkey-missing]")) part.hidden = true;
  const offers = document.querySelectorAll("[data-passkey-offer]");
  if (offers.length > 0) {
    PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable().then(can => {
      for (const offer of offers) offer.hidden = !can;
    });
  }
})();
