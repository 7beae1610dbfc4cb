"""The table of notes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime


class Note(Tenant, Base):
    """What somebody wrote about a customer; ``text`` is encrypted."""

    __tablename__ = "customer_notes"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "customer_id"], ["customers.organization_id", "customers.id"]),
        Index("ix_customer_notes_customer_id", "organization_id", "customer_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID]
    text: Mapped[bytes]
    actor: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcTime)
