"""What was written to a customer: told, listed, and gone with them."""

from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from passerelle.customers import service as customers
from passerelle.customers.errors import CustomerGone, CustomerNotFound
from passerelle.customers.schemas import NewCustomer
from passerelle.kit import clock
from passerelle.kit.config import Settings
from passerelle.kit.db import Database, Tx
from passerelle.kit.ids import encode, new_id
from passerelle.kit.jobs import Work
from passerelle.kit.wire import after
from passerelle.messaging import jobs, personal_data, service
from passerelle.messaging.schemas import MessageTopic
from tests.conftest import Shop

CUSTOMERS = "/api/v1/customers"


async def _register(tx: Tx) -> UUID:
    return (await customers.register(tx, NewCustomer(first_name="Ada"))).customer_id


async def _queue(tx: Tx, customer_id: UUID, topic: MessageTopic = "page_link") -> UUID:
    return await service.queue_message(tx, customer_id, channel="email", topic=topic)


async def _states(tx: Tx, customer_id: UUID) -> list[tuple[UUID, str]]:
    return [(one.id, one.state) for one in await service.list_messages(tx, customer_id, after(None), 200)]


@pytest_asyncio.fixture
async def ada(tx: Tx) -> UUID:
    return await _register(tx)


async def test_the_last_word_about_a_message_holds_and_only_news_is_announced(tx: Tx, ada: UUID) -> None:
    start = clock.now()
    with clock.frozen(start):
        message_id = await _queue(tx, ada)
    assert await _states(tx, ada) == [(message_id, "queued")]
    told_in_turn: tuple[Literal["sent", "failed"], ...] = ("failed", "failed", "sent", "sent")
    for minute, state in enumerate(told_in_turn, 1):
        with clock.frozen(start + timedelta(minutes=minute)):
            await service.tell(tx, message_id, state)
        [told] = await service.list_messages(tx, ada, after(None), 200)
        assert (told.id, told.state, told.created_at) == (message_id, state, start)
        assert told.changed_at == start + timedelta(minutes=minute)
    [failed, sent] = [event for event in tx.events if event.name.startswith("message.")]
    assert (failed.name, sent.name) == ("message.failed", "message.sent")
    assert sent.payload() == failed.payload()
    assert sent.payload() == {"message_id": message_id, "customer_id": ada, "channel": "email", "topic": "page_link"}


async def test_what_was_never_written_is_withdrawn_and_what_failed_stays(tx: Tx, ada: UUID) -> None:
    unwritten, failed = await _queue(tx, ada), await _queue(tx, ada)
    await service.tell(tx, failed, "failed")
    for message_id in (unwritten, failed):
        await service.withdraw(tx, message_id)
    assert await _states(tx, ada) == [(failed, "failed")]


async def test_nothing_is_queued_for_nobody(tx: Tx, ada: UUID) -> None:
    with pytest.raises(CustomerNotFound):
        await _queue(tx, new_id())
    await customers.erase(tx, ada)
    with pytest.raises(CustomerGone):
        await _queue(tx, ada)


async def test_the_export_holds_every_message_and_erasure_leaves_none(
    tx: Tx, ada: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(personal_data, "_PAGE", 2)
    other = await _register(tx)
    kept = await _queue(tx, other)
    written = [
        await _queue(tx, ada, topic) for topic in ("page_link", "new_address", "new_number", "address_changed")
    ]
    exported = (await personal_data.export(tx, ada))["messages"]
    assert [one["id"] for one in exported] == [encode("msg", message_id) for message_id in reversed(written)]
    assert [one["topic"] for one in exported] == ["address_changed", "new_number", "new_address", "page_link"]
    await personal_data.erase(tx, ada)
    await service.tell(tx, written[0], "sent")  # the job that was under way
    assert await _states(tx, ada) == []
    assert await _states(tx, other) == [(kept, "queued")]
    assert not [event for event in tx.events if event.name.startswith("message.")]


async def test_a_merge_takes_messages_along_and_they_are_told_there(tx: Tx, ada: UUID) -> None:
    entry = await _register(tx)
    message_id = await _queue(tx, entry)
    await personal_data.merge(tx, ada, entry)
    await service.tell(tx, message_id, "sent")
    assert await _states(tx, ada) == [(message_id, "sent")]
    assert await _states(tx, entry) == []


async def test_messages_are_forgotten_after_a_year(database: Database, settings: Settings, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        ada = await _register(tx)
        message_id = await _queue(tx, ada)
    work, payload = Work(database, settings), {"organization_id": str(shop.organization_id)}
    for days, left in ((365, [(message_id, "queued")]), (367, [])):
        with clock.frozen(clock.now() + timedelta(days=days)):
            await jobs.prune(work, payload)
        async with database.transaction(shop.organization_id) as tx:
            assert await _states(tx, ada) == left


async def _two_with_messages(database: Database, shop: Shop) -> tuple[str, str, list[str]]:
    """A customer without a message, another one with three, and these, oldest first."""
    async with database.transaction(shop.organization_id) as tx:
        kept, merged = await _register(tx), await _register(tx)
        written = [await _queue(tx, merged) for _ in range(3)]
        await service.tell(tx, written[0], "sent")
        await service.tell(tx, written[1], "failed")
    return encode("cus", kept), encode("cus", merged), [encode("msg", message_id) for message_id in written]


async def _all(client: httpx.AsyncClient, place: str, **params: Any) -> list[dict[str, Any]]:
    """Every item of a list, in pages of two."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await client.get(place, params={"limit": 2} | params | cursor)).json()
        found += page["items"]
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}


async def test_messages_over_http(
    client: httpx.AsyncClient, database: Database, shop: Shop, other_shop: Shop
) -> None:
    without, customer, written = await _two_with_messages(database, shop)
    place = f"{CUSTOMERS}/{customer}/messages"
    listed = await _all(client, place)
    assert [one["id"] for one in listed] == list(reversed(written))
    assert [one["state"] for one in listed] == ["queued", "failed", "sent"]
    assert {(one["customer_id"], one["channel"], one["topic"]) for one in listed} == {
        (customer, "email", "page_link")
    }
    assert await _all(client, f"{CUSTOMERS}/{without}/messages") == []
    foreign = await client.get(place, headers=other_shop.headers)
    assert (foreign.status_code, foreign.json()["code"]) == (404, "customer_not_found")


async def test_the_timeline_tells_messages(client: httpx.AsyncClient, database: Database, shop: Shop) -> None:
    _, customer, written = await _two_with_messages(database, shop)
    place = f"{CUSTOMERS}/{customer}/timeline"
    told = await _all(client, place)
    assert [one["kind"] for one in told] == ["message", "message", "message", "registered"]
    assert [(one["message_id"], one["state"]) for one in told[:3]] == list(
        zip(reversed(written), ("queued", "failed", "sent"), strict=True)
    )
    assert await _all(client, place, kind="message") == told[:3]


async def test_two_entries_of_one_person_and_then_nobody(
    client: httpx.AsyncClient, database: Database, shop: Shop
) -> None:
    kept, merged, written = await _two_with_messages(database, shop)
    assert (await client.post(f"{CUSTOMERS}/{kept}/merge", json={"customer_id": merged})).status_code == 200
    assert [one["id"] for one in await _all(client, f"{CUSTOMERS}/{kept}/messages")] == list(reversed(written))
    assert [one["message_id"] for one in await _all(client, f"{CUSTOMERS}/{kept}/timeline", kind="message")] == list(
        reversed(written)
    )
    export = (await client.get(f"{CUSTOMERS}/{kept}/export")).json()
    assert written[0] in str(export)
    gone = await client.get(f"{CUSTOMERS}/{merged}/messages")
    assert (gone.status_code, gone.json()["code"]) == (410, "customer_merged")
    assert (await client.post(f"{CUSTOMERS}/{kept}/erase")).status_code in {200, 204}
    async with database.transaction(shop.organization_id) as tx:
        assert await tx.fetchval("SELECT count(*) FROM messages") == 0
