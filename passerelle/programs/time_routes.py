"""HTTP of the time of units: what expires next, what is pending, events that activate."""

from typing import Annotated

from fastapi import Request

from passerelle.kit.db import Tx
from passerelle.kit.web import Router, allow, language_of, refusals
from passerelle.ledger.errors import NothingPending
from passerelle.programs import service
from passerelle.programs.errors import MembershipNotFound
from passerelle.programs.schemas import MembershipId, StandingOut
from passerelle.programs.time_schemas import CancelIn, ExpiriesOut, ExpiryOut, PendingChoice, PendingListOut

router = Router(prefix="/api/v1", tags=["programs"])


@router.get("/members/{membership_id}/expiries", responses=refusals(MembershipNotFound))
async def list_expiries(
    membership_id: MembershipId, request: Request, tx: Annotated[Tx, allow("ledger:read")]
) -> ExpiriesOut:
    """What of a member's units lapses when, soonest first: at most 100 instants."""
    program, expiries = await service.list_expiries(tx, membership_id)
    language = language_of(request)
    return ExpiriesOut(items=[ExpiryOut.of(expiry, program, language) for expiry in expiries])


@router.get("/members/{membership_id}/pending", responses=refusals(MembershipNotFound))
async def list_pending(
    membership_id: MembershipId, request: Request, tx: Annotated[Tx, allow("ledger:read")]
) -> PendingListOut:
    """Units that a member has earned and cannot use yet."""
    program, lots = await service.list_pending(tx, membership_id)
    return PendingListOut.of(lots, program, language_of(request))


@router.post("/members/{membership_id}/pending/activate", responses=refusals(MembershipNotFound, NothingPending))
async def activate_pending(
    membership_id: MembershipId,
    body: PendingChoice,
    request: Request,
    tx: Annotated[Tx, allow("ledger:adjust")],
) -> StandingOut:
    """Make pending units usable now: the event that they await has happened, or somebody decides so.

    Telling an event that nothing awaits is harmless.
    """
    standing = await service.activate_pending(tx, membership_id, event=body.event, lots=body.lots or ())
    return StandingOut.of(standing, language_of(request))


@router.post("/members/{membership_id}/pending/cancel", responses=refusals(MembershipNotFound, NothingPending))
async def cancel_pending(
    membership_id: MembershipId,
    body: CancelIn,
    request: Request,
    tx: Annotated[Tx, allow("ledger:adjust")],
) -> StandingOut:
    """Take pending units back, with a reason that stays in the ledger beside who did it."""
    lots = body.lots or ()
    standing = await service.cancel_pending(tx, membership_id, event=body.event, lots=lots, reason=body.reason)
    return StandingOut.of(standing, language_of(request))
