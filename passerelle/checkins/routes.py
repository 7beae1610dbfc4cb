"""HTTP of check-ins: what locations set, who is in, who came. Coming and going itself is scanned (scanning)."""

from typing import Annotated

from fastapi import Query

from passerelle.checkins import service
from passerelle.checkins.errors import CheckInIsOff, CheckInNotFound, LocationHasNoCoordinates
from passerelle.checkins.rules import Way
from passerelle.checkins.schemas import (
    CheckInId,
    CheckInOut,
    CheckInPlaceIn,
    CheckInPlaceOut,
    CheckInPlacesOut,
    CheckInState,
    PresenceOut,
)
from passerelle.customers.schemas import CustomerId
from passerelle.kit.db import Tx
from passerelle.kit.web import Router, allow, refusals
from passerelle.kit.wire import Cursor, Instant, Page, PageSize, after, cursor_of
from passerelle.organizations.errors import LocationNotFound
from passerelle.organizations.schemas import LocationId
from passerelle.programs.errors import ProgramNotFound

router = Router(prefix="/api/v1", tags=["check-ins"])
Reader = Annotated[Tx, allow("checkins:read")]
Writer = Annotated[Tx, allow("organization:write")]
_ITEMS = 50


@router.get("/check-in-places", responses=refusals())
async def list_places(tx: Annotated[Tx, allow("organization:read")]) -> CheckInPlacesOut:
    """The locations that take check-ins, by name, with how many are in now."""
    return CheckInPlacesOut(items=await service.list_places(tx))


@router.get("/locations/{location_id}/check-in", responses=refusals(LocationNotFound))
async def get_place(location_id: LocationId, tx: Annotated[Tx, allow("organization:read")]) -> CheckInPlaceOut:
    """How a location takes check-ins; everything off until somebody sets it."""
    return await service.get_place(tx, location_id)


@router.put(
    "/locations/{location_id}/check-in",
    responses=refusals(LocationNotFound, LocationHasNoCoordinates, ProgramNotFound),
)
async def set_place(location_id: LocationId, body: CheckInPlaceIn, tx: Writer) -> CheckInPlaceOut:
    """Turn check-in on, change it, or turn it off. Coordinates are those of the location."""
    return await service.set_place(tx, location_id, body)


@router.post("/locations/{location_id}/check-in/renew-code", responses=refusals(LocationNotFound, CheckInIsOff))
async def renew_code(location_id: LocationId, tx: Writer) -> CheckInPlaceOut:
    """Make another printed code and another screen for a location: those before no longer work."""
    return await service.renew_code(tx, location_id)


@router.get("/locations/{location_id}/presence", responses=refusals(LocationNotFound))
async def get_presence(
    location_id: LocationId, tx: Reader, limit: PageSize = 50, cursor: Cursor = None
) -> PresenceOut:
    """Who is in a location now, last come first, and how many."""
    place = await service.get_place(tx, location_id)
    items = await service.list_present(tx, location_id, after(cursor), limit)
    return PresenceOut(
        **place.model_dump(include={"location_id", "location_name", "inside", "capacity"}),
        items=items,
        next=cursor_of(items[-1].id) if len(items) == limit else None,
    )


@router.get("/check-ins", responses=refusals())
async def list_check_ins(
    tx: Reader,
    *,
    location_id: LocationId | None = None,
    customer_id: CustomerId | None = None,
    state: CheckInState | None = None,
    way: Way | None = None,
    since: Annotated[Instant | None, Query(description="Only those that came at this instant or later.")] = None,
    until: Annotated[Instant | None, Query(description="Only those that came before this instant.")] = None,
    limit: PageSize = _ITEMS,
    cursor: Cursor = None,
) -> Page[CheckInOut]:
    """Check-ins, last recorded first."""
    items = await service.list_check_ins(
        tx,
        after(cursor),
        limit,
        location_id=location_id,
        customer_id=customer_id,
        state=state,
        way=way,
        since=since,
        until=until,
    )
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.get("/check-ins/{check_in_id}", responses=refusals(CheckInNotFound))
async def get_check_in(check_in_id: CheckInId, tx: Reader) -> CheckInOut:
    """One check-in."""
    return await service.get_check_in(tx, check_in_id)
