// Shown inside another page: that page asks for what a finger would do here, and hears how it went.
// Who may frame this page is said by its Content-Security-Policy, so whoever is the parent may ask.
"use strict";

const parentPage = window.parent === window ? null : window.parent;

function tellParent(message) {
  parentPage?.postMessage({ from: "phones", ...message }, "*"); // says nothing that a screen would not show
}

async function asked({ what, phone, url, language }) {
  if (what === "open" && (phone === "iphone" || phone === "android") && typeof url === "string") {
    const result = await send(`/phone/${phone}/open`, JSON.stringify({ url }));
    tellParent({ what: "opened", phone, ok: result.ok === true && !result.page, message: result.message ?? "" });
  }
  if (what === "speak" && typeof language === "string" && language !== document.body.dataset.language) {
    await send("/phone/language", JSON.stringify({ language }));
  }
}

if (parentPage) {
  document.documentElement.dataset.embedded = "";
  window.addEventListener("message", (event) => {
    if (event.source === parentPage && typeof event.data === "object" && event.data !== null) asked(event.data);
  });
  tellParent({ what: "ready" });
}
