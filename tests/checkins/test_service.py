"""Coming and going: what is booked, refused, closed by the clock, taken back, and what it earns."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from passerelle.checkins import service
from passerelle.checkins.errors import (
    AlreadyCheckedIn,
    CheckedInEnough,
    CheckedInLately,
    CheckedOutLately,
    CheckInCodeOver,
    CheckInCodeUnknown,
    CheckInInFuture,
    CheckInIsOff,
    CheckInOutOfOrder,
    CheckInReferenceReused,
    CheckInTooLongAgo,
    LocationFull,
    LocationHasNoCoordinates,
    LocationNotNamed,
    NotCheckedIn,
    NothingToUndo,
    PositionMissing,
    PositionTooVague,
    TooFarAway,
)
from passerelle.checkins.rules import PERIOD_SECONDS, Position
from passerelle.checkins.schemas import Act, CheckInPlaceIn
from passerelle.customers.errors import CustomerNotFound
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.errors import Refusal
from passerelle.kit.ids import new_id
from passerelle.organizations import service as organizations
from passerelle.organizations.errors import LocationNotFound
from passerelle.organizations.schemas import LocationIn
from passerelle.programs import service as programs
from passerelle.programs.schemas import ProgramIn
from tests.checkins.conftest import HERE, NOON, Club, open_club

DAY = 24 * 60


async def test_somebody_comes_and_goes(club: Club) -> None:
    lina = await club.customer()
    came = await club.check(lina)
    assert (came.direction, came.check_in.state, came.place.inside) == ("in", "in", 1)
    went = await club.check(lina, minutes=65)
    assert (went.direction, went.check_in.state, went.check_in.minutes, went.place.inside) == ("out", "out", 65, 0)
    assert (went.check_in.id, went.check_in.closed_how) == (came.check_in.id, "out")
    assert [fact["way"] for fact in club.told("check_in.opened")] == ["staff"]
    assert [fact["how"] for fact in club.told("check_in.closed")] == ["out"]


async def test_a_second_in_is_told_since_when(club: Club) -> None:
    lina = await club.customer()
    await club.check(lina, "in")
    with pytest.raises(AlreadyCheckedIn) as refused:
        await club.check(lina, "in", 5)
    assert str(refused.value.params["since"]) == "2026-06-05 14:00"
    assert "depuis le 5 juin 2026, 14:00" in refused.value.sentence("fr")
    assert await club.inside(5) == 1


async def test_an_out_without_an_in_is_refused(club: Club) -> None:
    with pytest.raises(NotCheckedIn):
        await club.check(await club.customer(), "out")


async def test_a_card_is_not_passed_back(club: Club) -> None:
    await club.set(pass_back_minutes=10)
    lina = await club.customer()
    await club.check(lina, "in")
    await club.check(lina, "out", 1)
    with pytest.raises(CheckedOutLately) as refused:
        await club.check(lina, "in", 4.5)
    assert refused.value.params["minutes"] == 7
    assert (await club.check(lina, "in", 11)).direction == "in"


async def test_a_full_place_lets_in_when_somebody_has_left(club: Club) -> None:
    await club.set(capacity=1)
    lina, omar = await club.customer(), await club.customer("Omar")
    await club.check(lina, "in")
    with pytest.raises(LocationFull, match="1 people"):
        await club.check(omar, "in", 1)
    await club.check(lina, "out", 2)
    assert (await club.check(omar, "in", 3)).place.inside == 1


async def test_who_is_gone_again_takes_no_place(club: Club) -> None:
    """A gate without a network tells of yesterday while today is full."""
    await club.set(capacity=1, longest_minutes=60)
    lina, omar = await club.customer(), await club.customer("Omar")
    await club.check(lina, "in")
    late = await club.check(omar, "in", at=NOON - timedelta(minutes=61))
    assert (late.check_in.state, late.place.inside) == ("out", 1)
    with pytest.raises(LocationFull):
        await club.check(await club.customer("Zoé"), "in", at=NOON - timedelta(minutes=59))


async def test_an_out_that_never_came(club: Club) -> None:
    await club.set(longest_minutes=120, capacity=1)
    lina, omar = await club.customer(), await club.customer("Omar")
    stay = (await club.check(lina, "in")).check_in.id
    assert await club.inside(119) == 1
    assert await club.inside(120) == 0
    with club.at(121):
        seen = await service.get_check_in(club.tx, stay)
    assert (seen.state, seen.closed_how, seen.minutes, seen.closed_by) == ("out", "expired", 120, "system")
    assert (await club.check(omar, "in", 121)).place.inside == 1
    assert [fact["how"] for fact in club.told("check_in.closed")] == ["expired"]
    with pytest.raises(NotCheckedIn):
        await club.check(lina, "out", 130)
    with club.at(131), pytest.raises(NothingToUndo):
        await service.undo_check_in(club.tx, stay)


async def test_the_day_ends_in_the_zone_of_the_organization(club: Club) -> None:
    lina = await club.customer()
    stay = await club.check(lina, "in")
    assert stay.check_in.closes_at.isoformat() == "2026-06-05T22:00:00+00:00"
    assert (await club.check(lina, "in", 10 * 60)).direction == "in"
    assert [fact["how"] for fact in club.told("check_in.closed")] == ["day_end"]


async def test_an_out_told_late_comes_before_the_clock(club: Club) -> None:
    lina = await club.customer()
    await club.check(lina, "in")
    with club.at(20 * 60):
        assert await service.close_due(club.tx) == 1
    went = await club.check(lina, "out", 20 * 60, at=NOON + timedelta(minutes=90))
    assert (went.check_in.closed_how, went.check_in.minutes) == ("out", 90)


async def test_a_reference_is_booked_once(club: Club) -> None:
    lina, omar = await club.customer(), await club.customer("Omar")
    first = await club.check(lina, reference="gate:1")
    again = await club.check(lina, minutes=3, reference="gate:1")
    assert (again.direction, again.check_in.id, again.place.inside) == ("in", first.check_in.id, 1)
    out = await club.check(lina, minutes=9, reference="gate:2")
    assert (await club.check(lina, "out", 10, reference="gate:2")).check_in == out.check_in
    for customer_id, asked in ((omar, "toggle"), (lina, "out")):
        with pytest.raises(CheckInReferenceReused):
            await club.check(customer_id, asked, 11, reference="gate:1")  # type: ignore[arg-type]  # both are asked


async def test_the_last_step_is_taken_back(club: Club) -> None:
    lina = await club.customer()
    stay = (await club.check(lina, "in")).check_in.id
    await club.check(lina, "out", 30)
    with club.at(31):
        assert (await service.undo_check_in(club.tx, stay)).check_in.state == "in"
        assert (await service.undo_check_in(club.tx, stay)).check_in.state == "undone"
        with pytest.raises(NothingToUndo):
            await service.undo_check_in(club.tx, stay)
    assert await club.inside(32) == 0
    assert (len(club.told("check_in.reopened")), len(club.told("check_in.undone"))) == (1, 1)


async def test_what_was_followed_is_not_taken_back(club: Club) -> None:
    lina = await club.customer()
    stay = (await club.check(lina, "in")).check_in.id
    await club.check(lina, "out", 10)
    await club.check(lina, "in", 20)
    with club.at(21), pytest.raises(NothingToUndo):
        await service.undo_check_in(club.tx, stay)


async def test_times_are_bounded_and_in_order(club: Club) -> None:
    lina = await club.customer()
    await club.check(lina, "in", at=NOON + timedelta(minutes=4))
    assert (await club.check(lina, "out", 1)).check_in.minutes == 1
    with pytest.raises(CheckInOutOfOrder):
        await club.check(lina, "in", 30, at=NOON - timedelta(minutes=5))
    with pytest.raises(CheckInInFuture):
        await club.check(lina, "in", 30, at=NOON + timedelta(minutes=36))
    with pytest.raises(CheckInTooLongAgo):
        await club.check(lina, "in", 30, at=NOON - timedelta(days=8))


async def test_places_that_take_no_check_ins(club: Club) -> None:
    lina = await club.customer()
    await club.set(by_staff=False)
    with pytest.raises(CheckInIsOff):
        await club.check(lina)
    with pytest.raises(CheckInIsOff):
        await club.alone(lina)
    with pytest.raises(LocationNotNamed):
        await service.check(club.tx, Act(lina, None, "in"))
    with pytest.raises(LocationNotFound):
        await service.check(club.tx, Act(lina, new_id(), "in"))
    assert await service.list_places(club.tx) == []


async def test_nobody_unknown_comes_in(club: Club) -> None:
    with pytest.raises(CustomerNotFound):
        await club.check(new_id())


async def _program(club: Club, **rule: Any) -> UUID:
    """Ten points for each check-in."""
    new = {
        "name": "Points",
        "kind": "points",
        "rules": [{"type": "per_event", "event": "check_in", "units": 10} | rule],
    }
    return (await programs.create_program(club.tx, ProgramIn.model_validate(new))).id


async def test_staff_and_customer_book_one_visit_together(club: Club) -> None:
    await club.set(self_by="printed", cooldown_minutes=60, per_day=2)
    lina = await club.customer()
    await programs.enroll(club.tx, await _program(club), lina, source="api")
    came = await club.check(lina, "in")
    assert [one.amount for each in came.earned for one in each.accruals] == [10]
    with pytest.raises(CheckedInLately, match="3:00\N{NARROW NO-BREAK SPACE}PM"):
        await club.alone(lina, 20)
    await club.check(lina, "out", 25)
    again = await club.check(lina, "in", 30)
    assert (again.earned, again.check_in.counted) == ((), False)
    alone = await club.alone(lina, 60)
    assert (alone.check_in.way, alone.check_in.state, alone.check_in.closed_how) == ("self", "out", "visit")
    assert [one.amount for each in alone.earned for one in each.accruals] == [10]
    with pytest.raises(CheckedInEnough, match="2 a day"):
        await club.alone(lina, 200)
    assert (await club.alone(lina, DAY)).check_in.counted


async def test_taking_an_in_back_takes_back_what_it_earned(club: Club) -> None:
    lina = await club.customer()
    member = (await programs.enroll(club.tx, await _program(club), lina, source="api")).membership_id
    stay = (await club.check(lina, "in")).check_in.id
    with club.at(1):
        await service.undo_check_in(club.tx, stay)
    standing = await programs.standing(club.tx, member)
    assert [balance.active for balance in standing.balances.values()] == [0]
    assert [one.amount for each in (await club.check(lina, "in", 2)).earned for one in each.accruals] == [10]


async def test_a_position_must_be_near(club: Club) -> None:
    await club.set(self_by="printed", radius_m=100, cooldown_minutes=0, per_day=24)
    lina = await club.customer()
    near = Position(HERE.latitude + 0.001, HERE.longitude, 20)
    wrong: list[tuple[Position | None, type[Refusal]]] = [
        (None, PositionMissing),
        (Position(HERE.latitude, HERE.longitude, 251), PositionTooVague),
        (Position(HERE.latitude + 0.002, HERE.longitude, 20), TooFarAway),
    ]
    for position, refusal in wrong:
        with pytest.raises(refusal):
            await club.alone(lina, position=position)
    assert (await club.alone(lina, position=near)).check_in.counted


async def test_a_radius_wants_coordinates(tx: Tx) -> None:
    location = await organizations.add_location(tx, LocationIn(name="Nowhere"))
    with pytest.raises(LocationHasNoCoordinates):
        await service.set_place(tx, location.id, CheckInPlaceIn(radius_m=100))


async def test_codes_name_their_place_until_they_are_renewed(club: Club) -> None:
    with pytest.raises(CheckInIsOff):
        await service.printed_code(club.tx, club.location_id)
    await club.set(self_by="printed")
    printed = await service.printed_code(club.tx, club.location_id)
    assert (await service.read_code(club.tx, printed, clock.now())).location_id == club.location_id
    for wrong in (printed[:-1], printed[:-1] + bytes([printed[-1] ^ 1]), b"", new_id().bytes + printed[16:]):
        with pytest.raises(CheckInCodeUnknown):
            await service.read_code(club.tx, wrong, clock.now())
    screen = await service.screen_secret(club.tx, club.location_id)
    await service.renew_code(club.tx, club.location_id)
    with pytest.raises(CheckInCodeUnknown):
        await service.read_code(club.tx, printed, clock.now())
    with pytest.raises(CheckInCodeUnknown):
        await service.open_screen(club.tx, screen)
    assert await service.printed_code(club.tx, club.location_id) != printed


async def test_codes_of_a_screen_are_good_for_a_moment(club: Club) -> None:
    await club.set(self_by="screen")
    printed = await service.printed_code(club.tx, club.location_id)
    with pytest.raises(CheckInCodeOver):
        await service.read_code(club.tx, printed, clock.now())
    with club.at(0):
        secret = await service.screen_secret(club.tx, club.location_id)
        code = (await service.open_screen(club.tx, secret)).code
    period = PERIOD_SECONDS / 60
    for minutes in (-period, 0, 2 * period - 0.01):
        with club.at(minutes):
            assert (await service.read_code(club.tx, code, clock.now())).location_id == club.location_id
    for minutes in (-period - 0.01, 2 * period):
        with club.at(minutes), pytest.raises(CheckInCodeOver):
            await service.read_code(club.tx, code, clock.now())


async def test_settings_are_told_when_they_differ(club: Club) -> None:
    await club.set(capacity=30)
    await club.set(capacity=30)
    assert [fact["fields"] for fact in club.told("check_in_place.changed")] == [("by_staff",), ("capacity",)]


async def test_each_place_stands_alone(club: Club) -> None:
    other = await open_club(club.tx)
    lina = await club.customer()
    await club.check(lina, "in")
    assert (await other.check(lina, "in", 1)).place.inside == 1
    present = await service.list_present(club.tx, club.location_id, UUID(int=(1 << 128) - 1), 10)
    assert [one.customer_id for one in present] in ([lina], [])
