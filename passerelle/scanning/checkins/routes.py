"""HTTP of coming and going."""

from typing import Annotated, Final

from fastapi import Request

from passerelle.checkins import service as checkins
from passerelle.checkins.errors import ACT_REFUSALS, CheckInNotFound, NothingToUndo
from passerelle.checkins.schemas import CheckInDoneOut, CheckInId, Done
from passerelle.customers.errors import CustomerGone, CustomerNotFound
from passerelle.kit.db import Tx
from passerelle.kit.errors import Refusal
from passerelle.kit.i18n import Language
from passerelle.kit.web import Router, allow, language_of, refusals
from passerelle.ledger.errors import SpentMeanwhile
from passerelle.organizations.errors import LocationNotFound
from passerelle.passes.errors import READ_REFUSALS
from passerelle.programs.schemas import AccruedOut
from passerelle.scanning.checkins import service
from passerelle.scanning.checkins.schemas import CheckInIn
from passerelle.scanning.errors import UndoNotYours, UndoTooLate

router = Router(prefix="/api/v1/check-ins", tags=["check-ins"])
Writer = Annotated[Tx, allow("checkins:write")]
_WHO: Final[tuple[type[Refusal], ...]] = (*READ_REFUSALS, CustomerNotFound, CustomerGone)


@router.post("", status_code=201, responses=refusals(*_WHO, LocationNotFound, *ACT_REFUSALS))
async def check(body: CheckInIn, request: Request, tx: Writer) -> CheckInDoneOut:
    """Let the holder of a card in or out, and say how many are in; an "in" may earn, as the programs' rules say."""
    return await _out(tx, await service.check(tx, body), language_of(request))


@router.post(
    "/{check_in_id}/undo",
    responses=refusals(CheckInNotFound, NothingToUndo, UndoNotYours, UndoTooLate, SpentMeanwhile),
)
async def undo_check_in(check_in_id: CheckInId, request: Request, tx: Writer) -> CheckInDoneOut:
    """Take the last step of a check-in back: an "out", or the "in" with what it earned. Staff: their own, for half an
    hour.
    """
    return await _out(tx, await service.undo_check_in(tx, check_in_id), language_of(request))


async def _out(tx: Tx, done: Done, language: Language) -> CheckInDoneOut:
    customer_id = done.check_in.customer_id
    return CheckInDoneOut(
        direction=done.direction,
        check_in=done.check_in,
        customer_name=(await checkins.names_of(tx, [customer_id])).get(customer_id, ""),
        location_name=done.place.location_name,
        inside=done.place.inside,
        capacity=done.place.capacity,
        earned=[AccruedOut.of(each, language) for each in done.earned],
    )
