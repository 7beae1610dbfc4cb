"""After a purchase: a receipt is assigned to a card, a low answer is dealt with; both in the dashboard."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest_asyncio
from playwright.async_api import Page, expect

from passerelle.feedback import jobs, service
from passerelle.feedback.schemas import AnswerIn
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.kit.jobs import Work
from tests.app.test_customers import AXE
from tests.conftest import Shop

ON = {"enabled": True, "delay_minutes": 0, "every_days": 1, "occasions": ["purchase"], "by_mail": False}


@pytest_asyncio.fixture
async def staff(base_url: str, shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=base_url, headers=shop.headers, timeout=30) as opened:
        yield opened


async def _post(staff: httpx.AsyncClient, path: str, **body: object) -> dict[str, Any]:
    answer = await staff.post(f"/api/v1{path}", json=body)
    assert answer.is_success, answer.text
    return dict(answer.json())


async def _card(staff: httpx.AsyncClient) -> dict[str, Any]:
    program = await _post(staff, "/programs", name="Club", kind="points")
    customer = await _post(staff, "/customers", first_name="Lina")
    member = await _post(staff, f"/programs/{program['id']}/members", customer_id=customer["id"])
    return await _post(staff, "/passes", membership_id=member["id"])


async def _faults(page: Page) -> list[str]:
    await page.evaluate(AXE.read_text())
    found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{fault['id']}: {fault['nodes'][0]['html'][:200]}" for fault in found["violations"]]


async def test_a_receipt_is_assigned_to_a_card(signed_in: Page, staff: httpx.AsyncClient) -> None:
    card = await _card(staff)
    await _post(staff, "/receipts", reference="T1-0042", amount_minor=1_250)
    page = signed_in
    await page.goto("/app/customers/receipts")
    await expect(page.get_by_text("T1-0042")).to_be_visible()
    assert await _faults(page) == []
    await page.get_by_role("button", name="Assign").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Code of the card").fill(card["code"])
    await dialog.get_by_role("button", name="Assign").click()
    await expect(page.get_by_role("link", name="Lina")).to_be_visible()
    await expect(page.get_by_text("1 of 1 (100%)")).to_be_visible()
    await page.get_by_label("Days to claim").fill("14")
    async with page.expect_response("**/api/v1/receipt-settings"):
        await page.get_by_role("button", name="Save").click()
    assert (await staff.get("/api/v1/receipt-settings")).json()["claim_days"] == 14


async def test_a_low_answer_is_dealt_with(
    signed_in: Page, staff: httpx.AsyncClient, database: Database, settings: Settings, shop: Shop
) -> None:
    page, card = signed_in, await _card(staff)
    await page.goto("/app/customers/feedback")
    await page.get_by_role("switch", name="Ask customers how it was").press("Space")
    await page.get_by_label("Hours after the visit").fill("0")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved")).to_be_visible()
    assert (await staff.put("/api/v1/feedback-settings", json=ON)).is_success
    await _post(staff, "/scans/purchases", code=card["code"], amount_minor=500)
    await jobs.ask(Work(database, settings), {"organization_id": str(shop.organization_id)})
    async with database.transaction(shop.organization_id) as tx:
        [asked] = await service.list_feedback(tx, UUID(int=(1 << 128) - 1), 5)
        await service.answer(tx, asked.id, AnswerIn(stars=2, words="Cold <b>coffee</b>"))
    await page.goto("/app")
    alert = page.get_by_role("region", name="Needs attention").get_by_role("alert").filter(has_text="low answer")
    await alert.get_by_role("link").click()
    await expect(page.get_by_text("Cold <b>coffee</b>")).to_be_visible()
    assert await _faults(page) == []
    await page.get_by_role("button", name="Dealt with").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Note").fill("Called her.")
    await dialog.get_by_role("button", name="Dealt with").click()
    await expect(page.get_by_text("Cold <b>coffee</b>")).to_have_count(0)
    await page.goto("/app/customers/feedback")
    await expect(page.get_by_text("Cold <b>coffee</b>")).to_be_visible()


async def test_the_till_books_a_receipt_of_before(signed_in: Page, staff: httpx.AsyncClient) -> None:
    card = await _card(staff)
    await _post(staff, "/receipts", reference="T1-0043", amount_minor=1_250)
    page = signed_in
    await page.goto("/scan")
    await page.get_by_role("textbox", name="Code").fill(card["code"])
    await page.get_by_role("button", name="Look it up").click()
    await page.get_by_role("button", name="Book an earlier receipt").click()
    field = page.get_by_role("dialog").get_by_label("Code or number on the receipt")
    await field.fill("T1-9999")
    await page.get_by_role("button", name="Book it").click()
    await expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("no such receipt")
    await field.fill("T1-0043")
    await page.get_by_role("button", name="Book it").click()
    await expect(page.get_by_role("heading", name="Booked")).to_be_visible()
    await expect(page.get_by_text("+12", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Undo").click()
    await expect(page.get_by_role("heading", name="Taken back")).to_be_visible()
