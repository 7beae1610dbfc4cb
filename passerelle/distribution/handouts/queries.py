"""Every SELECT of handout links."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from passerelle.distribution.handouts.errors import HandoutLinkNotFound
from passerelle.distribution.handouts.models import HandoutLinkRow
from passerelle.distribution.handouts.schemas import HandoutFilter
from passerelle.kit.db import Tx


async def get_link(tx: Tx, link_id: UUID, *, for_update: bool = False) -> HandoutLinkRow:
    query = select(HandoutLinkRow).where(
        HandoutLinkRow.organization_id == tx.organization_id, HandoutLinkRow.id == link_id
    )
    if for_update:
        query = query.with_for_update()
    link = (await tx.session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()
    if link is None:
        raise HandoutLinkNotFound
    return link


async def find_link_by_code(tx: Tx, code: str) -> HandoutLinkRow | None:
    query = select(HandoutLinkRow).where(
        HandoutLinkRow.organization_id == tx.organization_id, HandoutLinkRow.code == code
    )
    return (await tx.session.execute(query)).scalar_one_or_none()


async def list_links(tx: Tx, before: UUID, limit: int, wanted: HandoutFilter) -> Sequence[HandoutLinkRow]:
    query = select(HandoutLinkRow).where(
        HandoutLinkRow.organization_id == tx.organization_id, HandoutLinkRow.id < before
    )
    if wanted.campaign_id is not None:
        query = query.where(HandoutLinkRow.campaign_id == wanted.campaign_id)
    if wanted.product_id is not None:
        query = query.where(HandoutLinkRow.product_id == wanted.product_id)
    query = query.where(
        HandoutLinkRow.event_id == wanted.event_id
        if wanted.event_id is not None
        else HandoutLinkRow.event_id.is_(None)
    )
    return (await tx.session.execute(query.order_by(HandoutLinkRow.id.desc()).limit(limit))).scalars().all()


async def count_links(tx: Tx) -> int:
    query = select(func.count()).where(HandoutLinkRow.organization_id == tx.organization_id)
    return (await tx.session.execute(query)).scalar_one()
