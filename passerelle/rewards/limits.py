"""How often a member may still have a reward, and how much they may still spend: read, and insisted on."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.ledger.schemas import Debit
from passerelle.programs.schemas import Membership, Program, Seat
from passerelle.rewards import queries, rules
from passerelle.rewards.errors import (
    RewardEnded,
    RewardLimitReached,
    RewardNotForThisTier,
    RewardNotYetValid,
    RewardPeriodLimitReached,
    RewardSoldOut,
    SpendingCapReached,
)
from passerelle.rewards.rules import PERIODS, Bounds, HeldBack, Period
from passerelle.rewards.values import Catalogue, Reward


async def bounds_of(
    tx: Tx, membership_id: UUID, program: Program, catalogue: Catalogue, rewards: Collection[Reward]
) -> Mapping[UUID, Bounds]:
    """What limits rewards for a member beside the balance, by reward.

    Stock and limits of all of them cost one statement, spending caps another; without any, none is sent.
    """
    limited = [reward.id for reward in rewards if reward.is_limited]
    units = {reward.unit_id for reward in rewards if reward.unit_id is not None and catalogue.caps(reward.unit_id)}
    if not limited and not units:
        return {reward.id: Bounds() for reward in rewards}
    now = clock.now()
    spans = _spans(program, now)
    taken = await queries.limits_of(tx, now, membership_id, limited, spans) if limited else {}
    spent = await queries.spent_of(tx, now, membership_id, sorted(units), spans) if units else {}
    return {
        reward.id: Bounds(
            taken[reward.id]["stock"] if reward.has_stock else None,
            _least(_turns(reward, taken[reward.id])) if reward.is_limited else None,
            _least(_left(catalogue.caps(reward.unit_id), spent.get(reward.unit_id))) if reward.unit_id else None,
        )
        for reward in rewards
    }


def closed_for(reward: Reward, membership: Membership, program: Program, at: datetime) -> HeldBack | None:
    """Why a reward is closed for a member at an instant, whatever the balance: tier or dates."""
    if not rules.is_for(reward.tier_ids, membership.tier_ids):
        return "not_for_this_tier"
    return rules.closed_by_date(reward.first_day, reward.last_day, at, program.time_zone)


def require_open(reward: Reward, seat: Seat, at: datetime) -> None:
    """Raises RewardNotForThisTier, RewardNotYetValid, RewardEnded."""
    if not rules.is_for(reward.tier_ids, seat.membership.tier_ids):
        raise RewardNotForThisTier(reward=reward.name)
    require_dates(reward, seat.program, at)


def require_dates(reward: Reward, program: Program, at: datetime) -> None:
    """Raises RewardNotYetValid, RewardEnded."""
    closed = rules.closed_by_date(reward.first_day, reward.last_day, at, program.time_zone)
    if closed == "not_yet_valid":
        raise RewardNotYetValid(reward=reward.name, first_day=reward.first_day)
    if closed == "ended":
        raise RewardEnded(reward=reward.name, last_day=reward.last_day)


async def require_turn(tx: Tx, seat: Seat, reward: Reward, at: datetime) -> None:
    """Insist on the limits per customer at an instant; the member's row is locked, so the counts are exact.

    Raises RewardLimitReached, RewardPeriodLimitReached.
    """
    if reward.limit_per_customer is None and not reward.period_limits:
        return
    spans = _spans(seat.program, at)
    taken = (await queries.limits_of(tx, at, seat.membership.id, [reward.id], spans))[reward.id]
    turns = _turns(reward, taken)
    if turns.get("total", 1) <= 0:
        raise RewardLimitReached(reward=reward.name, limit=reward.limit_per_customer)
    for period in PERIODS:
        if turns.get(period, 1) <= 0:
            raise RewardPeriodLimitReached(reward=reward.name, limit=reward.period_limits[period], period=period)


async def require_spendable(tx: Tx, seat: Seat, catalogue: Catalogue, debit: Debit, at: datetime) -> None:
    """Insist on the spending caps; raises SpendingCapReached for the first that would be passed."""
    unit_id, amount = debit.unit_id, debit.amount
    by_cap = await spendable_by_cap(tx, seat, catalogue, unit_id, at)
    for period, left in by_cap.items():
        if amount > left:
            raise SpendingCapReached(limit=catalogue.caps(unit_id)[period], left=max(0, left), period=period)


async def spendable_by_cap(
    tx: Tx, seat: Seat, catalogue: Catalogue, unit_id: UUID, at: datetime
) -> Mapping[Period, int]:
    """What the spending caps leave of a unit, by period of an instant.

    Empty, and without a statement, when there is none.
    """
    caps = catalogue.caps(unit_id)
    if not caps:
        return {}
    spent = await queries.spent_of(tx, at, seat.membership.id, [unit_id], _spans(seat.program, at))
    return _left(caps, spent.get(unit_id))


async def take_from_stock(tx: Tx, reward: Reward) -> None:
    """Take one, in a statement that cannot go below zero; raises RewardSoldOut."""
    if reward.has_stock and await tx.fetchval(queries.TAKE_FROM_STOCK, tx.organization_id, reward.id) is None:
        raise RewardSoldOut(reward=reward.name)


def _spans(program: Program, at: datetime) -> queries.Spans:
    zone = program.time_zone
    return {period: (rules.period_start(period, at, zone), rules.period_end(period, at, zone)) for period in PERIODS}


def _turns(reward: Reward, taken: Any) -> dict[str, int]:
    """How often the member may still have it, by limit."""
    left: dict[str, int] = {period: limit - taken[period] for period, limit in reward.period_limits.items()}
    if reward.limit_per_customer is not None:
        left["total"] = reward.limit_per_customer - taken["total"]
    return left


def _left(caps: Mapping[Period, int], spent: Any) -> Mapping[Period, int]:
    return {period: caps[period] - (spent[period] if spent else 0) for period in PERIODS if period in caps}


def _least(left: Mapping[Any, int]) -> int | None:
    return min(left.values(), default=None)
