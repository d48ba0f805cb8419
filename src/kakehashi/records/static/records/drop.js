// Files may be dragged onto the part of a form that takes them; without this script they are chosen as ever.
(function () {
  "use strict";
  document.querySelectorAll("[data-drop]").forEach(function (zone) {
    const input = zone.querySelector("input[type=file]");
    if (!input) return;
    zone.addEventListener("dragover", function (event) { event.preventDefault(); zone.dataset.over = ""; });
    zone.addEventListener("dragleave", function () { delete zone.dataset.over; });
    zone.addEventListener("drop", function (event) {
      event.preventDefault();
      delete zone.dataset.over;
      if (!event.dataTransfer.files.length) return;
      const taken = new DataTransfer();
      Array.from(input.files).concat(Array.from(event.dataTransfer.files)).forEach(function (file) { taken.items.add(file); });
      input.files = taken.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  });
})();
