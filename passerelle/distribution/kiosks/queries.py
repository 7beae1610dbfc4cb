"""Every SELECT of kiosks, and the statement that notes their calls."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from passerelle.distribution.kiosks.errors import KioskNotFound
from passerelle.distribution.kiosks.models import Kiosk
from passerelle.distribution.models import JoinLink
from passerelle.kit.db import Tx

# To the minute: a row that is written with every call would be written for nothing.
NOTE_SEEN: Final = """
UPDATE kiosks SET seen_at = $3 WHERE organization_id = $1 AND id = $2
    AND (seen_at IS NULL OR seen_at < $3::timestamptz - interval '1 minute')
"""


async def get_kiosk(tx: Tx, kiosk_id: UUID) -> Kiosk:
    kiosk = await tx.session.get(Kiosk, (tx.organization_id, kiosk_id))
    if kiosk is None:
        raise KioskNotFound
    return kiosk


async def find_kiosk(tx: Tx, digest: bytes) -> Kiosk | None:
    """The kiosk with this secret, revoked or not."""
    query = select(Kiosk).where(Kiosk.organization_id == tx.organization_id, Kiosk.digest == digest)
    return (await tx.session.execute(query)).scalar_one_or_none()


async def count_open_kiosks(tx: Tx) -> int:
    query = select(func.count()).where(Kiosk.organization_id == tx.organization_id, Kiosk.revoked_at.is_(None))
    return (await tx.session.execute(query)).scalar_one()


async def list_kiosks(tx: Tx, before: UUID, limit: int) -> Sequence[tuple[Kiosk, JoinLink]]:
    """Kiosks with their links, newest first."""
    query = (
        select(Kiosk, JoinLink)
        .join(JoinLink, (JoinLink.organization_id == Kiosk.organization_id) & (JoinLink.id == Kiosk.join_link_id))
        .where(Kiosk.organization_id == tx.organization_id, Kiosk.id < before)
        .order_by(Kiosk.id.desc())
        .limit(limit)
    )
    return [(kiosk, link) for kiosk, link in (await tx.session.execute(query)).all()]
