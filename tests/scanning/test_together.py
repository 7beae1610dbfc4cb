"""Purchases that come at the same time are booked together, and nobody can tell but by the clock."""

import asyncio
from typing import Any

import httpx

from passerelle.kit.db import Database
from passerelle.ledger import service as ledger
from tests.conftest import Shop
from tests.scanning.test_routes import post, till

Json = dict[str, Any]
_PURCHASES = "/api/v1/scans/purchases"


async def make_cards(client: httpx.AsyncClient, count: int, **program: Any) -> list[Json]:
    """Cards of as many customers in one program."""
    made = await post(client, "/api/v1/programs", {"name": "Club", "kind": "points", **program})
    cards = []
    for number in range(count):
        customer = await post(client, "/api/v1/customers", {"phone": f"+3361234{number:04}"})
        member = await post(client, f"/api/v1/programs/{made['id']}/members", {"customer_id": customer["id"]})
        cards.append(await post(client, "/api/v1/passes", {"membership_id": member["id"]}))
    return cards


async def buy_at_once(client: httpx.AsyncClient, told: list[Json], *headers: dict[str, str]) -> list[httpx.Response]:
    """Every purchase at the same moment, each by the next of these callers."""
    callers = headers or ({},)
    return await asyncio.gather(
        *(
            client.post(_PURCHASES, json=body, headers=callers[place % len(callers)])
            for place, body in enumerate(told)
        )
    )


async def transactions(database: Database, shop: Shop) -> int:
    """In how many transactions the shop's purchases were written."""
    async with database.transaction(shop.organization_id) as tx:
        assert await ledger.check_books(tx) == []
        written = "SELECT count(DISTINCT xmin::text) FROM purchases WHERE organization_id = $1"
        return int(await tx.fetchval(written, tx.organization_id))


async def test_purchases_at_once_are_booked_in_few_transactions(
    client: httpx.AsyncClient, database: Database, shop: Shop
) -> None:
    cards = await make_cards(client, 12)
    tills = [await till(client, name) for name in ("left", "right")]
    told = [{"code": card["code"], "amount_minor": 100 * place + 100} for place, card in enumerate(cards)]
    answers = await buy_at_once(client, told, *tills)
    assert [answer.status_code for answer in answers] == [201] * 12
    for place, answer in enumerate(answers):
        [earned] = answer.json()["earned"]
        assert earned["balances"][0]["active"] == place + 1
    assert await transactions(database, shop) <= 4
