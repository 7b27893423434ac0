// What may be meant, offered while one types into a field with data-suggest: the combobox with list autocomplete of the
// ARIA authoring practices. Without this file, or when the site does not answer, the field searches as it does anyway.
"use strict";

const WAIT = 90; // milliseconds after a key in which nothing is asked

for (const input of document.querySelectorAll("input[data-suggest]")) combobox(input);

function element(name, attributes, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
}

function combobox(input) {
  const list = element("ul", { id: `${input.id}-offered`, class: "suggest", role: "listbox", "aria-label": "Suggestions", hidden: "" });
  const said = element("span", { class: "vh", role: "status" });
  const set = (name, value) => (value === null ? input.removeAttribute(name) : input.setAttribute(name, value));
  let active = -1, timer = 0, asked = null;

  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id }))
    set(name, value);
  input.form.append(list, said);

  function close() {
    clearTimeout(timer);
    asked?.abort();
    list.hidden = true;
    set("aria-expanded", "false");
    choose(-1);
  }

  function choose(number) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = number;
    const option = list.children[active];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    set("aria-activedescendant", option ? option.id : null);
  }

  function show(offered) {
    list.replaceChildren(...offered.map((one, number) => {
      const option = element("li", { id: `${list.id}-${number}`, role: "option", "aria-selected": "false" }, element("b", {}, one.name), " ", element("small", {}, one.note));
      option.dataset.url = one.url;
      return option;
    }));
    active = -1;
    set("aria-activedescendant", null);
    list.hidden = !offered.length;
    set("aria-expanded", String(offered.length > 0));
    said.textContent = offered.length ? `${offered.length} suggestions` : "";
  }

  async function ask() {
    const text = input.value.trim();
    asked?.abort();
    if (!text) return close();
    asked = new AbortController();
    try {
      const address = new URL(input.dataset.suggest, location);
      address.searchParams.append(input.name, text);
      const answer = await fetch(address, { signal: asked.signal });
      const { suggestions } = await answer.json();
      if (document.activeElement === input && input.value.trim() === text) show(suggestions);
    } catch {
      show([]); // the field goes on searching without
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });

  input.addEventListener("keydown", (event) => {
    const total = list.hidden ? 0 : list.children.length;
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!total) return void ask();
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose(((active + 1 + step + total + 1) % (total + 1)) - 1); // beyond either end: the field itself
    } else if (event.key === "Enter" && active >= 0 && total) {
      event.preventDefault();
      location.assign(list.children[active].dataset.url);
    } else if (event.key === "Escape" && total) {
      event.preventDefault();
      close();
    } else if (event.key === "Tab") close();
  });

  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.url);
  });
  input.addEventListener("blur", close);
}
