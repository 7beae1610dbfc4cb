"""HTTP of tickets at the gate."""

from typing import Annotated

from fastapi import Request

from passerelle.kit.db import Tx
from passerelle.kit.web import Router, allow, language_of, refusals
from passerelle.organizations.errors import LocationNotFound
from passerelle.scanning.errors import UndoNotYours, UndoTooLate
from passerelle.scanning.tickets import service
from passerelle.scanning.tickets.schemas import AdmissionIn, AdmissionOut, CheckOutIn
from passerelle.ticketing.errors import ENTRY_REFUSALS, EXIT_REFUSALS, TicketNotFound, TicketNotUsed, TicketUnknown
from passerelle.ticketing.schemas import TicketId

router = Router(prefix="/api/v1/scans/tickets", tags=["scanning"])


@router.post("/admit", status_code=201, responses=refusals(TicketUnknown, LocationNotFound, *ENTRY_REFUSALS))
async def admit(body: AdmissionIn, request: Request, tx: Annotated[Tx, allow("tickets:admit")]) -> AdmissionOut:
    """Let somebody in with a ticket: once, while the event lets in; again after an exit where it allows that."""
    return await service.admit(tx, body, language_of(request))


@router.post("/check-out", status_code=201, responses=refusals(TicketUnknown, *EXIT_REFUSALS))
async def check_out(body: CheckOutIn, request: Request, tx: Annotated[Tx, allow("tickets:admit")]) -> AdmissionOut:
    """Let somebody out who may come in with the same ticket again, where the event allows re-entry."""
    return await service.check_out(tx, body, language_of(request))


@router.post("/{ticket_id}/undo", responses=refusals(TicketNotFound, TicketNotUsed, UndoNotYours, UndoTooLate))
async def undo_admission(
    ticket_id: TicketId, request: Request, tx: Annotated[Tx, allow("tickets:admit")]
) -> AdmissionOut:
    """Take the last step at the gate back. Gate staff: their own, for half an hour."""
    return await service.undo_admission(tx, ticket_id, language_of(request))
