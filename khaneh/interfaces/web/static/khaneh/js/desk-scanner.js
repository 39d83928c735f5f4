// What a barcode gun types: a run of keys too quick for a hand, and Enter. Wherever the focus stands the run belongs to the desk's one field.
const QUICK = 35; // milliseconds from key to key, in the middle of a run; a hand needs 60 and more
const PAUSE = 150; // a longer pause begins another run, outside the field
const SHORTEST = 4;

export function scanner(field, scanned) {
  let keys = [];
  let before = null; // another field, with what it held when the run began

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const here = event.target;
    if (event.key === "Enter") {
      if (here === field) return; // its form asks for the run
      const text = typed(keys);
      keys = [];
      if (text === null || here.matches?.("textarea")) return;
      event.preventDefault();
      event.stopPropagation();
      if (before) before.field.value = before.value;
      scanned(text);
      return;
    }
    if (event.key.length !== 1) return;
    const writable = here.matches?.("input:not([type=radio], [type=checkbox], [type=hidden]), textarea, select, [contenteditable]");
    const last = keys.at(-1);
    if (here === field ? !field.value : !last || event.timeStamp - last.at > PAUSE) {
      keys = [];
      before = writable && here !== field && "value" in here ? { field: here, value: here.value } : null;
    }
    keys.push({ at: event.timeStamp, key: event.key, code: event.code, shift: event.shiftKey });
    // A key that nothing on the page waits for is the beginning of a scan or of a name.
    if (!writable && event.key !== " " && !here.closest?.("a, button, summary")) field.focus({ preventScroll: true });
  }, true);

  return {
    // The field's text as the gun meant it, or null where a hand typed or pasted some of it.
    taken() {
      const text = keys.length === field.value.length ? typed(keys) : null;
      keys = [];
      return text;
    },
  };
}

function typed(keys) {
  if (keys.length < SHORTEST) return null;
  const pauses = keys.slice(1).map((one, at) => one.at - keys[at].at).sort((a, b) => a - b);
  if (pauses[Math.floor(pauses.length / 2)] > QUICK) return null;
  return keys.map(({ key, code, shift }) => meant(key, code, shift)).join("");
}

// A gun presses the keys of a Latin keyboard; under a Persian or Vietnamese layout other letters come of them.
function meant(key, code, shift) {
  if (key >= " " && key <= "~") return key;
  if (/^Key[A-Z]$/.test(code)) return shift ? code.slice(3) : code.slice(3).toLowerCase();
  if (/^(Digit|Numpad)\d$/.test(code)) return code.slice(-1);
  return { Minus: "-", Period: ".", Slash: "/", Space: " ", Equal: "=" }[code] ?? key;
}
