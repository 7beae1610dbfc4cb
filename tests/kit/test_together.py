"""The lane of requests that wait: whoever goes away, and whatever fails, leaves the others their places."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

import httpx
import pytest
from pydantic import BaseModel

from passerelle.kit import together as kit
from passerelle.kit.application import Application
from passerelle.kit.config import Settings
from passerelle.kit.db import Database, Tx
from passerelle.kit.together import Asked, together
from passerelle.kit.web import Edge, Router, allow, install_problems
from passerelle.kit.wire import Name, Wire
from passerelle.organizations import service as organizations
from passerelle.organizations.errors import LocationNotFound
from tests.conftest import Shop


class Cup(Wire):
    """What comes in. ``name`` says what becomes of it."""

    name: Name
    number: int


class Served(BaseModel):
    """What goes out."""

    number: int
    together: int


_LOCK = "SELECT pg_advisory_xact_lock(77)"
_SURELY_S = 10  # longer than anything takes that does not hang


under_way: set[int] = set()
met_twice: list[int] = []


@contextmanager
def serving(*numbers: int) -> Iterator[None]:
    """Note who is under way, and who is so twice."""
    met_twice.extend(under_way.intersection(numbers))
    under_way.update(numbers)
    try:
        yield
    finally:
        under_way.difference_update(numbers)


async def serve_all(tx: Tx, asked: Sequence[Asked]) -> list[Served | None]:
    """Answer many, unless one of them is of a kind that spoils it."""
    with serving(*(one.body.number for one in asked)):
        await tx.execute("SELECT 1")
    if any(one.body.name == "spoils" for one in asked):
        raise ValueError("spoilt")
    if any(one.body.name == "breaks" for one in asked):
        await tx.execute("SELECT 1/0")
    return [
        None
        if one.body.name in {"alone", "refused", "locks"}
        else Served(number=one.body.number, together=len(asked))
        for one in asked
    ]


def number_of(cup: Cup) -> int:
    """No two of a number at once."""
    return cup.number


@together(serve_all, by=number_of)
async def serve(body: Cup, tx: Annotated[Tx, allow("customers:write")]) -> Served:
    """Answer one."""
    with serving(body.number):
        await tx.execute(_LOCK if body.name == "locks" else "SELECT 1")
    if body.name == "refused":
        raise LocationNotFound
    return Served(number=body.number, together=1)


@dataclass(slots=True)
class Bar:
    """An application with such a route."""

    client: httpx.AsyncClient
    edge: Edge

    async def ask(self, number: int, name: str = "cup", **headers: str) -> httpx.Response:
        """Ask for a cup."""
        return await self.client.post("/cups", json={"name": name, "number": number}, headers=headers)


@pytest.fixture
async def bar(database: Database, settings: Settings, shop: Shop) -> AsyncIterator[Bar]:
    app = Application(max_body_bytes=10_000, uploads={})
    edge = app.state.edge = Edge(database, settings, organizations.authenticate, organizations.recall)
    install_problems(app)
    router = Router()
    router.add_api_route("/cups", serve, methods=["POST"], status_code=201)
    app.include_router(router)
    app.shorten(router.routes, prefix="/nothing/")
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://bar", headers=shop.headers) as client:
        yield Bar(client, edge)
    assert edge.lanes == {}
    assert met_twice == []


async def test_whoever_goes_away_at_whatever_point(bar: Bar) -> None:
    """After so many steps of the loop one of eight goes away, another each time."""
    for steps in range(120):
        asking = [asyncio.create_task(bar.ask(number % 6)) for number in range(8)]
        for _ in range(steps):
            await asyncio.sleep(0)
        gone = asking.pop(steps % 8)
        gone.cancel()
        answers = await asyncio.wait_for(asyncio.gather(*asking), timeout=_SURELY_S)
        assert {answer.status_code for answer in answers} == {201}
        await asyncio.wait([gone])
        assert bar.edge.lanes == {}, steps


async def test_all_go_away(bar: Bar) -> None:
    for steps in range(0, 120, 3):
        asking = [asyncio.create_task(bar.ask(number % 6)) for number in range(8)]
        for _ in range(steps):
            await asyncio.sleep(0)
        for each in asking:
            each.cancel()
        await asyncio.wait(asking)
        assert (await asyncio.wait_for(bar.ask(1), timeout=_SURELY_S)).status_code == 201, steps


@pytest.mark.parametrize("name", ["alone", "refused", "spoils", "breaks"])
async def test_who_must_go_alone_is_answered_alone(bar: Bar, name: str) -> None:
    answers = await asyncio.gather(*(bar.ask(number, name if number % 3 == 2 else "cup") for number in range(40)))
    assert [answer.status_code for answer in answers] == [
        404 if name == "refused" and number % 3 == 2 else 201 for number in range(40)
    ]
    assert [answer.json().get("number", number) for number, answer in enumerate(answers)] == list(range(40))
    crowds = {answer.json().get("together", 1) for answer in answers}
    assert crowds == {1} if name in {"spoils", "breaks"} else max(crowds) > 20


async def test_many_of_one_are_answered_in_the_order_in_which_they_came(bar: Bar) -> None:
    heard: list[int] = []

    async def ask(place: int) -> None:
        await bar.ask(7, f"cup {place}")
        heard.append(place)

    await asyncio.wait_for(asyncio.gather(*map(ask, range(30))), timeout=_SURELY_S)
    assert heard == list(range(30))


async def test_who_waits_too_long_is_told_so(
    bar: Bar, database: Database, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for a connection: nobody waits for ever, and nothing was done. A place is held until the rows are free."""
    monkeypatch.setattr(kit, "_LONGEST_S", 0.3)
    async with database.transaction(shop.organization_id) as tx:
        await tx.execute(_LOCK)
        held = asyncio.create_task(bar.ask(1, "locks"))
        for _ in range(5):
            await asyncio.sleep(0)
        assert bar.edge.lanes
        waiting = await asyncio.wait_for(asyncio.gather(*(bar.ask(1) for _ in range(6))), timeout=_SURELY_S)
        assert [(answer.status_code, answer.json()["code"]) for answer in waiting] == [(503, "busy")] * 6
        assert (await asyncio.wait_for(bar.ask(2), timeout=_SURELY_S)).status_code == 201
        assert not held.done()
    assert (await held).status_code == 201


async def test_who_goes_alone_keeps_those_waiting_who_are_about_the_same(
    bar: Bar, database: Database, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that somebody holds costs the others one attempt, not one for each who wants it."""
    monkeypatch.setattr(kit, "_PATIENCE_S", 0.01)
    async with database.transaction(shop.organization_id) as tx:
        await tx.execute(_LOCK)
        held = [asyncio.create_task(bar.ask(number, "locks")) for number in range(3)]
        for number in range(10, 14):
            held.append(asyncio.create_task(bar.ask(1)))
            others = await asyncio.wait_for(asyncio.gather(bar.ask(number), bar.ask(number + 10)), timeout=_SURELY_S)
            assert [answer.status_code for answer in others] == [201, 201]
            monkeypatch.setattr(kit, "_PATIENCE_S", 60)  # what is held counts no more, so nobody waits for that again
        assert not any(each.done() for each in held)
    answers = await asyncio.wait_for(asyncio.gather(*held), timeout=_SURELY_S)
    assert {answer.status_code for answer in answers} == {201}


async def test_refusals_are_in_the_language_of_each(bar: Bar) -> None:
    languages = ["en", "fr", "ar"] * 5
    asked = (bar.ask(number, "refused", **{"Accept-Language": language}) for number, language in enumerate(languages))
    answers = await asyncio.gather(*asked)
    assert [answer.headers["content-language"] for answer in answers] == languages
    assert {answer.headers["content-type"] for answer in answers} == {"application/problem+json"}


async def test_who_is_not_let_in_hears_that_before_what_is_wrong_with_the_body(bar: Bar) -> None:
    async def ask(number: int) -> httpx.Response:
        wrong = [b"{", b'{"name": "cup"}', b'{"name": "cup", "number": 1, "more": 1}'][number % 3]
        kind = {"Content-Type": "application/json" if number % 2 else "text/plain"}
        headers = kind | ({"Authorization": "Bearer nonsense"} if number % 4 > 1 else {})
        return await bar.client.post("/cups", content=wrong, headers=headers)

    answers = await asyncio.gather(*map(ask, range(24)))
    assert [answer.status_code for answer in answers] == [401 if number % 4 > 1 else 422 for number in range(24)]
    large = await bar.client.post("/cups", content=b" " * 20_000, headers={"Content-Type": "application/json"})
    assert large.status_code == 413
