"""Tables of feedback."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime


class FeedbackRow(Tenant, Base):
    """One visit that is asked about, with its answer; ``words`` and ``reply`` are encrypted.

    ``reference`` names the visit, so that it is asked about once. ``mail`` is what became of asking by mail: queued,
    or why not.
    """

    __tablename__ = "feedback"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "customer_id"], ["customers.organization_id", "customers.id"]),
        ForeignKeyConstraint(["organization_id", "location_id"], ["locations.organization_id", "locations.id"]),
        UniqueConstraint("organization_id", "reference"),
        Index("ix_feedback_customer_id", "organization_id", "customer_id", "happened_at"),
        Index("ix_feedback_due_at", "organization_id", "due_at"),
        Index(
            "ix_feedback_low",
            "organization_id",
            "id",
            postgresql_where=text("stars <= 2 AND dealt_at IS NULL"),
        ),
        CheckConstraint("occasion IN ('purchase', 'visit', 'check_in')", "occasion"),
        CheckConstraint("stars BETWEEN 1 AND 5", "stars"),
        CheckConstraint("(stars IS NULL) = (answered_at IS NULL)", "answered_at"),
        CheckConstraint("words IS NULL OR stars IS NOT NULL", "words"),
        CheckConstraint("mail IN ('queued', 'no_consent', 'no_address')", "mail"),
        CheckConstraint("(dealt_at IS NULL) = (dealt_by IS NULL)", "dealt_by"),
        CheckConstraint("(reply IS NULL) = (replied_at IS NULL)", "replied_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID]
    location_id: Mapped[UUID | None]
    occasion: Mapped[str]
    reference: Mapped[str]
    happened_at: Mapped[datetime] = mapped_column(UtcTime)
    due_at: Mapped[datetime] = mapped_column(UtcTime)
    open_until: Mapped[datetime] = mapped_column(UtcTime)
    mail: Mapped[str | None]
    stars: Mapped[int | None]
    words: Mapped[bytes | None]
    answered_at: Mapped[datetime | None] = mapped_column(UtcTime)
    changed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    reply: Mapped[bytes | None]
    replied_at: Mapped[datetime | None] = mapped_column(UtcTime)
    dealt_at: Mapped[datetime | None] = mapped_column(UtcTime)
    dealt_by: Mapped[str | None]


class FeedbackSettingsRow(Tenant, Base):
    """What an organization asks about; without a row, nothing. ``followed_to`` is how far its log was read."""

    __tablename__ = "feedback_settings"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organizations.organization_id"]),
        CheckConstraint("delay_minutes BETWEEN 0 AND 10080", "delay_minutes"),
        CheckConstraint("every_days BETWEEN 1 AND 365", "every_days"),
    )

    enabled: Mapped[bool]
    occasions: Mapped[list[Any]]
    delay_minutes: Mapped[int]
    every_days: Mapped[int]
    by_mail: Mapped[bool]
    followed_to: Mapped[datetime] = mapped_column(UtcTime)
