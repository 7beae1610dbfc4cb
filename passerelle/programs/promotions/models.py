"""Tables of promotions."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime


class PromotionRow(Tenant, Base):
    """A promotion (see promoting.py); ``effect`` is a multiplier or a bonus.

    ``used_uses`` and ``used_units`` are counted only while there is a budget, for every purchase that counts holds
    this row; the database itself keeps them within it.
    """

    __tablename__ = "promotions"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "program_id"], ["programs.organization_id", "programs.id"]),
        ForeignKeyConstraint(["organization_id", "unit_id"], ["units.organization_id", "units.id"]),
        Index("ix_promotions_program_id", "organization_id", "program_id", "id"),
        CheckConstraint("state IN ('draft', 'active', 'paused', 'ended')", "state"),
        CheckConstraint("stacking IN ('stackable', 'exclusive')", "stacking"),
        CheckConstraint("starts_at < ends_at", "window"),
        CheckConstraint("minimum_amount_minor >= 0", "minimum_amount_minor"),
        CheckConstraint("limit_per_customer > 0", "limit_per_customer"),
        CheckConstraint("used_uses >= 0 AND used_uses <= budget_uses", "budget_uses"),
        CheckConstraint("used_units >= 0 AND used_units <= budget_units", "budget_units"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    program_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    name: Mapped[str]
    names: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    state: Mapped[str]
    effect: Mapped[dict[str, Any]]
    conditions: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    minimum_amount_minor: Mapped[int] = mapped_column(BigInteger(), server_default=text("0"))
    starts_at: Mapped[datetime | None] = mapped_column(UtcTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcTime)
    priority: Mapped[int] = mapped_column(server_default=text("0"))
    stacking: Mapped[str] = mapped_column(server_default=text("'stackable'"))
    limit_per_customer: Mapped[int | None]
    budget_uses: Mapped[int | None] = mapped_column(BigInteger())
    budget_units: Mapped[int | None] = mapped_column(BigInteger())
    used_uses: Mapped[int] = mapped_column(BigInteger(), server_default=text("0"))
    used_units: Mapped[int] = mapped_column(BigInteger(), server_default=text("0"))
    timing: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class PromotionUseRow(Tenant, Base):
    """What a promotion brought one membership on one occasion; what was undone stays, with its instant.

    Of a purchase that is refunded in slices, ``returned_units`` went back to the budget.

    There is no foreign key to promotions, which are never deleted: every purchase would lock the same few rows. Nor
    to memberships, for the reason that stands with accruals.
    """

    __tablename__ = "promotion_uses"
    __table_args__ = (
        Index("ix_promotion_uses_membership_id", "organization_id", "membership_id", "promotion_id"),
        Index("ix_promotion_uses_reference", "organization_id", "reference"),
        Index("ix_promotion_uses_promotion_id", "organization_id", "promotion_id"),
        CheckConstraint("units > 0", "units"),
        CheckConstraint("returned_units BETWEEN 0 AND units", "returned_units"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    promotion_id: Mapped[UUID]
    membership_id: Mapped[UUID]
    reference: Mapped[str]
    units: Mapped[int] = mapped_column(BigInteger())
    occurred_at: Mapped[datetime] = mapped_column(UtcTime)
    returned_units: Mapped[int] = mapped_column(BigInteger(), server_default=text("0"))
    undone_at: Mapped[datetime | None] = mapped_column(UtcTime)
