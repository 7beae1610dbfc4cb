"""What wakes ticketing without HTTP."""

from passerelle.kit.db import Tx
from passerelle.organizations.events import LocationChanged
from passerelle.ticketing import service


async def on_location_changed(tx: Tx, changed: LocationChanged) -> None:
    """Name, address and coordinates of a place stand on the tickets of its events."""
    await service.follow_location(tx, changed.location_id)
