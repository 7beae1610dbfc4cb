"""Tables of privacy."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime


class Consent(Tenant, Base):
    """One thing a person said about one purpose on one channel, and the words they were shown.

    Append-only by grant: the application's role may insert and read, nothing else. Nothing in here tells who the
    person was, so erasure leaves it; what does is in ``ConsentEvidence``, which erasure deletes.
    """

    __tablename__ = "consents"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "customer_id"], ["customers.organization_id", "customers.id"]),
        CheckConstraint(
            "channel IN ('none', 'sms', 'whatsapp', 'email', 'push', 'telegram', 'messenger')", "channel"
        ),
        CheckConstraint("state IN ('granted', 'withdrawn')", "state"),
        CheckConstraint("source IN ('form', 'till', 'import', 'api', 'erasure')", "source"),
        CheckConstraint(
            "state = 'withdrawn' OR num_nulls(wording, wording_version, language) = 0", "granted_with_wording"
        ),
        Index("ix_consents_customer_id", "organization_id", "customer_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID]
    purpose: Mapped[str]
    channel: Mapped[str]
    state: Mapped[str]
    wording: Mapped[str | None]
    wording_version: Mapped[str | None]
    language: Mapped[str | None]
    source: Mapped[str]
    actor: Mapped[str]
    given_at: Mapped[datetime] = mapped_column(UtcTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcTime)


class ConsentEvidence(Tenant, Base):
    """From which network a consent came, encrypted. Insert, read and delete; never update."""

    __tablename__ = "consent_evidence"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "consent_id"], ["consents.organization_id", "consents.id"]),
        Index("ix_consent_evidence_customer_id", "organization_id", "customer_id"),
    )

    consent_id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID]
    network: Mapped[bytes]
