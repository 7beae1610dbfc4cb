"""What axe has against the pages: every one that links lead to, the till, and what customers see.

In three languages, light and dark; in one language each of them also opens every menu and window that it has.
"""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final, Literal

from playwright.async_api import Browser, Page
from playwright.async_api import Error as BrowserError

from bench.browser import LANGUAGES, context, settled
from bench.showcase import Showcase
from bench.windows import OPENERS, windows

_AXE: Final = Path(__file__).parents[1] / "web" / "node_modules" / "axe-core" / "axe.min.js"
_ID: Final = re.compile(r"\b[a-z]{3}_[0-9a-hjkmnp-tv-z]{26}\b|(?<=/c/)c_[\w-]+|(?<=/k/)k_[\w-]+")
# Sections that buttons lead to.
_SETTINGS: Final = ("brand", "locations", "wallets", "legal", "keys", "audit")
# What links lead to with other ids as well, and these have more to show.
_FULLEST: Final = (
    "/app/customers/{customer}",
    *("/app/programs/{friends}", "/app/programs/{friends}/term"),
    *("/app/coupons/{next_order}", "/app/coupons/{next_order}/terms"),
)
_STARTS: Final = ("/app", *(f"/app/settings/{name}" for name in _SETTINGS), *_FULLEST)
_OUTSIDE: Final = ("/app", "/app/invitation#none", "/app/new-password#none")
_MOST_PAGES: Final = 150
# The language in which windows are opened: they hold the same controls in all of them.
_WINDOWS: Final = "fr"
_RUN: Final = """async ({only, isOver}) => {
  // The page has heard of its new colours and painted them.
  await new Promise(done => requestAnimationFrame(() => setTimeout(done, 60)));
  // An open menu belongs to its button, in whichever part of the document it is drawn.
  const rules = isOver ? {rules: {region: {enabled: false}}} : {};
  const options = {resultTypes: ['violations'], ...rules, ...(only ? {runOnly: [only]} : {})};
  const found = (await axe.run(document, options)).violations;
  return found.flatMap(one => one.nodes.map(node =>
    `${one.id}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`));
}"""
_STILL: Final = "*, ::before, ::after { transition: none !important; animation: none !important }"
_LINKS: Final = "[...document.querySelectorAll('a[href]')].map(link => link.href)"


class Complaints:
    """What was found, each fault of a page once, and which pages were looked at."""

    def __init__(self, axe: str) -> None:
        self._axe = axe
        self.pages: set[str] = set()
        self.windows: set[str] = set()
        self.found: dict[str, str] = {}
        self._unclosed: list[tuple[str, list[str]]] = []

    async def about(self, page: Page, name: str) -> None:
        """Look at a page as it is now, with light colours and with dark ones."""
        self.pages.add(name)
        await self._look(page, name, is_over=False)

    async def about_windows(self, page: Page, name: str, seen: set[str], **which: str) -> None:
        """Look at everything that opens over a page, and whether it closes again."""
        area = name.split("/")[2] if name.count("/") > 1 else name
        async for button, faults in windows(page, area, seen, **which):
            where = f"{name}, “{button}”"
            self.windows.add(where)
            await self._look(page, where, is_over=True)
            self._unclosed.append((where, faults))
        for where, faults in self._unclosed:
            self.found |= {f"{where}: {fault}": fault for fault in faults}
        self._unclosed.clear()

    async def _look(self, page: Page, name: str, *, is_over: bool) -> None:
        await page.evaluate(self._axe)
        await page.add_style_tag(content=_STILL)
        for scheme, rule in _SCHEMES.items():
            await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            for fault in await page.evaluate(_RUN, {"only": rule, "isOver": is_over}):
                self.found.setdefault(f"{name} {scheme} {fault}", fault)
        await page.emulate_media(color_scheme="light", reduced_motion="reduce")


# Colours alone differ between the two.
_SCHEMES: Final[dict[Literal["light", "dark"], str | None]] = {"light": None, "dark": "color-contrast"}


async def complaints(browser: Browser, shop: Showcase) -> Complaints:
    """Everything, in all languages."""
    if not _AXE.exists():
        raise RuntimeError("axe-core is not installed: run “make web”.")
    all_found = Complaints(_AXE.read_text())
    for language, locale in LANGUAGES.items():
        view = {"width": 1280, "height": 900}
        async with context(browser, shop, locale=locale, viewport=view) as opened:
            page = await opened.new_page()
            seen: set[str] = set()
            async for path in _reached(page, tuple(start.format(**shop.ids) for start in _STARTS)):
                await all_found.about(page, f"{language} {path}")
                if language == _WINDOWS:
                    await all_found.about_windows(page, f"{language} {path}", seen)
            await _till(page, shop, all_found, language)
        async with context(
            browser, shop, owner=False, locale=locale, viewport={"width": 390, "height": 844}
        ) as opened:
            page = await opened.new_page()
            for path in (*_OUTSIDE, "/scan", *_public(shop, language)):
                await _visit(page, all_found, path, language)
            for path in await _my_pages(page, shop, language):
                await _visit(page, all_found, path, f"{language}, known,")
        print(
            f"axe: {len(all_found.pages)} pages, {len(all_found.windows)} windows, {len(all_found.found)} violations",
            flush=True,
        )
    return all_found


async def _visit(page: Page, found: Complaints, path: str, who: str) -> None:
    await page.goto(path)
    await settled(page)
    await found.about(page, f"{who} {_named(path)}")


def _public(shop: Showcase, language: str) -> list[str]:
    paths = (shop.join_path, shop.card_path, "/c/nothing", *shop.handout_paths, shop.kiosk_path, *shop.around_paths)
    return [f"{path}?lang={language}" for path in paths]


async def _my_pages(page: Page, shop: Showcase, language: str) -> list[str]:
    """The pages of a customer, after the link that lets the browser in was opened."""
    asked = await page.request.post(
        f"/api/v1/customers/{shop.ids['customer']}/page-link", headers={"Authorization": f"Bearer {shop.api_key}"}
    )
    await page.goto(f"{(await asked.json())['url']}?lang={language}")
    await page.locator("form button").first.click()
    mine = f"/m/{shop.ids['organization']}"
    await page.wait_for_url(re.compile(rf"{mine}[/?]"))  # a receipt that was looked at before comes first
    return [f"{mine}{part}?lang={language}" for part in ("", "/history", "/data", "/erase", *shop.own_parts)]


async def _till(page: Page, shop: Showcase, found: Complaints, language: str) -> None:
    """The till as it waits, and with a card."""
    await page.goto("/scan")
    await settled(page)
    seen: set[str] = set()
    await found.about(page, f"{language} /scan")
    if language == _WINDOWS:
        await found.about_windows(page, f"{language} /scan", seen, buttons=OPENERS)
    for what, code in (("a card", shop.code), ("a membership", shop.ids["friends_code"])):
        await page.goto("/scan")
        await page.locator("input").first.fill(code)
        await page.keyboard.press("Enter")
        await page.get_by_role("heading", name="Lina").wait_for()
        await settled(page)
        await found.about(page, f"{language} /scan, {what}")
        if language == _WINDOWS:
            await found.about_windows(page, f"{language} /scan", seen, buttons=OPENERS)


async def _reached(page: Page, starts: tuple[str, ...]) -> AsyncIterator[str]:
    """The first pages and every page that links lead to, one of each kind, each opened; its name has no ids."""
    waiting, seen = list(starts), set(starts)
    while waiting and len(seen) < _MOST_PAGES:
        address = waiting.pop(0)
        await page.goto(address)
        try:
            await settled(page)
        except BrowserError as fault:
            raise RuntimeError(f"{address} does not get ready: {fault}") from fault
        yield _named(address)
        for link in await page.evaluate(_LINKS):
            path = link.removeprefix(page.url.split("/app")[0]).split("?")[0].split("#")[0]
            if path.startswith("/app") and _named(path) not in seen:
                seen.add(_named(path))
                waiting.append(path)


def _named(path: str) -> str:
    return _ID.sub("…", path).split("?")[0]
