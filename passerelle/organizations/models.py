"""Tables of organizations."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime


def _one_of_scan_actions() -> CheckConstraint:
    return CheckConstraint(
        "scan_action IN ('ask', 'visit', 'amount', 'redeem', 'check_in', 'look_up')", "scan_action"
    )


class Organization(Tenant, Base):
    """The tenant itself: its primary key is the ``organization_id`` of every other table."""

    __tablename__ = "organizations"
    __table_args__ = (_one_of_scan_actions(),)

    name: Mapped[str]
    currency: Mapped[str]
    time_zone: Mapped[str]
    language: Mapped[str]
    brand: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    legal: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    scan_action: Mapped[str] = mapped_column(server_default=text("'ask'"))
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class Location(Tenant, Base):
    """A place with a till."""

    __tablename__ = "locations"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organizations.organization_id"]),
        UniqueConstraint("organization_id", "name"),
        CheckConstraint("latitude BETWEEN -90 AND 90", "latitude"),
        CheckConstraint("longitude BETWEEN -180 AND 180", "longitude"),
        _one_of_scan_actions(),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    address: Mapped[str | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    scan_action: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class Operator(Tenant, Base):
    """A person who works here. The e-mail is encrypted; ``email_index`` finds it."""

    __tablename__ = "operators"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organizations.organization_id"]),
        UniqueConstraint("organization_id", "email_index"),
        CheckConstraint("role IN ('owner', 'manager', 'cashier', 'analyst')", "role"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[bytes]
    email_index: Mapped[bytes]
    role: Mapped[str]
    password_hash: Mapped[str]
    failed_sign_ins: Mapped[int] = mapped_column(server_default=text("0"))
    locked_until: Mapped[datetime | None] = mapped_column(UtcTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcTime)
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class OperatorSession(Tenant, Base):
    """A signed-in browser; the cookie's secret is stored as a digest."""

    __tablename__ = "operator_sessions"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "operator_id"], ["operators.organization_id", "operators.id"]),
        UniqueConstraint("organization_id", "id"),
        CheckConstraint("method IN ('password', 'second_factor', 'passkey', 'link')", "method"),
        Index("ix_operator_sessions_operator_id", "organization_id", "operator_id"),
    )

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    id: Mapped[UUID]
    operator_id: Mapped[UUID]
    method: Mapped[str]
    browser: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)


class ApiKey(Tenant, Base):
    """A key of a program (a till, a shop): shown once, stored as a digest."""

    __tablename__ = "api_keys"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organizations.organization_id"]),
        ForeignKeyConstraint(["organization_id", "location_id"], ["locations.organization_id", "locations.id"]),
        UniqueConstraint("organization_id", "digest"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    digest: Mapped[bytes]
    hint: Mapped[str]
    scopes: Mapped[list[Any]]
    location_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcTime)
