"""How an activity gets into the books: posted to the ledger, written beside the card, announced; a retry replays."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID

import orjson
from asyncpg import ForeignKeyViolationError

from passerelle.giftcards import queries, rules
from passerelle.giftcards.errors import GiftCardReferenceReused
from passerelle.giftcards.events import (
    GiftCardActivated,
    GiftCardActivity,
    GiftCardBalanceCleared,
    GiftCardBalanceReceived,
    GiftCardBalanceSent,
    GiftCardBlocked,
    GiftCardDeactivated,
    GiftCardDecremented,
    GiftCardImported,
    GiftCardImportReversed,
    GiftCardIncremented,
    GiftCardLoaded,
    GiftCardRedeemed,
    GiftCardRefunded,
    GiftCardRefundedUnlinked,
    GiftCardUnblocked,
)
from passerelle.giftcards.rules import Figures, Kind, State
from passerelle.giftcards.schemas.activities import Acted, Activity, NewActivity
from passerelle.giftcards.schemas.cards import GiftCard
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import new_id
from passerelle.ledger import service as ledger
from passerelle.ledger.schemas import Balance, Credit, Debit
from passerelle.organizations.errors import LocationNotFound

_FACTS: Final[dict[Kind, type[GiftCardActivity]]] = {
    "ACTIVATE": GiftCardActivated,
    "LOAD": GiftCardLoaded,
    "REDEEM": GiftCardRedeemed,
    "CLEAR_BALANCE": GiftCardBalanceCleared,
    "DEACTIVATE": GiftCardDeactivated,
    "ADJUST_INCREMENT": GiftCardIncremented,
    "ADJUST_DECREMENT": GiftCardDecremented,
    "REFUND": GiftCardRefunded,
    "UNLINKED_ACTIVITY_REFUND": GiftCardRefundedUnlinked,
    "IMPORT": GiftCardImported,
    "IMPORT_REVERSAL": GiftCardImportReversed,
    "BLOCK": GiftCardBlocked,
    "UNBLOCK": GiftCardUnblocked,
    "TRANSFER_BALANCE_FROM": GiftCardBalanceReceived,
    "TRANSFER_BALANCE_TO": GiftCardBalanceSent,
}


@dataclass(frozen=True, slots=True)
class Step:
    """An activity that is legal, before it is booked: the card locked, its figures and its state after it."""

    card: GiftCard
    told: NewActivity
    after: State
    figures: Figures
    activity_id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an activity did: a signed amount, its transfer, and until when a credited amount is good.

    ``asked_minor`` is what was asked for when less was taken.
    """

    amount_minor: int = 0
    transfer_id: UUID | None = None
    asked_minor: int | None = None
    lapses_at: datetime | None = None


def unit_of(tx: Tx, card: GiftCard) -> UUID:
    """The ledger's unit of a card."""
    return rules.unit_of(tx.organization_id, card.currency)


def ledger_reference(activity_id: UUID) -> str:
    """Under which reference an activity is booked."""
    return f"gift_card:{activity_id}"


async def balance_of(tx: Tx, card: GiftCard) -> Balance:
    """The ledger's balance of a card; nothing when it never had money."""
    return (await ledger.balances(tx, [card.id]))[card.id].get(unit_of(tx, card), Balance())


async def post(tx: Tx, step: Step, *, credits: Sequence[Credit] = (), debits: Sequence[Debit] = ()) -> UUID:  # noqa: A002  the word of double entry
    """Book the transfer of an activity; returns its id."""
    kind = rules.TRANSFER_KIND[step.told.type]
    assert kind != "reversal", "A reversal undoes a transfer; it is not posted."
    posted = await ledger.post(
        tx,
        kind=kind,
        reference=ledger_reference(step.activity_id),
        credits=credits,
        debits=debits,
        reason=step.told.reason,
    )
    return posted.transfer_id


async def write(tx: Tx, step: Step, outcome: Outcome) -> Acted:
    """Write an activity down with the card's state after it, and announce it."""
    card, told = step.card, step.told
    figures = Figures(step.figures.balance_minor + outcome.amount_minor, step.figures.held_minor)
    activity = _activity(tx, step, outcome, figures)
    await _add(tx, activity, _digest(told))
    changed = _changed(step, outcome, activity.occurred_at)
    if changed != card:
        await tx.execute(
            queries.SET_STATE,
            *(tx.organization_id, card.id, changed.state, changed.lapses_at, changed.activated_at),
        )
    await announce(tx, _fact(changed, activity))
    return Acted(activity, changed, figures)


async def _add(tx: Tx, activity: Activity, digest: bytes) -> None:
    fields = asdict(activity) | {"digest": digest}
    try:
        await tx.execute(queries.ADD_ACTIVITY, tx.organization_id, *(fields[name] for name in queries.ADDED))
    except ForeignKeyViolationError:  # the card is locked, so it is the location
        raise LocationNotFound from None


async def replay(tx: Tx, card: GiftCard, told: NewActivity, activity: Activity, digest: bytes) -> Acted:
    """The answer to a retry: the first activity, and the card as it stands. Raises GiftCardReferenceReused."""
    if not hmac.compare_digest(digest, _digest(told)):
        raise GiftCardReferenceReused
    held = await queries.held_minor(tx, card.id, clock.now())
    figures = Figures((await balance_of(tx, card)).active, held)
    return Acted(activity, card, figures, replayed=True)


def _activity(tx: Tx, step: Step, outcome: Outcome, figures: Figures) -> Activity:
    told = step.told
    return Activity(
        id=step.activity_id,
        gift_card_id=step.card.id,
        type=told.type,
        amount_minor=outcome.amount_minor,
        balance_minor=figures.balance_minor,
        asked_minor=outcome.asked_minor,
        transfer_id=outcome.transfer_id,
        reference=told.reference,
        reason=told.reason,
        redemption_id=told.redemption_id,
        other_gift_card_id=told.other_gift_card_id,
        hold_id=told.hold_id,
        location_id=told.location_id,
        actor=tx.actor.label,
        occurred_at=clock.now(),
    )


def _changed(step: Step, outcome: Outcome, now: datetime) -> GiftCard:
    card, lapses_at = step.card, step.card.lapses_at
    if step.told.type in rules.CREDITS or step.told.type == "TRANSFER_BALANCE_FROM":
        first = card.activated_at is None
        lapses_at = outcome.lapses_at if first else rules.latest(card.lapses_at, outcome.lapses_at)
    activated_at = card.activated_at or (now if step.after == "ACTIVE" else None)
    return replace(card, state=step.after, lapses_at=lapses_at, activated_at=activated_at)


def _fact(card: GiftCard, activity: Activity) -> GiftCardActivity:
    kind = _FACTS[activity.type]
    fact = kind(card.id, activity.id, activity.amount_minor, activity.balance_minor, card.currency)
    if isinstance(fact, GiftCardActivated) and card.deliver_at is not None:
        return replace(fact, deliver_at=card.deliver_at.isoformat())
    return fact


def _digest(told: NewActivity) -> bytes:
    """The hash of an input: what, how much, of what, why. Times and places are left out, as in the ledger."""
    names = (told.redemption_id, told.other_gift_card_id, told.hold_id)
    content = [told.type, told.amount_minor, told.currency, told.reason, told.allow_partial, *map(str, names)]
    return hashlib.sha256(orjson.dumps(content)).digest()
