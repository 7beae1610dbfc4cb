"""HTTP of payments with units."""

from typing import Annotated, Final

from fastapi import Path, Request

from passerelle.kit.db import Tx
from passerelle.kit.errors import Refusal
from passerelle.kit.ids import new_id
from passerelle.kit.web import Router, allow, language_of, refusals
from passerelle.kit.wire import Cursor, Page, PageSize, after, cursor_of
from passerelle.ledger.errors import InsufficientBalance, TransferConflict
from passerelle.programs.errors import (
    ACTING_REFUSALS,
    MembershipNotFound,
    ProgramNotFound,
    PurchaseIsVoided,
    UnitNotFound,
    UnitNotNamed,
)
from passerelle.programs.schemas import MembershipId, ProgramId, UnitCode
from passerelle.purchases.errors import PurchaseNotFound
from passerelle.rewards.errors import UnitNotSpendable
from passerelle.rewards.payments import service
from passerelle.rewards.payments.errors import PAY_REFUSALS, QUOTE_REFUSALS, PaymentNotFound
from passerelle.rewards.payments.schemas import (
    BillIn,
    PaidOut,
    PaymentId,
    PaymentIn,
    PaymentOut,
    QuoteOut,
    SpendingOut,
    SpendingTermsIn,
    SpendingTermsOut,
)

router = Router(prefix="/api/v1", tags=["payments"])
_QUOTING: Final[tuple[type[Refusal], ...]] = (
    *(MembershipNotFound, PurchaseNotFound, PurchaseIsVoided, UnitNotNamed, UnitNotFound),
    *QUOTE_REFUSALS,
)
_PAYING: Final[tuple[type[Refusal], ...]] = (
    *_QUOTING,
    *ACTING_REFUSALS,
    *(InsufficientBalance, TransferConflict),
    *PAY_REFUSALS,
)


@router.get("/programs/{program_id}/spending", responses=refusals(ProgramNotFound))
async def list_terms(program_id: ProgramId, tx: Annotated[Tx, allow("programs:read")]) -> SpendingOut:
    """How each unit of a program may be spent."""
    terms = await service.list_terms(tx, program_id)
    return SpendingOut(items=[SpendingTermsOut.of(unit, each) for unit, each in terms])


@router.put(
    "/programs/{program_id}/spending/{unit}", responses=refusals(ProgramNotFound, UnitNotFound, UnitNotSpendable)
)
async def set_terms(
    program_id: ProgramId,
    unit: Annotated[UnitCode, Path(description="The unit's code, such as points.")],
    body: SpendingTermsIn,
    tx: Annotated[Tx, allow("programs:write")],
) -> SpendingTermsOut:
    """Say what a unit is worth, how much of a bill it may pay, and how much of it one member may spend."""
    return SpendingTermsOut.of(*await service.set_terms(tx, program_id, unit, body))


@router.post("/members/{membership_id}/payments/quote", responses=refusals(*_QUOTING))
async def quote_payment(
    membership_id: MembershipId, body: BillIn, tx: Annotated[Tx, allow("rewards:redeem")]
) -> QuoteOut:
    """How many units may pay for a bill. Books nothing."""
    return QuoteOut.of(await service.quote_payment(tx, membership_id, body.bill, unit=body.unit))


@router.post("/members/{membership_id}/payments", status_code=201, responses=refusals(*_PAYING))
async def make_payment(
    membership_id: MembershipId, body: PaymentIn, request: Request, tx: Annotated[Tx, allow("rewards:redeem")]
) -> PaidOut:
    """Pay a part of a bill with units, as many as the member chooses."""
    paid = await service.make_payment(
        tx,
        membership_id,
        body.bill,
        units=body.units,
        reference=body.reference or str(new_id()),
        unit=body.unit,
        location_id=body.location_id or tx.actor.location_id,
    )
    return PaidOut.of(paid, language_of(request))


@router.get("/members/{membership_id}/payments", responses=refusals(MembershipNotFound))
async def list_payments(
    membership_id: MembershipId,
    tx: Annotated[Tx, allow("ledger:read")],
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> Page[PaymentOut]:
    """Payments of a member, newest first."""
    items = await service.list_payments(tx, after(cursor), limit, membership_id=membership_id)
    following = cursor_of(items[-1].id) if len(items) == limit else None
    return Page(items=[PaymentOut.model_validate(item) for item in items], next=following)


@router.post("/payments/{payment_id}/undo", responses=refusals(PaymentNotFound))
async def undo_payment(payment_id: PaymentId, request: Request, tx: Annotated[Tx, allow("ledger:adjust")]) -> PaidOut:
    """Give the units of a payment back. Harmless when it was undone before."""
    return PaidOut.of(await service.undo_payment(tx, payment_id), language_of(request))
