// Keeps the offline desk on the device: the page in three languages and everything it is made of, so that it opens without a line. What it
// knows of members and copies is not here but in its own store, sealed. Nothing that the server answers is ever kept.
const KEPT = "offline-desk-{{ version }}";
const FILES = [{% for address in kept %}"{{ address }}"{% if not forloop.last %}, {% endif %}{% endfor %}];

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(KEPT)
      .then((cache) => cache.addAll(FILES.map((address) => new Request(address, { cache: "reload" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith("offline-desk-") && name !== KEPT).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  const page = request.mode === "navigate" && /^\/offline-desk\/(fa|vi|en)\/$/.test(url.pathname);
  if (!page && !url.pathname.startsWith("/assets/") && !url.pathname.endsWith(".webmanifest")) return;
  // What is kept answers first: the page opens as fast without a line as with one, and a new version arrives with the next worker.
  event.respondWith(
    caches.open(KEPT).then(async (cache) => (await cache.match(page ? url.pathname : request)) ?? (await caches.match(request)) ?? fetch(request)),
  );
});
