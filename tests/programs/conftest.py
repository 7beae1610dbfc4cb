"""A customer, programs to join, and an application of the routes under test alone."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from passerelle.customers import service as customers
from passerelle.customers.schemas import NewCustomer
from passerelle.kit import events
from passerelle.kit.config import Settings
from passerelle.kit.db import Database, Tx
from passerelle.kit.web import Edge, install_problems
from passerelle.organizations import service as organizations
from passerelle.programs import definitions, service
from passerelle.programs.promotions.routes import router as promotions
from passerelle.programs.routes import router
from passerelle.programs.schemas import Program, ProgramIn
from passerelle.purchases import service as purchases
from passerelle.purchases.schemas import NewPurchase, Purchase
from passerelle.rewards.coupons.routes import router as coupons
from tests.conftest import Shop


@dataclass
class Teller:
    """Short words for what most tests do first, inside one transaction."""

    tx: Tx

    async def customer(self) -> UUID:
        return (await customers.register(self.tx, NewCustomer())).customer_id

    async def program(self, kind: str = "points", **fields: object) -> Program:
        goal = {"goal": 10} if kind == "stamps" else {}
        return await service.create_program(
            self.tx, ProgramIn.model_validate({"name": "Club", "kind": kind, **goal, **fields})
        )

    async def member(self, program: Program, customer_id: UUID) -> UUID:
        return (await service.enroll(self.tx, program.id, customer_id, source="till")).membership_id

    async def buy(self, customer_id: UUID, amount_minor: int, **fields: object) -> Purchase:
        return await purchases.record_purchase(self.tx, NewPurchase(customer_id, amount_minor, **fields))  # type: ignore[arg-type]  # tests name the fields

    @asynccontextmanager
    async def counted(self) -> AsyncIterator[list[str]]:
        """The statements that the block sends."""
        statements: list[str] = []
        with self.tx.raw.query_logger(lambda record: statements.append(record.query)):
            yield statements
            await asyncio.sleep(0)  # the driver tells its statements in the next turn of the loop


@pytest.fixture(autouse=True)
def nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs alone: what others do about their facts is tested there."""
    monkeypatch.setattr(events, "_subscribers", defaultdict(list))


@pytest.fixture
def teller(tx: Tx) -> Teller:
    return Teller(tx)


@pytest.fixture
def nothing_remembered() -> Iterator[None]:
    """As in a process that has just started."""
    definitions._known.clear()
    yield
    definitions._known.clear()


@pytest_asyncio.fixture
async def client(database: Database, settings: Settings, shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of the owner's program."""
    app = FastAPI()
    app.state.edge = Edge(database, settings, organizations.authenticate)
    install_problems(app)
    app.include_router(router)
    app.include_router(promotions)
    app.include_router(coupons)  # a preview of a purchase tells of coupons, too
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver", headers=shop.headers) as opened:
        yield opened
