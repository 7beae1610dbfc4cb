"""Booking what was evaluated: budgets, transfers, and the kept explanation; for one customer or for several at once.

Part of earning.py, which decides what is given.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson

from passerelle.kit import clock
from passerelle.kit.actors import Actor
from passerelle.kit.db import Tx
from passerelle.kit.ids import new_id
from passerelle.ledger import service as ledger
from passerelle.ledger.schemas import AccountKey, Credit, Posted, Posting
from passerelle.programs import budget_queries, budgets, queries
from passerelle.programs.accrual_base import Occasion
from passerelle.programs.budgets import Use
from passerelle.programs.lifetimes import keep_alive
from passerelle.programs.rules import Accrual, Reason
from passerelle.programs.situations import Evaluated
from passerelle.programs.standings import standings_with
from passerelle.programs.timing import Times, Timing, credit_of, times_when_told
from passerelle.programs.values import Accrued, Seat


@dataclass(frozen=True, slots=True)
class Giving:
    """What one customer gets on one occasion; told by an ``actor`` if it is not the transaction's."""

    evaluated: Sequence[Evaluated]
    reference: str
    occasion: Occasion
    actor: Actor | None = None

    def credits_at(self, now: datetime) -> list[Credit]:
        """What is to be booked; credits of other times are other lots."""
        totals: dict[tuple[AccountKey, Times], int] = defaultdict(int)
        for one in self.evaluated:
            program, member = one.seat.program, one.seat.membership
            told: Timing | None = None
            for accrual in one.earned.accruals:
                if accrual.amount > 0:
                    timing = program.timing_of(accrual, member.tier_ids)
                    if timing is not told:  # most accruals have the timing of the one before
                        told = timing
                        times = times_when_told(timing, self.occasion.occurred_at, now, program.time_zone)
                    totals[(member.id, accrual.unit_id), times] += accrual.amount
        return [credit_of(*account, amount, times) for (account, times), amount in totals.items()]

    def uses(self) -> Iterator[Use]:
        """What promotions bring."""
        for one in self.evaluated:
            for promotion_id, units in one.earned.uses.items():
                yield Use(promotion_id, one.seat.membership.id, units)


async def give(tx: Tx, evaluated: Sequence[Evaluated], reference: str, occasion: Occasion) -> list[Accrued]:
    """Book what was evaluated: budgets, one transfer, the explanation."""
    return (await give_each(tx, [Giving(evaluated, reference, occasion)]))[0]


async def give_each(tx: Tx, givings: Sequence[Giving]) -> list[list[Accrued]]:
    """The same for several customers in as many statements, each with a transfer of their own."""
    now = clock.now()
    credits_of = {giving.reference: found for giving in givings if (found := giving.credits_at(now))}
    earning = [giving for giving in givings if giving.reference in credits_of]
    budgeted = {promotion_id for giving in earning for one in giving.evaluated for promotion_id in one.budgeted}
    uses = {giving.reference: list(giving.uses()) for giving in earning}
    await budgets.take(tx, [use for found in uses.values() for use in found if use.promotion_id in budgeted])
    posted = await _post(tx, earning, credits_of)
    await _keep_alive(tx, givings, credits_of.keys())
    known = {account: balance for one in posted.values() for account, balance in one.balances.items()}
    standings = await standings_with(tx, [one.seat for giving in givings for one in giving.evaluated], known)
    kept = [
        Kept(
            *(one.seat.membership.id, accrual, giving.reference, posted[giving.reference].transfer_id),
            *(giving.occasion.location_id, giving.occasion.occurred_at),
        )
        for giving in earning
        for one in giving.evaluated
        for accrual in one.earned.accruals
        if accrual.amount > 0
    ]
    if kept:
        keep(tx, kept)
        _keep_uses(tx, [(giving, use) for giving in earning for use in uses[giving.reference]])
    in_order = iter(standings)
    return [
        [
            Accrued(
                next(in_order),
                one.earned.accruals,
                posted[giving.reference].transfer_id if giving.reference in posted else None,
            )
            for one in giving.evaluated
        ]
        for giving in givings
    ]


async def _post(
    tx: Tx, givings: Sequence[Giving], credits_of: Mapping[str, Sequence[Credit]]
) -> Mapping[str, Posted]:
    """Book transfers, by their references."""
    if len(givings) == 1:
        [(reference, found)], [giving] = credits_of.items(), givings
        if giving.actor is not None:
            tx.act_for(giving.actor)
        return {reference: await ledger.post(tx, kind="accrual", reference=reference, credits=found)}
    postings = [Posting(giving.reference, credits_of[giving.reference], giving.actor) for giving in givings]
    posted = await ledger.post_each(tx, postings, kind="accrual")
    assert len(posted) == len(givings), "Whoever gives to many has made their references just now."
    return posted


async def _keep_alive(tx: Tx, givings: Sequence[Giving], earning: Collection[str]) -> None:
    """Postpone what slides: once for those who do the same at the same time, each actor in turn."""
    seats: dict[tuple[Actor | None, bool, datetime], list[Seat]] = defaultdict(list)
    for giving in givings:
        alike = (giving.actor, giving.reference in earning, giving.occasion.occurred_at)
        seats[alike] += [one.seat for one in giving.evaluated]
    for (actor, earns, at), together in seats.items():
        if actor is not None:
            tx.act_for(actor)
        await keep_alive(tx, together, ("visit", "earn") if earns else ("visit",), at)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a membership was given and why, and under which circumstances."""

    membership_id: UUID
    accrual: Accrual
    reference: str
    transfer_id: UUID
    location_id: UUID | None
    occurred_at: datetime


def keep(tx: Tx, kept: Sequence[Kept]) -> None:
    """Write down what memberships were given and why; it goes with the next message to the database."""
    tx.write_soon(
        queries.KEEP_ACCRUALS,
        tx.organization_id,
        [new_id() for _ in kept],
        [one.membership_id for one in kept],
        [one.accrual.rule_id for one in kept],
        [one.accrual.promotion_id for one in kept],
        [one.accrual.unit_id for one in kept],
        [one.accrual.amount for one in kept],
        [_reasons_json(one.accrual.reasons) for one in kept],
        [one.reference for one in kept],
        [one.transfer_id for one in kept],
        [one.location_id for one in kept],
        [one.occurred_at for one in kept],
    )


def _keep_uses(tx: Tx, brought: Sequence[tuple[Giving, Use]]) -> None:
    """The same of what promotions brought."""
    if brought:
        tx.write_soon(
            budget_queries.KEEP_USES,
            tx.organization_id,
            [new_id() for _ in brought],
            [use.promotion_id for _, use in brought],
            [use.membership_id for _, use in brought],
            [use.units for _, use in brought],
            [giving.reference for giving, _ in brought],
            [giving.occasion.occurred_at for giving, _ in brought],
        )


def _reasons_json(reasons: Iterable[Reason]) -> str:
    return orjson.dumps([{"code": reason.code, "params": reason.params} for reason in reasons]).decode()
