// <a data-dialog="id" href="…">: opens the dialog; without scripts the link leads to the same content on the page.
export function dialogs(root) {
  for (const opener of root.querySelectorAll("[data-dialog]:not([data-alive])")) {
    opener.dataset.alive = "";
    opener.addEventListener("click", (event) => {
      const dialog = document.getElementById(opener.dataset.dialog);
      if (!dialog?.showModal) return;
      event.preventDefault();
      dialog.showModal();
    });
  }
  for (const dialog of root.querySelectorAll("dialog:not([data-alive])")) {
    dialog.dataset.alive = "";
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
    });
  }
}
