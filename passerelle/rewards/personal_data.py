"""What rewards hold of a person: the rewards they took, and what they paid with units.

After erasure the rows stay under the pseudonym, beside the ledger's debits; what staff wrote about somebody's reward
and how a parcel went there are forgotten.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.kit.ids import ABOVE_ALL
from passerelle.programs import service as programs
from passerelle.rewards import queries, service
from passerelle.rewards.errors import MergeRewardsOpen
from passerelle.rewards.payments import queries as payment_queries
from passerelle.rewards.payments import service as payments
from passerelle.rewards.payments.schemas import Payment
from passerelle.rewards.values import IssuedReward

tables: Final = frozenset({"issued_rewards", "payments"})
_PAGE: Final = 200


async def export(tx: Tx, customer_id: UUID) -> dict[str, Any]:
    """Every reward and every payment, newest first, undone ones, too."""

    async def issued(before: UUID) -> Sequence[IssuedReward]:
        return await service.list_issued_rewards(tx, before, _PAGE, customer_id=customer_id)

    async def paid(before: UUID) -> Sequence[Payment]:
        return await payments.list_payments(tx, before, _PAGE, customer_id=customer_id)

    rewards = await _all(issued)
    for reward in rewards:
        reward["benefit"] = reward["benefit"].model_dump(mode="json")
    return {"issued_rewards": rewards, "payments": await _all(paid)}


async def erase(tx: Tx, customer_id: UUID) -> None:
    """Forget reasons and tracking, where people may have written a name."""
    await tx.execute(queries.FORGET, tx.organization_id, customer_id)


async def merge(tx: Tx, kept_id: UUID, merged_id: UUID) -> None:
    """What both took and paid, one person did. Raises MergeRewardsOpen: a membership that ends leaves none behind."""
    for shared in await programs.shared_programs(tx, kept_id, merged_id):
        if await service.open_rewards(tx, await programs.standing(tx, shared.merged.id)):
            raise MergeRewardsOpen(program=shared.program.name)
    await tx.execute(queries.MERGE, tx.organization_id, kept_id, merged_id)
    await tx.execute(payment_queries.MERGE, tx.organization_id, kept_id, merged_id)


async def _all(read: Callable[[UUID], Awaitable[Sequence[Any]]]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    before = ABOVE_ALL
    while page := await read(before):
        items += [asdict(each) for each in page]
        before = page[-1].id
    return items
