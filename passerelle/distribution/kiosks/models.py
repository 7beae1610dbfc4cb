"""Tables of kiosks."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime


class Kiosk(Tenant, Base):
    """A tablet's secret address; the secret is stored as a digest. ``language`` is what it falls back to."""

    __tablename__ = "kiosks"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "join_link_id"], ["join_links.organization_id", "join_links.id"]),
        UniqueConstraint("organization_id", "digest"),
        Index("ix_kiosks_join_link_id", "organization_id", "join_link_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    join_link_id: Mapped[UUID]
    name: Mapped[str]
    digest: Mapped[bytes]
    language: Mapped[str | None]
    seen_at: Mapped[datetime | None] = mapped_column(UtcTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcTime)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
