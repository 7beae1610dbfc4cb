"""A member with a stamp card, and an application of the routes under test alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from passerelle.customers import service as customers
from passerelle.customers.schemas import NewCustomer
from passerelle.kit.config import Settings
from passerelle.kit.db import Database, Tx
from passerelle.kit.events import subscribe
from passerelle.kit.ids import new_id
from passerelle.kit.web import Edge, install_problems
from passerelle.ledger.events import BalanceChanged
from passerelle.organizations import service as organizations
from passerelle.programs import service as programs
from passerelle.programs.events import GoalChanged, ProgramCreated
from passerelle.programs.refund_routes import router as refund_routes
from passerelle.programs.refunds.events import SpendingReturned, UnitsMissed
from passerelle.programs.routes import router as program_routes
from passerelle.programs.schemas import Program, ProgramIn, Standing
from passerelle.programs.tiers import service as tier_sets
from passerelle.programs.tiers.schemas import TierSetIn
from passerelle.rewards import jobs, service
from passerelle.rewards.dry_runs.routes import router as dry_run_routes
from passerelle.rewards.payments.routes import router as payment_routes
from passerelle.rewards.routes import router
from passerelle.rewards.schemas import ReadyReward, RewardIn, RewardOut
from tests.conftest import Shop


@dataclass
class Counter:
    """Short words for what most tests do first, inside one transaction."""

    tx: Tx

    async def program(self, **fields: object) -> Program:
        new = {"name": "Coffee Club", "kind": "stamps", "goal": 10, "reward_name": "Free coffee"} | fields
        return await programs.create_program(self.tx, ProgramIn.model_validate(new))

    async def member(self, program: Program, units: int = 0) -> UUID:
        """A new member with a balance."""
        customer = (await customers.register(self.tx, NewCustomer())).customer_id
        member = (await programs.enroll(self.tx, program.id, customer, source="till")).membership_id
        if units:
            await self.give(member, units)
        return member

    async def give(self, member: UUID, units: int) -> Standing:
        return await programs.adjust(self.tx, member, amount=units, reason="test", reference=str(new_id()))

    async def ready(self, member: UUID) -> list[ReadyReward]:
        return await service.ready_rewards(self.tx, await programs.standing(self.tx, member))

    async def rewards(self, program: Program) -> list[RewardOut]:
        """Oldest first."""
        return (await service.list_rewards(self.tx, program.id, UUID(int=(1 << 128) - 1), 50))[::-1]

    async def reward(self, program: Program, **fields: object) -> RewardOut:
        new = {"program_id": program.id, "name": "Mug", "price": 10} | fields
        return await service.create_reward(self.tx, RewardIn.model_validate(new))

    async def tiers(self, program: Program) -> tuple[UUID, UUID]:
        """Gold and VIP of a program, which nobody reaches by themselves."""
        tiers = [{"name": "Gold", "threshold": 10**9}, {"name": "VIP", "threshold": 10**10}]
        status = {"program_id": program.id, "name": "Status", "basis": "spend", "tiers": tiers}
        gold, vip = (await tier_sets.create_tier_set(self.tx, TierSetIn.model_validate(status))).tiers
        return gold.id, vip.id

    async def promote(self, member: UUID, *tier_ids: UUID) -> None:
        """Put a member into tiers, and into no other."""
        sql = "UPDATE memberships SET tier_ids = $3 WHERE organization_id = $1 AND id = $2"
        await self.tx.execute(sql, self.tx.organization_id, member, list(tier_ids))

    async def active(self, member: UUID) -> int:
        """What the member can spend."""
        return (await programs.standing(self.tx, member)).balance().active

    async def lots(self, member: UUID) -> list[tuple[object, ...]]:
        """Every lot with what is left in it and when it lapses."""
        sql = """SELECT id, remaining, expires_at FROM ledger_lots
                 WHERE organization_id = $1 AND owner_id = $2 ORDER BY id"""
        return [tuple(row) for row in await self.tx.fetch(sql, self.tx.organization_id, member)]

    def told(self, name: str) -> list[dict[str, object]]:
        """Facts of that name, oldest first."""
        return [event.payload() for event in self.tx.events if event.name == name]

    @asynccontextmanager
    async def counted(self) -> AsyncIterator[list[str]]:
        """The statements that the block sends."""
        statements: list[str] = []
        with self.tx.raw.query_logger(lambda record: statements.append(record.query)):
            yield statements
            await asyncio.sleep(0)  # the driver tells its statements in the next turn of the loop


@pytest.fixture(scope="session", autouse=True)
def _subscribed() -> None:
    subscribe(ProgramCreated, jobs.create_first_reward)
    subscribe(GoalChanged, jobs.follow_goal)
    subscribe(BalanceChanged, jobs.announce_ready_rewards)
    subscribe(SpendingReturned, jobs.mark_returned)
    subscribe(UnitsMissed, jobs.surrender_automatic)


@pytest.fixture
def counter(tx: Tx) -> Counter:
    return Counter(tx)


@pytest_asyncio.fixture
async def client(database: Database, settings: Settings, shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of the owner's program."""
    app = FastAPI()
    app.state.edge = Edge(database, settings, organizations.authenticate)
    install_problems(app)
    app.include_router(program_routes)
    app.include_router(router)
    app.include_router(payment_routes)
    app.include_router(dry_run_routes)
    app.include_router(refund_routes)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver", headers=shop.headers) as opened:
        yield opened
