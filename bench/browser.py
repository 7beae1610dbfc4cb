"""Debian's Chromium, and what pages are asked in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from bench.showcase import Showcase

CHROMIUM: Final = Path("/usr/bin/chromium")
FLAGS: Final = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
LANGUAGES: Final = {"en": "en-GB", "fr": "fr-FR", "ar": "ar"}
_LOADING: Final = ".mantine-Skeleton-root, [aria-busy=true], .mantine-Loader-root"


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """The browser for the length of the block; RuntimeError where there is none."""
    if not CHROMIUM.exists():
        raise RuntimeError("Chromium is not installed: on Debian, apt-get install chromium.")
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield launched
        await launched.close()


@asynccontextmanager
async def context(
    browser: Browser, shop: Showcase, *, owner: bool = True, **options: Any
) -> AsyncIterator[BrowserContext]:
    """A browser's profile of its own, of the owner unless somebody else is asked for."""
    opened = await browser.new_context(base_url=shop.base_url, bypass_csp=True, reduced_motion="reduce", **options)
    if owner:
        answer = await opened.request.post("/api/v1/sessions", data=shop.account)
        if not answer.ok:
            raise RuntimeError(f"The owner could not sign in: {await answer.text()}")
    yield opened
    await opened.close()


async def settled(page: Page) -> None:
    """Wait until a page shows what it has instead of that it is loading."""
    await page.wait_for_selector("h1, h2, main", timeout=20_000)
    await page.wait_for_function(f"!document.querySelector('{_LOADING}')", timeout=20_000)
    await page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 150)))")
