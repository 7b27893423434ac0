// The focal point of a picture: a click on the whole picture sets the two numbers, and the crops follow them.
// Without this script the numbers are typed in, and the crops show what was saved.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const box = document.querySelector(".admin-picture");
  const [x, y, file] = ["focal_x", "focal_y", "file"].map((name) => document.getElementById(`id_${name}`));
  if (!box || !x || !y) return;
  const cut = () => box.querySelectorAll(".admin-picture__crop");
  const follow = () => cut().forEach((image) => { image.style.objectPosition = `${x.value || 50}% ${y.value || 50}%`; });
  const percent = (part, whole) => Math.min(100, Math.max(0, Math.round(100 * part / whole)));
  const live = () => {
    box.classList.add("admin-picture--live");
    box.querySelector(".admin-picture__full").addEventListener("click", (event) => {
      x.value = percent(event.offsetX, event.target.offsetWidth);
      y.value = percent(event.offsetY, event.target.offsetHeight);
      follow();
    });
    follow();
  };
  const image = (kind) => {
    const made = document.createElement("img");
    made.className = `admin-picture__${kind}`;
    made.alt = "";
    return made;
  };
  if (box.querySelector("img")) live();
  x.addEventListener("input", follow);
  y.addEventListener("input", follow);
  // A file that was chosen and not sent yet is shown from memory.
  if (file) file.addEventListener("change", () => {
    if (!file.files[0]) return;
    const reader = new FileReader();
    reader.onload = () => {
      if (!box.querySelector("img")) {
        box.append(image("whole"), ...["poster", "portrait", "still"].map((name) => image(`cut admin-picture__crop--${name}`)));
        live();
      }
      box.querySelectorAll("img").forEach((each) => { each.removeAttribute("height"); each.src = reader.result; });
    };
    reader.readAsDataURL(file.files[0]);
  });
});
