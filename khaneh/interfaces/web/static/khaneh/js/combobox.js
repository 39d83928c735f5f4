// Suggestions under a search box (WAI-ARIA combobox, list autocomplete). The server sends the list ready made.
const PAUSE = 120;
let number = 0;

export function comboboxes(root) {
  for (const form of root.querySelectorAll("[data-search]:not([data-alive])")) {
    form.dataset.alive = "";
    combobox(form);
  }
}

function combobox(form) {
  const input = form.querySelector("input[type=search]");
  const list = document.createElement("div");
  list.className = "search__list";
  list.id = `suggestions-${(number += 1)}`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0]?.textContent ?? "");
  list.hidden = true;
  form.append(list);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) {
    input.setAttribute(name, value);
  }

  let timer = 0;
  let asking = null;
  let typed = input.value;
  const options = () => [...list.querySelectorAll('[role="option"]')];
  const chosen = () => list.querySelector('[aria-selected="true"]');

  function show(on) {
    list.hidden = !on;
    input.setAttribute("aria-expanded", String(on));
    if (!on) input.removeAttribute("aria-activedescendant");
  }

  function select(option) {
    chosen()?.setAttribute("aria-selected", "false");
    if (!option) {
      input.removeAttribute("aria-activedescendant");
      input.value = typed;
      return;
    }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
    input.value = option.dataset.text;
  }

  async function ask() {
    asking?.abort();
    asking = new AbortController();
    const query = input.value.trim();
    if (query.length < 2) return show(false);
    try {
      const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(query)}`, { signal: asking.signal });
      if (!answer.ok || input.value.trim() !== query) return show(false);
      list.innerHTML = await answer.text();
      options().forEach((option, index) => { option.id = `${list.id}-${index}`; });
      show(options().length > 0 && document.activeElement === input);
    } catch (error) {
      if (error.name !== "AbortError") show(false);
    }
  }

  input.addEventListener("input", () => {
    typed = input.value;
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // Telex and VNI still at work
    const all = options();
    const at = all.indexOf(chosen());
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) { ask(); return; }
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      select(all[at + step] ?? (at === -1 && step < 0 ? all.at(-1) : null));
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      select(null);
      show(false);
    } else if (event.key === "Enter" && !list.hidden && chosen()?.href) {
      event.preventDefault();
      location.assign(chosen().href);
    }
  });
  input.addEventListener("blur", () => setTimeout(() => show(false), 150));
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the focus in the box
}
