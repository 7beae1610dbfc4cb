"""The verbs of the counter: one code, one answer."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Final
from uuid import UUID

from passerelle.customers import service as customers
from passerelle.giftcards.errors import GiftCardUnknown
from passerelle.kit import clock
from passerelle.kit.actors import Actor
from passerelle.kit.db import Tx
from passerelle.kit.i18n import Language
from passerelle.kit.ids import encode, new_id
from passerelle.kit.together import Asked
from passerelle.kit.web import language_of
from passerelle.ledger import service as ledger
from passerelle.passes import service as passes
from passerelle.passes.errors import CardUnknown
from passerelle.passes.schemas import Card
from passerelle.programs import service as programs
from passerelle.programs.refunds.schemas import RefundedOut
from passerelle.programs.schemas import AccruedOut, BalanceOut, Standing, balances_out, is_good
from passerelle.programs.terms.schemas import MemberTermOut
from passerelle.programs.tiers import service as tiers
from passerelle.programs.tiers.schemas import MemberTierOut
from passerelle.purchases import service as purchases
from passerelle.purchases.errors import PurchaseNotFound
from passerelle.purchases.schemas import NewPurchase, PaidWith
from passerelle.rewards import service as rewards
from passerelle.rewards.coupons import service as coupons
from passerelle.rewards.coupons.errors import CouponUnknown
from passerelle.rewards.coupons.schemas import Bought, Campaign, Coupon
from passerelle.rewards.payments import service as payments
from passerelle.rewards.payments.schemas import PaidOut, QuoteOut
from passerelle.rewards.schemas import IssuedReward, Outcome, ReadyRewardOut, basket_of
from passerelle.scanning import rules
from passerelle.scanning.cards import card_scanned, scanned_at
from passerelle.scanning.coupons.schemas import CouponScanOut
from passerelle.scanning.coupons.service import scan_coupon
from passerelle.scanning.errors import NotThisCard, VisitUnknown
from passerelle.scanning.gift_cards.schemas import GiftCardScanOut
from passerelle.scanning.gift_cards.service import scan_gift_card
from passerelle.scanning.schemas import (
    Holder,
    HoldScanIn,
    PaymentScanIn,
    PurchaseScanIn,
    PurchaseScanOut,
    QuoteScanIn,
    RedemptionOut,
    RedemptionScanIn,
    RefundScanIn,
    RefundScanOut,
    ScanIn,
    ScanOut,
    UndonePurchaseOut,
    UndoneVisitOut,
    VisitScanIn,
    VisitScanOut,
    WaitingReward,
)
from passerelle.scanning.tickets.schemas import TicketScanOut
from passerelle.scanning.tickets.service import scan_ticket
from passerelle.scanning.undoing import require_undo
from passerelle.ticketing.errors import TicketUnknown

_OF_ISSUED: Final = RedemptionOut.model_fields.keys() - {"name", "balances", "rewards"}


async def scan(tx: Tx, told: ScanIn, language: Language) -> ScanOut | TicketScanOut | CouponScanOut | GiftCardScanOut:
    """Tell a code apart, whatever it is of ours; books nothing.

    Raises the refusals of cards, TooManyAttempts, TooManyUnknownCodes.
    """
    with suppress(CardUnknown):
        return await scan_card(tx, told, language)
    with suppress(TicketUnknown):  # before the others, which count unknown codes as guesses
        return await scan_ticket(tx, told.code, language)
    with suppress(CouponUnknown):  # counted as a guess only if it is no gift card either, for then it is refused
        return await scan_coupon(tx, told.code, language)
    with suppress(GiftCardUnknown):
        return await scan_gift_card(tx, told.code)
    raise CardUnknown


async def scan_card(tx: Tx, told: ScanIn, language: Language) -> ScanOut:
    """Tell who it is, what they have and what may be done; books nothing. Raises the refusals of cards."""
    card = await card_scanned(tx, told.code, "look_up", told.scanned_seconds_ago)
    standing = await programs.standing(tx, card.membership_id)
    person = await customers.card_facts(tx, card.customer_id)
    waiting = await rewards.open_rewards(tx, standing)
    ready = await rewards.ready_rewards(tx, standing, waiting)
    program = standing.program
    now = clock.now()
    takes_purchases = is_good(standing, now)
    term = MemberTermOut.of(standing.membership, program, now)
    return ScanOut(
        code=card.shown.kind,
        code_age_seconds=card.shown.age_seconds,
        code_may=card.may,
        pass_id=card.id,
        membership_id=card.membership_id,
        customer=Holder(
            id=card.customer_id,
            first_name=person.first_name,
            full_name=person.full_name,
            language=person.language,
        ),
        program_id=program.id,
        program_name=program.name_in(language),
        program_kind=program.kind,
        currency=program.currency,
        goal=program.goal,
        membership_state=standing.membership.state,
        joined_at=standing.membership.joined_at,
        term=term,
        balances=balances_out(standing, language),
        tiers=await _tiers(tx, standing, language),
        rewards=[ReadyRewardOut.of(each, language) for each in ready],
        issued_rewards=[_waiting(issued, language) for issued in waiting],
        may=rules.allowed_actions(
            tx.actor.scopes,
            takes_purchases=takes_purchases,
            rewards_ready=sum(each.ready_count for each in ready) + len(waiting) if takes_purchases else 0,
            pays=takes_purchases and await payments.may_pay(tx, standing),
            renewable=term is not None and term.renewable,
            code_may=card.may,
        ),
    )


async def record_purchase(tx: Tx, told: PurchaseScanIn, language: Language) -> PurchaseScanOut:
    """Book a purchase in every program of the card's holder; raises the refusals of cards and purchases."""
    card = await card_scanned(tx, told.code, "earn", told.scanned_seconds_ago)
    new = _new_purchase(card, told, tx.actor, await _paid_with(tx, told))
    purchase = await purchases.record_purchase(tx, new)
    accrued = await programs.accrue_for_purchase(tx, card.customer_id, purchase)
    await payments.attach_payments(tx, purchase.id, card.customer_id, told.payment_ids)
    bought = Bought(purchase, accrued)
    [given] = await coupons.give_after_purchases(tx, [bought])
    return await _recorded(tx, card, bought, given, language)


def card_of(told: PurchaseScanIn) -> str:
    """Which card a purchase is about."""
    return passes.normal_code(told.code)


async def record_purchases(tx: Tx, asked: Sequence[Asked]) -> list[PurchaseScanOut | None]:
    """The same for many at once; None for those that go alone (kit/together.py).

    These are the ones that are refused or were told before, those of customers who are among the others already, and
    what is rare: purchases that were paid with units, or that are told late.
    """
    usual = [place for place, one in enumerate(asked) if not one.body.payment_ids and one.body.occurred_at is None]
    cards: dict[int, Card] = {}
    scanned = [(asked[place].body.code, scanned_at(asked[place].body.scanned_seconds_ago)) for place in usual]
    for place, card in zip(usual, await passes.find_cards(tx, scanned, "earn"), strict=True):
        if card is not None and all(card.customer_id != other.customer_id for other in cards.values()):
            cards[place] = card
    told = [
        (asked[place].actor, _new_purchase(card, asked[place].body, asked[place].actor, asked[place].body.paid_with))
        for place, card in cards.items()
    ]
    recorded = zip(cards.items(), told, await purchases.record_purchases(tx, told), strict=True)
    booked = [(place, card, actor, purchase) for (place, card), (actor, _), purchase in recorded if purchase]
    accrued = await programs.accrue_for_purchases(tx, [(actor, purchase) for _, _, actor, purchase in booked])
    bought = [Bought(purchase, each, actor) for (_, _, actor, purchase), each in zip(booked, accrued, strict=True)]
    given = await coupons.give_after_purchases(tx, bought)
    answers: list[PurchaseScanOut | None] = [None] * len(asked)
    for (place, card, actor, _), each, gifts in zip(booked, bought, given, strict=True):
        tx.act_for(actor)
        answers[place] = await _recorded(tx, card, each, gifts, language_of(asked[place].request))
    return answers


def _new_purchase(card: Card, told: PurchaseScanIn, actor: Actor, paid_with: PaidWith) -> NewPurchase:
    return NewPurchase(
        customer_id=card.customer_id,
        amount_minor=told.amount_minor,
        currency=told.currency,
        lines=tuple(told.lines),
        tax_minor=told.tax_minor,
        paid_with=paid_with,
        location_id=told.location_id or actor.location_id,
        channel=told.channel,
        occurred_at=told.occurred_at,
        external_reference=told.external_reference,
    )


async def _recorded(
    tx: Tx, card: Card, bought: Bought, given: Sequence[tuple[Campaign, Coupon]], language: Language
) -> PurchaseScanOut:
    own = next((each.standing for each in bought.accrued if each.standing.membership.id == card.membership_id), None)
    return PurchaseScanOut(
        purchase=bought.purchase,
        earned=[AccruedOut.of(each, language) for each in bought.accrued],
        tiers=await _tiers(tx, own, language) if own else [],
        rewards=await _rewards(tx, own, language) if own else [],
        coupons=[await coupons.given_coupon_out(tx, *each, language) for each in given],
    )


async def _paid_with(tx: Tx, told: PurchaseScanIn) -> PaidWith:
    """Which parts were not paid with money: as told, else what the named payments took off."""
    if not told.payment_ids or "points_minor" in told.paid_with.model_fields_set:
        return told.paid_with
    points_minor = await payments.part_paid(tx, told.payment_ids, told.amount_minor)
    return told.paid_with.model_copy(update={"points_minor": points_minor})


async def record_visit(tx: Tx, told: VisitScanIn, language: Language) -> VisitScanOut:
    """Book a visit without an amount; raises the refusals of cards and of programs."""
    card = await card_scanned(tx, told.code, "earn", told.scanned_seconds_ago)
    reference = f"scan:{told.reference or new_id()}"
    accrued = await programs.accrue_for_visit(
        tx,
        card.membership_id,
        reference=reference,
        units=told.units,
        location_id=told.location_id or tx.actor.location_id,
    )
    return VisitScanOut(
        reference=reference,
        earned=AccruedOut.of(accrued, language),
        tiers=await _tiers(tx, accrued.standing, language),
        rewards=await _rewards(tx, accrued.standing, language),
    )


async def undo_visit(tx: Tx, reference: str, language: Language) -> UndoneVisitOut:
    """Take back what a visit earned. Raises VisitUnknown, UndoNotYours, UndoTooLate, SpentMeanwhile."""
    transfer = await ledger.find_transfer_by_reference(tx, reference)
    if transfer is None:
        raise VisitUnknown
    require_undo(tx, transfer.actor, transfer.posted_at)
    return UndoneVisitOut(balances=_balances(await programs.undo_accrual(tx, reference), language))


async def redeem_reward(tx: Tx, told: RedemptionScanIn, language: Language) -> RedemptionOut:
    """Give the card's holder a reward for its price, or one that was issued before.

    Raises NotThisCard, the refusals of cards and of rewards.
    """
    card = await card_scanned(tx, told.code, "take", told.scanned_seconds_ago)
    reference = _redemption_reference(card, told)
    await passes.spend_code(tx, card, reference)
    place, basket = told.location_id or tx.actor.location_id, basket_of(told.basket)
    if told.issued_reward_id is not None:
        if (await rewards.get_issued_reward(tx, told.issued_reward_id)).membership_id != card.membership_id:
            raise NotThisCard
        redeemed = await rewards.redeem_issued_reward(tx, told.issued_reward_id, location_id=place, basket=basket)
        return await _redemption(tx, redeemed, language)
    assert told.reward_id is not None
    redeemed = await rewards.redeem_reward(
        tx,
        card.membership_id,
        told.reward_id,
        reference=reference,
        location_id=place,
        basket=basket,
        purchase_id=told.purchase_id,
    )
    return await _redemption(tx, redeemed, language)


async def redeem_hold(tx: Tx, told: HoldScanIn, language: Language) -> RedemptionOut:
    """Complete what a customer started to redeem; raises the refusals of holds."""
    place = told.location_id or tx.actor.location_id
    redeemed = await rewards.redeem_hold(tx, told.code, location_id=place, basket=basket_of(told.basket))
    return await _redemption(tx, redeemed, language)


async def quote_payment(tx: Tx, told: QuoteScanIn) -> QuoteOut:
    """How many units the card's holder may pay for a bill with; raises the refusals of cards and of payments."""
    card = await card_scanned(tx, told.code, "take", told.scanned_seconds_ago)
    return QuoteOut.of(await payments.quote_payment(tx, card.membership_id, told.bill, unit=told.unit))


async def make_payment(tx: Tx, told: PaymentScanIn, language: Language) -> PaidOut:
    """Pay a part of a bill with units of the card's holder; raises the refusals of cards and of payments."""
    card = await card_scanned(tx, told.code, "take", told.scanned_seconds_ago)
    reference = f"{card.id}:{told.reference}" if told.reference else str(new_id())
    await passes.spend_code(tx, card, reference)
    paid = await payments.make_payment(
        tx,
        card.membership_id,
        told.bill,
        units=told.units,
        reference=reference,
        unit=told.unit,
        location_id=told.location_id or tx.actor.location_id,
    )
    return PaidOut.of(paid, language)


async def undo_payment(tx: Tx, payment_id: UUID, language: Language) -> PaidOut:
    """Give the units of a payment back. Raises PaymentNotFound, UndoNotYours, UndoTooLate."""
    payment = await payments.get_payment(tx, payment_id)
    require_undo(tx, payment.actor, payment.made_at)
    return PaidOut.of(await payments.undo_payment(tx, payment_id), language)


async def undo_purchase(tx: Tx, purchase_id: UUID, language: Language) -> UndonePurchaseOut:
    """Void a purchase and take back what it earned. Raises UndoNotYours, UndoTooLate, SpentMeanwhile."""
    purchase = await purchases.get_purchase(tx, purchase_id)
    require_undo(tx, purchase.actor, purchase.recorded_at)
    before = len(tx.events)
    told = UndonePurchaseOut.of(await programs.undo_purchase(tx, purchase_id), language)
    gone = await coupons.withdrawn_since(tx, before, language)
    return told.model_copy(update={"reasons": [*told.reasons, *gone]})


async def refund_purchase(tx: Tx, told: RefundScanIn, language: Language) -> RefundScanOut:
    """Pay a slice of a purchase back. Raises PurchaseNotFound, also when the card is somebody else's, and the
    refusals of cards and of ``programs.refund_purchase``.
    """
    location_id = told.location_id or tx.actor.location_id
    if told.purchase_id is None:
        assert told.external_reference is not None
        purchase = await purchases.find_by_receipt(tx, told.external_reference, told.channel, location_id)
    else:
        purchase = await purchases.get_purchase(tx, told.purchase_id)
    if told.code is not None:
        card = await card_scanned(tx, told.code, "look_up", told.scanned_seconds_ago)
        if card.customer_id != purchase.customer_id:
            raise PurchaseNotFound
    before = len(tx.events)
    outcome = await programs.refund_purchase(
        tx, purchase.id, told.to_record(location_id), forgive_missing=told.forgive_missing
    )
    fields = dict(RefundedOut.told(outcome, language))
    return RefundScanOut(**fields, reasons=await coupons.withdrawn_since(tx, before, language))


async def undo_redemption(tx: Tx, issued_reward_id: UUID, language: Language) -> RedemptionOut:
    """Take a redemption back; the price returns to where it came from. Raises UndoNotYours, UndoTooLate."""
    issued = await rewards.get_issued_reward(tx, issued_reward_id)
    require_undo(tx, issued.redeemed_by or issued.actor, issued.redeemed_at or issued.issued_at)
    return await _redemption(tx, await rewards.undo_redemption(tx, issued_reward_id), language)


async def _rewards(tx: Tx, standing: Standing, language: Language) -> list[ReadyRewardOut]:
    return [ReadyRewardOut.of(each, language) for each in await rewards.ready_rewards(tx, standing)]


async def _tiers(tx: Tx, standing: Standing, language: Language) -> list[MemberTierOut]:
    return [MemberTierOut.of(each, language) for each in await tiers.tiers_of(tx, standing)]


def _waiting(issued: IssuedReward, language: Language) -> WaitingReward:
    fields = {name: getattr(issued, name) for name in WaitingReward.model_fields if name != "name"}
    return WaitingReward(**fields, name=issued.name_in(language))


async def _redemption(tx: Tx, redeemed: Outcome, language: Language) -> RedemptionOut:
    issued = redeemed.issued_reward
    fields = {name: getattr(issued, name) for name in _OF_ISSUED}
    offered = await _rewards(tx, redeemed.standing, language)
    return RedemptionOut(
        **fields,
        name=issued.name_in(language),
        balances=balances_out(redeemed.standing, language),
        rewards=offered,
    )


def _balances(standings: Iterable[Standing], language: Language) -> dict[str, list[BalanceOut]]:
    return {encode("mem", each.membership.id): balances_out(each, language) for each in standings}


def _redemption_reference(card: Card, told: RedemptionScanIn) -> str:
    """A till's own reference counts for the card it scanned; without one, each call is a redemption."""
    return f"redemption:{card.id}:{told.reference}" if told.reference else f"redemption:{new_id()}"
