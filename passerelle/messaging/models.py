"""The table of messages."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime


class MessageRow(Tenant, Base):
    """A message to a customer; ``changed_at`` is when it was queued, or last tried."""

    __tablename__ = "messages"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "customer_id"], ["customers.organization_id", "customers.id"]),
        CheckConstraint("channel IN ('email')", "channel"),
        CheckConstraint(
            "topic IN ('page_link', 'new_address', 'new_number', 'address_changed', 'feedback_request', "
            "'feedback_reply')",
            "topic",
        ),
        CheckConstraint("state IN ('queued', 'sent', 'failed')", "state"),
        Index("ix_messages_customer_id", "organization_id", "customer_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID]
    channel: Mapped[str]
    topic: Mapped[str]
    state: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    changed_at: Mapped[datetime] = mapped_column(UtcTime)
