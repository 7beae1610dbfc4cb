"""Tables of distribution."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime


class JoinLink(Tenant, Base):
    """A public way to the join page of a program; ``code`` is the end of its short address.

    Each program has one default link, made with it; ``is_default`` is true or null, so that it is one.
    ``embed_origins`` are the sites that may show the form in a frame. ``poster`` is a ``posters.PosterDesign``.
    """

    __tablename__ = "join_links"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "program_id"], ["programs.organization_id", "programs.id"]),
        ForeignKeyConstraint(["organization_id", "location_id"], ["locations.organization_id", "locations.id"]),
        UniqueConstraint("organization_id", "code"),
        UniqueConstraint("organization_id", "program_id", "is_default"),
        CheckConstraint("is_default", "is_default"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    program_id: Mapped[UUID]
    code: Mapped[str]
    name: Mapped[str]
    location_id: Mapped[UUID | None]
    utm_source: Mapped[str | None]
    utm_medium: Mapped[str | None]
    utm_campaign: Mapped[str | None]
    ask_email: Mapped[bool] = mapped_column(server_default=text("false"))
    is_default: Mapped[bool | None]
    embed_origins: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    poster: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    archived_at: Mapped[datetime | None] = mapped_column(UtcTime)
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class SmartLink(Tenant, Base):
    """A secret way to one card; the secret is stored as a digest.

    ``form_digest`` is of the browser's form that made it: who sends that form again is the same person.
    """

    __tablename__ = "smart_links"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "pass_id"], ["passes.organization_id", "passes.id"]),
        ForeignKeyConstraint(["organization_id", "customer_id"], ["customers.organization_id", "customers.id"]),
        UniqueConstraint("organization_id", "digest"),
        CheckConstraint("origin IN ('form', 'staff')", "origin"),
        CheckConstraint("(origin = 'form') = (form_digest IS NOT NULL)", "form_digest"),
        Index("ix_smart_links_pass_id", "organization_id", "pass_id", "id"),
        Index("ix_smart_links_customer_id", "organization_id", "customer_id", "form_digest"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    digest: Mapped[bytes]
    origin: Mapped[str]
    form_digest: Mapped[bytes | None]
    pass_id: Mapped[UUID]
    customer_id: Mapped[UUID | None]
    program_id: Mapped[UUID | None]
    language: Mapped[str | None]
    join_link_id: Mapped[UUID | None]
    handout_link_id: Mapped[UUID | None]
    location_id: Mapped[UUID | None]
    utm_source: Mapped[str | None]
    utm_medium: Mapped[str | None]
    utm_campaign: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class LinkFact(Tenant, Base):
    """What happened with a link; append-only by grant. It knows cards, never customers or addresses.

    Each is of a program, or of the ``offering_id`` that is a coupon campaign or a gift card product. No reference to
    links or cards on purpose: facts outlive what they tell of. ``wallet`` is told by wallets alone.
    """

    __tablename__ = "link_facts"
    __table_args__ = (
        CheckConstraint("kind IN ('viewed', 'platform_detected', 'joined', 'tapped', 'added', 'removed')", "kind"),
        CheckConstraint("via IN ('join_page', 'handout_page', 'form_link', 'staff_link', 'wallet')", "via"),
        CheckConstraint("(program_id IS NULL) <> (offering_id IS NULL)", "offering"),
        CheckConstraint("platform IN ('iphone', 'ipad', 'mac', 'android', 'other')", "platform"),
        CheckConstraint("wallet IN ('apple', 'google')", "wallet"),
        Index("ix_link_facts_program_id", "organization_id", "program_id", "occurred_at"),
        Index("ix_link_facts_pass_id", "organization_id", "pass_id", "id"),
        Index("ix_link_facts_join_link_id", "organization_id", "join_link_id", "occurred_at"),
        Index("ix_link_facts_offering_id", "organization_id", "offering_id", "occurred_at"),
        Index("ix_link_facts_handout_link_id", "organization_id", "handout_link_id", "occurred_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    via: Mapped[str]
    occurred_at: Mapped[datetime] = mapped_column(UtcTime)
    program_id: Mapped[UUID | None]
    offering_id: Mapped[UUID | None]
    platform: Mapped[str]
    wallet: Mapped[str | None]
    language: Mapped[str | None]
    pass_id: Mapped[UUID | None]
    smart_link_id: Mapped[UUID | None]
    join_link_id: Mapped[UUID | None]
    handout_link_id: Mapped[UUID | None]
    location_id: Mapped[UUID | None]
    utm_source: Mapped[str | None]
    utm_medium: Mapped[str | None]
    utm_campaign: Mapped[str | None]
