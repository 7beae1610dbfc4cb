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
      }
      const isFresh = answer.ok || answer.status === 304;
      wait = isFresh ? 4000 : 30000;
      if (isFresh) { seen = new Date(); offline.hidden = true; }
    } catch {
      wait = Math.min(2 * wait, 60000);
      showOffline();
    }
    timer = setTimeout(look, wait);
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
    if (!document.hidden) look();
  });
  addEventListener("hashchange", stayAwake);
  addEventListener("keydown", (event) => { if (event.key === "Escape" && location.hash === "#code") location.hash = "live"; });
  if (asOf) showOffline();
  timer = setTimeout(look, wait);
  stayAwake();
  navigator.serviceWorker?.register(worker, { scope: worker.slice(0, worker.lastIndexOf("/")) }).catch(() => {});
})();
