// Paging by keys and by swiping, on top of links and buttons that work without it; a half-written note is never swapped away.
(function () {
  "use strict";
  const FAR = 50;

  function typing(target) {
    return target.closest("input, textarea, select, [contenteditable]") !== null;
  }

  function turn(way) {
    const found = document.querySelector('[data-turn="' + way + '"]');
    if (found) found.click();
    return Boolean(found);
  }

  const KEYS = { ArrowRight: "next", PageDown: "next", ArrowLeft: "previous", PageUp: "previous" };
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.isComposing || typing(event.target)) return;
    if (KEYS[event.key] && turn(KEYS[event.key])) event.preventDefault();
  });

  let start = null;
  document.addEventListener("touchstart", function (event) {
    start = event.touches.length === 1 && event.target.closest("[data-swipe]") ? event.touches[0] : null;
  }, { passive: true });
  document.addEventListener("touchend", function (event) {
    if (!start) return;
    const end = event.changedTouches[0], across = end.clientX - start.clientX, down = end.clientY - start.clientY;
    start = null;
    if (Math.abs(across) > FAR && Math.abs(across) > 2 * Math.abs(down)) turn(across < 0 ? "next" : "previous");
  }, { passive: true });

  // The screen moves on with the presenter, the note that is being written stays with its own page.
  document.addEventListener("htmx:oobBeforeSwap", function (event) {
    const box = document.querySelector("[data-note-form] textarea");
    if (event.detail.target.id !== "stage-notes" || !box || box.value === box.defaultValue) return;
    event.detail.shouldSwap = false;
    const hint = document.querySelector("[data-behind]");
    if (hint) hint.hidden = false;
  });
})();
