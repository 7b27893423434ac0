// Narrows the values of a facet while one types in its search field (data-narrows: the id of the values).
// Without this script, or when the site does not answer, the field opens the page of the values that match.
"use strict";

for (const input of document.querySelectorAll("input[data-narrows]")) {
  const status = document.createElement("span");
  status.className = "vh";
  status.setAttribute("role", "status");
  input.form.append(status);
  let timer = 0, request = null;

  const narrow = async () => {
    request?.abort();
    request = new AbortController();
    const url = new URL(input.form.action);
    url.search = new URLSearchParams([...new FormData(input.form)].filter(([, value]) => value));
    const pageUrl = url.href;
    if (input.dataset.as) url.searchParams.set("as", input.dataset.as);
    try {
      const response = await fetch(url, { signal: request.signal });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const values = page.getElementById(input.dataset.narrows);
      status.textContent = values.dataset.status; // an error page has no values and ends here
      document.getElementById(input.dataset.narrows).replaceWith(values);
      if (!input.dataset.as) history.replaceState(null, "", pageUrl);
    } catch {
      // The field still searches.
    }
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(narrow, 120); // milliseconds without a key press
  });
}
