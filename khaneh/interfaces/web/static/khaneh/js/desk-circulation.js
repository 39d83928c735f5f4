// The desk made quick. What is scanned waits in a queue and is done one after the other, in order, however slow the line; the field never
// goes away under the hand. Every act is also a plain form and works without this.
import { isOn, play, turn } from "./desk-sound.js";
import { printed } from "./desk-papers.js";
import { scanner } from "./desk-scanner.js";

const form = document.querySelector("#circ-scan");
const field = form.elements.scan;
const bar = document.querySelector("#circ-queue");
const words = bar.querySelector("[data-queue-words]");
const KEPT = "desk-waiting";
const AGAIN = 3000; // milliseconds until the line is tried again

let waiting = []; // jobs: a scan, or a form or link of the page
let busy = false;
let held = ""; // why nothing is done: held, line, out
let tries = 0;

const part = (name) => document.querySelector(`[data-part="${name}"]`);
const focus = () => field.focus({ preventScroll: true });
const key = () => Array.from(crypto.getRandomValues(new Uint32Array(3)), (one) => one.toString(36)).join("");

function keep() {
  const scans = waiting.filter((job) => job.scan);
  if (scans.length) sessionStorage.setItem(KEPT, JSON.stringify(scans));
  else sessionStorage.removeItem(KEPT);
}

function show() {
  const scans = waiting.filter((job) => job.scan).map((job) => job.scan);
  // The one that is being asked about needs no words, unless its answer does not come.
  bar.hidden = scans.length < (held ? 1 : 2);
  if (bar.hidden) return;
  words.textContent = words.dataset[held || "waiting"];
  bar.querySelector("[data-queue-list]").textContent = scans.join(" · ");
  for (const button of bar.querySelectorAll("button")) button.hidden = !held;
}

function put(job, first = false) {
  if (first) waiting.unshift(job);
  else waiting.push(job);
  keep();
  show();
  work();
}

function scan(text, more = {}) {
  const job = { scan: text, key: key(), ...more };
  // Behind a card that was not understood others wait: what comes now may be the card again, and must not lend anything yet.
  put(held === "held" ? { ...job, only: "members" } : job, held === "held");
}

function asked(job) {
  if (!job.scan) return { url: job.url, body: job.body ?? null };
  const body = new FormData(form);
  body.set("scan", job.scan);
  body.set("key", job.key);
  if (job.only) body.set("only", job.only);
  return { url: form.action, body };
}

async function work() {
  if (busy) return;
  busy = true;
  try {
    for (let job = next(); job; job = next()) {
      if (!(await done(job))) break;
    }
  } finally {
    busy = false;
    keep();
    show();
  }
}

// While it is held back, only a card scanned again and what is pressed on the page go on.
const next = () => (held && held !== "line" ? waiting.find((job) => !job.scan || job.only === "members") : waiting[0]);

async function done(job) {
  const { url, body } = asked(job);
  let answer;
  let text;
  try {
    answer = await fetch(url, { method: body ? "POST" : "GET", body, headers: { "X-Requested-With": "fetch" }, redirect: "manual" });
    text = answer.ok ? await answer.text() : "";
  } catch {
    answer = null;
  }
  if (!answer || answer.status >= 500) {
    if (held !== "line") play("bad");
    held = "line";
    tries += 1;
    setTimeout(work, Math.min(AGAIN * tries, 30000));
    return false;
  }
  if (held === "line") held = "";
  tries = 0;
  if (!answer.ok) {
    held = "out";
    play("bad");
    return false;
  }
  waiting = waiting.filter((other) => other !== job);
  swap(new DOMParser().parseFromString(text, "text/html").querySelector("[data-answer]"), job);
  return true;
}

function swap(answer, job) {
  const before = form.elements.turn?.value;
  if ("copy" in answer.dataset) {
    waiting.push({ ...job, only: "" });
    play("warn");
    return;
  }
  const inside = part("body").contains(document.activeElement);
  for (const fresh of answer.querySelectorAll("[data-part]")) part(fresh.dataset.part).replaceChildren(...document.adoptNode(fresh).childNodes);
  if (inside || document.activeElement === document.body) focus();
  play(part("said").querySelector("[data-tone]")?.dataset.tone);
  if (form.elements.turn?.value !== before) held = "";
  else if ("stops" in answer.dataset) held = "held";
}

function go() {
  held = "";
  work();
  focus();
}

const gun = scanner(field, (text) => {
  scan(text, { only: "cards" });
  focus();
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const run = gun.taken();
  const text = (run ?? field.value).trim();
  field.value = "";
  focus();
  if (text) scan(text, run === null ? {} : { only: "cards" });
  else if (held) (document.querySelector(".circ-found__one") ?? { focus: go }).focus();
});

document.addEventListener("submit", (event) => {
  const sent = event.target;
  if (sent.matches("[data-many]")) {
    event.preventDefault();
    const scans = sent.elements.many.value.split(/\s+/).filter(Boolean);
    sent.reset();
    for (const text of scans) scan(text, { only: "cards" });
    focus();
  } else if (sent.matches("[data-quick]")) {
    event.preventDefault();
    const body = new FormData(sent, event.submitter);
    body.set("key", key());
    put({ url: sent.getAttribute("action"), body });
  }
});

document.addEventListener("click", (event) => {
  const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  const link = plain && event.target.closest("a[data-go], a[data-print]");
  if (link) {
    event.preventDefault();
    // Who was chosen comes before what waits for them; that somebody is done with comes after what was scanned for them.
    if (link.matches("[data-print]")) printed(link.href).then(focus);
    else put({ url: link.href }, Boolean(held));
  }
  const button = event.target.closest("[data-sound]");
  if (button) {
    turn();
    button.setAttribute("aria-pressed", String(isOn()));
    focus();
  }
  if (event.target.closest("[data-queue-on]")) {
    if (held === "out") location.reload();
    else go();
  }
  if (event.target.closest("[data-queue-drop]")) {
    waiting = [];
    held = "";
    keep();
    show();
    focus();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  const command = event.ctrlKey || event.metaKey;
  if (event.key === "Escape") {
    if (document.activeElement !== field && document.activeElement !== document.body) focus();
    else if (field.value) field.value = "";
    else document.querySelector("[data-done]")?.click();
  } else if (command && event.key.toLowerCase() === "z" && document.activeElement === field && !field.value) {
    const undo = document.querySelector("[data-undo] button");
    if (!undo) return;
    event.preventDefault();
    undo.click();
  } else if (command && event.key.toLowerCase() === "p") {
    const paper = part("said").querySelector("[data-print]");
    if (!paper) return;
    event.preventDefault();
    paper.click();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    move(event);
  }
});

function move(event) {
  const stops = [...document.querySelectorAll(".circ-found__one, .circ-refused input:not([type=hidden])")];
  const at = stops.indexOf(document.activeElement);
  if (!stops.length || (at < 0 && (document.activeElement !== field || event.key === "ArrowUp"))) return;
  event.preventDefault();
  const to = at + (event.key === "ArrowDown" ? 1 : -1);
  if (to < 0) focus();
  else stops[Math.min(to, stops.length - 1)].focus();
}

addEventListener("beforeunload", (event) => {
  if (waiting.some((job) => job.scan) && held !== "out") event.preventDefault();
});

const sound = document.querySelector("[data-sound]");
sound.hidden = !window.AudioContext;
sound.setAttribute("aria-pressed", String(isOn()));
// What an earlier page of this window had not done when it went away: kept, and done when somebody has looked.
try {
  waiting = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
} catch {
  waiting = [];
}
if (waiting.length) held = "held";
show();
focus();
