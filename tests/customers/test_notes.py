"""Notes about customers."""

from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from passerelle.customers import service as customers
from passerelle.customers.notes import personal_data, service
from passerelle.customers.notes.errors import NoteNotFound, TooManyNotes
from passerelle.customers.notes.routes import router
from passerelle.customers.notes.schemas import NoteIn
from passerelle.customers.schemas import NewCustomer
from passerelle.kit.config import Settings
from passerelle.kit.db import Database, Tx
from passerelle.kit.ids import encode, new_id
from passerelle.kit.web import Edge, install_problems
from passerelle.kit.wire import after
from passerelle.organizations import service as organizations
from tests.conftest import Shop

SECRET = "Allergic to nuts; daughter is called Mina"


@pytest_asyncio.fixture
async def ada(tx: Tx) -> UUID:
    return (await customers.register(tx, NewCustomer(first_name="Ada"))).customer_id


async def test_a_note_is_written_read_and_removed(tx: Tx, ada: UUID) -> None:
    first = await service.add_note(tx, ada, NoteIn(text="first"))
    second = await service.add_note(tx, ada, NoteIn(text=f"  {SECRET} "))
    assert [(note.text, note.actor) for note in await service.list_notes(tx, ada, after(None), 10)] == [
        (SECRET, "system"),
        ("first", "system"),
    ]
    assert [note.id for note in await service.list_notes(tx, ada, second.id, 10)] == [first.id]
    await service.remove_note(tx, ada, first.id)
    assert [note.id for note in await service.list_notes(tx, ada, after(None), 10)] == [second.id]
    with pytest.raises(NoteNotFound):
        await service.remove_note(tx, ada, first.id)
    assert [event.name for event in tx.events] == ["customer.registered", "note.added", "note.added", "note.removed"]
    assert SECRET not in repr([event.payload() for event in tx.events])
    assert SECRET not in repr(second)


async def test_a_note_is_encrypted_and_goes_with_the_person(tx: Tx, ada: UUID) -> None:
    await service.add_note(tx, ada, NoteIn(text=SECRET))
    kept = await tx.fetchval("SELECT text FROM customer_notes WHERE organization_id = $1", tx.organization_id)
    assert b"nuts" not in kept
    assert (await personal_data.export(tx, ada))["notes"][0]["text"] == SECRET
    await personal_data.erase(tx, ada)
    assert await tx.fetchval("SELECT count(*) FROM customer_notes") == 0


async def test_notes_are_bounded(tx: Tx, ada: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MAX_NOTES", 2)
    for _ in range(2):
        await service.add_note(tx, ada, NoteIn(text="x"))
    with pytest.raises(TooManyNotes):
        await service.add_note(tx, ada, NoteIn(text="x"))


@pytest_asyncio.fixture
async def client(database: Database, settings: Settings, shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.state.edge = Edge(database, settings, organizations.authenticate)
    install_problems(app)
    app.include_router(router)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver", headers=shop.headers) as opened:
        yield opened


@pytest.mark.parametrize(
    ("text", "code"), [("", "invalid_request"), (" \u200b", "invalid_request"), ("x" * 2001, "invalid_request")]
)
async def test_what_is_no_note(client: httpx.AsyncClient, text: str, code: str) -> None:
    answer = await client.post(f"/api/v1/customers/{encode('cus', new_id())}/notes", json={"text": text})
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_notes_over_http(client: httpx.AsyncClient, database: Database, shop: Shop, other_shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        ada = (await customers.register(tx, NewCustomer(first_name="Ada"))).customer_id
    place = f"/api/v1/customers/{encode('cus', ada)}/notes"
    made = await client.post(place, json={"text": "<b>hello</b>"})
    assert (made.status_code, made.json()["text"]) == (201, "<b>hello</b>")
    assert (await client.get(place)).json()["items"] == [made.json()]
    foreign = await client.get(place, headers=other_shop.headers)
    assert (foreign.status_code, foreign.json()["code"]) == (404, "customer_not_found")
    assert (await client.delete(f"{place}/{made.json()['id']}", headers=other_shop.headers)).status_code == 404
    assert (await client.delete(f"{place}/{made.json()['id']}")).status_code == 204
