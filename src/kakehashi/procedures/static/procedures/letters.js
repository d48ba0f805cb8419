// The list of placeholders is plain text to copy; with this a click writes the name where the cursor was last.
(function () {
  "use strict";
  let last = document.querySelector("[data-letter] textarea");
  document.addEventListener("focusin", function (event) {
    if (event.target.matches("[data-letter] textarea, [data-letter] input[type=text]")) last = event.target;
  });
  document.querySelectorAll("[data-placeholder]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      if (!last) return;
      last.setRangeText(button.dataset.placeholder, last.selectionStart, last.selectionEnd, "end");
      last.focus();
    });
  });
})();
