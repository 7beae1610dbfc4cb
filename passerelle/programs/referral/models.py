"""Tables of referral."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime

_ZERO = text("0")


class ReferralCode(Tenant, Base):
    """The code of one member; ``opened`` counts how often a person opened the join page with it."""

    __tablename__ = "referral_codes"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "membership_id"], ["memberships.organization_id", "memberships.id"]),
        UniqueConstraint("organization_id", "code"),
    )

    membership_id: Mapped[UUID] = mapped_column(primary_key=True)
    program_id: Mapped[UUID]
    code: Mapped[str]
    opened: Mapped[int] = mapped_column(server_default=_ZERO)
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class ReferralRow(Tenant, Base):
    """One friend of one referrer: a membership is somebody's friend once.

    ``purchase_id`` is the purchase that qualified the friend or refused them. ``settled_purchase_id`` is the one for
    which units were given: while it differs from ``purchase_id``, the books are behind and a job brings them up.
    """

    __tablename__ = "referrals"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "program_id"], ["programs.organization_id", "programs.id"]),
        ForeignKeyConstraint(["organization_id", "referrer_id"], ["memberships.organization_id", "memberships.id"]),
        ForeignKeyConstraint(["organization_id", "friend_id"], ["memberships.organization_id", "memberships.id"]),
        UniqueConstraint("organization_id", "friend_id"),
        Index("ix_referrals_referrer_id", "organization_id", "referrer_id", "id"),
        Index("ix_referrals_program_id", "organization_id", "program_id", "id"),
        Index(
            "ix_referrals_purchase_id",
            "organization_id",
            "purchase_id",
            postgresql_where=text("purchase_id IS NOT NULL"),
        ),
        CheckConstraint("state IN ('joined', 'qualified', 'rewarded', 'refused')", "state"),
        CheckConstraint("state <> 'refused' OR reason IS NOT NULL", "reason"),
        CheckConstraint("state <> 'rewarded' OR settled_purchase_id IS NOT NULL", "rewarded"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    program_id: Mapped[UUID]
    referrer_id: Mapped[UUID]
    friend_id: Mapped[UUID]
    state: Mapped[str]
    reason: Mapped[str | None]
    purchase_id: Mapped[UUID | None]
    settled_purchase_id: Mapped[UUID | None]
    referrer_amount: Mapped[int] = mapped_column(BigInteger(), server_default=_ZERO)
    friend_amount: Mapped[int] = mapped_column(BigInteger(), server_default=_ZERO)
    milestone: Mapped[int | None]
    milestone_amount: Mapped[int] = mapped_column(BigInteger(), server_default=_ZERO)
    joined_at: Mapped[datetime] = mapped_column(UtcTime)
    qualified_at: Mapped[datetime | None] = mapped_column(UtcTime)
    changed_at: Mapped[datetime] = mapped_column(UtcTime)
