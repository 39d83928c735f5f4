// What stays on the device: one database, in which everything that names somebody is sealed (vault.js). A write is over when it is on the disk.
const NAME = "khaneh-offline-desk";
const STORES = ["device", "parts", "meta", "log"];
let opened;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => STORES.forEach((name) => request.result.createObjectStore(name));
    request.onsuccess = () => {
      // Another window may want to make the store anew: it must not wait for this one.
      request.result.onversionchange = () => { request.result.close(); opened = undefined; };
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function run(names, mode, act) {
  const base = await open();
  return new Promise((resolve, reject) => {
    const transaction = base.transaction(names, mode, { durability: "strict" });
    let result;
    transaction.oncomplete = () => resolve(result);
    transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
    transaction.onerror = () => reject(transaction.error);
    const stores = Object.fromEntries([names].flat().map((name) => [name, transaction.objectStore(name)]));
    act(stores, (value) => { result = value; });
  });
}

const asked = (names, make) => run(names, "readonly", (stores, give) => {
  const request = make(stores);
  request.onsuccess = () => give(request.result);
});

export const get = (name, key) => asked(name, (stores) => stores[name].get(key));
export const all = (name) => asked(name, (stores) => stores[name].getAll());
export const keys = (name) => asked(name, (stores) => stores[name].getAllKeys());
export const put = (name, key, value) => run(name, "readwrite", (stores) => stores[name].put(value, key));

// Refused where the key is taken: two windows never write one entry of the log.
export const add = (name, key, value) => run(name, "readwrite", (stores) => stores[name].add(value, key));

// The last row of a store, as [key, value], or undefined.
export const last = (name) => run(name, "readonly", (stores, give) => {
  const request = stores[name].openCursor(null, "prev");
  request.onsuccess = () => { if (request.result) give([request.result.key, request.result.value]); };
});

// Several changes at once, or none: [[store, key, value]]; a value that is undefined takes the row away.
export const change = (changes) => run([...new Set(changes.map(([name]) => name))], "readwrite", (stores) => {
  for (const [name, key, value] of changes) {
    if (value === undefined) stores[name].delete(key);
    else stores[name].put(value, key);
  }
});

export const clear = (...names) => run(names, "readwrite", (stores) => names.forEach((name) => stores[name].clear()));
