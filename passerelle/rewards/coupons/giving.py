"""Codes that a purchase gives its buyer for the next one, and that go with it. Part of the public door, service.py.

Which campaigns do so is remembered under the versions of the members' programs, which every purchase reads anyway:
whatever changes such a campaign makes new versions (``remember_anew``). So an organization without one pays nothing.
Two purchases of one customer follow each other, for their memberships are locked when this begins.
"""

import os
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from passerelle.customers import service as customers
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import new_id
from passerelle.programs import service as programs
from passerelle.programs.schemas import Accrued, Facts, Matcher, Seat
from passerelle.purchases import service as purchases
from passerelle.purchases.schemas import Purchase
from passerelle.rewards.coupons import codes, giving_rules, queries
from passerelle.rewards.coupons.events import CouponIssued
from passerelle.rewards.coupons.reading import campaign_beside, coupon_of, index_of, seal
from passerelle.rewards.coupons.terms import AfterPurchase
from passerelle.rewards.coupons.values import Bought, Campaign, Coupon, GivenSoFar, Promised
from passerelle.rewards.coupons.withdrawing import withdraw_given

_TRIES: Final = 5
_REMEMBERED: Final = 10_000


@dataclass(frozen=True, slots=True)
class _Giver:
    """A campaign that runs, with its conditions made ready."""

    campaign: Campaign
    after: AfterPurchase
    matcher: Matcher


@dataclass(frozen=True, slots=True)
class _Gift:
    """A code that may be given: by which purchase, in which place of those that were told."""

    place: int
    bought: Bought
    giver: _Giver
    promised: Promised

    @property
    def key(self) -> tuple[UUID, UUID]:
        """Whose, and of which campaign."""
        return self.bought.purchase.customer_id, self.giver.campaign.id


# What members of a program may be given, by the program's version; None where no campaign ever gave anything.
_known: Final[OrderedDict[UUID, tuple[_Giver, ...] | None]] = OrderedDict()


async def give_after_purchases(tx: Tx, told: Sequence[Bought]) -> list[list[tuple[Campaign, Coupon]]]:
    """Give the buyers what their purchases bring, each of another customer, whose memberships are locked.

    A purchase that was told before answers what it gave then, unless that was taken back.
    """
    given: list[list[tuple[Campaign, Coupon]]] = [[] for _ in told]
    givers = [await _givers(tx, bought) for bought in told]
    if not any(found is not None for found in givers):
        return given
    new: list[tuple[int, Bought, _Giver]] = []
    for place, (bought, found) in enumerate(zip(told, givers, strict=True)):
        if found is not None and bought.is_replayed:
            given[place] = await _given_before(tx, bought.purchase.id)
        elif found:
            new += [(place, bought, giver) for giver in found]
    for gift, coupon in await _make(tx, await _within_stock(tx, await _gifts(tx, new), hold=True)):
        given[gift.place].append((gift.giver.campaign, coupon))
    return given


async def give_after_purchase(
    tx: Tx, purchase: Purchase, accrued: Sequence[Accrued]
) -> list[tuple[Campaign, Coupon]]:
    """The same for one purchase."""
    return (await give_after_purchases(tx, [Bought(purchase, accrued)]))[0]


async def give_after_claim(tx: Tx, claimed: programs.Claimed) -> None:
    """The same for a receipt that became a purchase, by what was not paid back of it before."""
    await give_after_purchase(tx, claimed.purchase, claimed.earned)
    if claimed.refunds:
        await withdraw_given(tx, claimed.purchase.id)


async def promise_after_purchase(tx: Tx, purchase: Purchase, accrued: Sequence[Accrued]) -> list[Promised]:
    """What a purchase that has not been made would give; writes nothing."""
    bought = Bought(purchase, accrued)
    wanted = [(0, bought, giver) for giver in await _givers(tx, bought) or ()]
    return [gift.promised for gift in await _within_stock(tx, await _gifts(tx, wanted), hold=False)]


async def remember_anew(tx: Tx, program_id: UUID | None) -> None:
    """Have purchases look again at what is given: in one program, or in all."""
    if program_id is None:
        await programs.touch_programs(tx, "coupons")
    else:
        await programs.touch_program(tx, program_id, "coupons")


async def _givers(tx: Tx, bought: Bought) -> tuple[_Giver, ...] | None:
    """The campaigns that may give something to the members who bought; None when none ever did."""
    found: dict[UUID, _Giver] | None = None
    for one in bought.accrued:
        program = one.standing.program
        if program.version not in _known:
            await _remember(tx, program.version, program.id)
        known = _known[program.version]
        if known is not None:
            found = (found or {}) | {giver.campaign.id: giver for giver in known}
    return None if found is None else tuple(found.values())


async def _remember(tx: Tx, version: UUID, program_id: UUID) -> None:
    campaigns = [campaign_beside(row) for row in await queries.giving_campaigns(tx)]
    running = [
        _Giver(campaign, campaign.after_purchase, Matcher.of(campaign.after_purchase.conditions))
        for campaign in campaigns
        if campaign.after_purchase and campaign.state == "active" and campaign.program_id in {None, program_id}
    ]
    _known[version] = tuple(running) if campaigns else None
    if len(_known) > _REMEMBERED:
        _known.popitem(last=False)


async def _gifts(tx: Tx, wanted: Sequence[tuple[int, Bought, _Giver]]) -> list[_Gift]:
    """What purchases give by their conditions and by what their buyers had before; stock is not looked at."""
    large = [
        _Gift(place, bought, giver, promised)
        for place, bought, giver in wanted
        if (promised := _promised(bought.purchase, giver))
    ]
    asked = {gift.bought.purchase.customer_id for gift in large if gift.giver.matcher.segments}
    segments = await customers.segments_of(tx, asked) if asked else {}
    met = [gift for gift in large if await _is_met(tx, gift, segments.get(gift.bought.purchase.customer_id, ()))]
    limited = [
        (*gift.key, _day(gift.bought.purchase, gift.giver.campaign), gift.giver.campaign.terms.uses_per_code)
        for gift in met
        if giving_rules.is_limited(gift.giver.after)
    ]
    before = await queries.given_so_far(tx, limited, clock.now()) if limited else {}
    return [gift for gift in met if giving_rules.has_room(gift.giver.after, before.get(gift.key, GivenSoFar()))]


def _promised(purchase: Purchase, giver: _Giver) -> Promised | None:
    items = [line for line in purchase.lines if line.kind == "item" and line.unit_amount_minor > 0]
    if not giving_rules.earns(giver.after, purchase.amount_minor, items):
        return None
    return giving_rules.promise(giver.campaign, purchase.occurred_at, clock.now())


async def _is_met(tx: Tx, gift: _Gift, segments: Sequence[str]) -> bool:
    """Whether the buyer was a member in good standing where the campaign wants one, and its conditions hold."""
    campaign, matcher, purchase = gift.giver.campaign, gift.giver.matcher, gift.bought.purchase
    seats = [Seat(one.standing.membership, one.standing.program) for one in gift.bought.accrued]
    members = [
        seat.membership
        for seat in seats
        if campaign.program_id in {None, seat.program.id}
        and await programs.was_acting(tx, seat, purchase.occurred_at)
    ]
    if not members:
        return False
    facts = Facts(
        programs.occasion_of(purchase),
        campaign.time_zone,
        tier_ids=frozenset(tier_id for member in members for tier_id in member.tier_ids),
        segments=frozenset(segments),
        is_first_purchase=matcher.first_purchase and await purchases.is_first_purchase(tx, purchase),
    )
    return matcher.unmet(facts) is None


async def _within_stock(tx: Tx, gifts: Sequence[_Gift], *, hold: bool) -> Sequence[_Gift]:
    """Those that the campaigns' stocks still have; with ``hold`` these are taken from them."""
    limited = {gift.giver.campaign.id: stock for gift in gifts if (stock := gift.giver.after.stock) is not None}
    if not limited:
        return gifts
    given = await queries.given_of(tx, sorted(limited), for_update=hold)
    left = {campaign_id: stock - given[campaign_id] for campaign_id, stock in limited.items()}
    kept: list[_Gift] = []
    for gift in gifts:
        campaign_id = gift.giver.campaign.id
        if left.get(campaign_id, 1) > 0:
            kept.append(gift)
            if campaign_id in left:
                left[campaign_id] -= 1
    taken = {campaign_id: limited[campaign_id] - given[campaign_id] - rest for campaign_id, rest in left.items()}
    if hold and any(taken.values()):
        tx.write_soon(queries.TAKE_STOCK, tx.organization_id, list(taken), list(taken.values()))
    return kept


async def _make(tx: Tx, gifts: Sequence[_Gift]) -> list[tuple[_Gift, Coupon]]:
    """Make the codes, in one statement unless one is there already by chance."""
    made: list[tuple[_Gift, Coupon]] = []
    left = list(gifts)
    for _ in range(_TRIES):
        if not left:
            break
        drawn = [(gift, await _drawn(tx, gift)) for gift in left]
        columns = [list(column) for column in zip(*[row for _, (_, row) in drawn], strict=True)]
        rows = await tx.fetch(queries.GIVE, tx.organization_id, *columns, clock.now())
        stored = {row["id"] for row in rows}
        made += [(gift, coupon) for gift, (coupon, _) in drawn if coupon.id in stored]
        left = [gift for gift, (coupon, _) in drawn if coupon.id not in stored]
    assert not left, "five codes in a row were taken: the pattern has too little chance"
    for gift, coupon in made:
        if gift.bought.actor is not None:
            tx.act_for(gift.bought.actor)
        fact = CouponIssued(
            coupon_id=coupon.id,
            campaign_id=coupon.campaign_id,
            customer_id=coupon.customer_id,
            purchase_id=coupon.purchase_id,
        )
        await announce(tx, fact)
    return made


async def _drawn(tx: Tx, gift: _Gift) -> tuple[Coupon, tuple[object, ...]]:
    """A coupon with a fresh code, and its row."""
    keys, campaign, purchase = await tx.vault.keys(tx), gift.giver.campaign, gift.bought.purchase
    [canonical] = codes.generate(campaign.pattern, 1, os.urandom)
    coupon = Coupon(
        id=new_id(),
        campaign_id=campaign.id,
        code=codes.written(campaign.pattern, canonical),
        customer_id=purchase.customer_id,
        state="active",
        uses=0,
        starts_at=gift.promised.starts_at,
        expires_at=gift.promised.expires_at,
        issued_at=clock.now(),
        purchase_id=purchase.id,
        given_on=_day(purchase, campaign),
    )
    sealed = (index_of(keys, canonical), seal(keys, coupon.code))
    reference = f"purchase:{purchase.id}"
    times = (coupon.starts_at, coupon.expires_at, purchase.id, coupon.given_on)
    return coupon, (coupon.id, campaign.id, *sealed, coupon.customer_id, reference, *times)


def _day(purchase: Purchase, campaign: Campaign) -> date:
    """The local day of a purchase."""
    return purchase.occurred_at.astimezone(ZoneInfo(campaign.time_zone)).date()


async def _given_before(tx: Tx, purchase_id: UUID) -> list[tuple[Campaign, Coupon]]:
    keys = await tx.vault.keys(tx)
    rows = await queries.coupons_of_purchase(tx, purchase_id)
    return [(campaign_beside(row), coupon_of(keys, row)) for row in rows if row["state"] != "voided"]
