// What makes two kinds of answers easier: a signature drawn by hand, and a place taken from the device or from a map.
// Without this script both are answered by typing.
(function () {
  "use strict";
  const WIDTH = 600, HEIGHT = 200, LONGEST = 7900;

  function point(svg, event) {
    const box = svg.getBoundingClientRect();
    const x = Math.round(((event.clientX - box.left) / box.width) * WIDTH);
    const y = Math.round(((event.clientY - box.top) / box.height) * HEIGHT);
    return Math.max(0, Math.min(WIDTH, x)) + " " + Math.max(0, Math.min(HEIGHT, y));
  }

  function drawable(part) {
    const input = part.querySelector("input"), svg = part.querySelector("svg"), path = svg.querySelector("path");
    let last = "";
    part.closest(".eform-part").hidden = false;
    part.querySelector(".eform-drawing__acts").hidden = false;
    function add(mark, where) {
      if (where === last || input.value.length > LONGEST) return;
      last = where;
      input.value += mark + where;
      path.setAttribute("d", input.value);
    }
    svg.addEventListener("pointerdown", function (event) {
      event.preventDefault();
      svg.setPointerCapture(event.pointerId);
      last = "";
      add("M", point(svg, event));
    });
    svg.addEventListener("pointermove", function (event) {
      if (svg.hasPointerCapture(event.pointerId)) add("L", point(svg, event));
    });
    part.querySelector("[data-clear]").addEventListener("click", function () {
      input.value = "";
      path.setAttribute("d", "");
    });
  }

  // The map is drawn from square pictures of 256 points (the usual web tiles); it is only here when the town set their address.
  function tileMap(box, template, start, chosen, failed) {
    const svg = box.querySelector("svg");
    const view = { x: 0, y: 0, zoom: 15 };
    let loaded = false;
    function size() { return 256 * Math.pow(2, view.zoom); }
    function go(latitude, longitude) {
      const sine = Math.sin((latitude * Math.PI) / 180);
      view.x = ((longitude + 180) / 360) * size();
      view.y = (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * size();
      draw();
    }
    function where() {
      const n = Math.PI - (2 * Math.PI * view.y) / size();
      return [(180 / Math.PI) * Math.atan(Math.sinh(n)), (view.x / size()) * 360 - 180];
    }
    function node(name, attributes) {
      const made = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const key of Object.keys(attributes)) made.setAttribute(key, attributes[key]);
      svg.appendChild(made);
      return made;
    }
    function draw() {
      svg.replaceChildren();
      const left = view.x - 256, top = view.y - 160, most = Math.pow(2, view.zoom);
      for (let tx = Math.floor(left / 256); tx * 256 < left + 512; tx += 1) {
        for (let ty = Math.floor(top / 256); ty * 256 < top + 320; ty += 1) {
          if (tx < 0 || ty < 0 || tx >= most || ty >= most) continue;
          const href = template.replace("{z}", view.zoom).replace("{x}", tx).replace("{y}", ty);
          const tile = node("image", { href: href, x: tx * 256 - left, y: ty * 256 - top, width: 256, height: 256 });
          tile.addEventListener("load", function () { loaded = true; });
          // A network without the server of pictures: the words and numbers beside it are all that is needed.
          tile.addEventListener("error", function () { if (!loaded) failed(); });
        }
      }
      node("path", { d: "M256 140V180M236 160H276", stroke: "#c00", "stroke-width": 3, fill: "none" });
    }
    function zoom(by) {
      const [latitude, longitude] = where();
      view.zoom = Math.max(5, Math.min(18, view.zoom + by));
      go(latitude, longitude);
    }
    let held = null;
    svg.addEventListener("pointerdown", function (event) { svg.setPointerCapture(event.pointerId); held = event; });
    svg.addEventListener("pointermove", function (event) {
      if (!held || !svg.hasPointerCapture(event.pointerId)) return;
      const scale = 512 / svg.getBoundingClientRect().width;
      view.x -= (event.clientX - held.clientX) * scale;
      view.y -= (event.clientY - held.clientY) * scale;
      held = event;
      draw();
    });
    svg.addEventListener("pointerup", function () { held = null; });
    box.addEventListener("keydown", function (event) {
      const moves = { ArrowLeft: [-64, 0], ArrowRight: [64, 0], ArrowUp: [0, -64], ArrowDown: [0, 64] };
      if (moves[event.key]) { view.x += moves[event.key][0]; view.y += moves[event.key][1]; draw(); }
      else if (event.key === "Enter") chosen(where());
      else return;
      event.preventDefault();
    });
    go(start[0], start[1]);
    return { go: go, zoom: zoom, take: function () { chosen(where()); } };
  }

  function locatable(part) {
    const question = part.closest(".eform-question");
    const input = function (name) { return question.querySelector('[name$=".' + name + '"]'); };
    const said = part.querySelector("[data-said]");
    part.hidden = false;
    function fill(place) {
      input("latitude").value = place[0].toFixed(6);
      input("longitude").value = place[1].toFixed(6);
      input("longitude").dispatchEvent(new Event("change", { bubbles: true }));
    }
    let map = null;
    const box = part.querySelector("[data-map]");
    if (box) {
      const known = [Number(input("latitude").value) || 36.7, Number(input("longitude").value) || 137.2];
      const failed = function () {
        box.hidden = true;
        part.querySelector(".eform-map__acts").hidden = true;
        said.textContent = part.dataset.nomap;
      };
      map = tileMap(box, part.dataset.tiles, known, fill, failed);
      part.querySelectorAll("[data-zoom]").forEach(function (button) {
        button.addEventListener("click", function () { map.zoom(Number(button.dataset.zoom)); });
      });
      part.querySelector("[data-take]").addEventListener("click", function () { map.take(); });
    }
    part.querySelector("[data-here]").addEventListener("click", function () {
      const denied = function () { said.textContent = part.dataset.denied; };
      if (!navigator.geolocation) return denied();
      navigator.geolocation.getCurrentPosition(function (found) {
        fill([found.coords.latitude, found.coords.longitude]);
        if (map) map.go(found.coords.latitude, found.coords.longitude);
        said.textContent = part.dataset.found;
      }, denied, { enableHighAccuracy: true, timeout: 15000 });
    });
  }

  function start() {
    document.querySelectorAll("[data-drawing]:not([data-ready])").forEach(function (part) { part.dataset.ready = ""; drawable(part); });
    document.querySelectorAll("[data-location]:not([data-ready])").forEach(function (part) { part.dataset.ready = ""; locatable(part); });
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
  document.addEventListener("htmx:afterSettle", start);
})();
