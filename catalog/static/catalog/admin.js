// Gives the desk's autocompletes the name of their field, for screen readers: Select2 forgets it.
"use strict";
{
  const word = (select) => {
    const label = select.labels && select.labels[0];
    return select.getAttribute("aria-label") || (label ? label.textContent.trim().replace(/:$/, "") : "");
  };
  const name = (select) => {
    const box = select.nextElementSibling;
    if (!box || !box.matches(".select2-container")) return;
    const parts = ".select2-selection, .select2-selection__rendered[role], .select2-search__field";
    box.querySelectorAll(parts).forEach((part) => {
      part.removeAttribute("aria-labelledby"); // names it by its value
      part.setAttribute("aria-label", word(select));
    });
  };
  const nameAll = (root) => root.querySelectorAll("select.admin-autocomplete").forEach(name);
  const $ = django.jQuery;
  $(() => nameAll(document));
  document.addEventListener("formset:added", (event) => nameAll(event.target));
  $(document).on("change", "select.admin-autocomplete", (event) => name(event.target));
  // The field to type into has the name too, and the focus.
  $(document).on("select2:open", (event) => {
    const field = document.querySelector(".select2-dropdown .select2-search__field");
    if (!field) return;
    field.setAttribute("aria-label", word(event.target));
    field.focus();
  });
}
