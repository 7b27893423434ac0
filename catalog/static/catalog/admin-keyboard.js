// Keyboard shortcuts of forms. A button declares its own in aria-keyshortcuts; “?” shows the list of all.
"use strict";
{
  const isTextField = (element) => element.matches("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=submit], [type=button])");
  const modifiers = (event) => ["Control", "Meta", "Shift", "Alt"].filter((name) => event.getModifierState(name));
  document.addEventListener("keydown", (event) => {
    const dialog = document.querySelector("dialog.keyboard-help"), hasCommandKey = event.ctrlKey || event.metaKey;
    if (dialog && (hasCommandKey ? event.key === "/" : event.key === "?" && !isTextField(event.target))) {
      event.preventDefault();
      if (dialog.open) dialog.close(); else dialog.showModal();
      return;
    }
    if (!hasCommandKey || event.repeat || dialog?.open) return;
    const keys = [...modifiers(event), event.key.length === 1 ? event.key.toUpperCase() : event.key].join("+");
    const button = [...document.querySelectorAll("[aria-keyshortcuts]")].find((candidate) => candidate.getAttribute("aria-keyshortcuts").split(" ").includes(keys));
    if (!button) return;
    event.preventDefault();
    event.stopPropagation();
    button.click();
  }, true);
  // A letter typed on a closed autocomplete opens it and starts a search; a button opens the list of shortcuts.
  document.addEventListener("keydown", (event) => {
    const selection = event.target.closest?.(".select2-selection--single");
    if (!selection || event.key.length !== 1 || event.key === " " || event.ctrlKey || event.metaKey || event.altKey) return;
    django.jQuery(selection.closest(".select2-container").previousElementSibling).select2("open");
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-keyboard-help]")) document.querySelector("dialog.keyboard-help").showModal();
    else if (event.target.closest?.("[data-keyboard-help-close]")) document.querySelector("dialog.keyboard-help").close();
  });
  // A question, or a field that asks for it, has the focus; in an add form the first field, not the button above it.
  const setFocus = () => {
    const question = document.querySelector("[autofocus], .person-choice input:checked, .person-choice input");
    const first = document.querySelector("#django-admin-form-add-constants[data-model-name]") && !document.querySelector(".errornote")
      && document.querySelector("fieldset.module :is(.select2-selection, input:not([type=hidden]), textarea)");
    (question || first || null)?.focus();
  };
  // After Django's scripts: one moves the focus, another creates the autocompletes when the page is ready.
  window.addEventListener("load", () => window.django?.jQuery ? django.jQuery(setFocus) : setFocus());
}
