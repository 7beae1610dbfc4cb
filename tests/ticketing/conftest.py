"""What the tests of ticketing share: the tables of their page, and a box office."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import pytest

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.ticketing import service
from passerelle.ticketing.schemas import Ticket, TicketedEvent, TicketedEventIn, TicketIn
from tests.factories.documents import Document

DOCUMENT: Final = Document("algorithms/ticketing.md")


@dataclass(frozen=True, slots=True)
class BoxOffice:
    """Plans events and issues tickets inside one transaction; an event lets in now unless its times say otherwise."""

    tx: Tx

    async def event(self, **fields: Any) -> TicketedEvent:
        new = {"name": "Opening night", "venue_name": "Théâtre", "starts_at": clock.now()} | fields
        return await service.create_event(self.tx, TicketedEventIn.model_validate(new))

    async def ticket(self, event: TicketedEvent | None = None, **fields: Any) -> Ticket:
        event_id: UUID = (event or await self.event()).id
        return await service.issue_ticket(self.tx, TicketIn.model_validate({"event_id": event_id} | fields))

    def told(self, name: str) -> list[dict[str, Any]]:
        """Facts of that name, oldest first."""
        return [event.payload() for event in self.tx.events if event.name == name]


@pytest.fixture
def box(tx: Tx) -> BoxOffice:
    return BoxOffice(tx)


TOMORROW: Final = timedelta(days=1)
