"""One use of a code: quoted, held, redeemed, given back. Part of the public door, service.py.

All go through ``_judged``: the coupon, the counts of its campaign's limits, the other coupons of the order, and the
pure rules. A quote stops there; what is taken is written under the locks named in queries.py.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import astuple, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import orjson

from passerelle.customers import service as customers
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import new_id
from passerelle.kit.jobs import enqueue
from passerelle.kit.money import Money
from passerelle.programs import service as programs
from passerelle.programs.errors import UnitNotFound
from passerelle.programs.schemas import Reason
from passerelle.purchases import service as purchases
from passerelle.purchases.errors import LinesDoNotAddUp, OtherCurrency
from passerelle.rewards.coupons import queries, rules
from passerelle.rewards.coupons.errors import (
    CouponForNextOrder,
    CouponReferenceReused,
    CouponVoided,
    MembershipNeeded,
    OrderChanged,
    RedemptionNotFound,
)
from passerelle.rewards.coupons.events import CouponHeld, CouponRedeemed, CouponRedemptionUndone
from passerelle.rewards.coupons.events import CouponVoided as CouponWasVoided
from passerelle.rewards.coupons.reading import campaign_beside, coupon_by_code, coupon_of, redemption_of
from passerelle.rewards.coupons.schemas import CouponUse, Quoted, Taken
from passerelle.rewards.coupons.terms import GrantUnits
from passerelle.rewards.coupons.values import Basket, Campaign, Count, CountKey, Coupon, Gain, Redemption, Situation

_UNDO_ALL: Final = "ledger:adjust"
RELEASE_HOLD: Final = "coupons.release_hold"


async def quote_coupon(tx: Tx, code: str, use: CouponUse) -> Quoted:
    """What a code would give now, by the evaluator that would give it; books nothing.

    Raises CouponUnknown, TooManyAttempts and every refusal of ``rules.judge``.
    """
    campaign, coupon = await coupon_by_code(tx, code)
    situation = _situation(campaign, coupon, use)
    if situation.customer_id is not None:
        await customers.require_customer(tx, situation.customer_id)
    gain, coupon = await _judged(tx, campaign, coupon, situation, use, for_update=False)
    await _membership_id(tx, campaign, situation)
    return Quoted(campaign, coupon, gain)


async def hold_coupon(tx: Tx, code: str, use: CouponUse, *, reference: str) -> Taken:
    """Reserve a use for a checkout; it lapses by itself. Raises as ``redeem_coupon``."""
    return await _take(tx, code, use, reference, holds=True)


async def redeem_coupon(tx: Tx, code: str, use: CouponUse, *, reference: str) -> Taken:
    """Use a code; of two tills in the same instant, one gets the last use.

    The same reference with the same code, customer and basket answers the first use again; a use that was held
    under it becomes final, whatever happened to the campaign meanwhile. Raises CouponUnknown, TooManyAttempts,
    CouponReferenceReused, OrderChanged, MembershipNeeded, CustomerNotFound, CustomerGone, every refusal of
    ``rules.judge``, and those of ``programs.grant``.
    """
    return await _take(tx, code, use, reference, holds=False)


async def undo_redemption(tx: Tx, code: str, reference: str) -> Taken:
    """Give a use back; harmless when it was given back before.

    A hold can be given back by whoever redeems; a redemption needs ``ledger:adjust``. Raises CouponUnknown,
    TooManyAttempts, RedemptionNotFound, NotAllowed, the ledger's SpentMeanwhile for units that are gone.
    """
    _, coupon = await coupon_by_code(tx, code)
    campaign, coupon = await _locked(tx, coupon.id)
    row = await queries.find_redemption(tx, reference)
    if row is None or row["coupon_id"] != coupon.id:
        raise RedemptionNotFound
    if row["state"] == "redeemed":
        tx.actor.require(_UNDO_ALL)
    return await _undo(tx, campaign, redemption_of(row))


async def undo_redemption_by_id(tx: Tx, redemption_id: UUID) -> Taken:
    """The same for those who checked themselves whether the caller may. Raises RedemptionNotFound, SpentMeanwhile."""
    redemption = await get_redemption(tx, redemption_id)
    campaign = campaign_beside(await queries.get_coupon(tx, redemption.coupon_id, for_update=True))
    return await _undo(tx, campaign, redemption)


async def get_redemption(tx: Tx, redemption_id: UUID) -> Redemption:
    """One use of a coupon; raises RedemptionNotFound."""
    row = await queries.find_redemption_by_id(tx, redemption_id)
    if row is None:
        raise RedemptionNotFound
    return redemption_of(row)


async def release_hold(tx: Tx, redemption_id: UUID) -> None:
    """Give a hold back whose time is over, once; when it is not over yet, see to it later."""
    redemption = await get_redemption(tx, redemption_id)
    campaign = campaign_beside(await queries.get_coupon(tx, redemption.coupon_id, for_update=True))
    now = clock.now()
    row = await tx.fetchrow(queries.LAPSE, tx.organization_id, redemption_id, now)
    if row is not None:
        await _give_back(tx, campaign, redemption_of(row))
    elif redemption.held_until is not None and redemption.held_until > now:
        await _release_later(tx, redemption)


async def _take(tx: Tx, code: str, use: CouponUse, reference: str, *, holds: bool) -> Taken:
    if use.order_reference is not None:
        await tx.execute(queries.LOCK_ORDER, str(tx.organization_id), use.order_reference)
    campaign, coupon = await coupon_by_code(tx, code)
    situation = _situation(campaign, coupon, use)
    if situation.customer_id is not None:
        await customers.hold_customer(tx, situation.customer_id)
    campaign, coupon = await _locked(tx, coupon.id)
    digest = _digest(coupon, situation, use)
    known = await queries.find_redemption(tx, reference)
    if known is not None:
        if not await _is_free_again(tx, campaign, coupon, redemption_of(known)):
            blocked = coupon.state == "voided"
            return await _taken_before(tx, campaign, redemption_of(known), digest, holds=holds, blocked=blocked)
        campaign, coupon = await _locked(tx, coupon.id)
    gain, _ = await _judged(tx, campaign, coupon, situation, use, for_update=True)
    membership_id = await _membership_id(tx, campaign, situation)
    redemption = Redemption(
        id=new_id(),
        campaign_id=campaign.id,
        coupon_id=coupon.id,
        customer_id=situation.customer_id,
        membership_id=membership_id,
        reference=reference,
        order_reference=use.order_reference,
        request_digest=digest,
        state="held" if holds else "redeemed",
        stacking=campaign.terms.stacking,
        basket_digest=_basket_digest(use.basket),
        basket_minor=use.basket.amount_minor if use.basket else None,
        discount_minor=gain.discount_minor,
        spread=gain.spread,
        units=gain.units,
        currency=campaign.currency,
        location_id=situation.location_id,
        channel=situation.channel,
        actor=tx.actor.label,
        counted_at=situation.at,
        held_until=situation.at + timedelta(minutes=campaign.terms.hold_minutes) if holds else None,
        redeemed_at=None if holds else situation.at,
        undone_at=None,
    )
    await _keep(tx, redemption)
    await tx.execute(queries.USE, tx.organization_id, coupon.id)
    await _count(tx, campaign, redemption, 1)
    await _tell(tx, campaign, redemption)
    return Taken(campaign, redemption)


async def _locked(tx: Tx, coupon_id: UUID) -> tuple[Campaign, Coupon]:
    row = await queries.get_coupon(tx, coupon_id, for_update=True)
    return campaign_beside(row), coupon_of(await tx.vault.keys(tx), row)


async def _judged(
    tx: Tx, campaign: Campaign, coupon: Coupon, situation: Situation, use: CouponUse, *, for_update: bool
) -> tuple[Gain, Coupon]:
    """What the rules say, and the coupon without the uses of holds that have lapsed but were not given back yet."""
    basket = _checked_basket(campaign, use)
    keys = rules.keys_of(campaign.terms.limits, situation.at, campaign.time_zone)
    counts = await queries.read_counts(tx, campaign.id, situation.customer_id, keys, for_update=for_update)
    lapsed = [redemption_of(row) for row in await queries.lapsed_holds(tx, campaign.id, situation.at)]
    gone = sum(hold.coupon_id == coupon.id for hold in lapsed)
    coupon = replace(coupon, uses=coupon.uses - gone)
    await _require_next_order(tx, coupon, use)
    others = await _others(tx, use, situation.at)
    basket = _after_others(basket, others)
    live = _without(counts, lapsed, campaign, situation)
    return rules.judge(campaign, coupon, situation, basket=basket, counts=live, others=others), coupon


async def _require_next_order(tx: Tx, coupon: Coupon, use: CouponUse) -> None:
    """A code is never taken off the purchase that gave it; raises CouponForNextOrder."""
    if coupon.purchase_id is None or use.order_reference is None:
        return
    if (await purchases.get_purchase(tx, coupon.purchase_id)).external_reference == use.order_reference:
        raise CouponForNextOrder


def _without(
    counts: dict[CountKey, Count], lapsed: Sequence[Redemption], campaign: Campaign, situation: Situation
) -> dict[CountKey, Count]:
    live = dict(counts)
    for hold in lapsed:
        for key in rules.keys_of(campaign.terms.limits, hold.counted_at, campaign.time_zone):
            if key in live and (key.of == "campaign" or hold.customer_id == situation.customer_id):
                count = live[key]
                live[key] = Count(count.uses - 1, count.discount_minor - hold.discount_minor)
    return live


async def _others(tx: Tx, use: CouponUse, now: datetime) -> list[Redemption]:
    if use.order_reference is None:
        return []
    return [redemption_of(row) for row in await queries.redemptions_of_order(tx, use.order_reference, now)]


def _after_others(basket: Basket | None, others: Sequence[Redemption]) -> Basket | None:
    """The basket with what the order's other coupons took off it already."""
    discounted = [other for other in others if other.discount_minor]
    if basket is None or not discounted:
        return basket
    taken, digest = [0] * max(1, len(basket.lines)), _basket_digest(basket)
    for other in discounted:
        parts = other.spread or (other.discount_minor,)
        if other.basket_digest != digest:
            raise OrderChanged
        taken = [sum(pair) for pair in zip(taken, parts, strict=True)]
    return replace(basket, taken=tuple(taken))


def _checked_basket(campaign: Campaign, use: CouponUse) -> Basket | None:
    """The basket in the campaign's currency; raises OtherCurrency, LinesDoNotAddUp."""
    currency = use.currency or campaign.currency
    if currency != campaign.currency:
        raise OtherCurrency(expected=campaign.currency, given=currency)
    basket = use.basket
    if basket is not None and basket.lines:
        total = sum(line.amount_minor for line in basket.lines)
        if total != basket.amount_minor:
            raise LinesDoNotAddUp(lines=Money(total, currency), amount=Money(basket.amount_minor, currency))
    return basket


def _situation(campaign: Campaign, coupon: Coupon, use: CouponUse) -> Situation:
    """Who a code was issued to stands in for a customer who is not named, unless that must be shown."""
    holder = None if campaign.terms.holder_only else coupon.customer_id
    return Situation(clock.now(), use.customer_id or holder, use.location_id, use.channel)


async def _membership_id(tx: Tx, campaign: Campaign, situation: Situation) -> UUID | None:
    """Who gets the units; raises MembershipNeeded."""
    if not isinstance(campaign.terms.effect, GrantUnits):
        return None
    assert situation.customer_id is not None, "the rules ask who it is"
    for membership in await programs.memberships_of(tx, situation.customer_id):
        if membership.program_id == campaign.program_id and membership.state == "active":
            return membership.id
    assert campaign.program_id is not None
    raise MembershipNeeded(program=(await programs.get_program(tx, campaign.program_id)).name)


async def _is_free_again(tx: Tx, campaign: Campaign, coupon: Coupon, known: Redemption) -> bool:
    """Whether a reference names a checkout that was given up; a lapsed hold of this code is given back now."""
    if known.redeemed_at is not None:
        return False
    if known.coupon_id == coupon.id and known.state == "held":
        row = await tx.fetchrow(queries.LAPSE, tx.organization_id, known.id, clock.now())
        if row is None:
            return False
        await _give_back(tx, campaign, redemption_of(row))
    elif known.state == "held":
        return False
    await tx.execute(queries.FREE_REFERENCE, tx.organization_id, known.id)
    return True


async def _taken_before(
    tx: Tx, campaign: Campaign, known: Redemption, digest: bytes, *, holds: bool, blocked: bool
) -> Taken:
    if known.request_digest != digest:
        raise CouponReferenceReused
    if holds or known.state != "held":
        return Taken(campaign, known, replayed=True)
    if blocked:
        raise CouponVoided
    row = await tx.fetchrow(queries.CONFIRM, tx.organization_id, known.id, clock.now())
    confirmed = redemption_of(row)
    await _tell(tx, campaign, confirmed)
    return Taken(campaign, confirmed)


async def _keep(tx: Tx, new: Redemption) -> None:
    made = await tx.fetchval(
        queries.KEEP,
        *(tx.organization_id, new.id, new.campaign_id, new.coupon_id, new.customer_id, new.membership_id),
        *(new.reference, new.order_reference, new.request_digest, new.state, new.stacking, new.basket_digest),
        *(
            new.basket_minor,
            new.discount_minor,
            list(new.spread),
            new.units,
            new.currency,
            new.location_id,
            new.channel,
            new.actor,
        ),
        *(new.counted_at, new.held_until, new.redeemed_at),
    )
    if made is None:  # another code took the reference in this very moment
        raise CouponReferenceReused


async def _count(tx: Tx, campaign: Campaign, redemption: Redemption, sign: int) -> None:
    keys = rules.keys_of(campaign.terms.limits, redemption.counted_at, campaign.time_zone)
    await queries.add_to_counts(
        tx,
        campaign.id,
        redemption.customer_id,
        keys,
        uses=sign,
        discount_minor=sign * redemption.discount_minor,
    )


async def _tell(tx: Tx, campaign: Campaign, redemption: Redemption) -> None:
    """Announce what was taken; units come with the redemption, not with the hold."""
    if redemption.state == "held":
        assert redemption.held_until is not None
        held = CouponHeld(
            redemption_id=redemption.id,
            coupon_id=redemption.coupon_id,
            campaign_id=redemption.campaign_id,
            customer_id=redemption.customer_id,
            held_until=redemption.held_until.isoformat(),
        )
        await announce(tx, held)
        await _release_later(tx, redemption)
        return
    if redemption.membership_id is not None:
        await _grant(tx, campaign, redemption, redemption.membership_id)
    await announce(
        tx,
        CouponRedeemed(
            redemption_id=redemption.id,
            coupon_id=redemption.coupon_id,
            campaign_id=redemption.campaign_id,
            customer_id=redemption.customer_id,
            discount_minor=redemption.discount_minor,
            units=redemption.units,
            location_id=redemption.location_id,
        ),
    )


async def _release_later(tx: Tx, held: Redemption) -> None:
    """Until the job comes, lapsed holds are left out of every count, so a moment too late is soon enough."""
    assert held.held_until is not None
    seconds = (held.held_until - clock.now()).total_seconds() + 1
    await enqueue(tx, RELEASE_HOLD, {"redemption_id": str(held.id)}, after_seconds=max(1, seconds))


async def _grant(tx: Tx, campaign: Campaign, redemption: Redemption, membership_id: UUID) -> None:
    effect = campaign.terms.effect
    assert campaign.program_id is not None
    program = await programs.get_program(tx, campaign.program_id)
    unit = program.find_unit(effect.unit if isinstance(effect, GrantUnits) else None)
    if unit is None:
        raise UnitNotFound
    reason = Reason("coupon", {"units": redemption.units})
    await programs.grant(
        tx,
        membership_id,
        unit_id=unit.id,
        amount=redemption.units,
        reason=reason,
        reference=_grant_reference(redemption),
    )


async def _undo(tx: Tx, campaign: Campaign, known: Redemption) -> Taken:
    """The coupon is locked, so what is read here is what is."""
    row = await tx.fetchrow(queries.GIVE_BACK, tx.organization_id, known.id, "undone", clock.now())
    if row is None:
        return Taken(campaign, await get_redemption(tx, known.id), replayed=True)
    undone = redemption_of(row)
    await _give_back(tx, campaign, undone)
    if undone.membership_id is not None and undone.redeemed_at is not None:
        await programs.undo_accrual(tx, _grant_reference(undone))
    return Taken(campaign, undone)


async def _give_back(tx: Tx, campaign: Campaign, undone: Redemption) -> None:
    gone_with_purchase = await tx.fetchval(queries.UNUSE, tx.organization_id, undone.coupon_id)
    keys = rules.keys_of(campaign.terms.limits, undone.counted_at, campaign.time_zone)
    await queries.read_counts(tx, campaign.id, undone.customer_id, keys, for_update=True)
    await _count(tx, campaign, undone, -1)
    await announce(
        tx,
        CouponRedemptionUndone(
            redemption_id=undone.id,
            coupon_id=undone.coupon_id,
            campaign_id=undone.campaign_id,
            customer_id=undone.customer_id,
            state=undone.state,
        ),
    )
    if gone_with_purchase:
        await announce(
            tx,
            CouponWasVoided(
                coupon_id=undone.coupon_id, campaign_id=undone.campaign_id, customer_id=undone.customer_id
            ),
        )


def _digest(coupon: Coupon, situation: Situation, use: CouponUse) -> bytes:
    """Tells whether a reference comes back with the same use; where and when it was told does not matter."""
    basket = _basket_digest(use.basket)
    facts = [
        coupon.id.hex,
        situation.customer_id.hex if situation.customer_id else None,
        use.order_reference,
        basket.hex() if basket else None,
    ]
    return hashlib.sha256(orjson.dumps(facts)).digest()


def _basket_digest(basket: Basket | None) -> bytes | None:
    if basket is None:
        return None
    facts = [basket.amount_minor, [astuple(line) for line in basket.lines]]
    return hashlib.sha256(orjson.dumps(facts)).digest()


def _grant_reference(redemption: Redemption) -> str:
    return f"coupon:{redemption.id}"
