"""Personal data of the ledger: owners are pseudonymous ids, amounts and times; nothing tells who they are.

Books stay after a person was erased, so there is nothing to erase here: the id no longer leads to anyone. The
history belongs to what a person may ask for, and is exported.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.kit.ids import ABOVE_ALL
from passerelle.ledger import queries

_PAGE: Final = 200


async def export(tx: Tx, owner_ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """Every transfer of these owners, newest first for each, as plain values."""
    transfers: list[dict[str, Any]] = []
    for owner_id in owner_ids:
        before = ABOVE_ALL
        while page := await queries.list_transfers(tx, owner_id, before, _PAGE):
            transfers += [asdict(transfer) for transfer in page]
            before = page[-1].id
    return transfers
