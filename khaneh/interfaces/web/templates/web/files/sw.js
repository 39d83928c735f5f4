{% load khaneh %}// Keeps the shell for a bad line: styles, scripts, fonts and the offline page. Pages always come from the network first; those
// that were read last can be read again without it. Nothing of an account is ever kept.
const SHELL = "shell-{{ version }}";
const PAGES = "pages";
const KEPT = 40;
const OFFLINE = "{% url 'offline' %}";
const FIRST = [OFFLINE, "{% asset 'css/khaneh.css' %}", "{% asset 'js/app.js' %}", "{% asset 'img/icons.svg' %}"];
const PUBLIC = /^\/($|records\/|works\/|houses|organisations|authors|subjects|about|privacy|accessibility)/;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(FIRST)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith("shell-") && name !== SHELL).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

async function fromShell(request) {
  const cache = await caches.open(SHELL);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) cache.put(request, answer.clone());
  return answer;
}

async function page(request) {
  const cache = await caches.open(PAGES);
  try {
    const answer = await fetch(request);
    const path = new URL(request.url).pathname;
    if (answer.ok && PUBLIC.test(path) && !answer.headers.has("X-Personal")) {
      await cache.put(request, answer.clone());
      const keys = await cache.keys();
      await Promise.all(keys.slice(0, Math.max(0, keys.length - KEPT)).map((key) => cache.delete(key)));
    }
    return answer;
  } catch {
    return (await cache.match(request)) || (await caches.match(OFFLINE)) || Response.error();
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/assets/")) event.respondWith(fromShell(request));
  else if (request.mode === "navigate") event.respondWith(page(request));
});
