// [data-copy="#id"] copies that element's text; [data-share] offers the page to the device's share sheet, else copies its address.
export function copying(root) {
  for (const button of root.querySelectorAll("[data-copy]:not([data-alive]), [data-share]:not([data-alive])")) {
    button.dataset.alive = "";
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = button.dataset.copy ? document.querySelector(button.dataset.copy).textContent.trim() : button.dataset.share;
      try {
        if (button.dataset.share && navigator.share) await navigator.share({ url: text, title: document.title });
        else await navigator.clipboard.writeText(text);
      } catch {
        return; // the reader closed the sheet, or the browser does not allow it: nothing was promised
      }
      const said = button.querySelector("[data-said]");
      if (said && button.dataset.done) {
        const before = said.textContent;
        said.textContent = button.dataset.done;
        setTimeout(() => { said.textContent = before; }, 2000);
      }
    });
  }
}
