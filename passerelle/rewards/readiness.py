"""Which rewards a member can have now, and telling so when a balance rises. Part of the public door, service.py."""

from collections import Counter
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.errors import Refusal
from passerelle.kit.events import announce
from passerelle.kit.ids import new_id
from passerelle.kit.jobs import enqueue
from passerelle.ledger.events import BalanceChanged
from passerelle.ledger.schemas import Balance
from passerelle.programs import service as programs
from passerelle.programs.schemas import Seat, Standing
from passerelle.rewards import limits, queries, rules
from passerelle.rewards.catalogue import catalogue_of
from passerelle.rewards.events import RewardReady
from passerelle.rewards.rules import Bounds
from passerelle.rewards.taking import issued_of, take_reward
from passerelle.rewards.values import IssuedReward, ReadyReward, Reward

AUTO_ISSUE: Final = "rewards.auto_issue"
_MOST_AT_ONCE: Final = 100


async def ready_rewards(
    tx: Tx, standing: Standing, opened: Sequence[IssuedReward] | None = None
) -> list[ReadyReward]:
    """How ready each reward of the catalogue is for a member, cheapest first; ``opened`` if they were read before.

    Without a statement when the process knows the catalogue; stock and limits cost one, spending caps another, and
    rewards that wait to be redeemed a third in programs that have ever issued one.
    """
    catalogue = await catalogue_of(tx, standing.program)
    offered = [reward for reward in catalogue.rewards if reward.active and reward.price is not None]
    bounds = await limits.bounds_of(tx, standing.membership.id, standing.program, catalogue, offered)
    opened = await open_rewards(tx, standing) if opened is None else opened
    waiting = Counter(issued.reward_id for issued in opened)
    return [
        _ready(standing, reward, bounds.get(reward.id, Bounds()), waiting[reward.id])
        for reward in catalogue.rewards
        if waiting[reward.id] or reward.id in bounds
    ]


async def open_rewards(tx: Tx, standing: Standing) -> list[IssuedReward]:
    """What a member may redeem now without paying again, soonest to lapse first."""
    if not (await catalogue_of(tx, standing.program)).has_issued:
        return []
    rows = await queries.open_issued_rewards(tx, clock.now(), standing.membership.id)
    return [issued_of(row) for row in rows]


async def announce_ready_rewards(tx: Tx, changed: BalanceChanged) -> None:
    """Tell which rewards a balance pays for once more than before, unless it merely came back.

    Without a statement for what earns: its transaction has read the membership, and the process knows the catalogue.
    """
    if changed.delta <= 0 or changed.kind not in {"accrual", "adjustment", "activation"}:
        return
    seat = await programs.find_seat(tx, changed.owner_id)
    if seat is None:
        return
    automatic = False
    for reward in (await catalogue_of(tx, seat.program)).rewards:
        price = _price(reward, seat, changed.unit_id)
        if price is None:
            continue
        count = rules.affordable(changed.active, price)
        automatic = automatic or (reward.auto_issue and count > 0)
        if count > rules.affordable(changed.active - changed.delta, price):
            await announce(tx, RewardReady(membership_id=changed.owner_id, reward_id=reward.id, ready_count=count))
    if automatic:
        await _issue_soon(tx, changed)


async def issue_automatically(tx: Tx, membership_ids: set[UUID]) -> None:
    """Take, for members whose balance pays for them, the rewards that are issued by themselves.

    What a limit, a date or an empty stock forbids is left; the balance stays and pays for it later.
    """
    for membership_id in sorted(membership_ids):
        try:
            seat = await programs.seat_for_update(tx, membership_id)
        except Refusal:
            continue
        for reward in (await catalogue_of(tx, seat.program)).rewards:
            if reward.auto_issue and reward.unit_id is not None:
                await _issue_all(tx, seat, reward, reward.unit_id)


async def _issue_all(tx: Tx, seat: Seat, reward: Reward, unit_id: UUID) -> None:
    balance = (await programs.standing_with(tx, seat, {})).balances.get(unit_id, Balance())
    price = _price(reward, seat, unit_id)
    for _ in range(min(rules.affordable(balance.active, price), _MOST_AT_ONCE) if price else 0):
        try:
            await take_reward(
                tx, seat.membership.id, reward.id, reference=f"automatic:{new_id()}", source="automatic"
            )
        except Refusal:
            return


async def _issue_soon(tx: Tx, changed: BalanceChanged) -> None:
    """Before the commit, for accruals hold the member's row already; else in a job, which can take it first."""
    if changed.kind == "accrual":
        tx.defer(issue_automatically, changed.owner_id, in_turn=True)
    else:
        await enqueue(tx, AUTO_ISSUE, {"membership_id": str(changed.owner_id)})


def _price(reward: Reward, seat: Seat, unit_id: UUID) -> int | None:
    """The price in a unit for a member to whom the reward is open now."""
    if not reward.active or reward.price is None or reward.unit_id != unit_id:
        return None
    if limits.closed_for(reward, seat.membership, seat.program, clock.now()) is not None:
        return None
    return rules.price_for(reward.price, reward.tier_prices, seat.membership.tier_ids)


def _ready(standing: Standing, reward: Reward, bounds: Bounds, issued_count: int) -> ReadyReward:
    if reward.price is None or reward.unit_id is None:
        return ReadyReward(reward, None, 0, 0, None, issued_count)
    price = rules.price_for(reward.price, reward.tier_prices, standing.membership.tier_ids)
    closed = limits.closed_for(reward, standing.membership, standing.program, clock.now())
    active = standing.spendable(reward.unit_id)
    state = rules.readiness(active, price, bounds, closed)
    return ReadyReward(reward, price, state.ready_count, state.missing, state.held_back, issued_count)
