"""What the tests of check-ins share: the tables of their page, and a club whose members come and go."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import pytest_asyncio

from passerelle.checkins import service
from passerelle.checkins.rules import Asked, Position
from passerelle.checkins.schemas import Act, CheckInPlaceIn, Done
from passerelle.customers import service as customers
from passerelle.customers.schemas import NewCustomer
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.ids import new_id
from passerelle.organizations import service as organizations
from passerelle.organizations.schemas import LocationIn
from tests.factories.documents import Document

DOCUMENT: Final = Document("algorithms/checkins.md")
NOON: Final = datetime(2026, 6, 5, 12, tzinfo=UTC)
HERE: Final = Position(48.8566, 2.3522)


@dataclass(frozen=True, slots=True)
class Club:
    """A location with members, inside one transaction; times are minutes after noon."""

    tx: Tx
    location_id: UUID

    async def set(self, **settings: Any) -> None:
        await service.set_place(self.tx, self.location_id, CheckInPlaceIn.model_validate(settings))

    async def customer(self, name: str = "Lina") -> UUID:
        return (await customers.register(self.tx, NewCustomer(first_name=name, source="api"))).customer_id

    @contextmanager
    def at(self, minutes: float) -> Iterator[None]:
        with clock.frozen(NOON + timedelta(minutes=minutes)):
            yield

    async def check(self, customer_id: UUID, asked: Asked = "toggle", minutes: float = 0, **told: Any) -> Done:
        with self.at(minutes):
            return await service.check(self.tx, Act(customer_id, self.location_id, asked, **told))

    async def alone(self, customer_id: UUID, minutes: float = 0, position: Position | None = None) -> Done:
        with self.at(minutes):
            return await service.check_in_alone(self.tx, customer_id, self.location_id, new_id().hex, position)

    async def inside(self, minutes: float = 0) -> int:
        with self.at(minutes):
            return (await service.get_place(self.tx, self.location_id)).inside

    def told(self, name: str) -> list[dict[str, Any]]:
        """Facts of that name, oldest first."""
        return [event.payload() for event in self.tx.events if event.name == name]


async def open_club(tx: Tx, **settings: Any) -> Club:
    new = LocationIn(name=f"Club {new_id().hex[-6:]}", latitude=HERE.latitude, longitude=HERE.longitude)
    club = Club(tx, (await organizations.add_location(tx, new)).id)
    await club.set(**settings)
    return club


@pytest_asyncio.fixture
async def club(tx: Tx) -> Club:
    """Staff check in and out; customers cannot check in alone."""
    return await open_club(tx)
