"""What rewards hold of a person: the rewards they took.

After erasure the rows stay under the pseudonym, beside the ledger's debits; nothing in them tells who it was.
"""

from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.rewards import service

tables: Final = frozenset({"issued_rewards"})
_PAGE: Final = 200
_LAST: Final = UUID(int=(1 << 128) - 1)


async def export(tx: Tx, customer_id: UUID) -> dict[str, Any]:
    """Every reward taken, newest first, undone ones, too."""
    issued: list[dict[str, Any]] = []
    before = _LAST
    while page := await service.list_issued_rewards(tx, customer_id, before, _PAGE):
        issued += [asdict(one) for one in page]
        before = page[-1].id
    return {"issued_rewards": issued}


async def erase(_tx: Tx, _customer_id: UUID) -> None:
    """Nothing here tells who somebody is."""
