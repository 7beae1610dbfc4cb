"""Customers in the dashboard: from a file to somebody who is forgotten."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from passerelle.clientele.imports import jobs as import_jobs
from passerelle.kit import jobs
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.kit.jobs import Work
from tests.conftest import Shop

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
# As a French spreadsheet saves it; the telephone of the last one is none.
FILE = (
    "Prénom;Nom;Téléphone;Points\r\nZoé;Lefèvre;06 12 34 56 78;120\r\nMax;Noël;06 12 34 56 79;\r\nInès;Roy;12;5\r\n"
)


@pytest_asyncio.fixture
async def worker(database: Database, settings: Settings) -> AsyncIterator[None]:
    """The part of the worker that imports files."""
    runner, connection = await jobs.queue(database.dsn, Work(database, settings), [import_jobs.WORK])
    task = asyncio.create_task(runner.run())
    yield
    runner.shutdown.set()
    await asyncio.wait_for(task, 15)
    await connection.close()


async def _complaints(page: Page) -> list[str]:
    """What axe has against the page as it is shown now."""
    await page.evaluate(AXE.read_text())
    found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found["violations"]]


@pytest.mark.usefixtures("worker")
async def test_from_a_file_to_somebody_who_is_forgotten(signed_in: Page, base_url: str, shop: Shop) -> None:
    page = signed_in
    async with httpx.AsyncClient(base_url=base_url, headers=shop.headers, timeout=30) as http:
        await http.post("/api/v1/programs", json={"name": "Club", "kind": "points"})
    await _import(page)
    await page.get_by_role("searchbox", name="Search").fill("+33 6 12 34 56 78")
    await expect(page.get_by_text("1 customer", exact=True)).to_be_visible()
    await page.get_by_role("link", name="Zoé Lefèvre").click()
    await expect(page.get_by_role("region", name="Club")).to_contain_text("120points")
    assert "6123456" not in page.url
    await _adjust(page)
    await page.get_by_label("New note").fill("Likes <b>oat</b> milk")
    await page.get_by_role("button", name="Add the note").click()
    notes = page.get_by_role("region", name="Notes")
    await expect(notes).to_contain_text("Likes <b>oat</b> milk")
    await expect(notes).to_contain_text("Ada")
    await expect(page.get_by_role("region", name="Messages")).to_contain_text("No e-mail to this customer yet.")
    assert await _complaints(page) == []
    await page.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Erase").click()
    erase = page.get_by_role("button", name="Erase for good")
    await expect(erase).to_be_disabled()
    await page.get_by_label("Type “Zoé Lefèvre” to confirm").fill("zoé lefèvre")
    await erase.click()
    await expect(page.get_by_role("heading", name="Nobody found")).to_be_visible()
    await page.get_by_role("searchbox", name="Search").fill("")
    await expect(page.get_by_role("link", name="Max Noël")).to_be_visible()
    assert await _complaints(page) == []


async def _import(page: Page) -> None:
    await page.goto("/app/customers")
    await page.get_by_role("link", name="Import").first.click()
    upload = {"name": "clients.csv", "mimeType": "text/csv", "buffer": FILE.encode("cp1252")}
    await page.locator("input[type=file]").set_input_files(upload)  # type: ignore[arg-type]  # the shape of FilePayload
    await expect(page.get_by_text("3 rows, Windows-1252 (Western)")).to_be_visible()
    await expect(page.get_by_role("combobox", name="Meaning of “Téléphone”")).to_have_value("Phone")
    await page.get_by_role("combobox", name="Make everybody a member of").click()
    await page.get_by_role("option", name="Club").click()
    assert await _complaints(page) == []
    await page.get_by_role("button", name="Check the file").click()
    await expect(page.get_by_role("heading", name="This is what would happen")).to_be_visible()
    await expect(page.get_by_role("row", name="4 Phone Not a phone number")).to_be_visible()
    await page.get_by_role("button", name="Import 2 rows").click()
    await expect(page.get_by_role("heading", name="The import is done")).to_be_visible()
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Download these rows").click()
    wrong = (await (await download.value).path()).read_text(encoding="utf-8-sig")
    assert wrong.splitlines()[1].startswith("Inès,Roy,12,5,")
    await page.get_by_role("link", name="To the customers").click()


async def _adjust(page: Page) -> None:
    await page.get_by_role("button", name="Adjust").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_text("Take").click()
    await dialog.get_by_label("How many").fill("20")
    await dialog.get_by_role("button", name="Adjust").click()
    await expect(dialog).to_contain_text("Write why.")
    await dialog.get_by_label("Reason").fill("a mistake of the old system")
    await dialog.get_by_role("button", name="Adjust").click()
    await expect(page.get_by_role("region", name="Club")).to_contain_text("100points")
    history = page.get_by_role("region", name="History")
    await expect(history).to_contain_text("−20 points")  # noqa: RUF001  a minus, not a hyphen
    await expect(history).to_contain_text("a mistake of the old system")


async def test_two_entries_of_one_person_become_one(signed_in: Page, base_url: str, shop: Shop) -> None:
    page = signed_in
    async with httpx.AsyncClient(base_url=base_url, headers=shop.headers, timeout=30) as http:
        program = (await http.post("/api/v1/programs", json={"name": "Club", "kind": "points"})).json()["id"]
        for contact in ({"phone": "0612345678"}, {"email": "ada@example.com"}):
            made = await http.post("/api/v1/customers", json={"first_name": "Ada", **contact})
            member = await http.post(f"/api/v1/programs/{program}/members", json={"customer_id": made.json()["id"]})
            path = f"/api/v1/members/{member.json()['id']}/adjustments"
            await http.post(path, json={"amount": 30, "reason": "a gift"})
    await page.goto("/app/customers")
    await page.get_by_role("searchbox", name="Search").fill("06 12 34 56 78")
    await expect(page.get_by_text("1 customer", exact=True)).to_be_visible()
    await page.get_by_role("link", name="Ada").click()
    await page.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Merge with another entry").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("radio", name="Ada ada@example.com").check()
    await expect(dialog).to_contain_text("+33612345678 · ada@example.com")
    await dialog.get_by_role("button", name="Merge").click()
    await expect(page.get_by_role("region", name="Club")).to_contain_text("60points")
    await expect(page.get_by_role("region", name="Contact")).to_contain_text("ada@example.com")


async def test_money_is_money_and_every_card_is_there(signed_in: Page, base_url: str, shop: Shop) -> None:
    async with httpx.AsyncClient(base_url=f"{base_url}/api/v1", headers=shop.headers, timeout=30) as http:

        async def post(path: str, body: dict[str, object]) -> dict[str, str]:
            return dict((await http.post(path, json=body)).raise_for_status().json())

        program = (await post("/programs", {"name": "Cashback", "kind": "cashback"}))["id"]
        customer = (await post("/customers", {"first_name": "Zoé"}))["id"]
        member = (await post(f"/programs/{program}/members", {"customer_id": customer}))["id"]
        await post(f"/members/{member}/adjustments", {"amount": 1_250, "reason": "a gift"})
        product = (await post("/gift-card-products", {"name": "Gift", "amounts": {"amounts_minor": [2_000]}}))["id"]
        gift = (await post("/gift-cards", {"product_id": product, "amount_minor": 2_000}))["id"]
        await post(f"/gift-cards/{gift}/card", {"customer_id": customer})
    page = signed_in
    await page.goto("/app/customers")
    await expect(page.get_by_role("row", name="Zoé")).to_contain_text("€12.50")
    await page.get_by_role("link", name="Zoé").click()
    region = page.get_by_role("region", name="Cashback")
    await expect(region).to_contain_text("€12.50")
    await region.get_by_role("button", name="Adjust").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("How many").fill("2.50")
    await expect(dialog).to_contain_text("€12.50 → €15.00")
    await dialog.get_by_label("Reason").fill("a mistake of the till")
    await dialog.get_by_role("button", name="Adjust").click()
    await expect(page.get_by_role("region", name="History")).to_contain_text("+€2.50")
    held = page.get_by_role("region", name="Coupons, gift cards and tickets")
    await expect(held.get_by_role("link", name="Gift card")).to_have_attribute(
        "href", f"/app/gift-cards/cards/{gift}"
    )
    await expect(held).to_contain_text("Not installed")
    assert await _complaints(page) == []
