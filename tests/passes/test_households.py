"""The cards of a household follow what any of its members earns: each once, however much one transaction changed."""

from uuid import UUID

import pytest

from passerelle.customers import service as customers
from passerelle.customers.schemas import NewCustomer
from passerelle.kit.db import Database, Tx
from passerelle.kit.ids import new_id
from passerelle.passes import service as passes
from passerelle.programs import service as programs
from passerelle.programs.households import service as households
from passerelle.programs.schemas import ProgramIn
from passerelle.wiring import subscribe_all
from tests.conftest import Shop


@pytest.fixture(autouse=True)
def _wired() -> None:
    subscribe_all()


async def _members(tx: Tx) -> list[UUID]:
    """Three members with cards: two who share, and a stranger."""
    sent = {"name": "Club", "kind": "points", "settings": {"households": {}}}
    program = await programs.create_program(tx, ProgramIn.model_validate(sent))
    members = []
    for _ in range(3):
        customer_id = (await customers.register(tx, NewCustomer())).customer_id
        members.append((await programs.enroll(tx, program.id, customer_id, source="till")).membership_id)
        await passes.issue_pass(tx, members[-1])
    home = await households.create_household(tx, members[0], "Home")
    await households.join_household(tx, members[1], home.code, "adult")
    return members


async def _versions(database: Database, shop: Shop, members: list[UUID]) -> list[int]:
    sql = "SELECT subject_id, version FROM passes WHERE organization_id = $1 AND subject_id = ANY($2)"
    async with database.transaction(shop.organization_id) as tx:
        found = {row["subject_id"]: row["version"] for row in await tx.fetch(sql, tx.organization_id, members)}
    return [found[member] for member in members]


async def _give(tx: Tx, member: UUID) -> None:
    await programs.adjust(tx, member, amount=5, reason="test", reference=str(new_id()))


async def test_all_cards_of_a_household_change_once(database: Database, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        members = await _members(tx)
    before = await _versions(database, shop, members)
    async with database.transaction(shop.organization_id) as tx:
        for member in (members[0], members[1], members[0]):
            await _give(tx, member)
    assert await _versions(database, shop, members) == [before[0] + 1, before[1] + 1, before[2]]
    async with database.transaction(shop.organization_id) as tx:
        await _give(tx, members[2])
    assert await _versions(database, shop, members) == [before[0] + 1, before[1] + 1, before[2] + 1]


async def test_who_leaves_is_shown_to_the_others(database: Database, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        members = await _members(tx)
    before = await _versions(database, shop, members)
    async with database.transaction(shop.organization_id) as tx:
        await households.leave_household(tx, members[1])
    assert await _versions(database, shop, members) == [before[0] + 1, before[1] + 1, before[2]]
    async with database.transaction(shop.organization_id) as tx:
        await _give(tx, members[1])
    assert await _versions(database, shop, members) == [before[0] + 1, before[1] + 2, before[2]]


async def test_who_shares_with_nobody_costs_no_statement(database: Database, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        members = await _members(tx)
    statements: list[str] = []
    async with database.transaction(shop.organization_id) as tx:
        with tx.raw.query_logger(lambda record: statements.append(record.query)):
            await _give(tx, members[2])
            await tx.settle()
    assert [sql for sql in statements if "household_members" in sql] == []
