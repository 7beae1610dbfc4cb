"""Whole stories of a shop and its customers, told from outside."""

from passerelle.kit.ids import decode
from passerelle.programs.referral import service as referral
from tests.journeys.shop_floor import ShopFloor
from tests.journeys.shopkeeper import Json, Member


async def _settled(floor: ShopFloor, member: Member) -> Json:
    """The member's one friend, after the worker did what waits for it."""
    listed = await floor.done(f"/members/{member.membership_id}/referrals", method="GET")
    async with floor.database.transaction(floor.shop.organization_id) as tx:
        await referral.settle_referral(tx, decode("rfl", listed["items"][0]["id"]))
    listed = await floor.done(f"/members/{member.membership_id}/referrals", method="GET")
    return dict(listed["items"][0])


async def test_a_friends_purchase_that_is_mostly_refunded_does_not_pay_the_referrer(floor: ShopFloor) -> None:
    terms = {"referrer": {"amount": 100}, "friend": {"amount": 50}, "minimum_amount_minor": 1000}
    program = await floor.program(settings={"referral": terms})
    member = await floor.keeper.join(program)
    code = (await floor.done(f"/members/{member.membership_id}/referral-code"))["code"]
    friend = await floor.done("/customers", {"first_name": "Max", "email": "max@friends.example"})
    enrolled = {"customer_id": friend["id"], "referral_code": code}
    membership = await floor.done(f"/programs/{program['id']}/members", enrolled)
    card = await floor.done("/passes", {"membership_id": membership["id"]})
    bought = await floor.done("/scans/purchases", {"code": card["code"], "amount_minor": 1500})
    assert (await _settled(floor, member))["state"] == "rewarded"
    refunds = f"/purchases/{bought['purchase']['id']}/refunds"
    await floor.done(refunds, {"amount_minor": 500})
    assert (await _settled(floor, member))["state"] == "rewarded"
    assert await floor.has(member, "pending") == 100
    await floor.done(refunds, {"amount_minor": 900})
    assert (await _settled(floor, member))["state"] == "joined"
    assert await floor.has(member, "pending") == 0
    await floor.done("/scans/purchases", {"code": card["code"], "amount_minor": 1000})
    assert (await _settled(floor, member))["state"] == "rewarded"
    assert await floor.has(member, "pending") == 100


async def test_a_tier_by_units_earned_counts_what_a_partial_refund_left(floor: ShopFloor) -> None:
    program = await floor.program()
    tiers = [{"name": "Basic", "threshold": 0}, {"name": "Silver", "threshold": 10}]
    place = {"program_id": program["id"], "name": "Status", "basis": "earned", "unit": "points"}
    await floor.done("/tier-sets", place | {"tiers": tiers, "refunds": "at_once"})
    member = await floor.keeper.join(program)

    async def stands() -> tuple[str, int]:
        path = f"/members/{member.membership_id}/tiers"
        only = (await floor.done(path, method="GET"))["items"][0]
        return only["tier"]["name"], only["amount"]

    bought = await floor.bought(member, 1000)
    assert await stands() == ("Silver", 10)
    await floor.done(f"/purchases/{bought['purchase']['id']}/refunds", {"amount_minor": 500})
    assert await stands() == ("Basic", 5)
    assert await floor.has(member) == 5
    await floor.bought(member, 500)
    assert await stands() == ("Silver", 10)


async def test_money_that_was_paid_back_counts_for_no_spending_goal(floor: ShopFloor) -> None:
    program = await floor.program()
    goal = {"type": "goal", "metric": "spend", "target": 5000}
    prize = {"name": "Big spender", "definition": goal, "prize": {"amount": 100}}
    achievement = await floor.done(f"/programs/{program['id']}/achievements", prize)
    member = await floor.keeper.join(program)

    async def counted() -> tuple[int, int]:
        path = f"/members/{member.membership_id}/achievements"
        only = (await floor.done(path, method="GET"))["items"][0]
        assert only["achievement_id"] == achievement["id"]
        return only["current"], only["times"]

    await floor.bought(member, 1000)
    bought = await floor.bought(member, 4500)
    assert await counted() == (5500, 1)
    refunds = f"/purchases/{bought['purchase']['id']}/refunds"
    await floor.done(refunds, {"amount_minor": 500})
    assert (await counted(), await floor.has(member)) == ((5000, 1), 150)
    await floor.done(refunds, {"amount_minor": 3900})
    assert (await counted(), await floor.has(member)) == ((1100, 0), 11)
    await floor.done(refunds, {})
    assert (await counted(), await floor.has(member)) == ((1000, 0), 10)
    await floor.bought(member, 4000)
    assert (await counted(), await floor.has(member)) == ((5000, 1), 150)


async def test_the_reference_of_a_visit_is_that_of_one_visit(floor: ShopFloor) -> None:
    program = await floor.program(rules=[{"type": "per_visit", "units": 2}])
    member, other = await floor.keeper.join(program), await floor.keeper.join(program)
    visit: Json = {"code": member.code, "reference": "7"}
    counted: Json = {"code": member.code, "reference": "8", "units": 3}
    for told in (visit, counted):
        assert await floor.done("/scans/visits", told) == await floor.done("/scans/visits", told)
    assert await floor.has(member) == 5
    wrong = [
        visit | {"units": 2},
        visit | {"code": other.code},
        counted | {"units": 4},
        counted | {"code": other.code},
    ]
    for told in (*wrong, {"code": member.code, "reference": "8"}):
        assert await floor.refused("POST", "/scans/visits", told) == "transfer_conflict"
    assert (await floor.has(member), await floor.has(other)) == (5, 0)
    await floor.done("/scans/visits/undo", {"reference": "scan:7"})
    assert (await floor.has(member), await floor.has(other)) == (3, 0)
