(() => {
  const card = document.getElementById("live"), offline = document.getElementById("offline");
  const { worker, seen: asOf } = card.dataset;
  let tag = card.dataset.tag, wait = 4000, timer = 0, awake = null, seen = asOf ? new Date(asOf) : new Date();
  function showOffline() {
    const time = seen.toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    offline.textContent = offline.dataset.text.replace("{time}", time);
    offline.hidden = false;
  }
  async function look() {
    if (document.hidden) return;
    try {
      const answer = await fetch(card.dataset.from, { headers: { "If-None-Match": tag }, cache: "no-store" });
      if (answer.status === 404 || answer.status === 410) return location.reload();
      if (answer.status === 200) {
        const drawn = await answer.text();
        if (answer.headers.get("X-Card-Look") !== card.dataset.look) return location.reload();
        card.innerHTML = drawn;
        tag = answer.headers.get("ETag");
        showLarge();
        if (card.dataset.codes) { codes = []; turn(); }
      }
      const isFresh = answer.ok || answer.status === 304;
      wait = isFresh ? 4000 : 30000;
      if (isFresh) { seen = new Date(); offline.hidden = true; }
    } catch {
      wait = Math.min(2 * wait, 60000);
      showOffline();
    }
    clearTimeout(timer); // of another look, when somebody came back while this one was under way
    timer = setTimeout(look, wait);
  }
  function showLarge() {
    const [small, large] = [card.querySelector(".scan"), document.getElementById("code")];
    if (!small) return;
    large.replaceChildren(small.querySelector("svg").cloneNode(true));
    document.querySelector("#large .code").textContent = small.querySelector("b").textContent;
  }
  // A code that changes: drawn by the server for some minutes ahead, so that its key stays there.
  let codes = [], period = 30000, ahead = 0, turning = 0, asking = false;
  async function askForCodes() {
    if (asking || document.hidden) return;
    asking = true;
    try {
      const answer = await fetch(card.dataset.codes, { cache: "no-store" });
      if (answer.ok) {
        const told = await answer.json();
        ({ codes, period } = told);
        if (!answer.headers.has("X-Card-Copy")) ahead = told.now - Date.now();
      }
    } catch { /* what is left is shown until it has run out */ }
    asking = false;
  }
  async function turn() {
    clearTimeout(turning);
    const left = () => codes.filter(([from]) => from + period > Date.now() + ahead);
    if (left().length < 10) await askForCodes();
    const now = Date.now() + ahead, current = left().find(([from]) => from <= now);
    const small = card.querySelector(".scan");
    if (small && current) {
      small.querySelector("svg").outerHTML = current[1];
      showLarge();
    }
    for (const place of [small, document.getElementById("code")]) place?.classList.toggle("old", !current);
    document.getElementById("stale").hidden = Boolean(current);
    clearTimeout(turning);
    turning = setTimeout(turn, current ? period - (now % period) + 20 : 5000);
  }
  async function stayAwake() {
    const large = location.hash === "#code" && !document.hidden;
    try {
      if (large && !awake) awake = await navigator.wakeLock?.request("screen");
      else if (!large && awake) { await awake.release(); awake = null; }
    } catch { awake = null; }
    if (large) document.querySelector("#large a").focus();
  }
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    awake = null;
    stayAwake();
    if (document.hidden) return;
    look();
    if (card.dataset.codes) turn();
  });
  addEventListener("hashchange", stayAwake);
  addEventListener("keydown", (event) => { if (event.key === "Escape" && location.hash === "#code") location.hash = "live"; });
  if (asOf) showOffline();
  timer = setTimeout(look, wait);
  if (card.dataset.codes) turn();
  stayAwake();
  navigator.serviceWorker?.register(worker, { scope: worker.slice(0, worker.lastIndexOf("/")) }).catch(() => {});
})();
