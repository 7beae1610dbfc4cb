"""What a shop expects of earning that it reads about in the guide, found out from outside."""

from datetime import UTC, datetime

from passerelle.kit.clock import frozen
from tests.journeys.shop_floor import ShopFloor, texts


async def test_a_rule_for_the_web_shop_gives_for_a_purchase_in_the_web_shop(floor: ShopFloor) -> None:
    online = {"type": "per_visit", "units": 5, "conditions": {"channels": ["online"]}}
    member = await floor.keeper.join(await floor.program(rules=[online]))
    await floor.bought(member, 1000)
    assert await floor.has(member) == 0
    told = {"channel": "online", "external_reference": "order-1"}
    first = await floor.bought(member, 1000, **told)
    assert first["purchase"]["channel"] == "online"
    assert await floor.bought(member, 1000, **told) == first
    assert await floor.has(member) == 5
    refunded = await floor.done("/scans/refunds", {"external_reference": "order-1", "channel": "online"})
    assert refunded["purchase"]["state"] == "refunded"
    assert await floor.has(member) == 0


async def test_the_part_paid_with_points_earns_nothing_though_the_till_only_names_the_payment(
    floor: ShopFloor,
) -> None:
    program = await floor.program()
    terms = {"payment": {"value": {"units": 1, "amount_minor": 10}}}
    await floor.done(f"/programs/{program['id']}/spending/points", terms, "PUT")
    member = await floor.keeper.join(program)
    await floor.done(f"/members/{member.membership_id}/adjustments", {"amount": 200, "reason": "start"})

    async def paid(units: int) -> str:
        payment = {"code": member.code, "amount_minor": 2000, "units": units}
        return str((await floor.done("/scans/payments", payment))["id"])

    bought = await floor.bought(member, 2000, payment_ids=[await paid(50)])
    assert bought["purchase"]["paid_with"]["points_minor"] == 500
    assert await floor.has(member) == 200 - 50 + 15
    rest = await floor.bought(member, 1500, payment_ids=[await paid(50)])  # the till sends what was left to pay
    assert rest["purchase"]["paid_with"]["points_minor"] == 0
    assert await floor.has(member) == 165 - 50 + 15
    told = {"paid_with": {"points_minor": 100}}
    await floor.bought(member, 2000, payment_ids=[await paid(50)], **told)
    assert await floor.has(member) == 130 - 50 + 19
    await floor.done(f"/purchases/{bought['purchase']['id']}/void", {})
    assert await floor.has(member) == 99 + 50 - 15


async def test_an_event_that_points_await_is_told_like_any_other_event(floor: ShopFloor) -> None:
    pending = {"type": "until_event", "event": "delivered", "within_days": 30, "otherwise": "lapse"}
    program = await floor.program(units=[{"code": "points", "timing": {"pending": pending}}])
    member, other = await floor.keeper.join(program), await floor.keeper.join(program)
    for each in (member, other):
        await floor.bought(each, 1000)
    delivered = {"name": "delivered", "reference": "parcel-1", "customer_id": member.customer_id}
    answer = await floor.done("/events", delivered)
    assert answer["earned"][0]["balances"][0]["active"] == 10
    assert await floor.has(member) == 10
    await floor.bought(member, 500)
    assert (await floor.done("/events", delivered))["id"] == answer["id"]
    assert await floor.has(member, "pending") == 5  # told again, it is the same event
    assert await floor.has(other, "pending") == 10


async def test_points_with_decimals_are_told_with_decimals(floor: ShopFloor) -> None:
    finer = {"type": "per_amount", "amount_minor_per_step": 100, "units_per_step": 125}
    units = [{"code": "points", "decimals": 2, "caps": [{"per": "day", "units": 1000}]}]
    member = await floor.keeper.join(await floor.program(units=units, rules=[finer]))
    bought = await floor.bought(member, 1000)
    assert await floor.has(member) == 1000
    assert texts(bought["earned"][0]) == [
        "1.25 per €1.00, €10.00 counted: +12.50",
        "Limited from 12.50 to 10.00: at most 10.00 per day",
    ]
    path = f"/programs/{member.program_id}"
    assert await floor.refused("PATCH", path, {"units": [{"code": "points", "decimals": 0}]}) == "unit_kind_fixed"
    await floor.done(path, {"units": [{"code": "points", "decimals": 2}]}, "PATCH")
    fresh = await floor.program()
    changed = await floor.done(f"/programs/{fresh['id']}", {"units": [{"code": "points", "decimals": 1}]}, "PATCH")
    assert changed["units"][0]["decimals"] == 1


async def test_the_happy_hour_story_of_the_preview(floor: ShopFloor) -> None:
    with frozen(datetime(2026, 11, 20, 10, tzinfo=UTC)):
        program = await floor.program(units=[{"code": "points", "caps": [{"per": "day", "units": 30}]}])
        hours = {"conditions": {"hours": [{"from": "11:00", "to": "12:00"}]}, "state": "active"}
        bonus = {"program_id": program["id"], "name": "Happy hour", "effect": {"type": "bonus", "units": 20}}
        await floor.done("/promotions", bonus | hours)
        member = await floor.keeper.join(program)
        previewed = await floor.done("/preview", {"customer_id": member.customer_id, "amount_minor": 1500})
        bought = await floor.bought(member, 1500)
        assert texts(previewed["items"][0]) == texts(bought["earned"][0])
        assert texts(bought["earned"][0])[1:] == ["+20: Happy hour", "Limited from 20 to 15: at most 30 per day"]
        assert await floor.has(member) == 30
        await floor.done(f"/purchases/{bought['purchase']['id']}/void", {})
        await floor.bought(member, 1500)
        assert await floor.has(member) == 30


async def test_what_could_never_do_what_it_says_is_refused(floor: ShopFloor) -> None:
    program = await floor.program()

    async def rule(**fields: object) -> str:
        rules = [{"type": "per_amount", "amount_minor_per_step": 100} | fields]
        return await floor.refused("PATCH", f"/programs/{program['id']}", {"rules": rules})

    overlapping = [{"from": "10:00", "to": "12:00"}, {"from": "11:00", "to": "13:00"}]
    assert await rule(conditions={"hours": overlapping}) == "rule_contradicts_itself"
    assert await rule(minimum_amount_minor=5000, cap_per_purchase=30) == "rule_contradicts_itself"

    async def reward(**fields: object) -> str:
        body = {"program_id": program["id"], "name": "Mug", "price": 10} | fields
        return await floor.refused("POST", "/rewards", body)

    nobodys = "tir_" + "0" * 26
    assert await reward(tier_ids=[nobodys]) == "tier_not_found"
    assert await reward(tier_prices={nobodys: 5}) == "tier_not_found"
    assert await reward(period_limits={"day": 5, "week": 2}) == "invalid_request"
    assert await reward(period_limits={"day": 5}, limit_per_customer=2) == "invalid_request"
    mug = await floor.done("/rewards", {"program_id": program["id"], "name": "Mug", "price": 10})
    path = f"/rewards/{mug['id']}"
    assert await floor.refused("PATCH", path, {"tier_ids": [nobodys]}) == "tier_not_found"
    assert await floor.refused("PATCH", path, {"period_limits": {"day": 5, "week": 2}}) == "invalid_input"
    equal = {"program_id": program["id"], "name": "Status", "basis": "earned", "unit": "points"}
    tiers = [{"name": "Silver", "threshold": 5}, {"name": "Gold", "threshold": 5}]
    assert await floor.refused("POST", "/tier-sets", equal | {"tiers": tiers}) == "tier_thresholds_equal"
