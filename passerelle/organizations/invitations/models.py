"""Tables of invitations."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime


class Invitation(Tenant, Base):
    """Who is asked to work here, in which role. The e-mail is encrypted; ``email_index`` finds it."""

    __tablename__ = "invitations"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organizations.organization_id"]),
        CheckConstraint("role IN ('owner', 'manager', 'cashier', 'analyst')", "role"),
        CheckConstraint("accepted_at IS NULL OR revoked_at IS NULL", "closed_once"),
        Index("ix_invitations_email_index", "organization_id", "email_index"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[bytes]
    email_index: Mapped[bytes]
    role: Mapped[str]
    invited_by: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcTime)
