// The log: numbered, each entry naming the digest of the one before, signed with a key that cannot leave the device, sealed on the disk. An act
// counts when its entry is on the disk; it leaves the list of the unsent when the server has said what became of it. As long as the server cannot
// have heard of it, it may be taken back: what stands after it is written anew, with its own clocks.
import * as clock from "./clock.js";
import * as store from "./store.js";
import * as vault from "./vault.js";

const NOTHING = "00".repeat(32);
const KEEP = 3 * 24 * 3600 * 1000;
const text = new TextEncoder();
// What was unsealed while the desk is open, by the digest of its entry: a long day is not unsealed anew at every scan.
const read = new Map();

// Writes one act and gives its number. `shown` is what the page needs to show it again; it is not sent.
export function append(device, act, facts, shown) {
  return navigator.locks.request("khaneh-offline-log", async () => {
    const end = await store.last("log");
    const number = end ? end[0] + 1 : 1;
    const when = { clock: clock.look(), known: clock.lastKnown(), at: clock.now() };
    await store.add("log", number, await written(device, number, end ? end[1].digest : NOTHING, act, facts, shown, when));
    return number;
  });
}

async function written(device, number, previous, act, facts, shown, { clock: look, known, at }) {
  const body = JSON.stringify({ device: device.id, number, previous, salt: vault.hex(vault.random(16)), act, clock: look, known, facts });
  const bytes = text.encode(body);
  const digest = vault.hex(await crypto.subtle.digest("SHA-256", bytes));
  const signature = vault.base64(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, device.privateKey, bytes));
  const sealed = await vault.seal({ body, signature, act, facts, shown, at });
  return { digest, sealed, sent: false };
}

// Takes back an act of which the server cannot have heard; false where it may have, or where a later act names it. All at once or not at all.
export function takeBack(device, number) {
  return navigator.locks.request("khaneh-offline-line", { ifAvailable: true }, (free) => free && navigator.locks.request("khaneh-offline-log", async () => {
    const all = await entries();
    const place = all.findIndex((entry) => entry.number === number);
    const after = all.slice(place + 1);
    if (place < 0 || all.slice(place).some((entry) => entry.sent || entry.tried || entry.unreadable)) return false;
    if (after.some((entry) => entry.facts.member_entry === number)) return false;
    const changes = [["log", all.at(-1).number, undefined]];
    let previous = place ? all[place - 1].digest : JSON.parse(all[place].body).previous;
    for (const entry of after) {
      const facts = { ...entry.facts };
      if (facts.member_entry > number) facts.member_entry -= 1;
      const { clock: look, known } = JSON.parse(entry.body);
      const row = await written(device, entry.number - 1, previous, entry.act, facts, entry.shown, { clock: look, known, at: entry.at });
      changes.push(["log", entry.number - 1, row]);
      previous = row.digest;
    }
    await store.change(changes);
    return true;
  }));
}

// From here on the server may have heard of these entries, whatever becomes of the line.
export async function tell(numbers) {
  const changes = [];
  for (const number of numbers) {
    const row = await store.get("log", number);
    if (row && !row.tried) changes.push(["log", number, { ...row, tried: true }]);
  }
  if (changes.length) await store.change(changes);
}

// Everything that is kept, oldest first: {number, act, facts, shown, at, sent, outcome}. An entry that cannot be read says so.
export async function entries() {
  const numbers = await store.keys("log");
  const rows = await store.all("log");
  return Promise.all(rows.map(async (row, turn) => {
    const number = numbers[turn];
    try {
      const opened = await once(row.digest, row.sealed);
      return { number, ...opened, digest: row.digest, tried: Boolean(row.tried), sent: row.sent, outcome: row.outcome ? await once(`${row.digest} outcome`, row.outcome) : null };
    } catch {
      return { number, unreadable: true, sent: row.sent };
    }
  }));
}

async function once(name, sealed) {
  if (!read.has(name)) read.set(name, await vault.unseal(sealed));
  return read.get(name);
}

// The desk is locked: nothing of it stays in memory.
export const forget = () => read.clear();

// Keeps what became of entries: what the server said, by number.
export async function settle(done) {
  const changes = [];
  for (const outcome of done) {
    const row = await store.get("log", outcome.number);
    if (row && !row.sent) changes.push(["log", outcome.number, { ...row, sent: true, outcome: await vault.seal(outcome) }]);
  }
  if (changes.length) await store.change(changes);
}

// Takes away what was settled days ago, never the last entry, which the next one names.
export async function tidy() {
  const found = await entries();
  const old = found.slice(0, -1).filter((entry) => entry.sent && !entry.unreadable && clock.now() - entry.at > KEEP);
  if (old.length) await store.change(old.map((entry) => ["log", entry.number, undefined]));
}
