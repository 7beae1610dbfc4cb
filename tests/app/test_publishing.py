"""A design is changed and published, and the phones in people's hands follow."""

import re

from playwright.async_api import Page, expect

from tests.app.demonstration import screen
from tests.conftest import PASSWORD, Shop
from tests.factories.stage import Stage


async def test_a_published_change_reaches_the_phone(page: Page, demonstration: Stage, shop: Shop) -> None:
    stage = demonstration
    member = await stage.member()
    await stage.post("/api/v1/scans/purchases", {"code": member["card"]["code"], "amount_minor": 450})
    link = await stage.post(f"/api/v1/passes/{member['card']['id']}/link")
    signed_in = await page.request.post(
        stage.settings.url("/api/v1/sessions"), data={"email": shop.email, "password": PASSWORD}
    )
    assert signed_in.status == 204
    phone = await page.request.post(f"{stage.emulated.web_url}/phone/iphone/open", data={"url": link["url"]})
    assert (await phone.json())["ok"]

    await page.goto(stage.settings.url("/app/designs"))
    await page.get_by_role("link", name="Coffee Club").click()
    await page.get_by_role("button", name="Edit STAMPS").click()
    await page.get_by_role("textbox", name="Value", exact=True).fill("{{ stamps.count }} of {{ stamps.goal }}")
    await expect(page.get_by_test_id("apple-front")).to_contain_text("7 of 10")
    await page.get_by_role("button", name="Publish").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("1 card")
    await expect(screen(page, "iphone")).to_contain_text("1/10")
    await page.get_by_role("button", name="Publish now").click()
    await expect(dialog).to_contain_text("Every card shows version 2")
    await expect(screen(page, "iphone").locator("[data-card]")).to_contain_text("1 of 10")
    notice = screen(page, "iphone").locator("[data-notice]").first
    await expect(notice).to_contain_text(re.compile("You now have 1 of 10 stamps"))
