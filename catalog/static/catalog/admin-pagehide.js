// Django closes the pop-ups of a page on "unload", which browsers deprecate and which keeps a page out of their
// back/forward cache. "pagehide" does the same.
"use strict";
{
  const addListener = window.addEventListener.bind(window);
  window.addEventListener = (type, ...rest) => addListener(type === "unload" ? "pagehide" : type, ...rest);
}
