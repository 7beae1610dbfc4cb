"""HTTP of terms: renewals, gifts, what was taken back, and the money of a month."""

from typing import Annotated

from fastapi import Query

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.web import Router, allow, refusals
from passerelle.kit.wire import Cursor, Page, PageSize, after, cursor_of
from passerelle.organizations.errors import LocationNotFound
from passerelle.programs.errors import MembershipNotActive, MembershipNotFound, ProgramNotRunning
from passerelle.programs.ids import MembershipId
from passerelle.programs.terms import service
from passerelle.programs.terms.errors import (
    NoTerm,
    PaymentDateRefused,
    RenewalTooEarly,
    TermIsOver,
    TermNotFound,
    TermReferenceReused,
    TermTooLong,
    TooManyTerms,
    VoidNeedsManager,
)
from passerelle.programs.terms.schemas import (
    GiftedTermIn,
    MembershipTermId,
    Month,
    RenewalIn,
    RenewalReportOut,
    RenewedOut,
    TermOut,
    VoidTermIn,
)
from passerelle.purchases.errors import OtherCurrency

router = Router(prefix="/api/v1", tags=["terms"])
_ADDING = (
    MembershipNotFound,
    NoTerm,
    MembershipNotActive,
    ProgramNotRunning,
    TermReferenceReused,
    TermTooLong,
    TooManyTerms,
)


@router.post(
    "/members/{membership_id}/renewals",
    status_code=201,
    responses=refusals(*_ADDING, OtherCurrency, LocationNotFound, PaymentDateRefused, RenewalTooEarly),
)
async def renew_membership(
    membership_id: MembershipId, body: RenewalIn, tx: Annotated[Tx, allow("members:renew")]
) -> RenewedOut:
    """Record a payment for one more term: from the end of the running one, or from now when it had lapsed."""
    return RenewedOut.of(await service.renew_membership(tx, membership_id, body), clock.now())


@router.post("/members/{membership_id}/gifted-terms", status_code=201, responses=refusals(*_ADDING, TermIsOver))
async def gift_term(
    membership_id: MembershipId, body: GiftedTermIn, tx: Annotated[Tx, allow("ledger:adjust")]
) -> RenewedOut:
    """Prolong a membership without a payment, with a reason that stays beside who did it."""
    return RenewedOut.of(await service.gift_term(tx, membership_id, body), clock.now())


@router.get("/members/{membership_id}/terms", responses=refusals(MembershipNotFound))
async def list_terms(
    membership_id: MembershipId,
    tx: Annotated[Tx, allow("ledger:read")],
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> Page[TermOut]:
    """Terms and payments of a membership, newest first, voided ones, too."""
    program, rows = await service.list_terms(tx, membership_id, after(cursor), limit)
    items = [TermOut.of(row, program.time_zone) for row in rows]
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.post("/terms/{term_id}/void", responses=refusals(TermNotFound, VoidNeedsManager))
async def void_term(
    term_id: MembershipTermId, body: VoidTermIn, tx: Annotated[Tx, allow("members:renew")]
) -> RenewedOut:
    """Take a payment or a gift back, with its term; what came after it moves up."""
    return RenewedOut.of(await service.void_term(tx, term_id, reason=body.reason), clock.now())


@router.get("/terms/report", responses=refusals())
async def report_renewals(
    tx: Annotated[Tx, allow("reports:read")],
    first: Annotated[Month, Query(description="First month, such as 2026-01.")],
    last: Annotated[Month, Query(description="Last month.")],
) -> RenewalReportOut:
    """Money taken for terms, by month, program and currency."""
    return RenewalReportOut(items=await service.report_renewals(tx, first, last))
