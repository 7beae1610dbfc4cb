"""A code that changes on the card's page, in a real browser: by the server's clock, ahead, without a network."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from passerelle.distribution import card_pages
from passerelle.distribution.wording import texts
from passerelle.kit import clock
from tests.distribution.shopfront import Shopfront, code_behind
from tests.pages.test_public_pages import opened

_PICTURES = "[...document.querySelectorAll('.scan path, #code path')].map(each => each.getAttribute('d'))"
_PAGE_BYTES = 50_000


@pytest.fixture(autouse=True)
def fresh_looks() -> None:
    card_pages._looks._spent.clear()


async def ask_for(front: Shopfront, kind: str) -> None:
    async with front.staff() as staff:
        program = (await staff.get("/api/v1/programs")).json()["items"][0]["id"]
        answer = await staff.put(f"/api/v1/programs/{program}/code-rule", json={"code_kind": kind})
        assert answer.is_success, answer.text


async def drawn(page: Page) -> str:
    """What both pictures of the code show: the small one and the large one."""
    small, large = await page.evaluate(_PICTURES)
    assert small == large
    return str(small)


async def test_the_code_changes_by_itself(browser: Browser, front: Shopfront) -> None:
    card = await front.join(phone="0611000071")
    await ask_for(front, "rotating")
    async with front.browser() as visitor:
        told = (await visitor.get(f"{card}/codes")).json()
        page = await visitor.get(f"{card}?wallet=page")
    pictures = [re.findall(r' d="([^"]+)"', svg)[0] for _, svg in told["codes"]]
    assert len(set(pictures)) == 20
    starts = [start for start, _ in told["codes"]]
    assert starts == list(range(starts[0], starts[0] + 20 * 30_000, 30_000))
    assert starts[0] <= told["now"] < starts[0] + 60_000
    assert len(page.content) < _PAGE_BYTES
    assert "content-security-policy" in page.headers
    assert "unsafe" not in page.headers["content-security-policy"]
    context = await browser.new_context(viewport={"width": 390, "height": 844}, service_workers="block")
    tab = await context.new_page()
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text))
    # The phone's clock is wrong by an hour: the server's counts.
    wrong = clock.now() + timedelta(hours=1)
    await tab.clock.install(time=wrong)
    async with tab.expect_response("**/codes?*") as asked:
        await tab.goto(f"{front.base_url}{card}?wallet=page&lang=en")
    await (await asked.value).finished()
    told_of = re.compile("|".join(map(re.escape, pictures)))
    await expect(tab.locator(".scan path")).to_have_attribute("d", told_of)
    # It stands still in the middle of a period, lest one goes by between two looks.
    await tab.clock.pause_at(datetime.fromtimestamp(wrong.timestamp() // 30 * 30 + 75, UTC))
    before = await drawn(tab)
    await context.set_offline(offline=True)
    await tab.clock.run_for(30_000)
    after = await drawn(tab)
    assert pictures.index(after) == pictures.index(before) + 1
    await tab.clock.run_for(3 * 60_000)
    assert pictures.index(await drawn(tab)) == pictures.index(before) + 7
    assert not await tab.locator("#stale").is_visible()
    await tab.clock.run_for(7 * 60_000)
    await tab.wait_for_selector("#stale", state="visible")
    assert await tab.locator("#stale").inner_text() == texts("en")["code_stale"]
    assert await tab.locator(".scan.old").count() == 1
    await context.set_offline(offline=False)
    await tab.clock.run_for(6_000)
    await tab.wait_for_selector("#stale", state="hidden")
    assert [text for text in complaints if "Security" in text] == []
    await context.close()


async def test_without_a_script_the_page_comes_again(browser: Browser, front: Shopfront) -> None:
    card = await front.join(phone="0611000072")
    await ask_for(front, "rotating")
    async with opened(browser, f"{front.base_url}{card}?wallet=page", java_script_enabled=False) as page:
        assert await page.locator("noscript meta[http-equiv=refresh], meta[http-equiv=refresh]").count() == 1


async def test_a_still_code_has_nothing_ahead(front: Shopfront) -> None:
    card = await front.join(phone="0611000073")
    await ask_for(front, "signed")
    async with front.browser() as visitor:
        told: dict[str, Any] = (await visitor.get(f"{card}/codes")).json()
        page = (await visitor.get(f"{card}?wallet=page")).text
        assert (await visitor.get("/c/nothing/codes")).status_code == 404
    assert told["codes"] == []
    assert "data-codes" not in page
    await ask_for(front, "static")
    async with front.browser() as visitor:
        assert (await visitor.get(f"{card}?wallet=page")).status_code == 200
    assert len(await code_behind(front, card)) == 16
