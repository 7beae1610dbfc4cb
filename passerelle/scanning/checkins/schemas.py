"""Coming and going, on the wire."""

from typing import Self

from pydantic import model_validator

from passerelle.checkins.schemas import Asked
from passerelle.customers.schemas import CustomerId
from passerelle.kit.wire import Instant, Reference, Wire
from passerelle.organizations.schemas import LocationId
from passerelle.scanning.schemas import Code, ScannedSecondsAgo


class CheckInIn(Wire):
    """Somebody comes or goes. ``location_id`` may be left out by a key that belongs to a location.

    ``toggle`` lets in who is out and out who is in. ``reference`` is the gate's own: told again, it is answered and
    not booked again. ``at`` is when it happened, if not now.
    """

    code: Code | None = None
    scanned_seconds_ago: ScannedSecondsAgo = 0
    customer_id: CustomerId | None = None
    location_id: LocationId | None = None
    direction: Asked = "toggle"
    reference: Reference | None = None
    at: Instant | None = None

    @model_validator(mode="after")
    def _is_of_somebody(self) -> Self:
        if (self.code is None) == (self.customer_id is None):
            raise ValueError("Give either the code of a card or a customer_id.")
        return self
