"""The verbs of rewards, with ``taking``, ``redeeming`` and ``readiness``: the only public door.

This file keeps the catalogue.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.errors import InvalidInput
from passerelle.kit.events import announce
from passerelle.kit.ids import new_id
from passerelle.programs import service as programs
from passerelle.programs.errors import UnitNotFound, UnitNotNamed
from passerelle.programs.schemas import Program, Unit
from passerelle.programs.tiers import service as tiers
from passerelle.rewards import queries
from passerelle.rewards.errors import TooManyRewards, UnitNotSpendable
from passerelle.rewards.events import RewardChanged, RewardCreated
from passerelle.rewards.models import RewardRow
from passerelle.rewards.readiness import announce_ready_rewards, issue_automatically, open_rewards, ready_rewards
from passerelle.rewards.redeeming import (
    cancel_issued_reward,
    end_holds,
    expire_issued_reward,
    fulfil_reward,
    get_issued_reward,
    hold_issued_reward,
    hold_reward,
    list_expired,
    mark_returned,
    redeem_hold,
    redeem_issued_reward,
    surrender_automatic,
    undo_redemption,
    was_redeemed,
    withdraw_gift,
)
from passerelle.rewards.rules import Fulfilment, above_longer
from passerelle.rewards.schemas import RewardChange, RewardIn, RewardOut
from passerelle.rewards.taking import issue_reward, issued_of, redeem_reward, take_reward
from passerelle.rewards.values import Distributed, IssuedReward, IssuedRewardState, LowReward

__all__ = [
    "announce_ready_rewards",
    "cancel_issued_reward",
    "change_reward",
    "create_reward",
    "end_holds",
    "expire_issued_reward",
    "follow_goal",
    "fulfil_reward",
    "get_issued_reward",
    "get_reward",
    "hold_issued_reward",
    "hold_reward",
    "issue_automatically",
    "issue_reward",
    "list_expired",
    "list_issued_rewards",
    "list_rewards",
    "mark_returned",
    "open_rewards",
    "ready_rewards",
    "redeem_hold",
    "redeem_issued_reward",
    "redeem_reward",
    "surrender_automatic",
    "take_reward",
    "undo_redemption",
    "was_redeemed",
    "withdraw_gift",
]

MAX_REWARDS: Final = 50
_CLEARABLE: Final = frozenset(
    {"image_url", "stock", "limit_per_customer", "first_day", "last_day", "expires_after_days"}
)


async def create_reward(tx: Tx, new: RewardIn) -> RewardOut:
    """Put a reward into the catalogue.

    Raises ProgramNotFound, UnitNotNamed, UnitNotFound, UnitNotSpendable, TierNotFound, TooManyRewards.
    """
    program = await programs.get_program(tx, new.program_id)
    unit = _unit(program, new.unit) if new.price is not None else None
    reward = RewardRow(
        organization_id=tx.organization_id,
        id=new_id(),
        unit_id=unit.id if unit else None,
        created_at=clock.now(),
        **_columns(new.model_dump(exclude={"unit"})),
    )
    tx.session.add(reward)
    await tiers.require_tiers(tx, new.program_id, {*new.tier_ids, *new.tier_prices})
    await tx.flush()
    await _require_room(tx, new.program_id)
    await programs.touch_program(tx, new.program_id, "rewards")
    await announce(tx, RewardCreated(reward_id=reward.id, program_id=reward.program_id))
    return RewardOut.of(reward, program)


async def change_reward(tx: Tx, reward_id: UUID, change: RewardChange) -> RewardOut:
    """Change what was given; raises RewardNotFound, TierNotFound, TooManyRewards, InvalidInput."""
    reward = await queries.get_reward(tx, reward_id, for_update=True)
    known = {*reward.tier_ids, *map(UUID, reward.tier_prices)}  # one that was removed since may stay
    await tiers.require_tiers(tx, reward.program_id, {*(change.tier_ids or ()), *(change.tier_prices or ())} - known)
    for name, value in _columns(change.model_dump(exclude_unset=True)).items():
        if value is not None or name in _CLEARABLE:
            setattr(reward, name, value)
    _require_sound(reward)
    fault = above_longer(reward.period_limits, reward.limit_per_customer)
    if fault is not None and change.model_fields_set & {"period_limits", "limit_per_customer"}:
        raise InvalidInput(detail=fault)
    await tx.flush()
    await _require_room(tx, reward.program_id)
    await programs.touch_program(tx, reward.program_id, "rewards")
    fields = tuple(sorted(change.model_fields_set))
    await announce(tx, RewardChanged(reward_id=reward.id, program_id=reward.program_id, fields=fields))
    return RewardOut.of(reward, await programs.get_program(tx, reward.program_id))


async def follow_goal(tx: Tx, program_id: UUID, *, before: int, after: int) -> None:
    """Let the rewards that cost as much as the card has places cost as much as it has now.

    Called in the transaction that changes the program, whose new version covers this, too.
    """
    for row in await tx.fetch(queries.FOLLOW_GOAL, tx.organization_id, program_id, before, after):
        await announce(tx, RewardChanged(reward_id=row["id"], program_id=program_id, fields=("price",)))


async def get_reward(tx: Tx, reward_id: UUID) -> RewardOut:
    """A reward of the catalogue, offered or not; raises RewardNotFound."""
    reward = await queries.get_reward(tx, reward_id)
    return RewardOut.of(reward, await programs.get_program(tx, reward.program_id))


async def list_rewards(tx: Tx, program_id: UUID | None, before: UUID, limit: int) -> list[RewardOut]:
    """Rewards of a program, or of all, newest first."""
    rewards = await queries.list_rewards(tx, program_id, before, limit)
    known = {program.id: program for program in await programs.get_programs(tx, {row.program_id for row in rewards})}
    return [RewardOut.of(reward, known[reward.program_id]) for reward in rewards]


async def list_issued_rewards(
    tx: Tx,
    before: UUID,
    limit: int,
    *,
    customer_id: UUID | None = None,
    membership_id: UUID | None = None,
    state: IssuedRewardState | None = None,
    fulfilment: Fulfilment | None = None,
) -> list[IssuedReward]:
    """What was taken and given, newest first, whatever became of it; states are those of now."""
    rows = await queries.list_issued_rewards(
        tx,
        clock.now(),
        before,
        limit,
        customer_id=customer_id,
        membership_id=membership_id,
        state=state,
        fulfilment=fulfilment,
    )
    return [issued_of(row) for row in rows]


async def distributed(
    tx: Tx, midnights: Sequence[datetime], *, location_id: UUID | None = None, program_id: UUID | None = None
) -> list[Distributed]:
    """Rewards that were issued between midnights, by day; those that were undone or cancelled are left out.

    With a location, those that were given out there.
    """
    return [Distributed(**row) for row in await queries.distributed(tx, midnights, location_id, program_id)]


async def low_in_stock(tx: Tx, at_most: int, limit: int) -> list[LowReward]:
    """Active rewards of which few are left, those that are sold out first."""
    return [LowReward(**row) for row in await queries.low_in_stock(tx, at_most, limit)]


def _columns(given: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of the wire as columns."""
    columns = dict(given)
    if columns.get("tier_prices") is not None:
        columns["tier_prices"] = {str(tier_id): price for tier_id, price in columns["tier_prices"].items()}
    return columns


def _require_sound(reward: RewardRow) -> None:
    """What a change and the row together must not say."""
    if reward.first_day and reward.last_day and reward.last_day < reward.first_day:
        raise InvalidInput(detail="last_day < first_day")
    if reward.price is None and (reward.auto_issue or reward.tier_prices):
        raise InvalidInput(detail="auto_issue, tier_prices: price = null")
    if reward.price is not None and reward.unit_id is None:
        raise InvalidInput(detail="price: null (a reward that is only given stays so; make another)")


async def _require_room(tx: Tx, program_id: UUID) -> None:
    if await queries.count_active(tx, program_id) > MAX_REWARDS:
        raise TooManyRewards(limit=MAX_REWARDS)


def _unit(program: Program, code: str | None) -> Unit:
    unit = program.find_unit(code)
    if unit is not None:
        if not unit.spendable:
            raise UnitNotSpendable(unit=unit.code)
        return unit
    if code is None:
        raise UnitNotNamed(units=", ".join(known.code for known in program.units) or "—")
    raise UnitNotFound
