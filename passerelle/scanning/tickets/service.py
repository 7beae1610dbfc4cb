"""Tickets at the gate: told apart from other codes, let in, taken back."""

from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.i18n import Language
from passerelle.scanning import rules
from passerelle.scanning.tickets.schemas import AdmissionIn, AdmissionOut, CheckOutIn, TicketScanOut
from passerelle.scanning.undoing import require_undo
from passerelle.ticketing import service as ticketing
from passerelle.ticketing.errors import TicketNotUsed
from passerelle.ticketing.schemas import Ticket, TicketedEvent


async def scan_ticket(tx: Tx, code: str, language: Language) -> TicketScanOut:
    """What a ticket is for, and whether it lets in now; books nothing. Raises TicketUnknown."""
    event, ticket = await ticketing.ticket_by_code(tx, code)
    entry = ticketing.entry_of(event, ticket, clock.now())
    lets_out = event.reentry and ticket.state == "used" and ticket.left_at is None
    may = rules.ticket_actions(
        tx.actor.scopes, lets_in=entry == "admit", lets_out=lets_out, is_used=ticket.state == "used"
    )
    used_place = await ticketing.place_of_entry(tx, event, ticket) if ticket.state == "used" else None
    return TicketScanOut.of(event, ticket, language, entry=entry, used_place=used_place, may=may)


async def admit(tx: Tx, told: AdmissionIn, language: Language) -> AdmissionOut:
    """Let somebody in, once. Raises TicketUnknown, LocationNotFound and the refusals of entry."""
    location_id = told.location_id or tx.actor.location_id
    event, ticket = await ticketing.admit(tx, told.code, event_id=told.event_id, location_id=location_id)
    return await _admission(tx, event, ticket, language)


async def check_out(tx: Tx, told: CheckOutIn, language: Language) -> AdmissionOut:
    """Let somebody out who may come in again. Raises TicketUnknown and the refusals of exit."""
    event, ticket = await ticketing.check_out(tx, told.code, event_id=told.event_id)
    return await _admission(tx, event, ticket, language)


async def undo_admission(tx: Tx, ticket_id: UUID, language: Language) -> AdmissionOut:
    """Take the last step at the gate back: an entry, or somebody's going out.

    Raises TicketNotFound, TicketNotUsed, UndoNotYours, UndoTooLate.
    """
    _, ticket = await ticketing.get_ticket(tx, ticket_id)
    if ticket.used_by is None or ticket.used_at is None:
        raise TicketNotUsed
    require_undo(tx, ticket.left_by or ticket.used_by, ticket.left_at or ticket.used_at)
    return await _admission(tx, *await ticketing.undo_entry(tx, ticket_id), language)


async def _admission(tx: Tx, event: TicketedEvent, ticket: Ticket, language: Language) -> AdmissionOut:
    came = (await ticketing.count_attendance(tx, [event.id])).get(event.id)
    used, inside = (came.used, came.inside) if came else (0, 0)
    return AdmissionOut.of(event, ticket, language, used=used, inside=inside, issued=event.issued)
