"""Coupons on a real database: used once, held, given back, limited, bound, and two tills in the same instant."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest

from passerelle.customers.errors import CustomerNotFound
from passerelle.kit import clock
from passerelle.kit.actors import Actor, NotAllowed
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.kit.errors import InvalidInput, Refusal
from passerelle.kit.ids import new_id
from passerelle.kit.jobs import Work
from passerelle.ledger.errors import SpentMeanwhile
from passerelle.organizations.errors import LocationNotFound
from passerelle.programs import service as programs
from passerelle.programs.errors import UnitNotFound
from passerelle.purchases.errors import LinesDoNotAddUp, OtherCurrency
from passerelle.rewards.coupons import jobs, personal_data, service
from passerelle.rewards.coupons.errors import (
    CampaignExhausted,
    CampaignStateRefused,
    CouponExpired,
    CouponLimitReached,
    CouponNotCombinable,
    CouponNotYours,
    CouponPaused,
    CouponReferenceReused,
    CouponUnknown,
    CouponUsed,
    CouponVoided,
    CustomerNeeded,
    HoursOverlap,
    MembershipNeeded,
    OrderChanged,
    PatternTooWeak,
    ProgramNeeded,
    RedemptionNotFound,
    TooManyAttempts,
)
from passerelle.rewards.coupons.guessing import FREE_FAILURES
from passerelle.rewards.coupons.schemas import CampaignChange
from passerelle.rewards.coupons.values import Basket, BasketLine
from tests.conftest import Shop
from tests.rewards.coupons.conftest import FIVE_OFF, Stand, use

TILL = frozenset({"scans:write", "rewards:redeem"})
_LAST = UUID(int=(1 << 128) - 1)


async def test_a_code_is_used_once(stand: Stand) -> None:
    code = await stand.code()
    quoted = await service.quote_coupon(stand.tx, code.lower().replace("-", " "), use())
    assert (quoted.gain.discount_minor, quoted.coupon.uses) == (500, 0)
    taken = await stand.redeem(code)
    redemption = taken.redemption
    assert (redemption.state, redemption.discount_minor, redemption.basket_minor) == ("redeemed", 500, 1_200)
    assert await service.get_redemption(stand.tx, redemption.id) == redemption
    with pytest.raises(CouponUsed):
        await stand.redeem(code)
    with pytest.raises(CouponUsed):
        await service.quote_coupon(stand.tx, code, use())
    [fact] = stand.told("coupon.redeemed")
    assert (fact["redemption_id"], fact["discount_minor"]) == (redemption.id, 500)


async def test_the_same_reference_uses_once(stand: Stand) -> None:
    code, other = await stand.codes(await stand.campaign(), 2)
    first = await stand.redeem(code, reference="order-1")
    again = await stand.redeem(code, reference="order-1")
    assert (again.redemption, again.replayed, first.replayed) == (first.redemption, True, False)
    for wrong in (stand.redeem(other, reference="order-1"), stand.redeem(code, 1_300, reference="order-1")):
        with pytest.raises(CouponReferenceReused):
            await wrong
    assert (await stand.redeem(other, reference="order-2")).redemption.discount_minor == 500


async def test_an_undone_use_comes_back(stand: Stand) -> None:
    code = await stand.code({"limits": [{"of": "campaign", "uses": 1, "period": "day"}]})
    await stand.redeem(code, reference="order-1")
    undone = await service.undo_redemption(stand.tx, code, "order-1")
    assert undone.redemption.state == "undone"
    assert (await service.undo_redemption(stand.tx, code, "order-1")).replayed
    assert (await stand.redeem(code, reference="order-1")).redemption.state == "undone", "told again, not done again"
    assert (await stand.redeem(code, reference="order-2")).redemption.state == "redeemed"
    assert [fact["state"] for fact in stand.told("coupon.redemption_undone")] == ["undone"]
    with pytest.raises(RedemptionNotFound):
        await service.undo_redemption(stand.tx, code, "order-3")


async def test_a_cashier_gives_back_a_hold_but_no_redemption(stand: Stand) -> None:
    code, other = await stand.codes(await stand.campaign(), 2)
    stand.tx.actor = Actor("api_key", new_id(), TILL)
    await stand.hold(code, reference="order-1")
    assert (await service.undo_redemption(stand.tx, code, "order-1")).redemption.state == "undone"
    redeemed = await stand.redeem(other, reference="order-2")
    with pytest.raises(NotAllowed):
        await service.undo_redemption(stand.tx, other, "order-2")
    assert (await service.undo_redemption_by_id(stand.tx, redeemed.redemption.id)).redemption.state == "undone"


async def test_a_hold_reserves_and_becomes_final(stand: Stand) -> None:
    campaign = await stand.campaign({"hold_minutes": 10})
    [code] = await stand.codes(campaign)
    held = await stand.hold(code, reference="order-1")
    assert (held.redemption.state, held.redemption.discount_minor) == ("held", 500)
    assert (await stand.hold(code, reference="order-1")).replayed
    with pytest.raises(CouponUsed):
        await stand.redeem(code, reference="order-2")
    await service.change_campaign(stand.tx, campaign.id, CampaignChange(state="paused"))
    with pytest.raises(CouponReferenceReused):
        await stand.redeem(code, 9_900, reference="order-1")
    final = await stand.redeem(code, reference="order-1")
    assert (final.redemption.state, final.redemption.id) == ("redeemed", held.redemption.id), "a shown price is kept"
    assert (len(stand.told("coupon.held")), len(stand.told("coupon.redeemed"))) == (1, 1)


async def test_a_hold_lapses_by_itself(stand: Stand) -> None:
    limits = [{"of": "campaign", "uses": 1}, {"of": "customer", "discount_minor": 500, "period": "month"}]
    code, other = await stand.codes(await stand.campaign({"hold_minutes": 10, "limits": limits}), 2)
    customer = await stand.customer()
    held = await stand.hold(code, reference="order-1", customer_id=customer)
    until = held.redemption.held_until
    assert until is not None
    with clock.frozen(until - timedelta(seconds=1)), pytest.raises(CampaignExhausted):
        await stand.redeem(other, customer_id=await stand.customer())
    with clock.frozen(until):
        quoted = await service.quote_coupon(stand.tx, code, use(customer_id=customer))
        assert (quoted.gain.discount_minor, quoted.coupon.uses) == (500, 0), "without any job"
        again = await stand.redeem(code, reference="order-1", customer_id=customer)
        assert (again.redemption.state, again.replayed) == ("redeemed", False), "the checkout was taken up later"
        assert again.redemption.id != held.redemption.id
        with pytest.raises(CampaignExhausted):
            await stand.redeem(other, customer_id=await stand.customer())
    assert (await service.get_redemption(stand.tx, held.redemption.id)).state == "lapsed"


def _is_of(payload: dict[str, str], shop: Shop) -> bool:
    return payload["organization_id"] == str(shop.organization_id)


async def test_the_job_gives_a_lapsed_hold_back(database: Database, shop: Shop, settings: Settings) -> None:
    async with database.transaction(shop.organization_id) as tx:
        code = await Stand(tx).code({"limits": [{"of": "campaign", "uses": 1}]})
        held = await Stand(tx).hold(code, reference="order-1")
    assert held.redemption.held_until is not None
    async with database.unscoped() as connection:
        asked = await connection.fetch("SELECT payload FROM pgqueuer WHERE entrypoint = 'coupons.release_hold'")
    [payload] = [each for each in map(orjson.loads, (row["payload"] for row in asked)) if _is_of(each, shop)]
    work = Work(database, settings)
    await jobs.release_hold(work, payload)
    async with database.unscoped() as connection:
        again = await connection.fetch("SELECT payload FROM pgqueuer WHERE entrypoint = 'coupons.release_hold'")
    assert len(again) == len(asked) + 1, "too early: it asks to come back"
    with clock.frozen(held.redemption.held_until):
        await jobs.release_hold(work, payload)
        await jobs.release_hold(work, payload)
    async with database.transaction(shop.organization_id) as tx:
        assert (await service.get_redemption(tx, held.redemption.id)).state == "lapsed"
        _, coupon = await service.coupon_by_code(tx, code)
        assert coupon.uses == 0
        assert await tx.fetchval("SELECT uses FROM coupon_counts WHERE organization_id = $1", tx.organization_id) == 0
        assert (await Stand(tx).redeem(code, reference="order-1")).redemption.state == "redeemed"


async def _tills(database: Database, shop: Shop, attempts: list[dict[str, Any]]) -> list[str]:
    """All at once, each in a transaction of its own: what each till hears."""

    async def one(fields: dict[str, Any]) -> str:
        try:
            async with database.transaction(shop.organization_id) as tx:
                taken = await Stand(tx).redeem(**fields)
                return "replayed" if taken.replayed else "redeemed"
        except Refusal as refusal:
            return refusal.code

    return sorted(await asyncio.gather(*(one(fields) for fields in attempts)))


async def test_of_many_tills_one_wins(database: Database, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        code = await Stand(tx).code()
        thrice = await Stand(tx).code({"uses_per_code": 3})
    assert await _tills(database, shop, [{"code": code}] * 8) == ["coupon_used"] * 7 + ["redeemed"]
    assert await _tills(database, shop, [{"code": thrice}] * 8) == ["coupon_used"] * 5 + ["redeemed"] * 3
    same = [{"code": thrice, "reference": "order-9"}] * 4
    assert await _tills(database, shop, same) == ["coupon_used"] * 4
    async with database.transaction(shop.organization_id) as tx:
        other = await Stand(tx).code()
    same = [{"code": other, "reference": "order-9"}] * 4
    assert await _tills(database, shop, same) == ["redeemed"] + ["replayed"] * 3


async def test_limits_hold_when_all_come_at_once(database: Database, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        stand = Stand(tx)
        limits = [{"of": "campaign", "uses": 5, "period": "day"}, {"of": "customer", "uses": 1}]
        codes = await stand.codes(await stand.campaign({"limits": limits}), 16)
        one, others = await stand.customer(), [await stand.customer() for _ in range(8)]
        budget = await stand.codes(await stand.campaign({"limits": [{"of": "campaign", "discount_minor": 1_499}]}), 6)
    mine = [{"code": code, "customer_id": one} for code in codes[:8]]
    assert await _tills(database, shop, mine) == ["coupon_limit_reached"] * 7 + ["redeemed"]
    theirs = [{"code": code, "customer_id": other} for code, other in zip(codes[8:], others, strict=True)]
    assert await _tills(database, shop, theirs) == ["coupon_campaign_exhausted"] * 4 + ["redeemed"] * 4
    assert await _tills(database, shop, [{"code": code} for code in budget]) == [
        *["coupon_campaign_exhausted"] * 4,
        *["redeemed"] * 2,
    ]


async def test_tills_undo_and_redeem_at_once(database: Database, shop: Shop) -> None:
    """The numbers that are kept stay those of the redemptions, whatever the order."""
    async with database.transaction(shop.organization_id) as tx:
        stand = Stand(tx)
        campaign = await stand.campaign({"limits": [{"of": "campaign", "uses": 100}], "uses_per_code": 2})
        codes = await stand.codes(campaign, 4)

    async def busy(number: int) -> None:
        code = codes[number % 4]
        try:
            async with database.transaction(shop.organization_id) as tx:
                await Stand(tx).redeem(code, reference=f"order-{number}")
            if number % 3:
                async with database.transaction(shop.organization_id) as tx:
                    await service.undo_redemption(tx, code, f"order-{number}")
        except CouponUsed:
            pass

    await asyncio.gather(*(busy(number) for number in range(24)))
    async with database.transaction(shop.organization_id) as tx:
        live = await tx.fetchval(
            "SELECT count(*) FROM coupon_redemptions WHERE campaign_id = $1 AND state = 'redeemed'", campaign.id
        )
        assert live > 0
        assert await tx.fetchval("SELECT sum(uses) FROM coupons WHERE campaign_id = $1", campaign.id) == live
        assert await tx.fetchval("SELECT uses FROM coupon_counts WHERE campaign_id = $1", campaign.id) == live


async def test_two_codes_of_one_order_at_once(database: Database, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        codes = await Stand(tx).codes(await Stand(tx).campaign(), 4)
    orders = [{"code": code, "order_reference": "order-1"} for code in codes]
    assert await _tills(database, shop, orders) == ["coupon_not_combinable"] * 3 + ["redeemed"]


async def test_codes_of_one_order_share_the_basket(stand: Stand) -> None:
    together = {"stacking": "combinable"}
    off = await stand.code(together)
    share = await stand.code({"effect": {"type": "percent_off", "basis_points": 5_000}} | together)
    lines = (BasketLine(600, 1, "a"), BasketLine(400, 2, "b"))
    order: dict[str, Any] = {"basket": Basket(1_400, lines), "order_reference": "order-1"}
    first = await stand.redeem(off, **order)
    assert first.redemption.spread == (214, 286)
    quoted = await service.quote_coupon(stand.tx, share, use(**order))
    assert (quoted.gain.discount_minor, quoted.gain.spread) == (450, (193, 257)), "half of what is left"
    with pytest.raises(CouponNotCombinable):
        await stand.redeem(await stand.code(), **order)
    with pytest.raises(OrderChanged):
        await stand.redeem(share, order_reference="order-1", basket=Basket(1_400, lines[::-1]))
    assert (await stand.redeem(share, **order)).redemption.discount_minor == 450


async def test_a_holder_only_code(stand: Stand) -> None:
    campaign = await stand.campaign({"holder_only": True})
    holder = await stand.customer()
    _, coupon = await service.issue_coupon(stand.tx, campaign.id, holder, "birthday-2026")
    with pytest.raises(CustomerNeeded):
        await stand.redeem(coupon.code)
    with pytest.raises(CouponNotYours):
        await stand.redeem(coupon.code, customer_id=await stand.customer())
    assert (await stand.redeem(coupon.code, customer_id=holder)).redemption.customer_id == holder


async def test_issuing(stand: Stand) -> None:
    terms = {"ends_days_after_issue": 14}
    with clock.frozen(datetime(2026, 11, 22, 9, tzinfo=UTC)):
        campaign = await stand.campaign(terms, pattern={"prefix": "COFFEE", "length": 12, "check_letter": True})
        holder, other = await stand.customer(), await stand.customer()
        _, coupon = await service.issue_coupon(stand.tx, campaign.id, holder, "order-1")
        _, again = await service.issue_coupon(stand.tx, campaign.id, holder, "order-1")
        assert again == coupon
        assert coupon.code.startswith("COFFEE-")
        assert coupon.expires_at == datetime(2026, 12, 6, 23, tzinfo=UTC)
        with pytest.raises(CouponReferenceReused):
            await service.issue_coupon(stand.tx, campaign.id, other, "order-1")
        with pytest.raises(CustomerNotFound):
            await service.issue_coupon(stand.tx, campaign.id, new_id(), "order-2")
        await service.issue_coupon(stand.tx, campaign.id, other, "order-2")
        assert (await stand.redeem(coupon.code)).redemption.customer_id == holder, "who it was issued to"
        assert [one.id for _, one in await service.list_coupons_of(stand.tx, holder, _LAST, 10)] == [coupon.id]
        assert len(stand.told("coupon.issued")) == 2
        await service.change_campaign(stand.tx, campaign.id, CampaignChange(state="ended"))
        with pytest.raises(CouponExpired):
            await service.issue_coupon(stand.tx, campaign.id, other, "order-3")


async def test_the_same_occasion_at_once_issues_once(database: Database, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        campaign, customer = await Stand(tx).campaign(), await Stand(tx).customer()

    async def issue() -> UUID:
        async with database.transaction(shop.organization_id) as tx:
            _, coupon = await service.issue_coupon(tx, campaign.id, customer, "birthday-2026")
            return coupon.id

    assert len(set(await asyncio.gather(*(issue() for _ in range(6))))) == 1


async def test_units_are_granted_and_taken_back(stand: Stand) -> None:
    program = await stand.program()
    customer, membership = await stand.member(program)
    terms = {"effect": {"type": "grant_units", "amount": 50}}
    campaign = await stand.campaign(terms, program_id=program.id)
    one, two, three = await stand.codes(campaign, 3)
    outsider = await stand.customer()
    for verb in (
        stand.redeem(one, customer_id=outsider),
        service.quote_coupon(stand.tx, one, use(customer_id=outsider)),
    ):
        with pytest.raises(MembershipNeeded):
            await verb
    taken = await stand.redeem(one, basket=None, customer_id=customer, reference="order-1")
    assert (taken.redemption.units, taken.redemption.membership_id) == (50, membership)
    assert (await programs.standing(stand.tx, membership)).balance().active == 50
    await stand.hold(two, customer_id=customer, reference="order-2")
    assert (await programs.standing(stand.tx, membership)).balance().active == 50, "a hold grants nothing yet"
    await stand.redeem(two, customer_id=customer, reference="order-2")
    assert (await programs.standing(stand.tx, membership)).balance().active == 100
    await service.undo_redemption(stand.tx, two, "order-2")
    assert (await programs.standing(stand.tx, membership)).balance().active == 50
    await programs.adjust(stand.tx, membership, amount=-50, reason="spent", reference="spent")
    with pytest.raises(SpentMeanwhile):
        await service.undo_redemption(stand.tx, one, "order-1")
    assert three


async def test_a_campaign_is_checked(stand: Stand) -> None:
    units = {"effect": {"type": "grant_units", "amount": 50}}
    with pytest.raises(ProgramNeeded):
        await stand.campaign(units)
    program = await stand.program()
    unknown = {"effect": {"type": "grant_units", "amount": 50, "unit": "miles"}}
    with pytest.raises(UnitNotFound):
        await stand.campaign(unknown, program_id=program.id)
    with pytest.raises(LocationNotFound):
        await stand.campaign({"conditions": {"location_ids": [new_id()]}})
    with pytest.raises(PatternTooWeak) as refused:
        await stand.campaign(pattern={"length": 6})
    assert (refused.value.params["needed"], refused.value.params["length"]) == (50, 11)
    strong_for_eight = await stand.campaign(pattern={"length": 11})
    for _ in range(8):
        await service.generate_codes(stand.tx, strong_for_eight.id, 1_000_000)
    with pytest.raises(PatternTooWeak):
        await service.generate_codes(stand.tx, strong_for_eight.id, 1_000_000)


async def test_a_basket_is_checked(stand: Stand) -> None:
    code = await stand.code()
    with pytest.raises(OtherCurrency):
        await stand.redeem(code, currency="USD")
    with pytest.raises(LinesDoNotAddUp):
        await stand.redeem(code, basket=Basket(1_200, (BasketLine(100),)))
    with pytest.raises(CustomerNotFound):
        await stand.redeem(code, customer_id=new_id())
    with pytest.raises(CustomerNotFound):
        await service.quote_coupon(stand.tx, code, use(customer_id=new_id()))


async def test_changing_a_campaign(stand: Stand) -> None:
    campaign = await stand.campaign()
    codes = await stand.codes(campaign, 4)
    customer = await stand.customer()
    await stand.redeem(codes[0], customer_id=customer)
    limited = {"effect": campaign.terms.effect, "limits": [{"of": "customer", "uses": 1, "period": "week"}]}
    changed = await service.change_campaign(
        stand.tx, campaign.id, CampaignChange.model_validate({"terms": limited, "name": "Five"})
    )
    assert (changed.name, len(changed.terms.limits)) == ("Five", 1)
    with pytest.raises(CouponLimitReached):
        await stand.redeem(codes[1], customer_id=customer)
    await service.change_campaign(stand.tx, campaign.id, CampaignChange(state="paused"))
    with pytest.raises(CouponPaused):
        await stand.redeem(codes[1], customer_id=await stand.customer())
    await service.change_campaign(stand.tx, campaign.id, CampaignChange(state="ended"))
    with pytest.raises(CouponExpired):
        await stand.redeem(codes[1], customer_id=await stand.customer())
    with pytest.raises(CampaignStateRefused):
        await service.change_campaign(stand.tx, campaign.id, CampaignChange(state="active"))
    window = {"starts_at": "2026-12-01T00:00:00Z", "ends_at": "2026-11-01T00:00:00Z"}
    with pytest.raises(InvalidInput):
        await service.change_campaign(stand.tx, campaign.id, CampaignChange.model_validate(window))


@pytest.mark.parametrize("period", ["ever", "day", "week", "month"])
async def test_counting_anew_is_counting_along(stand: Stand, period: str) -> None:
    limits = [
        {"of": "customer", "uses": 9, "period": period},
        {"of": "campaign", "discount_minor": 10**6, "period": period},
    ]
    campaign = await stand.campaign({"limits": limits})
    one, two, three = await stand.codes(campaign, 3)
    customer = await stand.customer()
    await stand.redeem(one, customer_id=customer)
    await stand.hold(two, customer_id=customer)
    await stand.redeem(three, customer_id=customer, reference="x")
    await service.undo_redemption(stand.tx, three, "x")
    told = "SELECT * FROM coupon_counts WHERE campaign_id = $1 ORDER BY customer_id"
    along = await stand.tx.fetch(told, campaign.id)
    assert [row["uses"] for row in along] == [2, 2]
    for terms in ({"effect": campaign.terms.effect}, {"effect": campaign.terms.effect, "limits": limits}):
        await service.change_campaign(stand.tx, campaign.id, CampaignChange.model_validate({"terms": terms}))
    assert await stand.tx.fetch(told, campaign.id) == along


async def test_expired_programmes_and_codes_are_not_applied(stand: Stand) -> None:
    """Complaint 10: at the end and one second later, the code is refused with its reason."""
    end = datetime(2026, 12, 1, tzinfo=UTC)
    campaign = await stand.campaign(ends_at=end)
    [code] = await stand.codes(campaign)
    for late in (end, end + timedelta(seconds=1)):
        with clock.frozen(late), pytest.raises(CouponExpired) as refused:
            await stand.redeem(code)
        assert str(refused.value.params["on"]) == "2026-12-01 01:00"
    with clock.frozen(end - timedelta(seconds=1)):
        assert (await stand.redeem(code)).redemption.state == "redeemed"


async def test_ended_coupons_are_told_once(stand: Stand) -> None:
    soon = await stand.campaign({"ends_days_after_issue": 0})
    customer = await stand.customer()
    _, ended = await service.issue_coupon(stand.tx, soon.id, customer, "a")
    _, used = await service.issue_coupon(stand.tx, soon.id, customer, "b")
    await stand.redeem(used.code)
    assert ended.expires_at is not None
    with clock.frozen(ended.expires_at):
        await service.expire_coupons(stand.tx)
        await service.expire_coupons(stand.tx)
    assert [fact["coupon_id"] for fact in stand.told("coupon.expired")] == [ended.id]


async def test_a_blocked_code(stand: Stand) -> None:
    code = await stand.code()
    await service.void_coupon(stand.tx, code)
    _, coupon = await service.void_coupon(stand.tx, code)
    assert coupon.state == "voided"
    assert len(stand.told("coupon.voided")) == 1
    with pytest.raises(CouponVoided):
        await stand.redeem(code)


async def test_a_blocked_code_stays_blocked_when_it_was_held(stand: Stand) -> None:
    code = await stand.code()
    await stand.hold(code, reference="order-1")
    await service.void_coupon(stand.tx, code)
    with pytest.raises(CouponVoided):
        await stand.redeem(code, reference="order-1")


async def test_guessing_is_slowed_and_refused(database: Database, shop: Shop, other_shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        code = await Stand(tx).code()
    guesser, cashier = (Actor("api_key", new_id(), TILL) for _ in range(2))

    async def ask(actor: Actor, typed: str, organization_id: UUID = shop.organization_id) -> str:
        try:
            async with database.transaction(organization_id, actor) as tx:
                await service.quote_coupon(tx, typed, use())
        except Refusal as refusal:
            return refusal.code
        return "known"

    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    with clock.frozen(now):
        assert {await ask(guesser, "K7WM-3QXR-9TAB") for _ in range(FREE_FAILURES + 1)} == {"coupon_unknown"}
        assert await ask(guesser, code) == "too_many_attempts", "a pause tells nothing of codes that exist"
        assert await ask(cashier, code) == "known"
        assert await ask(guesser, code, other_shop.organization_id) == "coupon_unknown"
    with clock.frozen(now + timedelta(seconds=1)):
        assert await ask(guesser, code) == "known"
        assert await ask(guesser, "not even a code!") == "coupon_unknown"
        assert await ask(guesser, code) == "too_many_attempts"
    with clock.frozen(now + timedelta(seconds=3)):
        assert await ask(guesser, code) == "known"


async def test_a_refused_guess_tells_how_long(stand: Stand) -> None:
    await stand.tx.execute(
        "INSERT INTO coupon_attempts VALUES ($1, 'organization', 1001, $2, $3)",
        stand.tx.organization_id,
        clock.now(),
        clock.now() + timedelta(seconds=90),
    )
    with pytest.raises(TooManyAttempts) as refused:
        await service.quote_coupon(stand.tx, "K7WM-3QXR-9TAB", use())
    assert 88 <= refused.value.retry_after_seconds <= 90


async def test_a_foreign_code_is_unknown(stand: Stand, database: Database, other_shop: Shop) -> None:
    code = await stand.code()
    async with database.transaction(other_shop.organization_id) as tx:
        with pytest.raises(CouponUnknown):
            await service.coupon_by_code(tx, code)


async def test_codes_are_sealed(stand: Stand) -> None:
    code = await stand.code()
    plain = code.replace("-", "").encode()
    for row in await stand.tx.fetch("SELECT * FROM coupons WHERE organization_id = $1", stand.tx.organization_id):
        assert plain not in row["code"]
        assert code.encode() not in row["code"]
        assert plain not in row["code_index"]
    _, coupon = await service.coupon_by_code(stand.tx, code)
    assert code not in repr(coupon)
    assert code not in repr(stand.tx.events)


async def test_export_and_erasure(stand: Stand) -> None:
    campaign = await stand.campaign({"uses_per_code": 2})
    customer = await stand.customer()
    _, coupon = await service.issue_coupon(stand.tx, campaign.id, customer, "a")
    await stand.redeem(coupon.code, customer_id=customer)
    data = await personal_data.export(stand.tx, customer)
    assert [one["campaign"] for one in data["coupons"]] == ["Five off"]
    assert [one["discount_minor"] for one in data["coupon_redemptions"]] == [500]
    await personal_data.erase(stand.tx, customer)
    await personal_data.erase(stand.tx, customer)
    with pytest.raises(CouponVoided):
        await stand.redeem(coupon.code)


async def test_overlapping_hours_are_refused_when_saved(stand: Stand) -> None:
    def terms(closes: str) -> dict[str, Any]:
        hours = [
            {"days": [5], "opens": "22:00", "closes": closes},
            {"days": [6], "opens": "01:00", "closes": "03:00"},
        ]
        return {"conditions": {"hours": hours}}

    with pytest.raises(HoursOverlap):
        await stand.campaign(terms("02:00"))
    made = await stand.campaign(terms("01:00"))
    with pytest.raises(HoursOverlap):
        await service.change_campaign(
            stand.tx, made.id, CampaignChange.model_validate({"terms": {"effect": FIVE_OFF} | terms("02:00")})
        )


async def test_limits_that_could_never_be_reached_are_refused_when_saved(stand: Stand) -> None:
    def limits(week: int) -> dict[str, Any]:
        days = {"of": "customer", "period": "day", "uses": 3}
        return {"limits": [days, {"of": "customer", "period": "week", "uses": week}]}

    with pytest.raises(InvalidInput):
        await stand.campaign(limits(2))
    made = await stand.campaign(limits(3))
    with pytest.raises(InvalidInput):
        await service.change_campaign(
            stand.tx, made.id, CampaignChange.model_validate({"terms": {"effect": FIVE_OFF} | limits(2)})
        )
