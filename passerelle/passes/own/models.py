"""Tables of own identities."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime


class AppleRequest(Tenant, Base):
    """A signing request that waits for Apple's certificate: its private key, encrypted, never leaves the server."""

    __tablename__ = "apple_requests"
    __table_args__ = (ForeignKeyConstraint(["organization_id"], ["organizations.organization_id"]),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[bytes]
    request: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class OwnApple(Tenant, Base):
    """A pass type with key and certificate, encrypted; ``in_use`` for new cards, the others for cards given out."""

    __tablename__ = "apple_identities"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organizations.organization_id"]),
        Index("uq_apple_identities_in_use", "organization_id", unique=True, postgresql_where=text("in_use")),
    )

    pass_type_identifier: Mapped[str] = mapped_column(primary_key=True)
    sealed: Mapped[bytes]
    in_use: Mapped[bool]
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    stored_at: Mapped[datetime] = mapped_column(UtcTime)


class OwnGoogle(Tenant, Base):
    """An issuer with its service account, encrypted; one per organization."""

    __tablename__ = "google_identities"
    __table_args__ = (ForeignKeyConstraint(["organization_id"], ["organizations.organization_id"]),)

    issuer_id: Mapped[str]
    sealed: Mapped[bytes]
    stored_at: Mapped[datetime] = mapped_column(UtcTime)
