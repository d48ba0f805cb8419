// Large files go up in parts of 1 MB while the person goes on typing; a broken line costs one part, a reloaded page none.
// Without this script the file travels with the form, as ever.
(function () {
  "use strict";

  const TRIES = 8;
  const pending = new Map();

  function door(input) { return input.closest("[data-upload-url]"); }

  function pause(ms) { return new Promise(function (done) { setTimeout(done, ms); }); }

  function token(form) { return form.querySelector("input[name=csrfmiddlewaretoken]").value; }

  async function ask(form, url, options) {
    const headers = Object.assign({ "X-CSRFToken": token(form), "X-Upload-Ticket": door(form).dataset.uploadTicket }, options.headers);
    const answer = await fetch(url, Object.assign({}, options, { headers: headers, credentials: "same-origin" }));
    const said = (answer.headers.get("Content-Type") || "").startsWith("application/json") ? await answer.json() : {};
    if (answer.ok) return said;
    const error = new Error(said.error || "");
    error.isFinal = answer.status >= 400 && answer.status < 500 && answer.status !== 408 && answer.status !== 429;
    error.wait = Number(answer.headers.get("Retry-After") || 0) * 1000;
    throw error;
  }

  async function again(act) {
    for (let tried = 1; ; tried += 1) {
      try { return await act(); } catch (error) {
        if (error.isFinal || tried >= TRIES) throw error;
        await pause(Math.max(error.wait || 0, Math.min(30000, 500 * 2 ** tried)));
      }
    }
  }

  async function begin(form, file) {
    const base = door(form).dataset.uploadUrl;
    const memory = ["upload", base, file.name, file.size, file.lastModified].join("|");
    const known = sessionStorage.getItem(memory);
    if (known) {
      try {
        const state = await ask(form, base + known + "/", { method: "GET" });
        return { url: base + known + "/", next: state.next, partBytes: state.part_bytes, memory: memory };
      } catch (error) { sessionStorage.removeItem(memory); }
    }
    const body = new URLSearchParams({ name: file.name, size: String(file.size) });
    const state = await again(function () { return ask(form, base, { method: "POST", body: body }); });
    sessionStorage.setItem(memory, state.id);
    return { url: base + state.id + "/", next: state.next, partBytes: state.part_bytes, memory: memory };
  }

  async function send(form, file, show) {
    const upload = await begin(form, file);
    const parts = Math.max(1, Math.ceil(file.size / upload.partBytes));
    for (let number = upload.next; number < parts; number += 1) {
      show(number / parts);
      const part = file.slice(number * upload.partBytes, (number + 1) * upload.partBytes);
      await again(function () {
        return ask(form, upload.url + number + "/", { method: "POST", body: part, headers: { "Content-Type": "application/octet-stream" } });
      });
    }
    show(1);
    const done = await again(function () { return ask(form, upload.url + "finish/", { method: "POST" }); });
    sessionStorage.removeItem(upload.memory);
    return done;
  }

  function row(input, file) {
    let list = input.parentNode.querySelector("ul[data-uploads]");
    if (!list) {
      list = document.createElement("ul");
      list.className = "eform-files";
      list.setAttribute("data-uploads", "");
      list.setAttribute("aria-live", "polite");
      input.parentNode.insertBefore(list, input);
    }
    const item = document.createElement("li");
    const text = document.createElement("span");
    const bar = document.createElement("progress");
    text.textContent = file.name + " — " + door(input).dataset.uploadSending;
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    item.append(text, bar);
    list.append(item);
    return { item: item, text: text, bar: bar };
  }

  function finished(input, shown, done) {
    const words = door(input).dataset;
    shown.bar.remove();
    shown.text.textContent = done.name + "（" + (done.size / 1e6).toFixed(1) + " MB）— " + words.uploadDone;
    const receipt = document.createElement("input");
    receipt.type = "hidden";
    receipt.name = input.name + ".uploaded";
    receipt.value = done.receipt;
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "dads-button";
    remove.textContent = words.uploadRemove;
    remove.addEventListener("click", function () { shown.item.remove(); input.focus(); });
    shown.item.append(receipt, remove);
  }

  function failed(input, shown, error) {
    shown.bar.remove();
    shown.text.textContent = error.message || door(input).dataset.uploadFailed;
    shown.item.setAttribute("role", "alert");
  }

  function take(input) {
    const form = input.form;
    // What is specially protected travels with the form: parts would lie unsealed until they are joined.
    if (input.hasAttribute("data-upload-whole")) { return; }
    const large = Array.from(input.files).filter(function (file) { return file.size > Number(door(input).dataset.uploadFrom); });
    if (!large.length) return;
    const small = new DataTransfer();
    Array.from(input.files).forEach(function (file) { if (!large.includes(file)) small.items.add(file); });
    input.files = small.files;
    large.forEach(function (file) {
      const shown = row(input, file);
      const work = send(form, file, function (share) { shown.bar.value = share; })
        .then(function (done) { finished(input, shown, done); }, function (error) { failed(input, shown, error); })
        .finally(function () { pending.get(form).delete(work); });
      if (!pending.has(form)) pending.set(form, new Set());
      pending.get(form).add(work);
    });
  }

  document.addEventListener("change", function (event) {
    const input = event.target;
    if (input.type === "file" && input.form && door(input)) take(input);
  });

  // Whoever presses the button early waits for the files, and then goes on by himself.
  document.addEventListener("submit", function (event) {
    const works = pending.get(event.target);
    if (!works || !works.size) return;
    event.preventDefault();
    // Before the guard against second clicks sees it: this was no sending yet.
    event.stopImmediatePropagation();
    const button = event.submitter;
    const form = event.target;
    Promise.all(works).then(function () {
      if (!form.querySelector("[data-uploads] [role=alert]")) form.requestSubmit(button);
    });
  }, true);
})();
