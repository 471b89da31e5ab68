// Keeps the pages of the phone at hand without a network. Only reading; what is typed waits in the outbox.
const SHELF = "phone-shelf-1", PATIENCE = 4000;
const ASSETS = [
  "/static/appbuilder/css/bootstrap.min.css", "/static/css/app.css", "/static/css/pages.css", "/static/phone/phone.css",
  "/static/phone/visit.js", "/static/phone/store.js", "/static/phone/sync.js", "/static/phone/place.js",
  "/static/phone/words.js", "/static/phone/form.js", "/static/phone/files.js", "/static/phone/sign.js",
  "/static/phone/list.js", "/static/phone/leave.js", "/static/mark.svg",
];

self.addEventListener("install", (event) => {
  const fill = caches.open(SHELF).then((shelf) => Promise.allSettled(ASSETS.map((asset) => shelf.add(asset))));
  event.waitUntil(fill.then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) { return; }
  const isPage = event.request.mode === "navigate" && url.pathname.startsWith("/phone/");
  const isPart = url.pathname.startsWith("/static/") || url.pathname.endsWith("/small");
  if (isPage || isPart) { event.respondWith(fresh(event, url, isPage)); }
});

// The network first; what is on the shelf when it is away or slow. A sign-in page is never put there.
async function fresh(event, url, isPage) {
  const shelf = await caches.open(SHELF);
  const network = fetch(event.request).then((answer) => {
    if (answer.ok && !answer.redirected) { event.waitUntil(shelf.put(url.pathname, answer.clone())); }
    return answer;
  });
  network.catch(() => {});
  const kept = await shelf.match(url.pathname);
  if (!kept) { return network.catch(() => elsewhere(shelf, isPage)); }
  const late = new Promise((resolve) => setTimeout(() => resolve(kept), PATIENCE));
  return Promise.race([network.then((answer) => (answer.status >= 500 ? kept : answer)).catch(() => kept), late]);
}

async function elsewhere(shelf, isPage) {
  const list = isPage ? await shelf.match("/phone/") : null;
  return list || Response.error();
}
