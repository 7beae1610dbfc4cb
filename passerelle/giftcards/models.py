"""Tables of gift cards. Balances are the ledger's; activities are append-only (the grants say so)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.giftcards.rules import KINDS, STATES
from passerelle.kit.db import Base, Tenant, UtcTime


def _in(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class GiftCardProductRow(Tenant, Base):
    """What is sold: fixed ``amounts_minor``, or any amount of a range; ``is_foreign``: in another currency."""

    __tablename__ = "gift_card_products"
    __table_args__ = (
        CheckConstraint(
            "(cardinality(amounts_minor) > 0) = (minimum_minor IS NULL AND maximum_minor IS NULL)", "amounts"
        ),
        CheckConstraint("minimum_minor BETWEEN 1 AND maximum_minor", "amount_range"),
        CheckConstraint("(minimum_minor IS NULL) = (maximum_minor IS NULL)", "amount_bounds"),
        CheckConstraint("expires_after_months BETWEEN 1 AND 1200", "expires_after_months"),
        CheckConstraint("max_balance_minor > 0", "max_balance_minor"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    names: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    currency: Mapped[str]
    is_foreign: Mapped[bool]
    amounts_minor: Mapped[list[int]] = mapped_column(ARRAY(BigInteger()), server_default=text("'{}'"))
    minimum_minor: Mapped[int | None] = mapped_column(BigInteger())
    maximum_minor: Mapped[int | None] = mapped_column(BigInteger())
    expires_after_months: Mapped[int | None]
    reloadable: Mapped[bool]
    max_balance_minor: Mapped[int] = mapped_column(BigInteger())
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    template_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class GiftCardRow(Tenant, Base):
    """A card. ``code`` and the contact data are encrypted; ``code_index`` finds the code, ``last_four`` shows it.

    ``pin`` is a keyed digest. ``lapses_at``: when the amount that lapses last does, NULL is never. ``customer_id`` is
    who bought it.
    """

    __tablename__ = "gift_cards"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "product_id"], ["gift_card_products.organization_id", "gift_card_products.id"]
        ),
        ForeignKeyConstraint(["organization_id", "customer_id"], ["customers.organization_id", "customers.id"]),
        UniqueConstraint("organization_id", "code_index"),
        Index("ix_gift_cards_customer_id", "organization_id", "customer_id"),
        Index("ix_gift_cards_product_id", "organization_id", "product_id", "id"),
        CheckConstraint(_in("state", STATES), "state"),
        CheckConstraint("wrong_pins >= 0", "wrong_pins"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    product_id: Mapped[UUID]
    currency: Mapped[str]
    state: Mapped[str]
    code: Mapped[bytes]
    code_index: Mapped[bytes]
    last_four: Mapped[str]
    pin: Mapped[bytes | None]
    wrong_pins: Mapped[int] = mapped_column(server_default=text("0"))
    pin_locked_until: Mapped[datetime | None] = mapped_column(UtcTime)
    customer_id: Mapped[UUID | None]
    sender_name: Mapped[bytes | None]
    recipient_name: Mapped[bytes | None]
    recipient_email: Mapped[bytes | None]
    message: Mapped[bytes | None]
    deliver_at: Mapped[datetime | None] = mapped_column(UtcTime)
    lapses_at: Mapped[datetime | None] = mapped_column(UtcTime)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    activated_at: Mapped[datetime | None] = mapped_column(UtcTime)


class GiftCardActivityRow(Tenant, Base):
    """What happened to a card; never changed or removed.

    ``amount_minor`` is signed. ``digest`` is the hash of the input, so that a retry is told from another operation.
    ``asked_minor``: what was asked for when less was taken. ``redemption_id``: the REDEEM that a REFUND gives back.
    """

    __tablename__ = "gift_card_activities"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "gift_card_id"], ["gift_cards.organization_id", "gift_cards.id"]),
        ForeignKeyConstraint(["organization_id", "location_id"], ["locations.organization_id", "locations.id"]),
        UniqueConstraint("organization_id", "gift_card_id", "reference"),
        Index("ix_gift_card_activities_gift_card_id", "organization_id", "gift_card_id", "id"),
        Index(
            "ix_gift_card_activities_redemption_id",
            "organization_id",
            "redemption_id",
            postgresql_where=text("redemption_id IS NOT NULL"),
        ),
        CheckConstraint(_in("type", KINDS), "type"),
        CheckConstraint("(type = 'REFUND') = (redemption_id IS NOT NULL)", "redemption_id"),
        CheckConstraint("(amount_minor <> 0) = (transfer_id IS NOT NULL)", "transfer_id"),
        CheckConstraint("balance_minor >= 0", "balance_minor"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    gift_card_id: Mapped[UUID]
    type: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(BigInteger())
    balance_minor: Mapped[int] = mapped_column(BigInteger())
    asked_minor: Mapped[int | None] = mapped_column(BigInteger())
    transfer_id: Mapped[UUID | None]
    reference: Mapped[str]
    digest: Mapped[bytes]
    reason: Mapped[str | None]
    redemption_id: Mapped[UUID | None]
    other_gift_card_id: Mapped[UUID | None]
    hold_id: Mapped[UUID | None]
    location_id: Mapped[UUID | None]
    actor: Mapped[str]
    occurred_at: Mapped[datetime] = mapped_column(UtcTime)


class GiftCardHoldRow(Tenant, Base):
    """An amount set aside until ``expires_at``; from then on it counts no more, without anybody's doing."""

    __tablename__ = "gift_card_holds"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "gift_card_id"], ["gift_cards.organization_id", "gift_cards.id"]),
        UniqueConstraint("organization_id", "gift_card_id", "reference"),
        Index(
            "ix_gift_card_holds_held",
            "organization_id",
            "gift_card_id",
            postgresql_where=text("state = 'held'"),
        ),
        CheckConstraint("state IN ('held', 'captured', 'released')", "state"),
        CheckConstraint("amount_minor > 0", "amount_minor"),
        CheckConstraint("(state = 'captured') = (captured_minor IS NOT NULL)", "captured_minor"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    gift_card_id: Mapped[UUID]
    amount_minor: Mapped[int] = mapped_column(BigInteger())
    captured_minor: Mapped[int | None] = mapped_column(BigInteger())
    state: Mapped[str] = mapped_column(server_default=text("'held'"))
    reference: Mapped[str]
    actor: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
