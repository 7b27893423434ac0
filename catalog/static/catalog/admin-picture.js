// The focal point of a picture: a click on the full picture sets the two numbers, and the crops follow them.
// Without this script the numbers are typed, and the crops show the stored focal point.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const box = document.querySelector(".admin-picture");
  const [x, y, file] = ["focal_x", "focal_y", "file"].map((name) => document.getElementById(`id_${name}`));
  if (!box || !x || !y) return;
  const crops = () => box.querySelectorAll(".admin-picture__crop");
  const updateCrops = () => crops().forEach((image) => { image.style.objectPosition = `${x.value || 50}% ${y.value || 50}%`; });
  const percent = (offset, size) => Math.min(100, Math.max(0, Math.round(100 * offset / size)));
  const activate = () => {
    box.classList.add("admin-picture--live");
    box.querySelector(".admin-picture__full").addEventListener("click", (event) => {
      x.value = percent(event.offsetX, event.target.offsetWidth);
      y.value = percent(event.offsetY, event.target.offsetHeight);
      updateCrops();
    });
    updateCrops();
  };
  const image = (part) => {
    const img = document.createElement("img");
    img.className = `admin-picture__${part}`;
    img.alt = "";
    return img;
  };
  if (box.querySelector("img")) activate();
  x.addEventListener("input", updateCrops);
  y.addEventListener("input", updateCrops);
  // A selected file is shown before it is uploaded.
  if (file) file.addEventListener("change", () => {
    if (!file.files[0]) return;
    const reader = new FileReader();
    reader.onload = () => {
      if (!box.querySelector("img")) {
        box.append(image("full"), ...["poster", "portrait", "still"].map((name) => image(`crop admin-picture__crop--${name}`)));
        activate();
      }
      box.querySelectorAll("img").forEach((img) => { img.removeAttribute("height"); img.src = reader.result; });
    };
    reader.readAsDataURL(file.files[0]);
  });
});
