// The drawing of a logic model by keyboard: arrow keys walk between boxes, "a" begins an arrow, Enter on another box draws it.
// Without this script every box and arrow is a link to its form, and arrows are drawn by the form below the drawing.
(() => {
  "use strict";
  const area = document.querySelector("[data-logic]");
  if (!area) return;
  const help = document.querySelector("[data-logic-help]");
  const said = document.querySelector("[data-logic-said]");
  const boxes = [...area.querySelectorAll("a[data-box]")];
  if (help) help.hidden = false;
  let chosen = null;

  const middle = (box) => {
    const place = box.getBoundingClientRect();
    return [place.left + place.width / 2, place.top + place.height / 2];
  };
  const name = (box) => box.getAttribute("aria-label").split("。")[0];
  const say = (words) => { if (said) said.textContent = words; };

  const nearest = (from, key) => {
    const [x, y] = middle(from);
    const along = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[key];
    let best = null;
    let least = Infinity;
    for (const box of boxes) {
      const [bx, by] = middle(box);
      const forward = (bx - x) * along[0] + (by - y) * along[1];
      const aside = Math.abs((bx - x) * along[1]) + Math.abs((by - y) * along[0]);
      if (box === from || forward < 4) continue;
      const far = forward + aside * 2;
      if (far < least) { least = far; best = box; }
    }
    return best;
  };

  const leave = (words) => {
    if (chosen) chosen.removeAttribute("data-chosen");
    chosen = null;
    say(words);
  };

  const draw = (start, end) => {
    const form = document.querySelector(`form[action="${area.dataset.draw}"]`);
    if (!form) return;
    form.elements.start.value = start.dataset.box;
    form.elements.end.value = end.dataset.box;
    form.requestSubmit();
  };

  area.addEventListener("keydown", (event) => {
    const box = event.target.closest("a[data-box]");
    if (!box || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.startsWith("Arrow")) {
      const next = nearest(box, event.key);
      if (next) { event.preventDefault(); next.focus(); next.scrollIntoView({ block: "nearest", inline: "nearest" }); }
    } else if (event.key === "a") {
      event.preventDefault();
      leave("");
      chosen = box;
      box.setAttribute("data-chosen", "");
      say(`「${name(box)}」から矢印を引きます。右の列の箱で Enter を押してください。やめるときは Esc です。`);
    } else if (event.key === "Escape" && chosen) {
      leave("矢印を引くのをやめました。");
    } else if (event.key === "Enter" && chosen && chosen !== box) {
      event.preventDefault();
      draw(chosen, box);
    }
  });
})();
