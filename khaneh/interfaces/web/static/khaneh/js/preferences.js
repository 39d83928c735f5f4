// The theme changes at once; language and calendar change every word, so they go through the server.
export function preferences(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-preferences]");
    const button = event.submitter;
    if (!form || !button || button.name !== "theme") return;
    event.preventDefault();
    const body = new URLSearchParams({ theme: button.value, next: "/" });
    fetch(form.action, { method: "POST", body, redirect: "manual", headers: { "X-Requested-With": "fetch" } }).catch(() => form.submit());
    if (button.value === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = button.value;
    for (const other of form.querySelectorAll('[name="theme"]')) other.setAttribute("aria-pressed", String(other === button));
  });
}
