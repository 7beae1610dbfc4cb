"""A program with tiers, members who buy, and an application of the routes under test alone."""

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
from passerelle.kit.ids import encode, new_id
from passerelle.kit.web import Edge, install_problems
from passerelle.ledger.events import BalanceChanged
from passerelle.organizations import service as organizations
from passerelle.programs import service as programs
from passerelle.programs.events import MemberChanged, MemberEnrolled
from passerelle.programs.routes import router as program_routes
from passerelle.programs.schemas import Accrued, Program, ProgramIn
from passerelle.programs.tiers import definitions, jobs, service
from passerelle.programs.tiers.routes import router
from passerelle.programs.tiers.schemas import MemberTier, TierSet, TierSetIn
from passerelle.purchases import service as purchases
from passerelle.purchases.events import PurchaseRecorded, PurchaseRefunded, PurchaseVoided
from passerelle.purchases.schemas import NewPurchase
from tests.conftest import Shop

LADDER = [("Basic", 0), ("Silver", 100), ("Gold", 300)]


def tiers(*ladder: tuple[str, int], **of_each: object) -> list[dict[str, object]]:
    """Tiers as they are sent."""
    return [{"name": name, "threshold": threshold, **of_each} for name, threshold in ladder or LADDER]


@dataclass
class Counter:
    """Short words for what most tests do first, inside one transaction."""

    tx: Tx

    async def program(self, **fields: object) -> Program:
        return await programs.create_program(
            self.tx, ProgramIn.model_validate({"name": "Club", "kind": "points"} | fields)
        )

    async def tier_set(self, program: Program, **fields: object) -> TierSet:
        """A tier set, and its members placed as the job would."""
        made = await service.create_tier_set(self.tx, self.wanted(program, **fields))
        await self.recalculate(made)
        return made

    def wanted(self, program: Program, **fields: object) -> TierSetIn:
        sent = {"program_id": encode("prg", program.id), "name": "Status", "basis": "earned", "tiers": tiers()}
        return TierSetIn.model_validate(sent | fields)

    async def recalculate(self, tier_set: TierSet) -> None:
        last: UUID | None = UUID(int=0)
        while last is not None:
            last = await service.recalculate_members(self.tx, tier_set.id, last, 3)

    async def turn(self) -> None:
        """What the worker does every quarter of an hour."""
        while await service.turn_due(self.tx, 3):
            pass

    async def member(self, program: Program) -> UUID:
        """A new member; their customer is in ``customers``."""
        customer = (await customers.register(self.tx, NewCustomer())).customer_id
        made = await programs.enroll(self.tx, program.id, customer, source="till")
        await self.tx.settle()
        return made.membership_id

    async def buy(self, membership_id: UUID, euros: int, **fields: object) -> Accrued:
        """A purchase, which earns a point a euro, with all that follows."""
        customer_id = (await programs.get_membership(self.tx, membership_id)).customer_id
        new = NewPurchase(customer_id, euros * 100, **fields)  # type: ignore[arg-type]  # tests name the fields
        purchase = await purchases.record_purchase(self.tx, new)
        accrued = await programs.accrue_for_purchase(self.tx, customer_id, purchase)
        await self.tx.settle()
        self.purchase_id = purchase.id
        return accrued[0]

    async def void(self, purchase_id: UUID) -> None:
        await programs.undo_purchase(self.tx, purchase_id, shortfall="forgive")
        await self.tx.settle()

    async def lock(self, membership_id: UUID) -> None:
        """Whoever spends locks the membership first."""
        await programs.seat_for_update(self.tx, membership_id)

    async def adjust(self, membership_id: UUID, amount: int) -> None:
        await programs.adjust(self.tx, membership_id, amount=amount, reason="test", reference=str(new_id()))
        await self.tx.settle()

    async def stands(self, membership_id: UUID) -> MemberTier:
        """Where a member stands in the only tier set."""
        [member] = await service.member_tiers(self.tx, membership_id)
        return member

    async def tier(self, membership_id: UUID) -> str | None:
        """The name of the tier; the membership says the same."""
        member = await self.stands(membership_id)
        shown = (await programs.get_membership(self.tx, membership_id)).tier_ids
        assert list(shown) == ([member.held.tier_id] if member.held.tier_id else [])
        return member.tier.name if member.tier else None

    def told(self, name: str = "tier.changed") -> list[dict[str, object]]:
        """Facts of that name, oldest first."""
        return [event.payload() for event in self.tx.events if event.name == name]

    @asynccontextmanager
    async def counted(self) -> AsyncIterator[list[str]]:
        """The statements that the block sends."""
        statements: list[str] = []
        with self.tx.raw.query_logger(lambda record: statements.append(record.query)):
            yield statements
            await asyncio.sleep(0)  # the driver tells its statements in the next turn of the loop


@pytest.fixture(autouse=True)
def _tiers_listen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tiers alone hear of facts."""
    monkeypatch.setattr(events, "_subscribers", defaultdict(list))
    events.subscribe(BalanceChanged, jobs.on_balance_changed)
    events.subscribe(PurchaseRecorded, jobs.on_purchase_recorded)
    events.subscribe(PurchaseVoided, jobs.on_purchase_voided)
    events.subscribe(PurchaseRefunded, jobs.on_purchase_refunded)
    events.subscribe(MemberEnrolled, jobs.on_member_enrolled)
    events.subscribe(MemberChanged, jobs.on_member_changed)


@pytest.fixture
def counter(tx: Tx) -> Counter:
    return Counter(tx)


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
    app.include_router(program_routes)
    app.include_router(router)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver", headers=shop.headers) as opened:
        yield opened
