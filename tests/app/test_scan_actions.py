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
