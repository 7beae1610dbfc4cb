"""Tables of the foundations: directory, tenants' keys, the event log, answers kept for retries."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, LargeBinary, PrimaryKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime


class DirectoryEntry(Base):
    """Which tenant a public key belongs to (a device, a sign-in name), before any tenant is known.

    Holds digests and nothing else, so it is shared by all tenants and has no row-level security.
    ``position`` orders the tenants of one key, for a phone may hold cards of several.
    """

    __tablename__ = "directory"
    __table_args__ = (PrimaryKeyConstraint("kind", "digest", "organization_id"),)

    kind: Mapped[str]
    digest: Mapped[bytes]
    organization_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(server_default=text("0"))


class TenantKey(Tenant, Base):
    """The organization's data key, wrapped by the master key."""

    __tablename__ = "tenant_keys"

    wrapped_key: Mapped[bytes] = mapped_column(LargeBinary())
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class EventRow(Tenant, Base):
    """One announced fact; append-only."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_name", "organization_id", "name", "id"),
        Index("ix_events_actor", "organization_id", "actor", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    actor: Mapped[str]
    occurred_at: Mapped[datetime] = mapped_column(UtcTime)
    payload: Mapped[dict[str, Any]]


class IdempotencyKey(Tenant, Base):
    """The answer once given under an Idempotency-Key, encrypted, kept for a day."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (Index("ix_idempotency_keys_created_at", "organization_id", "created_at"),)

    actor: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_digest: Mapped[bytes]
    status: Mapped[int | None]
    answer: Mapped[bytes | None]
    created_at: Mapped[datetime] = mapped_column(UtcTime)
