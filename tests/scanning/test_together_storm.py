"""Crowds of purchases among everything else that writes: what was changed is heeded, and nobody hears of a fault."""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random
from typing import Any, Final

import httpx

from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.kit.jobs import Work
from passerelle.kit.web import SESSION_COOKIE
from passerelle.ledger import service as ledger
from passerelle.wiring import NIGHT
from tests.conftest import PASSWORD, Shop
from tests.scanning.test_routes import post, stamps
from tests.scanning.test_together import at_once, make_cards
from tests.scanning.test_together_twins import Twin

Json = dict[str, Any]
_PURCHASES: Final = "/api/v1/scans/purchases"


async def buying(
    client: httpx.AsyncClient, cards: list[Json], change: Callable[[], Awaitable[object]], **headers: str
) -> tuple[list[httpx.Response], list[httpx.Response]]:
    """Tills that buy while something is changed: who asked before the change was answered, and who asked after."""
    before: list[httpx.Response] = []
    after: list[httpx.Response] = []
    is_begun, is_changed = asyncio.Event(), asyncio.Event()

    async def ask(card: Json, heard: list[httpx.Response]) -> None:
        body = {"code": card["code"], "amount_minor": 100}
        heard.append(await client.post(_PURCHASES, json=body, headers=headers))

    async def buy(card: Json) -> None:
        while not is_changed.is_set():
            await ask(card, before)
            if len(before) > 2 * len(cards):
                is_begun.set()
        for _ in range(3):
            await ask(card, after)

    async def alter() -> None:
        await is_begun.wait()
        await change()
        is_changed.set()

    await asyncio.gather(alter(), *map(buy, cards))
    return before, after


def _earned(answers: list[httpx.Response]) -> set[int]:
    return {sum(one["amount"] for one in answer.json()["earned"][0]["accruals"]) for answer in answers}


async def test_rules_that_were_changed_hold_for_whoever_asks_then(client: httpx.AsyncClient, shop: Shop) -> None:
    cards = await make_cards(client, 12, rules=[{"type": "per_visit", "units": 2}])
    path = f"/api/v1/programs/{cards[0]['program']}"

    async def change() -> None:
        answer = await client.patch(path, json={"rules": [{"type": "per_visit", "units": 30}]})
        assert answer.status_code == 200, answer.text

    before, after = await buying(client, cards, change)
    assert _earned(before) <= {2, 30}
    assert _earned(after) == {30}


async def test_a_promotion_that_was_ended_gives_nothing_any_more(client: httpx.AsyncClient, shop: Shop) -> None:
    cards = await make_cards(client, 12)
    told = {"program_id": cards[0]["program"], "name": "Spring", "effect": {"type": "bonus", "units": 50}}
    promotion = await post(client, "/api/v1/promotions", told | {"state": "active", "budget_uses": 1_000})

    async def end() -> None:
        answer = await client.patch(f"/api/v1/promotions/{promotion['id']}", json={"state": "ended"})
        assert answer.status_code == 200, answer.text

    before, after = await buying(client, cards, end)
    assert 51 in _earned(before)
    assert _earned(after) == {1}


async def test_a_key_that_was_revoked_buys_nothing_any_more(client: httpx.AsyncClient, shop: Shop) -> None:
    cards = await make_cards(client, 12)
    key = await post(client, "/api/v1/api-keys", {"name": "till", "scopes": ["scans:write"]})

    async def revoke() -> None:
        assert (await client.delete(f"/api/v1/api-keys/{key['id']}")).is_success

    before, after = await buying(client, cards, revoke, Authorization=f"Bearer {key['api_key']}")
    assert 201 in {answer.status_code for answer in before}
    assert {answer.status_code for answer in after} == {401}


async def test_people_and_programs_of_two_shops_at_once(
    client: httpx.AsyncClient, shop: Shop, other_shop: Shop
) -> None:
    """Sessions beside keys; no card is known in another shop, whoever is in the crowd."""
    cards = await make_cards(client, 8)
    signed = await client.post("/api/v1/sessions", json={"email": shop.email, "password": PASSWORD})
    assert signed.is_success, signed.text
    session = {"Authorization": "", "Cookie": f"{SESSION_COOKIE}={client.cookies[SESSION_COOKIE]}"}
    client.cookies.clear()
    callers = [
        shop.headers,
        session,
        session | {"Origin": "https://elsewhere.example"},
        other_shop.headers,
        session | {"Origin": "http://testserver", "Accept-Language": "fr"},
    ]
    told = [{"code": card["code"], "amount_minor": 450} for card in cards] * 5
    answers = await at_once(client, told, *callers)
    assert [answer.status_code for answer in answers] == [201, 201, 403, 404, 201] * 8
    actors = {answer.json()["purchase"]["actor"][:4] for answer in answers if answer.status_code == 201}
    assert actors == {"key_", "opr_"}
    assert sum([await stamps(client, card) for card in cards]) == 4 * 24


class Storm(Twin):
    """A shop in which everything happens at once."""

    def __init__(self, client: httpx.AsyncClient, shop: Shop, seed: int) -> None:
        super().__init__(client, shop, None, scarce=False)
        self.random = Random(seed)  # noqa: S311  no secret
        self.bought: asyncio.Queue[str] = asyncio.Queue()
        self.booked = 0

    async def asking(self, method: str, path: str, body: Json | None = None, **headers: str) -> httpx.Response:
        answer = await self.client.request(method, f"/api/v1/{path}", json=body, headers=self.shop.headers | headers)
        assert answer.status_code < 500 or answer.json()["code"] == "busy", (path, answer.text)
        return answer

    async def buying(self, times: int) -> None:
        for _ in range(times):
            code = self.random.choice(self.codes)
            key = {"Idempotency-Key": str(self.random.random())} if self.random.random() < 0.5 else {}
            body = {"code": code, "amount_minor": self.random.randint(1, 40) * 100}
            answer = await self.asking("POST", "scans/purchases", body, **self.random.choice(self.tills), **key)
            if answer.status_code == 201:
                self.booked += 1
                self.bought.put_nowait(answer.json()["purchase"]["id"])

    async def undoing(self, times: int) -> None:
        for _ in range(times):
            purchase = await self.bought.get()
            if self.random.random() < 0.5:
                await self.asking("POST", f"purchases/{purchase}/void", {"forgive_missing": True})
            else:
                await self.asking(
                    "POST", f"purchases/{purchase}/refunds", {"amount_minor": 100, "forgive_missing": True}
                )

    async def spending(self, reward: str, times: int) -> None:
        for _ in range(times):
            body = {"code": self.random.choice(self.codes), "reward_id": reward}
            await self.asking("POST", "scans/redemptions", body)

    async def adjusting(self, times: int) -> None:
        for _ in range(times):
            body = {"amount": self.random.randint(-30, 30) or 1, "unit": "points", "reason": "By hand"}
            await self.asking("POST", f"members/{self.random.choice(self.members)}/adjustments", body)

    async def ruling(self, times: int) -> None:
        for number in range(times):
            rules = [{"type": "per_visit", "unit": "points", "units": number + 1}]
            await self.asking("PATCH", f"programs/{self.program_id}", {"rules": rules})

    async def ageing(self, work: Work, times: int) -> None:
        for _ in range(times):
            await NIGHT.handler(work, {"organization_id": str(self.shop.organization_id)})


async def test_nobody_hears_of_a_fault(
    client: httpx.AsyncClient, database: Database, settings: Settings, shop: Shop
) -> None:
    storm = Storm(client, shop, 1)
    await storm.open(storm.random, 14)
    reward = await storm.must(
        "rewards", {"program_id": storm.program_id, "name": "Bun", "unit": "points", "price": 3}
    )
    people = (await storm.asking("GET", "customers")).json()["items"]
    gone = [person["id"] for person in people[:4]]

    async def merging() -> None:
        await storm.asking("POST", f"customers/{gone[0]}/merge", {"customer_id": gone[1]})
        await storm.asking("POST", f"customers/{gone[2]}/erase")
        await storm.asking("POST", f"customers/{gone[3]}/erase")

    work = Work(database, settings)
    tills = [storm.buying(5) for _ in range(20)]
    others = (storm.undoing(10), storm.undoing(10), storm.spending(reward["id"], 10), storm.adjusting(10))
    await asyncio.gather(*tills, *others, storm.ruling(4), storm.ageing(work, 2), merging())
    async with database.transaction(shop.organization_id) as tx:
        assert await ledger.check_books(tx) == []
        counted = "SELECT count(*) FROM purchases WHERE organization_id = $1"
        assert await tx.fetchval(counted, tx.organization_id) == storm.booked
