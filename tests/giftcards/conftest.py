"""What the tests of gift cards share: the tables of their page, short words for cards, the routes alone."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from passerelle.giftcards import guessing, service
from passerelle.giftcards.routes import router
from passerelle.giftcards.rules import Kind
from passerelle.giftcards.schemas.activities import Acted, NewActivity
from passerelle.giftcards.schemas.cards import GiftCardCreatedOut, GiftCardIn
from passerelle.giftcards.schemas.products import GiftCardProductIn
from passerelle.kit import events
from passerelle.kit.config import Settings
from passerelle.kit.db import Database, Tx
from passerelle.kit.ids import new_id
from passerelle.kit.web import Edge, install_problems
from passerelle.ledger import service as ledger
from passerelle.organizations import service as organizations
from passerelle.organizations.routes import router as organization_routes
from tests.conftest import Shop
from tests.factories.documents import Document

DOCUMENT: Final = Document("algorithms/giftcards.md")
RANGE = {"minimum_minor": 1, "maximum_minor": 50_000}


@dataclass
class Drawer:
    """A drawer of gift cards inside one transaction."""

    tx: Tx
    products: dict[str, UUID] = field(default_factory=dict)

    async def product(self, **fields: Any) -> UUID:
        new = {"name": "Gift card", "amounts": RANGE} | fields
        return (await service.create_product(self.tx, GiftCardProductIn.model_validate(new))).id

    async def card(self, amount_minor: int | None = 5_000, *, product_id: UUID | None = None, **fields: Any) -> UUID:
        """A card, sold for an amount, or pending without one."""
        return (await self.created(amount_minor, product_id=product_id, **fields)).id

    async def created(
        self, amount_minor: int | None = 5_000, *, product_id: UUID | None = None, **fields: Any
    ) -> GiftCardCreatedOut:
        if product_id is None and "usual" not in self.products:
            self.products["usual"] = await self.product()
        new = {"product_id": product_id or self.products["usual"], "amount_minor": amount_minor} | fields
        return await service.create_gift_card(self.tx, GiftCardIn.model_validate(new))

    async def act(self, card: UUID, kind: Kind, amount_minor: int | None = None, **fields: Any) -> Acted:
        given: dict[str, Any] = {"reference": str(new_id()), "reason": "test"} | fields
        return await service.act(self.tx, card, NewActivity(kind, amount_minor=amount_minor, **given))

    async def balance(self, card: UUID) -> int:
        return (await service.get_gift_card(self.tx, card)).balance_minor

    def told(self, name: str) -> list[dict[str, Any]]:
        """Facts of that name, oldest first."""
        return [event.payload() for event in self.tx.events if event.name == name]

    async def require_sound_books(self) -> None:
        assert await ledger.check_books(self.tx) == []
        for unit in (await ledger.trial_balance(self.tx)).values():
            assert sum(unit.values()) == 0


@pytest.fixture(autouse=True)
def _nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether another test of this process wired the application must not change what is counted here."""
    monkeypatch.setattr(events, "_subscribers", defaultdict(list))


@pytest.fixture(autouse=True)
def _nobody_guessed() -> Iterator[None]:
    guessing._misses.clear()
    yield
    guessing._misses.clear()


@pytest.fixture
def drawer(tx: Tx) -> Drawer:
    return Drawer(tx)


@pytest_asyncio.fixture
async def client(database: Database, settings: Settings, shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of the owner's program."""
    app = FastAPI()
    app.state.edge = Edge(database, settings, organizations.authenticate)
    install_problems(app)
    app.include_router(organization_routes)
    app.include_router(router)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver", headers=shop.headers) as opened:
        yield opened
