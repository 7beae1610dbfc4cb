"""The home page: a new shop is told what to do, and a scan is there as it happens."""

import httpx
from playwright.async_api import Page, expect

from tests.conftest import Shop


async def _member(client: httpx.AsyncClient) -> str:
    """A customer's card in a new program; its code."""
    new = {"name": "Club", "kind": "stamps", "goal": 10, "reward_name": "Coffee"}
    program = (await client.post("/api/v1/programs", json=new)).json()
    customer = (await client.post("/api/v1/customers", json={"first_name": "Lina"})).json()
    member = await client.post(f"/api/v1/programs/{program['id']}/members", json={"customer_id": customer["id"]})
    card = await client.post("/api/v1/passes", json={"membership_id": member.json()["id"]})
    return str(card.json()["code"])


async def test_a_scan_appears_on_the_open_page(signed_in: Page, base_url: str, shop: Shop) -> None:
    async with httpx.AsyncClient(base_url=base_url, headers=shop.headers, timeout=30) as till:
        code = await _member(till)
        await signed_in.goto("/app")
        await expect(signed_in.get_by_role("heading", name="First steps")).to_be_visible()
        await expect(signed_in.get_by_text("Open a programme (done)")).to_be_visible()
        await expect(signed_in.get_by_role("status").filter(has_text="Live")).to_be_visible()
        await till.post("/api/v1/scans/purchases", json={"code": code, "amount_minor": 450})
        await expect(signed_in.get_by_test_id("average_basket")).to_have_text("€4.50")
        await expect(signed_in.get_by_role("listitem").filter(has_text="Purchase")).to_contain_text("€4.50")
        await till.post("/api/v1/scans/purchases", json={"code": code, "amount_minor": 550})
        await expect(signed_in.get_by_test_id("average_basket")).to_have_text("€5.00")
    await signed_in.get_by_role("button", name="Average basket").click()
    detail = signed_in.get_by_role("dialog")
    await expect(detail.get_by_role("img", name="Average basket, day by day")).to_be_visible()
    await expect(detail).to_contain_text("sum of what was paid ÷ number of purchases")
    await detail.get_by_role("button", name="As a table").click()
    await expect(detail.get_by_role("row")).to_have_count(31)
    async with signed_in.expect_download() as download:
        await detail.get_by_role("link", name="Download (CSV)").click()
    assert (await download.value).suggested_filename.startswith("average_basket-")
    await detail.get_by_role("button", name="Close").click()
    await signed_in.get_by_text("7 days", exact=True).click()
    await expect(signed_in).to_have_url(f"{base_url}/app?period=7")
    await expect(signed_in.get_by_test_id("average_basket")).to_have_text("€5.00")
