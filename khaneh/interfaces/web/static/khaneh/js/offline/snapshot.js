// What the device knows of members and copies: drawn by the server, sealed part by part, in memory only while the desk is open. It answers who a
// card is and what a barcode is; the terms and due dates are the server's own answers, so no rule of lending stands here.
import * as clock from "./clock.js";
import * as store from "./store.js";
import * as vault from "./vault.js";

const [ID, CARD, NAME, CATEGORY, LAST_DAY, BLOCKS, LOANS, OVERDUE, DEBT, NEAR] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
let meta = null;
let members = new Map();
let cards = new Map();
let copies = new Map();

export const about = () => meta;
export const isUsable = () => meta !== null && clock.now() < meta.expires_at;

// Asks for what has changed and keeps it all at once.
export async function refresh(post, device) {
  const have = Object.fromEntries(await Promise.all((await store.keys("parts")).map(async (name) => [name, (await store.get("parts", name)).digest])));
  // The device itself asks: it signs its number and the time that the server has just told.
  const proof = `${device.id}:${Math.round(clock.now())}`;
  const signed = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, device.privateKey, new TextEncoder().encode(proof));
  const drawn = await post("snapshot", { device: device.id, have, proof, signature: vault.base64(signed) });
  const changes = [];
  for (const [name, rows] of Object.entries(drawn.parts)) changes.push(["parts", name, { digest: drawn.names[name], sealed: await vault.seal(rows) }]);
  for (const name of Object.keys(have)) if (!drawn.names[name]) changes.push(["parts", name, undefined]);
  const { parts, names, ...rest } = drawn;
  changes.push(["meta", "snapshot", await vault.seal(rest)]);
  await store.change(changes);
  await load();
}

export async function load() {
  const sealed = await store.get("meta", "snapshot");
  meta = sealed ? await vault.unseal(sealed) : null;
  members = new Map();
  cards = new Map();
  copies = new Map();
  const names = await store.keys("parts");
  const parts = await store.all("parts");
  await Promise.all(parts.map(async (part, turn) => {
    for (const row of await vault.unseal(part.sealed)) {
      if (names[turn].startsWith("c")) copies.set(row[1], { id: row[0], barcode: row[1], title: row[2], type: row[3], state: row[4], place: row[5], keptFor: row[6] });
      else {
        const member = { id: row[ID], card: row[CARD], name: row[NAME], category: row[CATEGORY], until: row[LAST_DAY], blocks: row[BLOCKS], loans: row[LOANS], overdue: row[OVERDUE], debt: row[DEBT], near: row[NEAR] };
        members.set(member.id, member);
        if (member.card) cards.set(member.card, member);
      }
    }
  }));
}

export function forget() {
  meta = null;
  members = new Map();
  cards = new Map();
  copies = new Map();
}

const DIGITS = /[۰-۹٠-٩]/g;
export const plain = (scan) => scan.trim().replace(DIGITS, (sign) => String(sign.charCodeAt(0) & 15));
export const cardOf = (scan) => plain(scan).replace(/ /g, "").toUpperCase();
export const copyBy = (barcode) => copies.get(barcode);
export const memberBy = (card) => cards.get(card);

// Both sides are folded alike, so that a name is found without its marks and with either kind of ی and ک.
const fold = (words) => words.normalize("NFKD").replace(/\p{M}|[\u200c\u200d\u200e\u200f\u0640]/gu, "").toLowerCase()
  .replace(/đ/g, "d").replace(/[يى]/g, "ی").replace(/ك/g, "ک").replace(/[ةۀ]/g, "ه");

export function namesLike(words) {
  const wanted = fold(words).split(/\s+/).filter((word) => word.length > 1);
  if (!wanted.length) return [];
  const found = [];
  for (const member of members.values()) {
    const parts = (member.folded ??= ` ${fold(member.name)}`);
    if (wanted.every((word) => parts.includes(` ${word}`))) found.push(member);
    if (found.length === 20) break;
  }
  return found;
}

// A copy of each title of the house that has all the words, twelve at most: first those that have them with their marks, then the shortest.
export function titlesLike(words) {
  const wanted = fold(words).split(/\s+/).filter((word) => word.length > 1);
  if (!wanted.length) return [];
  const found = new Map();
  for (const copy of copies.values()) {
    const title = (copy.folded ??= ` ${fold(copy.title ?? "")}`);
    if (title.length > 1 && wanted.every((word) => title.includes(` ${word}`)) && !found.has(title)) found.set(title, copy);
  }
  const typed = words.trim().normalize("NFC").toLowerCase();
  const rank = (copy) => (copy.title.normalize("NFC").toLowerCase().includes(typed) ? 0 : 1000) + copy.title.length;
  return [...found.values()].sort((one, other) => rank(one) - rank(other)).slice(0, 12);
}

// The server's answer for somebody of this category and a copy of this kind: {days, loans_max, overdue_max, debt_max, refused}.
export const termsOf = (category, near, type) => meta?.terms[`${category}|${near}`]?.[type] ?? null;

// When a loan of so many days that is made now is due: an instant, or "" where the snapshot does not reach as far.
export function dueOf(days, zone) {
  const table = meta?.dues[String(days)];
  if (!table) return "";
  const today = new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(clock.now());
  const turn = Math.round((Date.parse(today) - Date.parse(meta.first_day)) / 86_400_000);
  return table.slice(Math.max(turn, 0)).find((due) => Date.parse(due) > clock.now()) ?? "";
}

export const today = (zone) => new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(clock.now());
