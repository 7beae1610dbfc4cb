"""Places for members of a program: who comes in, by the table of the page; everybody may leave."""

from typing import Any, Final
from uuid import UUID

import httpx
import pytest

from passerelle.checkins import service
from passerelle.checkins.errors import MembersOnly
from passerelle.checkins.schemas import Act, CheckInPlaceIn
from passerelle.kit.errors import Refusal
from passerelle.kit.ids import new_id
from passerelle.programs import service as programs
from passerelle.programs.errors import MembershipLapsed, MembershipUnpaid, ProgramNotFound
from passerelle.programs.schemas import ProgramChange, ProgramIn
from passerelle.programs.terms import service as terms
from passerelle.programs.terms.schemas import RenewalIn
from tests.checkins.conftest import DOCUMENT, NOON, Club
from tests.checkins.test_routes import club as club_over_http
from tests.checkins.test_routes import customer, key, post

Row = dict[str, str]
_DAY: Final = 24 * 60
_TERM: Final = {"days": 10, "price_minor": 1_000, "joining": "unpaid", "grace_days": 5}
_PAID_DAYS_AGO: Final = {"unpaid": None, "grace": 12, "lapsed": 20}


async def _program(club: Club, name: str = "Gym") -> UUID:
    new = {"name": name, "kind": "membership", "settings": {"term": _TERM}}
    return (await programs.create_program(club.tx, ProgramIn.model_validate(new))).id


async def _join(club: Club, program_id: UUID, customer_id: UUID, paid_days_ago: int | None = 2) -> UUID:
    with club.at(-30 * _DAY):
        member = (await programs.enroll(club.tx, program_id, customer_id, source="api")).membership_id
    if paid_days_ago is not None:
        await _pay(club, member, -paid_days_ago * _DAY)
    return member


async def _pay(club: Club, membership_id: UUID, minutes: float) -> None:
    with club.at(minutes):
        await terms.renew_membership(club.tx, membership_id, RenewalIn())


async def _become(club: Club, program_id: UUID, customer_id: UUID, what: str) -> None:
    """Make a customer what a row of the table says."""
    if what == "none":
        return
    into = await _program(club, "Elsewhere") if what == "elsewhere" else program_id
    member = await _join(club, into, customer_id, _PAID_DAYS_AGO.get(what, 2))
    match what:
        case "suspended" | "ended":
            await programs.change_membership(club.tx, member, what)
        case "paused":
            await programs.change_program(club.tx, program_id, ProgramChange(state="paused"))


def _code(refused: pytest.ExceptionInfo[Refusal]) -> str:
    return refused.value.code


@DOCUMENT.each_row("members")
async def test_who_comes_in_by_their_membership(club: Club, row: Row) -> None:
    program_id = await _program(club)
    everybody: dict[str, Any] = {"self_by": "printed", "cooldown_minutes": 0, "per_day": 24}
    lina = await club.customer()
    await club.set(**everybody)
    await club.check(lina, "in", -1)
    await _become(club, program_id, lina, row["membership"])
    await club.set(**everybody, program_id=program_id)
    assert (await club.check(lina)).direction == "out"
    if row["refusal"] == "none":
        assert (await club.alone(lina, 1)).direction == "in"
        assert (await club.check(lina, "in", 2)).direction == "in"
        return
    for asked in ("in", "toggle"):
        with pytest.raises(Refusal) as refused:
            await club.check(lina, asked, 1)
        assert _code(refused) == row["refusal"]
    with pytest.raises(Refusal) as refused:
        await club.alone(lina, 1)
    assert (_code(refused), await club.inside(1)) == (row["refusal"], 0)


async def test_a_payment_opens_the_door(club: Club) -> None:
    program_id = await _program(club)
    await club.set(program_id=program_id)
    lina = await club.customer()
    member = await _join(club, program_id, lina, None)
    with pytest.raises(MembershipUnpaid):
        await club.check(lina, "in")
    await _pay(club, member, 1)
    assert (await club.check(lina, "in", 2)).direction == "in"


async def test_what_was_booked_is_answered_again_after_the_term(club: Club) -> None:
    program_id = await _program(club)
    await club.set(program_id=program_id)
    lina = await club.customer()
    await _join(club, program_id, lina)
    first = await club.check(lina, "in", reference="gate:1")
    later = 30 * _DAY
    assert (await club.check(lina, "in", later, reference="gate:1")).check_in.id == first.check_in.id
    with pytest.raises(MembershipLapsed):
        await club.check(lina, "in", later, reference="gate:2")


async def test_an_in_told_late_is_judged_by_when_it_was(club: Club) -> None:
    program_id = await _program(club)
    await club.set(program_id=program_id)
    lina = await club.customer()
    await _join(club, program_id, lina, 14)  # lapses 15 days after that, tomorrow
    told = Act(lina, club.location_id, "in", at=NOON)
    with club.at(2 * _DAY):
        with pytest.raises(MembershipLapsed):
            await service.check(club.tx, Act(lina, club.location_id, "in"))
        assert (await service.check(club.tx, told)).check_in.opened_at == NOON


async def test_a_program_must_be_there(club: Club) -> None:
    with pytest.raises(ProgramNotFound):
        await service.set_place(club.tx, club.location_id, CheckInPlaceIn(program_id=new_id()))


async def test_the_refusal_names_the_program(club: Club) -> None:
    await club.set(program_id=await _program(club, "Dojo"))
    with pytest.raises(MembersOnly, match="“Dojo”"):
        await club.check(await club.customer(), "in")


async def test_a_gate_of_a_club_over_http(client: httpx.AsyncClient) -> None:
    program = await post(client, "/api/v1/programs", {"name": "Gym", "kind": "points"})
    place = await club_over_http(client, program_id=program["id"])
    [listed] = (await client.get("/api/v1/check-in-places")).json()["items"]
    assert listed["program_id"] == program["id"]
    lina = await customer(client)
    gate = await key(client, "checkins:write", location_id=place)
    refused = await client.post("/api/v1/check-ins", json={"customer_id": lina}, headers=gate)
    assert (refused.status_code, refused.json()["code"]) == (409, "check_in_members_only")
    await post(client, f"/api/v1/programs/{program['id']}/members", {"customer_id": lina})
    assert (await post(client, "/api/v1/check-ins", {"customer_id": lina}, **gate))["inside"] == 1
    unknown = await client.put(f"/api/v1/locations/{place}/check-in", json={"program_id": "prg_" + lina[4:]})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "program_not_found")
