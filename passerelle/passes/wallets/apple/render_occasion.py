"""The event of a ticket in pass.json: when and where Wallet brings the card forward, and its semantic tags."""

from datetime import datetime, timedelta
from typing import Any, Final

from passerelle.passes.wallets.apple.schema import wallet_date
from passerelle.passes.wallets.occasion import Occasion
from passerelle.templates.schemas import TemplateContent
from passerelle.templates.service import Facts

# Apple's limit of an interval in relevantDates.
_LONGEST: Final = timedelta(hours=24)
_SEAT: Final = {"seatSection": "ticket.section", "seatRow": "ticket.row", "seatNumber": "ticket.seat"}


def keys_of(occasion: Occasion, content: TemplateContent, facts: Facts) -> dict[str, Any]:
    """Top-level keys of one card; those that its template gives itself are left to it.

    ``relevantDate`` is for phones before iOS 18, ``relevantDates`` for later ones.
    """
    keys: dict[str, Any] = {
        "relevantDate": wallet_date(occasion.starts_at),
        "relevantDates": [_interval(occasion)],
        "semantics": _semantics(occasion, facts),
    }
    if occasion.coordinates is not None and not content.locations:
        keys["locations"] = [_coordinates(occasion.coordinates)]
    return {name: value for name, value in keys.items() if name not in content.apple}


def _interval(occasion: Occasion) -> dict[str, str]:
    begins, ends = occasion.doors_at or occasion.starts_at, occasion.ends_at
    if ends is None or ends - begins > _LONGEST:
        return {"date": wallet_date(occasion.starts_at)}
    return {"startDate": wallet_date(begins), "endDate": wallet_date(ends)}


def _semantics(occasion: Occasion, facts: Facts) -> dict[str, Any]:
    tags: dict[str, Any] = {
        "eventName": occasion.name,
        "venueName": occasion.venue,
        "eventStartDate": wallet_date(occasion.starts_at),
    }
    later: dict[str, datetime | None] = {
        "eventEndDate": occasion.ends_at,
        "venueDoorsOpenDate": occasion.doors_at,
    }
    tags |= {name: wallet_date(instant) for name, instant in later.items() if instant is not None}
    if occasion.coordinates is not None:
        tags["venueLocation"] = _coordinates(occasion.coordinates)
    seat = {name: str(facts[fact]) for name, fact in _SEAT.items() if facts.get(fact)}
    return tags | ({"seats": [seat]} if seat else {})


def _coordinates(place: tuple[float, float]) -> dict[str, float]:
    return {"latitude": place[0], "longitude": place[1]}
