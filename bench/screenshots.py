"""``python -m bench.screenshots`` pictures the best pages for the README and the guides, into ``docs/images``.

Each at one width, language and colour scheme, so that all of them are seen somewhere. The shop is made up.
"""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final, Literal

from PIL import Image
from playwright.async_api import Browser, Page

from bench.browser import LANGUAGES, chromium, context, settled
from bench.showcase import Showcase, showcase

_IMAGES: Final = Path(__file__).parents[1] / "docs" / "images"
_LIMIT_BYTES: Final = 1_500_000
_QUALITY: Final = 80
_HEIGHTS: Final = {390: 844, 1440: 900}


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture; ``path`` may name ids of the shop in braces, ``act`` is done before it is taken."""

    name: str
    path: str
    width: Literal[390, 1440]
    language: str
    scheme: Literal["light", "dark"]
    act: Callable[[Page, Showcase], Awaitable[None]] | None = None
    owner: bool = True


async def _look_up(page: Page, shop: Showcase) -> None:
    await page.locator("input").first.fill(shop.code)
    await page.keyboard.press("Enter")
    await page.get_by_role("heading", name="Lina").wait_for()
    await page.mouse.move(0, 0)


_SHOTS: Final = (
    Shot("home", "/app?period=30", 1440, "en", "light"),
    Shot("home-phone", "/app?period=30", 390, "fr", "dark"),
    Shot("designer", "/app/designs/{stamps_template}", 1440, "en", "light"),
    Shot("designer-arabic", "/app/designs/{points_template}", 1440, "ar", "dark"),
    Shot("customer", "/app/customers/{customer}", 1440, "fr", "light"),
    Shot("customers-phone", "/app/customers", 390, "ar", "light"),
    Shot("rules", "/app/programs/{points}/rules", 1440, "fr", "light"),
    Shot("till", "/scan", 390, "en", "light", _look_up),
    Shot("till-arabic", "/scan", 390, "ar", "dark", _look_up),
    Shot("join", "{join_path}?lang=fr", 390, "fr", "light", owner=False),
    Shot("join-arabic", "{join_path}?lang=ar", 390, "ar", "dark", owner=False),
    Shot("card", "{card_path}?lang=en", 390, "en", "light", owner=False),
)


async def _take(browser: Browser, shop: Showcase, shot: Shot) -> bytes:
    """The picture, packed."""
    view = {"width": shot.width, "height": _HEIGHTS[shot.width]}
    phone = shot.width < 600
    locale = LANGUAGES[shot.language]
    async with context(
        browser, shop, owner=shot.owner, locale=locale, viewport=view, color_scheme=shot.scheme, is_mobile=phone
    ) as opened:
        page = await opened.new_page()
        await page.goto(shot.path.format(**shop.ids, join_path=shop.join_path, card_path=shop.card_path))
        await settled(page)
        if shot.act is not None:
            await shot.act(page, shop)
            await settled(page)
        await page.wait_for_timeout(800)  # pictures of cards and charts that are drawn once everything is there
        packed = BytesIO()
        with Image.open(BytesIO(await page.screenshot())) as picture:
            picture.save(packed, "WEBP", quality=_QUALITY, method=6)
        return packed.getvalue()


async def main() -> None:
    """All pictures; refuses to write more than a repository should carry."""
    with tempfile.TemporaryDirectory(prefix="passerelle-screenshots-", ignore_cleanup_errors=True) as folder:
        async with showcase(Path(folder)) as shop, chromium() as browser:
            taken = {shot.name: await _take(browser, shop, shot) for shot in _SHOTS}
    size = sum(map(len, taken.values()))
    if size > _LIMIT_BYTES:
        raise SystemExit(f"The pictures would take {size:,} bytes, more than {_LIMIT_BYTES:,}.")
    for name, content in taken.items():
        (_IMAGES / f"{name}.webp").write_bytes(content)
    print(f"{len(taken)} pictures, {size / 1000:.0f} kB, in {_IMAGES}.")


if __name__ == "__main__":
    asyncio.run(main())
