"""A coupon stand: campaigns, codes and customers in few words, and the tables of the document."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from passerelle.customers import service as customers
from passerelle.customers.routes import router as customer_routes
from passerelle.customers.schemas import NewCustomer
from passerelle.kit.config import Settings
from passerelle.kit.db import Database, Tx
from passerelle.kit.ids import ABOVE_ALL, new_id
from passerelle.kit.web import Edge, install_problems
from passerelle.organizations import service as organizations
from passerelle.organizations.routes import router as organization_routes
from passerelle.programs import service as programs
from passerelle.programs.routes import router as program_routes
from passerelle.programs.schemas import Program, ProgramIn
from passerelle.rewards.coupons import making, service
from passerelle.rewards.coupons.routes import router
from passerelle.rewards.coupons.schemas import CampaignIn, CampaignOut, CouponUse, Taken
from passerelle.rewards.coupons.values import Basket
from tests.conftest import Shop
from tests.factories.documents import Document

DOCUMENT: Final = Document("algorithms/coupons.md")
FIVE_OFF = {"type": "amount_off", "amount_minor": 500}


@dataclass
class Stand:
    """Short words for what most tests do first, inside one transaction."""

    tx: Tx

    async def campaign(self, terms: dict[str, Any] | None = None, **fields: Any) -> CampaignOut:
        new = {"name": "Five off", "terms": {"effect": FIVE_OFF} | (terms or {})} | fields
        return await service.create_campaign(self.tx, CampaignIn.model_validate(new))

    async def codes(self, campaign: CampaignOut, count: int = 1) -> list[str]:
        """Fresh codes, made as the job makes them."""
        batch = await service.generate_codes(self.tx, campaign.id, count)
        keys = await self.tx.vault.keys(self.tx)
        await service.store_codes(self.tx, batch.id, making.prepare_codes(keys, campaign.pattern, count))
        return [each.code for each in await service.list_codes(self.tx, campaign.id, ABOVE_ALL, count)]

    async def code(self, terms: dict[str, Any] | None = None, **fields: Any) -> str:
        """A code of a new campaign."""
        return (await self.codes(await self.campaign(terms, **fields)))[0]

    async def customer(self) -> UUID:
        return (await customers.register(self.tx, NewCustomer())).customer_id

    async def program(self) -> Program:
        new = {"name": "Coffee Club", "kind": "points"}
        return await programs.create_program(self.tx, ProgramIn.model_validate(new))

    async def member(self, program: Program) -> tuple[UUID, UUID]:
        """A new customer and their membership."""
        customer_id = await self.customer()
        return customer_id, (await programs.enroll(self.tx, program.id, customer_id, source="till")).membership_id

    async def redeem(self, code: str, amount: int = 1_200, **fields: Any) -> Taken:
        reference = fields.pop("reference", None) or str(new_id())
        return await service.redeem_coupon(self.tx, code, use(amount, **fields), reference=reference)

    async def hold(self, code: str, amount: int = 1_200, **fields: Any) -> Taken:
        reference = fields.pop("reference", None) or str(new_id())
        return await service.hold_coupon(self.tx, code, use(amount, **fields), reference=reference)

    def told(self, name: str) -> list[dict[str, object]]:
        """Facts of that name, oldest first."""
        return [event.payload() for event in self.tx.events if event.name == name]


def use(amount: int = 1_200, **fields: Any) -> CouponUse:
    """A use for a basket of which the amount is known."""
    return CouponUse(**{"basket": Basket(amount)} | fields)


@pytest.fixture
def stand(tx: Tx) -> Stand:
    return Stand(tx)


@pytest_asyncio.fixture
async def client(database: Database, settings: Settings, shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of the owner's program."""
    app = FastAPI()
    app.state.edge = Edge(database, settings, organizations.authenticate)
    install_problems(app)
    for routes in (organization_routes, customer_routes, program_routes, router):
        app.include_router(routes)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver", headers=shop.headers) as opened:
        yield opened
