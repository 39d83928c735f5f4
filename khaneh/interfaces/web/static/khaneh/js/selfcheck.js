// The self-check made quick and discreet: the field is always ready for the scanner, each answer is heard, and whoever has gone is forgotten.
import { play } from "./desk-sound.js";

const QUIET = 60; // seconds without a touch until it asks
const LEFT = 20; // seconds to answer

const said = document.querySelector("[data-tone]");
if (said) play(said.dataset.tone);

// A page out of the browser's memory is the page of whoever stood here before.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

const field = document.querySelector(".kiosk__field");
if (field) {
  field.focus({ preventScroll: true });
  // A scanner types wherever the focus is; a touch beside the field must not lose what it types.
  addEventListener("keydown", (event) => {
    if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.target.closest("input, textarea, dialog")) field.focus();
  });
}

const keys = document.querySelector("[data-keys]");
if (keys) {
  keys.hidden = false;
  keys.closest("form").querySelector(".row .button--primary").hidden = true;
  keys.addEventListener("click", (event) => {
    const key = event.target.closest("[data-key]")?.dataset.key;
    if (!key) return;
    field.value = key === "back" ? field.value.slice(0, -1) : (field.value + key).slice(0, field.maxLength);
  });
}

const leaves = document.body.dataset.watch;
if (leaves) {
  const dialog = document.querySelector("#still-there");
  const left = dialog.querySelector("[data-left]");
  const number = new Intl.NumberFormat(document.documentElement.lang);
  let touched = Date.now();
  const touch = () => {
    touched = Date.now();
  };
  const stay = () => {
    touch();
    dialog.close();
    field?.focus({ preventScroll: true });
  };
  for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, () => !dialog.open && touch(), true);
  // Anywhere on the question is a yes; only when the finger is lifted, or it would press what lies beneath.
  dialog.addEventListener("click", stay);
  dialog.addEventListener("close", touch);
  setInterval(() => {
    const quiet = (Date.now() - touched) / 1000;
    if (quiet > QUIET + LEFT) location.replace(leaves);
    else if (quiet > QUIET) {
      if (!dialog.open) {
        dialog.showModal();
        play("warn");
      }
      left.textContent = number.format(Math.ceil(QUIET + LEFT - quiet));
    }
  }, 500);
}

// A receipt is printed and left alone.
const after = document.body.dataset.print;
if (after) {
  addEventListener("load", () => {
    window.print();
    setTimeout(() => location.replace(after), 15000);
  });
}
