"""Liability from the books, over HTTP and by the job."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from passerelle.customers import service as customers
from passerelle.customers.schemas import NewCustomer
from passerelle.kit import clock
from passerelle.kit.config import Settings
from passerelle.kit.db import Database, Tx
from passerelle.kit.ids import encode, new_id
from passerelle.kit.jobs import Work
from passerelle.kit.web import Edge, install_problems
from passerelle.ledger import service as ledger
from passerelle.ledger.schemas import Credit, Debit
from passerelle.organizations import service as organizations
from passerelle.programs import service as programs
from passerelle.programs.errors import ProgramNotFound
from passerelle.programs.liability import jobs, service
from passerelle.programs.liability.errors import PeriodReversed
from passerelle.programs.liability.routes import router
from passerelle.programs.schemas import Program, ProgramIn
from passerelle.purchases import service as purchases
from passerelle.purchases.schemas import NewPurchase
from tests.conftest import Shop

DAY = datetime(2026, 11, 22, 12, tzinfo=UTC)
_COST = "UPDATE units SET cost_micros = $3, breakage_ppm = $4 WHERE organization_id = $1 AND program_id = $2"


async def points_program(tx: Tx, name: str = "Club", *, cost_micros: int = 1_000_000, breakage: int = 0) -> Program:
    made = await programs.create_program(tx, ProgramIn.model_validate({"name": name, "kind": "points"}))
    await tx.execute(_COST, tx.organization_id, made.id, cost_micros, breakage)
    return await programs.get_program(tx, made.id)


async def give(
    tx: Tx, program: Program, amount: int, *, until: datetime | None = None, member: UUID | None = None
) -> UUID:
    owner = member or new_id()
    credit = Credit(owner, program.units[0].id, amount, expires_at=until)
    await ledger.post(tx, kind="accrual", reference=str(new_id()), credits=[credit])
    return owner


async def take(tx: Tx, program: Program, member: UUID, amount: int) -> None:
    debit = Debit(member, program.units[0].id, amount)
    await ledger.post(tx, kind="redemption", reference=str(new_id()), debits=[debit])


def by_month(report: Any) -> dict[str, tuple[int, int]]:
    return {row.month: (row.outstanding, row.liability_minor) for row in report.rows}


async def test_units_cost_less_breakage_by_month(tx: Tx) -> None:
    program = await points_program(tx, cost_micros=10_000_000, breakage=30_000)
    with clock.frozen(DAY):
        # New Year's midnight in Paris: good until the last day of December.
        member = await give(tx, program, 100, until=datetime(2026, 12, 31, 23, tzinfo=UTC))
        await give(tx, program, 50, until=datetime(2027, 1, 1, tzinfo=UTC))
        await give(tx, program, 7, member=member)
        report = await service.liability(tx)
    assert by_month(report) == {"2026-12": (100, 970), "2027-01": (50, 485), "never": (7, 68)}
    assert report.totals_minor == {"EUR": 1_523}


async def test_as_of_an_instant_is_the_state_just_before_it(tx: Tx) -> None:
    program = await points_program(tx)
    ends = DAY + timedelta(days=10)
    with clock.frozen(DAY):
        member = await give(tx, program, 100, until=ends)
    with clock.frozen(DAY + timedelta(days=1)):
        await take(tx, program, member, 40)
    with clock.frozen(DAY + timedelta(days=11)):
        await ledger.expire_due_lots(tx, 10)
        for days, held in ((0, 0), (1, 100), (2, 60), (10, 0), (11, 0)):
            report = await service.liability(tx, as_of=DAY + timedelta(days=days))
            assert sum(row.outstanding for row in report.rows) == held, days
        assert (await service.liability(tx)).rows == []


async def test_what_is_set_aside_is_owed_until_it_is_spent(tx: Tx) -> None:
    program = await points_program(tx)
    hour = timedelta(hours=1)
    with clock.frozen(DAY):
        member = await give(tx, program, 100, until=DAY + timedelta(days=9))
    with clock.frozen(DAY + hour):
        units = (member, program.units[0].id)
        held = await ledger.hold(tx, *units, 40, reference=str(new_id()), expires_at=DAY + timedelta(days=1))
        assert by_month(await service.liability(tx)) == {"2026-12": (100, 100)}
    with clock.frozen(DAY + 3 * hour):
        await ledger.capture(tx, held.transfer_id, reference=str(new_id()))
        assert by_month(await service.liability(tx)) == {"2026-12": (60, 60)}
    with clock.frozen(DAY + 4 * hour):
        for hours, owed in ((1, 100), (2, 100), (4, 60)):
            report = await service.liability(tx, as_of=DAY + hours * hour)
            assert sum(row.outstanding for row in report.rows) == owed, hours


async def test_what_comes_of_age_pays_a_debt_at_that_instant(tx: Tx) -> None:
    """The report waits for no job: what is pending pays when it becomes active, and booking that changes nothing."""
    program = await points_program(tx)
    unit_id, tomorrow = program.units[0].id, DAY + timedelta(days=1)
    with clock.frozen(DAY):
        member, other = new_id(), await give(tx, program, 3)
        earned = await ledger.post(tx, kind="accrual", reference="earned", credits=[Credit(member, unit_id, 10)])
        await take(tx, program, member, 10)
        await ledger.reverse(tx, earned.transfer_id, reference="taken back", shortfall="owe")
        for reference, amount, until in (("short", 4, tomorrow + timedelta(days=1)), ("long", 20, None)):
            credit = Credit(member, unit_id, amount, activates_at=tomorrow, expires_at=until)
            await ledger.post(tx, kind="accrual", reference=reference, credits=[credit])
    before = tomorrow - timedelta(microseconds=1)
    for at, active, pending in ((before, 3, 24), (tomorrow, 3 + 14, 0), (tomorrow + timedelta(days=2), 3 + 14, 0)):
        with clock.frozen(at):
            rows = (await service.liability(tx)).rows
            assert (sum(row.active for row in rows), sum(row.pending for row in rows)) == (active, pending)
            balances = await ledger.balances(tx, [member, other])
            assert sum(max(0, units[unit_id].active) for units in balances.values()) == active
    with clock.frozen(tomorrow + timedelta(days=2)):
        told = by_month(await service.liability(tx))
        await ledger.activate_due_lots(tx, 10)
        assert by_month(await service.liability(tx)) == told == {"never": (17, 17)}


async def test_rows_add_up_to_their_program_and_its_currency(tx: Tx) -> None:
    for name in ("one", "two"):
        program = await points_program(tx, name, cost_micros=333_333, breakage=150_000)
        for month in range(1, 8):
            await give(tx, program, 10 * month + 1, until=datetime(2030, month, 15, tzinfo=UTC))
    report = await service.liability(tx)
    for each in report.programs:
        own = [row.liability_minor for row in report.rows if row.program_id == each.program_id]
        assert sum(own) == each.liability_minor
    assert report.totals_minor == {"EUR": sum(each.liability_minor for each in report.programs)}
    only = await service.liability(tx, program_id=report.programs[0].program_id)
    assert {row.program_id for row in only.rows} == {report.programs[0].program_id}
    with pytest.raises(ProgramNotFound):
        await service.liability(tx, program_id=new_id())


async def test_a_limit_is_told_once_and_again_after_it_was_kept(tx: Tx) -> None:
    program = await points_program(tx)
    member = await give(tx, program, 100)
    assert not (await service.set_limit(tx, program.id, 100)).exceeded
    await give(tx, program, 1, member=member)
    for _ in range(2):
        await service.check_limits(tx)
    limit = await service.get_limit(tx, program.id)
    assert (limit.exceeded, limit.exceeded_at is not None, limit.liability_minor) == (True, True, 101)
    await take(tx, program, member, 50)
    await service.check_limits(tx)
    await give(tx, program, 50, member=member)
    await service.check_limits(tx)
    told = [event.name for event in tx.events if event.name.startswith("program.liability")]
    exceeded, kept = "program.liability_limit_exceeded", "program.liability_limit_kept"
    assert told == [exceeded, kept, exceeded]
    assert (await service.set_limit(tx, program.id, None)).limit_minor is None


async def test_revenue_from_the_books(tx: Tx) -> None:
    program = await points_program(tx, cost_micros=1_000_000, breakage=30_000)
    customer = (await customers.register(tx, NewCustomer())).customer_id
    with clock.frozen(DAY):
        await purchases.record_purchase(tx, NewPurchase(customer, 100_000))
        voided = await purchases.record_purchase(tx, NewPurchase(customer, 7_777))
        await purchases.void_purchase(tx, voided.id)
        member = await give(tx, program, 10_000)
    with clock.frozen(DAY + timedelta(days=40)):
        await give(tx, program, 99, member=member)  # of another period
        await take(tx, program, member, 4_500)
    period = (program.id, None, DAY, DAY + timedelta(days=30))
    with clock.frozen(DAY + timedelta(days=41)):
        found = await service.allocate_books(tx, *period)
        before = await service.allocate_books(tx, *period, as_of=DAY + timedelta(days=40))
        told = await service.allocate_books(tx, *period, sales_minor=0)
        with pytest.raises(PeriodReversed):
            await service.allocate_books(tx, program.id, None, DAY, DAY)
        with pytest.raises(PeriodReversed):
            await service.allocate_books(tx, *period, as_of=DAY)
    assert (before.redeemed, before.periods[0].revenue_minor) == (0, 0)
    assert (found.sales_minor, found.issued, found.redeemed, found.expected_total) == (100_000, 10_000, 4_500, 9_700)
    # 100,000 x 9,700 / 109,700, of which 4,500 / 9,700 are earned.
    assert (found.goods_minor, found.units_minor) == (91_158, 8_842)
    assert (found.periods[0].revenue_minor, found.periods[0].deferred_minor) == (4_102, 4_740)
    assert (told.sales_minor, told.units_minor) == (0, 0)


@pytest_asyncio.fixture
async def client(database: Database, settings: Settings, shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of the owner's program."""
    app = FastAPI()
    app.state.edge = Edge(database, settings, organizations.authenticate)
    install_problems(app)
    app.include_router(router)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver", headers=shop.headers) as opened:
        yield opened


async def test_the_hourly_job_tells_what_time_alone_changed(
    database: Database, shop: Shop, settings: Settings
) -> None:
    async with database.transaction(shop.organization_id) as tx:
        program = await points_program(tx)
        await service.set_limit(tx, program.id, 99)
        await give(tx, program, 100)
    await jobs.check_limits(Work(database, settings), {"organization_id": str(shop.organization_id)})
    async with database.transaction(shop.organization_id) as tx:
        assert (await service.get_limit(tx, program.id)).exceeded_at is not None


async def test_reports_over_http(client: httpx.AsyncClient, database: Database, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        program = await points_program(tx, "=1+1")
        await give(tx, program, 100)
    report = (await client.get("/api/v1/reports/liability")).json()
    assert (report["totals_minor"], report["rows"][0]["liability_minor"]) == ({"EUR": 100}, 100)
    text = (await client.get("/api/v1/reports/liability", params={"format": "csv"})).text
    row = next(csv.DictReader(io.StringIO(text)))
    assert (row["program_name"], row["month"], row["liability_minor"]) == ("'=1+1", "never", "100")
    place = f"/api/v1/programs/{encode('prg', program.id)}/liability-limit"
    assert (await client.put(place, json={"limit_minor": 50})).json()["exceeded"]
    assert (await client.get(place)).json()["limit_minor"] == 50
    query = {"program_id": encode("prg", program.id), "from": "2020-01-01T00:00:00Z", "to": "2019-01-01T00:00:00Z"}
    refused = await client.get("/api/v1/reports/revenue-allocation", params=query)
    assert (refused.status_code, refused.json()["code"]) == (422, "period_reversed")
    found = await client.get("/api/v1/reports/revenue-allocation", params=query | {"to": "2021-01-01T00:00:00Z"})
    assert (found.json()["issued"], found.json()["unit"]) == (0, program.units[0].code)


async def test_the_published_example_over_http(client: httpx.AsyncClient) -> None:
    figures = {
        "sales_minor": 100_000,
        "units_issued": 10_000,
        "unit_value_micros": 1_000_000,
        "expected_ppm": 970_000,
        "round_to_minor": 1_000,
        "periods": [{"redeemed": 4_500, "expected_total": 9_700}, {"redeemed": 4_000, "expected_total": 9_900}],
    }
    found = (await client.post("/api/v1/reports/revenue-allocation", json=figures)).json()
    assert (found["stand_alone_units_minor"], found["goods_minor"], found["units_minor"]) == (9_700, 91_000, 9_000)
    assert [period["revenue_minor"] for period in found["periods"]] == [4_175, 3_552]
    for wrong in ({"sales_minor": -1}, {"expected_ppm": 1_000_001}, {"round_to_minor": 0}, {"tip": 1}):
        assert (await client.post("/api/v1/reports/revenue-allocation", json=figures | wrong)).status_code == 422
