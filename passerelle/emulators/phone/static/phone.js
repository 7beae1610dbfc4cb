// Keeps the two phones current and sends what a finger does. The server draws; this only swaps and remembers.
"use strict";

const opened = { iphone: null, android: null };
const turned = new Set();
const sheets = new Set();

function screenOf(phone) {
  return document.getElementById(phone);
}

function values(root) {
  return new Map([...root.querySelectorAll("[data-field]")].map((e) => [e.dataset.field, e.textContent]));
}

function notices(root) {
  return new Set([...root.querySelectorAll("[data-notice]")].map((e) => e.dataset.notice));
}

function cards(root) {
  return [...root.querySelectorAll("[data-card]")];
}

/* Puts back which card is open and which is turned: the server knows nothing of that. */
function arrange(phone) {
  const all = cards(screenOf(phone));
  if (!all.some((card) => card.dataset.card === opened[phone])) {
    opened[phone] = all.length ? all[0].dataset.card : null;
  }
  for (const card of all) {
    const id = card.dataset.card;
    card.classList.toggle("open", id === opened[phone]);
    card.classList.toggle("turned", turned.has(id));
    card.querySelector(".back")?.toggleAttribute("inert", !turned.has(id));
    card.querySelector(".front")?.toggleAttribute("inert", turned.has(id));
    if (all.length > 1) card.tabIndex = 0;
    const sheet = card.querySelector("[data-sheet]");
    if (sheet) sheet.open = sheets.has(id);
  }
}

function show(phone, html) {
  const screen = screenOf(phone);
  const before = { values: values(screen), notices: notices(screen), cards: new Set(cards(screen).map((c) => c.dataset.card)) };
  screen.innerHTML = html;
  for (const card of cards(screen)) {
    if (!before.cards.has(card.dataset.card)) {
      opened[phone] = card.dataset.card;
      break;
    }
  }
  arrange(phone);
  for (const element of screen.querySelectorAll("[data-field]")) {
    const old = before.values.get(element.dataset.field);
    if (old !== undefined && old !== element.textContent) element.classList.add("changed");
  }
  let arrived = false;
  for (const element of screen.querySelectorAll("[data-notice]")) {
    if (before.notices.has(element.dataset.notice)) continue;
    element.classList.add("arrive");
    arrived = true;
  }
  if (arrived) screen.scrollTo({ top: 0, behavior: "smooth" });
}

function listen() {
  const live = document.getElementById("live");
  const source = new EventSource(`/phone/events?language=${document.body.dataset.language}`);
  const mark = (off) => {
    live.classList.toggle("off", off);
    live.lastElementChild.textContent = off ? document.body.dataset.offline : document.body.dataset.live;
  };
  source.addEventListener("open", () => mark(false));
  source.addEventListener("error", () => mark(true));
  source.addEventListener("language", () => location.reload());
  for (const phone of ["iphone", "android"]) {
    source.addEventListener(phone, (event) => show(phone, JSON.parse(event.data)));
  }
}

let toastTimer;
function toast(text, { wrong = false, link = "" } = {}) {
  const box = document.getElementById("toast");
  box.textContent = text;
  if (link) {
    const anchor = document.createElement("a");
    anchor.href = link;
    anchor.target = "_blank";
    anchor.rel = "noreferrer";
    anchor.textContent = document.body.dataset.openAgain;
    box.append(" ", anchor);
  }
  box.classList.toggle("wrong", wrong);
  box.classList.add("shown");
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => box.classList.remove("shown"), link ? 9000 : 4500);
}

async function send(path, body, type = "application/json") {
  try {
    const answer = await fetch(path, { method: "POST", body, headers: { "Content-Type": type } });
    const result = await answer.json();
    if (result.page) window.open(result.page, "_blank", "noreferrer");
    if (result.message) toast(result.message, { wrong: !result.ok, link: result.page });
    return result;
  } catch {
    toast(document.body.dataset.offline, { wrong: true });
    return { ok: false };
  }
}

document.getElementById("camera").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.currentTarget;
  const phone = event.submitter?.value ?? "iphone";
  form.setAttribute("aria-busy", "true");
  const result = await send(`/phone/${phone}/open`, JSON.stringify({ url: form.elements.url.value }));
  form.removeAttribute("aria-busy");
  if (result.ok) form.elements.url.value = "";
});

for (const button of document.querySelectorAll("[data-speak]")) {
  button.addEventListener("click", () => send("/phone/language", JSON.stringify({ language: button.dataset.speak })));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  const card = event.target.closest("[data-card]");
  const phone = event.target.closest(".screen")?.id;
  if (button) act(button, card, phone);
  else if (card && phone && opened[phone] !== card.dataset.card) {
    open(phone, card);
  } else if (card && phone === "iphone" && event.target.closest(".front")) {
    turn(card);
  }
});

document.addEventListener("keydown", (event) => {
  const phone = event.target.closest?.(".screen")?.id;
  if (event.key === "Enter" && phone && event.target.matches("[data-card]")) open(phone, event.target);
});

function open(phone, card) {
  opened[phone] = card.dataset.card;
  arrange(phone);
  card.scrollIntoView({ block: "nearest", behavior: "smooth" });
}

function turn(card) {
  const id = card.dataset.card;
  if (!turned.delete(id)) turned.add(id);
  arrange("iphone");
}

function act(button, card, phone) {
  const { act: what, id } = button.dataset;
  if (what === "turn") turn(card);
  if (what === "refresh") send(`/phone/${phone}/refresh`, JSON.stringify({ id }));
  if (what === "wipe") send(`/phone/${phone}/wipe`, "{}");
  if (what === "remove" && confirm(document.body.dataset.removeSure)) send(`/phone/${phone}/remove`, JSON.stringify({ id }));
}

document.addEventListener("toggle", (event) => {
  const id = event.target.dataset?.sheet;
  if (!id) return;
  if (event.target.open) sheets.add(id);
  else sheets.delete(id);
}, true);

/* A .pkpass dropped on the iPhone is what opening it from a mail would be. */
const iphone = screenOf("iphone");
for (const name of ["dragover", "dragleave", "drop"]) {
  iphone.addEventListener(name, (event) => {
    event.preventDefault();
    iphone.classList.toggle("drop", name === "dragover");
    const file = name === "drop" && event.dataTransfer?.files[0];
    if (file) send("/phone/iphone/file", file, "application/vnd.apple.pkpass");
  });
}

for (const phone of ["iphone", "android"]) {
  arrange(phone);
  const screen = screenOf(phone);
  screen.addEventListener("scroll", () => screen.classList.toggle("scrolled", screen.scrollTop > 24), { passive: true });
}
listen();
