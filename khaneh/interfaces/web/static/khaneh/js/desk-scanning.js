// Scanning without waiting: what is read is queued (and kept over a reload), sent in order, and the part of the page that tells of it is
// swapped. The field is never emptied by an answer. All of it works without this, a page a scan.
import { play } from "./desk-sound.js";

const form = document.querySelector("form[data-scanning]");
const field = form?.querySelector("textarea, input:not([type=hidden])");
const state = form?.querySelector("[data-scanning-state]");
const store = form && `scans:${form.action}`;
let busy = false;

const read = () => JSON.parse(sessionStorage.getItem(store) ?? "[]");
const write = (scans) => (scans.length ? sessionStorage.setItem(store, JSON.stringify(scans)) : sessionStorage.removeItem(store));

function show(waiting, failed) {
  if (state) state.textContent = failed ? `⚠ ${waiting}` : waiting ? `… ${waiting}` : "";
}

async function send() {
  const scans = read();
  if (busy || !scans.length) return show(scans.length, false);
  busy = true;
  const now = scans.slice(0, form.dataset.single === undefined ? 500 : 1);
  show(scans.length, false);
  const body = new FormData(form);
  body.set(field.name, now.join("\n"));
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of form.dataset.scanning.split(" ")) {
      const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
      if (old && fresh) old.replaceWith(document.adoptNode(fresh));
    }
    write(read().slice(now.length));
    play(document.querySelector("[data-tone]")?.dataset.tone);
    busy = false;
    send();
  } catch {
    busy = false;
    show(read().length, true);
    setTimeout(send, 4000);
  }
}

function take() {
  const scans = field.value.split("\n").map((scan) => scan.trim()).filter(Boolean);
  field.value = "";
  field.focus();
  if (!scans.length) return;
  write([...read(), ...scans]);
  send();
}

if (form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    take();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      take();
    }
  });
  field.focus();
  send();
}
