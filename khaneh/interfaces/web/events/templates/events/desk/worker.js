{% load khaneh %}// Keeps the page of a door that was taken along, with its styles and its script, until it is thrown away. Of the desk nothing else.
const KEPT = "event-door";
const OURS = /^\/desk\/events\/\d+\/door\/carry$/;

self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function newestOrKept(request, keep) {
  const cache = await caches.open(KEPT);
  try {
    const answer = await fetch(request);
    if (answer.ok && keep && !answer.redirected) await cache.put(request, answer.clone());
    return answer;
  } catch {
    return (await cache.match(request)) || Response.error();
  }
}

async function keptOrNewest(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) (await caches.open(KEPT)).put(request, answer.clone());
  return answer;
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/assets/")) event.respondWith(keptOrNewest(request));
  else if (OURS.test(url.pathname)) event.respondWith(newestOrKept(request, true));
});
// {{ version }}
