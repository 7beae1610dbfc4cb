"""Every SELECT of second factors; the tenant is the transaction's."""

from typing import Final
from uuid import UUID

from sqlalchemy import select

from passerelle.kit.db import Tx
from passerelle.organizations.second_factors.models import SecondFactor

USE_RECOVERY_CODE: Final = """
DELETE FROM recovery_codes WHERE organization_id = $1 AND operator_id = $2 AND digest = $3 RETURNING 1
"""
COUNT_RECOVERY_CODES: Final = "SELECT count(*) FROM recovery_codes WHERE organization_id = $1 AND operator_id = $2"
FORGET_RECOVERY_CODES: Final = "DELETE FROM recovery_codes WHERE organization_id = $1 AND operator_id = $2"
KEEP_RECOVERY_CODES: Final = """
INSERT INTO recovery_codes (organization_id, operator_id, digest) SELECT $1, $2, unnest($3::bytea[])
"""


async def second_factor_for_update(tx: Tx, operator_id: UUID) -> SecondFactor | None:
    """The operator's second factor, confirmed or not, locked: one code opens one session."""
    query = (
        select(SecondFactor)
        .where(SecondFactor.organization_id == tx.organization_id, SecondFactor.operator_id == operator_id)
        .with_for_update()
    )
    return (await tx.session.execute(query)).scalar_one_or_none()


async def is_on(tx: Tx, operator_id: UUID) -> bool:
    """Whether a confirmed one is there."""
    query = select(SecondFactor.confirmed_at).where(
        SecondFactor.organization_id == tx.organization_id, SecondFactor.operator_id == operator_id
    )
    return (await tx.session.execute(query)).scalar_one_or_none() is not None
