// A long form is saved as it is typed. What could not be sent is kept on this device and sent when there is a line again; what somebody else has
// saved meanwhile is taken over where this form has said nothing else, and shown beside it where both have: nobody overwrites anybody unseen.
// Without any of this the form's own buttons do the same.
import { onlyIf } from "./only-if.js";

const PAUSE = 2000, LONGEST_WAIT = 60000;
const OWN = new Set(["csrfmiddlewaretoken", "revision", "remove", "next"]);

for (const form of document.querySelectorAll("form[data-only-if-form]")) onlyIf(form);
for (const form of document.querySelectorAll("form[data-draft]")) keepDraft(form);
for (const select of document.querySelectorAll("select[data-regions]")) offerCommunes(select);

function keepDraft(form) {
  const key = form.dataset.draft;
  const status = form.querySelector("[data-draft-status]");
  const conflictBox = form.querySelector("[data-draft-conflict]");
  let { revision, values: base } = JSON.parse(document.getElementById("draft-kept").textContent);
  let sent = read(form); // what was last handed to the server, in this form's own spelling
  let timer = 0, wait = PAUSE, running = null, gone = false, leaving = false;
  const open = new Map(); // names of fields with two answers, and what is there

  const say = (text) => { status.hidden = false; status.textContent = text; };
  // By the clock of this device: who writes may be in another country than the house.
  const clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  const saySaved = () => say(status.dataset.saved.replace("%(time)s", clock.format(new Date())));
  const dirty = () => !sameAll(read(form), sent);

  function remember() {
    try { localStorage.setItem(key, JSON.stringify({ revision, base, values: read(form) })); } catch { /* no room: the page still has it */ }
  }
  function forget() {
    try { localStorage.removeItem(key); } catch { /* nothing was kept */ }
  }
  function later(pause) {
    if (!timer && !gone) timer = setTimeout(() => { timer = 0; save(); }, pause);
  }

  // Field by field: who alone has changed something is right; where both have, a person chooses.
  function merge(theirs, mine) {
    for (const name of new Set([...Object.keys(base), ...Object.keys(mine), ...Object.keys(theirs)])) {
      if (same(mine[name], theirs[name]) || same(theirs[name], base[name])) continue;
      if (same(mine[name], base[name])) write(form, name, theirs[name] ?? []);
      else if (!open.has(name)) ask(name, theirs[name] ?? []);
    }
    base = theirs;
  }
  function ask(name, theirs) {
    const place = named(form, name)[0]?.closest("[id^='f-']");
    if (!place) return;
    const box = conflictBox.content.firstElementChild.cloneNode(true);
    box.querySelector("[data-theirs]").textContent = spoken(form, name, theirs);
    const settle = (take) => {
      open.delete(name);
      box.remove();
      if (take) write(form, name, theirs);
      if (!open.size) save();
    };
    box.querySelector("[data-take]").addEventListener("click", () => settle(true));
    box.querySelector("[data-keep]").addEventListener("click", () => settle(false));
    place.append(box);
    open.set(name, theirs);
  }

  function save() {
    running ??= send().finally(() => { running = null; });
    return running;
  }
  // True where everything that was in the form is with the server.
  async function send() {
    if (open.size) { say(status.dataset.choose); remember(); return false; }
    if (!dirty()) return true;
    const mine = read(form), body = new FormData(form);
    remember();
    say(status.dataset.saving);
    for (const input of form.querySelectorAll("input[type=file]")) body.delete(input.name);
    body.delete("remove");
    body.set("next", "typed");
    body.set("revision", revision);
    let answer, told;
    try {
      answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    } catch {
      say(status.dataset.kept);
      wait = Math.min(wait * 2, LONGEST_WAIT);
      later(wait);
      return false;
    }
    try {
      told = await answer.json();
    } catch {
      say(status.dataset.away);
      if (answer.status >= 500) { wait = Math.min(wait * 2, LONGEST_WAIT); later(wait); }
      return false;
    }
    wait = PAUSE;
    if (answer.ok) {
      ({ revision, values: base } = told);
      form.elements.revision.value = revision;
      sent = mine;
      saySaved();
      if (dirty()) { remember(); later(PAUSE); return false; }
      forget();
      return true;
    }
    if (!("revision" in told)) { gone = true; say(told.said); return false; }
    revision = told.revision;
    form.elements.revision.value = revision;
    merge(told.values, read(form));
    if (open.size) { say(status.dataset.choose); remember(); return false; }
    if (sameAll(read(form), told.values)) { sent = read(form); forget(); saySaved(); return true; }
    sent = {};
    return send();
  }

  form.addEventListener("input", () => later(PAUSE));
  form.addEventListener("change", () => later(300));
  addEventListener("online", () => { wait = PAUSE; save(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden && dirty()) { remember(); save(); } });
  form.addEventListener("submit", async (event) => {
    if (leaving || gone || (!running && !dirty() && !open.size)) return;
    // What is on its way must arrive first, or the page would be told that somebody else had saved: itself.
    event.preventDefault();
    const button = event.submitter;
    await running;
    if (!(await save())) return;
    leaving = true;
    form.requestSubmit(button);
  });

  let kept = null;
  try { kept = JSON.parse(localStorage.getItem(key)); } catch { forget(); }
  if (kept) {
    const there = base;
    base = kept.base;
    for (const [name, values] of Object.entries(kept.values)) write(form, name, values);
    for (const name of Object.keys(there)) if (!(name in kept.values)) write(form, name, []);
    merge(there, kept.values);
    if (sameAll(read(form), there) && !open.size) forget();
    else { say(status.dataset.restored); sent = there; save(); }
  }
}

// What a form holds, by the name of a field; empty fields are left out, as the server leaves them out.
function read(form) {
  const found = {};
  for (const one of form.elements) {
    if (!one.name || OWN.has(one.name) || one.type === "file" || one.type === "submit" || one.type === "button") continue;
    if ((one.type === "checkbox" || one.type === "radio") && !one.checked) continue;
    const value = one.value.replaceAll("\r\n", "\n");
    if (value.trim()) (found[one.name] ??= []).push(value);
  }
  return found;
}

function write(form, name, values) {
  const fields = named(form, name);
  if (!fields.length && values.length) {
    // A line of a table that this page does not have: it goes along unseen until the page is read anew.
    const held = document.createElement("input");
    held.type = "hidden";
    held.name = name;
    form.append(held);
    fields.push(held);
  }
  for (const one of fields) {
    if (one.type === "checkbox" || one.type === "radio") one.checked = values.includes(one.value) || (one.type === "radio" && !one.value && !values.length);
    else {
      if (one.options && values[0] && ![...one.options].some((option) => option.value === values[0])) one.append(new Option(values[0], values[0]));
      one.value = values[0] ?? "";
    }
  }
  fields[0]?.dispatchEvent(new Event("khaneh:written", { bubbles: true }));
}

// An answer as a person reads it: the words beside a box, the name of a region.
function spoken(form, name, values) {
  const fields = named(form, name);
  const words = values.map((value) => {
    const one = fields.find((field) => field.value === value && (field.type === "checkbox" || field.type === "radio"));
    if (one) return one.closest("label").textContent.trim();
    return [...(fields[0]?.options ?? [])].find((option) => option.value === value)?.textContent.trim() ?? value;
  });
  return words.join(" · ") || "—";
}

function offerCommunes(select) {
  for (const one of document.querySelectorAll("[data-without-script]")) one.hidden = true;
  select.addEventListener("change", async () => {
    const asked = select.value;
    try {
      const answer = await fetch(select.dataset.regions + encodeURIComponent(asked));
      if (!answer.ok || answer.redirected || select.value !== asked) return;
      const options = document.createElement("template");
      options.innerHTML = await answer.text();
      select.replaceChildren(options.content);
    } catch { /* no line: the list stays as it was */ }
  });
}

const named = (form, name) => [...form.elements].filter((one) => one.name === name);
const plain = (values) => JSON.stringify((values ?? []).map((value) => value.trim()).filter(Boolean));
const same = (one, other) => plain(one) === plain(other);
const sameAll = (one, other) => [...new Set([...Object.keys(one), ...Object.keys(other)])].every((name) => same(one[name], other[name]));
