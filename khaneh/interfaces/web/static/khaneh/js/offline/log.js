// The log: numbered, each entry naming the digest of the one before, signed with a key that cannot leave the device, sealed on the disk. An act
// counts when its entry is on the disk; it leaves the list of the unsent when the server has said what became of it.
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
    const body = JSON.stringify({
      device: device.id,
      number,
      previous: end ? end[1].digest : NOTHING,
      salt: vault.hex(vault.random(16)),
      act,
      clock: clock.look(),
      known: clock.lastKnown(),
      facts,
    });
    const bytes = text.encode(body);
    const digest = vault.hex(await crypto.subtle.digest("SHA-256", bytes));
    const signature = vault.base64(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, device.privateKey, bytes));
    const sealed = await vault.seal({ body, signature, act, facts, shown, at: clock.now() });
    await store.add("log", number, { digest, sealed, sent: false });
    return number;
  });
}

// Everything that is kept, oldest first: {number, act, facts, shown, at, sent, outcome}. An entry that cannot be read says so.
export async function entries() {
  const numbers = await store.keys("log");
  const rows = await store.all("log");
  return Promise.all(rows.map(async (row, turn) => {
    const number = numbers[turn];
    try {
      const opened = await once(row.digest, row.sealed);
      return { number, ...opened, sent: row.sent, outcome: row.outcome ? await once(`${row.digest} outcome`, row.outcome) : null };
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
