"""Birthdays on a real database: once a year, in the program's zone, whatever the worker does."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from passerelle.customers import service as customers
from passerelle.customers.schemas import Birthday, CustomerChange, NewCustomer
from passerelle.kit import clock
from passerelle.kit.config import Settings
from passerelle.kit.db import Database, Tx
from passerelle.kit.jobs import Work
from passerelle.ledger import service as ledger
from passerelle.programs import service
from passerelle.programs.birthdays import jobs
from passerelle.programs.birthdays import service as birthdays
from passerelle.programs.schemas import Program
from tests.conftest import Shop
from tests.programs.conftest import Teller

SIGN_UP = datetime(2026, 1, 5, 9, tzinfo=UTC)
NINE = datetime(2026, 11, 22, 8, tzinfo=UTC)  # in Paris
SETTINGS = {"birthday": {"prize": {"amount": 25}}}


async def _member(teller: Teller, program: Program, *, month: int = 11, day: int = 22, **fields: Any) -> UUID:
    person = NewCustomer(birthday=Birthday(month=month, day=day), **fields)
    return await teller.member(program, (await customers.register(teller.tx, person)).customer_id)


async def _keep(tx: Tx, at: datetime) -> list[UUID]:
    """What the job does at an instant."""
    with clock.frozen(at):
        due = await birthdays.members_due(tx)
        return [each.membership_id for each in due if await birthdays.keep_birthday(tx, each)]


async def test_units_and_a_fact_once_a_year(teller: Teller) -> None:
    with clock.frozen(SIGN_UP):
        program = await teller.program(settings=SETTINGS)
        member = await _member(teller, program)
        await _member(teller, program, day=23)
    assert await _keep(teller.tx, NINE - timedelta(seconds=1)) == []
    assert await _keep(teller.tx, NINE) == [member]
    for later in (timedelta(), timedelta(hours=3), timedelta(days=6)):
        assert member not in await _keep(teller.tx, NINE + later)
    assert await _keep(teller.tx, NINE.replace(year=2027)) == [member]
    with clock.frozen(NINE.replace(year=2027)):
        assert (await service.standing(teller.tx, member)).balance().active == 50
        assert await ledger.check_books(teller.tx) == []
    told = [event.payload() for event in teller.tx.events if event.name == "birthday.reached"]
    assert [(fact["year"], fact["amount"]) for fact in told if fact["membership_id"] == member] == [
        (2026, 25),
        (2027, 25),
    ]


async def test_a_worker_that_was_down_for_two_days_gives_it_still(teller: Teller) -> None:
    with clock.frozen(SIGN_UP):
        member = await _member(teller, await teller.program(settings=SETTINGS))
    assert await _keep(teller.tx, NINE + timedelta(days=2)) == [member]


async def test_a_worker_that_was_down_for_a_week_has_missed_it(teller: Teller) -> None:
    with clock.frozen(SIGN_UP):
        await _member(teller, await teller.program(settings=SETTINGS))
    assert await _keep(teller.tx, NINE + timedelta(days=7)) == []


@pytest.mark.parametrize(("days", "kept"), [(30, True), (29, False), (1, False)])
async def test_a_date_that_was_edited_shortly_before_gives_nothing(teller: Teller, days: int, *, kept: bool) -> None:
    midnight = datetime(2026, 11, 22, tzinfo=ZoneInfo("Europe/Paris"))  # on the other side of a clock change
    with clock.frozen(SIGN_UP):
        program = await teller.program(settings=SETTINGS)
        member = await _member(teller, program, month=3, day=1)
        customer_id = (await service.get_membership(teller.tx, member)).customer_id
    with clock.frozen(midnight - timedelta(days=days)):
        change = CustomerChange(birthday=Birthday(month=11, day=22))
        await customers.change_customer(teller.tx, customer_id, change)
    assert (await _keep(teller.tx, NINE) == [member]) == kept


async def test_moving_the_date_within_a_year_gives_no_second(teller: Teller) -> None:
    with clock.frozen(SIGN_UP):
        member = await _member(teller, await teller.program(settings=SETTINGS), month=3, day=1)
        customer_id = (await service.get_membership(teller.tx, member)).customer_id
    assert await _keep(teller.tx, datetime(2026, 3, 1, 12, tzinfo=UTC)) == [member]
    with clock.frozen(datetime(2026, 6, 1, tzinfo=UTC)):
        change = CustomerChange(birthday=Birthday(month=11, day=22))
        await customers.change_customer(teller.tx, customer_id, change)
    assert await _keep(teller.tx, NINE) == []
    assert await _keep(teller.tx, NINE.replace(year=2027)) == [member]


@pytest.mark.parametrize(
    ("leap_day", "year", "day"),
    [("feb_28", 2026, (2, 28)), ("mar_1", 2026, (3, 1)), ("feb_28", 2028, (2, 29)), ("mar_1", 2028, (2, 29))],
)
async def test_29_february_comes_every_year(teller: Teller, leap_day: str, year: int, day: tuple[int, int]) -> None:
    with clock.frozen(SIGN_UP):
        program = await teller.program(settings={"birthday": {"leap_day": leap_day}})
        member = await _member(teller, program, month=2, day=29)
    for days in range(60):
        at = datetime(year, 2, 1, 8, tzinfo=UTC) + timedelta(days=days)
        expected = [member] if (at.month, at.day) == day else []
        assert await _keep(teller.tx, at) == expected


async def test_whoever_joined_after_the_hour_or_cannot_receive_has_the_next_one(teller: Teller) -> None:
    with clock.frozen(SIGN_UP):
        program = await teller.program(settings=SETTINGS)
        late = await customers.register(teller.tx, NewCustomer(birthday=Birthday(month=11, day=22)))
        suspended = await _member(teller, program)
        await service.change_membership(teller.tx, suspended, "suspended")
    with clock.frozen(NINE + timedelta(hours=1)):
        await teller.member(program, late.customer_id)
    assert await _keep(teller.tx, NINE + timedelta(hours=2)) == []


async def test_programs_without_the_setting_or_paused_keep_none(teller: Teller) -> None:
    with clock.frozen(SIGN_UP):
        plain = await teller.program()
        draft = await teller.program(settings=SETTINGS, state="draft")
        await _member(teller, plain)
    assert draft.state == "draft"
    assert await _keep(teller.tx, NINE) == []


async def test_two_workers_at_once_and_one_that_starts_again_give_one(
    database: Database, shop: Shop, settings: Settings
) -> None:
    with clock.frozen(SIGN_UP):
        async with database.transaction(shop.organization_id) as tx:
            teller = Teller(tx)
            program = await teller.program(settings=SETTINGS)
            members = [await _member(teller, program) for _ in range(3)]
    work, payload = Work(database, settings), {"organization_id": str(shop.organization_id)}
    with clock.frozen(NINE):
        await asyncio.gather(*(jobs.keep_birthdays(work, payload) for _ in range(3)))
        await jobs.keep_birthdays(work, payload)
        async with database.transaction(shop.organization_id) as tx:
            assert [(await service.standing(tx, member)).balance().active for member in members] == [25] * 3
            assert await ledger.check_books(tx) == []
