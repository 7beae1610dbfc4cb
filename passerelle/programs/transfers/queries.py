"""Every SQL text of transfers between members; the tenant always."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.programs.transfers.errors import MemberTransferNotFound
from passerelle.programs.transfers.schemas import MemberTransfer

_TRANSFERS: Final = """
SELECT t.id, t.giver_id, t.receiver_id, u.code AS unit, t.amount, t.reference, t.transfer_id, t.actor, t.made_at,
       t.undone_at
FROM member_transfers t JOIN units u ON u.organization_id = t.organization_id AND u.id = t.unit_id
WHERE t.organization_id = $1
"""
_BY_ID: Final = f"{_TRANSFERS} AND t.id = $2"
_BY_REFERENCE: Final = f"{_TRANSFERS} AND t.giver_id = $2 AND t.reference = $3"
_PAGE: Final = f"{_TRANSFERS} AND (t.giver_id = $2 OR t.receiver_id = $2) AND t.id < $3 ORDER BY t.id DESC LIMIT $4"
_GIVEN: Final = """
SELECT coalesce(sum(amount), 0)::bigint FROM member_transfers
WHERE organization_id = $1 AND giver_id = $2 AND unit_id = $3 AND made_at >= $4 AND made_at < $5
  AND undone_at IS NULL
"""
ADD: Final = """
INSERT INTO member_transfers (organization_id, id, giver_id, receiver_id, unit_id, amount, reference, transfer_id,
                              actor, made_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
UNDO: Final = """
UPDATE member_transfers SET undone_at = $3 WHERE organization_id = $1 AND id = $2 AND undone_at IS NULL
RETURNING unit_id
"""


async def get_transfer(tx: Tx, member_transfer_id: UUID) -> MemberTransfer:
    """Raises MemberTransferNotFound."""
    row = await tx.fetchrow(_BY_ID, tx.organization_id, member_transfer_id)
    if row is None:
        raise MemberTransferNotFound
    return MemberTransfer(**row)


async def find_by_reference(tx: Tx, giver_id: UUID, reference: str) -> MemberTransfer | None:
    row = await tx.fetchrow(_BY_REFERENCE, tx.organization_id, giver_id, reference)
    return MemberTransfer(**row) if row is not None else None


async def list_transfers(tx: Tx, membership_id: UUID, before: UUID, limit: int) -> Sequence[Any]:
    """What a member gave or was given, newest first."""
    return await tx.fetch(_PAGE, tx.organization_id, membership_id, before, limit)


async def given_between(tx: Tx, giver_id: UUID, unit_id: UUID, start: datetime, end: datetime) -> int:
    """What a member gave away in ``[start, end)`` and was not undone."""
    given: int = await tx.fetchval(_GIVEN, tx.organization_id, giver_id, unit_id, start, end)
    return given
