"""The verbs of the counter: one code, one answer."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from passerelle.customers import service as customers
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.i18n import Language
from passerelle.kit.ids import encode, new_id
from passerelle.ledger import service as ledger
from passerelle.passes import service as passes
from passerelle.passes.schemas import Card
from passerelle.programs import service as programs
from passerelle.programs.refunds.schemas import RefundedOut
from passerelle.programs.schemas import AccruedOut, BalanceOut, Standing, balances_out
from passerelle.purchases import service as purchases
from passerelle.purchases.errors import PurchaseNotFound
from passerelle.purchases.schemas import NewPurchase
from passerelle.rewards import service as rewards
from passerelle.rewards.schemas import ReadyRewardOut, Redeemed
from passerelle.scanning import rules
from passerelle.scanning.errors import UndoNotYours, UndoTooLate, VisitUnknown
from passerelle.scanning.schemas import (
    Holder,
    PurchaseScanIn,
    PurchaseScanOut,
    RedemptionOut,
    RedemptionScanIn,
    RefundScanIn,
    ScanOut,
    UndonePurchaseOut,
    UndoneVisitOut,
    VisitScanIn,
    VisitScanOut,
)

_UNDO_ALL: Final = "ledger:adjust"


async def scan_card(tx: Tx, code: str, language: Language) -> ScanOut:
    """Tell who it is, what they have and what may be done; books nothing.

    Raises CardUnknown, CardRevoked, CardExpired.
    """
    card = await passes.find_card(tx, code)
    standing = await programs.standing(tx, card.membership_id)
    person = await customers.card_facts(tx, card.customer_id)
    ready = await _rewards(tx, standing, language)
    program = standing.program
    takes_purchases = standing.membership.state == "active" and program.is_running(clock.now())
    return ScanOut(
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
        balances=balances_out(standing, language),
        rewards=ready,
        may=rules.allowed_actions(
            tx.actor.scopes,
            takes_purchases=takes_purchases,
            rewards_ready=sum(each.ready_count for each in ready) if takes_purchases else 0,
        ),
    )


async def record_purchase(tx: Tx, told: PurchaseScanIn, language: Language) -> PurchaseScanOut:
    """Book a purchase in every program of the card's holder; raises the refusals of cards and purchases."""
    card = await passes.find_card(tx, told.code)
    purchase = await purchases.record_purchase(
        tx,
        NewPurchase(
            customer_id=card.customer_id,
            amount_minor=told.amount_minor,
            currency=told.currency,
            lines=tuple(told.lines),
            location_id=told.location_id or tx.actor.location_id,
            channel="till",
            occurred_at=told.occurred_at,
            external_reference=told.external_reference,
        ),
    )
    accrued = await programs.accrue_for_purchase(tx, card.customer_id, purchase)
    own = next((each.standing for each in accrued if each.standing.membership.id == card.membership_id), None)
    return PurchaseScanOut(
        purchase=purchase,
        earned=[AccruedOut.of(each, language) for each in accrued],
        rewards=await _rewards(tx, own, language) if own else [],
    )


async def record_visit(tx: Tx, told: VisitScanIn, language: Language) -> VisitScanOut:
    """Book a visit without an amount; raises the refusals of cards and of programs."""
    card = await passes.find_card(tx, told.code)
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
        rewards=await _rewards(tx, accrued.standing, language),
    )


async def undo_visit(tx: Tx, reference: str, language: Language) -> UndoneVisitOut:
    """Take back what a visit earned. Raises VisitUnknown, UndoNotYours, UndoTooLate, SpentMeanwhile."""
    transfer = await ledger.find_transfer_by_reference(tx, reference)
    if transfer is None:
        raise VisitUnknown
    _require_undo(tx, transfer.actor, transfer.posted_at)
    return UndoneVisitOut(balances=_balances(await programs.undo_accrual(tx, reference), language))


async def redeem_reward(tx: Tx, told: RedemptionScanIn, language: Language) -> RedemptionOut:
    """Give the card's holder a reward for its price; raises the refusals of cards and of rewards."""
    card = await passes.find_card(tx, told.code)
    redeemed = await rewards.redeem_reward(
        tx,
        card.membership_id,
        told.reward_id,
        reference=_redemption_reference(card, told),
        location_id=told.location_id or tx.actor.location_id,
        purchase_id=told.purchase_id,
    )
    return await _redemption(tx, redeemed, language)


async def undo_purchase(tx: Tx, purchase_id: UUID, language: Language) -> UndonePurchaseOut:
    """Void a purchase and take back what it earned. Raises UndoNotYours, UndoTooLate, SpentMeanwhile."""
    purchase = await purchases.get_purchase(tx, purchase_id)
    _require_undo(tx, purchase.actor, purchase.recorded_at)
    undone = await programs.undo_purchase(tx, purchase_id)
    return UndonePurchaseOut(purchase=undone.purchase, balances=_balances(undone.standings, language))


async def refund_purchase(tx: Tx, told: RefundScanIn, language: Language) -> RefundedOut:
    """Pay a slice of a purchase back. Raises PurchaseNotFound, also when the card is somebody else's, and the
    refusals of cards and of ``programs.refund_purchase``.
    """
    location_id = told.location_id or tx.actor.location_id
    if told.purchase_id is None:
        assert told.external_reference is not None
        purchase = await purchases.find_by_receipt(tx, told.external_reference, told.channel, location_id)
    else:
        purchase = await purchases.get_purchase(tx, told.purchase_id)
    if told.code is not None and (await passes.find_card(tx, told.code)).customer_id != purchase.customer_id:
        raise PurchaseNotFound
    outcome = await programs.refund_purchase(
        tx, purchase.id, told.to_record(location_id), forgive_missing=told.forgive_missing
    )
    return RefundedOut.told(outcome, language)


async def undo_redemption(tx: Tx, issued_reward_id: UUID, language: Language) -> RedemptionOut:
    """Take a redemption back; the price returns to where it came from. Raises UndoNotYours, UndoTooLate."""
    issued = await rewards.get_issued_reward(tx, issued_reward_id)
    _require_undo(tx, issued.actor, issued.redeemed_at)
    return await _redemption(tx, await rewards.undo_redemption(tx, issued_reward_id), language)


async def _rewards(tx: Tx, standing: Standing, language: Language) -> list[ReadyRewardOut]:
    return [ReadyRewardOut.of(each, language) for each in await rewards.ready_rewards(tx, standing)]


async def _redemption(tx: Tx, redeemed: Redeemed, language: Language) -> RedemptionOut:
    issued = redeemed.issued_reward
    offered = await _rewards(tx, redeemed.standing, language)
    return RedemptionOut(
        id=issued.id,
        reward_id=issued.reward_id,
        name=next((each.name for each in offered if each.reward_id == issued.reward_id), issued.name),
        price=issued.price,
        state=issued.state,
        redeemed_at=issued.redeemed_at,
        undone_at=issued.undone_at,
        balances=balances_out(redeemed.standing, language),
        rewards=offered,
    )


def _balances(standings: Iterable[Standing], language: Language) -> dict[str, list[BalanceOut]]:
    return {encode("mem", each.membership.id): balances_out(each, language) for each in standings}


def _redemption_reference(card: Card, told: RedemptionScanIn) -> str:
    """A till's own reference counts for the card it scanned; without one, each call is a redemption."""
    return f"redemption:{card.id}:{told.reference}" if told.reference else f"redemption:{new_id()}"


def _require_undo(tx: Tx, actor: str, done_at: datetime) -> None:
    refusal = rules.undo_refusal(
        is_own=actor == tx.actor.label,
        done_at=done_at,
        now=clock.now(),
        may_undo_all=tx.actor.may(_UNDO_ALL),
    )
    if refusal == "not_yours":
        raise UndoNotYours
    if refusal == "too_late":
        raise UndoTooLate(minutes=int(rules.UNDO_BY_CASHIER.total_seconds() // 60))
