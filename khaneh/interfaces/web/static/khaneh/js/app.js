// The page works without any of this; each module makes one thing quicker. Nothing here knows a rule of the business.
import { menus } from "./menus.js";
import { preferences } from "./preferences.js";
import { comboboxes } from "./combobox.js";
import { tabs } from "./tabs.js";
import { dialogs } from "./dialogs.js";
import { copying } from "./copying.js";

menus(document);
preferences(document);
for (const start of [comboboxes, tabs, dialogs, copying]) start(document);

// What htmx puts into the page comes to life the same way.
document.addEventListener("htmx:load", (event) => {
  for (const start of [comboboxes, tabs, dialogs, copying]) start(event.detail.elt);
});

if ("serviceWorker" in navigator && window.isSecureContext) {
  addEventListener("load", () => navigator.serviceWorker.register("/sw.js").catch(() => {}));
}
