// Passkeys: shows their buttons where the browser has them, and says why one was not used. Needs allauth's scripts.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const isPossible = Boolean(window.PublicKeyCredential);
  for (const element of document.querySelectorAll("[data-passkeys]")) {
    element.hidden = (element.dataset.passkeys === "possible") !== isPossible;
  }
});
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const { name } = event.detail.exception;
  const reasons = {
    InvalidStateError: "This device already has a passkey for your account.",
    NotAllowedError: "No passkey was used: the browser was told to cancel, or waited too long.",
    SecurityError: "Passkeys need an address with https and a host name.",
  };
  const problem = document.querySelector("[data-passkey-problem]");
  problem.textContent = reasons[name] ?? "The passkey could not be used. Reload the page and try again.";
  problem.hidden = false;
});
