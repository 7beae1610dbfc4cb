"""Tables of check-ins; that nobody is twice in one place is kept by the database, too."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime


class CheckInPlace(Tenant, Base):
    """How a location takes check-ins. ``code_version`` is part of its codes: another one ends those before.

    ``self_by`` is what customers scan to check in alone: nothing, a printed code, or a screen's that changes. With
    ``program_id`` only its members come in.
    """

    __tablename__ = "check_in_places"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "location_id"], ["locations.organization_id", "locations.id"]),
        ForeignKeyConstraint(["organization_id", "program_id"], ["programs.organization_id", "programs.id"]),
        CheckConstraint("self_by IN ('none', 'printed', 'screen')", "self_by"),
    )

    location_id: Mapped[UUID] = mapped_column(primary_key=True)
    by_staff: Mapped[bool]
    capacity: Mapped[int | None]
    pass_back_minutes: Mapped[int]
    longest_minutes: Mapped[int]
    ends_with_day: Mapped[bool]
    self_by: Mapped[str]
    radius_m: Mapped[int | None]
    cooldown_minutes: Mapped[int]
    per_day: Mapped[int]
    program_id: Mapped[UUID | None]
    code_version: Mapped[int] = mapped_column(server_default=text("1"))


class CheckIn(Tenant, Base):
    """A stay, or a visit by oneself, which is closed as it is opened.

    ``closes_at`` is when a stay ends without an "out", ``closes_how`` why then. ``custom_event_id`` is there when it
    counted as a visit.
    """

    __tablename__ = "check_ins"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "location_id"], ["locations.organization_id", "locations.id"]),
        ForeignKeyConstraint(["organization_id", "customer_id"], ["customers.organization_id", "customers.id"]),
        UniqueConstraint("organization_id", "reference"),
        UniqueConstraint("organization_id", "out_reference"),
        Index(
            "ix_check_ins_inside",
            *("organization_id", "location_id", "customer_id"),
            unique=True,
            postgresql_where=text("closed_at IS NULL AND undone_at IS NULL"),
        ),
        Index(
            "ix_check_ins_due",
            *("organization_id", "closes_at"),
            postgresql_where=text("closed_at IS NULL AND undone_at IS NULL"),
        ),
        Index("ix_check_ins_location_id", "organization_id", "location_id", "id"),
        Index("ix_check_ins_customer_id", "organization_id", "customer_id", "id"),
        CheckConstraint("way IN ('staff', 'self')", "way"),
        CheckConstraint("closes_how IN ('expired', 'day_end', 'visit')", "closes_how"),
        CheckConstraint("closed_how IN ('out', 'expired', 'day_end', 'visit')", "closed_how"),
        CheckConstraint("num_nulls(closed_at, closed_by, closed_how) IN (0, 3)", "closed"),
        CheckConstraint("num_nulls(undone_at, undone_by) IN (0, 2)", "undone"),
        CheckConstraint("closed_at >= opened_at AND closes_at >= opened_at", "times"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    location_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    way: Mapped[str]
    opened_at: Mapped[datetime] = mapped_column(UtcTime)
    opened_by: Mapped[str]
    closes_at: Mapped[datetime] = mapped_column(UtcTime)
    closes_how: Mapped[str]
    closed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    closed_by: Mapped[str | None]
    closed_how: Mapped[str | None]
    undone_at: Mapped[datetime | None] = mapped_column(UtcTime)
    undone_by: Mapped[str | None]
    reference: Mapped[str | None]
    out_reference: Mapped[str | None]
    custom_event_id: Mapped[UUID | None]
