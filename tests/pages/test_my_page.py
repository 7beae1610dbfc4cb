"""My page and the drawn card in a real browser: the story of a customer who leaves, and a card that changes alone."""

import json
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, expect
from playwright.async_api import Error as PlaywrightError

from passerelle.distribution.mypage.wording import page_texts
from passerelle.distribution.wording import texts
from passerelle.feedback import jobs
from passerelle.kit import clock
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.kit.i18n import Language
from passerelle.kit.jobs import Work
from tests.conftest import SERVED_BY_WORKER
from tests.distribution.shopfront import Shopfront
from tests.pages.test_public_pages import _CONTRASTS, _SMALL_TARGETS, opened


async def customer_of(front: Shopfront, phone: str) -> tuple[str, str]:
    """Who has this number: their id, and the code of their card."""
    async with front.staff() as staff:
        found = await staff.post("/api/v1/customers/search", json={"text": phone})
        customer_id: str = found.json()["items"][0]["id"]
        cards = await staff.get("/api/v1/passes", params={"customer_id": customer_id})
        code: str = cards.json()["items"][0]["code"]
    return customer_id, code


async def page_link(front: Shopfront, customer_id: str) -> str:
    async with front.staff() as staff:
        made = await staff.post(f"/api/v1/customers/{customer_id}/page-link")
    path: str = urlsplit(made.json()["url"]).path
    return path


async def test_a_customer_withdraws_exports_and_erases(browser: Browser, front: Shopfront) -> None:
    """Without JavaScript, in Arabic: every step is a link or a form."""
    t = page_texts("ar")
    card = await front.join(phone="0611000020", name="سلمى", marketing="yes")
    customer_id, code = await customer_of(front, "0611000020")
    link = await page_link(front, customer_id)
    async with opened(browser, f"{front.base_url}{link}?lang=ar", java_script_enabled=False) as page:
        await page.get_by_role("button", name=t["open_button"]).click()
        await expect(page.get_by_role("heading", level=1)).to_have_text(t["hello"].format(name="سلمى"))
        marketing = page.locator("#purpose-marketing")
        await expect(marketing.locator(".state")).to_have_text(t["granted"])
        await marketing.get_by_role("button").click()
        await expect(page.get_by_role("status")).to_have_text(t["withdrawn_now"])
        await expect(marketing.locator(".state")).to_have_text(t["withdrawn"])
        async with page.expect_download() as download:
            await page.get_by_role("button", name=t["export_file"]).click()
        file = Path(await (await download.value).path())
        data = json.loads(file.read_bytes())["data"]  # noqa: ASYNC240  a small file of this test
        assert data["customer"]["first_name"] == "سلمى"
        assert {one["state"] for one in data["consents"] if one["channel"] == "none"} == {"granted", "withdrawn"}
        await page.get_by_role("link", name=t["erase_go"]).click()
        await page.fill("#word", "no")
        await page.get_by_role("button", name=t["erase_button"]).click()
        await expect(page.locator("#word-error")).to_be_visible()
        await page.fill("#word", "محو")
        await page.get_by_role("button", name=t["erase_button"]).click()
        await expect(page.get_by_role("heading", level=1)).to_have_text(t["erased_title"])
        gone = await page.goto(f"{front.base_url}{card}")
        assert gone is not None
        assert gone.status == 404
    async with front.staff() as staff:
        assert (await staff.post("/api/v1/scans", json={"code": code})).json()["code"] == "card_unknown"
        cards = (await staff.get("/api/v1/passes", params={"customer_id": customer_id})).json()["items"]
    assert [each["state"] for each in cards] == ["revoked"]


async def test_my_page_can_be_read_and_hit(browser: Browser, front: Shopfront) -> None:
    await front.join(phone="0611000021", name="Inès", marketing="yes")
    customer_id, _ = await customer_of(front, "0611000021")
    looks: list[tuple[Language, int, Literal["light", "dark"]]] = [("fr", 320, "light"), ("ar", 1440, "dark")]
    for language, width, scheme in looks:
        link = await page_link(front, customer_id)
        async with opened(browser, f"{front.base_url}{link}?lang={language}", width=width, scheme=scheme) as page:
            home = page.url.partition("/open/")[0]
            assert await page.evaluate(_CONTRASTS) == []
            await page.get_by_role("button").click()
            await page.wait_for_url(lambda url: "/open/" not in url)
            for step in ("", "/history", "/erase"):
                await page.goto(f"{home}{step}?lang={language}")
                assert await page.evaluate(_CONTRASTS) == [], step
                assert await page.evaluate(_SMALL_TARGETS) == [], step
                assert await page.evaluate("document.documentElement.scrollWidth") <= width, step


async def test_an_open_card_changes_by_itself_and_shows_its_code_large(browser: Browser, front: Shopfront) -> None:
    t = texts("en")
    path = await front.join(phone="0611000022", name="Adam")
    _, code = await customer_of(front, "0611000022")
    async with opened(browser, f"{front.base_url}{path}?wallet=page&lang=en") as page:
        await expect(page.locator(".tally")).to_have_text(t["stamps_of"].format(count=0, goal=10))
        async with front.staff() as staff:
            visit = {"code": code, "amount_minor": 300, "currency": "EUR"}
            assert (await staff.post("/api/v1/scans/purchases", json=visit)).status_code == 201
        await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # as if coming back to it
        await expect(page.locator(".tally")).to_have_text(t["stamps_of"].format(count=1, goal=10))
        await page.get_by_role("link", name=t["show_large"]).click()
        await expect(page.get_by_role("dialog")).to_be_visible()
        await expect(page.get_by_role("link", name=t["close"])).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_be_hidden()


async def test_a_question_about_a_visit_covers_nothing(
    browser: Browser, front: Shopfront, database: Database, settings: Settings
) -> None:
    path = await front.join(phone="0611000024", name="Asma")
    _, code = await customer_of(front, "0611000024")
    asking = {"delay_minutes": 0, "every_days": 1, "occasions": ["purchase"], "by_mail": False}
    async with front.staff() as staff:
        assert (await staff.put("/api/v1/feedback-settings", json={"enabled": True} | asking)).is_success
        visit = {"code": code, "amount_minor": 300, "currency": "EUR"}
        assert (await staff.post("/api/v1/scans/purchases", json=visit)).status_code == 201
        await jobs.ask(Work(database, settings), {"organization_id": str(front.shop.organization_id)})
        assert (await staff.put("/api/v1/feedback-settings", json={"enabled": False} | asking)).is_success
    for language in ("fr", "ar"):
        url = f"{front.base_url}{path}?wallet=page&lang={language}"
        async with opened(browser, url, width=320) as page:  # where it takes two lines
            question = page.locator("a.note")
            await expect(question).to_be_visible()
            away = await question.evaluate(
                "e => e.getBoundingClientRect().top - e.previousElementSibling.getBoundingClientRect().bottom"
            )
            assert away >= 8
            assert await page.evaluate(_SMALL_TARGETS) == []


async def test_a_card_opens_without_a_network_until_it_is_gone(browser: Browser, front: Shopfront) -> None:
    t = texts("en")
    path, other = await front.join(phone="0611000023", name="Adam"), await front.join(phone="0611000024", name="Zoe")
    _, code = await customer_of(front, "0611000023")
    before = await front.facts()
    async with opened(browser, f"{front.base_url}{path}?wallet=page&lang=en") as page:
        assert await page.evaluate(SERVED_BY_WORKER)
        await expect(page.locator("#offline")).to_be_hidden()
        async with front.staff() as staff:
            visit = {"code": code, "amount_minor": 300, "currency": "EUR"}
            assert (await staff.post("/api/v1/scans/purchases", json=visit)).status_code == 201
        await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        one = t["stamps_of"].format(count=1, goal=10)
        await expect(page.locator(".tally")).to_have_text(one)
        await page.context.set_offline(True)
        await page.goto(f"{front.base_url}{path}")
        await expect(page.locator(".tally")).to_have_text(one)
        await expect(page.locator("#offline")).to_contain_text("No network")
        assert str(clock.now().year) in await page.locator("#offline").inner_text()
        await page.get_by_role("link", name=t["show_large"]).click()
        await expect(page.get_by_role("dialog")).to_be_visible()
        with pytest.raises(PlaywrightError):  # another card was never kept, and this one's worker does not see it
            await page.goto(f"{front.base_url}{other}")
        await page.context.set_offline(False)
        await page.goto(f"{front.base_url}{path}?lang=en")
        await expect(page.locator("#offline")).to_be_hidden()
        async with front.staff() as staff:
            cards = (await staff.get("/api/v1/passes", params={"limit": 200})).json()["items"]
            [card] = [card for card in cards if card["code"] == code]
            await staff.post(f"/api/v1/passes/{card['id']}/revoke", json={"reason": "lost"})
        gone = await page.goto(f"{front.base_url}{path}?lang=en")
        assert gone is not None
        assert gone.status == 410
        assert await page.evaluate("caches.keys()") == []
        assert await page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0
    assert (await front.facts())[len(before) :] == ["viewed"] * 2
