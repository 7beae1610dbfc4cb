"""Every SELECT of privacy; the tenant is named in each, beside row-level security."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from passerelle.kit.db import Tx
from passerelle.privacy.models import Consent
from passerelle.privacy.rules import ANY_CHANNEL, Said

# The last word per state is enough for rules.permits, however often somebody changed their mind.
_SAID: Final = """
SELECT DISTINCT ON (customer_id, channel, state) customer_id, id, channel, state, given_at FROM consents
WHERE organization_id = $1 AND customer_id = ANY($2::uuid[]) AND purpose = $3 AND channel = ANY($4::text[])
ORDER BY customer_id, channel, state, given_at DESC, id DESC
"""
_EVIDENCE: Final = """
SELECT consent_id, network FROM consent_evidence WHERE organization_id = $1 AND customer_id = $2
"""
_EVENTS: Final = """
SELECT id, name, actor, occurred_at, payload FROM events
WHERE organization_id = $1 AND id < $2
AND ($3::text IS NULL OR name = $3) AND ($4::text IS NULL OR actor = $4)
AND ($5::timestamptz IS NULL OR occurred_at >= $5) AND ($6::timestamptz IS NULL OR occurred_at < $6)
AND ($8::text IS NULL OR starts_with(name, $8 || '.'))
ORDER BY id DESC LIMIT $7
"""


async def said_of(tx: Tx, customer_ids: Sequence[UUID], purpose: str, channel: str) -> Mapping[UUID, Sequence[Said]]:
    """What each customer said about a purpose on a channel, or about the purpose as a whole."""
    rows = await tx.fetch(_SAID, tx.organization_id, list(customer_ids), purpose, [channel, ANY_CHANNEL])
    said: dict[UUID, list[Said]] = defaultdict(list)
    for row in rows:
        said[row["customer_id"]].append(Said(row["id"], row["channel"], row["state"], row["given_at"]))
    return said


async def current_consents(tx: Tx, customer_id: UUID) -> Sequence[Consent]:
    """The last record of each purpose and channel."""
    query = (
        select(Consent)
        .where(Consent.organization_id == tx.organization_id, Consent.customer_id == customer_id)
        .ext(distinct_on(Consent.purpose, Consent.channel))
        .order_by(Consent.purpose, Consent.channel, Consent.given_at.desc(), Consent.id.desc())
    )
    return (await tx.session.execute(query)).scalars().all()


async def list_consents(tx: Tx, customer_id: UUID, before: UUID, limit: int) -> Sequence[Consent]:
    query = (
        select(Consent)
        .where(Consent.organization_id == tx.organization_id, Consent.customer_id == customer_id, Consent.id < before)
        .order_by(Consent.id.desc())
        .limit(limit)
    )
    return (await tx.session.execute(query)).scalars().all()


async def all_consents(tx: Tx, customer_id: UUID) -> Sequence[Consent]:
    """Everything in the order in which it was recorded."""
    query = (
        select(Consent)
        .where(Consent.organization_id == tx.organization_id, Consent.customer_id == customer_id)
        .order_by(Consent.id)
    )
    return (await tx.session.execute(query)).scalars().all()


async def evidence_of(tx: Tx, customer_id: UUID) -> Mapping[UUID, bytes]:
    """The encrypted network of each consent that came from one."""
    rows = await tx.fetch(_EVIDENCE, tx.organization_id, customer_id)
    return {row["consent_id"]: row["network"] for row in rows}


async def list_events(
    tx: Tx,
    *,
    name: str | None,
    about: str | None,
    actor: str | None,
    since: datetime | None,
    until: datetime | None,
    before: UUID,
    limit: int,
) -> Sequence[Any]:
    """Rows of the event log, newest first."""
    return await tx.fetch(_EVENTS, tx.organization_id, before, name, actor, since, until, limit, about)
