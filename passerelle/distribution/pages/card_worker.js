// Keeps one card to be seen without a network: the page as it was last, what changed since, and when that was.
// Its scope is the card's own address, so it sees no other card; when the card is gone, so is all that it kept.
const CARD = new URL(self.registration.scope).pathname;
const LIVE = `${CARD}/live`, CODES = `${CARD}/codes`, SEEN = `${CARD}/seen`;
const NOTE_MS = 30000;
const COPY = `${CARD}?wallet=page&${new URLSearchParams({ lang: new URL(self.location).searchParams.get("lang") ?? "" })}`;
let noted = 0;

const kept = () => caches.open(CARD);
const isGone = (answer) => answer.status === 404 || answer.status === 410;
const isPage = (answer) => answer.ok && (answer.headers.get("Content-Type") ?? "").startsWith("text/html");

async function noteTime(always) {
  if (!always && Date.now() - noted < NOTE_MS) return;
  noted = Date.now();
  await (await kept()).put(SEEN, new Response(new Date(noted).toISOString()));
}

async function keepPictures(store, html) {
  const wanted = [...html.matchAll(/<img[^>]+src="(\/[^"]+)"/g)].map((found) => found[1]);
  for (const picture of wanted) {
    if (!(await store.match(picture))) await store.add(picture).catch(() => {});
  }
}

async function keepPage(answer) {
  await caches.delete(CARD);
  const store = await kept();
  const page = answer.clone();
  await store.put(CARD, answer);
  await noteTime(true);
  await keepPictures(store, await page.text());
}

async function forget() {
  await caches.delete(CARD);
  await self.registration.unregister();
}

async function keptPage() {
  const store = await kept();
  const [page, live, seen] = await Promise.all([CARD, LIVE, SEEN].map((place) => store.match(place)));
  if (!page || !seen) return null;
  let text = (await page.text()).replace('data-seen=""', `data-seen="${await seen.text()}"`);
  if (live) {
    const [start, end] = ["<!--live-->", "<!--/live-->"].map((mark) => text.indexOf(mark));
    text = text.slice(0, start) + (await live.text()) + text.slice(end);
  }
  return new Response(text, { status: 200, headers: page.headers });
}

async function showPage(request) {
  let answer;
  try {
    answer = await fetch(request);
  } catch (fault) {
    const page = await keptPage();
    if (page) return page;
    throw fault;
  }
  if (isGone(answer)) await forget();
  else if (isPage(answer)) await keepPage(answer.clone());
  else if (answer.status === 502 || answer.status === 504) return (await keptPage()) ?? answer;
  return answer;
}

async function showLive(request) {
  const answer = await fetch(request);
  if (isGone(answer)) await forget();
  else if (answer.status === 200) {
    const store = await kept();
    const drawn = answer.clone();
    await store.put(LIVE, answer.clone());
    await noteTime(true);
    await keepPictures(store, await drawn.text());
  } else if (answer.status === 304) await noteTime(false);
  return answer;
}

// What a code that changes will show for some minutes: good as long as the page finds its time in it.
async function showCodes(request) {
  try {
    const answer = await fetch(request);
    if (answer.ok) await (await kept()).put(CODES, answer.clone());
    return answer;
  } catch (fault) {
    const copy = await (await kept()).match(CODES);
    if (!copy) throw fault;
    return new Response(await copy.text(), { headers: { "Content-Type": "application/json", "X-Card-Copy": "1" } });
  }
}

async function showPicture(request) {
  return (await (await kept()).match(new URL(request.url).pathname)) ?? fetch(request);
}

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(
    (async () => {
      const answer = await fetch(COPY, { headers: { "X-Card-Copy": "1" } });
      if (!isPage(answer)) throw new Error(String(answer.status));
      await keepPage(answer);
    })(),
  );
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin || request.method !== "GET") return;
  if (pathname === CARD && request.mode === "navigate") event.respondWith(showPage(request));
  else if (pathname === LIVE) event.respondWith(showLive(request));
  else if (pathname === CODES) event.respondWith(showCodes(request));
  else if (request.destination === "image") event.respondWith(showPicture(request));
});
