"""Tables of ticketing; capacity and seats are kept by the database, too."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime


class TicketedEventRow(Tenant, Base):
    """An event at a location of ours, or at a venue by name. ``issued`` counts tickets that were not cancelled.

    ``version`` grows with every change, so that wallets are told of it.
    """

    __tablename__ = "ticketed_events"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "location_id"], ["locations.organization_id", "locations.id"]),
        Index("ix_ticketed_events_location_id", "organization_id", "location_id"),
        CheckConstraint("num_nonnulls(location_id, venue_name) = 1", "place"),
        CheckConstraint("location_id IS NULL OR venue_address IS NULL", "venue_address"),
        CheckConstraint("doors_at <= starts_at AND starts_at < ends_at", "times"),
        CheckConstraint("state IN ('published', 'cancelled')", "state"),
        CheckConstraint("issued >= 0 AND issued <= capacity", "issued"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    names: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    location_id: Mapped[UUID | None]
    venue_name: Mapped[str | None]
    venue_address: Mapped[str | None]
    starts_at: Mapped[datetime] = mapped_column(UtcTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcTime)
    doors_at: Mapped[datetime | None] = mapped_column(UtcTime)
    capacity: Mapped[int | None]
    issued: Mapped[int] = mapped_column(server_default=text("0"))
    state: Mapped[str] = mapped_column(server_default=text("'published'"))
    version: Mapped[int] = mapped_column(server_default=text("1"))
    template_id: Mapped[UUID | None]
    reentry: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class TicketRow(Tenant, Base):
    """A ticket. ``code`` is encrypted, ``code_index`` finds it; ``reference`` is who asked for it by a link.

    Places that a ticket does not name are empty, not NULL: so a seat is given once. ``used_at`` is when its holder
    came in last, ``left_at`` when they left to come again, ``returns`` how often they came again.
    """

    __tablename__ = "tickets"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "event_id"], ["ticketed_events.organization_id", "ticketed_events.id"]
        ),
        ForeignKeyConstraint(["organization_id", "customer_id"], ["customers.organization_id", "customers.id"]),
        ForeignKeyConstraint(["organization_id", "used_location_id"], ["locations.organization_id", "locations.id"]),
        UniqueConstraint("organization_id", "code_index"),
        UniqueConstraint("organization_id", "event_id", "reference"),
        Index("ix_tickets_event_id", "organization_id", "event_id", "id"),
        Index("ix_tickets_customer_id", "organization_id", "customer_id"),
        Index(
            "ix_tickets_used",
            "organization_id",
            "event_id",
            postgresql_where=text("state = 'used'"),
        ),
        Index(
            "ix_tickets_taken_seats",
            "organization_id",
            "event_id",
            "section",
            "row",
            "seat",
            unique=True,
            postgresql_where=text("seat <> '' AND state <> 'cancelled'"),
        ),
        CheckConstraint("state IN ('issued', 'used', 'cancelled')", "state"),
        CheckConstraint("(state = 'used') = (used_at IS NOT NULL AND used_by IS NOT NULL)", "used_at"),
        CheckConstraint("left_at IS NULL OR (state = 'used' AND left_by IS NOT NULL)", "left_at"),
        CheckConstraint("returns >= 0", "returns"),
        CheckConstraint("(state = 'cancelled') = (cancelled_at IS NOT NULL)", "cancelled_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID]
    customer_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(server_default=text("'issued'"))
    code: Mapped[bytes]
    code_index: Mapped[bytes]
    category: Mapped[str] = mapped_column(server_default=text("''"))
    section: Mapped[str] = mapped_column(server_default=text("''"))
    row: Mapped[str] = mapped_column(server_default=text("''"))
    seat: Mapped[str] = mapped_column(server_default=text("''"))
    reference: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcTime)
    used_location_id: Mapped[UUID | None]
    used_by: Mapped[str | None]
    left_at: Mapped[datetime | None] = mapped_column(UtcTime)
    left_by: Mapped[str | None]
    returns: Mapped[int] = mapped_column(server_default=text("0"))
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcTime)
