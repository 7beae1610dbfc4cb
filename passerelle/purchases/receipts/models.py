"""Tables of receipts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime


class ReceiptRow(Tenant, Base):
    """One receipt; ``refunds`` are the slices that were paid back before anybody claimed it, in order.

    Its number is unique as that of a purchase is: per channel and location. The code is encrypted, and found by
    ``code_index``. ``claim_until`` is fixed when it is told, for it may be printed.
    """

    __tablename__ = "receipts"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "location_id"], ["locations.organization_id", "locations.id"]),
        ForeignKeyConstraint(["organization_id", "customer_id"], ["customers.organization_id", "customers.id"]),
        ForeignKeyConstraint(["organization_id", "purchase_id"], ["purchases.organization_id", "purchases.id"]),
        UniqueConstraint("organization_id", "code_index"),
        Index(
            "uq_receipts_reference",
            "organization_id",
            "reference",
            "channel",
            "location_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("reference IS NOT NULL"),
        ),
        Index(
            "ix_receipts_customer_id",
            "organization_id",
            "customer_id",
            "claimed_at",
            postgresql_where=text("customer_id IS NOT NULL"),
        ),
        Index("ix_receipts_purchase_id", "organization_id", "purchase_id"),
        Index("ix_receipts_told_at", "organization_id", "told_at"),
        CheckConstraint("amount_minor > 0", "amount_minor"),
        CheckConstraint("state IN ('open', 'claimed', 'refunded', 'voided')", "state"),
        CheckConstraint("refunded_minor BETWEEN 0 AND amount_minor", "refunded_minor"),
        CheckConstraint("(state = 'claimed') = (purchase_id IS NOT NULL)", "purchase_id"),
        CheckConstraint("(purchase_id IS NULL) = (customer_id IS NULL)", "customer_id"),
        CheckConstraint("(purchase_id IS NULL) = (claimed_at IS NULL)", "claimed_at"),
        CheckConstraint("channel IN ('till', 'online', 'api')", "channel"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[bytes]
    code_index: Mapped[bytes]
    reference: Mapped[str | None]
    channel: Mapped[str]
    location_id: Mapped[UUID | None]
    amount_minor: Mapped[int] = mapped_column(BigInteger())
    currency: Mapped[str]
    tax_minor: Mapped[int | None] = mapped_column(BigInteger())
    points_minor: Mapped[int] = mapped_column(BigInteger())
    gift_card_minor: Mapped[int] = mapped_column(BigInteger())
    lines: Mapped[list[Any]]
    actor: Mapped[str]
    occurred_at: Mapped[datetime] = mapped_column(UtcTime)
    told_at: Mapped[datetime] = mapped_column(UtcTime)
    claim_until: Mapped[datetime] = mapped_column(UtcTime)
    state: Mapped[str]
    refunds: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    refunded_minor: Mapped[int] = mapped_column(BigInteger(), server_default=text("0"))
    customer_id: Mapped[UUID | None]
    purchase_id: Mapped[UUID | None]
    claimed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    claimed_by: Mapped[str | None]


class ReceiptSettingsRow(Tenant, Base):
    """How receipts may be claimed in an organization; without a row, as schemas.ReceiptSettings says."""

    __tablename__ = "receipt_settings"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organizations.organization_id"]),
        CheckConstraint("claim_days BETWEEN 1 AND 90", "claim_days"),
    )

    claim_days: Mapped[int]
    per_day: Mapped[int]
    per_month: Mapped[int]
    by_print: Mapped[bool]


class ReceiptAttemptRow(Tenant, Base):
    """Receipts that somebody tried lately and that there are not: a customer, an operator, or all together."""

    __tablename__ = "receipt_attempts"
    __table_args__ = (CheckConstraint("failures > 0", "failures"),)

    subject: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    since: Mapped[datetime] = mapped_column(UtcTime)
