// Comfort only: every page works without this file.
(() => {
  // A copy button beside every text to be copied. The words come from the page, in its language.
  for (const text of document.querySelectorAll("[data-copy]")) {
    const label = text.dataset.copy || "Copy";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button secondary no-print";
    button.textContent = label;
    button.setAttribute("aria-label", [label, text.dataset.copyWhat].filter(Boolean).join(": "));
    const said = document.createElement("span");
    said.className = "visually-hidden";
    said.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text.textContent.trim());
        button.textContent = said.textContent = text.dataset.copied || "Copied";
        setTimeout(() => { button.textContent = label; said.textContent = ""; }, 2000);
      } catch {
        // No clipboard without HTTPS: leave the text selected for the keyboard.
        getSelection().selectAllChildren(text);
      }
    });
    text.after(button, said);
  }
  // The print button exists only where it can do something.
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
  // What is still being made looks again by itself, and stops when it is done or the page does not answer.
  const lookAgain = async part => {
    const seconds = Number(part.dataset.lookAgain);
    if (!seconds) return;
    await new Promise(done => setTimeout(done, seconds * 1000));
    const answer = await fetch(location.href, { redirect: "error" }).catch(() => null);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(part.id);
    if (!fresh) return;
    const had = part.contains(document.activeElement);
    part.replaceWith(fresh);
    if (had) fresh.querySelector("a, button")?.focus();
    lookAgain(fresh);
  };
  document.querySelectorAll("[data-look-again]").forEach(lookAgain);
  // On a phone the current tab may lie outside the row.
  document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  const close = menu => { menu.open = false; };
  const openMenus = () => document.querySelectorAll(".menu[open]");
  document.addEventListener("click", e => openMenus().forEach(m => m.contains(e.target) || close(m)));
  document.addEventListener("keydown", e => {
    if (e.key === "Escape") openMenus().forEach(m => { close(m); m.querySelector("summary").focus(); });
  });
})();
