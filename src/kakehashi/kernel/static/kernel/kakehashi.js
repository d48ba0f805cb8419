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

  // Shift+X: every row between the last one ticked and this one.
  function tickUpTo() {
    const all = rows();
    const here = all.findIndex(function (row) { return row.hasAttribute("data-selected"); });
    if (here < 0) return;
    let from = here;
    while (from > 0 && !all[from - 1].querySelector("input[type=checkbox]:checked")) from -= 1;
    all.slice(from, here + 1).forEach(function (row) { const box = row.querySelector("input[type=checkbox]"); if (box) box.checked = true; });
  }

  function press(selector) {
    const found = document.querySelector(selector);
    if (found) found.click();
  }

  // A control says its own key with data-key: a field is focused, anything else is pressed.
  function own(key) {
    const found = /^[a-z0-9]$/.test(key) ? document.querySelector('main [data-key="' + key + '"]') : null;
    if (!found) return false;
    if (found.matches("select, input, textarea")) found.focus(); else found.click();
    return true;
  }

  function help() {
    const sheet = document.querySelector("[data-keys]");
    if (!sheet) return;
    sheet.open = !sheet.open;
    if (sheet.open) { sheet.scrollIntoView({ block: "nearest" }); sheet.querySelector("summary").focus(); }
  }

  function listKeys() {
    const list = document.querySelector("[data-keys-here]");
    if (!list) return;
    document.querySelectorAll("main [data-key]").forEach(function (each) {
      const term = document.createElement("dt"), words = document.createElement("dd"), key = document.createElement("kbd");
      key.textContent = each.dataset.key;
      term.append(key);
      const label = each.labels && each.labels.length ? each.labels[0].textContent : each.textContent;
      words.textContent = each.dataset.keyLabel || label.trim();
      list.append(term, words);
    });
    if (!list.children.length) list.remove();
  }

  const keys = {
    "?": help,
    X: tickUpTo,
    u: function () { press("[data-undo-seconds] button"); },
    n: function () { press("main a[rel=next]"); },
    p: function () { press("main a[rel=prev]"); },
    "/": function () { const box = document.querySelector("main [data-hotkey='/']") || document.querySelector("[data-hotkey='/']"); if (box) { box.focus(); box.select(); } },
    j: function () { move(1); },
    k: function () { move(-1); },
    x: tick,
  };

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    const act = keys[event.key];
    if (act) { event.preventDefault(); act(); return; }
    if (own(event.key)) event.preventDefault();
  });

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && typing(event.target) && !event.isComposing) event.target.blur();
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
    // After a file the same page is still there, and its other buttons are pressed next.
    if (event.submitter && event.submitter.hasAttribute("data-download")) return;
    form.setAttribute("data-sent", "");
    window.setTimeout(function () { form.removeAttribute("data-sent"); }, 8000);
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { form.removeAttribute("data-sent"); });
  });

  function start() {
    listKeys();
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
