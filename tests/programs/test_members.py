"""Members: enrolled once, suspended, ended, forgotten."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from passerelle.customers.errors import CustomerNotFound
from passerelle.kit import clock
from passerelle.kit.db import Database
from passerelle.kit.ids import new_id
from passerelle.organizations.errors import LocationNotFound
from passerelle.programs import personal_data, service
from passerelle.programs.errors import MembershipNotActive, MembershipNotFound, ProgramNotFound, ProgramNotRunning
from passerelle.programs.schemas import Enrolled, ProgramChange
from tests.conftest import Shop
from tests.programs.conftest import Teller

LAST = UUID(int=(1 << 128) - 1)


async def test_enrolling_is_one_statement_and_harmless_to_repeat(teller: Teller) -> None:
    program, customer = await teller.program(), await teller.customer()
    async with teller.counted() as statements:
        first = await service.enroll(teller.tx, program.id, customer, source="form")
        again = await service.enroll(teller.tx, program.id, customer, source="till")
    assert len(statements) == 2
    assert (first.created, again) == (True, Enrolled(first.membership_id, created=False))
    [membership] = await service.memberships_of(teller.tx, customer)
    assert (membership.id, membership.source, membership.state) == (first.membership_id, "form", "active")
    assert [event.name for event in teller.tx.events].count("member.enrolled") == 1


async def test_many_at_once_make_one_member(database: Database, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        program, customer = await Teller(tx).program(), await Teller(tx).customer()

    async def join() -> Enrolled:
        async with database.transaction(shop.organization_id) as tx:
            return await service.enroll(tx, program.id, customer, source="form")

    joined = await asyncio.gather(*(join() for _ in range(8)))
    assert len({enrolled.membership_id for enrolled in joined}) == 1
    assert [enrolled.created for enrolled in joined].count(True) == 1


@pytest.mark.parametrize("state", ["draft", "paused", "ended"])
async def test_a_program_that_is_not_running_takes_nobody(teller: Teller, state: str) -> None:
    program, customer = await teller.program(state="draft" if state == "draft" else "active"), await teller.customer()
    if state != "draft":
        await service.change_program(teller.tx, program.id, ProgramChange.model_validate({"state": state}))
    with pytest.raises(ProgramNotRunning) as caught:
        await service.enroll(teller.tx, program.id, customer, source="form")
    assert caught.value.params == {"program": "Club", "state": state}


async def test_dates_are_half_open(teller: Teller) -> None:
    now, customer = clock.now(), await teller.customer()
    program = await teller.program(starts_at=now, ends_at=now + timedelta(hours=1))
    for instant in (now - timedelta(seconds=1), now + timedelta(hours=1)):
        with clock.frozen(instant), pytest.raises(ProgramNotRunning):
            await service.enroll(teller.tx, program.id, customer, source="form")
    with clock.frozen(now):
        assert (await service.enroll(teller.tx, program.id, customer, source="form")).created


async def test_a_customer_who_is_not_there(teller: Teller) -> None:
    program = await teller.program()
    with pytest.raises(CustomerNotFound):
        await service.enroll(teller.tx, program.id, new_id(), source="form")


async def test_a_location_that_is_not_there(teller: Teller) -> None:
    program, customer = await teller.program(), await teller.customer()
    with pytest.raises(LocationNotFound):
        await service.enroll(teller.tx, program.id, customer, source="form", location_id=new_id())


async def test_a_program_that_is_not_there(teller: Teller) -> None:
    with pytest.raises(ProgramNotFound):
        await service.enroll(teller.tx, new_id(), await teller.customer(), source="form")


async def test_suspended_stays_out_and_ended_joins_again(teller: Teller) -> None:
    program, customer = await teller.program(), await teller.customer()
    member = await teller.member(program, customer)
    await service.change_membership(teller.tx, member, "suspended")
    with pytest.raises(MembershipNotActive):
        await service.enroll(teller.tx, program.id, customer, source="form")
    await service.change_membership(teller.tx, member, "ended")
    assert await service.enroll(teller.tx, program.id, customer, source="form") == Enrolled(member, created=False)
    assert (await service.get_membership(teller.tx, member)).state == "active"
    changed = [event.payload()["state"] for event in teller.tx.events if event.name == "member.changed"]
    assert changed == ["suspended", "ended", "active"]


async def test_a_change_to_the_same_state_is_no_fact(teller: Teller) -> None:
    member = await teller.member(await teller.program(), await teller.customer())
    before = len(teller.tx.events)
    assert (await service.change_membership(teller.tx, member, "active")).state == "active"
    assert len(teller.tx.events) == before
    with pytest.raises(MembershipNotFound):
        await service.change_membership(teller.tx, new_id(), "ended")


async def test_standing_is_two_statements_in_a_process_that_knows_the_program(
    teller: Teller, nothing_remembered: None
) -> None:
    program, customer = await teller.program("stamps"), await teller.customer()
    member = await teller.member(program, customer)
    async with teller.counted() as cold:
        await service.standing(teller.tx, member)
    async with teller.counted() as warm:
        standing = await service.standing(teller.tx, member)
    assert (len(cold), len(warm)) == (3, 2)
    assert (standing.program, standing.membership.customer_id) == (program, customer)
    assert standing.balance().active == standing.balance("stamps").active == 0
    assert standing.balance("miles").active == 0
    with pytest.raises(MembershipNotFound):
        await service.standing(teller.tx, new_id())


async def test_many_standings_cost_no_more(teller: Teller) -> None:
    program = await teller.program()
    members = [await teller.member(program, await teller.customer()) for _ in range(5)]
    await service.standing(teller.tx, members[0])
    async with teller.counted() as statements:
        found = await service.standings_of(teller.tx, [*members, new_id()])
    assert [standing.membership.id for standing in found] == sorted(members)
    assert len(statements) == 2


async def test_members_of_another_tenant(database: Database, shop: Shop, other_shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        customer = await Teller(tx).customer()
        member = await Teller(tx).member(await Teller(tx).program(), customer)
    async with database.transaction(other_shop.organization_id) as tx:
        for attempt in (
            service.get_membership(tx, member),
            service.standing(tx, member),
            service.change_membership(tx, member, "ended"),
            service.adjust(tx, member, amount=5, reason="x", reference="r"),
            service.accrue_for_visit(tx, member, reference="scan:1"),
            service.seat_for_update(tx, member),
            service.list_history(tx, member, LAST, 10),
        ):
            with pytest.raises(MembershipNotFound):
                await attempt
        assert await service.memberships_of(tx, customer) == []
        program = await Teller(tx).program()

    async def enroll_elsewhere() -> None:
        async with database.transaction(other_shop.organization_id) as tx:
            await service.enroll(tx, program.id, customer, source="form")

    with pytest.raises(CustomerNotFound):
        await enroll_elsewhere()


async def test_a_person_gets_it_all_and_is_forgotten(teller: Teller) -> None:
    program, customer = await teller.program(), await teller.customer()
    member = await teller.member(program, customer)
    await service.accrue_for_purchase(teller.tx, customer, await teller.buy(customer, 1200))
    exported = await personal_data.export(teller.tx, customer)
    assert [row["id"] for row in exported["memberships"]] == [member]
    assert exported["accruals"][0]["amount"] == 12
    assert exported["balance_history"][0]["kind"] == "accrual"
    await personal_data.erase(teller.tx, customer)
    standing = await service.standing(teller.tx, member)
    assert (standing.membership.state, standing.balance().active) == ("ended", 12)
