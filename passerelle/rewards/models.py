"""Tables of rewards."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime


class RewardRow(Tenant, Base):
    """A reward of the catalogue. ``stock`` is how many are left, NULL is no limit."""

    __tablename__ = "rewards"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "program_id"], ["programs.organization_id", "programs.id"]),
        ForeignKeyConstraint(["organization_id", "unit_id"], ["units.organization_id", "units.id"]),
        Index("ix_rewards_program_id", "organization_id", "program_id", "id"),
        Index("ix_rewards_unit_id", "organization_id", "unit_id"),
        CheckConstraint("price > 0", "price"),
        CheckConstraint("stock >= 0", "stock"),
        CheckConstraint("limit_per_customer > 0", "limit_per_customer"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    program_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    price: Mapped[int] = mapped_column(BigInteger())
    name: Mapped[str]
    names: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    stock: Mapped[int | None]
    limit_per_customer: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class IssuedRewardRow(Tenant, Base):
    """A reward that somebody took, with the debit that paid for it; undone ones stay.

    There is no foreign key to rewards, which are never deleted: every redemption of a shop would lock the same row.
    """

    __tablename__ = "issued_rewards"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "membership_id"], ["memberships.organization_id", "memberships.id"]),
        UniqueConstraint("organization_id", "reference"),
        Index("ix_issued_rewards_membership_id", "organization_id", "membership_id", "id"),
        CheckConstraint("state IN ('redeemed', 'undone')", "state"),
        CheckConstraint("(state = 'undone') = (undone_at IS NOT NULL)", "undone_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    reward_id: Mapped[UUID]
    membership_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    price: Mapped[int] = mapped_column(BigInteger())
    unit_id: Mapped[UUID]
    reference: Mapped[str]
    transfer_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(server_default=text("'redeemed'"))
    actor: Mapped[str]
    location_id: Mapped[UUID | None]
    redeemed_at: Mapped[datetime] = mapped_column(UtcTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcTime)
