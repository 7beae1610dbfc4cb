"""Drawn stamps: what is chosen in the designer is in its preview, and on the phone once it is published."""

import io

from PIL import Image, ImageChops, ImageStat
from playwright.async_api import Locator, Page, expect

from passerelle.templates.colours import rgb
from passerelle.templates.strips import StampStyle, draw_strip
from tests.app.demonstration import screen
from tests.conftest import PASSWORD, Shop
from tests.factories.stage import Json, Stage

GOAL = 8


def _unlike(one: bytes, other: bytes) -> float:
    """How far two pictures are from each other, 0 to 255 on average."""
    first, second = (Image.open(io.BytesIO(each)).convert("RGB").resize((375, 144)) for each in (one, other))
    return sum(ImageStat.Stat(ImageChops.difference(first, second)).mean) / 3


async def _design(stage: Stage, template_id: str) -> Json:
    """What is published."""
    template = await stage.get(f"/api/v1/templates/{template_id}")
    version = await stage.get(f"/api/v1/templates/{template_id}/versions/{template['published_version']}")
    return dict(version["content"])


def _expected(design: Json, count: int, shape: str = "heart", goal: int = GOAL) -> bytes:
    colours, stamps = design["colours"], design["stamps"]
    style = StampStyle(
        ground=rgb(colours["strip"] or colours["background"]),
        filled=rgb(stamps["filled"] or colours["foreground"]),
        empty=rgb(stamps["empty"] or colours["label"]),
        mark=shape,  # type: ignore[arg-type]  # one of the marks
    )
    return draw_strip(count, goal, style, 3)


async def _pictured(strip: Locator) -> bytes:
    """The picture across the card that a simulated phone shows."""
    answer = await strip.page.request.get(await strip.evaluate("picture => picture.src"))
    return await answer.body()


async def test_chosen_stamps_are_in_the_preview_and_on_the_phone(
    page: Page, demonstration: Stage, shop: Shop
) -> None:
    stage = demonstration
    member = await stage.member(goal=GOAL)
    for _ in range(3):
        await stage.post("/api/v1/scans/purchases", {"code": member["card"]["code"], "amount_minor": 450})
    template_id = (await stage.get(f"/api/v1/programs/{member['program']}"))["template_id"]
    link = await stage.post(f"/api/v1/passes/{member['card']['id']}/link")
    account = {"email": shop.email, "password": PASSWORD}
    assert (await page.request.post(stage.settings.url("/api/v1/sessions"), data=account)).status == 204
    phone = await page.request.post(f"{stage.emulated.web_url}/phone/iphone/open", data={"url": link["url"]})
    assert (await phone.json())["ok"]

    await page.goto(stage.settings.url(f"/app/designs/{template_id}"))
    await page.get_by_role("tab", name="Look").click()
    await page.get_by_role("textbox", name="Stamps of a full card").fill("12")
    preview = page.get_by_test_id("apple-front").get_by_role("img", name="of 12")
    await expect(preview.locator("> g")).to_have_count(12)
    await expect(page.get_by_text(f"asks for {GOAL}")).to_be_visible()
    await page.get_by_role("button", name=f"Draw {GOAL}").click()
    heart = page.get_by_role("button", name="Heart")
    await heart.click()
    await expect(heart).to_have_attribute("aria-pressed", "true")
    preview = page.get_by_test_id("apple-front").get_by_role("img", name=f"of {GOAL}")
    await expect(preview.locator("> g")).to_have_count(GOAL)
    drawn = await preview.screenshot()

    await page.get_by_role("button", name="Publish").click()
    strip = screen(page, "iphone").locator("[data-card] .strip img")
    before, was_at = await _pictured(strip), await strip.get_attribute("src") or ""
    await page.get_by_role("button", name="Publish now").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Every card shows version 2")
    design = await _design(stage, template_id)
    assert (design["stamps"]["shape"], design["stamps"]["goal"]) == ("heart", GOAL)
    await expect(strip).not_to_have_attribute("src", was_at)
    after = await _pictured(strip)
    assert before != after == _expected(design, 3)
    counted = int((await preview.get_attribute("aria-label") or "").split()[0])
    assert _unlike(drawn, _expected(design, counted)) < 4
    assert _unlike(drawn, _expected(design, counted, "cup")) > 2 * _unlike(drawn, _expected(design, counted))
