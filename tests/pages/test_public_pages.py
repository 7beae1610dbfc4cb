"""The public pages in a real browser: by keyboard, on a small phone, in every language, light and dark."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal

import pytest
from playwright.async_api import Browser, Page, expect

from passerelle.distribution.wording import texts
from passerelle.kit.i18n import Language
from tests.distribution.conftest import Wallets
from tests.distribution.shopfront import ANDROID, Shopfront
from tests.factories.served import served

# What a reader with poor eyes would measure: every visible text against what is painted behind it (WCAG 1.4.3).
_CONTRASTS = """() => {
  const parse = colour => (colour.match(/[\\d.]+/g) || []).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = element => {
    for (let e = element; e; e = e.parentElement) {
      const [r, g, b, a = 1] = parse(getComputedStyle(e).backgroundColor);
      if (a > 0) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || element.closest(".trap, svg") || !element.getClientRects().length) continue;
    const pair = [luminance(parse(getComputedStyle(element).color)), luminance(behind(element))];
    const [one, two] = pair.sort((a, b) => b - a);
    const ratio = (one + 0.05) / (two + 0.05);
    if (ratio < 4.5) found.push([element.textContent.trim().slice(0, 40), Math.round(ratio * 100) / 100]);
  }
  return found;
}"""
_SMALL_TARGETS = """() => [
    ...document.querySelectorAll("a, button, summary, label.tick, .pick label, input"),
  ]
  .filter(e => !["hidden", "checkbox", "radio"].includes(e.type))
  .filter(e => !e.closest(".trap") && e.getClientRects().length && !e.closest("dl, .fine p"))
  .map(e => [e.textContent.trim().slice(0, 30) || e.name, e.getBoundingClientRect()])
  .filter(([, box]) => box.height < 44 || box.width < 44)
  .map(([name, box]) => [name, box.width, box.height])"""


@asynccontextmanager
async def opened(
    browser: Browser, url: str, *, width: int = 390, scheme: Literal["light", "dark"] = "light", **options: Any
) -> AsyncIterator[Page]:
    """A page without JavaScript of its own; complaints of the content security policy are failures."""
    context = await browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme, **options)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    await page.goto(url)
    yield page
    assert [text for text in complaints if "Security" in text] == []
    await context.close()


async def focused(page: Page) -> str:
    return str(await page.evaluate("document.activeElement.id || document.activeElement.tagName"))


@pytest.mark.parametrize("language", ["ar", "fr"])
async def test_a_card_by_keyboard_alone(browser: Browser, front: Shopfront, language: Language) -> None:
    number = {"ar": "0611000001", "fr": "0611000002"}[language]
    t = texts(language)
    async with opened(browser, f"{front.base_url}{front.path}?lang={language}") as page:
        assert await page.evaluate("[document.documentElement.lang, document.dir]") == [
            language,
            "rtl" if language == "ar" else "ltr",
        ]
        for _ in range(4):  # past the three languages, to the name
            await page.keyboard.press("Tab")
        assert await focused(page) == "name"
        await page.keyboard.type("لينا" if language == "ar" else "Zoé")
        await page.keyboard.press("Tab")
        await page.keyboard.type("12")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("#phone-error")
        await expect(page.locator("#phone")).to_be_focused()
        assert await page.input_value("#name") == ("لينا" if language == "ar" else "Zoé")
        assert await page.get_by_role("alert").inner_text() == t["correct"]
        await page.keyboard.press("Control+a")
        await page.keyboard.type(number)
        await page.keyboard.press("Tab")
        assert await focused(page) == "loyalty"
        await page.keyboard.press("Space")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Tab")
        assert await focused(page) == "BUTTON"
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/c/c_*")
        assert await page.get_by_role("heading", level=2).inner_text() == t["card_title"]
        assert await page.get_by_role("img", name=t["show_at_till"]).is_visible()
    async with front.staff() as staff:
        customers = (await staff.get("/api/v1/customers")).json()["items"]
    assert f"+33{number[1:]}" in {customer["phone"] for customer in customers}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["fr", "en", "ar"])
async def test_everything_can_be_read_and_hit(
    browser: Browser, front: Shopfront, language: Language, scheme: Literal["light", "dark"]
) -> None:
    card = await front.join(phone="0611000003") if language == "fr" and scheme == "light" else None
    addresses = [f"{front.path}?lang={language}", *([card] if card else []), f"/c/nothing?lang={language}"]
    for address in addresses:
        async with opened(browser, front.base_url + address, scheme=scheme) as page:
            if address.startswith("/join"):
                await page.click("summary")
                await page.fill("#phone", "12")
                await page.click("button")
                await page.wait_for_selector("#phone-error")
            assert await page.evaluate(_CONTRASTS) == []
            assert await page.evaluate(_SMALL_TARGETS) == []


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
async def test_no_page_is_wider_than_the_screen(browser: Browser, front: Shopfront, width: int) -> None:
    for language in ("fr", "ar"):
        address = f"{front.base_url}{front.path}?lang={language}"
        async with opened(browser, address, width=width) as page:
            assert await page.evaluate("document.documentElement.scrollWidth") <= width


async def test_a_long_page_keeps_its_name_in_sight_but_a_frame_its_height(browser: Browser, front: Shopfront) -> None:
    card = await front.join(phone="0611000030")
    async with opened(browser, f"{front.base_url}{card}", width=1440) as page:
        assert await page.evaluate("scrollTo(0, 400), scrollY") > 0
        top = await page.evaluate("document.querySelector('.brand').getBoundingClientRect().top")
        assert abs(top) < 1  # a page may end on a part of a pixel
    async with opened(browser, f"{front.base_url}{front.path}/embed", width=1440) as page:
        assert await page.evaluate("document.querySelector('.brand').offsetHeight") < 300


async def test_a_reader_changes_the_language(browser: Browser, front: Shopfront) -> None:
    async with opened(
        browser, f"{front.base_url}{front.path}?utm_source=poster&lang=fr", java_script_enabled=False
    ) as page:
        await page.get_by_role("link", name="العربية").click()
        await page.wait_for_url("**lang=ar")
        assert "utm_source=poster" in page.url
        assert await page.get_by_role("heading", level=1).inner_text() == "بطاقة القهوة"


async def test_an_android_phone_is_led_from_the_form_to_google(browser: Browser, wallets: Wallets) -> None:
    """The content security policy holds the redirections after a form, too: they must pass."""
    async with (
        served(wallets.front.app) as base_url,
        opened(browser, f"{base_url}{wallets.front.path}?lang=en", user_agent=ANDROID) as page,
    ):
        await page.fill("#name", "Omar")
        await page.fill("#phone", "+33611000009")
        await page.check("#loyalty")
        await page.click("button")
        await page.wait_for_url(f"{wallets.stage.settings.google_save_url}/**")
