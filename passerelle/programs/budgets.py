"""What promotions have given: taken while a purchase is booked, given back when it is undone."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.ids import new_id
from passerelle.programs import queries
from passerelle.programs.promoting import Budget


async def budgets_of(tx: Tx, promotion_ids: Sequence[UUID], *, hold: bool) -> dict[UUID, Budget]:
    """What promotions have left. ``hold`` keeps other tills waiting to the end of the transaction."""
    rows = await queries.budgets(tx, sorted(set(promotion_ids)), hold=hold)
    return {row["id"]: Budget(row["uses"], row["units"]) for row in rows}


async def take(
    tx: Tx, uses: Mapping[UUID, Mapping[UUID, int]], reference: str, occurred_at: datetime, budgeted: set[UUID]
) -> None:
    """Write down what promotions brought, by membership; ``budgeted`` are those whose budget is held."""
    taken = [
        (promotion_id, membership_id, units)
        for membership_id, brought in uses.items()
        for promotion_id, units in brought.items()
    ]
    if not taken:
        return
    await tx.execute(
        queries.KEEP_USES,
        tx.organization_id,
        [new_id() for _ in taken],
        [promotion_id for promotion_id, _, _ in taken],
        [membership_id for _, membership_id, _ in taken],
        [units for _, _, units in taken],
        reference,
        occurred_at,
    )
    counted = [(promotion_id, units) for promotion_id, _, units in taken if promotion_id in budgeted]
    if counted:
        ids, units = zip(*counted, strict=True)
        await tx.execute(queries.TAKE_BUDGETS, tx.organization_id, list(ids), list(units))


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
