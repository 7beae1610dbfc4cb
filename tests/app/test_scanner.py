"""The till: a card, an amount, taken back; an hour without a network; a device set up by a code."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.conftest import PASSWORD, SERVED_BY_WORKER, Shop

Json = dict[str, Any]


class Counter:
    """The shop's own program beside the browser: it makes what is scanned and reads what was booked."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.email = ""
        self.code = ""
        self.customer_id = ""

    async def post(self, path: str, body: Json) -> Json:
        """A write that must succeed."""
        answer = await self.client.post(path, json=body)
        assert answer.is_success, answer.text
        return dict(answer.json())

    async def stamps(self) -> int:
        """How many stamps the card has."""
        return int((await self.post("/api/v1/scans", {"code": self.code}))["balances"][0]["active"])


@pytest_asyncio.fixture
async def counter(base_url: str, shop: Shop) -> AsyncIterator[Counter]:
    """A stamp card of Lina: three stamps are a coffee."""
    async with httpx.AsyncClient(base_url=base_url, headers=shop.headers, timeout=30) as client:
        made = Counter(client)
        made.email = shop.email
        program = {"name": "Coffee club", "kind": "stamps", "goal": 3, "reward_name": "Free coffee"}
        program_id = (await made.post("/api/v1/programs", program))["id"]
        customer = await made.post("/api/v1/customers", {"first_name": "Lina", "phone": "+33612345678"})
        joined = await made.post(f"/api/v1/programs/{program_id}/members", {"customer_id": customer["id"]})
        made.code = (await made.post("/api/v1/passes", {"membership_id": joined["id"]}))["code"]
        made.customer_id = customer["id"]
        yield made


async def look_up(page: Page, code: str) -> None:
    """Type a code."""
    await page.get_by_role("textbox", name="Code").fill(code)
    await page.get_by_role("button", name="Look it up").click()


async def buy(page: Page, code: str, digits: str) -> None:
    """A purchase, from the code to the next customer."""
    await look_up(page, code)
    await page.get_by_text("Amount", exact=True).click()
    for digit in digits:
        await page.get_by_role("button", name=digit, exact=True).click()
    await page.get_by_role("button", name="Book €").click()


async def set_up(page: Page) -> None:
    """Make the page a till that sells without a network."""
    await page.get_by_role("button", name="Menu").click()
    await page.get_by_role("button", name="Set up this till").click()
    await page.get_by_label("Name of the till").fill("Counter 1")
    await page.get_by_role("button", name="Set it up").click()
    await expect(page.get_by_text("set up as “Counter 1”")).to_be_visible()
    await page.keyboard.press("Escape")
    assert await page.evaluate(SERVED_BY_WORKER)


async def test_a_purchase_is_booked_and_taken_back(signed_in: Page, counter: Counter) -> None:
    await signed_in.goto("/scan")
    await look_up(signed_in, "zzzz-zzzz")
    await expect(signed_in.get_by_role("alert")).to_contain_text("not a card of your shop")
    await signed_in.get_by_role("button", name="Next customer").click()
    await buy(signed_in, counter.code, "450")
    await expect(signed_in.get_by_role("heading", name="Booked")).to_be_visible()
    assert await counter.stamps() == 1
    await signed_in.get_by_role("button", name="Undo").click()
    await expect(signed_in.get_by_role("heading", name="Taken back")).to_be_visible()
    assert await counter.stamps() == 0


async def test_a_scanner_that_types_is_heard_and_a_reward_is_given(signed_in: Page, counter: Counter) -> None:
    await counter.post("/api/v1/scans/visits", {"code": counter.code, "units": 3})
    await signed_in.goto("/scan")
    field = signed_in.get_by_role("textbox", name="Code")
    await field.fill("half a code")
    await signed_in.evaluate(
        """code => [...code, 'Enter'].forEach(key => document.querySelector('input').dispatchEvent(
            new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true})))""",
        counter.code,
    )
    await expect(signed_in.get_by_role("heading", name="Lina")).to_be_visible()
    await signed_in.get_by_role("button", name="Redeem Free coffee").click()
    await signed_in.get_by_role("button", name="Yes, give it").click()
    await expect(signed_in.get_by_role("heading", name="Give: Free coffee")).to_be_visible()
    assert await counter.stamps() == 0


async def test_the_keyboard_books_whatever_was_pressed_before(signed_in: Page, counter: Counter) -> None:
    await signed_in.goto("/scan")
    menu = signed_in.get_by_role("button", name="Menu")
    await menu.click()
    await signed_in.keyboard.press("Escape")
    await expect(menu).to_be_focused()
    await signed_in.evaluate(
        """code => [...code, 'Enter'].forEach(key => document.activeElement.dispatchEvent(
            new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true})))""",
        counter.code,
    )
    await signed_in.get_by_text("Amount", exact=True).click()
    await signed_in.keyboard.type("450")
    await expect(signed_in.get_by_role("button", name="Book €4.50")).to_be_visible()
    await signed_in.keyboard.press("Enter")
    await expect(signed_in.get_by_role("heading", name="Booked")).to_be_visible()
    assert await counter.stamps() == 1


async def test_a_purchase_says_in_its_units_what_each_program_gives(signed_in: Page, counter: Counter) -> None:
    cashback = {"name": "Purse", "kind": "cashback"}
    program_id = (await counter.post("/api/v1/programs", cashback))["id"]
    await counter.post(f"/api/v1/programs/{program_id}/members", {"customer_id": counter.customer_id})
    await signed_in.goto("/scan")
    await buy(signed_in, counter.code, "2000")
    told = signed_in.get_by_role("status")
    await expect(told).to_contain_text("+€1.00Purse")
    await expect(told).to_contain_text("+1Coffee club")


_SENSES = """window.sensed = [];
Navigator.prototype.vibrate = pattern => { sensed.push(`shakes ${pattern}`); return true; };
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (at) {
  if (this.context.state !== 'closed') sensed.push(`${this.type} ${this.frequency.value}`);
  return start.call(this, at);
};"""


async def sensed(page: Page) -> list[str]:
    """What was heard and felt since it was asked last."""
    return list(await page.evaluate("window.sensed.splice(0)"))


async def test_a_scan_is_heard_and_felt_unless_that_is_turned_off(signed_in: Page, counter: Counter) -> None:
    page = signed_in
    await page.add_init_script(_SENSES)
    await page.goto("/scan")
    await look_up(page, counter.code)
    await expect(page.get_by_role("heading", name="Lina")).to_be_visible()
    assert await sensed(page) == ["shakes 20", "sine 1400"]
    await page.get_by_role("button", name="Add 1 stamp").click()
    await expect(page.get_by_role("heading", name="Booked")).to_be_visible()
    assert await sensed(page) == ["shakes 40", "sine 880", "sine 1320"]
    await page.get_by_role("button", name="Next customer").click()
    await look_up(page, "zzzz-zzzz")
    await expect(page.get_by_role("alert")).to_contain_text("not a card of your shop")
    heard = await sensed(page)
    assert [heard[0], *heard[-3:]] == ["shakes 20", "shakes 120,80,120", "square 220", "square 196"]
    await page.get_by_role("button", name="Next customer").click()

    await page.get_by_role("button", name="Menu").click()
    await page.get_by_role("switch", name="Sounds").press("Space")
    assert await sensed(page) == ["shakes 40"]
    await page.get_by_role("switch", name="Vibration").press("Space")
    await page.keyboard.press("Escape")
    for _ in range(2):  # the till remembers it
        await look_up(page, counter.code)
        await expect(page.get_by_role("heading", name="Lina")).to_be_visible()
        await page.get_by_role("button", name="Add 1 stamp").click()
        await expect(page.get_by_role("heading", name="Booked")).to_be_visible()
        assert await sensed(page) == []
        await page.reload()


async def test_an_hour_without_a_network_loses_nothing(signed_in: Page, counter: Counter) -> None:
    page = signed_in
    await page.goto("/scan")
    await set_up(page)
    await look_up(page, counter.code)
    await expect(page.get_by_role("heading", name="Lina")).to_be_visible()
    await page.get_by_role("button", name="Close this card").click()

    await page.context.set_offline(offline=True)
    await expect(page.get_by_role("button", name="No network")).to_be_visible()
    for digits in ("450", "300"):
        await buy(page, counter.code, digits)
        await expect(page.get_by_role("heading", name="Kept")).to_be_visible()
        await page.get_by_role("button", name="Next customer").click()
    await page.reload()
    await expect(page.get_by_role("button", name="2 waiting")).to_be_visible()
    assert await counter.stamps() == 0

    await page.context.set_offline(offline=False)
    await expect(page.get_by_role("button", name="Online")).to_be_visible()
    purchases = (await counter.client.get("/api/v1/offline-operations")).json()["items"]
    assert [(one["status"], one["payload"]["amount_minor"]) for one in purchases] == [
        ("accepted", 300),
        ("accepted", 450),
    ]
    assert await counter.stamps() == 2
    await page.get_by_role("button", name="Today").click()
    await page.get_by_role("dialog").get_by_role("button", name="Undo").first.click()
    await expect(page.get_by_role("dialog").get_by_text("taken back", exact=True)).to_be_visible()
    assert await counter.stamps() == 1


async def test_what_another_till_was_faster_with_is_shown_as_refused(signed_in: Page, counter: Counter) -> None:
    page = signed_in
    await counter.post("/api/v1/scans/visits", {"code": counter.code, "units": 3})
    await page.goto("/scan")
    await set_up(page)
    await look_up(page, counter.code)
    await expect(page.get_by_role("heading", name="Lina")).to_be_visible()
    await page.get_by_role("button", name="Close this card").click()

    await page.context.set_offline(offline=True)
    await expect(page.get_by_role("button", name="No network")).to_be_visible()
    await look_up(page, counter.code)
    await page.get_by_role("button", name="Redeem Free coffee").click()
    await page.get_by_role("button", name="Yes, give it").click()
    await expect(page.get_by_role("button", name="1 waiting")).to_be_visible()
    rewards = (await counter.client.get("/api/v1/rewards")).json()["items"]
    await counter.post("/api/v1/scans/redemptions", {"code": counter.code, "reward_id": rewards[0]["id"]})

    await page.context.set_offline(offline=False)
    await page.get_by_role("button", name="1 refused").click()
    queue = page.get_by_role("dialog", name="Waiting and refused")
    await expect(queue.get_by_role("alert")).to_contain_text("Free coffee")
    await queue.get_by_role("button", name="Seen, take them off this list").click()
    await expect(queue).to_contain_text("Nothing was refused.")
    await expect(queue).to_contain_text("Nothing waits to be sent.")
    assert await counter.stamps() == 0


async def test_what_was_refused_is_settled_on_the_dashboard(signed_in: Page, counter: Counter) -> None:
    page = signed_in
    await page.goto("/scan")
    await set_up(page)
    await page.context.set_offline(offline=True)
    await expect(page.get_by_role("button", name="No network")).to_be_visible()
    await buy(page, "zzzz-zzzz", "450")
    await expect(page.get_by_role("heading", name="Kept")).to_be_visible()
    await page.context.set_offline(offline=False)
    await expect(page.get_by_role("button", name="1 refused")).to_be_visible()
    await expect(page.get_by_role("heading", name="Not possible")).to_be_visible()

    await page.request.post("/api/v1/sessions", data={"email": counter.email, "password": PASSWORD})
    await page.goto("/app")
    await page.get_by_role("link", name="Look", exact=True).click()
    refused = page.get_by_role("table", name="Refused").get_by_role("row").last
    await expect(refused).to_contain_text("Purchase · €4.50")
    await expect(refused).to_contain_text("Counter 1")
    await refused.get_by_role("button", name="Settle").click()
    asked = page.get_by_role("dialog", name="Settled by hand")
    await asked.get_by_label("Reason").fill("Booked from the paper slip")
    await asked.get_by_role("button", name="Settle").click()
    await expect(page.get_by_role("heading", name="Nothing to settle")).to_be_visible()
    settled = (await counter.client.get("/api/v1/offline-operations?resolved=true")).json()["items"]
    assert [(one["resolution"], one["resolution_reason"]) for one in settled] == [
        ("settled", "Booked from the paper slip")
    ]
    await page.get_by_role("link", name="Devices").click()
    await page.get_by_role("button", name="Remove: Counter 1").click()
    await page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    await expect(page.get_by_role("table", name="Devices")).to_contain_text("Removed")


async def test_a_code_of_the_owner_sets_another_device_up_once(
    signed_in: Page, counter: Counter, base_url: str
) -> None:
    await signed_in.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await signed_in.goto("/scan")
    await signed_in.get_by_role("button", name="Menu").click()
    await signed_in.get_by_role("button", name="Set up another till").click()
    await signed_in.get_by_role("button", name="Copy the address").click()
    address = str(await signed_in.evaluate("navigator.clipboard.readText()"))
    browser = signed_in.context.browser
    assert browser is not None
    other = await browser.new_context(base_url=base_url, locale="en-GB")
    try:
        tablet = await other.new_page()
        await tablet.goto(address)
        await tablet.get_by_label("Name of the till").fill("Tablet")
        await tablet.get_by_role("button", name="Set it up").click()
        await buy(tablet, counter.code, "450")
        await expect(tablet.get_by_role("heading", name="Booked")).to_be_visible()
        assert "pair" not in tablet.url
    finally:
        await other.close()
    keys = (await counter.client.get("/api/v1/api-keys")).json()["items"]
    pairing = next(key for key in keys if key["name"] == "Pairing")
    assert pairing["revoked_at"] is not None
    till = next(key for key in keys if key["name"] == "Tablet")
    assert "keys:write" not in till["scopes"]
    assert {"members:renew", "checkins:read", "checkins:write"} <= set(till["scopes"])
