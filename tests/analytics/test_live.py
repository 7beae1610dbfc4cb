"""The live stream on a real socket: who hears what, from where on, and until when."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import orjson
import pytest
import pytest_asyncio

from passerelle.analytics import live
from passerelle.entry.api import create_app
from passerelle.kit import clock
from passerelle.kit.actors import Actor
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.organizations import service as organizations
from passerelle.organizations.schemas import ApiKeyIn
from passerelle.purchases import service as purchases
from passerelle.purchases.schemas import NewPurchase
from tests.analytics.stories import Deed, Teller
from tests.conftest import PASSWORD, Shop
from tests.factories.served import served


@dataclass
class Message:
    """One server-sent event."""

    kind: str
    id: str | None
    data: dict[str, Any]


class Stream:
    """An open stream, read message by message."""

    def __init__(self, response: httpx.Response) -> None:
        self._lines = response.aiter_lines()

    async def next(self) -> Message:
        """The next message; comments are left out."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(8):
            async for line in self._lines:
                if not line and "event" in fields:
                    return Message(fields["event"], fields.get("id"), orjson.loads(fields["data"]))
                name, _, value = line.partition(": ")
                fields[name] = value
        raise AssertionError("The stream has ended.")

    async def fact(self) -> dict[str, Any]:
        """The next message, which must be a fact."""
        message = await self.next()
        assert message.kind == "fact", message
        return message.data


@pytest_asyncio.fixture
async def at(database: Database, settings: Settings) -> AsyncIterator[str]:
    """The address of an application whose streams look every few milliseconds."""
    app = create_app(database, settings)
    app.state.live = live.Live(database, poll_seconds=0.02)
    async with served(app) as address:
        yield address


@asynccontextmanager
async def watching(at: str, headers: dict[str, str], **more: str) -> AsyncIterator[Stream]:
    """A stream that has said that it is ready."""
    async with (
        httpx.AsyncClient(base_url=at, timeout=10) as client,
        client.stream("GET", "/api/v1/live", headers=headers | more) as response,
    ):
        assert response.status_code == 200, await response.aread()
        assert response.headers["content-type"].startswith("text/event-stream")
        stream = Stream(response)
        assert (await stream.next()).kind == "ready"
        yield stream


async def buy(teller: Teller, amount_minor: int) -> None:
    await teller.tell([Deed("A", clock.now(), amount_minor, at_second=False)])


async def test_a_scan_is_told_without_saying_whose(at: str, shop: Shop, teller: Teller) -> None:
    await teller.tell([Deed("A", clock.now(), 100, at_second=False)])
    async with watching(at, shop.headers) as stream:
        await buy(teller, 450)
        told = await stream.fact()
        while told.get("amount_minor") != 450:
            told = await stream.fact()
    assert told.keys() == {"id", "name", "occurred_at", "amount_minor", "currency", "location_id"}
    assert (told["name"], told["currency"]) == ("purchase.recorded", "EUR")
    assert told["location_id"].startswith("loc_")
    assert str(teller.members["A"][0]) not in str(told)


async def test_another_tenant_hears_nothing(
    database: Database, at: str, shop: Shop, other_shop: Shop, teller: Teller
) -> None:
    other = await Teller.open(database, other_shop)
    async with watching(at, shop.headers) as mine, watching(at, other_shop.headers) as theirs:
        await buy(teller, 111)
        await buy(other, 222)
        mine_told = [await mine.fact() for _ in range(2)]
        theirs_told = [await theirs.fact() for _ in range(2)]
    assert [told.get("amount_minor") for told in mine_told] == [None, 111]
    assert [told.get("amount_minor") for told in theirs_told] == [None, 222]


async def test_it_goes_on_where_it_was_broken_off(at: str, shop: Shop, teller: Teller) -> None:
    await buy(teller, 1)
    async with watching(at, shop.headers) as stream:
        await buy(teller, 2)
        first = await stream.next()
    await buy(teller, 3)
    await buy(teller, 4)
    assert first.id is not None
    async with watching(at, shop.headers, **{"Last-Event-ID": first.id}) as stream:
        assert [(await stream.fact())["amount_minor"] for _ in range(2)] == [3, 4]
        await buy(teller, 5)
        assert (await stream.fact())["amount_minor"] == 5


async def test_too_much_was_missed(at: str, shop: Shop, teller: Teller, monkeypatch: pytest.MonkeyPatch) -> None:
    async with watching(at, shop.headers) as stream:
        await buy(teller, 1)
        first = await stream.next()
    await buy(teller, 2)
    await buy(teller, 3)
    monkeypatch.setattr(live, "_AT_ONCE", 2)
    assert first.id is not None
    async with watching(at, shop.headers, **{"Last-Event-ID": first.id}) as stream:
        assert (await stream.next()).kind == "reload"


async def test_it_ends_with_the_session(at: str, shop: Shop) -> None:
    async with httpx.AsyncClient(base_url=at) as browser:
        await browser.post("/api/v1/sessions", json={"email": shop.email, "password": PASSWORD})
        async with browser.stream("GET", "/api/v1/live") as response:
            stream = Stream(response)
            assert (await stream.next()).kind == "ready"
            assert (await browser.delete("/api/v1/sessions/current")).status_code == 204
            assert (await stream.next()).kind == "ended"


async def test_a_key_without_the_scope_hears_nothing(database: Database, at: str, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        tx.actor = Actor("system", None, frozenset({"*"}))
        _, key = await organizations.create_api_key(tx, ApiKeyIn(name="Till", scopes=["scans:write"]))
    async with httpx.AsyncClient(base_url=at) as client:
        refused = await client.get("/api/v1/live", headers={"Authorization": f"Bearer {key}"})
        unknown = await client.get("/api/v1/live", headers=shop.headers | {"Last-Event-ID": "evt_1"})
    assert (refused.status_code, unknown.status_code) == (403, 422)


async def test_streams_are_limited(at: str, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MAX_STREAMS_PER_ORGANIZATION", 1)
    async with watching(at, shop.headers), httpx.AsyncClient(base_url=at) as client:
        refused = await client.get("/api/v1/live", headers=shop.headers)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_streams")
    assert refused.headers["retry-after"] == "60"


async def test_a_stop_of_the_server_ends_streams(database: Database, settings: Settings, shop: Shop) -> None:
    app = create_app(database, settings)
    async with served(app) as at, watching(at, shop.headers) as stream:
        app.state.live.end_all()
        assert (await stream.next()).kind == "ended"


async def test_a_late_commit_is_told_all_the_same(at: str, shop: Shop, teller: Teller) -> None:
    """The older id shows after the younger one, because its transaction took longer to commit."""
    await buy(teller, 1)
    async with watching(at, shop.headers) as stream:
        async with teller.transaction() as slow:
            await purchases.record_purchase(slow, NewPurchase(customer_id=teller.members["A"][0], amount_minor=7))
            for write in slow.at_commit:
                await write(slow)
            slow.at_commit.clear()
            await buy(teller, 8)
            assert (await stream.fact())["amount_minor"] == 8
        assert (await stream.fact())["amount_minor"] == 7
