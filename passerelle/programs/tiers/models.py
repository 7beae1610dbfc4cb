"""Tables of tiers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime


class TierSetRow(Tenant, Base):
    """The tier set of a program; ``definition`` is what it decides by (schemas.Judged).

    ``applies_at``: from when on its last change may take tiers away.
    """

    __tablename__ = "tier_sets"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "program_id"], ["programs.organization_id", "programs.id"]),
        ForeignKeyConstraint(["organization_id", "unit_id"], ["units.organization_id", "units.id"]),
        Index("ix_tier_sets_program_id", "organization_id", "program_id"),
        CheckConstraint("basis IN ('balance', 'earned', 'spend', 'visits', 'time')", "basis"),
        CheckConstraint("(basis IN ('balance', 'earned')) = (unit_id IS NOT NULL)", "unit_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    program_id: Mapped[UUID]
    unit_id: Mapped[UUID | None]
    name: Mapped[str]
    names: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    basis: Mapped[str]
    definition: Mapped[dict[str, Any]]
    recalculation: Mapped[str]
    applies_at: Mapped[datetime] = mapped_column(UtcTime)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcTime)


class TierRow(Tenant, Base):
    """One tier; ``position`` counts from the lowest. Retired, never deleted: the history names it.

    ``timing`` stands in for that of the units which its members earn.
    """

    __tablename__ = "tiers"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "tier_set_id"], ["tier_sets.organization_id", "tier_sets.id"]),
        ForeignKeyConstraint(["organization_id", "entry_unit_id"], ["units.organization_id", "units.id"]),
        Index("ix_tiers_tier_set_id", "organization_id", "tier_set_id"),
        CheckConstraint("threshold BETWEEN 0 AND 1000000000000", "threshold"),
        CheckConstraint("entry_units > 0", "entry_units"),
        CheckConstraint("(entry_units IS NULL) = (entry_unit_id IS NULL)", "entry_unit_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tier_set_id: Mapped[UUID]
    position: Mapped[int]
    name: Mapped[str]
    names: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    threshold: Mapped[int] = mapped_column(BigInteger())
    colour: Mapped[str | None]
    permanent: Mapped[bool] = mapped_column(server_default=text("false"))
    benefits: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    entry_unit_id: Mapped[UUID | None]
    entry_units: Mapped[int | None] = mapped_column(BigInteger())
    entry_reward_id: Mapped[UUID | None]
    timing: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    retired_at: Mapped[datetime | None] = mapped_column(UtcTime)


class MemberTierRow(Tenant, Base):
    """Where a member stands in a tier set: rules.Held as columns, written only with the membership locked.

    ``due_at``: when time alone may change something.
    """

    __tablename__ = "member_tiers"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "membership_id"], ["memberships.organization_id", "memberships.id"]),
        ForeignKeyConstraint(["organization_id", "tier_set_id"], ["tier_sets.organization_id", "tier_sets.id"]),
        Index("ix_member_tiers_due_at", "organization_id", "due_at", postgresql_where=text("due_at IS NOT NULL")),
        CheckConstraint("(tier_id IS NULL) = (since IS NULL)", "since"),
        CheckConstraint("locked OR locked_until IS NULL", "locked_until"),
        # A purchase may rewrite the row; room on its page keeps that from touching the indexes.
        {"postgresql_with": {"fillfactor": 80}},
    )

    membership_id: Mapped[UUID] = mapped_column(primary_key=True)
    tier_set_id: Mapped[UUID] = mapped_column(primary_key=True)
    tier_id: Mapped[UUID | None]
    since: Mapped[datetime | None] = mapped_column(UtcTime)
    changed_at: Mapped[datetime] = mapped_column(UtcTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcTime)
    grace_until: Mapped[datetime | None] = mapped_column(UtcTime)
    recheck_at: Mapped[datetime | None] = mapped_column(UtcTime)
    locked: Mapped[bool] = mapped_column(server_default=text("false"))
    locked_until: Mapped[datetime | None] = mapped_column(UtcTime)
    proof_from: Mapped[datetime | None] = mapped_column(UtcTime)
    proof_to: Mapped[datetime | None] = mapped_column(UtcTime)
    proof_amount: Mapped[int | None] = mapped_column(BigInteger())
    proof_measure: Mapped[str | None]
    definition: Mapped[str]
    due_at: Mapped[datetime | None] = mapped_column(UtcTime)


class TierChangeRow(Tenant, Base):
    """One change of a member's tier, or of the lock on it; ``reason`` and ``actor`` say who did it by hand, and why.

    ``first_in_period`` is unique for the tier that was reached and the period, so that it is told once. ``brought``
    says what became of the units and the reward that came with it, if the tier has any, and ``kept_units`` how many
    could not be taken back.
    """

    __tablename__ = "tier_changes"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "membership_id"], ["memberships.organization_id", "memberships.id"]),
        ForeignKeyConstraint(["organization_id", "tier_set_id"], ["tier_sets.organization_id", "tier_sets.id"]),
        Index("ix_tier_changes_membership_id", "organization_id", "membership_id", "tier_set_id", "id"),
        Index(
            "uq_tier_changes_first_in_period",
            "organization_id",
            "membership_id",
            "to_tier_id",
            "period",
            unique=True,
            postgresql_where=text("first_in_period"),
        ),
        CheckConstraint("cause IN ('enrolment', 'activity', 'refund', 'time', 'definition', 'manual')", "cause"),
        CheckConstraint("brought IN ('given', 'taken_back')", "brought"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    membership_id: Mapped[UUID]
    tier_set_id: Mapped[UUID]
    from_tier_id: Mapped[UUID | None]
    to_tier_id: Mapped[UUID | None]
    cause: Mapped[str]
    period: Mapped[str]
    first_in_period: Mapped[bool]
    brought: Mapped[str | None]
    kept_units: Mapped[int] = mapped_column(BigInteger(), server_default=text("0"))
    reason: Mapped[str | None]
    actor: Mapped[str]
    occurred_at: Mapped[datetime] = mapped_column(UtcTime)
