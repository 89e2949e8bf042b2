// SPDX-License-Identifier: Apache-2.0
// The service worker: keeps the shell of the console, the start page and what it needs to be drawn, so that it opens
// without the server and can say so. It keeps no answers of the API and no media, and prefers the server's own word
// wherever there is one: a console that was exchanged is seen at the next start. scripts/worker.mjs puts the list in.

const SHELL = { version: 'none', named: [], files: [] };

const KEPT = 'nxvms-shell-';
const CACHE = `${KEPT}${SHELL.version}`;
const START = '/console/';
const ASSETS = '/console/assets/';
/** A server that takes longer is shown as one that cannot be reached; the console finds out the rest. */
const WAIT_MS = 10_000;

self.addEventListener('install', (event) => {
  // Where the browser knows how, what is none of the shell's business does not even wake this worker.
  event.addRoutes?.(
    ['/api/*', '/media/*', '/ws/*'].map((pathname) => ({
      condition: { urlPattern: { pathname } },
      source: 'network',
    })),
  );
  event.waitUntil(keep().then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(forgetOthers());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) {
    return;
  }
  if (request.mode === 'navigate' && url.pathname.startsWith(START)) {
    event.respondWith(startPage(request));
  } else if (url.pathname.startsWith(ASSETS)) {
    event.respondWith(asset(request));
  } else if (SHELL.files.includes(url.pathname)) {
    event.respondWith(
      fetch(request).catch((gone) => kept(request).then((found) => found ?? Promise.reject(gone))),
    );
  }
});

/** All of one build or nothing: while the console is exchanged the start page may be another one's already. */
async function keep() {
  const cache = await caches.open(CACHE);
  try {
    await cache.addAll([START, ...SHELL.files].map((path) => new Request(path, { cache: 'reload' })));
    const page = await (await cache.match(START, { ignoreVary: true })).text();
    if (!SHELL.named.every((path) => page.includes(path))) {
      throw new Error('The console is being exchanged');
    }
  } catch (failed) {
    await caches.delete(CACHE);
    throw failed;
  }
}

async function forgetOthers() {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(KEPT) && name !== CACHE).map((name) => caches.delete(name)),
  );
}

async function kept(request) {
  const cache = await caches.open(CACHE);
  return cache.match(request, { ignoreVary: true });
}

/** Whatever the server says; the shell when it says nothing. */
async function startPage(request) {
  const answered = fetch(request);
  const late = new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  try {
    const first = await Promise.race([answered, late]);
    return first ?? (await kept(START)) ?? (await answered);
  } catch (gone) {
    const shell = await kept(START);
    if (shell) {
      return shell;
    }
    throw gone;
  }
}

/** Its name changes with its content: what is kept is what the server has. */
async function asset(request) {
  return (await kept(request)) ?? fetch(request);
}
