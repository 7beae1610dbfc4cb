"""Two gates at the same instant, on connections of their own."""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID

from passerelle.checkins import service
from passerelle.checkins.schemas import Act
from passerelle.kit.db import Database
from passerelle.kit.errors import Refusal
from passerelle.kit.ids import new_id
from tests.checkins.conftest import open_club
from tests.conftest import Shop


class _Gates:
    """What many callers do at once; each answer is a direction or the code of a refusal."""

    def __init__(self, database: Database, shop: Shop) -> None:
        self._database = database
        self._tenant = shop.organization_id

    async def open(self, members: int, **settings: Any) -> tuple[UUID, list[UUID]]:
        async with self._database.transaction(self._tenant) as tx:
            club = await open_club(tx, **settings)
            return club.location_id, [await club.customer(f"Member {number}") for number in range(members)]

    async def check(self, act: Act) -> str:
        try:
            async with self._database.transaction(self._tenant) as tx:
                return (await service.check(tx, act)).direction
        except Refusal as refusal:
            return refusal.code

    async def alone(self, customer_id: UUID, place: UUID) -> str:
        try:
            async with self._database.transaction(self._tenant) as tx:
                return (await service.check_in_alone(tx, customer_id, place, new_id().hex, None)).direction
        except Refusal as refusal:
            return refusal.code


async def test_the_last_free_place_is_given_once(database: Database, shop: Shop) -> None:
    gates = _Gates(database, shop)
    place, members = await gates.open(6, capacity=2)
    answers = await asyncio.gather(*(gates.check(Act(each, place, "in")) for each in members))
    assert Counter(answers) == {"in": 2, "location_full": 4}


async def test_one_card_at_several_gates_comes_in_once(database: Database, shop: Shop) -> None:
    gates = _Gates(database, shop)
    place, [lina] = await gates.open(1)
    answers = await asyncio.gather(*(gates.check(Act(lina, place, "in")) for _ in range(5)))
    assert Counter(answers) == {"in": 1, "already_checked_in": 4}
    answers = await asyncio.gather(*(gates.check(Act(lina, place, "out")) for _ in range(5)))
    assert Counter(answers) == {"out": 1, "not_checked_in": 4}


async def test_one_reference_is_one_step(database: Database, shop: Shop) -> None:
    gates = _Gates(database, shop)
    place, [lina] = await gates.open(1)
    answers = await asyncio.gather(*(gates.check(Act(lina, place, "toggle", "gate:1")) for _ in range(4)))
    assert Counter(answers) == {"in": 4}


async def test_one_reference_at_two_places_is_refused(database: Database, shop: Shop) -> None:
    gates = _Gates(database, shop)
    one, [lina] = await gates.open(1)
    other, _ = await gates.open(0)
    answers = await asyncio.gather(*(gates.check(Act(lina, place, "in", "gate:2")) for place in (one, other)))
    assert Counter(answers) == {"in": 1, "check_in_reference_reused": 1}


async def test_two_phones_of_one_customer_note_one_visit(database: Database, shop: Shop) -> None:
    gates = _Gates(database, shop)
    place, [lina] = await gates.open(1, self_by="printed")
    answers = await asyncio.gather(*(gates.alone(lina, place) for _ in range(4)))
    assert Counter(answers) == {"in": 1, "checked_in_enough": 3}
