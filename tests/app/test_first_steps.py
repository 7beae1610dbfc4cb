"""From nothing to a card on a phone, as a merchant clicks through it."""

import io
import time
from collections.abc import Callable

from PIL import Image
from playwright.async_api import Locator, Page, expect

from passerelle.kit.ids import new_id
from tests.app.demonstration import screen
from tests.conftest import PASSWORD, Shop
from tests.factories.stage import Stage

MOST_CLICKS = 16
FIVE_MINUTES = 300


class Merchant:
    """Somebody with a mouse: counts what they press."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0

    async def press(self, name: str, *, exact: bool = False) -> None:
        await self.click(self.page.get_by_role("button", name=name, exact=exact))

    async def click(self, thing: Locator) -> None:
        self.clicks += 1
        await thing.click()


def logo() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (400, 300), "#145ac8").save(file, "PNG")
    return file.getvalue()


async def test_from_nothing_to_a_card_on_the_phone(
    page: Page, demonstration: Stage, record_testsuite_property: Callable[[str, object], None]
) -> None:
    merchant, started = Merchant(page), time.perf_counter()
    await page.goto(f"{demonstration.settings.url('/app')}")
    await merchant.press("Open an organization")
    await page.get_by_label("Name of your business").fill("Café <i>Ña</i>")
    await merchant.click(page.get_by_role("combobox", name="Country"))
    await merchant.click(page.get_by_role("option", name="Morocco"))
    await expect(page.get_by_text("MAD", exact=True)).to_be_visible()
    await page.get_by_label("Your name").fill("Amina")
    await page.get_by_label("E-mail").fill(f"amina-{new_id().hex}@example.com")
    await page.get_by_role("textbox", name="Password").fill(PASSWORD)
    await merchant.press("Open it")

    await expect(page.get_by_role("heading", level=1)).to_have_text("Welcome, Café <i>Ña</i>")
    async with page.expect_file_chooser() as chooser:
        await merchant.press("Choose a picture")
    await (await chooser.value).set_files({"name": "logo.png", "mimeType": "image/png", "buffer": logo()})
    await expect(page.get_by_role("radio", name="#145ac8")).to_be_checked()
    await page.get_by_label("Address").fill("3, place des Épices")
    await merchant.press("Continue")

    await merchant.press("Stamp card")
    await page.get_by_label("How many stamps fill a card?").fill("5")
    await page.get_by_label("And what do they bring?").fill("A croissant")
    await expect(page.get_by_text("5 visits bring: A croissant")).to_be_visible()
    await merchant.press("Continue")

    await expect(page.get_by_test_id("apple-front")).to_contain_text("A croissant")
    await expect(page.get_by_test_id("google-front")).to_have_css("background-color", "rgb(20, 90, 200)")
    await merchant.press("Make this card")

    await expect(page.get_by_role("img", name="QR code of your own card")).to_be_visible()
    await expect(page.get_by_text("Not yet")).to_have_count(2)
    await merchant.press("Add to the iPhone")
    await expect(page.get_by_text("There since")).to_have_count(1)
    await expect(screen(page, "iphone")).to_contain_text("0/5")
    seconds = time.perf_counter() - started
    await merchant.press("Add to the Android phone")
    await expect(page.get_by_text("There since")).to_have_count(2)
    await expect(screen(page, "android")).to_contain_text("A croissant")

    await merchant.press("Continue")
    async with page.expect_download() as download:
        await merchant.click(page.get_by_role("link", name="Download the poster"))
    file = await (await download.value).path()
    assert file.read_bytes().startswith(b"%PDF-")
    await merchant.press("Finish")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Home")
    record_testsuite_property("first_steps_clicks", merchant.clicks)
    record_testsuite_property("first_steps_seconds", round(seconds, 1))
    assert merchant.clicks <= MOST_CLICKS
    assert seconds < FIVE_MINUTES


async def test_what_was_chosen_survives_leaving_and_the_end_of_the_session(signed_in: Page, shop: Shop) -> None:
    page = signed_in
    await page.goto("/app")
    await page.get_by_role("link", name="Go through the first steps").click()
    await page.get_by_role("radio", name="#0f5c4d").click()
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_role("button", name="Points").click()
    await page.get_by_label("What can be had first?").fill("Un café & un <b>croissant</b>")
    await page.get_by_role("link", name="Later").click()
    await page.get_by_role("link", name="Go through the first steps").click()
    await expect(page.get_by_label("What can be had first?")).to_have_value("Un café & un <b>croissant</b>")
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_test_id("apple-front")).to_contain_text("croissant</b>")

    await page.context.clear_cookies()
    await page.get_by_role("radio", name="Rings").click()
    await page.get_by_role("button", name="Make this card").click()
    await page.get_by_label("E-mail").fill(shop.email)
    await page.get_by_role("textbox", name="Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.get_by_role("radio", name="Rings")).to_be_checked()
    await page.go_back()
    await page.go_back()
    await page.go_forward()
    await page.go_forward()
    assert (await (await page.request.get("/api/v1/programs")).json())["items"] == []  # nothing was begun on the way
    await page.get_by_role("button", name="Make this card").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Put it on your phone")
    [program] = (await (await page.request.get("/api/v1/programs")).json())["items"]
    assert (program["name"], program["state"]) == ("Points card", "active")


async def test_a_coupon_goes_the_same_way_to_the_phone(page: Page, demonstration: Stage, shop: Shop) -> None:
    session = {"email": shop.email, "password": PASSWORD}
    await page.request.post(demonstration.settings.url("/api/v1/sessions"), data=session)
    await page.goto(demonstration.settings.url("/app/welcome/program"))
    await page.get_by_role("button", name="Coupon").click()
    await page.get_by_label("How much off?").fill("15")
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_test_id("apple-front")).to_contain_text("15%")
    await page.get_by_role("radio", name="Night").click()
    await page.get_by_role("button", name="Make this card").click()
    await expect(page.get_by_text("it can be used once")).to_be_visible()
    await page.get_by_role("button", name="Add to the iPhone").click()
    await expect(page.get_by_text("There since")).to_have_count(1)
    await expect(screen(page, "iphone")).to_contain_text("Welcome offer")
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_role("link", name="Make codes")).to_be_visible()
    poster = page.get_by_role("img", name="Your poster, as it will be printed")
    await expect(poster).not_to_have_js_property("naturalWidth", 0)
    await page.get_by_role("link", name="Change its words").click()
    await page.get_by_label("Headline").fill("Come back")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    [link] = (await (await page.request.get(demonstration.settings.url("/api/v1/handout-links"))).json())["items"]
    kept = await page.request.get(demonstration.settings.url(f"/api/v1/handout-links/{link['id']}/poster"))
    assert (await kept.json())["design"]["headline"] == "Come back"


async def test_a_ticket_goes_the_same_way_to_the_phone(page: Page, demonstration: Stage, shop: Shop) -> None:
    session = {"email": shop.email, "password": PASSWORD}
    await page.request.post(demonstration.settings.url("/api/v1/sessions"), data=session)
    await page.goto(demonstration.settings.url("/app/welcome/program"))
    await page.get_by_role("button", name="Ticket").click()
    await page.get_by_label("Where is it?").fill("Grand Hall")
    await page.get_by_label("How many people can come?").fill("30")
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_test_id("apple-front")).to_contain_text("Grand Hall")
    await page.get_by_role("button", name="Make this card").click()
    await expect(page.get_by_text("it takes one of the places")).to_be_visible()
    await page.get_by_role("button", name="Add to the iPhone").click()
    await expect(page.get_by_text("There since")).to_have_count(1)
    await expect(screen(page, "iphone")).to_contain_text("Opening night")
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_role("link", name="Issue tickets")).to_be_visible()
    poster = page.get_by_role("img", name="Your poster, as it will be printed")
    await expect(poster).not_to_have_js_property("naturalWidth", 0)
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Download the poster").click()
    assert (await (await download.value).path()).read_bytes().startswith(b"%PDF-")
    events = await page.request.get(demonstration.settings.url("/api/v1/ticketed-events"))
    [event] = (await events.json())["items"]
    assert (event["capacity"], event["issued"], event["left"]) == (30, 1, 29)
    await page.get_by_role("link", name="Issue tickets").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Opening night")


async def test_a_gift_card_of_ones_own_is_made_once(signed_in: Page) -> None:
    page = signed_in
    await page.goto("/app/welcome/program")
    await page.get_by_role("button", name="Gift card").click()
    await page.get_by_label("Amount 1").fill("25")
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_test_id("google-front")).to_contain_text("€25.00")
    await page.get_by_role("button", name="Make this card").click()
    await expect(page.get_by_role("img", name="QR code of your own card")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("img", name="QR code of your own card")).to_be_visible()
    [product] = (await (await page.request.get("/api/v1/gift-card-products")).json())["items"]
    [design] = (await (await page.request.get("/api/v1/templates")).json())["items"]
    [sold] = (await (await page.request.get("/api/v1/gift-cards")).json())["items"]
    assert product["amounts"]["amounts_minor"] == [2500, 5000, 10_000]
    assert (product["template_id"], sold["balance_minor"]) == (design["id"], 2500)
    await page.get_by_role("link", name="Take the money off it").click()
    await page.wait_for_url("**/gift-cards/cards/*")
    await expect(page.get_by_role("main")).to_contain_text("€25.00")
    await page.goto("/app/welcome/poster")
    await expect(page.get_by_role("link", name="Sell the first one")).to_be_visible()
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Download the poster").click()
    assert (await (await download.value).path()).read_bytes().startswith(b"%PDF-")


async def test_a_membership_says_how_long_it_runs(signed_in: Page) -> None:
    page = signed_in
    await page.goto("/app/welcome/program")
    await page.get_by_role("button", name="Membership").click()
    await expect(page.get_by_text("Until which day?")).to_have_count(0)
    await page.get_by_role("combobox", name="How long does it run?").click()
    await page.get_by_role("option", name="To a day of each year").click()
    await page.get_by_label("Until which day?").fill("2028-08-31")
    await page.get_by_label("What does one term cost?").fill("45")
    await expect(page.get_by_text("Good until August 31 of each year: €45.00")).to_be_visible()
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_role("button", name="Make this card").click()
    await expect(page.get_by_role("img", name="QR code of your own card")).to_be_visible()
    [program] = (await (await page.request.get("/api/v1/programs")).json())["items"]
    term = program["settings"]["term"]
    assert (term["ends_on"], term["price_minor"], term["joining"]) == ("08-31", 4_500, "unpaid")
