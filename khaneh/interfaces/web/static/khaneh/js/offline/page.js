// The page of the offline desk: three faces (enrol, unlock, work), one field, a sound and words for every scan, the acts that are not sent yet.
import * as sound from "../desk-sound.js";
import * as clock from "./clock.js";
import { Desk } from "./desk.js";
import * as line from "./line.js";
import * as log from "./log.js";
import * as snapshot from "./snapshot.js";
import * as store from "./store.js";
import * as vault from "./vault.js";
import { day, has, hour, moment, named, number, say, wholeDay } from "./words.js";

const IDLE = 15 * 60_000;
const EVERY = 30_000;
const SHOWN = 20;
// What speaks against lending a copy and not against waiting for another.
const TAKEN = ["concern:lent", "concern:kept"];
const at = (id) => document.getElementById(id);
let device;
let desk;
let member = null;
let sitting = [];
let waiting = null;
let idle;
let state = "down";

function make(tag, { text, className, ...attributes } = {}, ...children) {
  const node = document.createElement(tag);
  if (text !== undefined) node.textContent = text;
  if (className) node.className = className;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children.filter(Boolean));
  return node;
}

const data = (text) => make("bdi", { text });

function face(name) {
  for (const one of ["setup", "unlock", "desk"]) at(one).hidden = one !== name;
  at("lock").hidden = at("send").hidden = name !== "desk";
  document.body.dataset.face = name;
  at(name).querySelector("[data-first]")?.focus();
}

function told(tone, key, values = {}, ...more) {
  const notice = make("div", { className: `notice ${tone === "info" ? "" : `notice--${tone}`}`, "data-tone": tone }, at(`icon-${tone}`).content.cloneNode(true));
  const words = make("div", {}, make("p", { className: "notice__title", text: say(key, values) }), ...more);
  notice.append(words);
  at("said").replaceChildren(notice);
  sound.play(tone);
}

// ---- the line

async function showLine() {
  const badge = at("line");
  badge.className = `badge badge--dot ${state === "up" ? "badge--good" : state === "down" ? "badge--warn" : "badge--bad"}`;
  badge.textContent = say(`line:${state}`);
  badge.dataset.state = state;
  const count = await line.unsent();
  at("unsent").textContent = count ? say("unsent", { count: number(count) }) : say("unsent:none");
  at("unsent").dataset.count = count;
  const about = snapshot.about();
  at("snapshot").textContent = about
    ? say(snapshot.isUsable() ? "snapshot" : "snapshot:old", { time: moment(about.as_of, desk.zone), members: number(about.members), copies: number(about.copies) })
    : vault.isOpen() ? say("snapshot:none") : "";
  at("help").hidden = !has(`help:${state}`);
  at("help-words").textContent = has(`help:${state}`) ? say(`help:${state}`) : "";
  at("help-sign-in").hidden = state !== "sign_in";
}

async function sync(options) {
  if (!vault.isOpen()) return;
  at("send").setAttribute("aria-busy", "true");
  const before = await line.unsent();
  state = await line.sync(device, options);
  at("send").removeAttribute("aria-busy");
  if (!vault.isOpen()) return;
  await desk.load();
  if (member?.card) member = snapshot.memberBy(member.card) ?? desk.newcomers.get(member.card) ?? member;
  await showLine();
  showLog();
  showMember();
  if (before && !(await line.unsent())) arrived();
}

// What the server said of the acts that went up: what must be done with copies in hand, what a person must settle.
function arrived() {
  const open = desk.entries.filter((entry) => entry.outcome?.outcome === "conflict").length;
  if (open) told("warn", "arrived:conflicts", { count: number(open) }, make("a", { href: "/desk/conflicts/", text: say("settle") }));
}

// ---- enrolling and unlocking

async function setup() {
  face("setup");
  at("line").hidden = at("unsent").hidden = true;
  const problem = at("setup-problem");
  try {
    const who = await line.hello("?houses=1");
    if (!who.signed_in) problem.textContent = say("setup:sign_in");
    else if (!who.houses.length) problem.textContent = say("setup:no_right");
    else problem.textContent = "";
    at("setup-sign-in").hidden = who.signed_in;
    at("setup-form").hidden = !who.signed_in || !who.houses.length;
    if (!who.houses?.length) return;
    at("house").replaceChildren(...who.houses.map((house) => make("option", { value: house.code, text: named(house.names) })));
  } catch {
    at("setup-form").hidden = true;
    problem.textContent = say("setup:line");
  }
}

at("setup-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  const problem = at("setup-problem");
  if (form.get("passphrase") !== form.get("again")) {
    problem.textContent = say("setup:differs");
    return;
  }
  busy(event.target, true);
  try {
    problem.textContent = say("setup:working");
    device = await line.enrol({ house: form.get("house"), name: form.get("name"), days: Number(form.get("days")), passphrase: form.get("passphrase") });
    event.target.reset();
    problem.textContent = "";
    await work();
  } catch (error) {
    problem.textContent = say(error instanceof line.Refused ? "setup:refused" : "setup:line");
  } finally {
    busy(event.target, false);
  }
});

at("unlock-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  const problem = at("unlock-problem");
  problem.textContent = say("unlock:working");
  busy(event.target, true);
  const opened = await vault.open(form.get("passphrase"), device.vault);
  busy(event.target, false);
  problem.textContent = opened ? "" : say("unlock:wrong");
  if (!opened) {
    sound.play("bad");
    at("passphrase").select();
    return;
  }
  event.target.reset();
  await work();
});

at("recover-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  const problem = at("recover-problem");
  if (form.get("passphrase") !== form.get("again")) {
    problem.textContent = say("setup:differs");
    return;
  }
  busy(event.target, true);
  try {
    device = await line.recover(device, form.get("passphrase"));
    problem.textContent = "";
    event.target.reset();
    await work();
  } catch (error) {
    problem.textContent = say(error instanceof line.Refused ? "recover:refused" : "setup:line");
  } finally {
    busy(event.target, false);
  }
});

function busy(form, is) {
  for (const button of form.querySelectorAll("button")) button.disabled = is;
}

function lock() {
  vault.lock();
  snapshot.forget();
  log.forget();
  [member, sitting, waiting] = [null, [], null];
  showMember();
  desk.entries = [];
  for (const id of ["said", "log", "choices", "paper"]) at(id).replaceChildren();
  at("register-form").reset();
  at("unlock-house").textContent = named(device.house.names);
  face("unlock");
  showLine();
}

async function work() {
  await clock.load();
  desk = new Desk(device);
  await snapshot.load();
  await desk.load();
  at("badge-house").textContent = named(device.house.names);
  for (const id of ["badge-house", "line", "unsent"]) at(id).hidden = false;
  face("desk");
  await showLine();
  showLog();
  showMember();
  if (desk.entries.some((entry) => entry.unreadable)) told("bad", "log:unreadable");
  stir();
  sync();
}

function stir() {
  clearTimeout(idle);
  if (vault.isOpen()) idle = setTimeout(lock, IDLE);
}

// ---- the field

at("scan-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const scan = at("scan").value.trim();
  at("scan").value = "";
  if (scan) await take(scan);
  at("scan").focus();
});

async function take(scan) {
  waiting = null;
  at("choices").replaceChildren();
  const found = desk.read(scan, member);
  if (found.member) hand(found.member);
  else if (found.copy) await (member ? lend(found.copy) : takeBack(found.copy));
  else if (found.names) choose(found.names, found.titles);
  else strange(found.unknown);
}

function hand(one) {
  if (member?.card !== one.card) sitting = [];
  member = one;
  const expired = one.until && one.until < snapshot.today(desk.zone);
  told(expired || one.blocks?.length ? "warn" : "info", one.strange ? "said:strange_card" : "said:member", { name: one.name || one.card });
  showMember();
}

async function lend(copy) {
  const concerns = desk.concerns(member, copy);
  if (!snapshot.isUsable()) {
    told("bad", "said:snapshot_old");
    return;
  }
  if (concerns.length) {
    waiting = { copy, concerns };
    const list = make("ul", { className: "stack stack--tight" }, ...concerns.map(([key, values]) => make("li", { text: say(key, numbers(values)) })));
    const all = make("button", { className: "button button--danger", type: "button", text: say("all_the_same"), id: "all-the-same" });
    all.addEventListener("click", () => lent(copy, concerns));
    const buttons = [all];
    if (concerns.some(([key]) => TAKEN.includes(key))) {
      const queue = make("button", { className: "button", type: "button", text: say("queue"), id: "queue" });
      queue.addEventListener("click", () => asked(copy));
      buttons.push(queue);
    }
    told("bad", "said:refused", {}, make("p", {}, data(copy.title || copy.barcode)), list, make("p", { className: "small", text: say("all_the_same:why") }), make("p", { className: "row" }, ...buttons));
    return;
  }
  await lent(copy, []);
}

async function lent(copy, concerns) {
  waiting = null;
  const { due } = await desk.lend(member, copy, concerns);
  sitting.push({ title: copy.title || copy.barcode, due });
  told("good", due ? "said:lent" : "said:lent_no_due", { day: due ? day(due, desk.zone) : "" }, make("p", {}, data(copy.title || copy.barcode)));
  await written();
}

async function asked(copy, anyEdition = false) {
  waiting = null;
  await desk.request(member, copy, anyEdition);
  told("good", "said:requested", {}, make("p", {}, data(copy.title || copy.barcode)));
  await written();
}

async function undo(entry) {
  const done = await desk.undo(entry.number);
  if (done && entry.act === "check_out") sitting = sitting.filter((one) => one.title !== (entry.shown.title || entry.facts.barcode));
  if (done && entry.act === "register" && member?.card === entry.facts.card) member = null;
  // A new member's entry may have another number by then.
  if (done && member) member = desk.newcomers.get(member.card) ?? member;
  told(done ? "info" : "bad", done ? "said:undone" : "said:not_undone", {}, make("p", {}, data(entry.shown.title || entry.shown.member?.name || entry.facts.barcode)));
  await written();
}

async function takeBack(copy) {
  await desk.takeBack(copy);
  const kept = Boolean(copy.keptFor);
  told(kept ? "warn" : "good", kept ? "said:back_kept" : copy.strange ? "said:back_strange" : "said:back", {}, make("p", {}, data(copy.title || copy.barcode)));
  await written();
}

async function written() {
  showMember();
  showLog();
  await showLine();
  at("scan").focus();
  sync();
}

function choose(names, titles) {
  told("info", !titles.length ? "said:who" : names.length ? "said:which" : "said:title");
  const offer = (act, ...parts) => {
    const button = make("button", { className: "button off__choice", type: "button" }, ...parts);
    button.addEventListener("click", async () => {
      at("choices").replaceChildren();
      await act();
      at("scan").focus();
    });
    return button;
  };
  at("choices").replaceChildren(
    ...names.map((one) => offer(() => hand(one), data(one.name), make("span", { className: "quiet small ltr", text: one.card }))),
    ...titles.map((one) => offer(() => asked(one, true), data(one.title), make("span", { className: "quiet small", text: say("choice:title") }))),
  );
}

function strange(scan) {
  told("bad", "said:unknown", { text: scan });
  const offer = (key, act) => {
    const button = make("button", { className: "button", type: "button", text: say(key, { text: scan }) });
    button.addEventListener("click", async () => {
      at("choices").replaceChildren();
      await act();
      at("scan").focus();
    });
    return button;
  };
  const copy = { barcode: scan, title: "", type: "book", strange: true };
  at("choices").replaceChildren(
    member ? offer("choice:lend", () => lend(copy)) : offer("choice:return", () => takeBack(copy)),
    offer("choice:card", () => hand({ card: snapshot.cardOf(scan), name: "", category: "", near: 0, blocks: [], strange: true })),
  );
}

const numbers = (values) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === "number" ? number(value) : value]));

// ---- what is in hand, what was done

function showMember() {
  at("scan-label").textContent = member ? say("field:lend", { name: member.name || member.card }) : say("field");
  at("done").hidden = !member;
  if (!member) {
    at("member").replaceChildren();
    return;
  }
  const terms = desk.termsOf(member, {});
  const facts = [
    ["fact:card", make("span", { className: "ltr", text: member.card })],
    member.until ? ["fact:until", data(wholeDay(`${member.until}T12:00:00Z`, "UTC"))] : null,
    ["fact:loans", data(terms?.loans_max != null ? say("fact:of", { count: number(desk.loansOf(member)), most: number(terms.loans_max) }) : number(desk.loansOf(member)))],
    member.overdue ? ["fact:overdue", data(number(member.overdue))] : null,
  ].filter(Boolean);
  const list = make("dl", { className: "facts" }, ...facts.map(([key, value]) => make("div", {}, make("dt", { text: say(key) }), make("dd", {}, value))));
  const blocks = (member.blocks ?? []).map((block) => make("span", { className: "badge badge--bad", text: say(`block:${block}`) }));
  const lines = sitting.map((one) => make("li", {}, data(one.title), one.due ? make("span", { className: "quiet small", text: say("until", { day: day(one.due, desk.zone) }) }) : null));
  const print = make("button", { className: "button button--small", type: "button", text: say("print") });
  print.addEventListener("click", receipt);
  at("member").replaceChildren(make("section", { className: "card stack", "aria-labelledby": "member-name" },
    make("h2", { className: "card__title", id: "member-name" }, data(member.name || member.card)),
    blocks.length ? make("p", { className: "row" }, ...blocks) : null,
    list,
    lines.length ? make("ul", { className: "off__sitting" }, ...lines) : null,
    lines.length ? make("p", {}, print) : null));
}

function showLog() {
  const rows = desk.entries.slice(-SHOWN).reverse().map((entry) => {
    if (entry.unreadable) return make("li", { className: "circ__act circ__act--bad", text: say("log:unreadable") });
    const [tone, words] = became(entry);
    const what = entry.act === "register" ? entry.shown.member.name : entry.shown.title || entry.facts.barcode;
    const line = make("li", { className: `circ__act circ__act--${tone}`, "data-number": entry.number, "data-sent": entry.sent },
      make("span", { className: "nowrap quiet small", text: hour(entry.at, desk.zone) }),
      make("span", { className: "grow" }, make("span", { text: `${say(`act:${entry.act}`)} · ` }), data(what), entry.act === "check_out" && entry.shown.name ? make("span", { className: "quiet" }, " · ", data(entry.shown.name)) : null),
      make("span", { className: "small", text: words }));
    if (!entry.sent && !entry.tried) {
      const back = make("button", { className: "button button--small", type: "button", text: say("undo"), "aria-label": `${say("undo")}: ${what}` });
      back.addEventListener("click", () => undo(entry));
      line.append(back);
    }
    return line;
  });
  at("log").replaceChildren(...(rows.length ? rows : [make("li", { className: "quiet", text: say("log:none") })]));
}

// What became of an act: a tone and words.
function became(entry) {
  const outcome = entry.outcome;
  if (!entry.sent || !outcome) return ["info", say("entry:waits")];
  if (outcome.outcome === "conflict") return ["bad", say("entry:conflict", { why: has(`kind:${outcome.kind}`) ? say(`kind:${outcome.kind}`) : outcome.kind })];
  if (outcome.goes_to === "hold_shelf") return ["warn", say("entry:hold_shelf")];
  if (["transit_to_reader", "transit_home", "transit_to_even_out"].includes(outcome.goes_to)) return ["warn", say("entry:transit", { house: named(outcome.to) })];
  return ["good", say("entry:done")];
}

function receipt() {
  at("paper").replaceChildren(
    make("p", { className: "circ-slip__big", text: named(device.house.names) }),
    make("p", { text: `${moment(clock.now(), desk.zone)} · ${say("fact:card")} …${member.card.slice(-4)}` }),
    make("ul", {}, ...sitting.map((one) => make("li", {}, data(one.title), make("br"), one.due ? say("until", { day: day(one.due, desk.zone) }) : ""))),
    make("p", { className: "small", text: say("paper:note") }));
  print();
}

// ---- a new member

at("register-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = Object.fromEntries([...new FormData(event.target)].map(([name, value]) => [name, value.trim()]));
  const { taken, member: made } = await desk.register(form);
  if (taken) {
    told("bad", "said:card_taken");
    event.target.elements.card.select();
    return;
  }
  event.target.reset();
  at("register").open = false;
  hand(made);
  told("good", "said:registered", { name: made.name });
  await written();
});

// ---- buttons and beginnings

function finish() {
  [member, sitting, waiting] = [null, [], null];
  at("choices").replaceChildren();
  at("said").replaceChildren();
  showMember();
  at("scan").focus();
}

at("done").addEventListener("click", finish);
at("lock").addEventListener("click", lock);
at("send").addEventListener("click", () => sync({ fresh: true }));
at("sound").addEventListener("click", () => {
  sound.turn();
  at("sound").setAttribute("aria-pressed", String(sound.isOn()));
});
document.addEventListener("keydown", (event) => {
  stir();
  if (event.key === "Escape" && member) finish();
});
document.addEventListener("pointerdown", stir);
addEventListener("online", () => sync());
addEventListener("offline", () => { state = "down"; if (vault.isOpen()) showLine(); });
setInterval(() => sync(), EVERY);

async function begin() {
  at("sound").setAttribute("aria-pressed", String(sound.isOn()));
  if ("serviceWorker" in navigator) await navigator.serviceWorker.register("/offline-desk/sw.js", { scope: "/offline-desk/" }).catch(() => {});
  device = await store.get("device", "device");
  await clock.load();
  if (!device) return setup();
  at("unlock-house").textContent = named(device.house.names);
  face("unlock");
  return showLine();
}

// One window works at a time: two would each think that the next number is theirs.
navigator.locks.request("khaneh-offline-window", { ifAvailable: true }, async (held) => {
  if (!held) {
    at("elsewhere").hidden = false;
    return;
  }
  await begin();
  await new Promise(() => {});
});
