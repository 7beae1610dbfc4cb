"""Tables of purchases."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime


class PurchaseRow(Tenant, Base):
    """One purchase; ``lines`` is the basket as it was sold, which nobody edits, so it lives in the row.

    ``tax_minor`` is contained in the amount, ``points_minor`` and ``gift_card_minor`` are parts that were not paid
    with money. A till's receipt numbers start again in every shop, so a reference is unique per channel and location.
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
        CheckConstraint("state IN ('recorded', 'voided')", "state"),
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
