// Labels autocompletes for screen readers: Select2 does not use the label of the select.
"use strict";
{
  const labelOf = (select) => {
    const label = select.labels && select.labels[0];
    return select.getAttribute("aria-label") || (label ? label.textContent.trim().replace(/:$/, "") : "");
  };
  const addLabel = (select) => {
    const container = select.nextElementSibling;
    if (!container || !container.matches(".select2-container")) return;
    const parts = ".select2-selection, .select2-selection__rendered[role], .select2-search__field";
    container.querySelectorAll(parts).forEach((part) => {
      part.removeAttribute("aria-labelledby"); // refers to the selected value
      part.setAttribute("aria-label", labelOf(select));
    });
  };
  const addLabels = (root) => root.querySelectorAll("select.admin-autocomplete").forEach(addLabel);
  const $ = django.jQuery;
  $(() => addLabels(document));
  document.addEventListener("formset:added", (event) => addLabels(event.target));
  $(document).on("change", "select.admin-autocomplete", (event) => addLabel(event.target));
  // The search field of an opened autocomplete has the label too, and the focus.
  $(document).on("select2:open", (event) => {
    const field = document.querySelector(".select2-dropdown .select2-search__field");
    if (!field) return;
    field.setAttribute("aria-label", labelOf(event.target));
    field.focus();
  });
}
