// The line to the server: is it up, who is signed in, does the device still count; the log goes up in pieces, and the snapshot comes down. Every
// step may be cut off at any point: what was not answered is sent again, and the server does nothing twice.
import * as clock from "./clock.js";
import * as log from "./log.js";
import * as snapshot from "./snapshot.js";
import * as store from "./store.js";
import * as vault from "./vault.js";

const PIECE = 50;
const PATIENCE = 20_000;
const SNAPSHOT_AGE = 30 * 60_000;
let token = "";

export class Refused extends Error {
  constructor(status, answer) {
    super(answer?.code ?? String(status));
    this.status = status;
    this.code = answer?.code ?? "";
    this.facts = answer?.facts ?? {};
  }
}

async function ask(address, more = {}) {
  const answer = await fetch(`/offline-desk/${address}`, { credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(more.patience ?? PATIENCE), ...more });
  const data = await answer.json().catch(() => null);
  if (!answer.ok) throw new Refused(answer.status, data);
  return data;
}

export const post = (address, data, patience) =>
  ask(address, { method: "POST", body: JSON.stringify(data), headers: { "Content-Type": "application/json", "X-CSRFToken": token }, patience });

// Who is there: {now, signed_in, name, device, houses}.
export async function hello(query = "") {
  const found = await ask(`session${query}`);
  await clock.heard(found.now);
  token = found.token ?? "";
  return found;
}

// Sends what is unsent and fetches what has changed. Gives the state of the line: down, sign_in, revoked, doubted, unknown, gap, up.
export function sync(device, { fresh = false } = {}) {
  return navigator.locks.request("khaneh-offline-line", async () => {
    try {
      const who = await hello(`?device=${device.id}`);
      if (!who.signed_in) return "sign_in";
      const state = who.device?.state ?? "unknown";
      if (state === "unknown" || state === "doubted") return state;
      const sent = await send(device, who.device.expected);
      if (state === "revoked") {
        // What it knew is taken from it; what it did has gone up and waits for a person.
        await store.change((await store.keys("parts")).map((name) => ["parts", name, undefined]).concat([["meta", "snapshot", undefined]]));
        snapshot.forget();
        return "revoked";
      }
      const about = snapshot.about();
      if (fresh || sent || !about || clock.now() - about.as_of > SNAPSHOT_AGE) await snapshot.refresh((address, data) => post(address, data, 120_000), device);
      await log.tidy();
      return "up";
    } catch (error) {
      if (!(error instanceof Refused)) return "down";
      if (error.status === 401 || (error.status === 403 && !error.code)) return "sign_in";
      return { "circulation.log_tampered": "doubted", "circulation.log_gap": "gap", "circulation.device_revoked": "revoked", "kernel.not_allowed": "not_allowed" }[error.code] ?? "down";
    }
  });
}

async function send(device, expected) {
  const rows = (await log.entries()).filter((entry) => !entry.sent || entry.number >= expected);
  if (rows.some((entry) => entry.unreadable)) throw new Refused(409, { code: "circulation.log_tampered" });
  for (let turn = 0; turn < rows.length; turn += PIECE) {
    const piece = rows.slice(turn, turn + PIECE);
    await log.tell(piece.map((entry) => entry.number));
    const entries = piece.map(({ body, signature }) => ({ body, signature }));
    const answer = await post("upload", { device: device.id, entries, numbers: piece.map((entry) => entry.number), clock: clock.look() }, 60_000);
    await log.settle(answer.done);
  }
  return rows.length > 0;
}

export const unsent = async () => (await store.all("log")).filter((row) => !row.sent).length;

// Makes this browser a device of a house: a key for signing that cannot leave it, a key for sealing that only the passphrase opens.
export async function enrol({ house, name, days, passphrase }) {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const publicKey = await crypto.subtle.exportKey("spki", pair.publicKey);
  const { kept, raw } = await vault.close(passphrase);
  const made = await post("enrol", { house, name, days, public_key: vault.base64(publicKey), recovery_key: vault.base64(raw) });
  const device = { id: made.device, house: made.house, name, privateKey: pair.privateKey, vault: kept };
  await store.clear("device", "parts", "log");
  await store.put("device", "device", device);
  await navigator.storage?.persist?.().catch(() => false);
  return device;
}

// A new passphrase for the same key, which the server gives to whoever may enrol.
export async function recover(device, passphrase) {
  await hello();
  const { key } = await post("recover", { device: device.id });
  const { kept } = await vault.close(passphrase, vault.unbase64(key));
  const changed = { ...device, vault: kept };
  await store.put("device", "device", changed);
  return changed;
}
