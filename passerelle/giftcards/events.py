"""Facts of gift cards. Amounts are minor units; names, addresses and codes are never in them."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class GiftCardProductCreated(Event):
    name = "gift_card_product.created"
    product_id: UUID


@dataclass(frozen=True, slots=True)
class GiftCardProductChanged(Event):
    """``fields`` are what was given to change, sorted."""

    name = "gift_card_product.changed"
    product_id: UUID
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GiftCardCreated(Event):
    name = "gift_card.created"
    gift_card_id: UUID
    product_id: UUID


@dataclass(frozen=True, slots=True)
class GiftCardChanged(Event):
    name = "gift_card.changed"
    gift_card_id: UUID
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GiftCardCodeRevealed(Event):
    """Somebody asked for the code of a card in clear."""

    name = "gift_card.code_revealed"
    gift_card_id: UUID


@dataclass(frozen=True, slots=True)
class GiftCardPinLocked(Event):
    """The card's PIN was tried too often."""

    name = "gift_card.pin_locked"
    gift_card_id: UUID


@dataclass(frozen=True, slots=True)
class GiftCardHoldMade(Event):
    name = "gift_card.hold_made"
    gift_card_id: UUID
    hold_id: UUID
    amount_minor: int
    currency: str
    held_until: str


@dataclass(frozen=True, slots=True)
class GiftCardHoldReleased(Event):
    name = "gift_card.hold_released"
    gift_card_id: UUID
    hold_id: UUID


@dataclass(frozen=True, slots=True)
class GiftCardActivity(Event):
    """Base of what happens to a card: ``amount_minor`` is signed, ``balance_minor`` is after it."""

    gift_card_id: UUID
    activity_id: UUID
    amount_minor: int
    balance_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class GiftCardActivated(GiftCardActivity):
    """A card was sold and is good from now on; ``deliver_at`` is when its recipient should hear of it."""

    name = "gift_card.activated"
    deliver_at: str | None = None


@dataclass(frozen=True, slots=True)
class GiftCardLoaded(GiftCardActivity):
    name = "gift_card.loaded"


@dataclass(frozen=True, slots=True)
class GiftCardRedeemed(GiftCardActivity):
    name = "gift_card.redeemed"


@dataclass(frozen=True, slots=True)
class GiftCardBalanceCleared(GiftCardActivity):
    name = "gift_card.balance_cleared"


@dataclass(frozen=True, slots=True)
class GiftCardDeactivated(GiftCardActivity):
    name = "gift_card.deactivated"


@dataclass(frozen=True, slots=True)
class GiftCardIncremented(GiftCardActivity):
    name = "gift_card.incremented"


@dataclass(frozen=True, slots=True)
class GiftCardDecremented(GiftCardActivity):
    name = "gift_card.decremented"


@dataclass(frozen=True, slots=True)
class GiftCardRefunded(GiftCardActivity):
    name = "gift_card.refunded"


@dataclass(frozen=True, slots=True)
class GiftCardRefundedUnlinked(GiftCardActivity):
    name = "gift_card.refunded_unlinked"


@dataclass(frozen=True, slots=True)
class GiftCardImported(GiftCardActivity):
    name = "gift_card.imported"


@dataclass(frozen=True, slots=True)
class GiftCardImportReversed(GiftCardActivity):
    name = "gift_card.import_reversed"


@dataclass(frozen=True, slots=True)
class GiftCardBlocked(GiftCardActivity):
    name = "gift_card.blocked"


@dataclass(frozen=True, slots=True)
class GiftCardUnblocked(GiftCardActivity):
    name = "gift_card.unblocked"


@dataclass(frozen=True, slots=True)
class GiftCardBalanceReceived(GiftCardActivity):
    """The balance of another card came here (TRANSFER_BALANCE_FROM)."""

    name = "gift_card.balance_received"


@dataclass(frozen=True, slots=True)
class GiftCardBalanceSent(GiftCardActivity):
    """The balance went to another card (TRANSFER_BALANCE_TO)."""

    name = "gift_card.balance_sent"


ACTIVITIES: Final[tuple[type[GiftCardActivity], ...]] = (
    GiftCardActivated,
    GiftCardLoaded,
    GiftCardRedeemed,
    GiftCardBalanceCleared,
    GiftCardDeactivated,
    GiftCardIncremented,
    GiftCardDecremented,
    GiftCardRefunded,
    GiftCardRefundedUnlinked,
    GiftCardImported,
    GiftCardImportReversed,
    GiftCardBlocked,
    GiftCardUnblocked,
    GiftCardBalanceReceived,
    GiftCardBalanceSent,
)
"""Every one of them, for those who want to hear of all."""
