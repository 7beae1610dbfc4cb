"""Every SELECT of distribution, and the statements of its hot paths."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import func, select

from passerelle.distribution.errors import LinkNotFound
from passerelle.distribution.models import JoinLink
from passerelle.distribution.schemas import FunnelBy, LinkFilter
from passerelle.kit.db import Row, Tx

_SMART_LINK: Final = """
SELECT id, origin, pass_id, customer_id, program_id, language, join_link_id, handout_link_id, location_id,
    utm_source, utm_medium, utm_campaign
FROM smart_links WHERE organization_id = $1 AND digest = $2
"""
_PROVEN: Final = """
SELECT EXISTS (
    SELECT FROM smart_links WHERE organization_id = $1 AND customer_id = $2 AND form_digest = ANY($3::bytea[])
)
"""
_SENDER: Final = """
SELECT customer_id FROM smart_links WHERE organization_id = $1 AND form_digest = ANY($2::bytea[])
ORDER BY id DESC LIMIT 1
"""
INSERT_SMART_LINK: Final = """
INSERT INTO smart_links (
    organization_id, id, digest, origin, form_digest, pass_id, customer_id, program_id, language,
    join_link_id, handout_link_id, location_id, utm_source, utm_medium, utm_campaign, created_at
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
ON CONFLICT DO NOTHING RETURNING id
"""
INSERT_FACTS: Final = """
INSERT INTO link_facts (
    organization_id, id, kind, via, occurred_at, program_id, offering_id, platform, language, pass_id, smart_link_id,
    join_link_id, handout_link_id, location_id, utm_source, utm_medium, utm_campaign
) SELECT $1, made.id, made.kind, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17
FROM unnest($2::uuid[], $3::text[]) AS made (id, kind)
"""
# What a wallet tells of a card belongs to the link that issued it, and to the phone that last asked for it.
INSERT_WALLET_FACT: Final = """
INSERT INTO link_facts (
    organization_id, id, kind, via, occurred_at, program_id, offering_id, platform, language, pass_id, smart_link_id,
    join_link_id, handout_link_id, location_id, utm_source, utm_medium, utm_campaign, wallet
)
SELECT $1, $2, $3, 'wallet', $4, $5, $9,
    coalesce((SELECT f.platform FROM link_facts f
        WHERE f.organization_id = $1 AND f.pass_id = $6 AND f.kind = 'tapped' ORDER BY f.id DESC LIMIT 1), $7),
    l.language, $6, l.id, l.join_link_id, l.handout_link_id, l.location_id, l.utm_source, l.utm_medium,
    l.utm_campaign, $8
FROM (SELECT) AS always LEFT JOIN LATERAL (
    SELECT * FROM smart_links WHERE organization_id = $1 AND pass_id = $6 ORDER BY id LIMIT 1
) AS l ON true
"""
FunnelSubject = Literal["program_id", "offering_id"]
_DIMENSIONS: Final[dict[FunnelBy, str]] = {
    "platform": "platform",
    "location": "location_id::text",
    "source": "utm_source",
}
# A page that staff's link opens is the first view of its card; the page after a form is the form's own.
_FUNNEL: Final = """
SELECT grouping({dimension}) = 1 AS is_total, {dimension} AS key,
    count(*) FILTER (WHERE kind = 'viewed' AND via IN ('join_page', 'handout_page'))
        + count(DISTINCT smart_link_id) FILTER (WHERE kind = 'viewed' AND via = 'staff_link') AS viewed,
    count(*) FILTER (WHERE kind = 'platform_detected' AND via IN ('join_page', 'handout_page'))
        + count(DISTINCT smart_link_id) FILTER (WHERE kind = 'platform_detected' AND via = 'staff_link')
        AS platform_detected,
    count(DISTINCT pass_id) FILTER (WHERE kind = 'joined') AS joined,
    count(DISTINCT pass_id) FILTER (WHERE kind = 'tapped') AS tapped,
    count(DISTINCT pass_id) FILTER (WHERE kind = 'added') AS added,
    count(DISTINCT pass_id) FILTER (WHERE kind = 'removed') AS removed
FROM link_facts
WHERE organization_id = $1 AND {subject} = $2 AND occurred_at >= $3 AND occurred_at < $4
GROUP BY GROUPING SETS ((), ({dimension}))
ORDER BY is_total DESC, viewed DESC, key
LIMIT 201
"""
_TOTALS: Final = """
SELECT count(*) FILTER (WHERE kind = 'viewed' AND via IN ('join_page', 'handout_page'))
        + count(DISTINCT smart_link_id) FILTER (WHERE kind = 'viewed' AND via = 'staff_link') AS viewed,
    count(DISTINCT pass_id) FILTER (WHERE kind = 'tapped') AS tapped
FROM link_facts
WHERE organization_id = $1 AND program_id = ANY($2::uuid[]) AND occurred_at >= $3 AND occurred_at < $4
    AND ($5::uuid IS NULL OR location_id = $5)
"""
_FIGURES: Final = """
SELECT l.id AS link_id,
    count(*) FILTER (WHERE f.kind = 'viewed' AND f.via IN ('join_page', 'handout_page')) AS viewed,
    count(*) FILTER (WHERE f.kind = 'platform_detected' AND f.via IN ('join_page', 'handout_page'))
        AS platform_detected,
    count(DISTINCT f.pass_id) FILTER (WHERE f.kind = 'joined') AS joined,
    count(DISTINCT f.pass_id) FILTER (WHERE f.kind = 'tapped') AS tapped,
    count(DISTINCT f.pass_id) FILTER (WHERE f.kind = 'added') AS added,
    count(DISTINCT f.pass_id) FILTER (WHERE f.kind = 'added' AND f.wallet = 'apple') AS added_apple,
    count(DISTINCT f.pass_id) FILTER (WHERE f.kind = 'added' AND f.wallet = 'google') AS added_google,
    count(DISTINCT f.pass_id) FILTER (WHERE f.kind = 'removed') AS removed
FROM {links} l
LEFT JOIN link_facts f ON f.organization_id = l.organization_id AND f.{link} = l.id
    AND f.occurred_at >= $3 AND f.occurred_at < $4
WHERE l.organization_id = $1 AND l.id = ANY($2::uuid[])
GROUP BY l.id
"""
_CUSTOMERS_LINKS: Final = """
SELECT id, origin, pass_id, program_id, language, location_id, utm_source, utm_medium, utm_campaign, created_at
FROM smart_links WHERE organization_id = $1 AND customer_id = $2 ORDER BY id
"""
MERGE: Final = "UPDATE smart_links SET customer_id = $2 WHERE organization_id = $1 AND customer_id = $3"
FORGET: Final = "DELETE FROM smart_links WHERE organization_id = $1 AND customer_id = $2"


async def find_smart_link(tx: Tx, digest: bytes) -> Row:
    """The smart link with this digest, or None."""
    return await tx.fetchrow(_SMART_LINK, tx.organization_id, digest)


async def find_sender(tx: Tx, form_digests: Sequence[bytes]) -> UUID | None:
    """Who got a card by one of these forms; None when nobody did."""
    found: UUID | None = await tx.fetchval(_SENDER, tx.organization_id, form_digests)
    return found


async def is_proven(tx: Tx, customer_id: UUID, form_digests: Sequence[bytes]) -> bool:
    """Whether one of these forms gave this customer a card before."""
    found: bool = await tx.fetchval(_PROVEN, tx.organization_id, customer_id, form_digests)
    return found


async def smart_links_of(tx: Tx, customer_id: UUID) -> Sequence[Row]:
    """A customer's smart links, oldest first, without their secrets."""
    return await tx.fetch(_CUSTOMERS_LINKS, tx.organization_id, customer_id)


async def funnel_rows(
    tx: Tx, subject: FunnelSubject, subject_id: UUID, start: datetime, end: datetime, *, by: FunnelBy
) -> Sequence[Row]:
    """The total first, then the 200 most viewed rows."""
    statement = _FUNNEL.format(subject=subject, dimension=_DIMENSIONS[by])
    return await tx.fetch(statement, tx.organization_id, subject_id, start, end)


async def totals(
    tx: Tx, program_ids: Sequence[UUID], start: datetime, end: datetime, location_id: UUID | None
) -> Row:
    return await tx.fetchrow(_TOTALS, tx.organization_id, list(program_ids), start, end, location_id)


async def link_figures(tx: Tx, link_ids: Sequence[UUID], start: datetime, end: datetime) -> Sequence[Row]:
    """A row for each of these join links that there is."""
    statement = _FIGURES.format(links="join_links", link="join_link_id")
    return await tx.fetch(statement, tx.organization_id, list(link_ids), start, end)


async def handout_figures(tx: Tx, link_ids: Sequence[UUID], start: datetime, end: datetime) -> Sequence[Row]:
    """A row for each of these handout links that there is."""
    statement = _FIGURES.format(links="handout_links", link="handout_link_id")
    return await tx.fetch(statement, tx.organization_id, list(link_ids), start, end)


async def get_join_link(tx: Tx, join_link_id: UUID) -> JoinLink:
    link = await tx.session.get(JoinLink, (tx.organization_id, join_link_id))
    if link is None:
        raise LinkNotFound
    return link


async def find_join_link_by_code(tx: Tx, code: str) -> JoinLink | None:
    query = select(JoinLink).where(JoinLink.organization_id == tx.organization_id, JoinLink.code == code)
    return (await tx.session.execute(query)).scalar_one_or_none()


async def find_default_join_link(tx: Tx, program_id: UUID) -> JoinLink | None:
    query = select(JoinLink).where(
        JoinLink.organization_id == tx.organization_id,
        JoinLink.program_id == program_id,
        JoinLink.is_default.is_(True),
    )
    return (await tx.session.execute(query)).scalar_one_or_none()


async def count_join_links(tx: Tx) -> int:
    query = select(func.count()).select_from(JoinLink).where(JoinLink.organization_id == tx.organization_id)
    return (await tx.session.execute(query)).scalar_one()


async def list_join_links(tx: Tx, before: UUID, limit: int, wanted: LinkFilter) -> Sequence[JoinLink]:
    archived = JoinLink.archived_at.is_not(None) if wanted.archived else JoinLink.archived_at.is_(None)
    query = select(JoinLink).where(JoinLink.organization_id == tx.organization_id, JoinLink.id < before, archived)
    if wanted.program_id is not None:
        query = query.where(JoinLink.program_id == wanted.program_id)
    if wanted.location_id is not None:
        query = query.where(JoinLink.location_id == wanted.location_id)
    return (await tx.session.execute(query.order_by(JoinLink.id.desc()).limit(limit))).scalars().all()
