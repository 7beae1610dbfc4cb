"""Tables of programs."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime


class ProgramRow(Tenant, Base):
    """A loyalty program.

    ``version`` is a new id whenever the program, its units, its rules or its rewards change, so that what a process
    remembers under a version is right for ever, even when the change was rolled back. Days are of ``time_zone``,
    which is the organization's when the program is made. ``goal``: how many units fill the card.
    """

    __tablename__ = "programs"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organizations.organization_id"]),
        CheckConstraint("kind IN ('stamps', 'points', 'membership', 'cashback', 'multipass')", "kind"),
        CheckConstraint("state IN ('draft', 'active', 'paused', 'ended')", "state"),
        CheckConstraint("goal > 0", "goal"),
        CheckConstraint("kind <> 'stamps' OR goal IS NOT NULL", "stamps_goal"),
        CheckConstraint("starts_at < ends_at", "window"),
        CheckConstraint("octet_length(settings::text) <= 8192", "settings"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[UUID]
    name: Mapped[str]
    names: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    kind: Mapped[str]
    currency: Mapped[str]
    time_zone: Mapped[str]
    state: Mapped[str]
    goal: Mapped[int | None]
    starts_at: Mapped[datetime | None] = mapped_column(UtcTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcTime)
    template_id: Mapped[UUID | None]
    settings: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class UnitRow(Tenant, Base):
    """What a program counts in; ``names`` are its plural forms by language.

    ``spendable`` is false for units that only qualify for tiers. ``timing`` is a Timing (timing.py). ``shortfall``:
    what a refund does when the units are spent. ``cost_micros``: what one unit costs the shop, in millionths of a
    minor unit of the program's currency; ``breakage_ppm``: the part that is never redeemed, in millionths.
    ``policy``, ``multipliers`` and ``caps`` say how rules and promotions come together (earning_rules.Combining).
    """

    __tablename__ = "units"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "program_id"], ["programs.organization_id", "programs.id"]),
        UniqueConstraint("organization_id", "program_id", "code"),
        CheckConstraint("decimals BETWEEN 0 AND 4", "decimals"),
        CheckConstraint("kind IN ('stamps', 'points', 'visits', 'sessions', 'money')", "kind"),
        CheckConstraint("shortfall IN ('refuse', 'forgive', 'owe')", "shortfall"),
        CheckConstraint("cost_micros >= 0", "cost_micros"),
        CheckConstraint("breakage_ppm BETWEEN 0 AND 1000000", "breakage_ppm"),
        CheckConstraint("policy IN ('sum', 'best', 'first')", "policy"),
        CheckConstraint("multipliers IN ('best', 'product', 'sum')", "multipliers"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    program_id: Mapped[UUID]
    code: Mapped[str]
    kind: Mapped[str]
    decimals: Mapped[int] = mapped_column(server_default=text("0"))
    names: Mapped[dict[str, Any]]
    position: Mapped[int] = mapped_column(server_default=text("0"))
    spendable: Mapped[bool] = mapped_column(server_default=text("true"))
    timing: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    shortfall: Mapped[str] = mapped_column(server_default=text("'refuse'"))
    cost_micros: Mapped[int] = mapped_column(BigInteger(), server_default=text("0"))
    breakage_ppm: Mapped[int] = mapped_column(server_default=text("0"))
    policy: Mapped[str] = mapped_column(server_default=text("'sum'"))
    multipliers: Mapped[str] = mapped_column(server_default=text("'best'"))
    caps: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))


class EarningRuleRow(Tenant, Base):
    """One earning rule (see earning_rules.py); ``earning`` is the typed part.

    Retired, never deleted: accruals name it.
    """

    __tablename__ = "earning_rules"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "program_id"], ["programs.organization_id", "programs.id"]),
        ForeignKeyConstraint(["organization_id", "unit_id"], ["units.organization_id", "units.id"]),
        Index("ix_earning_rules_program_id", "organization_id", "program_id"),
        CheckConstraint("minimum_amount_minor >= 0", "minimum_amount_minor"),
        CheckConstraint("cap_per_purchase > 0", "cap_per_purchase"),
        CheckConstraint("cap_per_day > 0", "cap_per_day"),
        CheckConstraint("cooldown_minutes > 0", "cooldown_minutes"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    program_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    position: Mapped[int]
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    earning: Mapped[dict[str, Any]]
    minimum_amount_minor: Mapped[int] = mapped_column(BigInteger(), server_default=text("0"))
    cap_per_purchase: Mapped[int | None]
    cap_per_day: Mapped[int | None]
    caps: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    times: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    cooldown_minutes: Mapped[int | None]
    conditions: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    base: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    timing: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    retired_at: Mapped[datetime | None] = mapped_column(UtcTime)


class MembershipRow(Tenant, Base):
    """A customer in a program; the owner of balances in the ledger.

    ``tier_ids``: the tier held in each tier set of the program; ``household_id``: with whom the balance is shared;
    ``valid_…``: the span of its terms (term_rules.py). They are kept here so that a scan need not ask for them.
    ``term_told``: what was told of the running term, a stage; ``term_due_at``: when the next is to be told.
    """

    __tablename__ = "memberships"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "program_id"], ["programs.organization_id", "programs.id"]),
        ForeignKeyConstraint(["organization_id", "customer_id"], ["customers.organization_id", "customers.id"]),
        ForeignKeyConstraint(["organization_id", "location_id"], ["locations.organization_id", "locations.id"]),
        UniqueConstraint("organization_id", "program_id", "customer_id"),
        Index("ix_memberships_customer_id", "organization_id", "customer_id"),
        Index("ix_memberships_program_id", "organization_id", "program_id", "id"),
        Index(
            "ix_memberships_household_id",
            "organization_id",
            "household_id",
            postgresql_where=text("household_id IS NOT NULL"),
        ),
        Index("ix_memberships_valid_until", "organization_id", "program_id", "valid_until"),
        Index(
            "ix_memberships_term_due_at",
            "organization_id",
            "term_due_at",
            postgresql_where=text("term_due_at IS NOT NULL"),
        ),
        CheckConstraint("state IN ('active', 'suspended', 'ended')", "state"),
        CheckConstraint("valid_from <= valid_until", "valid"),
        CheckConstraint("source IN ('form', 'till', 'import', 'api')", "source"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    program_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(server_default=text("'active'"))
    source: Mapped[str]
    location_id: Mapped[UUID | None]
    joined_at: Mapped[datetime] = mapped_column(UtcTime)
    tier_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), server_default=text("'{}'"))
    household_id: Mapped[UUID | None]
    valid_from: Mapped[datetime | None] = mapped_column(UtcTime)
    valid_until: Mapped[datetime | None] = mapped_column(UtcTime)
    term_told: Mapped[int] = mapped_column(SmallInteger(), server_default=text("0"))
    term_due_at: Mapped[datetime | None] = mapped_column(UtcTime)


class NightRow(Tenant, Base):
    """How far the nights of a program have come: the last local day whose beginning was worked through, and when.

    What lapses until ``told_until`` has been announced. While a night's announcements are on their way, ``walk_…``
    say how far.
    """

    __tablename__ = "program_nights"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "program_id"], ["programs.organization_id", "programs.id"]),
    )

    program_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date | None]
    done_at: Mapped[datetime] = mapped_column(UtcTime)
    told_until: Mapped[datetime] = mapped_column(UtcTime)
    walk_due_at: Mapped[datetime | None] = mapped_column(UtcTime)
    walk_id: Mapped[UUID | None]


class AccrualRow(Tenant, Base):
    """What one rule or one bonus gave one membership, and why; the ledger holds the balance, this the explanation.

    ``reference`` names what it was given for (``purchase:…``). What was undone stays: ``undone_amount`` is the part
    that was taken back, ``undone_at`` the instant when that became all of it. There is no foreign key to rules and
    units, which are never deleted: every scan of a shop would lock the same few rows. Nor one to memberships, which
    are never deleted either: whoever writes here holds the membership, and each row would look it up again.
    """

    __tablename__ = "accruals"
    __table_args__ = (
        Index("ix_accruals_membership_id", "organization_id", "membership_id", "occurred_at"),
        Index("ix_accruals_reference", "organization_id", "reference"),
        CheckConstraint("amount > 0", "amount"),
        CheckConstraint("undone_amount BETWEEN 0 AND amount", "undone_amount"),
        CheckConstraint("(undone_at IS NULL) = (undone_amount < amount)", "undone_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    membership_id: Mapped[UUID]
    rule_id: Mapped[UUID | None]
    promotion_id: Mapped[UUID | None]
    unit_id: Mapped[UUID]
    reference: Mapped[str]
    transfer_id: Mapped[UUID]
    amount: Mapped[int] = mapped_column(BigInteger())
    reasons: Mapped[list[Any]]
    location_id: Mapped[UUID | None]
    occurred_at: Mapped[datetime] = mapped_column(UtcTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcTime)
    undone_amount: Mapped[int] = mapped_column(BigInteger(), server_default=text("0"))


class CustomEventRow(Tenant, Base):
    """Something that a program of the shop told of a customer, and that may earn: a review, a check-in, a survey.

    ``reference`` is the teller's own and unique, so that telling it again is harmless. With a membership, it is for
    that program alone.
    """

    __tablename__ = "custom_events"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "customer_id"], ["customers.organization_id", "customers.id"]),
        ForeignKeyConstraint(["organization_id", "membership_id"], ["memberships.organization_id", "memberships.id"]),
        ForeignKeyConstraint(["organization_id", "location_id"], ["locations.organization_id", "locations.id"]),
        UniqueConstraint("organization_id", "reference"),
        Index("ix_custom_events_customer_id", "organization_id", "customer_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    reference: Mapped[str]
    customer_id: Mapped[UUID]
    membership_id: Mapped[UUID | None]
    attributes: Mapped[dict[str, Any]]
    location_id: Mapped[UUID | None]
    actor: Mapped[str]
    occurred_at: Mapped[datetime] = mapped_column(UtcTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcTime)
