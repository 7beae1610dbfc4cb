"""What opens over a page: menus and windows, each opened as people do, looked at, closed with Escape, focus back.

Every button of a page is tried once; buttons of the same name in the same area open the same thing.
"""

from collections.abc import AsyncIterator
from typing import Final

from playwright.async_api import Error as BrowserError
from playwright.async_api import Locator, Page, Route

from bench.browser import settled

# What says of itself that it opens something; the till has buttons beside them that book at once.
OPENERS: Final = "[aria-haspopup]"
# Tabs and switches change the page, submitting buttons write: neither opens anything.
_BUTTONS: Final = "main button:not([type=submit], [role=tab], [role=switch]), header button[aria-haspopup]"
_OVER: Final = "[role=dialog], [role=alertdialog], [role=menu]"
_ON_SCREEN: Final = f"[...document.querySelectorAll('{_OVER}')].some(each => each.getClientRects().length)"
_CLICK_MS: Final = 2_000
_CLOSED_MS: Final = 1_000
_CHANGES: Final = frozenset({"DELETE", "PATCH", "PUT"})


async def windows(
    page: Page, area: str, seen: set[str], buttons: str = _BUTTONS
) -> AsyncIterator[tuple[str, list[str]]]:
    """Each menu and window of the page while it is open, and what closing it found wrong.

    Faults of closing are in the list once the caller asks for the next one. ``seen`` holds what was opened before;
    nothing of the shop is changed.
    """
    await page.route("**/api/v1/**", _without_changes)
    address = page.url
    for place in range(await page.locator(buttons).count()):
        button = page.locator(buttons).nth(place)
        name = await _name_of(button)
        if name is None or f"{area} {name}" in seen:
            continue
        seen.add(f"{area} {name}")
        if await _opens(page, button):
            faults: list[str] = []
            yield name, faults
            faults += await _closing_faults(page, button)
        if page.url != address or await page.evaluate(_ON_SCREEN):
            await page.goto(address)
            await settled(page)
    await page.unroute("**/api/v1/**", _without_changes)


async def _without_changes(route: Route) -> None:
    if route.request.method in _CHANGES:
        await route.abort()
    else:
        await route.continue_()


async def _name_of(button: Locator) -> str | None:
    """What a button is called; None for one that cannot be pressed, or is gone since the page was counted."""
    try:
        if not (await button.is_visible(timeout=_CLICK_MS) and await button.is_enabled(timeout=_CLICK_MS)):
            return None
        return (await button.get_attribute("aria-label") or await button.inner_text()).strip()
    except BrowserError:
        return None


async def _opens(page: Page, button: Locator) -> bool:
    """Press it; whether something stands over the page now."""
    try:
        await button.click(timeout=_CLICK_MS)
        await settled(page)
    except BrowserError:
        return False  # something else lies over it, or it led to another page
    return bool(await page.evaluate(_ON_SCREEN))


async def _closing_faults(page: Page, button: Locator) -> list[str]:
    await page.keyboard.press("Escape")
    try:
        await page.wait_for_function(f"!({_ON_SCREEN})", timeout=_CLOSED_MS)
    except BrowserError:
        return ["Escape does not close it"]
    try:
        handle = await button.element_handle(timeout=_CLICK_MS)
        await page.wait_for_function("own => own === document.activeElement", arg=handle, timeout=_CLOSED_MS)
    except BrowserError:
        return ["focus does not return to its button"]
    return []
