"""Tables of the ledger.

Transfers and entries are append-only: the application's role may not update or delete them (the migration
revokes it). Keys begin with the account, so that the lots of one account lie together. There is no foreign
key to organizations: each booking would lock the tenant's one row, and row-level security already holds it.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime

_ZERO = text("0")


class Account(Tenant, Base):
    """One owner's holding of one unit: the row that bookings lock.

    The figures are Σ entries, kept here because the row is written under its lock anyway; the CHECK forbids
    an overdraft beyond what is ``owed``, and ``service.check_books`` proves them.
    """

    __tablename__ = "ledger_accounts"
    __table_args__ = (
        CheckConstraint(
            "earned >= 0 AND spent >= 0 AND expired >= 0 AND reversed >= 0 AND owed >= 0 AND held >= 0", "figures"
        ),
        CheckConstraint("earned + adjusted + owed - spent - expired - reversed - held >= 0", "held"),
        # Every booking rewrites the row; room on its page keeps that from touching the index.
        {"postgresql_with": {"fillfactor": 70}},
    )

    owner_id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(primary_key=True)
    earned: Mapped[int] = mapped_column(BigInteger, server_default=_ZERO)
    spent: Mapped[int] = mapped_column(BigInteger, server_default=_ZERO)
    expired: Mapped[int] = mapped_column(BigInteger, server_default=_ZERO)
    reversed: Mapped[int] = mapped_column(BigInteger, server_default=_ZERO)
    adjusted: Mapped[int] = mapped_column(BigInteger, server_default=_ZERO)
    owed: Mapped[int] = mapped_column(BigInteger, server_default=_ZERO)
    held: Mapped[int] = mapped_column(BigInteger, server_default=_ZERO)


class Transfer(Tenant, Base):
    """A set of entries under one reference; ``digest`` is the hash of the input it was booked with."""

    __tablename__ = "ledger_transfers"
    __table_args__ = (
        UniqueConstraint("organization_id", "reference"),
        ForeignKeyConstraint(
            ["organization_id", "reverses"], ["ledger_transfers.organization_id", "ledger_transfers.id"]
        ),
        CheckConstraint(
            "kind IN ('accrual', 'redemption', 'adjustment', 'reversal', 'refund', 'expiry', 'move', 'hold',"
            " 'release', 'settlement')",
            "kind",
        ),
        CheckConstraint("(kind IN ('reversal', 'refund')) = (reverses IS NOT NULL)", "reverses"),
        CheckConstraint("char_length(reference) BETWEEN 1 AND 200", "reference"),
        Index(
            "uq_ledger_transfers_reverses",
            "organization_id",
            "reverses",
            unique=True,
            postgresql_where=text("kind = 'reversal'"),
        ),
        Index(
            "ix_ledger_transfers_reverses",
            "organization_id",
            "reverses",
            postgresql_where=text("reverses IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    reference: Mapped[str]
    digest: Mapped[bytes]
    reason: Mapped[str | None]
    reverses: Mapped[UUID | None]
    actor: Mapped[str]
    posted_at: Mapped[datetime] = mapped_column(UtcTime)


class Lot(Tenant, Base):
    """What one credit brought. ``waiting``: pending, and its activation is still to be announced.

    ``awaits``: the event that makes it active before ``activates_at``. ``policy``: see schemas.Credit.
    """

    __tablename__ = "ledger_lots"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "owner_id", "unit_id"],
            ["ledger_accounts.organization_id", "ledger_accounts.owner_id", "ledger_accounts.unit_id"],
        ),
        ForeignKeyConstraint(
            ["organization_id", "transfer_id"], ["ledger_transfers.organization_id", "ledger_transfers.id"]
        ),
        CheckConstraint("amount BETWEEN 1 AND 1000000000000", "amount"),
        CheckConstraint("remaining BETWEEN 0 AND amount", "remaining"),
        CheckConstraint("expires_at > activates_at OR awaits IS NOT NULL", "interval"),
        Index(
            "ix_ledger_lots_open",
            "organization_id",
            "owner_id",
            "unit_id",
            "expires_at",
            postgresql_where=text("remaining > 0"),
        ),
        Index(
            "ix_ledger_lots_due",
            "organization_id",
            "expires_at",
            "id",
            postgresql_where=text("remaining > 0 AND expires_at IS NOT NULL"),
        ),
        Index(
            "ix_ledger_lots_waiting",
            "organization_id",
            "activates_at",
            "id",
            postgresql_where=text("waiting"),
        ),
        Index(
            "ix_ledger_lots_pending",
            "organization_id",
            "owner_id",
            "unit_id",
            "activates_at",
            postgresql_where=text("waiting"),
        ),
    )

    owner_id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    transfer_id: Mapped[UUID]
    amount: Mapped[int] = mapped_column(BigInteger)
    remaining: Mapped[int] = mapped_column(BigInteger)
    earned_at: Mapped[datetime] = mapped_column(UtcTime)
    activates_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcTime)
    waiting: Mapped[bool]
    awaits: Mapped[str | None]
    policy: Mapped[str | None]


class HoldRow(Tenant, Base):
    """Units set aside by the transfer of the same id, until ``expires_at`` or ``ended_by``."""

    __tablename__ = "ledger_holds"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "id"], ["ledger_transfers.organization_id", "ledger_transfers.id"]),
        ForeignKeyConstraint(
            ["organization_id", "ended_by"], ["ledger_transfers.organization_id", "ledger_transfers.id"]
        ),
        CheckConstraint("amount > 0", "amount"),
        Index(
            "ix_ledger_holds_owner_id",
            "organization_id",
            "owner_id",
            "unit_id",
            postgresql_where=text("ended_by IS NULL"),
        ),
        Index(
            "ix_ledger_holds_due",
            "organization_id",
            "expires_at",
            "id",
            postgresql_where=text("ended_by IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    amount: Mapped[int] = mapped_column(BigInteger)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    ended_by: Mapped[UUID | None]


class Entry(Tenant, Base):
    """``amount`` from a system account into a lot; negative: back into the system account. Never zero."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "transfer_id"], ["ledger_transfers.organization_id", "ledger_transfers.id"]
        ),
        ForeignKeyConstraint(
            ["organization_id", "owner_id", "unit_id", "lot_id"],
            [f"ledger_lots.{column}" for column in ("organization_id", "owner_id", "unit_id", "id")],
        ),
        CheckConstraint(
            "account IN ('issued', 'redeemed', 'expired', 'adjusted', 'forgiven', 'owed', 'set_aside', 'moved')",
            "account",
        ),
        CheckConstraint("amount <> 0 AND abs(amount) <= 1000000000000", "amount"),
        Index("ix_ledger_entries_owner_id", "organization_id", "owner_id", "transfer_id"),
    )

    transfer_id: Mapped[UUID] = mapped_column(primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    amount: Mapped[int] = mapped_column(BigInteger)
