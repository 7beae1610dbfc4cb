"""Tables of templates."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime


class StoredImage(Tenant, Base):
    """A picture (PNG), once per content; ``uploaded`` tells those of people from those that were made."""

    __tablename__ = "images"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organizations.organization_id"]),
        UniqueConstraint("organization_id", "digest"),
        CheckConstraint("digest ~ '^[0-9a-f]{64}$'", "digest"),
        CheckConstraint("octet_length(png) <= 20000000", "size"),
        Index("ix_images_uploaded", "organization_id", "id", postgresql_where=text("uploaded")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    digest: Mapped[str]
    png: Mapped[bytes] = mapped_column(deferred=True, deferred_raiseload=True)
    width: Mapped[int]
    height: Mapped[int]
    size_bytes: Mapped[int]
    uploaded: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class PassTemplate(Tenant, Base):
    """A template; what it says is in its versions."""

    __tablename__ = "pass_templates"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organizations.organization_id"]),
        CheckConstraint("published_version BETWEEN 1 AND latest_version", "published_version"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    latest_version: Mapped[int]
    published_version: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    updated_at: Mapped[datetime] = mapped_column(UtcTime)


class TemplateVersion(Tenant, Base):
    """What a template said at one time: never changed. ``files`` goes from file names to digests of images."""

    __tablename__ = "pass_template_versions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "template_id"], ["pass_templates.organization_id", "pass_templates.id"]
        ),
        CheckConstraint("version >= 1", "version"),
    )

    template_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]]
    files: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    created_by: Mapped[str]
