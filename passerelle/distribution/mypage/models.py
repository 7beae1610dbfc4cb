"""Tables of my page. Secrets are stored as digests."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime


class PageLink(Tenant, Base):
    """A link that opens once: a customer's page, their new address or their new number, which stand here encrypted.

    ``may_erase`` is false for a link from staff who may not erase customers themselves.
    """

    __tablename__ = "page_links"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "customer_id"], ["customers.organization_id", "customers.id"]),
        UniqueConstraint("organization_id", "digest"),
        CheckConstraint("purpose IN ('page', 'email', 'phone')", "purpose"),
        CheckConstraint("origin IN ('mail', 'staff')", "origin"),
        CheckConstraint("(purpose = 'email') = (email IS NOT NULL)", "email"),
        CheckConstraint("(purpose = 'phone') = (phone IS NOT NULL)", "phone"),
        Index("ix_page_links_customer_id", "organization_id", "customer_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    digest: Mapped[bytes]
    customer_id: Mapped[UUID]
    purpose: Mapped[str]
    origin: Mapped[str]
    may_erase: Mapped[bool]
    email: Mapped[bytes | None]
    phone: Mapped[bytes | None]
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcTime)


class PageSession(Tenant, Base):
    """A browser in which a page link was opened."""

    __tablename__ = "page_sessions"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "customer_id"], ["customers.organization_id", "customers.id"]),
        UniqueConstraint("organization_id", "digest"),
        Index("ix_page_sessions_customer_id", "organization_id", "customer_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    digest: Mapped[bytes]
    customer_id: Mapped[UUID]
    may_erase: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
