"""Tables of analytics: all of them can be emptied and derived again, except visits without an amount and cards."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Index, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime


class DerivationRow(Tenant, Base):
    """How far the visits of an organization are derived, and in which time zone its days are.

    ``walked_to`` is the last customer of the first walk over all of them; null once that is done.
    """

    __tablename__ = "visit_derivations"

    time_zone: Mapped[str]
    walked_to: Mapped[UUID | None]


class ChangeRow(Tenant, Base):
    """A customer whose visits must be derived anew. Rows are only added by tills, so no scan waits for another."""

    __tablename__ = "visit_changes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID]


class CounterVisitRow(Tenant, Base):
    """A visit without an amount, under the reference that the till knows it by, or a check-in under its own."""

    __tablename__ = "counter_visits"
    __table_args__ = (Index("ix_counter_visits_customer_id", "organization_id", "customer_id"),)

    reference: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID]
    location_id: Mapped[UUID | None]
    occurred_at: Mapped[datetime] = mapped_column(UtcTime)


class VisitRow(Tenant, Base):
    """A visit with its neighbours, so that visitors of any period are counted without looking at who they are.

    ``previous_day`` and ``next_day`` are of the customer's neighbouring visits anywhere, those with ``_here`` at this
    location. ``returned_after`` stands on a first visit: how many days later the customer came again.
    ``program_ids``: where the customer is a member.
    """

    __tablename__ = "visits"
    __table_args__ = (
        # A year of a chain is a million rows, scattered by customer: figures of all locations read the index alone.
        Index(
            "ix_visits_day",
            *("organization_id", "day"),
            postgresql_include=["purchases", "net_minor", "previous_day", "next_day", "returned_after"],
        ),
        Index("ix_visits_customer_id", "organization_id", "customer_id", "day"),
        CheckConstraint("purchases >= 0", "purchases"),
        CheckConstraint("previous_day <= day AND day <= next_day", "neighbours"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date]
    customer_id: Mapped[UUID]
    location_id: Mapped[UUID | None]
    purchases: Mapped[int]
    net_minor: Mapped[int] = mapped_column(BigInteger())
    previous_day: Mapped[date | None]
    next_day: Mapped[date | None]
    returned_after: Mapped[int | None]
    previous_day_here: Mapped[date | None]
    next_day_here: Mapped[date | None]
    returned_after_here: Mapped[int | None]
    program_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), server_default=text("'{}'"))


class CardRow(Tenant, Base):
    """When a card was issued, and when a wallet first held it; ``location_id`` is where its member joined."""

    __tablename__ = "card_milestones"
    __table_args__ = (
        Index("ix_card_milestones_issued_at", "organization_id", "issued_at"),
        Index("ix_card_milestones_activated_at", "organization_id", "activated_at"),
        Index("ix_card_milestones_customer_id", "organization_id", "customer_id"),
    )

    pass_id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID]
    program_id: Mapped[UUID]
    location_id: Mapped[UUID | None]
    issued_at: Mapped[datetime] = mapped_column(UtcTime)
    activated_at: Mapped[datetime | None] = mapped_column(UtcTime)
