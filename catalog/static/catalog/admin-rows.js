// The billing of credits in a form: a row is dragged by its grip, or moved by Alt and an arrow from any of its fields,
// among the rows of its role, which are numbered anew. It is the neighbour that moves, so that the row keeps the focus
// and the pointer. Without this script the numbers are typed.
"use strict";
{
  const rowsOf = (group) => [...group.querySelectorAll("tr.form-row:not(.empty-form)")];
  const field = (row, name) => row.querySelector(`[name$="-${name}"]`);
  const chosen = (row, name) => field(row, name)?.selectedOptions?.[0]?.textContent.trim() || "";
  const peersOf = (row) => rowsOf(row.closest(".inline-group")).filter(
    (other) => field(other, "role")?.value === field(row, "role")?.value && !field(other, "DELETE")?.checked);
  const say = (row, words) => { row.closest(".inline-group").querySelector(".admin-status").textContent = words; };
  const parts = (row) => [row.previousElementSibling?.matches(".row-form-errors") && row.previousElementSibling, row].filter(Boolean);

  // Whether the row could go one place up (-1) or down (1) among its peers.
  const step = (row, way) => {
    const peers = peersOf(row), other = peers[peers.indexOf(row) + way];
    if (!field(row, "role")?.value || !peers.includes(row) || !other) return false;
    if (way < 0) row.after(...parts(other));
    else parts(row)[0].before(...parts(other));
    return true;
  };
  const number = (row) => {
    const peers = peersOf(row);
    peers.forEach((peer, place) => {
      const billing = field(peer, "billing");
      if (billing.value === String(place + 1)) return;
      billing.value = place + 1;
      billing.dispatchEvent(new Event("change", { bubbles: true }));
    });
    say(row, `${chosen(row, "person") || "This row"}: ${peers.indexOf(row) + 1} of ${peers.length}, ${chosen(row, "role")}`);
  };

  document.addEventListener("keydown", (event) => {
    const way = { ArrowUp: -1, ArrowDown: 1 }[event.key], row = event.target.closest?.(".admin-sortable-rows tr.form-row");
    // A list that one chooses from opens by the same keys.
    if (!way || !event.altKey || event.ctrlKey || event.metaKey || !row || event.target.closest("select, .select2")) return;
    event.preventDefault();
    if (step(row, way)) number(row);
    else say(row, field(row, "role")?.value ? "There is no further row of this role" : "The row has no role yet");
  });

  const drag = (grip, row) => {
    grip.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      grip.setPointerCapture(event.pointerId);
      row.classList.add("admin-dragged");
    });
    grip.addEventListener("pointermove", (event) => {
      const over = grip.hasPointerCapture(event.pointerId) && document.elementFromPoint(event.clientX, event.clientY)?.closest("tr.form-row");
      const peers = over && over !== row ? peersOf(row) : [], way = Math.sign(peers.indexOf(over) - peers.indexOf(row));
      while (peers.includes(over) && peersOf(row).indexOf(row) !== peers.indexOf(over) && step(row, way));
    });
    grip.addEventListener("lostpointercapture", () => { row.classList.remove("admin-dragged"); number(row); });
  };
  const gripped = (row) => {
    const cell = row.querySelector("td.original");
    if (!cell || cell.querySelector(".admin-drag-handle") || !field(row, "billing")) return;
    const grip = document.createElement("span");
    grip.className = "admin-drag-handle";
    grip.title = "Drag to another place in the billing";
    cell.prepend(grip);
    drag(grip, row);
  };
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("#credits-group").forEach((group) => {
    group.classList.add("admin-sortable-rows");
    group.insertAdjacentHTML("beforeend", '<p class="admin-status visually-hidden" role="status"></p>');
    rowsOf(group).forEach(gripped);
  }));
  document.addEventListener("formset:added", (event) => event.target.closest(".admin-sortable-rows") && gripped(event.target));
  // Django numbers rows anew by their places when one is taken out: for that they stand as they were sent.
  document.addEventListener("click", (event) => {
    const group = event.target.closest?.(".inline-deletelink") && event.target.closest(".admin-sortable-rows");
    const rows = group ? rowsOf(group) : [], put = (some) => some.forEach((row) => row.isConnected && group.querySelector(".empty-form").before(...parts(row)));
    put([...rows].sort((one, other) => one.id.match(/\d+/) - other.id.match(/\d+/)));
    setTimeout(() => put(rows));
  }, true);
}
