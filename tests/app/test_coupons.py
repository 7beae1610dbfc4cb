"""A coupon in the dashboard: what its terms would have given, before anybody has a code."""

import httpx
from playwright.async_api import Page, expect

from tests.conftest import Shop


async def test_terms_are_tried_on_a_purchase_that_was_made(signed_in: Page, base_url: str, shop: Shop) -> None:
    async with httpx.AsyncClient(base_url=f"{base_url}/api/v1", headers=shop.headers) as http:

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
