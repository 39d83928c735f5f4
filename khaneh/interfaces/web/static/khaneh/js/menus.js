// <details data-menu>: closes when attention goes elsewhere. A row of links that scrolls sideways shows the one that is open.
export function menus(root) {
  for (const link of root.querySelectorAll("[data-row] [aria-current]")) {
    const row = link.closest("[data-row]");
    const off = link.getBoundingClientRect().left + link.offsetWidth / 2 - row.getBoundingClientRect().left - row.offsetWidth / 2;
    row.scrollLeft += off;
  }
  root.addEventListener("click", (event) => {
    for (const menu of root.querySelectorAll("details[data-menu][open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of root.querySelectorAll("details[data-menu][open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}
