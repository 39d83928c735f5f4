// Sealing what names somebody: AES-GCM with a key that is on the device only under a passphrase (PBKDF2). Locked, nothing can be read.
const ITERATIONS = 600_000;
const text = new TextEncoder();
const back = new TextDecoder();
let key;

export const isOpen = () => key !== undefined;
export const lock = () => { key = undefined; };
export const base64 = (bytes) => btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(""));
export const unbase64 = (words) => Uint8Array.from(atob(words), (sign) => sign.charCodeAt(0));
export const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
export const random = (length) => crypto.getRandomValues(new Uint8Array(length));

async function passwordKey(passphrase, salt, iterations) {
  const raw = await crypto.subtle.importKey("raw", text.encode(passphrase.normalize("NFKC")), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return crypto.subtle.deriveKey(how, raw, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

const use = async (raw) => { key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]); };

// Opens the vault with a key (a new one unless given) and gives how it is kept: {salt, iterations, iv, wrapped}.
export async function close(passphrase, raw = random(32)) {
  const salt = random(16);
  const iv = random(12);
  const under = await passwordKey(passphrase, salt, ITERATIONS);
  const wrapped = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, under, raw);
  await use(raw);
  return { kept: { salt, iterations: ITERATIONS, iv, wrapped }, raw };
}

// Opens the vault; false where the passphrase is another.
export async function open(passphrase, kept) {
  const under = await passwordKey(passphrase, kept.salt, kept.iterations);
  try {
    const raw = await crypto.subtle.decrypt({ name: "AES-GCM", iv: kept.iv }, under, kept.wrapped);
    await use(raw);
    return true;
  } catch {
    return false;
  }
}

export async function seal(value) {
  const iv = random(12);
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, text.encode(JSON.stringify(value))) };
}

export async function unseal(sealed) {
  return JSON.parse(back.decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv }, key, sealed.data)));
}
