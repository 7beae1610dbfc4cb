"""What the card of a ticket shows: the event with its place and times, the seat, and whether it still lets in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from passerelle.kit import clock
from passerelle.kit.db import Row, Tx
from passerelle.passes.face import Blank, Face, blanks_of, card_of, condition_of, last_day
from passerelle.passes.schemas import SubjectCard
from passerelle.passes.wallets.occasion import Occasion
from passerelle.templates.service import CompiledTemplate
from passerelle.ticketing import service as ticketing
from passerelle.ticketing.schemas import Ticket, TicketedEvent


async def read_faces(tx: Tx, cards: Sequence[tuple[Row, CompiledTemplate]]) -> list[Face]:
    """The faces of tickets' cards, in their order."""
    found = await ticketing.tickets_among(tx, [row["subject_id"] for row, _ in cards])
    return [await _face(tx, blank, *found[blank.row["subject_id"]]) for blank in await blanks_of(tx, cards)]


async def read_card(tx: Tx, row: Row) -> SubjectCard:
    """A ticket's card as it is now."""
    event, ticket = await ticketing.get_ticket(tx, row["subject_id"])
    return card_of(row, ticket.code, ticket.condition(event, clock.now()), event.times.closes_at)


async def _face(tx: Tx, blank: Blank, event: TicketedEvent, ticket: Ticket) -> Face:
    occasion = _occasion(event)
    title = event.name_in(blank.compiled.content.language)
    closes_at = event.times.closes_at
    facts: dict[str, Any] = {
        **await blank.facts(tx, ticket.code, last_day(closes_at, event.time_zone)),
        "program.name": title,
        "location.name": occasion.venue,
        "event.name": title,
        "event.starts": occasion.starts_at,
        "event.ends": occasion.ends_at,
        "event.doors": occasion.doors_at,
        "event.venue": occasion.venue,
        "event.address": occasion.address,
        "event.state": event.state,
        "ticket.type": ticket.category,
        "ticket.section": ticket.section,
        "ticket.row": ticket.row,
        "ticket.seat": ticket.seat,
        "ticket.place": ticket.place,
        "ticket.state": ticket.state,
    }
    condition = condition_of(blank.row, ticket.condition(event, clock.now()))
    return Face(facts, condition, closes_at, occasion=occasion)


def _occasion(event: TicketedEvent) -> Occasion:
    venue, times, zone = event.venue, event.times, ZoneInfo(event.time_zone)
    known = venue.latitude is not None and venue.longitude is not None

    def local(instant: datetime | None) -> datetime | None:
        return instant.astimezone(zone) if instant is not None else None

    return Occasion(
        event_id=event.id,
        version=event.version,
        name=event.name,
        names=event.names,
        venue=venue.name,
        address=venue.address,
        coordinates=(venue.latitude, venue.longitude) if known else None,  # type: ignore[arg-type]  # known just above
        starts_at=times.starts_at.astimezone(zone),
        ends_at=local(times.ends_at),
        doors_at=local(times.doors_at),
    )
