"""Tables of purchases."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime


class PurchaseRow(Tenant, Base):
    """One purchase; ``lines`` is the basket as it was sold, which nobody edits, so it lives in the row.

    ``refunded_minor`` is the sum of its refunds; ``refunded`` when that is all of it. ``tax_minor`` is contained in
    the amount, ``points_minor`` and ``gift_card_minor`` are parts that were not paid with money.

    A till's receipt numbers start again in every shop, so a reference is unique per channel and location.
    """

    __tablename__ = "purchases"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "customer_id"], ["customers.organization_id", "customers.id"]),
        ForeignKeyConstraint(["organization_id", "location_id"], ["locations.organization_id", "locations.id"]),
        Index(
            "uq_purchases_external_reference",
            "organization_id",
            "channel",
            "location_id",
            "external_reference",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("external_reference IS NOT NULL"),
        ),
        Index("ix_purchases_customer_id", "organization_id", "customer_id", "id"),
        CheckConstraint("amount_minor > 0", "amount_minor"),
        CheckConstraint("state IN ('recorded', 'refunded', 'voided')", "state"),
        CheckConstraint("refunded_minor BETWEEN 0 AND amount_minor", "refunded_minor"),
        CheckConstraint("state = 'voided' OR (state = 'refunded') = (refunded_minor = amount_minor)", "refunded"),
        CheckConstraint("(state = 'voided') = (voided_at IS NOT NULL)", "voided_at"),
        CheckConstraint("tax_minor BETWEEN 0 AND amount_minor", "tax_minor"),
        CheckConstraint(
            "points_minor >= 0 AND gift_card_minor >= 0 AND points_minor + gift_card_minor <= amount_minor",
            "paid_with",
        ),
        CheckConstraint("channel IN ('till', 'online', 'api')", "channel"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID]
    amount_minor: Mapped[int] = mapped_column(BigInteger())
    currency: Mapped[str]
    tax_minor: Mapped[int | None] = mapped_column(BigInteger())
    points_minor: Mapped[int] = mapped_column(BigInteger(), server_default=text("0"))
    gift_card_minor: Mapped[int] = mapped_column(BigInteger(), server_default=text("0"))
    lines: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    location_id: Mapped[UUID | None]
    actor: Mapped[str]
    channel: Mapped[str]
    external_reference: Mapped[str | None]
    state: Mapped[str] = mapped_column(server_default=text("'recorded'"))
    occurred_at: Mapped[datetime] = mapped_column(UtcTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcTime)
    voided_at: Mapped[datetime | None] = mapped_column(UtcTime)
    refunded_minor: Mapped[int] = mapped_column(BigInteger(), server_default=text("0"))


class RefundRow(Tenant, Base):
    """One slice of a purchase that was paid back; ``position`` counts the slices of a purchase from 1.

    ``lines`` are the items that came back, by their place in the basket; empty when only money was said.
    """

    __tablename__ = "purchase_refunds"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "purchase_id"], ["purchases.organization_id", "purchases.id"]),
        ForeignKeyConstraint(["organization_id", "location_id"], ["locations.organization_id", "locations.id"]),
        UniqueConstraint("organization_id", "purchase_id", "position"),
        UniqueConstraint("organization_id", "purchase_id", "reference"),
        CheckConstraint("amount_minor > 0", "amount_minor"),
        CheckConstraint("position > 0", "position"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    purchase_id: Mapped[UUID]
    position: Mapped[int]
    amount_minor: Mapped[int] = mapped_column(BigInteger())
    lines: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    reference: Mapped[str | None]
    reason: Mapped[str | None]
    location_id: Mapped[UUID | None]
    actor: Mapped[str]
    refunded_at: Mapped[datetime] = mapped_column(UtcTime)
