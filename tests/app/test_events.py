"""An event from its plan to its gate, as an organizer clicks through it."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import httpx
from playwright.async_api import Page, expect

from passerelle.kit import clock
from tests.conftest import Shop


async def test_an_event_is_planned_and_somebody_comes_in(signed_in: Page, base_url: str, shop: Shop) -> None:
    page = signed_in
    await page.goto("/app/events")
    await page.get_by_role("link", name="New event").first.click()
    await page.get_by_role("textbox", name="Event").fill("Opening <b>night</b>")
    await page.get_by_label("Name of the place").fill("Grand Hall")
    async with httpx.AsyncClient(base_url=base_url, headers=shop.headers, timeout=30) as client:
        zone = (await client.get("/api/v1/organization")).json()["time_zone"]
        starts_at = (clock.now() + timedelta(hours=1)).astimezone(ZoneInfo(zone))
        await page.get_by_label("Starts").fill(starts_at.strftime("%Y-%m-%dT%H:%M"))
        await page.get_by_role("textbox", name="Tickets at most").fill("2")
        await page.get_by_role("button", name="Plan the event").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Opening <b>night</b>")

        await client.post("/api/v1/customers", json={"first_name": "Lina", "last_name": "Benali"})
        await page.get_by_role("button", name="Issue a ticket").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_role("combobox", name="Customer").fill("Lina")
        await page.get_by_role("option", name="Lina Benali").click()
        await dialog.get_by_label("Kind of ticket").fill("Adult")
        await dialog.get_by_label("Seat").fill("A1")
        await dialog.get_by_role("button", name="Issue a ticket").click()
        await expect(dialog.locator("img")).to_be_visible()
        await dialog.get_by_role("button", name="Close").last.click()
        await expect(page.get_by_role("cell", name="Adult A1")).to_be_visible()
        await expect(page.get_by_role("link", name="Lina Benali")).to_be_visible()

        event = (await client.get("/api/v1/ticketed-events")).json()["items"][0]
        code = (await client.post("/api/v1/tickets", json={"event_id": event["id"]})).json()["code"]

        await page.goto("/scan")
        for outcome in ("Let in", "Not"):
            await page.get_by_role("textbox", name="Code").fill(code)
            await page.get_by_role("button", name="Look it up").click()
            await expect(page.get_by_role("heading", level=1)).to_have_text("Opening <b>night</b>")
            if outcome == "Let in":
                await page.get_by_role("button", name="Let in").click()
                await expect(page.get_by_role("heading", name="Let in")).to_be_visible()
                await expect(page.get_by_text("1 of 2 are in")).to_be_visible()
                await page.get_by_role("button", name="Next customer").click()
            else:
                await expect(page.get_by_role("alert")).to_contain_text("Grand Hall")
        await page.goto(f"/app/events/{event['id']}")
        await expect(page.get_by_role("cell", name="Used")).to_be_visible()
