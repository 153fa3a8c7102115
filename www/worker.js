// The service worker: the page opens without a network, and a new version waits until it is wanted.
//
// A version is index.html with all that it names; its files have their digests in their names, so
// the digest of index.html stands for all of them. Each version has a cache of its own, and a
// small cache beside them says which one is shown. The version shown never changes under a
// visitor: a newer one is loaded out of sight, and shown once somebody asks for it, or with the
// first visit while no other window is open.

const SCOPE = self.registration.scope;
const PREFIX = `raftbank ${SCOPE} `;
const STATE = `${PREFIX}state`;
// Beside what index.html names, what the browser asks for by itself.
const BESIDE = ["manifest.webmanifest", "icon.svg", "icon-192.png", "icon-512.png", "icon-maskable.png"];
const DIGESTED = /-[0-9a-f]{12,}[._]/;
// What is fetched last stands for the rest: a version without it is not whole.
const HOME = SCOPE;
// One file has one content here, whatever is asked along with it.
const ANY = { ignoreVary: true };

self.addEventListener("install", (event) => {
  self.skipWaiting();
  // A newer worker changes the version that is shown no more than anything else does.
  event.waitUntil(shown().then((version) => (version ? look() : bring().then(show))));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") {
    // Other pages may live in folders below this one.
    if (![HOME, `${HOME}index.html`].includes(origin + pathname)) return;
    event.respondWith(home(event));
    event.waitUntil(look().catch(() => {})); // Without a network there is no newer version.
  } else if ((origin + pathname).startsWith(SCOPE)) {
    event.respondWith(file(request));
  }
});

self.addEventListener("message", (event) => {
  const answer = (what) => event.source.postMessage(what);
  if (event.data === "is there a newer version?") {
    event.waitUntil(look().then((newer) => newer && answer("there is"), () => {}));
  } else if (event.data === "show it") {
    event.waitUntil(waiting().then(show).then(() => answer("load it")));
  }
});

// The page itself.
async function home(event) {
  const newer = await waiting();
  if (newer) {
    const windows = await self.clients.matchAll({ type: "window" });
    if (windows.every((it) => it.id === event.resultingClientId)) await show(newer);
  }
  const version = await shown();
  const kept = version && (await (await caches.open(PREFIX + version)).match(HOME));
  return kept ?? fetch(event.request);
}

// A file of the version that is shown, or of one before that some window still shows.
async function file(request) {
  const version = await shown();
  const cache = version && (await caches.open(PREFIX + version));
  const kept = (await cache?.match(request, ANY)) ?? (await keptBefore(request));
  if (kept) return kept;
  const response = await fetch(request);
  // What the page fetches as it goes belongs to its version.
  if (cache && response.status === 200 && response.type === "basic") {
    await cache.put(request, response.clone()).catch(() => {});
  }
  return response;
}

async function keptBefore(request) {
  for (const name of await caches.keys()) {
    if (!name.startsWith(PREFIX) || name === STATE) continue;
    const kept = await (await caches.open(name)).match(request, ANY);
    if (kept) return kept;
  }
}

// Loads what the server has now, if it is not here yet, and says which version that is.
async function bring() {
  const response = await fetch(HOME, { cache: "no-cache" });
  if (!response.ok) throw new Error(`${HOME} answered ${response.status}`);
  const text = await response.text();
  const version = await digest(text);
  const cache = await caches.open(PREFIX + version);
  if (await cache.match(HOME)) return version;
  // Written small, an attribute needs no quotes.
  const named = [...text.matchAll(/["'`=](?:\.\/)?([\w./-]+\.(?:js|wasm|css|json|txt))["'`\s>]/g)];
  const files = [...new Set(named.map(([, name]) => name))];
  const digested = files.filter((name) => DIGESTED.test(name));
  // A name with a digest in it means the same file for ever, so any copy of it will do.
  // One by one: addAll reads no body before each file is answered, for which a plain server may
  // have no thread left.
  await Promise.all(digested.map((name) => cache.add(SCOPE + name)));
  const others = [...files.filter((name) => !DIGESTED.test(name)), ...BESIDE];
  const fresh = others.map((name) => new Request(SCOPE + name, { cache: "no-cache" }));
  await Promise.allSettled(fresh.map((request) => cache.add(request)));
  const type = { "Content-Type": "text/html; charset=utf-8" };
  await cache.put(HOME, new Response(text, { headers: type }));
  return version;
}

// Brings the newest version; true if it is not the one shown.
let looking;
function look() {
  looking ??= bring()
    .then(async (version) => {
      if (version === (await shown())) return false;
      await write("waiting", version);
      return true;
    })
    .finally(() => (looking = undefined));
  return looking;
}

async function digest(text) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Shows this version from now on. The one before it is kept for windows that still show it.
async function show(version) {
  if (!version) return;
  const before = await shown();
  await write("shown", version);
  await write("waiting", "");
  const wanted = [STATE, PREFIX + version, PREFIX + before];
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && !wanted.includes(name));
  await Promise.all(old.map((name) => caches.delete(name)));
}

const shown = () => read("shown");
const waiting = () => read("waiting");

async function read(what) {
  const response = await (await caches.open(STATE)).match(SCOPE + what);
  return response?.text();
}

async function write(what, value) {
  await (await caches.open(STATE)).put(SCOPE + what, new Response(value));
}
