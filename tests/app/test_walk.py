"""The dashboard walked by its menu: what one page has read, the next finds in the same shape."""

from playwright.async_api import Page, expect

Json = dict[str, object]


async def _furnish(page: Page) -> None:
    """Enough that pages ask for places and programmes, and say them."""
    for name in ("Centre", "Station"):
        made = await page.request.post("/api/v1/locations", data={"name": name})
        assert made.status == 201, await made.text()
    program = {"name": "Coffee Club", "kind": "stamps", "goal": 10, "reward_name": "Free coffee"}
    for new in (program, {"name": "Points", "kind": "points"}):
        made = await page.request.post("/api/v1/programs", data=new)
        assert made.status == 201, await made.text()
    reward = {"program_id": (await made.json())["id"], "name": "Mug", "price": 30, "benefit": {"type": "physical"}}
    made = await page.request.post("/api/v1/rewards", data=reward)
    assert made.status == 201, await made.text()


async def test_every_page_of_the_menu_is_drawn_after_every_other(signed_in: Page) -> None:
    await _furnish(signed_in)
    await signed_in.goto("/app")
    await expect(signed_in.get_by_role("heading", level=1)).to_be_visible()
    entries = signed_in.get_by_role("navigation", name="Menu").get_by_role("link")
    count = await entries.count()
    assert count > 10
    for place in [*range(count), *reversed(range(count))]:
        name = await entries.nth(place).inner_text()
        await entries.nth(place).click()
        await expect(entries.nth(place)).to_have_attribute("aria-current", "page")
        main = signed_in.get_by_role("main")
        await expect(main.get_by_role("heading", level=1), name).to_be_visible()
        await expect(main.get_by_role("alert").filter(has_text="cannot be shown"), name).to_have_count(0)
