"""Tables of rewards; those of payments with units are in payments/models.py."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime

_EMPTY = text("'{}'")


class RewardRow(Tenant, Base):
    """A reward of the catalogue.

    ``price`` NULL: it is not for units and only given. ``stock`` is how many are left, NULL is no limit.
    ``benefit`` is typed (benefits.py). ``tier_ids``: whose it is, empty for everybody; ``tier_prices`` are by tier
    id, ``period_limits`` by period. ``ever_issued``: some were kept to be redeemed later, so a scan looks for them.
    """

    __tablename__ = "rewards"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "program_id"], ["programs.organization_id", "programs.id"]),
        ForeignKeyConstraint(["organization_id", "unit_id"], ["units.organization_id", "units.id"]),
        Index("ix_rewards_program_id", "organization_id", "program_id", "id"),
        Index("ix_rewards_unit_id", "organization_id", "unit_id"),
        CheckConstraint("price > 0", "price"),
        CheckConstraint("(price IS NULL) = (unit_id IS NULL)", "priced_in"),
        CheckConstraint("stock >= 0", "stock"),
        CheckConstraint("limit_per_customer > 0", "limit_per_customer"),
        CheckConstraint("first_day <= last_day", "days"),
        CheckConstraint("hold_minutes BETWEEN 1 AND 60", "hold_minutes"),
        CheckConstraint("expires_after_days BETWEEN 0 AND 3650", "expires_after_days"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    program_id: Mapped[UUID]
    unit_id: Mapped[UUID | None]
    price: Mapped[int | None] = mapped_column(BigInteger())
    name: Mapped[str]
    names: Mapped[dict[str, Any]] = mapped_column(server_default=_EMPTY)
    description: Mapped[str] = mapped_column(server_default=text("''"))
    descriptions: Mapped[dict[str, Any]] = mapped_column(server_default=_EMPTY)
    image_url: Mapped[str | None]
    benefit: Mapped[dict[str, Any]] = mapped_column(server_default=text("""'{"type": "other"}'"""))
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    stock: Mapped[int | None]
    limit_per_customer: Mapped[int | None]
    period_limits: Mapped[dict[str, Any]] = mapped_column(server_default=_EMPTY)
    tier_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), server_default=_EMPTY)
    tier_prices: Mapped[dict[str, Any]] = mapped_column(server_default=_EMPTY)
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    hold_minutes: Mapped[int] = mapped_column(server_default=text("15"))
    expires_after_days: Mapped[int | None]
    auto_issue: Mapped[bool] = mapped_column(server_default=text("false"))
    ever_issued: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class IssuedRewardRow(Tenant, Base):
    """A reward that somebody took or was given, with the debit that paid for it; whatever ends it, the row stays.

    ``price`` 0: given. ``actor`` issued it, ``redeemed_by`` gave it out at ``location_id``. A hold lasts to
    ``held_until``; its code is kept as a digest. ``expires_at`` is the first instant at which it has lapsed.
    ``fulfilment`` is of things that are handed over, ``fulfilment_steps`` who moved it when.

    There is no foreign key to rewards, which are never deleted: every redemption of a shop would lock the same row.
    """

    __tablename__ = "issued_rewards"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "membership_id"], ["memberships.organization_id", "memberships.id"]),
        UniqueConstraint("organization_id", "reference"),
        Index("ix_issued_rewards_membership_id", "organization_id", "membership_id", "id"),
        Index("ix_issued_rewards_issued_at", "organization_id", "issued_at"),
        Index("ix_issued_rewards_customer_id", "organization_id", "customer_id", "id"),
        Index(
            "ix_issued_rewards_expires_at",
            "organization_id",
            "expires_at",
            postgresql_where=text("state IN ('issued', 'held') AND expires_at IS NOT NULL"),
        ),
        Index(
            "ix_issued_rewards_held_until",
            "organization_id",
            "held_until",
            postgresql_where=text("state = 'held'"),
        ),
        Index(
            "uq_issued_rewards_hold_digest",
            "organization_id",
            "hold_digest",
            unique=True,
            postgresql_where=text("hold_digest IS NOT NULL"),
        ),
        Index(
            "ix_issued_rewards_fulfilment",
            "organization_id",
            "fulfilment",
            "id",
            postgresql_where=text("fulfilment IS NOT NULL"),
        ),
        CheckConstraint("state IN ('issued', 'held', 'redeemed', 'undone', 'cancelled', 'expired')", "state"),
        CheckConstraint("(state = 'held') = (held_until IS NOT NULL)", "held_until"),
        CheckConstraint("(state IN ('redeemed', 'undone')) = (redeemed_at IS NOT NULL)", "redeemed_at"),
        CheckConstraint("(state = 'undone') = (undone_at IS NOT NULL)", "undone_at"),
        CheckConstraint("(state IN ('cancelled', 'expired')) = (ended_at IS NOT NULL)", "ended_at"),
        CheckConstraint("(price > 0) = (transfer_id IS NOT NULL)", "paid"),
        CheckConstraint(
            "fulfilment IN ('ordered', 'prepared', 'shipped', 'ready', 'handed_over', 'returned', 'cancelled')",
            "fulfilment",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    reward_id: Mapped[UUID]
    membership_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    price: Mapped[int] = mapped_column(BigInteger())
    unit_id: Mapped[UUID | None]
    source: Mapped[str] = mapped_column(server_default=text("'taken'"))
    reference: Mapped[str]
    transfer_id: Mapped[UUID | None]
    state: Mapped[str]
    reason: Mapped[str | None]
    actor: Mapped[str]
    issued_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcTime)
    held_until: Mapped[datetime | None] = mapped_column(UtcTime)
    hold_digest: Mapped[bytes | None]
    redeemed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    redeemed_by: Mapped[str | None]
    location_id: Mapped[UUID | None]
    discount_minor: Mapped[int | None] = mapped_column(BigInteger())
    undone_at: Mapped[datetime | None] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)
    ended_by: Mapped[str | None]
    ended_reason: Mapped[str | None]
    fulfilment: Mapped[str | None]
    tracking: Mapped[str | None]
    fulfilment_steps: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
