"""Terms on a real database: what a membership refuses and when, renewals, gifts, voids, facts told by the clock."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from passerelle.kit import clock
from passerelle.kit.actors import Actor
from passerelle.kit.config import Settings
from passerelle.kit.db import Database, Tx
from passerelle.kit.errors import Refusal
from passerelle.kit.ids import new_id
from passerelle.kit.jobs import Work
from passerelle.programs import personal_data, service
from passerelle.programs.errors import MembershipLapsed, MembershipNotActive, MembershipUnpaid
from passerelle.programs.schemas import Program, ProgramChange
from passerelle.programs.term_rules import Length
from passerelle.programs.terms import jobs
from passerelle.programs.terms import queries as term_queries
from passerelle.programs.terms import service as terms
from passerelle.programs.terms.errors import (
    NoTerm,
    PaymentDateRefused,
    RenewalTooEarly,
    TermIsOver,
    TermReferenceReused,
    TermTooLong,
    VoidNeedsManager,
)
from passerelle.programs.terms.schemas import GiftedTermIn, RenewalIn, Renewed
from passerelle.purchases.errors import OtherCurrency
from passerelle.purchases.schemas import NewPurchase
from tests.conftest import Shop
from tests.programs.conftest import Teller

JOINED = datetime(2026, 1, 10, 9, tzinfo=UTC)
LAST = UUID(int=(1 << 128) - 1)


@pytest.fixture(autouse=True)
def on_the_day_of_joining() -> Iterator[None]:
    with clock.frozen(JOINED):
        yield


async def _club(teller: Teller, **term: Any) -> Program:
    return await teller.program(settings={"term": {"months": 1, "price_minor": 2_500} | term})


async def _member(teller: Teller, program: Program) -> tuple[UUID, UUID]:
    customer_id = await teller.customer()
    return await teller.member(program, customer_id), customer_id


async def _earns(teller: Teller, customer_id: UUID, **fields: Any) -> str | int:
    """How many units a purchase of ten earns, or the code of the reason why it earns none."""
    purchase = await teller.buy(customer_id, 1_000, **fields)
    [accrued] = await service.accrue_for_purchase(teller.tx, customer_id, purchase)
    preview = await service.preview_purchase(teller.tx, NewPurchase(customer_id, 1_000, **fields))
    assert [each.amount for each in preview[0].accruals] == [each.amount for each in accrued.accruals]
    return accrued.accruals[0].amount or accrued.accruals[0].reasons[0].code


async def _pay(tx: Tx, membership_id: UUID, **fields: Any) -> Renewed:
    return await terms.renew_membership(tx, membership_id, RenewalIn(**fields))


def _days(renewed: Renewed) -> tuple[str, str]:
    return f"{renewed.entry['starts_at']:%m-%d %H:%M}", f"{renewed.membership.valid_until:%Y-%m-%d %H:%M}"


def _told(tx: Tx) -> list[str]:
    return [event.name for event in tx.events if event.name.startswith("membership.")]


async def test_an_open_term_runs_from_joining_to_its_end(teller: Teller) -> None:
    program = await _club(teller)
    membership_id, customer_id = await _member(teller, program)
    assert await _earns(teller, customer_id) == 10
    with clock.frozen(datetime(2026, 2, 9, 22, 59, 59, tzinfo=UTC)):
        assert await _earns(teller, customer_id) == 10
        await service.seat_for_update(teller.tx, membership_id)
    with clock.frozen(datetime(2026, 2, 9, 23, tzinfo=UTC)):
        assert await _earns(teller, customer_id) == "membership_lapsed"
        with pytest.raises(MembershipLapsed) as refused:
            await service.seat_for_update(teller.tx, membership_id)
        assert "9 février 2026" in refused.value.sentence("fr")
        with pytest.raises(MembershipLapsed):
            await service.accrue_for_visit(teller.tx, membership_id, reference="scan:1", units=1)
        assert (await service.standing(teller.tx, membership_id)).balance("points").active == 20


async def test_in_grace_everything_works(teller: Teller) -> None:
    program = await _club(teller, grace_days=3)
    _, customer_id = await _member(teller, program)
    with clock.frozen(datetime(2026, 2, 12, 22, 59, tzinfo=UTC)):
        assert await _earns(teller, customer_id) == 10
    with clock.frozen(datetime(2026, 2, 12, 23, tzinfo=UTC)):
        assert await _earns(teller, customer_id) == "membership_lapsed"


async def test_an_unpaid_membership_gives_nothing_before_its_first_payment(teller: Teller) -> None:
    program = await _club(teller, joining="unpaid")
    membership_id, customer_id = await _member(teller, program)
    assert await _earns(teller, customer_id) == "membership_unpaid"
    with pytest.raises(MembershipUnpaid):
        await service.seat_for_update(teller.tx, membership_id)
    assert await term_queries.list_terms(teller.tx, membership_id, LAST, 10) == []
    paid = await _pay(teller.tx, membership_id, method="cash")
    assert (paid.entry["amount_minor"], paid.entry["currency"], paid.entry["method"]) == (2_500, "EUR", "cash")
    assert await _earns(teller, customer_id) == 10


async def test_a_renewal_in_time_goes_on_where_the_term_ends(teller: Teller) -> None:
    program = await _club(teller, renew_early_days=5)
    membership_id, customer_id = await _member(teller, program)
    with clock.frozen(JOINED + timedelta(days=20)), pytest.raises(RenewalTooEarly) as refused:
        await _pay(teller.tx, membership_id)
    assert {name: str(day) for name, day in refused.value.params.items()} == {
        "last_day": "2026-02-09",
        "first_day": "2026-02-04",
    }
    with clock.frozen(datetime(2026, 2, 4, 9, tzinfo=UTC)):
        assert _days(await _pay(teller.tx, membership_id)) == ("02-09 23:00", "2026-03-09 23:00")
        with pytest.raises(RenewalTooEarly):  # the second till
            await _pay(teller.tx, membership_id)
    with clock.frozen(datetime(2026, 3, 20, 9, tzinfo=UTC)):
        assert _days(await _pay(teller.tx, membership_id)) == ("03-20 09:00", "2026-04-19 22:00")
        assert await _earns(teller, customer_id) == 10
        # Told late, each purchase is judged by its own instant.
        assert (
            await _earns(teller, customer_id, occurred_at=datetime(2026, 3, 12, 9, tzinfo=UTC)) == "membership_unpaid"
        )
        assert await _earns(teller, customer_id, occurred_at=datetime(2026, 2, 12, 9, tzinfo=UTC)) == 10
        await service.accrue_for_visit(
            teller.tx, membership_id, reference="scan:1", units=1, occurred_at=datetime(2026, 2, 12, 9, tzinfo=UTC)
        )


async def test_a_reference_is_a_payment_once(teller: Teller) -> None:
    program = await _club(teller, joining="unpaid", renew_early_days=100)
    (first, _), (second, _) = [await _member(teller, program) for _ in range(2)]
    paid = await _pay(teller.tx, first, reference="R-1", amount_minor=2_000)
    again = await _pay(teller.tx, first, reference="R-1", amount_minor=2_000)
    assert again.replayed
    assert (again.entry["id"], again.membership) == (paid.entry["id"], paid.membership)
    for membership_id, amount in [(first, 2_001), (second, 2_000)]:
        with pytest.raises(TermReferenceReused):
            await _pay(teller.tx, membership_id, reference="R-1", amount_minor=amount)
    await terms.void_term(teller.tx, paid.entry["id"])
    assert (await _pay(teller.tx, first, reference="R-1", amount_minor=2_000)).entry["voided_at"] == JOINED


async def test_a_voided_payment_takes_its_term_back_and_later_ones_move_up(teller: Teller) -> None:
    program = await _club(teller, joining="unpaid", renew_early_days=400)
    membership_id, customer_id = await _member(teller, program)
    first, second, third = [await _pay(teller.tx, membership_id) for _ in range(3)]
    assert _days(third) == ("03-09 23:00", "2026-04-09 22:00")
    voided = await terms.void_term(teller.tx, second.entry["id"], reason="bounced")
    assert (voided.entry["voided_by"], voided.entry["void_reason"]) == (teller.tx.actor.label, "bounced")
    assert _days(voided)[1] == "2026-03-09 23:00"
    rows = await term_queries.list_terms(teller.tx, membership_id, LAST, 10)
    assert [f"{row['starts_at']:%m-%d}" for row in rows] == ["02-09", "02-09", "01-10"]
    assert (await terms.void_term(teller.tx, second.entry["id"])).replayed
    for one in (first, third):
        await terms.void_term(teller.tx, one.entry["id"])
    assert await _earns(teller, customer_id) == "membership_unpaid"
    assert _told(teller.tx) == ["membership.renewed"] * 3 + ["membership.renewal_voided"] * 3


async def test_a_cashier_takes_back_an_own_payment_for_a_while(teller: Teller) -> None:
    program = await _club(teller, joining="unpaid", renew_early_days=400)
    membership_id, _ = await _member(teller, program)
    of_somebody = await _pay(teller.tx, membership_id)
    teller.tx.act_for(Actor("operator", new_id(), frozenset({"members:renew"})))
    own = await _pay(teller.tx, membership_id)
    with pytest.raises(VoidNeedsManager):
        await terms.void_term(teller.tx, of_somebody.entry["id"])
    with clock.frozen(JOINED + timedelta(minutes=31)), pytest.raises(VoidNeedsManager):
        await terms.void_term(teller.tx, own.entry["id"])
    with clock.frozen(JOINED + timedelta(minutes=30)):
        await terms.void_term(teller.tx, own.entry["id"])


async def test_a_payment_told_late_takes_its_place(teller: Teller) -> None:
    program = await _club(teller, joining="unpaid")
    membership_id, _ = await _member(teller, program)
    await _pay(teller.tx, membership_id, at=JOINED - timedelta(days=10))
    late = await _pay(teller.tx, membership_id, at=JOINED - timedelta(days=40))
    assert _days(late) == ("12-01 09:00", "2026-01-31 23:00")
    rows = await term_queries.standing_entries(teller.tx, membership_id)
    assert [f"{row['ends_at']:%m-%d}" for row in rows] == ["12-31", "01-31"]


@pytest.mark.parametrize("days", [0.01, -3_661])
async def test_payments_of_the_future_and_of_long_ago_are_refused(teller: Teller, days: float) -> None:
    membership_id, _ = await _member(teller, await _club(teller, joining="unpaid"))
    with pytest.raises(PaymentDateRefused):
        await _pay(teller.tx, membership_id, at=JOINED + timedelta(days=days))


async def test_a_clock_that_is_a_little_ahead_pays_now(teller: Teller) -> None:
    membership_id, _ = await _member(teller, await _club(teller, joining="unpaid"))
    assert (await _pay(teller.tx, membership_id, at=JOINED + timedelta(minutes=4))).entry["starts_at"] == JOINED


async def test_what_cannot_be_renewed_says_why(teller: Teller) -> None:
    endless, _ = await _member(teller, await teller.program())
    with pytest.raises(NoTerm):
        await _pay(teller.tx, endless)
    membership_id, _ = await _member(teller, await _club(teller, joining="unpaid"))
    with pytest.raises(OtherCurrency):
        await _pay(teller.tx, membership_id, currency="MAD")
    await service.change_membership(teller.tx, membership_id, "suspended")
    with pytest.raises(MembershipNotActive) as refused:
        await _pay(teller.tx, membership_id)
    assert refused.value.code == "member_not_active"


async def test_a_gift_prolongs_at_any_time(teller: Teller) -> None:
    membership_id, _ = await _member(teller, await _club(teller))
    gift = await terms.gift_term(
        teller.tx, membership_id, GiftedTermIn(reason="Closed for repairs", length=Length(days=7))
    )
    assert _days(gift) == ("02-09 23:00", "2026-02-16 23:00")
    assert (gift.entry["kind"], gift.entry["reason"], gift.entry["amount_minor"]) == (
        "gift",
        "Closed for repairs",
        None,
    )
    until = Length(until=date(2026, 2, 28))
    assert _days(await terms.gift_term(teller.tx, membership_id, GiftedTermIn(reason="Sorry", length=until)))[1] == (
        "2026-02-28 23:00"
    )
    with pytest.raises(TermIsOver):
        await terms.gift_term(teller.tx, membership_id, GiftedTermIn(reason="Sorry", length=until))


async def test_a_membership_ends_before_the_calendar_does(teller: Teller) -> None:
    """However often it is prolonged, and wherever among its payments another is told."""
    program = await _club(teller, months=None, years=100)
    member, _ = await _member(teller, program)
    with pytest.raises(ValidationError):
        Length(until=date(9999, 12, 31))
    before = await terms.gift_term(teller.tx, member, GiftedTermIn(reason="Kind", length=Length(years=70)))
    with pytest.raises(TermTooLong):
        await terms.gift_term(teller.tx, member, GiftedTermIn(reason="Kinder"))
    with pytest.raises(TermTooLong):
        await terms.renew_membership(teller.tx, member, RenewalIn(at=JOINED - timedelta(days=1)))
    assert before.membership.valid_until is not None
    assert before.membership.valid_until.year == 2196


async def test_the_clock_tells_each_thing_once(teller: Teller) -> None:
    program = await _club(teller, grace_days=5, remind_days=10)
    membership_id, _ = await _member(teller, program)
    stages: list[Any] = []
    for day in [25, 29, 30, 31, 32, 33, 36, 37, 60]:
        with clock.frozen(JOINED + timedelta(days=day)):
            before = len(teller.tx.events)
            await terms.tell_due(teller.tx, 10)
            await terms.tell_due(teller.tx, 10)
            stages += [(day, event.name) for event in teller.tx.events[before:]]
    assert stages == [(25, "membership.ends_soon"), (31, "membership.in_grace"), (36, "membership.lapsed")]
    with clock.frozen(JOINED + timedelta(days=70)):
        await _pay(teller.tx, membership_id)
        assert await terms.tell_due(teller.tx, 10) == 0
    with clock.frozen(JOINED + timedelta(days=200)):  # the worker stood still: only the latest is told
        before = len(teller.tx.events)
        assert await terms.tell_due(teller.tx, 10) == 1
        told = teller.tx.events[before:]
        assert [event.name for event in told] == ["membership.lapsed"]
        assert told[0].payload()["last_day"] == "2026-04-20"


async def test_a_purchase_asks_the_database_no_more_than_before(teller: Teller) -> None:
    counts = []
    for term in (None, {"months": 1}):
        program = await teller.program(settings={"term": term})
        _, customer_id = await _member(teller, program)
        await _earns(teller, customer_id)
        purchase = await teller.buy(customer_id, 1_000)
        async with teller.counted() as statements:
            await service.accrue_for_purchase(teller.tx, customer_id, purchase)
        counts.append(len(statements))
    assert counts[0] == counts[1]


async def test_a_new_term_is_given_to_those_who_were_there_before(
    database: Database, shop: Shop, settings: Settings
) -> None:
    async with database.transaction(shop.organization_id) as tx:
        teller = Teller(tx)
        program = await teller.program()
        (before, customer_id), (left, _) = [await _member(teller, program) for _ in range(2)]
        await service.change_membership(tx, left, "ended")
    with clock.frozen(JOINED + timedelta(days=5)):
        async with database.transaction(shop.organization_id) as tx:
            change = ProgramChange.model_validate({"settings": {"term": {"months": 1, "grace_days": 1}}})
            await service.change_program(tx, program.id, change)
            assert await _earns(Teller(tx), customer_id) == 10  # until it is their turn
        payload = {"organization_id": str(shop.organization_id), "program_id": str(program.id)}
        for _ in range(2):
            await jobs.settle_members(Work(database, settings), payload)
    async with database.transaction(shop.organization_id) as tx:
        member = await service.get_membership(tx, before)
        assert member.valid_from == JOINED + timedelta(days=5)
        assert member.valid_until == datetime(2026, 2, 14, 23, tzinfo=UTC)
        gone = await service.get_membership(tx, left)
        assert gone.valid_from == gone.valid_until
        change = ProgramChange.model_validate({"settings": {"term": {"months": 1, "grace_days": 30}}})
        await service.change_program(tx, program.id, change)
        found = await service.list_members(tx, program.id, LAST, 10, (date(2026, 2, 14), date(2026, 2, 14)))
        assert [each.id for each in found] == [before]
        assert not await service.list_members(tx, program.id, LAST, 10, (date(2026, 2, 15), None))
        assert not await service.list_members(tx, program.id, LAST, 10, (None, date(2026, 2, 13)))
    with clock.frozen(datetime(2026, 2, 20, tzinfo=UTC)):
        await jobs.tell_due(Work(database, settings), payload)
        await jobs.settle_members(Work(database, settings), payload)
        async with database.transaction(shop.organization_id) as tx:
            assert await _earns(Teller(tx), customer_id) == 10
            assert await terms.tell_due(tx, 10) == 0


async def test_two_tills_renew_at_the_same_instant_and_one_does(database: Database, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        membership_id, _ = await _member(Teller(tx), await _club(Teller(tx), joining="unpaid", renew_early_days=5))

    async def pay() -> str:
        try:
            async with database.transaction(shop.organization_id) as tx:
                await _pay(tx, membership_id)
        except Refusal as refusal:
            return refusal.code
        return "paid"

    assert sorted(await asyncio.gather(pay(), pay())) == ["paid", "renewal_too_early"]


async def test_a_payment_that_is_told_late_makes_none_after_it_too_early(teller: Teller) -> None:
    """Two tills that wrote the same payment down, each by its own clock, told it in the wrong order."""
    membership_id, _ = await _member(teller, await _club(teller, joining="unpaid", renew_early_days=5))
    await _pay(teller.tx, membership_id, at=JOINED - timedelta(seconds=10))
    with pytest.raises(RenewalTooEarly):
        await _pay(teller.tx, membership_id, at=JOINED - timedelta(seconds=12))
    assert _days(await _pay(teller.tx, membership_id, at=JOINED - timedelta(days=90)))[0][:5] == "10-12"


@pytest.mark.parametrize("longer", ["kept", "merged"])
async def test_of_two_entries_of_a_person_the_later_end_wins(teller: Teller, longer: str) -> None:
    program = await _club(teller, joining="unpaid", renew_early_days=400)
    (kept, kept_customer), (merged, merged_customer) = [await _member(teller, program) for _ in range(2)]
    for membership_id in (kept, merged, merged if longer == "merged" else kept):
        await _pay(teller.tx, membership_id)
    await personal_data.merge(teller.tx, kept_customer, merged_customer)
    member = await service.get_membership(teller.tx, kept)
    assert member.valid_until == datetime(2026, 3, 9, 23, tzinfo=UTC)
    rows = await term_queries.list_terms(teller.tx, kept, LAST, 10)
    assert sorted(row["set_aside"] for row in rows) == [False, False, True]
    aside = next(row for row in rows if row["set_aside"])
    await terms.void_term(teller.tx, aside["id"])
    after = await _pay(teller.tx, kept)
    assert after.membership.valid_until == datetime(2026, 4, 9, 22, tzinfo=UTC)


async def test_what_is_held_of_a_person_is_exported_and_forgotten(teller: Teller) -> None:
    membership_id, customer_id = await _member(teller, await _club(teller))
    await terms.gift_term(teller.tx, membership_id, GiftedTermIn(reason="Anna's birthday", reference="for-anna"))
    assert [each["reason"] for each in (await personal_data.export(teller.tx, customer_id))["terms"]] == [
        "Anna's birthday",
        None,
    ]
    await personal_data.erase(teller.tx, customer_id)
    rows = await term_queries.list_terms(teller.tx, membership_id, LAST, 10)
    assert not [row for row in rows if row["reason"] or "anna" in row["reference"]]
    assert len(rows) == 2
