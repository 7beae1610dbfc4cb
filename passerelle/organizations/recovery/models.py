"""Tables of recovery."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime


class PasswordReset(Tenant, Base):
    """A link that lets one operator choose a new password; deleted when it was used, or when a newer one is made."""

    __tablename__ = "password_resets"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "operator_id"], ["operators.organization_id", "operators.id"]),
        UniqueConstraint("organization_id", "operator_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    operator_id: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
