"""What pages cost and whether everybody can use them: Lighthouse, axe, weight, and the designer's preview.

Join and card page are measured as Lighthouse sees a mid-range phone on slow 4G; the dashboard's home, which people
have open at work, as it sees a desktop. ``python -m bench pages`` prints the figures; ``run()`` returns them.
"""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import quantiles
from typing import Any, Final

from playwright.async_api import Browser

from bench.browser import CHROMIUM, FLAGS, chromium, context, settled
from bench.complaints import complaints
from bench.showcase import Showcase, showcase

_LIGHTHOUSE: Final = Path(__file__).parent / "lighthouse"
_INSTALL_LIMIT_S: Final = 300
_SCORE_LIMIT_S: Final = 300
_KEYSTROKES: Final = 60
# From a keystroke in a field's label until both drawn cards show it and the frame is painted.
_TYPE: Final = """async count => {
  const input = document.querySelector('[data-field=member] input');
  const fronts = ['apple-front', 'google-front'].map(id => document.querySelector(`[data-testid=${id}]`));
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
  const times = [];
  for (let number = 0; number < count; number++) {
    const text = `Membre ${number}`, start = performance.now();
    set.call(input, text);
    input.dispatchEvent(new Event('input', {bubbles: true}));
    while (!fronts.every(front => front.isConnected && front.textContent.includes(text)))
      await new Promise(done => setTimeout(done));
    await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    times.push(performance.now() - start);
    await new Promise(done => setTimeout(done, 60));
  }
  return times;
}"""


def run() -> dict[str, float]:
    """All figures of pages; within ten minutes."""
    return asyncio.run(_measure())


async def _measure() -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="passerelle-bench-", ignore_cleanup_errors=True) as folder:
        async with showcase(Path(folder)) as shop:
            async with chromium() as browser:
                figures = await _weights(browser, shop)
                figures["designer_preview_ms_p95"] = await _preview_ms_p95(browser, shop)
                found = await complaints(browser, shop)
                cookies = await _cookies(browser, shop)
            figures["axe_pages"] = float(len(found.pages))
            figures["axe_windows"] = float(len(found.windows))
            figures["axe_violations"] = float(len(found.found))
            for where in sorted(found.found)[:20]:
                print(f"axe: {where}")
            return figures | await asyncio.to_thread(_scores, shop, cookies)


async def _weights(browser: Browser, shop: Showcase) -> dict[str, float]:
    """Kilobytes over the wire of a first visit, pictures left out."""
    addresses = {"admin": "/app", "join": shop.join_path, "card": shop.card_path}
    return {f"{name}_first_load_kb": await _first_load_kb(browser, shop, path) for name, path in addresses.items()}


async def _first_load_kb(browser: Browser, shop: Showcase, path: str) -> float:
    async with context(browser, shop, locale="fr-FR") as opened:
        page = await opened.new_page()
        devtools = await opened.new_cdp_session(page)
        kinds: dict[str, str] = {}
        sizes: dict[str, float] = {}
        devtools.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
        devtools.on(
            "Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]})
        )
        await devtools.send("Network.enable")
        await page.goto(path)
        await settled(page)
        return sum(size for request, size in sizes.items() if kinds.get(request) != "Image") / 1_000


async def _preview_ms_p95(browser: Browser, shop: Showcase) -> float:
    async with context(browser, shop, locale="fr-FR", viewport={"width": 1440, "height": 900}) as opened:
        page = await opened.new_page()
        await page.goto(f"/app/designs/{shop.ids['points_template']}")
        await settled(page)
        await page.locator("[data-field=member] button[aria-expanded]").click()
        await page.locator("[data-field=member] input").first.wait_for()
        times: list[float] = await page.evaluate(_TYPE, _KEYSTROKES)
        return quantiles(times, n=100, method="inclusive")[94]


async def _cookies(browser: Browser, shop: Showcase) -> list[dict[str, Any]]:
    async with context(browser, shop) as opened:
        return [dict(cookie) for cookie in await opened.cookies()]


def _scores(shop: Showcase, cookies: list[dict[str, Any]]) -> dict[str, float]:
    """Lighthouse's figures, or none where it cannot be installed."""
    # Node comes with the wheels of this environment.
    places = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    node, npm = (shutil.which(each, path=places) for each in ("node", "npm"))
    if node is None or npm is None:
        print("Lighthouse is left out: Node.js and npm are not installed.")
        return {}
    environment = {**os.environ, "PATH": places}
    if not (_LIGHTHOUSE / "node_modules" / "lighthouse").exists():
        install = [npm, "ci", "--ignore-scripts", "--silent"]
        subprocess.run(
            install, cwd=_LIGHTHOUSE, check=True, capture_output=True, timeout=_INSTALL_LIMIT_S, env=environment
        )
    kept = [{key: cookie[key] for key in ("name", "value", "domain", "path")} for cookie in cookies]
    pages = [
        {"name": "join", "url": shop.base_url + shop.join_path, "cookies": [], "desktop": False},
        # Without the choice, an Android phone is led to Google, and what is measured is the emulator's page.
        {"name": "card", "url": f"{shop.base_url}{shop.card_path}?wallet=page", "cookies": [], "desktop": False},
        {"name": "home", "url": f"{shop.base_url}/app", "cookies": kept, "desktop": True},
    ]
    asked = json.dumps({"chromium": str(CHROMIUM), "flags": FLAGS, "pages": pages})
    command = [node, str(_LIGHTHOUSE / "score.mjs")]
    told = subprocess.run(
        command, input=asked, check=True, capture_output=True, text=True, timeout=_SCORE_LIMIT_S, env=environment
    )
    figures: dict[str, float] = {}
    for name, scores in json.loads(told.stdout).items():
        for category in ("performance", "accessibility"):
            figures[f"lighthouse_{name}_{category}"] = float(scores[category])
        if scores["faults"]:
            print(f"Lighthouse, {name}: {', '.join(scores['faults'])}")
    return figures
