"""A club: check-in is set up, a till lets in and out, the dashboard knows who is in, a customer checks in alone."""

import httpx
from playwright.async_api import Browser, Geolocation, Page, expect

from tests.conftest import Shop

_HERE = {"latitude": 48.8566, "longitude": 2.3522}


async def _member(client: httpx.AsyncClient) -> tuple[str, str]:
    """A customer with a card, and the program's id; the answer is their id and the card's code."""
    rules = [{"type": "per_event", "event": "check_in", "units": 5}]
    program = (await client.post("/api/v1/programs", json={"name": "Gym", "kind": "points", "rules": rules})).json()
    lina = (await client.post("/api/v1/customers", json={"first_name": "Lina", "last_name": "Benali"})).json()["id"]
    joined = await client.post(f"/api/v1/programs/{program['id']}/members", json={"customer_id": lina})
    issued = await client.post("/api/v1/passes", json={"membership_id": joined.json()["id"]})
    return lina, issued.json()["code"]


async def test_a_club_knows_who_is_in(signed_in: Page, base_url: str, shop: Shop, browser: Browser) -> None:
    page = signed_in
    async with httpx.AsyncClient(base_url=base_url, headers=shop.headers, timeout=30) as client:
        lina, code = await _member(client)
        await client.post("/api/v1/locations", json={"name": "Club", **_HERE})
        await page.goto("/app/check-ins")
        await page.get_by_role("link", name="Set up").click()
        await page.get_by_role("button", name="Set up: Club").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_role("checkbox", name="Staff check in and out").check()
        await dialog.get_by_label("Places").fill("30")
        await dialog.get_by_role("radio", name="With a printed code").check()
        await dialog.get_by_label("Within").last.fill("100")
        await dialog.get_by_label("Counts once within").fill("0")
        await dialog.get_by_label("Counts at most, a day").fill("3")
        await dialog.get_by_role("button", name="Save").click()
        await expect(page.get_by_text("By the customer")).to_be_visible()
        await page.get_by_role("button", name="Code: Club").click()
        await expect(dialog.get_by_role("img", name="Check-in code of Club")).to_be_visible()

        await page.goto("/scan")
        await page.get_by_role("textbox", name="Code").fill(code)
        await page.get_by_role("button", name="Look it up").click()
        await page.get_by_role("button", name="In", exact=True).click()
        await expect(page.get_by_role("heading", name="Checked in")).to_be_visible()
        await expect(page.get_by_text("1 of 30 are in")).to_be_visible()
        await expect(page.get_by_text("+5")).to_be_visible()

        await page.goto("/app/check-ins")
        await expect(page.get_by_text("1 of 30")).to_be_visible()
        await page.get_by_role("button", name="Check out: Lina Benali").click()
        await expect(page.get_by_text("Nobody is in.")).to_be_visible()
        await page.get_by_role("link", name="History").click()
        await expect(page.get_by_role("cell", name="Left")).to_be_visible()
        await page.goto(f"/app/customers/{lina}")
        await expect(page.get_by_text("At Club")).to_be_visible()

        [place] = (await client.get("/api/v1/check-in-places")).json()["items"]
        address = f"/api/v1/locations/{place['location_id']}/check-in/code"
        url = (await client.get(address)).json()["url"].partition("/m/")[2]
        link = (await client.post(f"/api/v1/customers/{lina}/page-link")).json()["url"].partition("/m/")[2]
    await _check_in_alone(browser, base_url, f"/m/{link}", f"/m/{url}")


async def _check_in_alone(browser: Browser, base_url: str, link: str, code: str) -> None:
    """With a phone that says where it is."""
    context = await browser.new_context(
        base_url=base_url,
        locale="en-GB",
        geolocation=Geolocation(latitude=_HERE["latitude"], longitude=_HERE["longitude"], accuracy=20),
        permissions=["geolocation"],
    )
    try:
        phone = await context.new_page()
        await phone.goto(link)
        await phone.get_by_role("button", name="Open my page").click()
        await expect(phone.get_by_role("heading", name="Hello Lina")).to_be_visible()
        await phone.goto(code)
        await expect(phone.get_by_role("heading", name="Hello Lina")).to_be_visible()
        await phone.get_by_role("button", name="I am here").click()
        await expect(phone.get_by_role("heading", name="You are checked in")).to_be_visible()
        await expect(phone.get_by_text("+5")).to_be_visible()
    finally:
        await context.close()
