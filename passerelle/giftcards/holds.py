"""Holds: an amount set aside for a while, then captured, released, or free again by itself.

A hold books nothing. It lessens what may be spent while its time runs, so no job must end it; it does not make money
live longer that lapses meanwhile.
"""

from datetime import timedelta
from typing import cast
from uuid import UUID

from passerelle.giftcards import queries, rules
from passerelle.giftcards.activities import act, figures_of
from passerelle.giftcards.errors import (
    CaptureAboveHold,
    GiftCardReferenceReused,
    GiftCardStateRefused,
    HoldEnded,
    PinRequired,
)
from passerelle.giftcards.events import GiftCardHoldMade, GiftCardHoldReleased
from passerelle.giftcards.schemas.activities import ActedOut, NewActivity
from passerelle.giftcards.schemas.holds import CapturedOut, CaptureIn, HoldIn, HoldOut, HoldState
from passerelle.kit import clock
from passerelle.kit.db import Row, Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import new_id
from passerelle.kit.money import Money


async def hold_amount(tx: Tx, gift_card_id: UUID, new: HoldIn, *, pin_proven: bool = False) -> HoldOut:
    """Set an amount aside, once per reference.

    Raises GiftCardNotFound, GiftCardStateRefused, PinRequired, GiftCardOtherCurrency, GiftCardBalanceTooLow,
    GiftCardReferenceReused.
    """
    card = (await queries.cards_for_update(tx, [gift_card_id]))[gift_card_id]
    reference = new.reference or str(new_id())
    known = await queries.find_hold(tx, card.id, reference)
    if known is not None:
        if known["amount_minor"] != new.amount_minor:
            raise GiftCardReferenceReused
        return _out(known)
    if card.state != "ACTIVE":
        raise GiftCardStateRefused(activity="HOLD", state=card.state)
    rules.require_currency(new.currency, card.currency, foreign=card.is_foreign)
    if card.has_pin and not pin_proven:
        raise PinRequired
    rules.spendable(new.amount_minor, await figures_of(tx, card), card.currency)
    hold_id, now = new_id(), clock.now()
    expires_at = now + timedelta(seconds=new.seconds)
    await tx.execute(
        queries.ADD_HOLD,
        *(tx.organization_id, hold_id, card.id, new.amount_minor, reference, tx.actor.label, now, expires_at),
    )
    await announce(tx, GiftCardHoldMade(card.id, hold_id, new.amount_minor, card.currency, expires_at.isoformat()))
    return _out(await queries.get_hold(tx, card.id, hold_id))


async def capture_hold(tx: Tx, gift_card_id: UUID, hold_id: UUID, told: CaptureIn) -> CapturedOut:
    """Redeem what was held, or less; the same again answers the first time again.

    Raises GiftCardNotFound, GiftCardHoldNotFound, HoldEnded, CaptureAboveHold and the refusals of REDEEM.
    """
    card = (await queries.cards_for_update(tx, [gift_card_id]))[gift_card_id]
    hold = await queries.get_hold(tx, gift_card_id, hold_id)
    state = _state(hold)
    amount = told.amount_minor or (hold["captured_minor"] or hold["amount_minor"])
    if state not in {"held", "captured"} or (state == "captured" and amount != hold["captured_minor"]):
        raise HoldEnded(state=state)
    if amount > hold["amount_minor"]:
        raise CaptureAboveHold(held=Money(hold["amount_minor"], card.currency))
    redemption = NewActivity(
        "REDEEM",
        f"hold:{hold_id}",
        amount_minor=amount,
        currency=card.currency,
        hold_id=hold_id,
        location_id=told.location_id or tx.actor.location_id,
        pin_proven=True,
    )
    acted = await act(tx, gift_card_id, redemption)
    await tx.execute(queries.END_HOLD, tx.organization_id, hold_id, "captured", amount)
    return CapturedOut(hold=_out(await queries.get_hold(tx, gift_card_id, hold_id)), activity=ActedOut.after(acted))


async def release_hold(tx: Tx, gift_card_id: UUID, hold_id: UUID) -> HoldOut:
    """Set the amount free; harmless when it is free already. Raises GiftCardHoldNotFound, HoldEnded when captured."""
    await queries.cards_for_update(tx, [gift_card_id])
    hold = await queries.get_hold(tx, gift_card_id, hold_id)
    if hold["state"] == "captured":
        raise HoldEnded(state="captured")
    if hold["state"] == "held":
        await tx.execute(queries.END_HOLD, tx.organization_id, hold_id, "released", None)
        await announce(tx, GiftCardHoldReleased(gift_card_id, hold_id))
    return _out(await queries.get_hold(tx, gift_card_id, hold_id))


async def list_holds(tx: Tx, gift_card_id: UUID, before: UUID, limit: int) -> list[HoldOut]:
    """Holds of a card, newest first, ended ones, too; raises GiftCardNotFound."""
    await queries.get_card(tx, gift_card_id)
    return [_out(row) for row in await queries.list_holds(tx, gift_card_id, before, limit)]


def _state(hold: Row) -> HoldState:
    over = hold["state"] == "held" and hold["expires_at"] <= clock.now()
    return "expired" if over else cast("HoldState", hold["state"])


def _out(hold: Row) -> HoldOut:
    return HoldOut(**{**dict(hold), "state": _state(hold)})
