"""The verbs of payments with units; the only writer of their tables."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.errors import Refusal
from passerelle.kit.events import announce
from passerelle.kit.ids import new_id
from passerelle.ledger import service as ledger
from passerelle.ledger.errors import InsufficientBalance, TransferConflict
from passerelle.ledger.schemas import Debit
from passerelle.programs import service as programs
from passerelle.programs.errors import PurchaseIsVoided, UnitNotFound, UnitNotNamed
from passerelle.programs.households import service as households
from passerelle.programs.refunds.errors import PurchaseNotOpen
from passerelle.programs.schemas import Membership, Program, Seat, Standing, Unit
from passerelle.purchases import service as purchases
from passerelle.purchases.errors import PurchaseNotFound
from passerelle.rewards import limits, spending
from passerelle.rewards.catalogue import catalogue_of
from passerelle.rewards.errors import UnitNotSpendable
from passerelle.rewards.events import PaymentMade, PaymentUndone, SpendingTermsChanged
from passerelle.rewards.payments import queries
from passerelle.rewards.payments.errors import (
    BasketShareExceeded,
    EarnedByThisPurchase,
    PaymentNotOpen,
    PointsAboveMaximum,
    PointsBelowMinimum,
    PointsStepWrong,
    UnitPaysNoBills,
)
from passerelle.rewards.payments.models import SpendingTermsRow
from passerelle.rewards.payments.schemas import Bill, Paid, Payment, Quote, SpendingTermsIn
from passerelle.rewards.spending import Funds, PaymentTerms, SpendingTerms, Value
from passerelle.rewards.values import Catalogue

_MONEY: Final = PaymentTerms(Value(1, 1))


async def quote_payment(tx: Tx, membership_id: UUID, bill: Bill, *, unit: str | None = None) -> Quote:
    """How many units may pay for a bill; books nothing.

    Raises MembershipNotFound, PurchaseNotFound, PurchaseIsVoided, UnitNotNamed, UnitNotFound, UnitNotSpendable,
    UnitPaysNoBills.
    """
    standing = await programs.standing(tx, membership_id)
    wanted = _unit(standing.program, unit)
    return (
        await _quote(tx, Seat(standing.membership, standing.program), standing.spendable(wanted.id), wanted, bill)
    )[0]


async def may_pay(tx: Tx, standing: Standing) -> bool:
    """Whether a member has units that pay bills; without a statement when the process knows the catalogue."""
    catalogue = await catalogue_of(tx, standing.program)
    return any(
        (terms := _terms(catalogue, unit).payment) is not None
        and standing.spendable(unit.id) >= max(terms.minimum, terms.value.smallest())
        for unit in standing.program.units
        if unit.spendable
    )


async def make_payment(
    tx: Tx,
    membership_id: UUID,
    bill: Bill,
    *,
    units: int,
    reference: str,
    unit: str | None = None,
    location_id: UUID | None = None,
) -> Paid:
    """Take units off a balance and tell what they take off the bill; of two tills, one spends the same units.

    The same reference for the same payment answers the first one again. Raises what ``quote_payment`` raises, and
    MembershipNotActive, ProgramNotRunning, InsufficientBalance, EarnedByThisPurchase, BasketShareExceeded,
    PointsStepWrong, PointsBelowMinimum, PointsAboveMaximum, SpendingCapReached, TransferConflict.
    """
    if bill.purchase_id is not None:
        await purchases.hold_purchase(tx, bill.purchase_id)
    seat = await programs.seat_for_update(tx, membership_id)
    wanted = _unit(seat.program, unit)
    debit = Debit(membership_id, wanted.id, units)
    known = await queries.find_payment_by_reference(tx, reference)
    if known is not None:
        return await _made_before(tx, seat, Payment(**known), bill, debit)
    await households.lock_pool(tx, seat, wanted.id)
    active = (await programs.standing_with(tx, seat, {})).spendable(wanted.id)
    quote, earned = await _quote(tx, seat, active, wanted, bill)
    fault = spending.fault_of(units, quote.payable)
    if fault is not None:
        raise await _refusal(tx, seat, quote, active, fault, units=units, earned=earned)
    told = f"payment:{reference}"
    debits = await households.debits_for(tx, seat, wanted.id, units, reference=told)
    posted = await ledger.post(tx, kind="redemption", reference=told, debits=debits)
    payment = Payment(
        id=new_id(),
        membership_id=membership_id,
        customer_id=seat.membership.customer_id,
        unit_id=wanted.id,
        units=units,
        basket_minor=quote.basket_minor,
        discount_minor=quote.terms.value.of(units),
        currency=seat.program.currency,
        reference=reference,
        transfer_id=posted.transfer_id,
        purchase_id=bill.purchase_id,
        state="made",
        actor=tx.actor.label,
        location_id=location_id,
        made_at=clock.now(),
    )
    await tx.execute(queries.KEEP, tx.organization_id, *(getattr(payment, column) for column in queries.KEPT))
    if bill.purchase_id is not None:
        await _tie(tx, bill.purchase_id, payment)
    await _tell_made(tx, payment)
    return Paid(payment, await programs.standing_with(tx, seat, posted.balances))


async def undo_payment(tx: Tx, payment_id: UUID, *, reason: str | None = None) -> Paid:
    """Give the units back into the lots they came from; harmless when undone before. Raises PaymentNotFound."""
    row = await tx.fetchrow(queries.UNDO, tx.organization_id, payment_id, clock.now())
    if row is None:
        payment = await get_payment(tx, payment_id)
        return Paid(payment, await programs.standing(tx, payment.membership_id), replayed=True)
    payment = Payment(**row)
    await ledger.reverse(tx, payment.transfer_id, reference=f"undo:payment:{payment.id}", reason=reason)
    await _tell_undone(tx, payment)
    return Paid(payment, await programs.standing(tx, payment.membership_id))


async def mark_returned(tx: Tx, purchase_id: UUID, transfer_id: UUID) -> None:
    """Mark the payment of a purchase that was taken back as undone: its units have come back already."""
    row = await tx.fetchrow(queries.MARK_RETURNED, tx.organization_id, purchase_id, transfer_id, clock.now())
    if row is not None:
        await _tell_undone(tx, Payment(**row))


async def attach_payments(tx: Tx, purchase_id: UUID, customer_id: UUID, payment_ids: Collection[UUID]) -> None:
    """Say that payments were made for a purchase: refunds give them back in proportion, a void gives back all.

    Raises PaymentNotOpen for one that was undone, or is another purchase's or customer's.
    """
    wanted = sorted(set(payment_ids))
    if not wanted:
        return
    rows = await tx.fetch(queries.ATTACH, tx.organization_id, wanted, purchase_id, customer_id)
    if len(rows) < len(wanted):
        raise PaymentNotOpen
    for row in rows:
        await _tie(tx, purchase_id, Payment(**row))


async def part_paid(tx: Tx, payment_ids: Collection[UUID], amount_minor: int) -> int:
    """How much of a purchase's amount payments made before it have paid, in minor units.

    None of it when the amount is what they left to pay of the bill they were made for.
    """
    row = await tx.fetchrow(queries.PART_PAID, tx.organization_id, sorted(set(payment_ids)))
    discount_minor: int = row["discount_minor"]
    is_the_rest = amount_minor + discount_minor <= row["basket_minor"]
    return 0 if is_the_rest else discount_minor


async def get_payment(tx: Tx, payment_id: UUID) -> Payment:
    """A payment; raises PaymentNotFound."""
    return Payment(**await queries.get_payment(tx, payment_id))


async def list_payments(
    tx: Tx, before: UUID, limit: int, *, customer_id: UUID | None = None, membership_id: UUID | None = None
) -> list[Payment]:
    """Payments, newest first, undone ones, too; raises MembershipNotFound."""
    rows = await queries.list_payments(tx, customer_id, membership_id, before, limit)
    if not rows and membership_id is not None:
        await programs.get_membership(tx, membership_id)
    return [Payment(**row) for row in rows]


async def list_terms(tx: Tx, program_id: UUID) -> list[tuple[Unit, SpendingTerms]]:
    """How each unit of a program that may be spent is spent; raises ProgramNotFound."""
    program = await programs.get_program(tx, program_id)
    catalogue = await catalogue_of(tx, program)
    return [(unit, _terms(catalogue, unit)) for unit in program.units if unit.spendable]


async def set_terms(tx: Tx, program_id: UUID, unit: str, told: SpendingTermsIn) -> tuple[Unit, SpendingTerms]:
    """Say how a unit may be spent from now on; raises ProgramNotFound, UnitNotFound, UnitNotSpendable."""
    program = await programs.get_program(tx, program_id)
    wanted = _unit(program, unit)
    present = {row.unit_id: row for row in await queries.list_terms(tx, program_id)}
    row = present.get(wanted.id) or SpendingTermsRow(
        organization_id=tx.organization_id, unit_id=wanted.id, program_id=program_id
    )
    how = told.payment
    row.value_units, row.value_minor = (how.value.units, how.value.amount_minor) if how else (None, None)
    row.minimum, row.maximum = (how.minimum, how.maximum) if how else (1, None)
    row.step, row.basket_percent = (how.step, how.basket_percent) if how else (1, 100)
    row.caps = {str(period): units for period, units in told.caps.items()}
    tx.session.add(row)
    await tx.flush()
    await programs.touch_program(tx, program_id, "spending_terms")
    await announce(tx, SpendingTermsChanged(program_id=program_id, unit_id=wanted.id))
    return wanted, _terms(await catalogue_of(tx, await programs.get_program(tx, program_id)), wanted)


async def _quote(tx: Tx, seat: Seat, active: int, unit: Unit, bill: Bill) -> tuple[Quote, int]:
    """The quote, and how much of the active units the purchase itself earned."""
    catalogue = await catalogue_of(tx, seat.program)
    terms = _terms(catalogue, unit).payment
    if terms is None:
        raise UnitPaysNoBills(unit=unit.code)
    basket_minor, paid_minor, earned = await _bill(tx, seat.membership, unit, bill)
    left = await limits.spendable_by_cap(tx, seat, catalogue, unit.id, clock.now())
    available = max(0, active - earned)
    funds = Funds(available, min(left.values(), default=None))
    allowed = spending.payable(basket_minor, funds, terms, paid_minor)
    return Quote(seat.program, unit, terms, allowed, basket_minor, available), earned


async def _bill(tx: Tx, membership: Membership, unit: Unit, bill: Bill) -> tuple[int, int, int]:
    """The amount of a bill, what units paid of it before, and what it earned of this unit."""
    if bill.purchase_id is None:
        assert bill.amount_minor is not None
        return bill.amount_minor, 0, 0
    purchase = await purchases.get_purchase(tx, bill.purchase_id)
    if purchase.customer_id != membership.customer_id:
        raise PurchaseNotFound
    if purchase.state == "voided":
        raise PurchaseIsVoided
    if purchase.state == "refunded":
        raise PurchaseNotOpen
    rows = await queries.payments_of_purchase(tx, purchase.id)
    reference = programs.purchase_reference(purchase.id)
    earned = await ledger.given_under(tx, reference, membership.id, unit.id)
    return purchase.amount_minor, sum(row["discount_minor"] for row in rows), max(0, earned)


async def _refusal(
    tx: Tx, seat: Seat, quote: Quote, active: int, fault: spending.Fault, *, units: int, earned: int
) -> Refusal:
    allowed, terms = quote.payable, quote.terms
    match fault:
        case "balance" if earned and units <= active:
            return EarnedByThisPurchase(available=quote.available, earned=earned)
        case "balance":
            place = {"owner_id": seat.membership.id, "unit_id": quote.unit.id}
            return InsufficientBalance(**place, available=quote.available, needed=units)
        case "basket_share":
            return BasketShareExceeded(percent=terms.basket_percent, maximum=allowed.maximum)
        case "maximum":
            return PointsAboveMaximum(maximum=allowed.maximum)
        case "step":
            return PointsStepWrong(step=allowed.step, nearest=spending.nearest(units, allowed))
        case "minimum":
            return PointsBelowMinimum(minimum=allowed.minimum)
    catalogue = await catalogue_of(tx, seat.program)
    await limits.require_spendable(tx, seat, catalogue, Debit(seat.membership.id, quote.unit.id, units), clock.now())
    raise AssertionError("A spending cap that sets the maximum refuses what is above it.")


async def _made_before(tx: Tx, seat: Seat, known: Payment, bill: Bill, debit: Debit) -> Paid:
    same = Debit(known.membership_id, known.unit_id, known.units) == debit
    of_bill = bill.amount_minor in {None, known.basket_minor} and bill.purchase_id in {None, known.purchase_id}
    if not same or not of_bill:
        raise TransferConflict
    return Paid(known, await programs.standing_with(tx, seat, {}), replayed=True)


async def _tell_undone(tx: Tx, payment: Payment) -> None:
    await announce(
        tx,
        PaymentUndone(
            payment_id=payment.id,
            membership_id=payment.membership_id,
            customer_id=payment.customer_id,
            units=payment.units,
        ),
    )


async def _tie(tx: Tx, purchase_id: UUID, payment: Payment) -> None:
    """Have refunds of the purchase give the units back in proportion, and a void all of them."""
    await programs.tie_spending(
        tx,
        await purchases.hold_purchase(tx, purchase_id),
        payment.transfer_id,
        customer_id=payment.customer_id,
        membership_id=payment.membership_id,
        unit_id=payment.unit_id,
        amount=payment.units,
        returns="share",
    )


async def _tell_made(tx: Tx, payment: Payment) -> None:
    await announce(
        tx,
        PaymentMade(
            payment_id=payment.id,
            membership_id=payment.membership_id,
            customer_id=payment.customer_id,
            unit_id=payment.unit_id,
            units=payment.units,
            discount_minor=payment.discount_minor,
            currency=payment.currency,
            purchase_id=payment.purchase_id,
        ),
    )


def _terms(catalogue: Catalogue, unit: Unit) -> SpendingTerms:
    """The terms of a unit; money that nobody said anything of pays what it is."""
    terms = catalogue.terms.get(unit.id, SpendingTerms())
    if terms.payment is None and unit.kind == "money":
        return SpendingTerms(_MONEY, terms.caps)
    return terms


def _unit(program: Program, code: str | None) -> Unit:
    unit = program.find_unit(code)
    if unit is None and code is None:
        spendable = [each for each in program.units if each.spendable]
        unit = spendable[0] if len(spendable) == 1 else None
    if unit is None:
        known = ", ".join(each.code for each in program.units) or "—"
        raise UnitNotNamed(units=known) if code is None else UnitNotFound()
    if not unit.spendable:
        raise UnitNotSpendable(unit=unit.code)
    return unit
