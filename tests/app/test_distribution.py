"""Distribution: a link that is made, visited and counted, its poster, and a tablet that joins one after the other."""

import re
from urllib.parse import urlsplit

import httpx
from playwright.async_api import Browser, Page, expect
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from tests.conftest import Shop
from tests.factories.served import served


async def _program(shop: Shop, base_url: str) -> str:
    new = {"name": "Coffee card", "kind": "points", "goal": 10, "reward_name": "Free coffee"}
    async with httpx.AsyncClient(base_url=base_url, headers=shop.headers, timeout=30) as owner:
        made = await owner.post("/api/v1/programs", json=new)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def _path(address: str | None) -> str:
    """On this server, whatever it calls itself."""
    return urlsplit(address or "").path


async def _join(page: Page, phone: str) -> None:
    await page.get_by_label("Your name").fill("Lina")
    await page.get_by_label("Mobile number").fill(phone)
    await page.get_by_label(re.compile("^I join")).check()
    await page.get_by_role("button", name="Get my card").click()


async def test_a_link_is_made_and_its_visitors_are_counted(
    signed_in: Page, browser: Browser, base_url: str, shop: Shop
) -> None:
    await _program(shop, base_url)
    await signed_in.goto("/app/distribution")
    await signed_in.get_by_role("link", name="New link").click()
    await signed_in.get_by_label("Name").fill("Window")
    await signed_in.get_by_label("Source (utm_source)").fill("window")
    await signed_in.get_by_role("button", name="Make the link").click()
    await expect(signed_in.get_by_role("heading", name="Window")).to_be_visible()
    await expect(signed_in.get_by_role("img", name="QR code of Window")).to_be_visible()
    address = await signed_in.get_by_role("link", name="Open in a new tab").get_attribute("href")

    visitor = await browser.new_context(base_url=base_url, locale="en-GB")
    phone = await visitor.new_page()
    await phone.goto(_path(address))
    await _join(phone, "+33612345678")
    await expect(phone.get_by_role("heading", name="Your card is ready")).to_be_visible()
    await visitor.close()

    await signed_in.goto("/app/distribution")
    window = signed_in.get_by_role("listitem").filter(has_text="Window")
    await expect(window.get_by_test_id("viewed")).to_have_text("1")
    await expect(window.get_by_test_id("joined")).to_have_text("1")
    await signed_in.get_by_text("Dates", exact=True).click()
    await signed_in.get_by_label("Last day").fill("2020-01-01")
    await expect(signed_in.get_by_text("The last day lies before the first.")).to_be_visible()
    await signed_in.get_by_label("First day").fill("2019-12-01")
    await expect(window.get_by_test_id("viewed")).to_have_text("0")
    await expect(signed_in).to_have_url(re.compile("from=2019-12-01&to=2020-01-02"))


async def test_a_poster_says_what_the_merchant_wrote(signed_in: Page, base_url: str, shop: Shop) -> None:
    await _program(shop, base_url)
    await signed_in.goto("/app/distribution")
    await signed_in.get_by_role("button", name="Actions for Coffee card").click()
    await signed_in.get_by_role("menuitem", name="Poster").click()
    poster = signed_in.get_by_test_id("poster")
    await expect(poster).to_have_attribute("aria-busy", "false")
    await signed_in.get_by_label("Headline").fill("Your tenth coffee is free")
    await signed_in.get_by_role("radio", name="Table tent").click()
    picture = poster.get_by_role("img", name="Preview: Table tent")
    await expect(picture).to_have_attribute("src", re.compile(r"size=tent.*headline=Your\+tenth"))
    await expect(poster).to_have_attribute("aria-busy", "false")
    await signed_in.get_by_role("button", name="Save", exact=True).click()
    await expect(signed_in.get_by_text("Saved", exact=True)).to_be_visible()
    async with signed_in.expect_download() as download:
        await signed_in.get_by_role("link", name="Download PDF").click()
    done = await download.value
    assert done.suggested_filename == "poster-tent.pdf"
    assert (await done.path()).read_bytes().startswith(b"%PDF-")


async def test_a_tablet_joins_a_customer_and_begins_anew(
    signed_in: Page, browser: Browser, base_url: str, shop: Shop
) -> None:
    await _program(shop, base_url)
    await signed_in.goto("/app/distribution/kiosks")
    await signed_in.get_by_role("button", name="Set up a tablet").click()
    dialog = signed_in.get_by_role("dialog")
    await dialog.get_by_label("Name").fill("Till")
    await dialog.get_by_role("button", name="Make its address").click()
    address = await signed_in.get_by_test_id("shown-once").inner_text()

    store = await browser.new_context(base_url=base_url, locale="en-GB", viewport={"width": 1180, "height": 820})
    tablet = await store.new_page()
    await tablet.clock.install()
    await tablet.goto(f"{_path(address)}?lang=en")
    await expect(tablet.get_by_role("img", name="Scan to get your card")).to_be_visible()
    await tablet.get_by_role("link", name="Fill in here").click()
    await tablet.get_by_label("Your name").fill("Somebody who left")
    await tablet.clock.run_for(52_000)
    await expect(tablet.get_by_text("Still there?")).to_be_visible()
    await tablet.clock.run_for(10_000)
    here = tablet.get_by_role("link", name=re.compile("Fill in here|Remplir ici"))
    await expect(here).to_be_visible()
    # The last touch counts: nobody waits for the page that another one asked for.
    await tablet.route("**/k/*?lang=ar", lambda _: None)
    async with tablet.expect_request("**/k/*?lang=ar"):
        await tablet.get_by_role("link", name="العربية").click()
    await here.click()
    await expect(tablet.get_by_label("Your name")).to_have_value("")
    await _join(tablet, "+33612345679")
    await expect(tablet.get_by_role("heading", name="Your card is ready")).to_be_visible()
    await expect(tablet.get_by_role("img", name=re.compile("^Scan this with"))).to_be_visible()
    await tablet.clock.run_for(61_000)
    await expect(here).to_be_visible()
    await tablet.go_back()
    await expect(tablet.get_by_role("heading", name="Your card is ready")).to_have_count(0)
    await store.close()

    await signed_in.get_by_role("dialog").get_by_role("button", name="Close").click()
    row = signed_in.get_by_role("row").filter(has_text="Till")
    await signed_in.reload()
    await expect(row.get_by_text("On", exact=True)).to_be_visible()
    await row.get_by_role("button", name="Rename Till").click()
    await dialog.get_by_label("Name").fill("Window")
    await dialog.get_by_role("button", name="Rename", exact=True).click()
    await expect(signed_in.get_by_role("row").filter(has_text="Window")).to_be_visible()


def _site(code: str) -> Starlette:
    """A page of a shop's own site, which is another origin than this server."""
    page = f"<!doctype html><html lang=en><title>Café</title><h1>Café</h1>{code}"
    return Starlette(routes=[Route("/", lambda _: HTMLResponse(page))])


async def test_a_site_opens_the_form_in_a_dialog(
    signed_in: Page, browser: Browser, base_url: str, shop: Shop
) -> None:
    program = await _program(shop, base_url)
    async with httpx.AsyncClient(base_url=base_url, headers=shop.headers, timeout=30) as owner:
        [link] = (await owner.get("/api/v1/links")).json()["items"]
    await signed_in.goto(f"/app/distribution/links/{link['id']}/embed")
    await expect(signed_in.get_by_test_id("code")).to_contain_text("embed.js")
    await signed_in.get_by_label("Text of the button").fill("Join <us>")
    await signed_in.get_by_test_id("script-trial").get_by_role("button", name="Join <us>").click()
    tried = signed_in.get_by_role("dialog", name="Join <us>")
    await expect(tried.frame_locator("iframe").get_by_label("Your name")).to_be_visible()
    await signed_in.keyboard.press("Escape")
    await expect(tried).to_have_count(0)

    code = f'<script async src="{base_url}/embed.js" data-program="{program}"></script>'
    visitor = await browser.new_context(locale="en-GB")
    visitor.set_default_timeout(10_000)
    await visitor.add_init_script("window.heard = []; addEventListener('passerelle:joined', e => heard.push(e.type))")
    async with served(_site(code)) as site:
        refused = await visitor.new_page()
        await refused.clock.install()
        await refused.goto(site)
        await refused.get_by_role("button", name="Get my loyalty card").click()
        await refused.clock.run_for(6_100)
        away = refused.get_by_role("link", name="Open in a new tab")
        await expect(away).to_have_attribute(
            "href", re.compile(rf"{base_url}/join/{program}\?lang=en&utm_source=web")
        )
        await refused.close()
        async with httpx.AsyncClient(base_url=base_url, headers=shop.headers, timeout=30) as owner:
            allowed = await owner.patch(f"/api/v1/links/{link['id']}", json={"embed_origins": [site]})
        assert allowed.status_code == 200, allowed.text
        page = await visitor.new_page()
        await page.goto(site)
        await _use_dialog(page)
        assert await visitor.cookies() == []
    await visitor.close()


async def _use_dialog(page: Page) -> None:
    """Open, close and send the form by mouse and keyboard; what a stranger says is not heard."""
    button = page.get_by_role("button", name="Get my loyalty card")
    await button.click()
    dialog = page.get_by_role("dialog", name="Get my loyalty card")
    frame = dialog.frame_locator("iframe")
    await expect(frame.get_by_label("Your name")).to_be_visible()
    await expect(dialog.locator("iframe")).not_to_have_css("height", "560px")
    await dialog.get_by_role("button", name="Close").click()
    await expect(dialog).to_have_count(0)
    await expect(button).to_be_focused()
    await button.press("Enter")
    await frame.get_by_label("Your name").fill("Lina")
    await frame.get_by_label("Mobile number").fill("+33612345670")
    await frame.get_by_label(re.compile("^I join")).check()
    await page.evaluate("postMessage({passerelle: 'joined', height: 5}, '*')")
    assert await page.evaluate("heard") == []
    await frame.get_by_role("button", name="Get my card").click()
    await expect(frame.get_by_role("link", name="Open my card")).to_be_visible()
    await page.wait_for_function("heard.length === 1")
