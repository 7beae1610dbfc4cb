"""Coupons in the dashboard: their terms tried before anybody has a code, and one that purchases give."""

import httpx
from playwright.async_api import Page, expect

from tests.conftest import Shop


async def test_terms_are_tried_on_a_purchase_that_was_made(signed_in: Page, base_url: str, shop: Shop) -> None:
    async with httpx.AsyncClient(base_url=f"{base_url}/api/v1", headers=shop.headers, timeout=30) as http:

        async def post(path: str, body: dict[str, object]) -> dict[str, str]:
            return dict((await http.post(path, json=body)).raise_for_status().json())

        program = (await post("/programs", {"name": "Club", "kind": "points"}))["id"]
        customer = (await post("/customers", {"first_name": "Zoé"}))["id"]
        member = (await post(f"/programs/{program}/members", {"customer_id": customer}))["id"]
        code = (await post("/passes", {"membership_id": member}))["code"]
        await post("/scans/purchases", {"code": code, "amount_minor": 4_000})
    page = signed_in
    await page.goto("/app/coupons/new")
    trial = page.get_by_role("region", name="On a real purchase")
    await expect(trial).to_contain_text("€4.00 off")
    await page.get_by_label("From a basket of").fill("50")
    await expect(trial).to_contain_text("The code would have been refused")
    await expect(trial).to_contain_text("€10.00")
    await page.goto("/app/team")
    work = page.get_by_role("region", name="At the counter")
    await expect(work.get_by_role("row", name="First key")).to_contain_text("€40.00")
    assert await page.get_by_role("alert").count() == 0


async def test_a_purchase_gives_a_coupon_that_the_till_and_the_customers_page_show(
    signed_in: Page, base_url: str, shop: Shop
) -> None:
    async with httpx.AsyncClient(base_url=f"{base_url}/api/v1", headers=shop.headers, timeout=30) as http:

        async def post(path: str, body: dict[str, object]) -> dict[str, str]:
            return dict((await http.post(path, json=body)).raise_for_status().json())

        program = (await post("/programs", {"name": "Club", "kind": "points"}))["id"]
        customer = (await post("/customers", {"first_name": "Zoé"}))["id"]
        member = (await post(f"/programs/{program}/members", {"customer_id": customer}))["id"]
        code = (await post("/passes", {"membership_id": member}))["code"]
    page = signed_in
    await page.goto("/app/coupons/new")
    await page.get_by_role("textbox", name="Name").first.fill("Come back")
    await page.get_by_role("combobox", name="A code gives").click()
    await page.get_by_role("option", name="Buy X, get Y").click()
    await page.get_by_label("Of these categories").first.fill("coffee")
    await page.keyboard.press("Enter")
    await page.get_by_label("Hand the buyer a code for the next purchase").check()
    await page.get_by_label("For purchases from").fill("5")
    await expect(page.get_by_text("get the cheapest for free")).to_contain_text("given after a purchase (from €5.00)")
    await page.get_by_role("button", name="Open the campaign").click()
    await expect(page.get_by_role("heading", name="Come back")).to_be_visible()
    await page.goto("/scan")
    await page.get_by_role("textbox", name="Code").fill(code)
    await page.get_by_role("button", name="Look it up").click()
    await page.get_by_text("Amount", exact=True).click()
    for digit in "500":
        await page.get_by_role("button", name=digit, exact=True).click()
    await page.get_by_role("button", name="Book €").click()
    await expect(page.get_by_role("region", name="Coupon for the next purchase")).to_contain_text(
        "Next time: Buy 2, get 1 free, until"
    )
    await page.goto(f"/app/customers/{customer}")
    await expect(page.get_by_role("region", name="Coupons")).to_contain_text("given with the purchase of")
    assert await page.get_by_role("alert").count() == 0
