"""The time of members' units: pending, events, activity, debts, what expires next, and the night."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import orjson
import pytest
import pytest_asyncio
from fastapi import FastAPI

from passerelle.kit import clock
from passerelle.kit.config import Settings
from passerelle.kit.db import Database, Tx
from passerelle.kit.events import subscribe
from passerelle.kit.ids import encode, new_id
from passerelle.kit.jobs import Work, in_order
from passerelle.kit.web import Edge, install_problems
from passerelle.ledger import service as ledger
from passerelle.ledger.errors import InsufficientBalance, NothingPending, SpentMeanwhile
from passerelle.ledger.events import BalanceChanged
from passerelle.ledger.schemas import Debit
from passerelle.organizations import service as organizations
from passerelle.organizations.schemas import ApiKeyIn
from passerelle.programs import service
from passerelle.programs.jobs import on_balance_changed
from passerelle.programs.rules import Reason
from passerelle.programs.schemas import Program, ProgramChange, Standing
from passerelle.programs.time_routes import router
from passerelle.programs.timing import Timing
from passerelle.wiring import NIGHT
from tests.conftest import Shop
from tests.programs.conftest import Teller

NOON = datetime(2026, 11, 22, 11, tzinfo=UTC)  # in Paris
_CHANGE = "UPDATE units SET timing = $3::jsonb, shortfall = $4 WHERE organization_id = $1 AND program_id = $2"


@pytest.fixture(autouse=True)
def _programs_listen(nobody_listens: None) -> None:
    """To the ledger, as they are wired to."""
    subscribe(BalanceChanged, on_balance_changed)


async def _club(tx: Tx, timing: dict[str, Any] | None = None, shortfall: str = "refuse", **fields: Any) -> Program:
    """A points program whose unit has a timing."""
    program = await Teller(tx).program(**fields)
    sound = Timing.model_validate(timing or {})
    await tx.execute(
        _CHANGE, tx.organization_id, program.id, orjson.dumps(sound.model_dump(mode="json")).decode(), shortfall
    )
    await service.touch_program(tx, program.id, "units")
    return await service.get_program(tx, program.id)


async def _buy(tx: Tx, customer_id: UUID, amount_minor: int, **fields: object) -> tuple[Standing, UUID]:
    purchase = await Teller(tx).buy(customer_id, amount_minor, **fields)
    [accrued] = await service.accrue_for_purchase(tx, customer_id, purchase)
    return accrued.standing, purchase.id


async def _member(tx: Tx, program: Program) -> tuple[UUID, UUID]:
    customer_id = await Teller(tx).customer()
    return customer_id, await Teller(tx).member(program, customer_id)


async def _spend(tx: Tx, membership_id: UUID, program: Program, amount: int) -> None:
    """As a reward is paid for: the seat, then the redemption."""
    await service.seat_for_update(tx, membership_id)
    debit = Debit(membership_id, program.units[0].id, amount)
    await ledger.post(tx, kind="redemption", reference=f"spent {new_id()}", debits=[debit])


async def _expiries(tx: Tx, membership_id: UUID) -> list[tuple[date, int]]:
    _, found = await service.list_expiries(tx, membership_id)
    return [(expiry.last_day, expiry.amount) for expiry in found]


@contextmanager
def _on(year: int, month: int, day: int) -> Iterator[None]:
    """At noon in Paris of a day of winter."""
    with clock.frozen(datetime(year, month, day, 11, tzinfo=UTC)):
        yield


async def test_complaint_4_points_expiry_missing_or_dead_setting(tx: Tx) -> None:
    """Lots expire at the midnight of the program's time zone; “next expiry” is the first live lot."""
    program = await _club(tx, {"expiry": {"type": "after", "days": 1}})
    with _on(2026, 11, 22):
        customer_id, membership_id = await _member(tx, program)
        await _buy(tx, customer_id, 700)
    with _on(2026, 11, 23):
        await _buy(tx, customer_id, 500)
        assert await _expiries(tx, membership_id) == [(date(2026, 11, 23), 7), (date(2026, 11, 24), 5)]
    midnight = datetime(2026, 11, 23, 23, tzinfo=UTC)
    for instant, active in ((midnight - timedelta(microseconds=1), 12), (midnight, 5)):
        with clock.frozen(instant):
            standing = await service.standing(tx, membership_id)
            assert standing.balance().active == active
            [first] = (await service.next_expiries_of(tx, [standing]))[membership_id]
            assert (first.last_day, first.amount) == (await _expiries(tx, membership_id))[0]
            assert first.amount == (7 if instant < midnight else 5)
    with clock.frozen(midnight):
        await ledger.expire_due_lots(tx, 10)
        assert (await service.standing(tx, membership_id)).balance().expired == 7


async def test_next_expiries_of_many_are_one_statement(tx: Tx) -> None:
    program = await _club(tx, {"expiry": {"type": "after", "days": 1}})
    other = await _club(tx, name="Other")
    customer_id, membership_id = await _member(tx, program)
    await Teller(tx).member(other, customer_id)
    purchase = await Teller(tx).buy(customer_id, 700)
    standings = [each.standing for each in await service.accrue_for_purchase(tx, customer_id, purchase)]
    async with Teller(tx).counted() as statements:
        found = await service.next_expiries_of(tx, standings)
    assert len(statements) == 1
    assert {owner_id: [each.amount for each in expiries] for owner_id, expiries in found.items()} == {
        standing.membership.id: [7] if standing.membership.id == membership_id else [] for standing in standings
    }


async def test_purchases_and_grants_follow_the_unit(tx: Tx) -> None:
    timing = {"pending": {"type": "for", "days": 2}, "expiry": {"type": "after", "days": 3}}
    program = await _club(tx, timing)
    with _on(2026, 11, 22):
        customer_id, membership_id = await _member(tx, program)
        standing, _ = await _buy(tx, customer_id, 700)
        assert (standing.balance().active, standing.balance().pending) == (0, 7)
        unit_id = program.units[0].id
        reason = Reason("by_hand", {"units": 2})
        await service.grant(tx, membership_id, unit_id=unit_id, amount=2, reason=reason, reference="birthday")
        await service.adjust(tx, membership_id, amount=1, reason="sorry", reference="one")
        assert await _expiries(tx, membership_id) == [(date(2026, 11, 25), 1)]
        _, pending = await service.list_pending(tx, membership_id)
        assert [(lot.amount, lot.activates_at) for lot in pending] == [
            (7, datetime(2026, 11, 23, 23, tzinfo=UTC)),
            (2, datetime(2026, 11, 23, 23, tzinfo=UTC)),
        ]
    with _on(2026, 11, 24):
        assert (await service.standing(tx, membership_id)).balance().active == 10
        assert await _expiries(tx, membership_id) == [(date(2026, 11, 25), 1), (date(2026, 11, 27), 9)]


async def test_complaint_3_a_till_that_was_offline_loses_no_points(tx: Tx) -> None:
    """Time counts from the purchase; what would have lapsed before it was told begins then."""
    program = await _club(tx, {"expiry": {"type": "after", "days": 3}})
    with _on(2026, 11, 10):
        customer_id, membership_id = await _member(tx, program)
        await _buy(tx, customer_id, 500, occurred_at=datetime(2026, 11, 8, 11, tzinfo=UTC))
        await _buy(tx, customer_id, 700, occurred_at=datetime(2026, 11, 2, 11, tzinfo=UTC))
        assert await _expiries(tx, membership_id) == [(date(2026, 11, 11), 5), (date(2026, 11, 13), 7)]


AWAITING = {
    "pending": {"type": "until_event", "event": "review", "within_days": 10, "otherwise": "lapse"},
    "expiry": {"type": "after", "days": 3},
}


async def test_an_event_activates_and_the_time_to_lapse_begins_then(tx: Tx) -> None:
    program = await _club(tx, AWAITING)
    with _on(2026, 11, 22):
        customer_id, membership_id = await _member(tx, program)
        await _buy(tx, customer_id, 700)
    with _on(2026, 11, 25):
        other = await service.activate_pending(tx, membership_id, event="birthday")
        assert (other.balance().active, other.balance().pending) == (0, 7)
        standing = await service.activate_pending(tx, membership_id, event="review")
        assert (standing.balance().active, standing.balance().pending) == (7, 0)
        assert await _expiries(tx, membership_id) == [(date(2026, 11, 28), 7)]
        await service.activate_pending(tx, membership_id, event="review")
        told = [event.payload() for event in tx.events if event.name == "balance.changed"]
        assert [(fact["kind"], fact["delta"], fact["active"]) for fact in told] == [
            ("accrual", 0, 0),
            ("activation", 7, 7),
        ]
        assert await ledger.check_books(tx) == []


@pytest.mark.parametrize(("otherwise", "active", "expired"), [("lapse", 0, 7), ("activate", 7, 0)])
async def test_without_the_event_units_do_what_was_said(tx: Tx, otherwise: str, active: int, expired: int) -> None:
    pending = AWAITING["pending"] | {"otherwise": otherwise}
    program = await _club(tx, AWAITING | {"pending": pending})
    with _on(2026, 11, 22):
        customer_id, membership_id = await _member(tx, program)
        await _buy(tx, customer_id, 700)
    with _on(2026, 12, 2):
        for _ in range(2):
            balance = (await service.standing(tx, membership_id)).balance()
            assert (balance.active, balance.pending, balance.expired) == (active, 0, expired)
            await ledger.activate_due_lots(tx, 10)
            await ledger.expire_due_lots(tx, 10)
        with pytest.raises(NothingPending):
            await service.cancel_pending(tx, membership_id, lots=[new_id()])
        assert await ledger.check_books(tx) == []


async def test_activating_by_hand_follows_the_policy_it_was_earned_under(tx: Tx) -> None:
    program = await _club(tx)
    timing = Timing.model_validate({"pending": {"type": "for", "days": 9}, "expiry": {"type": "after", "days": 1}})
    with _on(2026, 11, 22):
        _, membership_id = await _member(tx, program)
        reason = Reason("by_hand", {"units": 2})
        unit_id = program.units[0].id
        await service.grant(
            tx, membership_id, unit_id=unit_id, amount=2, reason=reason, reference="gift", timing=timing
        )
        _, [lot] = await service.list_pending(tx, membership_id)
        await service.activate_pending(tx, membership_id, lots=[lot.id])
        assert await _expiries(tx, membership_id) == [(date(2026, 11, 23), 2)]
        with pytest.raises(NothingPending):
            await service.activate_pending(tx, membership_id, lots=[lot.id])


async def test_what_was_cancelled_is_not_taken_back_twice(tx: Tx) -> None:
    program = await _club(tx, AWAITING)
    customer_id, membership_id = await _member(tx, program)
    _, purchase_id = await _buy(tx, customer_id, 700)
    await _buy(tx, customer_id, 300)
    _, lots = await service.list_pending(tx, membership_id)
    first = next(lot for lot in lots if lot.amount == 7)
    for _ in range(2):
        standing = await service.cancel_pending(tx, membership_id, lots=[first.id], reason="fraud")
        assert (standing.balance().pending, standing.balance().reversed) == (3, 7)
    await service.undo_purchase(tx, purchase_id)
    balance = (await service.standing(tx, membership_id)).balance()
    assert (balance.pending, balance.reversed) == (3, 7)
    assert await ledger.check_books(tx) == []


async def test_activity_keeps_units_alive(tx: Tx) -> None:
    program = await _club(tx, {"expiry": {"type": "on_inactivity", "days": 10}}, goal=None)
    with _on(2026, 11, 1):
        customer_id, membership_id = await _member(tx, program)
        await _buy(tx, customer_id, 700)
        assert await _expiries(tx, membership_id) == [(date(2026, 11, 11), 7)]
    with _on(2026, 11, 9):
        await _buy(tx, customer_id, 50)
        assert await _expiries(tx, membership_id) == [(date(2026, 11, 19), 7)], (
            "a purchase that earns nothing is a visit"
        )
    with _on(2026, 11, 15):
        await _buy(tx, customer_id, 100, occurred_at=datetime(2026, 11, 5, tzinfo=UTC))
        expected = [(date(2026, 11, 15), 1), (date(2026, 11, 19), 7)]
        assert await _expiries(tx, membership_id) == expected, "a late message shortens nothing"
        await _spend(tx, membership_id, program, 2)
        assert await _expiries(tx, membership_id) == [(date(2026, 11, 25), 6)]
        [transfer] = await ledger.list_transfers(tx, membership_id, _above(), 1)
        assert transfer.kind == "redemption", "no entry is made"
        facts = [event.payload() for event in tx.events if event.name == "balance.expiry_postponed"]
        assert [fact["amount"] for fact in facts] == [7, 6]
    with _on(2026, 11, 26):
        await _buy(tx, customer_id, 100)
        assert await _expiries(tx, membership_id) == [(date(2026, 12, 6), 1)], "what has lapsed stays so"
        assert (await service.standing(tx, membership_id)).balance().expired == 6
        assert await ledger.check_books(tx) == []


async def test_only_the_chosen_activities_count(tx: Tx) -> None:
    program = await _club(tx, {"expiry": {"type": "on_inactivity", "days": 10, "reset_by": ["spend"]}})
    with _on(2026, 11, 1):
        customer_id, membership_id = await _member(tx, program)
        await _buy(tx, customer_id, 700)
    with _on(2026, 11, 9):
        await _buy(tx, customer_id, 50)
        assert await _expiries(tx, membership_id) == [(date(2026, 11, 11), 7)]
        await _spend(tx, membership_id, program, 1)
        assert await _expiries(tx, membership_id) == [(date(2026, 11, 19), 6)]


async def test_where_nothing_slides_nothing_is_asked(tx: Tx) -> None:
    program = await _club(tx, {"expiry": {"type": "after", "days": 10}})
    customer_id, _ = await _member(tx, program)
    await _buy(tx, customer_id, 700)
    purchase = await Teller(tx).buy(customer_id, 700)
    async with Teller(tx).counted() as statements:
        await service.accrue_for_purchase(tx, customer_id, purchase)
    assert len(statements) == 2, "seats, booking: as without any timing"


async def test_complaint_1_a_refund_takes_back_points_that_were_spent(tx: Tx) -> None:
    program = await _club(tx, shortfall="owe")
    customer_id, membership_id = await _member(tx, program)
    _, purchase_id = await _buy(tx, customer_id, 10_000)
    await _spend(tx, membership_id, program, 80)
    [standing] = (await service.undo_purchase(tx, purchase_id)).standings
    assert (standing.balance().active, standing.balance().reversed) == (-80, 100)
    with pytest.raises(InsufficientBalance) as refused:
        await _spend(tx, membership_id, program, 1)
    assert refused.value.params["available"] == -80
    standing, _ = await _buy(tx, customer_id, 5_000)
    assert standing.balance().active == -30
    _, [paid, *_] = await service.list_history(tx, membership_id, _above(), 5)
    assert {entry.account: entry.amount for entry in paid.entries} == {"issued": 50, "owed": -50}
    standing, _ = await _buy(tx, customer_id, 4_000)
    assert standing.balance().active == 10
    assert await ledger.check_books(tx) == []


@pytest.mark.parametrize("shortfall", ["refuse", "forgive"])
async def test_only_a_unit_that_lets_owe_becomes_negative(tx: Tx, shortfall: str) -> None:
    program = await _club(tx, shortfall=shortfall)
    customer_id, membership_id = await _member(tx, program)
    _, purchase_id = await _buy(tx, customer_id, 1_000)
    with pytest.raises(InsufficientBalance):
        await service.adjust(tx, membership_id, amount=-11, reason="x", reference="x")
    await _spend(tx, membership_id, program, 4)
    if shortfall == "refuse":
        with pytest.raises(SpentMeanwhile):
            await service.undo_purchase(tx, purchase_id)
    else:
        [standing] = (await service.undo_purchase(tx, purchase_id)).standings
        assert (standing.balance().active, standing.balance().adjusted) == (0, 4)


async def test_adjusting_below_zero_where_the_unit_lets_owe(tx: Tx) -> None:
    program = await _club(tx, shortfall="owe")
    _, membership_id = await _member(tx, program)
    for _ in range(2):
        standing = await service.adjust(tx, membership_id, amount=-11, reason="x", reference="x")
        assert standing.balance().active == -11
    _, [transfer] = await service.list_history(tx, membership_id, _above(), 5)
    assert transfer.kind == "adjustment"


async def test_the_steps_of_a_job_go_in_their_order(database: Database, settings: Settings) -> None:
    done: list[str] = []

    async def first(_: Work, payload: dict[str, Any]) -> None:
        await asyncio.sleep(0)
        done.append(f"first {payload['n']}")

    async def second(_: Work, payload: dict[str, Any]) -> None:
        done.append(f"second {payload['n']}")

    await in_order(first, second, first)(Work(database, settings), {"n": 1})
    assert done == ["first 1", "second 1", "first 1"]


class _Nights:
    """A shop whose nights are lived through, committed for real."""

    def __init__(self, database: Database, settings: Settings, shop: Shop) -> None:
        self.database, self.settings, self.shop = database, settings, shop

    async def at(self, instant: datetime) -> list[tuple[str, int]]:
        """Run the job; the facts of balances that it announced, as kind or name and amount."""
        before = await self._count()
        with clock.frozen(instant):
            await NIGHT.handler(
                Work(self.database, self.settings), {"organization_id": str(self.shop.organization_id)}
            )
        async with self.database.transaction(self.shop.organization_id) as tx:
            rows = await tx.fetch(
                "SELECT name, payload FROM events WHERE organization_id = $1 ORDER BY id OFFSET $2",
                tx.organization_id,
                before,
            )
        return [
            (row["payload"].get("kind", row["name"]), row["payload"].get("delta", row["payload"].get("amount")))
            for row in rows
        ]

    async def _count(self) -> int:
        async with self.database.transaction(self.shop.organization_id) as tx:
            found: int = await tx.fetchval(
                "SELECT count(*) FROM events WHERE organization_id = $1", tx.organization_id
            )
        return found


@pytest.fixture
def nights(database: Database, settings: Settings, shop: Shop) -> _Nights:
    return _Nights(database, settings, shop)


async def test_a_night_activates_then_expires_then_announces(nights: _Nights) -> None:
    pending, lapsing = {"pending": {"type": "for", "days": 3}}, {"expiry": {"type": "after", "days": 2}}
    soon = {"expiry": {"type": "after", "days": 4}}
    days_ahead = {"units_by_hand_limit": 10, "expiring_soon_days": 2}
    async with nights.database.transaction(nights.shop.organization_id) as tx:
        with clock.frozen(NOON):
            customer_id = await Teller(tx).customer()
            for timing in (pending, lapsing, soon):
                program = await _club(tx, timing, settings=days_ahead)
                await Teller(tx).member(program, customer_id)
            await service.accrue_for_purchase(tx, customer_id, await Teller(tx).buy(customer_id, 700))
    assert await nights.at(NOON) == [("balance.expiring_soon", 7)], "of what lapses in two days"
    assert await nights.at(NOON + timedelta(hours=1)) == []
    midnight = datetime(2026, 11, 24, 23, tzinfo=UTC)
    assert await nights.at(midnight - timedelta(seconds=1)) == [("balance.expiring_soon", 7)]
    assert await nights.at(midnight) == [("activation", 7), ("expiry", -7)]
    assert await nights.at(midnight + timedelta(days=1)) == []
    async with nights.database.transaction(nights.shop.organization_id) as tx:
        with clock.frozen(midnight):
            assert await ledger.check_books(tx) == []


async def test_each_program_has_the_night_of_its_time_zone(nights: _Nights) -> None:
    async with nights.database.transaction(nights.shop.organization_id) as tx:
        paris, auckland = await _club(tx), await _club(tx)
        await tx.execute(
            "UPDATE programs SET time_zone = 'Pacific/Auckland' WHERE organization_id = $1 AND id = $2",
            *(tx.organization_id, auckland.id),
        )

    async def begun(hour: int) -> set[UUID]:
        instant = datetime(2026, 11, 22, hour, 30, tzinfo=UTC)
        with clock.frozen(instant):
            async with nights.database.transaction(nights.shop.organization_id) as tx:
                found = {night.program_id for night in await service.begun_nights(tx)}
        await nights.at(instant)
        return found

    assert [await begun(hour) for hour in (9, 10, 11, 22, 23)] == [
        {paris.id, auckland.id},
        set(),
        {auckland.id},
        set(),
        {paris.id},
    ]


async def test_announcements_go_on_where_they_were(nights: _Nights, monkeypatch: pytest.MonkeyPatch) -> None:
    """By batches of two, the second of which fails once."""
    async with nights.database.transaction(nights.shop.organization_id) as tx:
        with clock.frozen(NOON):
            program = await _club(tx, {"expiry": {"type": "after", "days": 5}})
            for amount in (100, 200, 300, 400, 500):
                customer_id, _ = await _member(tx, program)
                await _buy(tx, customer_id, amount)
            await _buy(tx, customer_id, 500)
    monkeypatch.setattr("passerelle.ledger.ageing.TOLD_AT_ONCE", 2)
    tell, calls = ledger.announce_expiring, iter(range(99))

    async def tell_and_fail(tx: Tx, *args: Any, **kwargs: Any) -> int:
        told = await tell(tx, *args, **kwargs)
        if next(calls) == 1:
            raise RuntimeError("the power went out")
        return told

    monkeypatch.setattr(ledger, "announce_expiring", tell_and_fail)
    with pytest.raises(RuntimeError):
        await nights.at(NOON)
    first = await nights.at(NOON)
    told = sorted(amount for name, amount in first if name == "balance.expiring_soon")
    async with nights.database.transaction(nights.shop.organization_id) as tx:
        rows = await tx.fetch(
            "SELECT payload FROM events WHERE organization_id = $1 AND name = 'balance.expiring_soon'",
            tx.organization_id,
        )
    everything = sorted(row["payload"]["amount"] for row in rows)
    assert everything == [1, 2, 3, 4, 10], "once for an account and an instant"
    assert len(told) == 3
    assert await nights.at(NOON + timedelta(days=1)) == []


async def test_no_announcement_where_nobody_wants_it(nights: _Nights) -> None:
    async with nights.database.transaction(nights.shop.organization_id) as tx:
        with clock.frozen(NOON):
            program = await _club(tx, {"expiry": {"type": "after", "days": 5}})
            change = ProgramChange.model_validate({"settings": {"expiring_soon_days": 0}})
            await service.change_program(tx, program.id, change)
            customer_id, _ = await _member(tx, program)
            await _buy(tx, customer_id, 100)
    assert await nights.at(NOON + timedelta(days=1)) == []


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


async def test_pending_and_expiries_over_http(client: httpx.AsyncClient, database: Database, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        program = await _club(tx, AWAITING)
        customer_id, membership_id = await _member(tx, program)
        await _buy(tx, customer_id, 700)
        await _buy(tx, customer_id, 100)
        _, key = await organizations.create_api_key(tx, ApiKeyIn(name="reader", scopes=["ledger:read"]))
    member = f"/api/v1/members/{encode('mem', membership_id)}"
    listed = (await client.get(f"{member}/pending", headers={"Accept-Language": "fr"})).json()["items"]
    assert [(one["amount"], one["name"], one["awaits"], one["activates_at"]) for one in listed] == [
        (7, "points", "review", None),
        (1, "point", "review", None),
    ]
    body = {"lots": [listed[1]["id"]], "reason": "a mistake"}
    cancelled = await client.post(f"{member}/pending/cancel", json=body)
    assert (cancelled.status_code, cancelled.json()["balances"][0]["pending"]) == (200, 7)
    assert (await client.get(f"{member}/expiries")).json() == {"items": []}
    activated = await client.post(f"{member}/pending/activate", json={"event": "review"})
    balance = activated.json()["balances"][0]
    assert (balance["active"], balance["pending"], balance["held"], balance["reversed"]) == (7, 0, 0, 1)
    [expiry] = (await client.get(f"{member}/expiries")).json()["items"]
    assert (expiry["unit"], expiry["amount"], expiry["name"]) == ("points", 7, "points")
    assert datetime.fromisoformat(expiry["expires_at"]) > datetime.fromisoformat(f"{expiry['last_day']}T00:00:00Z")
    forbidden = await client.post(
        f"{member}/pending/activate", json={"event": "review"}, headers={"Authorization": f"Bearer {key}"}
    )
    assert (forbidden.status_code, forbidden.json()["code"]) == (403, "not_allowed")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "invalid_request"),
        ({"event": "review", "lots": [encode("lot", new_id())]}, 422, "invalid_request"),
        ({"lots": []}, 422, "invalid_request"),
        ({"lots": ["lot_1"]}, 422, "invalid_request"),
        ({"lots": [encode("lot", new_id())]}, 409, "nothing_pending"),
    ],
)
async def test_which_choice_is_refused(
    client: httpx.AsyncClient, database: Database, shop: Shop, body: dict[str, Any], status: int, code: str
) -> None:
    async with database.transaction(shop.organization_id) as tx:
        _, membership_id = await _member(tx, await _club(tx))
    for verb, more in (("activate", {}), ("cancel", {"reason": "x"})):
        address = f"/api/v1/members/{encode('mem', membership_id)}/pending/{verb}"
        answer = await client.post(address, json=body | more)
        assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_somebody_who_is_not_there(client: httpx.AsyncClient) -> None:
    member = f"/api/v1/members/{encode('mem', new_id())}"
    for answer in (
        await client.get(f"{member}/expiries"),
        await client.get(f"{member}/pending"),
        await client.post(f"{member}/pending/activate", json={"event": "review"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "member_not_found")


def _above() -> UUID:
    """The cursor of a first page."""
    return UUID(int=(1 << 128) - 1)
