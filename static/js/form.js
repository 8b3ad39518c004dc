// Says when a page of a form could not save itself, tries again, and asks before typed text is left behind. Nothing
// here is needed: without it the two buttons save.
(() => {
  const RETRY_AFTER = 5000; // milliseconds
  let isDirty = false;
  const form = () => document.querySelector("#step form");
  const say = (words) => { const saved = document.getElementById("saved"); if (saved) saved.textContent = words; };

  document.addEventListener("input", (event) => { if (form()?.contains(event.target)) isDirty = true; });
  document.addEventListener("submit", () => { isDirty = false; });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt !== form()) return;
    if (event.detail.successful) { isDirty = false; return; }
    if ([401, 409].includes(event.detail.xhr.status)) return; // the page says why
    say("Not saved yet. We try again by ourselves.");
    setTimeout(() => { if (isDirty && form()) form().dispatchEvent(new Event("change", { bubbles: true })); }, RETRY_AFTER);
  });
  window.addEventListener("beforeunload", (event) => { if (isDirty) event.preventDefault(); });
})();
