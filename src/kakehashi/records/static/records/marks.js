// A part of a page is drawn with finger, pen or mouse; without this script its place is typed, or its words are.
(function () {
  "use strict";
  const sheet = document.querySelector("[data-mark-sheet]");
  if (!sheet) return;
  const drawing = sheet.querySelector("svg");
  const box = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  const field = function (name) { return document.querySelector("[name=" + name + "]"); };
  let from = null;
  box.setAttribute("class", "records-mark records-mark--new");

  function at(event) {
    const frame = drawing.getBoundingClientRect();
    const clamp = function (part) { return Math.max(0, Math.min(1000, Math.round(part * 1000))); };
    return [clamp((event.clientX - frame.left) / frame.width), clamp((event.clientY - frame.top) / frame.height)];
  }

  function show(to) {
    const values = {
      left: Math.min(from[0], to[0]), top: Math.min(from[1], to[1]),
      width: Math.max(1, Math.abs(to[0] - from[0])), height: Math.max(1, Math.abs(to[1] - from[1])),
    };
    box.setAttribute("x", values.left); box.setAttribute("y", values.top);
    box.setAttribute("width", values.width); box.setAttribute("height", values.height);
    Object.keys(values).forEach(function (name) { field(name).value = values[name]; });
  }

  drawing.addEventListener("pointerdown", function (event) {
    event.preventDefault();
    from = at(event);
    drawing.appendChild(box);
    drawing.setPointerCapture(event.pointerId);
    show(from);
  });
  drawing.addEventListener("pointermove", function (event) { if (from) show(at(event)); });
  drawing.addEventListener("pointerup", function (event) { if (from) { show(at(event)); from = null; } });
})();
