"""Custom events: told once per reference, rewarded by the rules that ask for them."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from passerelle.customers.errors import CustomerNotFound
from passerelle.kit import clock
from passerelle.kit.db import Database
from passerelle.kit.ids import new_id
from passerelle.programs import personal_data, service
from passerelle.programs.earning_schemas import EventIn
from passerelle.programs.errors import EventReferenceReused, MembershipNotFound
from passerelle.programs.schemas import ProgramChange
from passerelle.purchases.errors import OccurredInFuture, OccurredTooLongAgo
from tests.conftest import Shop
from tests.programs.conftest import Teller

REVIEW = {
    "type": "per_event",
    "event": "review",
    "units": 50,
    "conditions": {"attributes": [{"name": "stars", "at_least": 4}]},
    "times": [{"per": "month", "times": 1}],
}


def told(**fields: Any) -> EventIn:
    return EventIn.model_validate({"name": "review", "reference": "r-1", "attributes": {"stars": 5}} | fields)


async def test_an_event_earns_in_every_program_that_asks_for_it(teller: Teller) -> None:
    customer = await teller.customer()
    await teller.member(await teller.program(rules=[REVIEW, {"type": "per_visit"}]), customer)
    await teller.member(await teller.program(), customer)
    recorded = await service.record_event(teller.tx, told(customer_id=customer))
    assert [sum(accrual.amount for accrual in one.accruals) for one in recorded.earned] == [50, 0]
    assert [len(one.accruals) for one in recorded.earned] == [1, 0], "rules for purchases have nothing to say"
    low = await service.record_event(teller.tx, told(customer_id=customer, reference="r-2", attributes={"stars": 2}))
    assert low.earned[0].accruals[0].reasons[0].code == "other_attributes"
    second = await service.record_event(teller.tx, told(customer_id=customer, reference="r-3"))
    assert second.earned[0].accruals[0].reasons[0].code == "times_reached"
    [event] = [event for event in teller.tx.events if event.name == "custom_event.recorded"][:1]
    assert event.payload()["event"] == "review"


async def test_told_again_it_is_the_same_event(teller: Teller) -> None:
    customer = await teller.customer()
    await teller.member(await teller.program(rules=[REVIEW]), customer)
    first = await service.record_event(teller.tx, told(customer_id=customer))
    again = await service.record_event(teller.tx, told(customer_id=customer))
    assert (again.id, again.replayed) == (first.id, True)
    assert [one.accruals for one in again.earned] == [one.accruals for one in first.earned]
    assert again.earned[0].standing.balance().active == 50
    for other in ({"name": "survey"}, {"attributes": {"stars": 4}}, {"occurred_at": clock.now() - timedelta(days=1)}):
        with pytest.raises(EventReferenceReused):
            await service.record_event(teller.tx, told(customer_id=customer, **other))


async def test_an_event_that_earned_nothing_earns_nothing_when_told_again(teller: Teller) -> None:
    customer = await teller.customer()
    program = await teller.program()
    await teller.member(program, customer)
    await service.record_event(teller.tx, told(customer_id=customer))
    await service.change_program(teller.tx, program.id, ProgramChange.model_validate({"rules": [REVIEW]}))
    again = await service.record_event(teller.tx, told(customer_id=customer))
    assert again.earned[0].standing.balance().active == 0


async def test_an_event_of_one_membership_is_for_it_alone(teller: Teller) -> None:
    customer, stranger = await teller.customer(), await teller.customer()
    member = await teller.member(await teller.program(rules=[REVIEW]), customer)
    await teller.member(await teller.program(rules=[REVIEW]), customer)
    recorded = await service.record_event(teller.tx, told(membership_id=member))
    assert [one.standing.membership.id for one in recorded.earned] == [member]
    with pytest.raises(MembershipNotFound):
        await service.record_event(teller.tx, told(membership_id=member, customer_id=stranger, reference="r-2"))
    with pytest.raises(MembershipNotFound):
        await service.record_event(teller.tx, told(membership_id=new_id(), reference="r-2"))


async def test_events_at_once_under_one_reference_are_one(database: Database, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        teller = Teller(tx)
        customer = await teller.customer()
        member = await teller.member(await teller.program(rules=[REVIEW]), customer)

    async def tell() -> tuple[UUID, bool]:
        async with database.transaction(shop.organization_id) as tx:
            recorded = await service.record_event(tx, told(customer_id=customer))
            return recorded.id, recorded.replayed

    answers = await asyncio.gather(*(tell() for _ in range(5)))
    assert len({event_id for event_id, _ in answers}) == 1
    assert sorted(replayed for _, replayed in answers) == [False, True, True, True, True]
    async with database.transaction(shop.organization_id) as tx:
        assert (await service.standing(tx, member)).balance().active == 50


async def test_refusals(teller: Teller) -> None:
    with pytest.raises(CustomerNotFound):
        await service.record_event(teller.tx, told(customer_id=new_id()))
    customer = await teller.customer()
    with pytest.raises(OccurredInFuture):
        await service.record_event(
            teller.tx, told(customer_id=customer, occurred_at=clock.now() + timedelta(hours=2))
        )
    with pytest.raises(OccurredTooLongAgo):
        await service.record_event(
            teller.tx, told(customer_id=customer, occurred_at=clock.now() - timedelta(days=91))
        )


async def test_events_are_exported_and_forgotten(teller: Teller) -> None:
    customer = await teller.customer()
    await service.record_event(teller.tx, told(customer_id=customer))
    assert (await personal_data.export(teller.tx, customer))["custom_events"][0]["attributes"] == {"stars": 5}
    await personal_data.erase(teller.tx, customer)
    [left] = (await personal_data.export(teller.tx, customer))["custom_events"]
    assert (left["attributes"], left["reference"]) == ({}, str(left["id"]))
