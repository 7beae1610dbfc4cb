"""Many changes at once come to what they come to one by one."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from passerelle.customers import service
from passerelle.customers.errors import CustomerGone
from passerelle.customers.events import CustomerChanged
from passerelle.customers.rules import MAX_ATTRIBUTES
from passerelle.customers.schemas import CustomerChange, CustomerSearch, NewCustomer
from passerelle.kit.db import Tx
from passerelle.kit.ids import new_id

CHANGES: list[dict[str, Any]] = [
    {"first_name": "Adèle"},
    {"first_name": "Ada"},
    {"last_name": None, "language": "fr"},
    {"attributes": {"city": "Salé", "size": 1}},
    {"attributes": {"vip": True, "city": None}},
    {"birthday": {"month": 2, "day": 29, "year": None}},
    {"birthday": {"month": 1, "day": 1, "year": 2099}, "first_name": "Nobody"},
    {"segments": ["regulars"], "first_name": "Zoé", "last_name": "Lefèvre"},
    {"phone": "+212612345678", "first_name": "Lina"},
    {"email": "adele@example.com"},
    {"attributes": {f"name_{number}": number for number in range(MAX_ATTRIBUTES)}, "first_name": "Full"},
]


async def _people(tx: Tx, word: str) -> list[UUID]:
    given = {"last_name": word, "attributes": {"city": "Rabat"}, "birthday": {"month": 3, "day": 4, "year": 1990}}
    return [
        (await service.register(tx, NewCustomer.model_validate({"first_name": "Ada"} | given))).customer_id
        for _ in CHANGES
    ]


async def _seen(tx: Tx, customer_id: UUID) -> dict[str, Any]:
    shown = (await service.get_customer(tx, customer_id)).model_dump()
    return {name: value for name, value in shown.items() if name not in {"id", "created_at", "changed_at"}}


def _told(tx: Tx, people: list[UUID]) -> list[tuple[int, tuple[str, ...]]]:
    """Which fields were told to have changed of whom, by their place in the list."""
    facts = (event for event in tx.events if isinstance(event, CustomerChanged))
    return sorted((people.index(fact.customer_id), fact.fields) for fact in facts if fact.customer_id in people)


async def test_many_at_once_come_to_what_they_come_to_one_by_one(tx: Tx) -> None:
    alone, together = await _people(tx, "Same"), await _people(tx, "Same")
    changes = [CustomerChange.model_validate(change) for change in CHANGES]
    done = await service.change_known(tx, dict(zip(together, changes, strict=True)))
    left = [CHANGES[number] for number, one in enumerate(together) if one not in done]
    assert left == [CHANGES[6], CHANGES[8], CHANGES[9], CHANGES[10]], "refused, or another phone or e-mail"
    for number, (one, change) in enumerate(zip(alone, changes, strict=True)):
        if together[number] in done:
            await service.change_customer(tx, one, change)
    assert [await _seen(tx, one) for one in alone] == [await _seen(tx, one) for one in together]
    assert _told(tx, alone) == _told(tx, together) != []
    for word, count in (("adèle", 2), ("lefèvre", 2), ("nobody", 0), ("same", 18)):
        found = await service.search_customers(tx, CustomerSearch(text=word), UUID(int=(1 << 128) - 1), 100)
        assert len({each.id for each in found} & {*alone, *together}) == count, word


async def test_who_is_gone_is_left_out(tx: Tx) -> None:
    gone = (await service.register(tx, NewCustomer(first_name="Ada"))).customer_id
    await service.erase(tx, gone)
    change = CustomerChange(first_name="Zoé")
    assert await service.change_known(tx, {gone: change, new_id(): change}) == frozenset()
    with pytest.raises(CustomerGone):
        await service.change_customer(tx, gone, change)


async def test_the_number_of_statements_does_not_grow(tx: Tx) -> None:
    counts = []
    for size in (2, 40):
        people = [(await service.register(tx, NewCustomer(first_name="Ada"))).customer_id for _ in range(size)]
        await tx.flush()
        statements: list[str] = []
        with tx.raw.query_logger(lambda record: statements.append(record.query)):  # noqa: B023  used in the loop
            change = CustomerChange(first_name="Zoé", attributes={"city": "Salé"})
            assert len(await service.change_known(tx, dict.fromkeys(people, change))) == size
            await asyncio.sleep(0)  # the driver tells its statements in the next turn of the loop
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 6
