// Passkeys are the one thing that needs a script. It shows the buttons that work only with it, and says so
// when the browser or the person breaks off; without it the pages offer the other ways.
(() => {
  for (const part of document.querySelectorAll("[data-needs-script]")) part.hidden = false
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault()
    const problem = document.getElementById("passkey-problem")
    if (problem) problem.hidden = false
  })
})()
