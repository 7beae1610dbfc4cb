"""The card designer: what is typed is on both phones, and what is published can be taken back."""

import io
import re
from typing import Any

import pytest_asyncio
from PIL import Image
from playwright.async_api import Locator, Page, expect

Json = dict[str, Any]


@pytest_asyncio.fixture
async def template(signed_in: Page) -> Json:
    """The design of a fresh stamp card."""
    program = {"name": "Coffee Club", "kind": "stamps", "goal": 10, "reward_name": "Free coffee"}
    made = await signed_in.request.post("/api/v1/programs", data=program)
    assert made.status == 201, await made.text()
    answer = await signed_in.request.get(f"/api/v1/templates/{(await made.json())['template_id']}")
    found: Json = await answer.json()
    return found


async def opened(page: Page, template: Json) -> tuple[Locator, Locator]:
    """The designer as it is reached from the list, and the fronts of both cards."""
    await page.goto("/app/designs")
    await page.get_by_role("link", name=template["name"]).click()
    apple, google = page.get_by_test_id("apple-front"), page.get_by_test_id("google-front")
    await expect(apple).to_contain_text("7/10")
    await expect(google).to_contain_text("7/10")
    return apple, google


async def versions(page: Page, template: Json) -> list[Json]:
    answer = await page.request.get(f"/api/v1/templates/{template['id']}/versions")
    found: list[Json] = (await answer.json())["items"]
    return found


async def test_a_change_is_seen_saved_published_and_taken_back(signed_in: Page, template: Json) -> None:
    page = signed_in
    apple, google = await opened(page, template)
    await page.get_by_role("button", name="Edit YOUR REWARD").click()
    await page.get_by_role("textbox", name="Label", exact=True).fill("MY TREAT")
    await expect(apple).to_contain_text("MY TREAT")
    await expect(google).to_contain_text("MY TREAT")
    await page.get_by_role("button", name="Insert a value of the card into Value").click()
    await page.get_by_role("menuitem", name="Level").or_(page.get_by_role("menuitem", name="Tier")).first.click()
    await expect(apple).to_contain_text("Free coffeeGold")
    await page.keyboard.press("Control+z")
    await expect(apple).not_to_contain_text("Gold")

    await page.get_by_role("button", name="Move MEMBER up").click()
    await expect(page.get_by_role("region", name="Secondary")).to_contain_text("MEMBER")

    await page.get_by_role("tab", name="Look").click()
    await page.get_by_role("textbox", name="Background").fill("#0b3d2e")
    for card in (apple, google):
        await expect(card).to_have_css("background-color", "rgb(11, 61, 46)")

    await page.get_by_role("button", name="Publish").click()
    await expect(page.get_by_role("dialog")).to_contain_text("No customer has this card yet")
    await page.get_by_role("button", name="Publish now").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Version 2 is published. No customer has this card yet")
    await page.get_by_role("dialog").get_by_role("button", name="Close", exact=True).last.click()
    assert [(each["version"], each["published"]) for each in await versions(page, template)] == [
        (2, True),
        (1, False),
    ]

    await page.get_by_role("button", name="Versions").click()
    await page.get_by_role("button", name="Version 1").click()
    await expect(page.locator("[data-difference='colours.background']")).to_contain_text("#0b3d2e")
    await page.get_by_role("button", name="Roll back and publish").click()
    await page.get_by_role("button", name="Publish now").click()
    await expect(page.get_by_role("dialog", name="Publish this design")).to_contain_text(
        "Version 3 is published. No customer has this card yet"
    )
    first, last = [
        (await (await page.request.get(f"/api/v1/templates/{template['id']}/versions/{version}")).json())["content"]
        for version in (1, 3)
    ]
    assert first == last


async def test_faults_are_told_while_typing(signed_in: Page, template: Json) -> None:
    page = signed_in
    apple, _ = await opened(page, template)
    await page.get_by_role("tab", name="Look").click()
    await page.get_by_role("textbox", name="Text", exact=True).fill("#6b4a39")
    await expect(page.get_by_text(re.compile(r"hard to read .* at least 4.5"))).to_be_visible()
    await page.get_by_role("button", name="Use a readable one").click()
    await expect(page.get_by_text("hard to read")).to_have_count(0)

    await page.get_by_role("tab", name="Fields").click()
    await page.get_by_role("button", name="Edit MEMBER").first.click()
    await page.get_by_role("textbox", name="Value", exact=True).fill("{{ customer.frist_name }}")
    await expect(page.get_by_text("Did you mean “customer.first_name”?")).to_be_visible()
    await expect(page.get_by_role("button", name="Publish")).to_be_disabled()
    await page.get_by_role("textbox", name="Value", exact=True).fill(
        "<img src=x onerror=alert(1)> {{ customer.first_name }}"
    )
    await expect(apple).to_contain_text("<img src=x onerror=alert(1)> Lina")
    await expect(page.get_by_role("button", name="Publish")).to_be_enabled()

    await page.get_by_role("link", name="Home").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Leave without saving?")
    await page.get_by_role("button", name="Stay here").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.go_back()
    await page.get_by_role("button", name="Leave without saving").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Card designs")


async def test_two_people_at_one_design_put_their_work_together(signed_in: Page, template: Json) -> None:
    page = signed_in
    await opened(page, template)
    path = f"/api/v1/templates/{template['id']}/versions"
    content = (await (await page.request.get(f"{path}/1")).json())["content"]
    theirs = {"content": content | {"title": "Tea Club", "logo_text": "Theirs"}}
    saved = await page.request.post(path, data=theirs)
    assert saved.status == 201, await saved.text()

    await page.get_by_role("tab", name="Texts").click()
    await page.get_by_role("textbox", name="Text beside the logo").fill("Mine")
    await page.get_by_role("textbox", name="Description").fill("My card")
    await page.get_by_role("button", name="Save draft").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Two versions of this design")
    await dialog.get_by_role("radio", name="Theirs: Theirs").check()
    await dialog.get_by_role("button", name="Put together").click()
    await expect(page.get_by_test_id("google-front")).to_contain_text("Tea Club")
    await page.get_by_role("button", name="Save draft").click()
    await expect(page.get_by_text("Draft, version 3")).to_be_visible()
    merged = (await (await page.request.get(f"{path}/3")).json())["content"]
    assert (merged["title"], merged["logo_text"], merged["description"]) == ("Tea Club", "Theirs", "My card")


async def test_a_picture_is_cropped_to_its_place(signed_in: Page, template: Json) -> None:
    page = signed_in
    await opened(page, template)
    await page.get_by_role("tab", name="Images").click()
    file = io.BytesIO()
    Image.new("RGB", (900, 500), "#145ac8").save(file, "PNG")
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="Replace Icon").click()
    await (await chooser.value).set_files({"name": "a.png", "mimeType": "image/png", "buffer": file.getvalue()})
    await page.get_by_role("button", name="Use this part").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    uploads = (await (await page.request.get("/api/v1/images")).json())["items"]
    assert [(each["width"], each["height"]) for each in uploads] == [(660, 660)]
    await expect(page.get_by_test_id("google-front").locator("img").first).to_have_attribute("src", uploads[0]["url"])


async def test_every_language_reads_as_the_server_has_it(signed_in: Page, template: Json) -> None:
    """The preview in the browser and the server's own agree, field by field, right to left too."""
    page = signed_in
    apple, _ = await opened(page, template)
    content = (await (await page.request.get(f"/api/v1/templates/{template['id']}/versions/1")).json())["content"]
    samples = (await (await page.request.get("/api/v1/templates/samples")).json())[0]["facts"]
    facts = {name: samples[name] for name in ("reward.name", "customer.full_name")}
    for name, language in (("French", "fr"), ("Arabic", "ar")):
        await page.get_by_role("tab", name=name).click()
        asked = {"content": content, "language": language, "facts": facts}
        preview = await page.request.post("/api/v1/templates/preview", data=asked)
        card: Json = await preview.json()
        await expect(apple).to_have_attribute("dir", card["direction"])
        for each in card["fields"]:
            if each["area"] != "back":
                shown = apple.locator(f"[data-key='{each['key']}']")
                await expect(shown).to_have_text(each["label"] + each["value"])
    await expect(page.get_by_text("Everything is translated into Arabic.")).to_be_visible()
