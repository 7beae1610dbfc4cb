"""Tables of birthdays."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime


class BirthdayRow(Tenant, Base):
    """A birthday that was kept. It tells the year alone: the day itself is encrypted where customers keep it."""

    __tablename__ = "birthdays_kept"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "membership_id"], ["memberships.organization_id", "memberships.id"]),
        CheckConstraint("year BETWEEN 1900 AND 2200", "year"),
    )

    membership_id: Mapped[UUID] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    kept_at: Mapped[datetime] = mapped_column(UtcTime)
