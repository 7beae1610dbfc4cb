"""A membership is renewed twice and given time in the dashboard; each dialog begins anew."""

from collections.abc import AsyncIterator

import httpx
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.conftest import Shop


@pytest_asyncio.fixture
async def member(base_url: str, shop: Shop) -> AsyncIterator[dict[str, str]]:
    """Of a program with a term that may be paid years ahead."""
    async with httpx.AsyncClient(base_url=base_url, headers=shop.headers) as staff:

        async def post(path: str, **body: object) -> dict[str, str]:
            answer = await staff.post(f"/api/v1{path}", json=body)
            assert answer.is_success, answer.text
            return dict(answer.json())

        term = {"years": 1, "price_minor": 4_900, "joining": "unpaid", "renew_early_days": 3_650}
        program = await post("/programs", name="Club", kind="membership", settings={"term": term})
        customer = await post("/customers", first_name="Lina")
        yield customer | {
            "member": (await post(f"/programs/{program['id']}/members", customer_id=customer["id"]))["id"]
        }


async def test_a_membership_is_renewed_and_given_time(signed_in: Page, member: dict[str, str]) -> None:
    page = signed_in
    await page.goto(f"/app/customers/{member['id']}")
    await expect(page.get_by_text("Not paid yet")).to_be_visible()
    dialog = page.get_by_role("dialog", name="Renew: Club")
    for receipt in ("R-1", "R-2"):
        await page.get_by_role("button", name="Renew").click()
        await expect(dialog.get_by_label("Receipt number")).to_have_value("")
        await dialog.get_by_label("Receipt number").fill(receipt)
        await dialog.get_by_role("button", name="Renew").click()
        await expect(dialog).to_be_hidden()
    await page.get_by_role("button", name="Give time").click()
    dialog = page.get_by_role("dialog", name="Give time: Club")
    await dialog.get_by_label("Reason").fill("The heating was off")
    await dialog.get_by_role("button", name="Give time").click()
    await expect(dialog).to_be_hidden()
    answer = await page.request.get(f"/api/v1/members/{member['member']}/terms")
    told = [(each["kind"], each["reference"]) for each in (await answer.json())["items"]]
    assert [kind for kind, _ in told] == ["gift", "payment", "payment"]
    assert [reference for _, reference in told[1:]] == ["R-2", "R-1"]
