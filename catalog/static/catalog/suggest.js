// Suggestions for each field with data-suggest: the combobox with list autocomplete of the ARIA authoring practices.
// Without this script, or when the site does not answer, the field still searches.
"use strict";

const WAIT = 90; // milliseconds without a key press before suggestions are fetched

for (const input of document.querySelectorAll("input[data-suggest]")) combobox(input);

function createElement(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

function combobox(input) {
  const list = createElement("ul", {
    id: `${input.id}-suggestions`, class: "suggest", role: "listbox", "aria-label": "Suggestions", hidden: "",
  });
  const status = createElement("span", { class: "vh", role: "status" });
  const setAttribute = (name, value) => {
    if (value === null) input.removeAttribute(name);
    else input.setAttribute(name, value);
  };
  let active = -1, timer = 0, request = null;

  setAttribute("role", "combobox");
  setAttribute("aria-autocomplete", "list");
  setAttribute("aria-expanded", "false");
  setAttribute("aria-controls", list.id);
  input.form.append(list, status);

  function close() {
    clearTimeout(timer);
    request?.abort();
    list.hidden = true;
    setAttribute("aria-expanded", "false");
    activate(-1);
  }

  function activate(index) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = index;
    const option = list.children[active];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    setAttribute("aria-activedescendant", option ? option.id : null);
  }

  function createOption(suggestion, index) {
    const attributes = { id: `${list.id}-${index}`, role: "option", "aria-selected": "false" };
    const name = createElement("b", { dir: "auto" }, suggestion.name);
    const option = createElement("li", attributes, name, " ", createElement("small", {}, suggestion.note));
    option.dataset.url = suggestion.url;
    return option;
  }

  function show(suggestions) {
    list.replaceChildren(...suggestions.map(createOption));
    active = -1;
    setAttribute("aria-activedescendant", null);
    list.hidden = !suggestions.length;
    setAttribute("aria-expanded", String(suggestions.length > 0));
    status.textContent = suggestions.length ? `${suggestions.length} suggestions` : "";
  }

  async function fetchSuggestions() {
    const text = input.value.trim();
    request?.abort();
    if (!text) return close();
    request = new AbortController();
    try {
      const url = new URL(input.dataset.suggest, location);
      url.searchParams.append(input.name, text);
      const response = await fetch(url, { signal: request.signal });
      const { suggestions } = await response.json();
      if (document.activeElement === input && input.value.trim() === text) show(suggestions);
    } catch {
      show([]); // the field still searches
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(fetchSuggestions, WAIT);
  });

  input.addEventListener("keydown", (event) => {
    const total = list.hidden ? 0 : list.children.length;
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!total) return void fetchSuggestions();
      const step = event.key === "ArrowDown" ? 1 : -1;
      activate(((active + 1 + step + total + 1) % (total + 1)) - 1); // beyond either end: the field itself
    } else if (event.key === "Enter" && active >= 0 && total) {
      event.preventDefault();
      location.assign(list.children[active].dataset.url);
    } else if (event.key === "Escape" && total) {
      event.preventDefault();
      close();
    } else if (event.key === "Tab") close();
  });

  list.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the focus in the field
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.url);
  });
  input.addEventListener("blur", close);
}
