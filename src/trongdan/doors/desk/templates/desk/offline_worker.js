// The desk's service worker, version {{ version }}. It keeps one page and its files; no other page is ever kept.
"use strict";
const CACHE = "td-offline-{{ version }}", PAGE = "{{ page }}", ASSETS = {{ assets|safe }};
self.TD_BASE = PAGE;
importScripts("{{ queue }}");
self.addEventListener("install", (e) => {
  e.waitUntil(caches.open(CACHE).then((c) => c.addAll([PAGE, ...ASSETS].map((u) => new Request(u, { cache: "reload", credentials: "omit" })))).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (e) => {
  const old = (names) => names.filter((n) => n.startsWith("td-offline-") && n !== CACHE);
  e.waitUntil(caches.keys().then((names) => Promise.all(old(names).map((n) => caches.delete(n)))).then(() => self.clients.claim()));
});
self.addEventListener("fetch", (e) => {
  const r = e.request, url = new URL(r.url);
  if (r.method !== "GET" || url.origin !== location.origin) return;
  if (ASSETS.includes(url.pathname) || (r.mode === "navigate" && url.pathname === PAGE)) {
    e.respondWith(caches.open(CACHE).then((c) => c.match(url.pathname)).then((kept) => kept || fetch(r)));
  } else if (r.mode === "navigate") {
    // Any other page of the desk: from the network alone; without it, to the page that works.
    e.respondWith(fetch(r).catch(() => Response.redirect(PAGE)));
  }
});
self.addEventListener("sync", (e) => { if (e.tag === "td-send") e.waitUntil(self.TD.send()); });
