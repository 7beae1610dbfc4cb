"""Households on a real database: who shares, who pays, who leaves with what."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from passerelle.kit import clock
from passerelle.kit.config import Settings
from passerelle.kit.db import Database, Tx
from passerelle.kit.jobs import Work
from passerelle.ledger import service as ledger
from passerelle.ledger.errors import InsufficientBalance
from passerelle.ledger.schemas import Credit
from passerelle.programs import service
from passerelle.programs.errors import MembershipNotActive
from passerelle.programs.households import jobs
from passerelle.programs.households import service as households
from passerelle.programs.households.errors import (
    AlreadyInHousehold,
    HeadMustBeAdult,
    HouseholdCodeNotFound,
    HouseholdFull,
    HouseholdNotFound,
    HouseholdsNotOffered,
    NotInHousehold,
)
from passerelle.programs.households.schemas import Household, HouseholdChange
from passerelle.programs.schemas import Program
from tests.conftest import Shop
from tests.programs.conftest import Teller


async def _members(teller: Teller, count: int, **settings: Any) -> tuple[Program, list[UUID]]:
    program = await teller.program(rules=[], settings={"households": settings})
    return program, [await teller.member(program, await teller.customer()) for _ in range(count)]


async def _household(teller: Teller, members: Sequence[UUID]) -> Household:
    household = await households.create_household(teller.tx, members[0], "Home")
    for member in members[1:]:
        household = await households.join_household(teller.tx, member, household.code, "adult")
    return household


async def _give(tx: Tx, member: UUID, unit_id: UUID, amount: int, days: int | None = None) -> None:
    expires_at = None if days is None else clock.now() + timedelta(days=days)
    reference = f"test:{member}:{amount}:{days}"
    credit = Credit(member, unit_id, amount, expires_at=expires_at)
    await ledger.post(tx, kind="accrual", reference=reference, credits=[credit])


async def _spend(tx: Tx, member: UUID, amount: int, reference: str = "spend") -> UUID:
    seat = await service.seat_for_update(tx, member)
    debits = await households.debits_for(tx, seat, seat.program.units[0].id, amount, reference=reference)
    return (await ledger.post(tx, kind="redemption", reference=reference, debits=debits)).transfer_id


async def _active(tx: Tx, members: Sequence[UUID]) -> list[int]:
    return [(await service.standing(tx, member)).balance().active for member in members]


async def test_all_see_what_they_have_together(teller: Teller) -> None:
    program, members = await _members(teller, 3)
    unit = program.units[0].id
    household = await _household(teller, members[:2])
    for member, amount in zip(members, (3, 4, 5), strict=True):
        await _give(teller.tx, member, unit, amount)
    pooled = [(await service.standing(teller.tx, member)).pooled for member in members]
    assert pooled == [{unit: 7}, {unit: 7}, {}]
    assert (await service.standing(teller.tx, members[2])).spendable(unit) == 5
    household = await households.get_household(teller.tx, household.id)
    assert household.pooled == {unit: 7}
    assert [each.membership_id for each in household.sharers] == members[:2]


async def test_an_adult_spends_what_lapses_soonest_whoever_has_it(teller: Teller) -> None:
    program, members = await _members(teller, 2)
    unit = program.units[0].id
    await _household(teller, members)
    await _give(teller.tx, members[0], unit, 5)
    await _give(teller.tx, members[1], unit, 5, days=10)
    transfer_id = await _spend(teller.tx, members[0], 7)
    assert await _active(teller.tx, members) == [3, 0]
    with pytest.raises(InsufficientBalance) as refused:
        await _spend(teller.tx, members[0], 4, "more")
    assert refused.value.params["available"] == 3
    await ledger.reverse(teller.tx, transfer_id, reference="undo")
    assert await _active(teller.tx, members) == [5, 5]
    assert await ledger.check_books(teller.tx) == []


async def test_a_child_spends_their_own_and_gives_to_the_pool(teller: Teller) -> None:
    program, members = await _members(teller, 2)
    unit = program.units[0].id
    household = await _household(teller, members)
    await households.change_role(teller.tx, household.id, members[1], "child")
    for member in members:
        await _give(teller.tx, member, unit, 5)
    assert (await service.standing(teller.tx, members[1])).pooled == {}
    with pytest.raises(InsufficientBalance):
        await _spend(teller.tx, members[1], 6)
    await _spend(teller.tx, members[0], 9)
    assert await _active(teller.tx, members) == [0, 1]


async def test_the_units_of_a_suspended_member_rest(teller: Teller) -> None:
    program, members = await _members(teller, 2)
    await _household(teller, members)
    for member in members:
        await _give(teller.tx, member, program.units[0].id, 5)
    await service.change_membership(teller.tx, members[1], "suspended")
    assert (await service.standing(teller.tx, members[0])).pooled == {program.units[0].id: 5}
    with pytest.raises(InsufficientBalance):
        await _spend(teller.tx, members[0], 6)


async def test_whoever_leaves_keeps_what_they_brought(teller: Teller) -> None:
    program, members = await _members(teller, 2)
    await _household(teller, members)
    for member in members:
        await _give(teller.tx, member, program.units[0].id, 5)
    await households.leave_household(teller.tx, members[1])
    assert await _active(teller.tx, members) == [5, 5]
    assert (await service.standing(teller.tx, members[1])).pooled == {}
    with pytest.raises(NotInHousehold):
        await households.leave_household(teller.tx, members[1])


async def test_whoever_leaves_may_have_to_leave_it_to_the_head(teller: Teller) -> None:
    program, members = await _members(teller, 3, on_leave="forfeit")
    unit = program.units[0].id
    await _household(teller, members)
    await _give(teller.tx, members[1], unit, 5, days=10)
    await _give(teller.tx, members[0], unit, 2)
    await households.leave_household(teller.tx, members[1])
    assert await _active(teller.tx, members) == [7, 0, 0]
    assert [amount for _, amount in await ledger.next_expiries(teller.tx, members[0], unit, 9)] == [5]
    await households.leave_household(teller.tx, members[0])  # the head leaves it to the next
    await households.leave_household(teller.tx, members[2])  # nobody is left to leave it to
    assert await _active(teller.tx, members) == [0, 0, 7]
    assert await ledger.check_books(teller.tx) == []


async def test_the_head_is_followed_and_the_last_adult_ends_it(teller: Teller) -> None:
    _, members = await _members(teller, 3)
    household = await _household(teller, members)
    await households.change_role(teller.tx, household.id, members[2], "child")
    await households.leave_household(teller.tx, members[0])
    household = await households.get_household(teller.tx, household.id)
    assert (household.head_id, household.ended_at) == (members[1], None)
    await households.leave_household(teller.tx, members[1])
    household = await households.get_household(teller.tx, household.id)
    assert household.ended_at is not None
    assert household.sharers == []
    with pytest.raises(HouseholdCodeNotFound):
        await households.join_household(teller.tx, members[0], household.code, "adult")
    await households.create_household(teller.tx, members[2], "New")


async def test_invitations(teller: Teller) -> None:
    program, members = await _members(teller, 4, max_members=3)
    household = await _household(teller, members[:2])
    with pytest.raises(AlreadyInHousehold):
        await households.join_household(teller.tx, members[1], household.code, "adult")
    with pytest.raises(AlreadyInHousehold):
        await households.create_household(teller.tx, members[0], "Second")
    changed = await households.change_household(teller.tx, household.id, HouseholdChange(new_code=True))
    with pytest.raises(HouseholdCodeNotFound):
        await households.join_household(teller.tx, members[2], household.code, "adult")
    written = f"{changed.code[:5].upper()}-{changed.code[5:]}"
    await households.join_household(teller.tx, members[2], written, "child")
    with pytest.raises(HouseholdFull):
        await households.join_household(teller.tx, members[3], changed.code, "adult")
    assert program.settings.households is not None


async def test_other_programs_and_programs_without(teller: Teller) -> None:
    _, members = await _members(teller, 1)
    household = await _household(teller, members)
    _, strangers = await _members(teller, 1)
    with pytest.raises(HouseholdCodeNotFound):
        await households.join_household(teller.tx, strangers[0], household.code, "adult")
    plain = await teller.program()
    with pytest.raises(HouseholdsNotOffered):
        await households.create_household(teller.tx, await teller.member(plain, await teller.customer()), "Home")
    with pytest.raises(HouseholdNotFound):
        await households.get_household(teller.tx, plain.id)


async def test_the_head_is_an_adult_of_the_household(teller: Teller) -> None:
    _, members = await _members(teller, 3)
    household = await _household(teller, members[:2])
    with pytest.raises(NotInHousehold):
        await households.change_household(teller.tx, household.id, HouseholdChange(head_id=members[2]))
    with pytest.raises(NotInHousehold):
        await households.change_role(teller.tx, household.id, members[2], "child")
    with pytest.raises(HeadMustBeAdult):
        await households.change_role(teller.tx, household.id, members[0], "child")
    await households.change_role(teller.tx, household.id, members[1], "child")
    with pytest.raises(HeadMustBeAdult):
        await households.change_household(teller.tx, household.id, HouseholdChange(head_id=members[1]))
    await households.change_role(teller.tx, household.id, members[1], "adult")
    changed = await households.change_household(
        teller.tx, household.id, HouseholdChange(head_id=members[1], name="Ours")
    )
    assert (changed.head_id, changed.name) == (members[1], "Ours")


async def test_a_suspended_member_does_not_join(teller: Teller) -> None:
    _, members = await _members(teller, 2)
    household = await _household(teller, members[:1])
    await service.change_membership(teller.tx, members[1], "suspended")
    with pytest.raises(MembershipNotActive):
        await households.join_household(teller.tx, members[1], household.code, "adult")


async def test_only_named_units_are_shared(teller: Teller) -> None:
    program, members = await _members(teller, 2, units=["points"])
    await _household(teller, members)
    assert (await service.standing(teller.tx, members[0])).pooled == {program.units[0].id: 0}


async def test_two_spend_the_same_pool_at_the_same_instant(database: Database, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        teller = Teller(tx)
        program, members = await _members(teller, 3)
        await _household(teller, members)
        for member in members:
            await _give(tx, member, program.units[0].id, 10)

    async def spend(number: int) -> bool:
        try:
            async with database.transaction(shop.organization_id) as own:
                await _spend(own, members[number % 3], 4, f"spend:{number}")
        except InsufficientBalance:
            return False
        return True

    paid = await asyncio.gather(*(spend(number) for number in range(12)))
    async with database.transaction(shop.organization_id) as tx:
        assert (sum(paid), sum(await _active(tx, members))) == (7, 2)
        assert await ledger.check_books(tx) == []


async def test_the_last_place_is_taken_once(database: Database, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        _, members = await _members(Teller(tx), 6, max_members=3)
        household = await _household(Teller(tx), members[:1])

    async def join(member: UUID) -> bool:
        try:
            async with database.transaction(shop.organization_id) as own:
                await households.join_household(own, member, household.code, "adult")
        except HouseholdFull:
            return False
        return True

    assert sum(await asyncio.gather(*(join(member) for member in members[1:]))) == 2


async def test_whoever_is_no_member_any_more_shares_no_more(
    database: Database, shop: Shop, settings: Settings
) -> None:
    async with database.transaction(shop.organization_id) as tx:
        _, members = await _members(Teller(tx), 2)
        household = await _household(Teller(tx), members)
        await service.change_membership(tx, members[1], "ended")
    payload = {"organization_id": str(shop.organization_id), "membership_id": str(members[1])}
    for _ in range(2):
        await jobs.leave(Work(database, settings), payload)
    async with database.transaction(shop.organization_id) as tx:
        assert [each.membership_id for each in (await households.get_household(tx, household.id)).sharers] == [
            members[0]
        ]
