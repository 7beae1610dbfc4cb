"""Tables of devices and of what they did offline."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime

_ZERO = text("0")


class DeviceRow(Tenant, Base):
    """A till that may queue operations.

    ``public_key`` is a raw Ed25519 key, ``api_key_id`` the key that it calls with.
    ``last_sequence`` is the highest number applied, ``skipped_to`` the highest of which the device has said that
    nothing is coming. ``clock_skew_seconds``: how far its clock was behind ours when it last called.
    """

    __tablename__ = "devices"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organizations.organization_id"]),
        ForeignKeyConstraint(["organization_id", "location_id"], ["locations.organization_id", "locations.id"]),
        ForeignKeyConstraint(["organization_id", "api_key_id"], ["api_keys.organization_id", "api_keys.id"]),
        UniqueConstraint("organization_id", "public_key"),
        CheckConstraint("octet_length(public_key) = 32", "public_key"),
        CheckConstraint("redemptions_per_day >= 0 AND redemptions_per_member_per_day >= 0", "allowances"),
        CheckConstraint("scan_action IN ('ask', 'visit', 'amount', 'redeem', 'check_in', 'look_up')", "scan_action"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    location_id: Mapped[UUID | None]
    public_key: Mapped[bytes]
    api_key_id: Mapped[UUID | None]
    redemptions_per_day: Mapped[int]
    redemptions_per_member_per_day: Mapped[int]
    scan_action: Mapped[str | None]
    last_sequence: Mapped[int] = mapped_column(BigInteger(), server_default=_ZERO)
    skipped_to: Mapped[int] = mapped_column(BigInteger(), server_default=_ZERO)
    clock_skew_seconds: Mapped[int | None] = mapped_column(BigInteger())
    created_by: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    last_seen_at: Mapped[datetime | None] = mapped_column(UtcTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcTime)


class OfflineOperationRow(Tenant, Base):
    """One queued operation as it arrived, and what became of it.

    ``genuine``: signed by the device, and the first of its id and number; all others are kept as rejected. ``digest``
    is of the signed bytes and the signature, so that the same thing sent twice is one row. ``told_at`` is by the
    device's clock, ``occurred_at`` corrected. ``reason`` holds code, values and sentences of the refusal.
    """

    __tablename__ = "offline_operations"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "device_id"], ["devices.organization_id", "devices.id"]),
        UniqueConstraint("organization_id", "device_id", "digest"),
        Index(
            "uq_offline_operations_operation_id",
            *("organization_id", "device_id", "operation_id"),
            unique=True,
            postgresql_where=text("genuine"),
        ),
        Index(
            "uq_offline_operations_sequence",
            *("organization_id", "device_id", "sequence"),
            unique=True,
            postgresql_where=text("genuine"),
        ),
        Index(
            "ix_offline_operations_waiting",
            *("organization_id", "device_id", "sequence"),
            postgresql_where=text("status = 'waiting'"),
        ),
        Index("ix_offline_operations_status", "organization_id", "status", "id"),
        Index("ix_offline_operations_customer_id", "organization_id", "customer_id"),
        Index(
            "ix_offline_operations_membership_id",
            *("organization_id", "membership_id", "occurred_at"),
            postgresql_where=text("kind = 'redemption' AND status = 'accepted'"),
        ),
        CheckConstraint("status IN ('waiting', 'accepted', 'rejected')", "status"),
        CheckConstraint("(status = 'rejected') = (reason IS NOT NULL)", "reason"),
        CheckConstraint("genuine OR status = 'rejected'", "genuine"),
        CheckConstraint("resolution IN ('settled', 'dismissed')", "resolution"),
        CheckConstraint("(resolution IS NULL) = (resolved_at IS NULL)", "resolved_at"),
        CheckConstraint("resolution IS NULL OR status = 'rejected'", "resolved"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    device_id: Mapped[UUID]
    operation_id: Mapped[UUID | None]
    sequence: Mapped[int | None] = mapped_column(BigInteger())
    kind: Mapped[str | None]
    payload: Mapped[dict[str, Any]]
    digest: Mapped[bytes]
    genuine: Mapped[bool]
    status: Mapped[str]
    reason: Mapped[dict[str, Any] | None]
    flags: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    told_at: Mapped[datetime | None] = mapped_column(UtcTime)
    occurred_at: Mapped[datetime | None] = mapped_column(UtcTime)
    received_at: Mapped[datetime] = mapped_column(UtcTime)
    applied_at: Mapped[datetime | None] = mapped_column(UtcTime)
    customer_id: Mapped[UUID | None]
    membership_id: Mapped[UUID | None]
    purchase_id: Mapped[UUID | None]
    issued_reward_id: Mapped[UUID | None]
    reference: Mapped[str | None]
    undone_at: Mapped[datetime | None] = mapped_column(UtcTime)
    resolution: Mapped[str | None]
    resolution_reason: Mapped[str | None]
    resolved_by: Mapped[str | None]
    resolved_at: Mapped[datetime | None] = mapped_column(UtcTime)
