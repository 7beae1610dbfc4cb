"""Tables of households."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime


class HouseholdRow(Tenant, Base):
    """Members who share; ``code`` invites others, ``head_id`` is the membership that answers for it."""

    __tablename__ = "households"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "program_id"], ["programs.organization_id", "programs.id"]),
        ForeignKeyConstraint(["organization_id", "head_id"], ["memberships.organization_id", "memberships.id"]),
        UniqueConstraint("organization_id", "code"),
        Index("ix_households_program_id", "organization_id", "program_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    program_id: Mapped[UUID]
    name: Mapped[str]
    head_id: Mapped[UUID]
    code: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)


class HouseholdMemberRow(Tenant, Base):
    """Somebody's time in a household; the database sees to it that nobody is in two at once."""

    __tablename__ = "household_members"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "household_id"], ["households.organization_id", "households.id"]),
        ForeignKeyConstraint(["organization_id", "membership_id"], ["memberships.organization_id", "memberships.id"]),
        Index("ix_household_members_household_id", "organization_id", "household_id"),
        Index(
            "uq_household_members_membership_id",
            "organization_id",
            "membership_id",
            unique=True,
            postgresql_where=text("left_at IS NULL"),
        ),
        CheckConstraint("role IN ('adult', 'child')", "role"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    household_id: Mapped[UUID]
    membership_id: Mapped[UUID]
    role: Mapped[str]
    joined_at: Mapped[datetime] = mapped_column(UtcTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcTime)
