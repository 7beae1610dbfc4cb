"""Two at the same instant, on connections of their own: gates, buyers of the last place, buyers of one seat."""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID

from passerelle.kit.db import Database
from passerelle.kit.errors import Refusal
from passerelle.ticketing import service
from passerelle.ticketing.schemas import Ticket, TicketIn
from tests.conftest import Shop
from tests.ticketing.conftest import BoxOffice


class _Doors:
    """What many callers do at once; each answer is a state or the code of a refusal."""

    def __init__(self, database: Database, shop: Shop) -> None:
        self._database = database
        self._tenant = shop.organization_id

    async def event(self, **fields: Any) -> UUID:
        async with self._database.transaction(self._tenant) as tx:
            return (await BoxOffice(tx).event(**fields)).id

    async def issue(self, event_id: UUID, **fields: Any) -> Ticket | str:
        try:
            async with self._database.transaction(self._tenant) as tx:
                return await service.issue_ticket(tx, TicketIn(event_id=event_id, **fields))
        except Refusal as refusal:
            return refusal.code

    async def admit(self, code: str) -> str:
        try:
            async with self._database.transaction(self._tenant) as tx:
                return (await service.admit(tx, code))[1].state
        except Refusal as refusal:
            return refusal.code

    async def check_out(self, code: str) -> str:
        try:
            async with self._database.transaction(self._tenant) as tx:
                return "out" if (await service.check_out(tx, code))[1].left_at else "in"
        except Refusal as refusal:
            return refusal.code

    async def cancel(self, ticket_id: UUID) -> str:
        try:
            async with self._database.transaction(self._tenant) as tx:
                return (await service.cancel_ticket(tx, ticket_id)).state
        except Refusal as refusal:
            return refusal.code

    async def issued(self, event_id: UUID) -> int:
        async with self._database.transaction(self._tenant) as tx:
            return (await service.get_event(tx, event_id)).issued


def _codes(answers: list[Ticket | str]) -> Counter[str]:
    return Counter(answer.state if isinstance(answer, Ticket) else answer for answer in answers)


async def test_two_gates_that_read_one_ticket(database: Database, shop: Shop) -> None:
    doors = _Doors(database, shop)
    ticket = await doors.issue(await doors.event())
    assert isinstance(ticket, Ticket)
    answers = await asyncio.gather(*(doors.admit(ticket.code) for _ in range(6)))
    assert Counter(answers) == {"used": 1, "ticket_already_used": 5}


async def test_a_ticket_goes_out_and_in_again_once_at_several_gates(database: Database, shop: Shop) -> None:
    doors = _Doors(database, shop)
    ticket = await doors.issue(await doors.event(reentry=True))
    assert isinstance(ticket, Ticket)
    assert await doors.admit(ticket.code) == "used"
    answers = await asyncio.gather(*(doors.check_out(ticket.code) for _ in range(4)))
    assert Counter(answers) == {"out": 1, "ticket_not_inside": 3}
    answers = await asyncio.gather(*(doors.admit(ticket.code) for _ in range(4)))
    assert Counter(answers) == {"used": 1, "ticket_already_used": 3}


async def test_the_last_place_is_sold_once(database: Database, shop: Shop) -> None:
    doors = _Doors(database, shop)
    event_id = await doors.event(capacity=3)
    answers = await asyncio.gather(*(doors.issue(event_id) for _ in range(8)))
    assert _codes(answers) == {"issued": 3, "event_sold_out": 5}
    assert await doors.issued(event_id) == 3


async def test_one_seat_is_sold_once(database: Database, shop: Shop) -> None:
    doors = _Doors(database, shop)
    event_id = await doors.event()
    answers = await asyncio.gather(*(doors.issue(event_id, row="A", seat="1") for _ in range(4)))
    assert _codes(answers) == {"issued": 1, "seat_taken": 3}


async def test_one_order_that_is_told_twice(database: Database, shop: Shop) -> None:
    doors = _Doors(database, shop)
    event_id = await doors.event(capacity=1)
    answers = await asyncio.gather(*(doors.issue(event_id, reference="order:7") for _ in range(4)))
    assert len({answer.id for answer in answers if isinstance(answer, Ticket)}) == 1
    assert _codes(answers) == {"issued": 4}


async def test_a_ticket_is_used_or_cancelled_but_not_both(database: Database, shop: Shop) -> None:
    doors = _Doors(database, shop)
    event_id = await doors.event(capacity=1)
    ticket = await doors.issue(event_id)
    assert isinstance(ticket, Ticket)
    answers = list(await asyncio.gather(doors.admit(ticket.code), doors.cancel(ticket.id)))
    assert answers in (["used", "ticket_already_used"], ["ticket_cancelled", "cancelled"])
    assert await doors.issued(event_id) == (1 if answers[0] == "used" else 0)
