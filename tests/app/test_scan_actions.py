"""What the till does by itself after a scan, and codes in the dashboard: chosen, shown, renewed."""

from playwright.async_api import Page, expect

from tests.app.test_scanner import Counter, counter, look_up

__all__ = ["counter"]  # a fixture of theirs


async def test_a_stamp_at_once_and_the_way_back(signed_in: Page, counter: Counter) -> None:
    await counter.client.patch("/api/v1/organization", json={"scan_action": "visit"})
    await signed_in.goto("/scan")
    await expect(signed_in.get_by_role("button", name="After a scan: Book a visit")).to_be_visible()
    await look_up(signed_in, counter.code)
    await expect(signed_in.get_by_role("button", name="Undo")).to_be_visible()
    assert await counter.stamps() == 1
    await signed_in.get_by_role("button", name="Next customer").click()
    await look_up(signed_in, counter.code)
    await expect(signed_in.get_by_text("A visit was just booked with this card")).to_be_visible()
    assert await counter.stamps() == 1
    await signed_in.get_by_role("button", name="Close").click()
    # Another choice counts once.
    await signed_in.get_by_role("button", name="After a scan").click()
    await signed_in.get_by_role("menuitem", name="Only show the card").click()
    await look_up(signed_in, counter.code)
    await expect(signed_in.get_by_role("button", name="Book something")).to_be_visible()
    await signed_in.get_by_role("button", name="Close").click()
    await expect(signed_in.get_by_role("button", name="After a scan: Book a visit")).to_be_visible()
    assert await counter.stamps() == 1


async def test_the_reward_that_is_ready_is_offered(signed_in: Page, counter: Counter) -> None:
    await counter.client.patch("/api/v1/organization", json={"scan_action": "redeem"})
    await counter.post("/api/v1/scans/visits", {"code": counter.code, "units": 3})
    await signed_in.goto("/scan")
    await expect(signed_in.get_by_role("button", name="After a scan: Offer the reward")).to_be_visible()
    await look_up(signed_in, counter.code)
    dialog = signed_in.get_by_role("dialog")
    await expect(dialog).to_contain_text("Free coffee")
    await dialog.get_by_role("button", name="Give it").click()
    await expect(signed_in.get_by_role("button", name="Undo")).to_be_visible()
    assert await counter.stamps() == 0
    # Nothing is ready now: the amount is asked.
    await signed_in.get_by_role("button", name="Next customer").click()
    await look_up(signed_in, counter.code)
    await expect(signed_in.get_by_role("radio", name="Amount")).to_be_checked()


async def test_the_door_opens_by_itself_for_members(signed_in: Page, counter: Counter) -> None:
    door = (await counter.post("/api/v1/locations", {"name": "Door"}))["id"]
    program = (await counter.client.get("/api/v1/programs")).json()["items"][0]
    await signed_in.goto("/app/check-ins/places")
    await signed_in.get_by_role("button", name="Set up: Door").click()
    dialog = signed_in.get_by_role("dialog")
    await dialog.get_by_role("checkbox", name="Staff check in and out").check()
    await dialog.get_by_role("combobox", name="Only for members of").click()
    await signed_in.get_by_role("option", name=program["name"]).click()
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_be_hidden()
    [place] = (await counter.client.get("/api/v1/check-in-places")).json()["items"]
    assert (place["location_id"], place["program_id"]) == (door, program["id"])
    await counter.client.patch("/api/v1/organization", json={"scan_action": "check_in"})

    async def inside() -> int:
        return int((await counter.client.get(f"/api/v1/locations/{door}/presence")).json()["inside"])

    await signed_in.goto("/scan")
    await expect(signed_in.get_by_role("button", name="After a scan: Check in or out")).to_be_visible()
    await look_up(signed_in, counter.code)
    await expect(signed_in.get_by_role("heading", name="Checked in")).to_be_visible()
    assert await inside() == 1
    await signed_in.get_by_role("button", name="Next customer").click()
    await look_up(signed_in, counter.code)  # the hand was slower than the scanner
    await expect(signed_in.get_by_text("This card was let in or out just now")).to_be_visible()
    assert await inside() == 1
    await signed_in.get_by_role("button", name="Out", exact=True).click()
    await signed_in.get_by_role("button", name="Undo").click()
    await expect(signed_in.get_by_role("heading", name="Taken back")).to_be_visible()
    assert await inside() == 1
    other = (await counter.post("/api/v1/programs", {"name": "Others", "kind": "points"}))["id"]
    omar = (await counter.post("/api/v1/customers", {"first_name": "Omar"}))["id"]
    joined = await counter.post(f"/api/v1/programs/{other}/members", {"customer_id": omar})
    code = (await counter.post("/api/v1/passes", {"membership_id": joined["id"]}))["code"]
    await signed_in.get_by_role("button", name="Next customer").click()
    await look_up(signed_in, code)
    await expect(signed_in.get_by_text("Only members of “Coffee club” come in here")).to_be_visible()
    await signed_in.get_by_role("button", name="Close").click()
    await counter.client.put(f"/api/v1/locations/{door}/check-in", json={"by_staff": False})
    await look_up(signed_in, code)
    await expect(signed_in.get_by_text("Check-in is not turned on at this location")).to_be_visible()
    assert await inside() == 1


async def test_codes_are_chosen_and_renewed(signed_in: Page, counter: Counter) -> None:
    program = (await counter.client.get("/api/v1/programs")).json()["items"][0]["id"]
    await signed_in.goto(f"/app/programs/{program}")
    await signed_in.get_by_role("radio", name="Changes every half minute").check()
    await signed_in.get_by_role("combobox", name="What a code that can be copied may do").click()
    await signed_in.get_by_role("option", name="Earn, but neither redeem nor pay").click()
    await signed_in.get_by_role("switch", name="Redeem with one code at one till alone").check()
    await signed_in.get_by_role("region", name="Barcode").get_by_role("button", name="Save").click()
    await expect(signed_in.get_by_text("Saved", exact=True)).to_be_visible()
    rule = (await counter.client.get(f"/api/v1/programs/{program}/code-rule")).json()
    assert rule == {"code_kind": "rotating", "copies_may": "earn", "single_use": True, "period_seconds": 30}
    await signed_in.goto("/scan")
    await look_up(signed_in, counter.code)
    await expect(signed_in.get_by_text("This code can be copied: it earns")).to_be_visible()
    await signed_in.goto(f"/app/customers/{counter.customer_id}")
    await signed_in.get_by_role("button", name="New code").click()
    await signed_in.get_by_role("dialog").get_by_role("button", name="Give a new code").click()
    await expect(signed_in.get_by_role("dialog")).to_be_hidden()
    answer = await counter.client.post("/api/v1/scans", json={"code": counter.code})
    assert answer.json()["code"] == "card_unknown"
