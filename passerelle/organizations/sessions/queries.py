"""Every SELECT of sessions; the tenant is the transaction's."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select

from passerelle.kit.db import Tx
from passerelle.organizations.models import Operator, OperatorSession

_LISTED: Final = 100
FORGET_ENDED: Final = "DELETE FROM operator_sessions WHERE organization_id = $1 AND expires_at < $2"
END_ONE: Final = """
DELETE FROM operator_sessions WHERE organization_id = $1 AND operator_id = $2 AND id = $3 RETURNING 1
"""


async def find_operator_by_email(tx: Tx, email_index: bytes) -> Operator | None:
    """The operator, locked, so that two attempts at once are counted as two."""
    query = (
        select(Operator)
        .where(Operator.organization_id == tx.organization_id, Operator.email_index == email_index)
        .with_for_update()
    )
    return (await tx.session.execute(query)).scalar_one_or_none()


async def list_sessions(tx: Tx, operator_id: UUID) -> Sequence[OperatorSession]:
    """An operator's sessions, newest first; those of a hundred browsers at most."""
    query = (
        select(OperatorSession)
        .where(OperatorSession.organization_id == tx.organization_id, OperatorSession.operator_id == operator_id)
        .order_by(OperatorSession.created_at.desc())
        .limit(_LISTED)
    )
    return (await tx.session.execute(query)).scalars().all()
