"""From rows to what ticketing tells: events with their place, tickets with their code in clear."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from passerelle.kit.crypto import TenantKeys
from passerelle.kit.db import Row, Tx
from passerelle.organizations import service as organizations
from passerelle.ticketing import queries, rules
from passerelle.ticketing.models import TicketedEventRow
from passerelle.ticketing.schemas import Ticket, TicketedEvent, Venue

_SEALED_FOR: Final = "tickets.code"
_COPIED: Final = (
    *("id", "name", "names", "location_id", "capacity", "issued", "version"),
    *("template_id", "reentry", "created_at"),
)


async def event_of(tx: Tx, row: TicketedEventRow) -> TicketedEvent:
    """An event with its place: a location is read as it is now."""
    fields: dict[str, Any] = {name: getattr(row, name) for name in _COPIED}
    return TicketedEvent(
        **fields,
        venue=await _venue_of(tx, row),
        times=rules.Times(row.starts_at, row.ends_at, row.doors_at),
        time_zone=(await organizations.get_organization(tx)).time_zone,
        state="published" if row.state == "published" else "cancelled",
    )


async def events_among(tx: Tx, event_ids: Sequence[UUID]) -> dict[UUID, TicketedEvent]:
    """Events by id; as many statements for one as for all that share a place."""
    rows = await queries.list_events_by_id(tx, event_ids)
    return {row.id: await event_of(tx, row) for row in rows}


def ticket_of(keys: TenantKeys, row: Row) -> Ticket:
    """A ticket, its code opened."""
    return Ticket(**{**row, "code": keys.decrypt(row["code"], _SEALED_FOR)})


def seal(keys: TenantKeys, code: str) -> bytes:
    """A code as it is stored."""
    return keys.encrypt(code, _SEALED_FOR)


def index_of(keys: TenantKeys, typed: str) -> bytes:
    """By which a code is found: a keyed digest, so neither a table nor the time of a comparison tells a code."""
    return keys.blind_index(_SEALED_FOR, rules.normal_code(typed))


async def _venue_of(tx: Tx, row: TicketedEventRow) -> Venue:
    if row.location_id is None:
        return Venue(row.venue_name or "", row.venue_address, None, None)
    location = await organizations.get_location(tx, row.location_id)
    return Venue(location.name, location.address, location.latitude, location.longitude)
