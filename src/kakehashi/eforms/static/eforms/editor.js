// The editor is plain forms and links; htmx only spares the reload. An answer that refuses an act is shown like any other.
(function () {
  "use strict";
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (event.detail.target.id === "editor" && [409, 422].includes(event.detail.xhr.status)) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  document.addEventListener("htmx:afterSettle", function () {
    const wrong = document.querySelector("#editor [role=alert]");
    if (wrong) wrong.scrollIntoView({ block: "nearest" });
  });
})();
