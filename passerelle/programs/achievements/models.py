"""Tables of achievements."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime

_EMPTY = text("'{}'")
_MEMBER = (["organization_id", "membership_id"], ["memberships.organization_id", "memberships.id"])
_ACHIEVEMENT = (["organization_id", "achievement_id"], ["achievements.organization_id", "achievements.id"])


class AchievementRow(Tenant, Base):
    """A goal of a program. ``definition`` is the typed part (see rules.py) and never changes: tallies follow from it.

    ``badge`` is what a member who reached it may show. Retired, never deleted: awards name it.
    """

    __tablename__ = "achievements"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "program_id"], ["programs.organization_id", "programs.id"]),
        ForeignKeyConstraint(["organization_id", "unit_id"], ["units.organization_id", "units.id"]),
        Index("ix_achievements_program_id", "organization_id", "program_id", "id"),
        CheckConstraint("amount >= 0", "amount"),
        CheckConstraint("(unit_id IS NULL) = (amount = 0)", "unit_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    program_id: Mapped[UUID]
    name: Mapped[str]
    names: Mapped[dict[str, Any]] = mapped_column(server_default=_EMPTY)
    definition: Mapped[dict[str, Any]]
    repeatable: Mapped[bool]
    unit_id: Mapped[UUID | None]
    amount: Mapped[int] = mapped_column(BigInteger())
    badge: Mapped[str | None]
    badges: Mapped[dict[str, Any]] = mapped_column(server_default=_EMPTY)
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class StepRow(Tenant, Base):
    """What one purchase, visit or friend added; deleted when that is taken back."""

    __tablename__ = "achievement_steps"
    __table_args__ = (
        ForeignKeyConstraint(*_MEMBER),
        Index("ix_achievement_steps_reference", "organization_id", "reference"),
        CheckConstraint("amount > 0", "amount"),
    )

    membership_id: Mapped[UUID] = mapped_column(primary_key=True)
    achievement_id: Mapped[UUID] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str]
    slot: Mapped[str]
    amount: Mapped[int] = mapped_column(BigInteger())


class TallyRow(Tenant, Base):
    """The sum of the steps of one slot: what makes a till's question cheap."""

    __tablename__ = "achievement_tallies"
    __table_args__ = (
        ForeignKeyConstraint(*_MEMBER),
        CheckConstraint("amount >= 0", "amount"),
        {"postgresql_with": {"fillfactor": 80}},
    )

    membership_id: Mapped[UUID] = mapped_column(primary_key=True)
    achievement_id: Mapped[UUID] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    slot: Mapped[str] = mapped_column(primary_key=True)
    amount: Mapped[int] = mapped_column(BigInteger())


class AwardRow(Tenant, Base):
    """A goal that a member reached ``times`` times by one step; the units stand under ``achievement:<id>``."""

    __tablename__ = "achievement_awards"
    __table_args__ = (
        ForeignKeyConstraint(*_MEMBER),
        ForeignKeyConstraint(*_ACHIEVEMENT),
        Index("ix_achievement_awards_membership_id", "organization_id", "membership_id", "achievement_id"),
        CheckConstraint("times > 0", "times"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    membership_id: Mapped[UUID]
    achievement_id: Mapped[UUID]
    period: Mapped[str]
    times: Mapped[int]
    amount: Mapped[int] = mapped_column(BigInteger())
    awarded_at: Mapped[datetime] = mapped_column(UtcTime)
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcTime)
