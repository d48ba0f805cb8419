// The pages are plain forms and links; this adds dropping a folder, and the keys of the review.
(function () {
  "use strict";
  const drop = document.querySelector("[data-paper-drop]");
  const input = drop && drop.querySelector("input[type=file]");

  function entriesOf(entry) {
    return new Promise(function (resolve) {
      if (entry.isFile) return entry.file(function (file) { resolve([file]); }, function () { resolve([]); });
      const reader = entry.createReader();
      const found = [];
      (function next() {
        reader.readEntries(function (entries) {
          if (!entries.length) return Promise.all(found).then(function (lists) { resolve(lists.flat()); });
          entries.forEach(function (one) { found.push(entriesOf(one)); });
          next();
        }, function () { resolve([]); });
      })();
    });
  }

  if (input) {
    document.addEventListener("dragover", function (event) { event.preventDefault(); drop.dataset.over = ""; });
    document.addEventListener("dragleave", function (event) { if (!event.relatedTarget) delete drop.dataset.over; });
    document.addEventListener("drop", function (event) {
      event.preventDefault();
      delete drop.dataset.over;
      const entries = Array.from(event.dataTransfer.items).map(function (item) { return item.webkitGetAsEntry(); }).filter(Boolean);
      Promise.all(entries.map(entriesOf)).then(function (lists) {
        const taken = new DataTransfer();
        lists.flat().filter(function (file) { return /\.(docx|xlsx|pdf|zip)$/i.test(file.name); }).forEach(function (file) { taken.items.add(file); });
        if (!taken.files.length) return;
        input.files = taken.files;
        if (drop.checkValidity()) drop.requestSubmit();
      });
    });
  }

  const fields = Array.from(document.querySelectorAll(".paper-field"));
  if (!fields.length) return;
  let now = -1;

  function show(index, focus) {
    now = Math.max(0, Math.min(fields.length - 1, index));
    document.querySelectorAll("[data-now]").forEach(function (one) { delete one.dataset.now; });
    const field = fields[now];
    field.dataset.now = "";
    if (focus) field.focus({ preventScroll: false });
    const sheet = document.querySelector(".paper-original__sheet");
    document.querySelectorAll('[data-at="' + field.dataset.number + '"]').forEach(function (spot, at) {
      spot.dataset.now = "";
      if (!at && sheet) sheet.scrollTop += spot.getBoundingClientRect().top - sheet.getBoundingClientRect().top - 80;
    });
  }

  function fromAddress() {
    const number = (location.hash.match(/^#[fo]-(\d+)$/) || [])[1];
    if (number) show(fields.findIndex(function (one) { return one.dataset.number === number; }), true);
  }
  window.addEventListener("hashchange", fromAddress);
  fields.forEach(function (field, index) { field.addEventListener("focusin", function () { if (index !== now) show(index, false); }); });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && now >= 0 && fields[now].contains(event.target)) {
      fields[now].querySelector("details").open = false;
      fields[now].focus();
      return;
    }
    if (event.target.closest("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "j") show(now + 1, true);
    else if (event.key === "k") show(now - 1, true);
    else if (now < 0) return;
    else if (event.key === "a") fields[now].querySelector("[data-act=accept]").click();
    else if (event.key === "x") fields[now].querySelector("[data-act=drop]").click();
    else if (event.key === "e") {
      const details = fields[now].querySelector("details");
      details.open = true;
      details.querySelector("input[name=label]").focus();
    } else return;
    event.preventDefault();
  });
  fromAddress();
})();
