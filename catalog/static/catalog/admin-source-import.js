// The review of an import: ticks a row or a column of a table at once, unticks the other values of a fact of which one
// can be taken, and counts. Without this script the buttons are answered by the site, and so are the rules.
"use strict";
{
  const form = document.querySelector("#review_form"), total = form?.querySelector("[data-ticked-count]");
  const boxesIn = (elements) => elements.flatMap((element) => [...element.querySelectorAll("input[name=take]")]);
  const words = (box) => box.parentNode.textContent.trim();
  const set = (box, isTicked) => {
    if (box.checked === isTicked) return;
    box.checked = isTicked;
    if (total) total.textContent = Number(total.textContent.replace(/\D/g, "")) + (isTicked ? 1 : -1);
  };
  // Of a fact with one value, all boxes of that value may stay ticked.
  const untickOthers = (box) => {
    const row = box.closest("tr[data-single]");
    if (row && box.checked) boxesIn([row]).filter((other) => words(other) !== words(box)).forEach((other) => set(other, false));
  };
  form?.addEventListener("change", (event) => {
    if (event.target.name !== "take") return;
    if (total) total.textContent = Number(total.textContent.replace(/\D/g, "")) + (event.target.checked ? 1 : -1);
    untickOthers(event.target);
  });
  form?.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-row], button[data-column]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("tr"), column = Number(button.dataset.column) + 2;
    const cells = "row" in button.dataset ? [row] : [...button.closest("table").tBodies[0].rows].map((each) => each.cells[column]);
    const boxes = boxesIn(cells), isTicked = !boxes.every((box) => box.checked);
    boxes.forEach((box) => { set(box, isTicked); untickOthers(box); });
  });
}
