// Says when a page of a form could not save itself, tries again, never draws it over what is being typed, and asks
// before typed text is left behind. Nothing here is needed: without it the two buttons save.
(() => {
  const RETRY_AFTER = 5000; // milliseconds
  let typed = 0; // strokes and choices so far
  let sent = 0; // how many of them the last request took along
  let kept = 0; // how many of them are saved
  const form = () => document.querySelector("#step form");
  const say = (words) => { const saved = document.getElementById("saved"); if (saved) saved.textContent = words; };

  document.addEventListener("input", (event) => { if (form()?.contains(event.target)) typed += 1; });
  const now = () => Math.round(performance.timeOrigin + performance.now()); // by it the server tells a save that was overtaken
  document.addEventListener("submit", () => { kept = typed; if (form()) form().elements.sent_ms.value = now(); });
  document.addEventListener("htmx:configRequest", (event) => { if (event.detail.elt === form()) event.detail.parameters.sent_ms = now(); });
  document.addEventListener("htmx:beforeRequest", (event) => { if (event.detail.elt === form()) sent = typed; });
  document.addEventListener("htmx:beforeSwap", (event) => {
    // An answer that opens questions draws the page anew. Somebody who typed on meanwhile keeps what they see: their next
    // stroke is on its way, and brings the new page along.
    if (event.detail.target?.id === "step" && typed !== sent) event.detail.shouldSwap = false;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt !== form()) return;
    if (event.detail.successful) { kept = sent; return; }
    if ([401, 409].includes(event.detail.xhr.status)) return; // the page says why
    say("Not saved yet. We try again by ourselves.");
    setTimeout(() => { if (typed !== kept && form()) form().dispatchEvent(new Event("change", { bubbles: true })); }, RETRY_AFTER);
  });
  window.addEventListener("beforeunload", (event) => { if (typed !== kept) event.preventDefault(); });
})();
