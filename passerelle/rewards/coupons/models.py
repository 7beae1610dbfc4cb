"""Tables of coupons."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime

_HELD = text("state = 'held'")
_HAS_CUSTOMER = text("customer_id IS NOT NULL")
_HAS_PURCHASE = text("purchase_id IS NOT NULL")


class CouponCampaignRow(Tenant, Base):
    """A campaign; ``terms``, ``after_purchase`` and ``pattern`` are those of terms.py and codes.py. Never deleted.

    ``given`` counts the codes that purchases gave, while that has a ``stock``.
    """

    __tablename__ = "coupon_campaigns"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "program_id"], ["programs.organization_id", "programs.id"]),
        CheckConstraint("state IN ('draft', 'active', 'paused', 'ended')", "state"),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", "ended_at"),
        CheckConstraint("codes >= 0", "codes"),
        CheckConstraint("given >= 0", "given"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    names: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    state: Mapped[str]
    program_id: Mapped[UUID | None]
    currency: Mapped[str]
    time_zone: Mapped[str]
    starts_at: Mapped[datetime | None] = mapped_column(UtcTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)
    pattern: Mapped[dict[str, Any]]
    terms: Mapped[dict[str, Any]]
    codes: Mapped[int] = mapped_column(server_default=text("0"))
    template_id: Mapped[UUID | None]
    after_purchase: Mapped[dict[str, Any] | None]
    given: Mapped[int] = mapped_column(server_default=text("0"))
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class CouponRow(Tenant, Base):
    """One code, found by the keyed digest of its canonical form; the text itself is sealed.

    No foreign key to the campaign, which is never deleted: a million checks would cost more than the codes. The same
    for the purchase that gave it: ``given_on`` is the local day of that, ``withdrawn_at`` is when it was taken back.
    """

    __tablename__ = "coupons"
    __table_args__ = (
        UniqueConstraint("organization_id", "code_index"),
        Index("ix_coupons_campaign_id", "organization_id", "campaign_id", "id"),
        Index("ix_coupons_customer_id", "organization_id", "customer_id", "id", postgresql_where=_HAS_CUSTOMER),
        Index("ix_coupons_purchase_id", "organization_id", "purchase_id", postgresql_where=_HAS_PURCHASE),
        Index(
            "uq_coupons_reference",
            "organization_id",
            "campaign_id",
            "reference",
            unique=True,
            postgresql_where=text("reference IS NOT NULL"),
        ),
        CheckConstraint("state IN ('active', 'voided', 'expired')", "state"),
        CheckConstraint("uses >= 0", "uses"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[UUID]
    code_index: Mapped[bytes]
    code: Mapped[bytes]
    customer_id: Mapped[UUID | None]
    reference: Mapped[str | None]
    state: Mapped[str] = mapped_column(server_default=text("'active'"))
    uses: Mapped[int] = mapped_column(server_default=text("0"))
    starts_at: Mapped[datetime | None] = mapped_column(UtcTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcTime)
    issued_at: Mapped[datetime] = mapped_column(UtcTime)
    purchase_id: Mapped[UUID | None]
    given_on: Mapped[date | None]
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcTime)


class CouponBatchRow(Tenant, Base):
    """Codes that were asked for at once, and how many there are by now."""

    __tablename__ = "coupon_batches"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "campaign_id"], ["coupon_campaigns.organization_id", "coupon_campaigns.id"]
        ),
        Index("ix_coupon_batches_campaign_id", "organization_id", "campaign_id", "id"),
        CheckConstraint("kind IN ('generated', 'imported')", "kind"),
        CheckConstraint("state IN ('queued', 'running', 'done', 'cancelled')", "state"),
        CheckConstraint("made BETWEEN 0 AND requested", "made"),
        CheckConstraint("(state IN ('done', 'cancelled')) = (finished_at IS NOT NULL)", "finished_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[UUID]
    kind: Mapped[str]
    requested: Mapped[int]
    made: Mapped[int] = mapped_column(server_default=text("0"))
    state: Mapped[str]
    pattern: Mapped[dict[str, Any]]
    actor: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcTime)


class CouponRedemptionRow(Tenant, Base):
    """One use of a code. ``spread`` is the discount of each line; ``counted_at`` says in which periods it counts."""

    __tablename__ = "coupon_redemptions"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "coupon_id"], ["coupons.organization_id", "coupons.id"]),
        UniqueConstraint("organization_id", "reference"),
        Index("ix_coupon_redemptions_coupon_id", "organization_id", "coupon_id", "id"),
        Index("ix_coupon_redemptions_campaign_id", "organization_id", "campaign_id", "id"),
        Index(
            "ix_coupon_redemptions_customer_id",
            "organization_id",
            "customer_id",
            "id",
            postgresql_where=_HAS_CUSTOMER,
        ),
        Index(
            "ix_coupon_redemptions_order_reference",
            "organization_id",
            "order_reference",
            postgresql_where=text("order_reference IS NOT NULL"),
        ),
        Index(
            "ix_coupon_redemptions_held_until", "organization_id", "campaign_id", "held_until", postgresql_where=_HELD
        ),
        CheckConstraint("state IN ('held', 'redeemed', 'undone', 'lapsed')", "state"),
        CheckConstraint("stacking IN ('exclusive', 'combinable')", "stacking"),
        CheckConstraint("discount_minor >= 0 AND discount_minor <= coalesce(basket_minor, 0)", "discount_minor"),
        CheckConstraint("(state IN ('undone', 'lapsed')) = (undone_at IS NOT NULL)", "undone_at"),
        CheckConstraint("state <> 'held' OR held_until IS NOT NULL", "held_until"),
        CheckConstraint("state <> 'redeemed' OR redeemed_at IS NOT NULL", "redeemed_at"),
        CheckConstraint("channel IN ('till', 'online', 'api')", "channel"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[UUID]
    coupon_id: Mapped[UUID]
    customer_id: Mapped[UUID | None]
    membership_id: Mapped[UUID | None]
    reference: Mapped[str]
    order_reference: Mapped[str | None]
    request_digest: Mapped[bytes]
    state: Mapped[str]
    stacking: Mapped[str]
    basket_digest: Mapped[bytes | None]
    basket_minor: Mapped[int | None] = mapped_column(BigInteger())
    discount_minor: Mapped[int] = mapped_column(BigInteger())
    spread: Mapped[list[int]] = mapped_column(ARRAY(BigInteger()))
    units: Mapped[int] = mapped_column(BigInteger())
    currency: Mapped[str]
    location_id: Mapped[UUID | None]
    channel: Mapped[str]
    actor: Mapped[str]
    counted_at: Mapped[datetime] = mapped_column(UtcTime)
    held_until: Mapped[datetime | None] = mapped_column(UtcTime)
    redeemed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcTime)


class CouponCountRow(Tenant, Base):
    """Uses and discount of a campaign in one period, as its limits need them; a zero customer is the campaign."""

    __tablename__ = "coupon_counts"
    __table_args__ = (
        CheckConstraint("period IN ('ever', 'day', 'week', 'month')", "period"),
        CheckConstraint("uses >= 0 AND discount_minor >= 0", "not_negative"),
        {"postgresql_with": {"fillfactor": 60}},
    )

    campaign_id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    starts_on: Mapped[date] = mapped_column(primary_key=True)
    uses: Mapped[int] = mapped_column(server_default=text("0"))
    discount_minor: Mapped[int] = mapped_column(BigInteger(), server_default=text("0"))


class CouponAttemptRow(Tenant, Base):
    """Unknown codes that somebody tried lately: an API key, an operator, or the organization as a whole."""

    __tablename__ = "coupon_attempts"
    __table_args__ = (CheckConstraint("failures >= 0", "failures"), {"postgresql_with": {"fillfactor": 60}})

    subject: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    since: Mapped[datetime] = mapped_column(UtcTime)
    blocked_until: Mapped[datetime | None] = mapped_column(UtcTime)
