"""Two tills and one member, committed for real: together they reach a tier, and it is told once."""

import asyncio
from uuid import UUID

from passerelle.customers import service as customers
from passerelle.customers.schemas import NewCustomer
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.kit.jobs import Work
from passerelle.programs import service as programs
from passerelle.programs.schemas import ProgramIn
from passerelle.programs.tiers import jobs, service
from passerelle.programs.tiers.schemas import TierSetIn
from passerelle.purchases import service as purchases
from passerelle.purchases.schemas import NewPurchase
from tests.conftest import Shop
from tests.programs.tiers.conftest import Counter

_TOLD = "SELECT payload FROM events WHERE organization_id = $1 AND name = 'tier.changed' ORDER BY id"


async def _open(database: Database, shop: Shop) -> tuple[UUID, UUID, TierSetIn]:
    async with database.transaction(shop.organization_id) as tx:
        counter = Counter(tx)
        program = await programs.create_program(tx, ProgramIn.model_validate({"name": "Club", "kind": "points"}))
        wanted = counter.wanted(program)
        await service.create_tier_set(tx, wanted)
        customer_id = (await customers.register(tx, NewCustomer())).customer_id
        member = (await programs.enroll(tx, program.id, customer_id, source="till")).membership_id
    return customer_id, member, wanted


async def _buy(database: Database, shop: Shop, customer_id: UUID, euros: int) -> None:
    async with database.transaction(shop.organization_id) as tx:
        purchase = await purchases.record_purchase(tx, NewPurchase(customer_id, euros * 100))
        await programs.accrue_for_purchase(tx, customer_id, purchase)


async def test_two_purchases_at_once_reach_a_tier_together(database: Database, shop: Shop) -> None:
    customer_id, member, _ = await _open(database, shop)
    await asyncio.gather(*(_buy(database, shop, customer_id, 10) for _ in range(10)))
    async with database.transaction(shop.organization_id) as tx:
        assert await Counter(tx).tier(member) == "Silver"
        told = [row["payload"]["first_in_period"] for row in await tx.fetch(_TOLD, shop.organization_id)]
    assert told == [True, True]


async def test_tills_a_recalculation_and_the_clock_do_not_wait_in_a_circle(
    database: Database, shop: Shop, settings: Settings
) -> None:
    customer_id, member, wanted = await _open(database, shop)
    work, payload = Work(database, settings), {"organization_id": str(shop.organization_id)}

    async def change(silver: int) -> None:
        async with database.transaction(shop.organization_id) as tx:
            [tier_set] = await service.list_tier_sets(tx, None, UUID(int=(1 << 128) - 1), 5)
            levels = [
                each.model_copy(update={"id": tier.id})
                for each, tier in zip(wanted.tiers, tier_set.tiers, strict=True)
            ]
            levels[1].threshold = silver
            await service.change_tier_set(tx, tier_set.id, wanted.model_copy(update={"tiers": levels}))
        await jobs.recalculate_members(work, payload | {"tier_set_id": str(tier_set.id)})

    async def adjust(number: int) -> None:
        async with database.transaction(shop.organization_id) as tx:
            await programs.adjust(tx, member, amount=1, reason="x", reference=str(number))

    await asyncio.gather(
        *(_buy(database, shop, customer_id, 30) for _ in range(4)),
        *(adjust(number) for number in range(4)),
        change(110),
        jobs.turn_due(work, payload),
    )
    async with database.transaction(shop.organization_id) as tx:
        assert await Counter(tx).tier(member) == "Silver"


async def test_a_member_that_is_held_elsewhere_is_left_to_a_job(
    database: Database, shop: Shop, settings: Settings
) -> None:
    customer_id, member, _ = await _open(database, shop)
    await _buy(database, shop, customer_id, 120)
    async with database.transaction(shop.organization_id) as holding:
        await programs.seat_for_update(holding, member)
        async with database.transaction(shop.organization_id) as tx:
            await service.settle_refund(tx, [member])
            jobs_left = await tx.fetch("SELECT payload FROM pgqueuer WHERE entrypoint = $1", service.SETTLE)
        assert [str(member).encode() in row["payload"] for row in jobs_left].count(True) == 1
    payload = {"organization_id": str(shop.organization_id), "ids": [str(member)], "cause": "refund"}
    await jobs.settle_members(Work(database, settings), payload)
    async with database.transaction(shop.organization_id) as tx:
        [standing] = await service.member_tiers(tx, member)
    assert standing.held.recheck_at is None  # the amount is there
