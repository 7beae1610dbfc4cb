/**
 * Lets the till open without a network: keeps its page and its code, all of one version.
 *
 * It imports nothing, for it is served under an address of its own. Calls of the API pass it by: what is booked without
 * a network waits in the page's queue, not here.
 */
// The library of types knows the scope of other workers only.
const worker = self as unknown as ServiceWorkerGlobalScope;

const PAGE = '/scan';
const ASSETS = '/assets/app/';
// The build writes them here; another list is another worker, and another version.
const KEPT = JSON.parse('__KEPT_OFFLINE__') as { readonly version: string; readonly paths: readonly string[] };
const STATIC = ['/scan/manifest.webmanifest', '/scan/icon.svg'];
const PREFIX = 'passerelle-scan-';
const CACHE = PREFIX + KEPT.version;

async function keep(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll([PAGE, ...STATIC, ...KEPT.paths].map((path) => new Request(path, { cache: 'no-cache' })));
}

async function forgetOthers(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
}

/** From what is kept; from the network only what is not, such as the code of the dashboard. */
async function answer(request: Request, key: Request | string): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(key, { ignoreVary: true })) ?? fetch(request);
}

worker.addEventListener('install', (event) => event.waitUntil(keep()));
worker.addEventListener('activate', (event) => event.waitUntil(forgetOthers().then(() => worker.clients.claim())));

// A new version waits until the cashier takes it: code that is loaded later must be of the version of the page.
worker.addEventListener('message', (event) => {
  if (event.data === 'take-over') void worker.skipWaiting();
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== 'GET' || address.origin !== worker.location.origin) return;
  if (request.mode === 'navigate') {
    if (address.pathname === PAGE || address.pathname.startsWith(`${PAGE}/`)) event.respondWith(answer(request, PAGE));
  } else if (address.pathname.startsWith(ASSETS) || STATIC.includes(address.pathname)) {
    event.respondWith(answer(request, request));
  }
});
