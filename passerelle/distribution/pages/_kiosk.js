(() => {
  'use strict';
  const WARNING = 10;
  let left = 0;
  let coming = null;
  const home = () => document.body.dataset.home;

  // Pages are changed in place: the full screen stays, and there is no history that leads back to somebody's card.
  // The last touch counts, even while another page is on its way; but a form that was sent is waited for.
  async function open(address, sent) {
    if (coming?.sent) return;
    coming?.stop.abort();
    const mine = { sent, stop: new AbortController() };
    coming = mine;
    try {
      const answer = await fetch(address, { ...sent, credentials: 'omit', cache: 'no-store', signal: mine.stop.signal });
      if (!(answer.headers.get('content-type') || '').startsWith('text/html')) throw new Error('not a page');
      // The style of this page serves the next: another one would have a nonce that this page does not let through.
      const markup = (await answer.text()).replace(/<style[^]*?<\/style>/, '');
      if (coming === mine) adopt(new DOMParser().parseFromString(markup, 'text/html'));
    } catch {
      if (coming !== mine) return;
      const told = document.getElementById('offline');
      if (told) told.hidden = false;
      left = Math.max(left, WARNING + 5);
    }
    if (coming === mine) coming = null;
  }

  function adopt(page) {
    const root = document.documentElement;
    root.lang = page.documentElement.lang;
    root.dir = page.documentElement.dir;
    document.title = page.title;
    const body = document.adoptNode(page.body);
    body.querySelectorAll('script').forEach((script) => script.remove());
    document.body.replaceWith(body);
    scrollTo(0, 0);
    begin();
  }

  function begin() {
    left = Number(document.body.dataset.seconds || 0);
    const first = document.querySelector('[autofocus]') || document.querySelector('h1,h2');
    if (first && document.body.dataset.kind !== 'invite') {
      if (!first.matches('input')) first.tabIndex = -1;
      first.focus({ preventScroll: true });
    }
    tick(false);
  }

  const touched = () => {
    if (document.body.dataset.kind !== 'form') return;
    left = Number(document.body.dataset.seconds);
    tick(false);
  };

  function tick(passes = true) {
    if (!home()) return;
    if (passes) left -= 1;
    const shown = document.getElementById('left');
    if (shown) shown.textContent = String(Math.max(left, 0));
    const warned = document.getElementById('still');
    if (warned) warned.hidden = left > WARNING;
    if (left <= 0 && !coming) void open(home());
  }

  addEventListener('click', (event) => {
    if (document.fullscreenElement === null && !matchMedia('(display-mode: fullscreen),(display-mode: standalone)').matches) {
      document.documentElement.requestFullscreen?.().catch(() => undefined);
    }
    const link = event.target.closest?.('a[href]');
    if (!link) return;
    event.preventDefault();
    if (link.origin === location.origin && link.pathname.startsWith(home())) void open(link.href);
  });
  addEventListener('submit', (event) => {
    event.preventDefault();
    const form = event.target;
    void open(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
  });
  for (const kind of ['pointerdown', 'keydown', 'input', 'scroll']) addEventListener(kind, touched, { passive: true });
  addEventListener('contextmenu', (event) => event.preventDefault());
  addEventListener('dragstart', (event) => event.preventDefault());
  const stayAwake = () => {
    if (document.visibilityState === 'visible') navigator.wakeLock?.request('screen').catch(() => undefined);
  };
  document.addEventListener('visibilitychange', stayAwake);
  stayAwake();
  setInterval(tick, 1000);
  begin();
})();
