"""Tables of payments with units."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime


class SpendingTermsRow(Tenant, Base):
    """How a unit may be spent: ``value_units`` of it are worth ``value_minor``, NULL when it pays no bills.

    ``caps`` are the most units that one member may spend, by period: on rewards and payments together.
    """

    __tablename__ = "spending_terms"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "program_id"], ["programs.organization_id", "programs.id"]),
        ForeignKeyConstraint(["organization_id", "unit_id"], ["units.organization_id", "units.id"]),
        Index("ix_spending_terms_program_id", "organization_id", "program_id"),
        CheckConstraint("value_units > 0 AND value_minor > 0", "value"),
        CheckConstraint("(value_units IS NULL) = (value_minor IS NULL)", "value_whole"),
        CheckConstraint("minimum > 0 AND maximum >= minimum AND step > 0", "amounts"),
        CheckConstraint("basket_percent BETWEEN 1 AND 100", "basket_percent"),
    )

    unit_id: Mapped[UUID] = mapped_column(primary_key=True)
    program_id: Mapped[UUID]
    value_units: Mapped[int | None] = mapped_column(BigInteger())
    value_minor: Mapped[int | None] = mapped_column(BigInteger())
    minimum: Mapped[int] = mapped_column(BigInteger(), server_default=text("1"))
    maximum: Mapped[int | None] = mapped_column(BigInteger())
    step: Mapped[int] = mapped_column(BigInteger(), server_default=text("1"))
    basket_percent: Mapped[int] = mapped_column(server_default=text("100"))
    caps: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))


class PaymentRow(Tenant, Base):
    """Units that paid a part of a bill. ``purchase_id``: the purchase that takes it along when it is voided."""

    __tablename__ = "payments"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "membership_id"], ["memberships.organization_id", "memberships.id"]),
        UniqueConstraint("organization_id", "reference"),
        Index("ix_payments_membership_id", "organization_id", "membership_id", "id"),
        Index("ix_payments_customer_id", "organization_id", "customer_id", "id"),
        Index(
            "ix_payments_purchase_id",
            "organization_id",
            "purchase_id",
            postgresql_where=text("purchase_id IS NOT NULL"),
        ),
        CheckConstraint("units > 0", "units"),
        CheckConstraint("discount_minor > 0 AND discount_minor <= basket_minor", "discount_minor"),
        CheckConstraint("state IN ('made', 'undone')", "state"),
        CheckConstraint("(state = 'undone') = (undone_at IS NOT NULL)", "undone_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    membership_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    units: Mapped[int] = mapped_column(BigInteger())
    basket_minor: Mapped[int] = mapped_column(BigInteger())
    discount_minor: Mapped[int] = mapped_column(BigInteger())
    currency: Mapped[str]
    reference: Mapped[str]
    transfer_id: Mapped[UUID]
    purchase_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(server_default=text("'made'"))
    actor: Mapped[str]
    location_id: Mapped[UUID | None]
    made_at: Mapped[datetime] = mapped_column(UtcTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcTime)
