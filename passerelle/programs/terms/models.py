"""The table of terms."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime


class TermRow(Tenant, Base):
    """One entry of a membership's history and the term that it brings; never deleted.

    ``input_digest`` tells a repetition from another entry under the same reference. ``terms`` is what was in force
    when it was recorded: its length and the days of grace. ``[starts_at, ends_at)`` follows from the entries that
    stand, and moves when one before it is voided. ``set_aside``: of a membership that was merged into one that ran
    longer, kept for its money alone.
    """

    __tablename__ = "membership_terms"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "membership_id"], ["memberships.organization_id", "memberships.id"]),
        ForeignKeyConstraint(["organization_id", "location_id"], ["locations.organization_id", "locations.id"]),
        UniqueConstraint("organization_id", "reference"),
        Index("ix_membership_terms_membership_id", "organization_id", "membership_id", "id"),
        Index(
            "ix_membership_terms_occurred_at",
            "organization_id",
            "occurred_at",
            postgresql_where=text("kind = 'payment'"),
        ),
        CheckConstraint("kind IN ('joining', 'payment', 'gift')", "kind"),
        CheckConstraint("(kind = 'payment') = (amount_minor IS NOT NULL)", "amount"),
        CheckConstraint(
            "(amount_minor IS NULL) = (currency IS NULL) AND (amount_minor IS NULL) = (method IS NULL)", "payment"
        ),
        CheckConstraint("amount_minor >= 0", "amount_minor"),
        CheckConstraint("method IN ('cash', 'card', 'transfer', 'other')", "method"),
        CheckConstraint("starts_at <= ends_at", "span"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    membership_id: Mapped[UUID]
    kind: Mapped[str]
    reference: Mapped[str]
    input_digest: Mapped[bytes]
    terms: Mapped[dict[str, Any]]
    amount_minor: Mapped[int | None] = mapped_column(BigInteger())
    currency: Mapped[str | None]
    method: Mapped[str | None]
    reason: Mapped[str | None]
    location_id: Mapped[UUID | None]
    occurred_at: Mapped[datetime] = mapped_column(UtcTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcTime)
    actor: Mapped[str]
    starts_at: Mapped[datetime] = mapped_column(UtcTime)
    ends_at: Mapped[datetime] = mapped_column(UtcTime)
    voided_at: Mapped[datetime | None] = mapped_column(UtcTime)
    voided_by: Mapped[str | None]
    void_reason: Mapped[str | None]
    set_aside: Mapped[bool] = mapped_column(server_default=text("false"))
