"""What promotions have given: taken while a purchase is booked, given back when it is undone."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.programs import budget_queries as queries
from passerelle.programs.promoting import Budget


@dataclass(frozen=True, slots=True)
class Use:
    """What one promotion brought one membership on one occasion."""

    promotion_id: UUID
    membership_id: UUID
    units: int


async def budgets_of(tx: Tx, promotion_ids: Sequence[UUID], *, hold: bool) -> dict[UUID, Budget]:
    """What promotions have left. ``hold`` keeps other tills waiting to the end of the transaction."""
    rows = await queries.budgets(tx, sorted(set(promotion_ids)), hold=hold)
    return {row["id"]: Budget(row["uses"], row["units"]) for row in rows}


def without(left: Mapping[UUID, Budget], uses: Mapping[UUID, int]) -> dict[UUID, Budget]:
    """What budgets have left after these uses, of so many units each."""
    return {
        promotion_id: Budget(
            None if budget.uses is None else budget.uses - 1,
            None if budget.units is None else budget.units - uses[promotion_id],
        )
        if promotion_id in uses
        else budget
        for promotion_id, budget in left.items()
    }


async def take(tx: Tx, uses: Sequence[Use]) -> None:
    """Take what promotions bring from budgets that are held; those without a budget are left out."""
    taken: dict[UUID, list[int]] = defaultdict(list)
    for use in uses:
        taken[use.promotion_id].append(use.units)
    if taken:
        arguments = list(taken), [len(units) for units in taken.values()], [sum(units) for units in taken.values()]
        await tx.execute(queries.TAKE_BUDGETS, tx.organization_id, *arguments)


async def uses_of(tx: Tx, reference: str) -> dict[UUID, dict[UUID, int]]:
    """What promotions brought under a reference, by membership."""
    uses: dict[UUID, dict[UUID, int]] = {}
    for row in await queries.uses_of(tx, reference):
        uses.setdefault(row["membership_id"], {})[row["promotion_id"]] = row["units"]
    return uses


async def give_back(tx: Tx, reference: str) -> None:
    """Return what was given under a reference to the budgets, once; called when it is undone whole.

    Whoever earns takes budgets before ledger accounts, so whoever undoes must give back before it reverses.
    """
    await queries.hold_for_return(tx, reference)
    await tx.execute(queries.GIVE_BUDGETS_BACK, tx.organization_id, reference, clock.now())


async def give_parts_back(tx: Tx, reference: str) -> None:
    """Return to the budgets the part that was marked as taken back of what was given under a reference.

    The use itself goes back with the last part, by ``give_back``. The order of locks is the same.
    """
    await queries.hold_for_return(tx, reference)
    await tx.execute(queries.GIVE_PARTS_BACK, tx.organization_id, reference)
