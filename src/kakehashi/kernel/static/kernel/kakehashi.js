// Convenience on top of pages that already work without JavaScript: keys on lists, "/" to search, undo that closes itself.
(function () {
  "use strict";

  function typing(target) {
    return target.closest("input, textarea, select, [contenteditable]") !== null;
  }

  function rows() {
    return Array.from(document.querySelectorAll("[data-list] [data-row]"));
  }

  function select(row) {
    rows().forEach(function (each) { each.removeAttribute("data-selected"); });
    if (!row) return;
    row.setAttribute("data-selected", "");
    const link = row.querySelector("a[href]");
    if (link) link.focus();
    row.scrollIntoView({ block: "nearest" });
  }

  function move(step) {
    const all = rows();
    if (!all.length) return;
    const at = all.findIndex(function (row) { return row.hasAttribute("data-selected"); });
    select(all[Math.min(all.length - 1, Math.max(0, at + step))]);
  }

  function tick() {
    const box = document.querySelector("[data-list] [data-selected] input[type=checkbox]");
    if (box) box.click();
  }

  const keys = {
    "/": function () { const box = document.querySelector("main [data-hotkey='/']") || document.querySelector("[data-hotkey='/']"); if (box) { box.focus(); box.select(); } },
    j: function () { move(1); },
    k: function () { move(-1); },
    x: tick,
  };

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    const act = keys[event.key];
    if (act) { event.preventDefault(); act(); }
  });

  document.addEventListener("focusin", function (event) {
    const row = event.target.closest("[data-list] [data-row]");
    rows().forEach(function (each) { each.toggleAttribute("data-selected", each === row); });
  });

  // Menus close with Escape and when something else is pressed.
  document.addEventListener("click", function (event) {
    document.querySelectorAll("details.dads-menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.addEventListener("keyup", function (event) {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details.dads-menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });

  // A form is sent once; the server's idempotency key is the guarantee, this only spares the second click.
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (form.method.toLowerCase() !== "post") return;
    if (form.hasAttribute("data-sent")) { event.preventDefault(); return; }
    form.setAttribute("data-sent", "");
    window.setTimeout(function () { form.removeAttribute("data-sent"); }, 8000);
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { form.removeAttribute("data-sent"); });
  });

  function start() {
    const wrong = document.querySelector("[data-focus]");
    if (wrong) wrong.focus();
    document.querySelectorAll("[data-undo-seconds]").forEach(function (box) {
      window.setTimeout(function () { box.remove(); }, Number(box.dataset.undoSeconds) * 1000);
    });
    document.querySelectorAll("[data-print]").forEach(function (button) {
      button.hidden = false;
      button.addEventListener("click", function () { window.print(); });
    });
    document.querySelectorAll("[data-check-all]").forEach(function (box) {
      box.hidden = false;
      box.addEventListener("change", function () {
        document.querySelectorAll("[data-list] [data-row] input[type=checkbox]").forEach(function (each) { each.checked = box.checked; });
      });
    });
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
