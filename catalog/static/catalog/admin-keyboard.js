// Keys of the desk's forms. A button names its own in aria-keyshortcuts; “?” shows the list of all.
"use strict";
{
  const written = (element) => element.matches("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=submit], [type=button])");
  const held = (event) => ["Control", "Meta", "Shift", "Alt"].filter((name) => event.getModifierState(name));
  document.addEventListener("keydown", (event) => {
    const list = document.querySelector("dialog.keyboard-help"), strong = event.ctrlKey || event.metaKey;
    if (list && (strong ? event.key === "/" : event.key === "?" && !written(event.target))) {
      event.preventDefault();
      if (list.open) list.close(); else list.showModal();
      return;
    }
    if (!strong || event.repeat || list?.open) return;
    const keys = [...held(event), event.key.length === 1 ? event.key.toUpperCase() : event.key].join("+");
    const button = [...document.querySelectorAll("[aria-keyshortcuts]")].find((one) => one.getAttribute("aria-keyshortcuts").split(" ").includes(keys));
    if (!button) return;
    event.preventDefault();
    event.stopPropagation();
    button.click();
  }, true);
  // A letter typed on a closed autocomplete opens it and is looked for; a button opens the list of keys.
  document.addEventListener("keydown", (event) => {
    const box = event.target.closest?.(".select2-selection--single");
    if (!box || event.key.length !== 1 || event.key === " " || event.ctrlKey || event.metaKey || event.altKey) return;
    django.jQuery(box.closest(".select2-container").previousElementSibling).select2("open");
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-keyboard-help]")) document.querySelector("dialog.keyboard-help").showModal();
    else if (event.target.closest?.("[data-keyboard-help-close]")) document.querySelector("dialog.keyboard-help").close();
  });
  // What has to be answered has the focus; in an empty form it is the first field, not the button above it.
  const begin = () => {
    const asked = document.querySelector(".person-choice input:checked, .person-choice input");
    const first = document.querySelector("#django-admin-form-add-constants[data-model-name]") && !document.querySelector(".errornote")
      && document.querySelector("fieldset.module :is(.select2-selection, input:not([type=hidden]), textarea)");
    (asked || first || null)?.focus();
  };
  // Behind the scripts of Django: one moves the focus, another makes the choices, in its turn after the page is read.
  window.addEventListener("load", () => window.django?.jQuery ? django.jQuery(begin) : begin());
}
