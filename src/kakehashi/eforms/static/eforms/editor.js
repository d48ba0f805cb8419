// The editor is plain forms and links; htmx only spares the reload. An answer that refuses an act is shown like any other.
(function () {
  "use strict";
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (event.detail.target.id === "editor" && [409, 422].includes(event.detail.xhr.status)) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  // The question being edited is brought into sight inside its own column; the page itself stays where it is.
  function showChosen() {
    const chosen = document.querySelector("#editor [data-chosen]");
    const column = document.querySelector(".eform-preview");
    if (chosen && column && column.scrollHeight > column.clientHeight) {
      column.scrollTop += chosen.getBoundingClientRect().top - column.getBoundingClientRect().top - 80;
    }
  }

  document.addEventListener("htmx:afterSettle", function () {
    const wrong = document.querySelector("#editor [role=alert]");
    if (wrong) wrong.scrollIntoView({ block: "nearest" });
    showChosen();
  });
  window.addEventListener("load", showChosen);
})();
