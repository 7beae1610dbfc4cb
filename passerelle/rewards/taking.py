"""How a member comes to an issued reward: for its price, or as a gift. Part of the public door, service.py."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson

from passerelle.kit import clock
from passerelle.kit.db import Row, Tx
from passerelle.kit.errors import InvalidInput, Refusal
from passerelle.kit.events import announce
from passerelle.kit.ids import new_id
from passerelle.ledger import service as ledger
from passerelle.ledger.errors import InsufficientBalance, TransferConflict
from passerelle.ledger.schemas import AccountKey, Balance, Debit, Posted
from passerelle.programs import service as programs
from passerelle.programs.households import service as households
from passerelle.programs.schemas import Seat
from passerelle.purchases.schemas import Purchase
from passerelle.rewards import limits, queries, rules
from passerelle.rewards.benefits import Physical, benefit_of, discount_of
from passerelle.rewards.catalogue import catalogue_of
from passerelle.rewards.errors import RewardNotOffered, RewardNotReady
from passerelle.rewards.events import RewardIssued, RewardRedeemed
from passerelle.rewards.values import Basket, IssuedReward, Outcome, Reward, Source

_LONGEST: Final = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class _Taken:
    """A price that was paid; ``issued`` is not kept yet."""

    seat: Seat
    reward: Reward
    issued: IssuedReward
    balances: Mapping[AccountKey, Balance]


async def redeem_reward(
    tx: Tx,
    membership_id: UUID,
    reward_id: UUID,
    *,
    reference: str,
    location_id: UUID | None = None,
    basket: Basket | None = None,
    purchase_id: UUID | None = None,
    occurred_at: datetime | None = None,
) -> Outcome:
    """Give a member a reward for its price at once; of two tills that spend the same balance, one gets it.

    ``occurred_at``: when it was given, if it is told later; dates and limits are those of that instant.
    With ``purchase_id`` the reward belongs to that purchase: taking all of it back returns the price. The same
    reference for the same reward answers the first redemption again. Raises MembershipNotFound,
    MembershipNotActive, ProgramNotRunning, RewardNotFound, RewardNotOffered, RewardNotForThisTier,
    RewardNotYetValid, RewardEnded, RewardNotReady, RewardSoldOut, RewardLimitReached, RewardPeriodLimitReached,
    SpendingCapReached, TransferConflict, PurchaseNotFound, PurchaseNotOpen.
    """
    purchase = None if purchase_id is None else await programs.open_purchase(tx, purchase_id)
    at = occurred_at or clock.now()
    taken = await _take(tx, membership_id, reward_id, reference, at)
    if isinstance(taken, Outcome):
        return taken
    issued = replace(redeemed_now(tx, taken.issued, location_id, basket), redeemed_at=at)
    await _keep(tx, issued)
    if purchase is not None:
        await _tie(tx, issued, purchase)
    await tell_redeemed(tx, issued)
    return Outcome(issued, await programs.standing_with(tx, taken.seat, taken.balances))


async def take_reward(
    tx: Tx,
    membership_id: UUID,
    reward_id: UUID,
    *,
    reference: str,
    source: Source = "taken",
    hold_for: timedelta | None = None,
) -> Outcome:
    """Take a reward for its price now, to be redeemed later; raises what ``redeem_reward`` raises.

    It lapses by the days of the reward, or with a hold after that time.
    """
    taken = await _take(tx, membership_id, reward_id, reference, clock.now(), pooled=source != "automatic")
    if isinstance(taken, Outcome):
        return taken
    expires_at = taken.issued.issued_at + hold_for if hold_for else _lapses_at(taken.reward, taken.seat)
    issued = replace(taken.issued, source=source, expires_at=expires_at)
    await _keep_open(tx, taken.seat, taken.reward, issued)
    return Outcome(issued, await programs.standing_with(tx, taken.seat, taken.balances))


async def issue_reward(
    tx: Tx,
    membership_id: UUID,
    reward_id: UUID,
    *,
    source: Source,
    reference: str,
    expires_at: datetime | None = None,
    reason: str | None = None,
) -> Outcome:
    """Give a member a reward without a price, to be redeemed later: for a tier, a birthday, a friend, by hand.

    ``reference`` is unique for the occasion among gifts of that source, and makes it harmless to tell again. Tiers
    and limits per customer do not hold for gifts; stock and dates do. Raises MembershipNotFound, MembershipNotActive,
    ProgramNotRunning, RewardNotFound, RewardNotOffered, RewardNotYetValid, RewardEnded, RewardSoldOut,
    TransferConflict, InvalidInput.
    """
    reference = gift_reference(source, reference)
    seat = await programs.seat_for_update(tx, membership_id)
    known = await _known(tx, seat, reward_id, reference)
    if known is not None:
        return known
    reward = await _find(tx, seat, reward_id)
    now = clock.now()
    limits.require_dates(reward, seat.program, now)
    if expires_at is not None and not now < expires_at <= now + _LONGEST:
        raise InvalidInput(detail=f"expires_at: {now.isoformat()} < … ≤ {(now + _LONGEST).isoformat()}")
    await limits.take_from_stock(tx, reward)
    issued = replace(
        _issued(tx, seat, reward, now, reference=reference, price=0, transfer_id=None),
        source=source,
        reason=reason,
        expires_at=expires_at or _lapses_at(reward, seat),
    )
    await _keep_open(tx, seat, reward, issued)
    return Outcome(issued, await programs.standing_with(tx, seat, {}))


def gift_reference(source: Source, reference: str) -> str:
    """The reference of a gift among everything that was issued."""
    return f"gift:{source}:{reference}"


def redeemed_now(tx: Tx, issued: IssuedReward, location_id: UUID | None, basket: Basket | None) -> IssuedReward:
    """What an issued reward is once it is redeemed: with the discount on the basket; a thing is then ordered."""
    amount, lines = (basket.amount_minor, basket.lines) if basket else (None, ())
    is_thing = isinstance(issued.benefit, Physical)
    return replace(
        issued,
        state="redeemed",
        redeemed_at=clock.now(),
        redeemed_by=tx.actor.label,
        location_id=location_id,
        discount_minor=discount_of(issued.benefit, amount, lines),
        fulfilment="ordered" if is_thing else None,
        fulfilment_steps=(*issued.fulfilment_steps, step_of(tx, "ordered")) if is_thing else issued.fulfilment_steps,
    )


def step_of(tx: Tx, state: str) -> dict[str, str]:
    """Who brought a thing to a state of fulfilment, and when."""
    return {"state": state, "at": clock.now().isoformat(), "actor": tx.actor.label}


def steps_json(*steps: Mapping[str, str]) -> str:
    """Steps of fulfilment as a parameter."""
    return orjson.dumps(steps).decode()


def issued_of(row: Row) -> IssuedReward:
    """The issued reward of a row."""
    fields: dict[str, Any] = dict(row)
    fields["benefit"] = benefit_of(fields["benefit"])
    return IssuedReward(**{**fields, "fulfilment_steps": tuple(fields["fulfilment_steps"])})


async def tell_redeemed(tx: Tx, issued: IssuedReward) -> None:
    """Announce that a reward was given out."""
    await announce(
        tx,
        RewardRedeemed(
            issued_reward_id=issued.id,
            reward_id=issued.reward_id,
            membership_id=issued.membership_id,
            customer_id=issued.customer_id,
            price=issued.price,
            location_id=issued.location_id,
        ),
    )


async def _take(
    tx: Tx, membership_id: UUID, reward_id: UUID, reference: str, at: datetime, *, pooled: bool = True
) -> _Taken | Outcome:
    """Pay the price of what is taken at an instant; what was taken under the reference before is answered instead.

    With ``pooled``, a household pays together. What happens by itself is paid by the member alone: their account is
    locked already, and those of others are locked only in order.
    """
    seat = await programs.seat_for_update(tx, membership_id, at)
    catalogue = await catalogue_of(tx, seat.program)
    reward = await _find(tx, seat, reward_id)
    if reward.price is None or reward.unit_id is None:
        raise RewardNotOffered(reward=reward.name)
    price = rules.price_for(reward.price, reward.tier_prices, seat.membership.tier_ids)
    debit = Debit(membership_id, reward.unit_id, price)
    closed = limits.closed_for(reward, seat.membership, seat.program, at)
    if closed or reward.is_limited or catalogue.caps(debit.unit_id):
        known = await _known(tx, seat, reward_id, reference)
        if known is not None:
            return known
        limits.require_open(reward, seat, at)
        await limits.require_turn(tx, seat, reward, at)
        await limits.require_spendable(tx, seat, catalogue, debit, at)
        await limits.take_from_stock(tx, reward)
    posted = await _pay(tx, seat, reward, debit, reference, pooled=pooled)
    if isinstance(posted, Outcome):
        return posted
    issued = _issued(tx, seat, reward, at, reference=reference, price=price, transfer_id=posted.transfer_id)
    return _Taken(seat, reward, issued, posted.balances)


async def _tie(tx: Tx, issued: IssuedReward, purchase: Purchase) -> None:
    assert issued.transfer_id is not None
    assert issued.unit_id is not None
    await programs.tie_spending(
        tx,
        purchase,
        issued.transfer_id,
        customer_id=issued.customer_id,
        membership_id=issued.membership_id,
        unit_id=issued.unit_id,
        amount=issued.price,
        returns="whole",
    )


async def _pay(tx: Tx, seat: Seat, reward: Reward, debit: Debit, reference: str, *, pooled: bool) -> Posted | Outcome:
    refusal: Refusal
    told = f"redemption:{reference}"
    try:
        debits = [debit]
        if pooled:
            debits = await households.debits_for(tx, seat, debit.unit_id, debit.amount, reference=told)
        posted = await ledger.post(tx, kind="redemption", reference=told, debits=debits)
    except InsufficientBalance as short:
        refusal = RewardNotReady(reward=reward.name, missing=debit.amount - int(short.params["available"]))
    except TransferConflict as conflict:  # the price may have changed since
        refusal = conflict
    else:
        if not posted.replayed:
            return posted
        refusal = TransferConflict()
    known = await _known(tx, seat, reward.id, reference)
    if known is None:
        raise refusal
    return known


async def _known(tx: Tx, seat: Seat, reward_id: UUID, reference: str) -> Outcome | None:
    row = await queries.find_issued_reward_by_reference(tx, clock.now(), reference)
    if row is None:
        return None
    issued = issued_of(row)
    if (issued.reward_id, issued.membership_id) != (reward_id, seat.membership.id):
        raise TransferConflict
    return Outcome(issued, await programs.standing_with(tx, seat, {}), replayed=True)


async def _find(tx: Tx, seat: Seat, reward_id: UUID) -> Reward:
    for reward in (await catalogue_of(tx, seat.program)).rewards:
        if reward.id == reward_id and reward.active:
            return reward
    raise RewardNotOffered(reward=(await queries.get_reward(tx, reward_id)).name)


async def _keep_open(tx: Tx, seat: Seat, reward: Reward, issued: IssuedReward) -> None:
    """Keep a reward that waits to be redeemed; from the first one on, scans of the program look for such."""
    await _keep(tx, issued)
    if not reward.ever_issued:
        await tx.execute(queries.MARK_EVER_ISSUED, tx.organization_id, reward.id)
        await programs.touch_program(tx, seat.program.id, "issued_rewards")
    await announce(
        tx,
        RewardIssued(
            issued_reward_id=issued.id,
            reward_id=issued.reward_id,
            membership_id=issued.membership_id,
            customer_id=issued.customer_id,
            price=issued.price,
            source=issued.source,
            expires_at=issued.expires_at.isoformat() if issued.expires_at else None,
        ),
    )


async def _keep(tx: Tx, issued: IssuedReward) -> None:
    values = (getattr(issued, column) for column in queries.KEPT)
    await tx.execute(queries.KEEP, tx.organization_id, *values, steps_json(*issued.fulfilment_steps))


def _lapses_at(reward: Reward, seat: Seat) -> datetime | None:
    if reward.expires_after_days is None:
        return None
    return rules.lapses_at(clock.now(), reward.expires_after_days, seat.program.time_zone)


def _issued(
    tx: Tx, seat: Seat, reward: Reward, at: datetime, *, reference: str, price: int, transfer_id: UUID | None
) -> IssuedReward:
    return IssuedReward(
        id=new_id(),
        reward_id=reward.id,
        name=reward.name,
        names=reward.names,
        benefit=reward.benefit,
        membership_id=seat.membership.id,
        customer_id=seat.membership.customer_id,
        price=price,
        unit_id=reward.unit_id,
        source="taken",
        reference=reference,
        transfer_id=transfer_id,
        state="issued",
        reason=None,
        actor=tx.actor.label,
        issued_at=at,
    )
