// Tabs: without this they are links to sections that all show.
export function tabs(root) {
  for (const list of root.querySelectorAll("[data-tabs]:not([role])")) {
    const links = [...list.querySelectorAll("a[href^='#']")];
    const panels = links.map((link) => document.getElementById(link.hash.slice(1)));
    list.setAttribute("role", "tablist");
    const open = (index, focus) => {
      links.forEach((link, i) => {
        link.setAttribute("aria-selected", String(i === index));
        link.tabIndex = i === index ? 0 : -1;
        panels[i].hidden = i !== index;
      });
      if (focus) links[index].focus();
    };
    links.forEach((link, index) => {
      link.setAttribute("role", "tab");
      link.id ||= `tab-${link.hash.slice(1)}`;
      link.setAttribute("aria-controls", panels[index].id);
      panels[index].setAttribute("role", "tabpanel");
      panels[index].setAttribute("aria-labelledby", link.id);
      link.addEventListener("click", (event) => { event.preventDefault(); open(index, false); });
      link.addEventListener("keydown", (event) => {
        const forward = document.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
        const back = document.dir === "rtl" ? "ArrowRight" : "ArrowLeft";
        const to = { [forward]: index + 1, [back]: index - 1, Home: 0, End: links.length - 1 }[event.key];
        if (to === undefined) return;
        event.preventDefault();
        open((to + links.length) % links.length, true);
      });
    });
    open(Math.max(0, links.findIndex((link) => link.hash === location.hash)), false);
  }
}
