// The billing of credits in a form: a row is dragged by its handle, or moved by Alt and an arrow key in any of its
// fields, among the rows of its role, which are then renumbered. The neighbouring row is moved in the document, so that
// this one keeps focus and pointer. Without this script the numbers are typed.
"use strict";
{
  const rowsOf = (group) => [...group.querySelectorAll("tr.form-row:not(.empty-form)")];
  const field = (row, name) => row.querySelector(`[name$="-${name}"]`);
  const selectedText = (row, name) => field(row, name)?.selectedOptions?.[0]?.textContent.trim() || "";
  const peersOf = (row) => rowsOf(row.closest(".inline-group")).filter(
    (peer) => field(peer, "role")?.value === field(row, "role")?.value && !field(peer, "DELETE")?.checked);
  const announce = (row, text) => { row.closest(".inline-group").querySelector(".admin-status").textContent = text; };
  const withErrors = (row) => [row.previousElementSibling?.matches(".row-form-errors") && row.previousElementSibling, row].filter(Boolean);

  // Move the row up (-1) or down (1) among its peers; false if it is the first or last.
  const move = (row, direction) => {
    const peers = peersOf(row), neighbour = peers[peers.indexOf(row) + direction];
    if (!field(row, "role")?.value || !peers.includes(row) || !neighbour) return false;
    if (direction < 0) row.after(...withErrors(neighbour));
    else withErrors(row)[0].before(...withErrors(neighbour));
    return true;
  };
  const renumber = (row) => {
    const peers = peersOf(row);
    peers.forEach((peer, index) => {
      const billing = field(peer, "billing");
      if (billing.value === String(index + 1)) return;
      billing.value = index + 1;
      billing.dispatchEvent(new Event("change", { bubbles: true }));
    });
    announce(row, `${selectedText(row, "person") || "This row"}: ${peers.indexOf(row) + 1} of ${peers.length}, ${selectedText(row, "role")}`);
  };

  document.addEventListener("keydown", (event) => {
    const direction = { ArrowUp: -1, ArrowDown: 1 }[event.key], row = event.target.closest?.(".admin-sortable-rows tr.form-row");
    // The same keys open a select.
    if (!direction || !event.altKey || event.ctrlKey || event.metaKey || !row || event.target.closest("select, .select2")) return;
    event.preventDefault();
    if (move(row, direction)) renumber(row);
    else announce(row, field(row, "role")?.value ? "There is no further row of this role" : "The row has no role yet");
  });

  const makeDraggable = (handle, row) => {
    handle.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      handle.setPointerCapture(event.pointerId);
      row.classList.add("admin-dragged");
    });
    handle.addEventListener("pointermove", (event) => {
      const over = handle.hasPointerCapture(event.pointerId) && document.elementFromPoint(event.clientX, event.clientY)?.closest("tr.form-row");
      const peers = over && over !== row ? peersOf(row) : [], direction = Math.sign(peers.indexOf(over) - peers.indexOf(row));
      while (peers.includes(over) && peersOf(row).indexOf(row) !== peers.indexOf(over) && move(row, direction));
    });
    handle.addEventListener("lostpointercapture", () => { row.classList.remove("admin-dragged"); renumber(row); });
  };
  const addHandle = (row) => {
    const cell = row.querySelector("td.original");
    if (!cell || cell.querySelector(".admin-drag-handle") || !field(row, "billing")) return;
    const handle = document.createElement("span");
    handle.className = "admin-drag-handle";
    handle.title = "Drag to another place in the billing";
    cell.prepend(handle);
    makeDraggable(handle, row);
  };
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("#credits-group").forEach((group) => {
    group.classList.add("admin-sortable-rows");
    group.insertAdjacentHTML("beforeend", '<p class="admin-status visually-hidden" role="status"></p>');
    rowsOf(group).forEach(addHandle);
  }));
  document.addEventListener("formset:added", (event) => event.target.closest(".admin-sortable-rows") && addHandle(event.target));
  // When a row is removed, Django renumbers the rows by their positions: for that they are in their original order.
  document.addEventListener("click", (event) => {
    const group = event.target.closest?.(".inline-deletelink") && event.target.closest(".admin-sortable-rows");
    const rows = group ? rowsOf(group) : [], insert = (sorted) => sorted.forEach((row) => row.isConnected && group.querySelector(".empty-form").before(...withErrors(row)));
    insert([...rows].sort((a, b) => a.id.match(/\d+/) - b.id.match(/\d+/)));
    setTimeout(() => insert(rows));
  }, true);
}
