"""What happens to a card: decided by the rules, booked by the ledger, written down once.

The card's row is locked first (two cards in the order of their ids), then the ledger's accounts: two tills that spend
the same balance come one after the other, and the second one sees what the first one left.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from passerelle.giftcards import queries, rules
from passerelle.giftcards.errors import ImportUsed, NotARedemption, PinRequired, SameGiftCard
from passerelle.giftcards.rules import Figures, Kind
from passerelle.giftcards.schemas.activities import Acted, NewActivity
from passerelle.giftcards.schemas.cards import GiftCard
from passerelle.giftcards.writing import Outcome, Step, balance_of, ledger_reference, post, replay, unit_of, write
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.ledger import service as ledger
from passerelle.ledger.schemas import Credit, Debit
from passerelle.organizations import service as organizations

# Parts of a balance that lapse apart and move apart; beyond that they move as one that lapses last.
_MAX_PARTS: Final = 90


async def act(tx: Tx, gift_card_id: UUID, told: NewActivity) -> Acted:
    """Have something happen to a card, once per reference.

    Raises GiftCardNotFound, GiftCardReferenceReused and the refusals of the rules: state, currency, amount, balance,
    PIN, what is held, what can still be refunded.
    """
    if told.other_gift_card_id is not None:
        return await _transfer(tx, gift_card_id, told, told.other_gift_card_id)
    card = (await queries.cards_for_update(tx, [gift_card_id]))[gift_card_id]
    known = await queries.find_activity(tx, card.id, told.reference)
    if known is not None:
        return await replay(tx, card, told, *known)
    step = await _step(tx, card, told)
    if rules.AMOUNT[told.type] == "none":
        outcome = Outcome()
    elif told.type == "IMPORT_REVERSAL":
        outcome = await _reverse_import(tx, step)
    elif told.type in rules.CREDITS:
        outcome = await _credit(tx, step)
    else:
        outcome = await _debit(tx, step)
    return await write(tx, step, outcome)


async def figures_of(tx: Tx, card: GiftCard, *, but: UUID | None = None) -> Figures:
    """What a card holds now, without the hold ``but``."""
    held = await queries.held_minor(tx, card.id, clock.now(), but=but)
    return Figures((await balance_of(tx, card)).active, held)


async def _step(tx: Tx, card: GiftCard, told: NewActivity) -> Step:
    after = rules.state_after(told.type, card.state)
    return Step(card, told, after, await figures_of(tx, card, but=told.hold_id))


async def _credit(tx: Tx, step: Step) -> Outcome:
    card, told = step.card, step.told
    assert told.amount_minor is not None
    rules.require_currency(told.currency, card.currency, foreign=card.is_foreign)
    rules.require_offered(told.type, told.amount_minor, card.offer)
    rules.require_room(told.type, told.amount_minor, step.figures, card.offer)
    if told.type == "REFUND":
        await _require_refundable(tx, card, told)
    until = await _good_until(tx, card, told)
    if told.amount_minor == 0:
        return Outcome(lapses_at=until)
    credit = Credit(card.id, unit_of(tx, card), told.amount_minor, expires_at=until)
    transfer_id = await post(tx, step, credits=[credit])
    return Outcome(told.amount_minor, transfer_id, lapses_at=until)


async def _debit(tx: Tx, step: Step) -> Outcome:
    card, told = step.card, step.told
    amount, asked = step.figures.balance_minor, None
    if rules.AMOUNT[told.type] == "whole":
        rules.require_unheld(step.figures, card.currency)
    else:
        assert told.amount_minor is not None
        rules.require_currency(told.currency, card.currency, foreign=card.is_foreign)
        if told.type == "REDEEM" and card.has_pin and not told.pin_proven:
            raise PinRequired
        asked = told.amount_minor
        amount = rules.spendable(asked, step.figures, card.currency, allow_partial=told.allow_partial)
    if amount == 0:
        return Outcome()
    transfer_id = await post(tx, step, debits=[Debit(card.id, unit_of(tx, card), amount)])
    return Outcome(-amount, transfer_id, asked_minor=None if asked == amount else asked)


async def _reverse_import(tx: Tx, step: Step) -> Outcome:
    """Take an import back that was a mistake: only while it is all that ever happened to the card's money."""
    moves = await queries.first_two_moves(tx, step.card.id)
    if len(moves) != 1 or moves[0].type != "IMPORT":
        raise ImportUsed
    rules.require_unheld(step.figures, step.card.currency)
    if moves[0].transfer_id is None or step.figures.balance_minor == 0:
        return Outcome()
    reversed_ = await ledger.reverse(
        tx, moves[0].transfer_id, reference=ledger_reference(step.activity_id), reason=step.told.reason
    )
    return Outcome(-step.figures.balance_minor, reversed_.transfer_id)


async def _transfer(tx: Tx, gift_card_id: UUID, told: NewActivity, other_id: UUID) -> Acted:
    """Move a whole balance to another card: one transfer of the ledger, and an activity on either card."""
    if other_id == gift_card_id:
        raise SameGiftCard
    cards = await queries.cards_for_update(tx, [gift_card_id, other_id])
    known = await queries.find_activity(tx, gift_card_id, told.reference)
    if known is not None:
        return await replay(tx, cards[gift_card_id], told, *known)
    outgoing = told.type == "TRANSFER_BALANCE_TO"
    mirror: Kind = "TRANSFER_BALANCE_FROM" if outgoing else "TRANSFER_BALANCE_TO"
    own = await _step(tx, cards[gift_card_id], told)
    counterpart = NewActivity(
        mirror,
        f"transfer:{own.activity_id}",
        reason=told.reason,
        other_gift_card_id=gift_card_id,
        location_id=told.location_id,
    )
    other = await _step(tx, cards[other_id], counterpart)
    source, target = (own, other) if outgoing else (other, own)
    moved = source.figures.balance_minor
    rules.require_unheld(source.figures, source.card.currency)
    rules.require_currency(source.card.currency, target.card.currency, foreign=target.card.is_foreign)
    rules.require_room(target.told.type, moved, target.figures, target.card.offer)
    transfer_id = await _move(tx, source, target) if moved else None
    acted = {
        source.card.id: await write(tx, source, Outcome(-moved, transfer_id)),
        target.card.id: await write(tx, target, Outcome(moved, transfer_id, lapses_at=source.card.lapses_at)),
    }
    return acted[gift_card_id]


async def _move(tx: Tx, source: Step, target: Step) -> UUID:
    """What lapses keeps its time: a new card must not make money live longer."""
    amount, unit_id = source.figures.balance_minor, unit_of(tx, source.card)
    parts = await ledger.next_expiries(tx, source.card.id, unit_id, _MAX_PARTS)
    rest = amount - sum(part for _, part in parts)
    received = [Credit(target.card.id, unit_id, part, expires_at=at) for at, part in parts]
    if rest:
        until = source.card.lapses_at if len(parts) == _MAX_PARTS else None
        received.append(Credit(target.card.id, unit_id, rest, expires_at=until))
    return await post(tx, source, credits=received, debits=[Debit(source.card.id, unit_id, amount)])


async def _require_refundable(tx: Tx, card: GiftCard, told: NewActivity) -> None:
    assert told.redemption_id is not None
    assert told.amount_minor is not None
    redemption = await queries.get_activity(tx, told.redemption_id)
    if redemption.gift_card_id != card.id or redemption.type != "REDEEM":
        raise NotARedemption
    refunded = await queries.refunded_minor(tx, redemption.id)
    rules.require_refundable(told.amount_minor, -redemption.amount_minor, refunded, card.currency)


async def _good_until(tx: Tx, card: GiftCard, told: NewActivity) -> datetime | None:
    """Until when a credited amount is good; None is for ever."""
    if told.type == "REFUND":
        return rules.returned_until(card.lapses_at, clock.now())
    if told.lapses_at is not None or card.expires_after_months is None:
        return told.lapses_at
    zone = (await organizations.get_organization(tx)).time_zone
    return rules.lapses_at(card.expires_after_months, clock.now(), zone)
