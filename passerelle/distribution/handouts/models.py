"""Tables of handout links."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime


class HandoutLinkRow(Tenant, Base):
    """A public way to a code of a campaign, a ticket of an event, or a page of a gift card.

    ``code`` is the end of its short address, ``poster`` a ``posters.PosterDesign``.
    """

    __tablename__ = "handout_links"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "campaign_id"], ["coupon_campaigns.organization_id", "coupon_campaigns.id"]
        ),
        ForeignKeyConstraint(
            ["organization_id", "product_id"], ["gift_card_products.organization_id", "gift_card_products.id"]
        ),
        ForeignKeyConstraint(
            ["organization_id", "event_id"], ["ticketed_events.organization_id", "ticketed_events.id"]
        ),
        UniqueConstraint("organization_id", "code"),
        Index("ix_handout_links_campaign_id", "organization_id", "campaign_id", "id"),
        Index("ix_handout_links_product_id", "organization_id", "product_id", "id"),
        Index("ix_handout_links_event_id", "organization_id", "event_id", "id"),
        CheckConstraint("num_nonnulls(campaign_id, product_id, event_id) = 1", "offering"),
        CheckConstraint("handed_out BETWEEN 0 AND max_codes", "handed_out"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[UUID | None]
    product_id: Mapped[UUID | None]
    event_id: Mapped[UUID | None]
    code: Mapped[str]
    name: Mapped[str]
    max_codes: Mapped[int]
    handed_out: Mapped[int] = mapped_column(server_default=text("0"))
    poster: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
