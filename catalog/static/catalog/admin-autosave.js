// Autosave: keeps in the browser what is typed into a form, and offers it again after a crash or an expired login.
// In IndexedDB, which writes to the disk at once: Chromium writes localStorage after 5 to 60 seconds.
// To restore, the kept values are submitted with “_restore”: the site returns the form with them and saves nothing.
"use strict";
{
  const SAVE_DELAY_MS = 1000, MAX_AGE_MS = 30 * 24 * 3600 * 1000, MAX_CHARACTERS = 1_000_000, MAX_DRAFTS = 20;
  const UNKEPT = ["csrfmiddlewaretoken", "_autosave", "_read_at", "_restore"];
  const { user, adminPath } = document.currentScript.dataset;
  const open = () => new Promise((resolve, reject) => {
    const request = indexedDB.open("autosave", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("drafts", { keyPath: "key" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  let database = null;
  // The result of an action on the stored drafts. A browser that is full or keeps nothing keeps no drafts.
  const run = async (mode, action) => {
    try {
      database ??= await open();
      return await new Promise((resolve, reject) => {
        const transaction = database.transaction("drafts", mode, { durability: "strict" });
        const request = action(transaction.objectStore("drafts"));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onabort = () => reject(transaction.error);
        if (mode === "readwrite") transaction.commit(); // even if the page is left meanwhile
      });
    } catch {
      database = null; // it may have been closed by the browser
      return undefined;
    }
  };
  const remove = (key) => run("readwrite", (drafts) => drafts.delete(key));
  // The user's drafts, the latest first. Those of saved forms, old ones and too many are removed.
  const readDrafts = async () => {
    for (const [, key] of document.cookie.matchAll(/(?:^|; )autosave-([0-9a-z]+)=/g)) {
      await remove(key);
      document.cookie = `autosave-${key}=; path=${adminPath}; max-age=0`;
    }
    const drafts = ((await run("readonly", (store) => store.getAll())) ?? []).sort((a, b) => b.at - a.at);
    const isCurrent = (draft, index) => index < MAX_DRAFTS && draft.at > Date.now() - MAX_AGE_MS;
    for (const draft of drafts.filter((...each) => !isCurrent(...each))) await remove(draft.key);
    return drafts.filter(isCurrent).filter((draft) => draft.user === user);
  };

  const bar = document.querySelector("form .admin-autosave"), form = bar?.closest("form");
  // The key is in no field of the page: a browser that fills in fields after a reload would fill in the former key.
  const key = bar?.dataset.key || Date.now().toString(36) + Math.random().toString(36).slice(2);
  form?.append(Object.assign(document.createElement("input"), { type: "hidden", name: "_autosave", value: key }));
  const values = () => {
    const passwords = [...form.querySelectorAll("input[type=password]")].map((field) => field.name);
    const isKept = ([name, value]) => typeof value === "string" && !UNKEPT.includes(name) && !passwords.includes(name) && !name.includes("__prefix__");
    return JSON.stringify([...new FormData(form)].filter(isKept));
  };
  // ``base`` are the values with which the form was opened.
  const base = form && values();
  const draft = form && { key, user, path: location.pathname, readAt: form.elements._read_at?.value, base };
  let latest = base, isLocked = false, isOff = false, timer = 0;
  const save = () => {
    clearTimeout(timer);
    timer = 0;
    const current = values();
    if (isOff || current === latest || current.length > MAX_CHARACTERS) return;
    latest = current;
    Object.assign(draft, { values: current, at: Date.now() });
    run("readwrite", (drafts) => drafts.put(draft));
    // While this page is open, others do not offer its draft.
    if (!isLocked) navigator.locks?.request(draft.key, () => new Promise(() => {}));
    isLocked = true;
  };

  const button = (label, action) => {
    const element = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: label });
    element.addEventListener("click", action);
    return element;
  };
  const show = (text, ...buttons) => {
    const paragraph = document.createElement("p");
    paragraph.textContent = text;
    bar.replaceChildren(paragraph, ...buttons);
  };
  const restore = ({ key, readAt, values: typed }) => {
    const post = Object.assign(document.createElement("form"), { method: "post", enctype: "multipart/form-data", action: location.href });
    const own = { csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value, _autosave: key, _restore: "1" };
    for (const [name, value] of [...JSON.parse(typed), ...Object.entries(own), ...(readAt ? [["_read_at", readAt]] : [])]) {
      post.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    document.body.append(post);
    post.submit();
  };
  const offer = ([first, ...others]) => {
    if (!first) return bar.replaceChildren();
    const time = new Date(first.at).toLocaleString("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
    const isChanged = first.readAt && !location.pathname.endsWith("/add/") && first.base !== draft.base;
    const note = isChanged ? " The record was changed since: restoring shows where both differ." : "";
    return show(`You have unsaved changes from ${time}.${note}`, button("Restore", () => restore(first)), button("Discard", async () => {
      await remove(first.key);
      offer(others);
      bar.querySelector("button")?.focus();
    }));
  };
  // The fields with the submitted names are marked, a date and time in its two fields.
  const showRestored = (names) => {
    const fields = names.flatMap((name) => [name, `${name}_0`, `${name}_1`].flatMap((each) => [...form.querySelectorAll(`[name="${each}"]`)]));
    for (const field of fields) {
      field.closest("td, .fieldBox, .form-row")?.classList.add("admin-restored");
      field.setAttribute("aria-description", "Restored");
    }
    const marks = names.length ? " The fields that differ from what is saved are marked." : "";
    show(`Your changes are restored, and not saved yet.${marks}`, button("Discard", async () => {
      isOff = true;
      await remove(draft.key);
      location.replace(location.href);
    }));
  };

  const ready = readDrafts().then(async (drafts) => {
    if (!form) return;
    draft.base = drafts.find(({ key }) => key === draft.key)?.base ?? base; // the form came back with errors or restored
    if (bar.dataset.restored !== undefined) return showRestored(bar.dataset.restored.split(" ").filter(Boolean));
    const isOpen = new Set((await navigator.locks?.query())?.held.map(({ name }) => name));
    const others = drafts.filter((each) => each.path === draft.path && each.key !== draft.key && !isOpen.has(each.key));
    for (const same of others.filter((each) => each.values === base)) await remove(same.key);
    return offer(others.filter((each) => each.values !== base));
  });
  if (form) {
    const schedule = () => { timer ||= setTimeout(save, SAVE_DELAY_MS); };
    for (const type of ["input", "change", "click", "keyup", "drop", "focusin"]) document.addEventListener(type, schedule);
    for (const type of ["submit", "visibilitychange"]) document.addEventListener(type, save);
    window.addEventListener("pagehide", save);
  }
  document.querySelector("#logout-form")?.addEventListener("submit", async (event) => {
    event.preventDefault();
    isOff = true;
    await ready;
    for (const { key } of await readDrafts()) await remove(key);
    event.target.submit();
  });
}
