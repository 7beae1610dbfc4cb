"""The verbs of rewards; the only writer of its tables."""

from collections import OrderedDict
from typing import Final
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import new_id
from passerelle.ledger import service as ledger
from passerelle.ledger.errors import InsufficientBalance, TransferConflict
from passerelle.ledger.events import BalanceChanged
from passerelle.ledger.schemas import Debit, Posted
from passerelle.programs import service as programs
from passerelle.programs.errors import UnitNotFound, UnitNotNamed
from passerelle.programs.schemas import Program, Seat, Standing
from passerelle.purchases.schemas import Purchase
from passerelle.rewards import queries, rules
from passerelle.rewards.errors import (
    RewardLimitReached,
    RewardNotOffered,
    RewardNotReady,
    RewardSoldOut,
    TooManyRewards,
)
from passerelle.rewards.events import (
    RewardChanged,
    RewardCreated,
    RewardReady,
    RewardRedeemed,
    RewardRedemptionUndone,
)
from passerelle.rewards.models import RewardRow
from passerelle.rewards.schemas import (
    IssuedReward,
    ReadyReward,
    Redeemed,
    Reward,
    RewardChange,
    RewardIn,
    RewardOut,
)

MAX_REWARDS: Final = 50
_REMEMBERED: Final = 10_000
# The catalogue of a program under the program's version, which changes with every reward.
_catalogues: Final[OrderedDict[tuple[UUID, UUID], tuple[UUID, tuple[Reward, ...]]]] = OrderedDict()


async def create_reward(tx: Tx, new: RewardIn) -> RewardOut:
    """Put a reward into the catalogue; raises ProgramNotFound, UnitNotNamed, UnitNotFound, TooManyRewards."""
    program = await programs.get_program(tx, new.program_id)
    unit_id = _unit_id(program, new.unit)
    reward = RewardRow(
        organization_id=tx.organization_id,
        id=new_id(),
        unit_id=unit_id,
        created_at=clock.now(),
        **new.model_dump(exclude={"unit"}),
    )
    tx.session.add(reward)
    await tx.flush()
    await _require_room(tx, new.program_id)
    await programs.touch_program(tx, new.program_id, "rewards")
    await announce(tx, RewardCreated(reward_id=reward.id, program_id=reward.program_id))
    return _out(reward, program)


async def change_reward(tx: Tx, reward_id: UUID, change: RewardChange) -> RewardOut:
    """Change what was given; raises RewardNotFound, TooManyRewards."""
    reward = await queries.get_reward(tx, reward_id, for_update=True)
    clearable = {"stock", "limit_per_customer"}
    for name, value in change.model_dump(exclude_unset=True).items():
        if value is not None or name in clearable:
            setattr(reward, name, value)
    await tx.flush()
    await _require_room(tx, reward.program_id)
    await programs.touch_program(tx, reward.program_id, "rewards")
    fields = tuple(sorted(change.model_fields_set))
    await announce(tx, RewardChanged(reward_id=reward.id, program_id=reward.program_id, fields=fields))
    return _out(reward, await programs.get_program(tx, reward.program_id))


async def follow_goal(tx: Tx, program_id: UUID, *, before: int, after: int) -> None:
    """Let the rewards that cost as much as the card has places cost as much as it has now.

    Called in the transaction that changes the program, whose new version covers this, too.
    """
    for row in await tx.fetch(queries.FOLLOW_GOAL, tx.organization_id, program_id, before, after):
        await announce(tx, RewardChanged(reward_id=row["id"], program_id=program_id, fields=("price",)))


async def get_reward(tx: Tx, reward_id: UUID) -> RewardOut:
    """A reward of the catalogue, offered or not; raises RewardNotFound."""
    reward = await queries.get_reward(tx, reward_id)
    return _out(reward, await programs.get_program(tx, reward.program_id))


async def list_rewards(tx: Tx, program_id: UUID | None, before: UUID, limit: int) -> list[RewardOut]:
    """Rewards of a program, or of all, newest first."""
    rewards = await queries.list_rewards(tx, program_id, before, limit)
    known = {program.id: program for program in await programs.get_programs(tx, {row.program_id for row in rewards})}
    return [_out(reward, known[reward.program_id]) for reward in rewards]


async def ready_rewards(tx: Tx, standing: Standing) -> list[ReadyReward]:
    """How ready each offered reward is for a member, cheapest first.

    Without a statement when the process knows the catalogue; stock and limits per customer cost one.
    """
    catalogue = await _catalogue(tx, standing.program)
    limited = [reward.id for reward in catalogue if reward.is_limited]
    limits = await queries.limits_of(tx, standing.membership.id, limited) if limited else {}
    ready = []
    for reward in catalogue:
        stock, taken = limits.get(reward.id, (None, 0))
        balance = standing.balances[reward.unit_id]
        state = rules.readiness(
            balance.active, reward.price, stock=stock, limit=reward.limit_per_customer, taken=taken
        )
        ready.append(ReadyReward(reward, state.ready_count, state.missing, state.held_back))
    return ready


async def redeem_reward(
    tx: Tx,
    membership_id: UUID,
    reward_id: UUID,
    *,
    reference: str,
    location_id: UUID | None = None,
    purchase_id: UUID | None = None,
) -> Redeemed:
    """Give a member a reward for its price; of two tills that spend the same balance, one gets it.

    With ``purchase_id`` the reward belongs to that purchase: taking all of it back returns the price. The same
    reference for the same reward answers the first redemption again. Raises MembershipNotFound,
    MembershipNotActive, ProgramNotRunning, RewardNotFound, RewardNotOffered, RewardNotReady, RewardSoldOut,
    RewardLimitReached, TransferConflict, PurchaseNotFound, PurchaseNotOpen.
    """
    purchase = None if purchase_id is None else await programs.open_purchase(tx, purchase_id)
    seat = await programs.seat_for_update(tx, membership_id)
    reward = await _offered(tx, seat, reward_id)
    if reward.is_limited:
        known = await queries.find_issued_reward_by_reference(tx, reference)
        if known is not None:
            return await _redeemed_before(tx, seat, reward, reference)
        await _take_within_limits(tx, seat, reward)
    posted = await _pay(tx, seat, reward, reference)
    if posted.replayed:
        return await _redeemed_before(tx, seat, reward, reference)
    issued = _issued(tx, seat, reward, reference=reference, transfer_id=posted.transfer_id, location_id=location_id)
    await tx.execute(
        queries.ISSUE,
        *(tx.organization_id, issued.id, reward.id, membership_id, issued.customer_id, issued.price),
        *(issued.unit_id, reference, issued.transfer_id, issued.actor, location_id, issued.redeemed_at),
    )
    if purchase is not None:
        await _tie(tx, issued, purchase)
    await announce(
        tx,
        RewardRedeemed(
            issued_reward_id=issued.id,
            reward_id=reward.id,
            membership_id=membership_id,
            customer_id=issued.customer_id,
            price=reward.price,
            location_id=location_id,
        ),
    )
    return Redeemed(issued, await programs.standing_with(tx, seat, posted.balances))


async def undo_redemption(tx: Tx, issued_reward_id: UUID, *, reason: str | None = None) -> Redeemed:
    """Give the price back into the lots it came from; harmless when undone before. Raises IssuedRewardNotFound."""
    row = await tx.fetchrow(queries.UNDO, tx.organization_id, issued_reward_id, clock.now())
    if row is None:
        issued = IssuedReward(**await queries.get_issued_reward(tx, issued_reward_id))
        return Redeemed(issued, await programs.standing(tx, issued.membership_id), replayed=True)
    issued = IssuedReward(**row)
    await ledger.reverse(tx, issued.transfer_id, reference=f"undo:redemption:{issued.id}", reason=reason)
    await _undone(tx, issued)
    return Redeemed(issued, await programs.standing(tx, issued.membership_id))


async def mark_returned(tx: Tx, membership_id: UUID, transfer_id: UUID) -> None:
    """Mark the reward that a transfer paid for as undone: its price has come back already."""
    row = await tx.fetchrow(queries.MARK_RETURNED, tx.organization_id, membership_id, transfer_id, clock.now())
    if row is not None:
        await _undone(tx, IssuedReward(**row))


async def get_issued_reward(tx: Tx, issued_reward_id: UUID) -> IssuedReward:
    """A reward that was taken; raises IssuedRewardNotFound."""
    return IssuedReward(**await queries.get_issued_reward(tx, issued_reward_id))


async def list_issued_rewards(tx: Tx, customer_id: UUID, before: UUID, limit: int) -> list[IssuedReward]:
    """What a customer took, newest first, undone ones, too."""
    return [IssuedReward(**row) for row in await queries.list_issued_rewards(tx, customer_id, before, limit)]


async def announce_ready_rewards(tx: Tx, changed: BalanceChanged) -> None:
    """Tell which rewards a balance pays for once more than before, unless it merely came back."""
    if changed.delta <= 0 or changed.kind not in {"accrual", "adjustment", "activation"}:
        return
    for row in await queries.rewards_paid_by(tx, changed.unit_id, changed.active):
        count = rules.affordable(changed.active, row["price"])
        if count > rules.affordable(changed.active - changed.delta, row["price"]):
            await announce(tx, RewardReady(membership_id=changed.owner_id, reward_id=row["id"], ready_count=count))


async def _catalogue(tx: Tx, program: Program) -> tuple[Reward, ...]:
    key = (tx.organization_id, program.id)
    known = _catalogues.get(key)
    if known is not None and known[0] == program.version:
        _catalogues.move_to_end(key)
        return known[1]
    catalogue = tuple(Reward(**row) for row in await queries.list_catalogue(tx, program.id))
    _catalogues[key] = (program.version, catalogue)
    if len(_catalogues) > _REMEMBERED:
        _catalogues.popitem(last=False)
    return catalogue


async def _offered(tx: Tx, seat: Seat, reward_id: UUID) -> Reward:
    for reward in await _catalogue(tx, seat.program):
        if reward.id == reward_id:
            return reward
    raise RewardNotOffered(reward=(await queries.get_reward(tx, reward_id)).name)


async def _take_within_limits(tx: Tx, seat: Seat, reward: Reward) -> None:
    """The member's row is locked, so the count is exact; the stock is taken in one statement that cannot go below."""
    limits = await queries.limits_of(tx, seat.membership.id, [reward.id])
    _, taken = limits[reward.id]
    if reward.limit_per_customer is not None and taken >= reward.limit_per_customer:
        raise RewardLimitReached(reward=reward.name, limit=reward.limit_per_customer)
    if reward.has_stock and await tx.fetchval(queries.TAKE_FROM_STOCK, tx.organization_id, reward.id) is None:
        raise RewardSoldOut(reward=reward.name)


async def _pay(tx: Tx, seat: Seat, reward: Reward, reference: str) -> Posted:
    debit = Debit(seat.membership.id, reward.unit_id, reward.price)
    try:
        return await ledger.post(tx, kind="redemption", reference=f"redemption:{reference}", debits=[debit])
    except InsufficientBalance as refusal:
        missing = reward.price - int(refusal.params["available"])
        raise RewardNotReady(reward=reward.name, missing=missing) from None


async def _redeemed_before(tx: Tx, seat: Seat, reward: Reward, reference: str) -> Redeemed:
    issued = IssuedReward(**await queries.find_issued_reward_by_reference(tx, reference))
    if (issued.reward_id, issued.membership_id) != (reward.id, seat.membership.id):
        raise TransferConflict
    return Redeemed(issued, await programs.standing_with(tx, seat, {}), replayed=True)


def _issued(
    tx: Tx, seat: Seat, reward: Reward, *, reference: str, transfer_id: UUID, location_id: UUID | None
) -> IssuedReward:
    return IssuedReward(
        id=new_id(),
        reward_id=reward.id,
        name=reward.name,
        membership_id=seat.membership.id,
        customer_id=seat.membership.customer_id,
        price=reward.price,
        unit_id=reward.unit_id,
        reference=reference,
        transfer_id=transfer_id,
        state="redeemed",
        actor=tx.actor.label,
        location_id=location_id,
        redeemed_at=clock.now(),
        undone_at=None,
    )


async def _tie(tx: Tx, issued: IssuedReward, purchase: Purchase) -> None:
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


async def _undone(tx: Tx, issued: IssuedReward) -> None:
    await tx.execute(queries.PUT_BACK_IN_STOCK, tx.organization_id, issued.reward_id)
    await announce(
        tx,
        RewardRedemptionUndone(
            issued_reward_id=issued.id,
            reward_id=issued.reward_id,
            membership_id=issued.membership_id,
            customer_id=issued.customer_id,
        ),
    )


async def _require_room(tx: Tx, program_id: UUID) -> None:
    if await queries.count_active(tx, program_id) > MAX_REWARDS:
        raise TooManyRewards(limit=MAX_REWARDS)


def _unit_id(program: Program, code: str | None) -> UUID:
    unit = program.find_unit(code)
    if unit is not None:
        return unit.id
    if code is None:
        raise UnitNotNamed(units=", ".join(known.code for known in program.units) or "—")
    raise UnitNotFound


def _out(reward: RewardRow, program: Program) -> RewardOut:
    return RewardOut(
        id=reward.id,
        program_id=reward.program_id,
        unit=next(unit.code for unit in program.units if unit.id == reward.unit_id),
        name=reward.name,
        names=reward.names,
        price=reward.price,
        active=reward.active,
        stock=reward.stock,
        limit_per_customer=reward.limit_per_customer,
        created_at=reward.created_at,
    )
