"""Asked, answered once, seen to: feedback over HTTP, with the job that follows the log and a real mail server."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import orjson
import pytest
import pytest_asyncio

from passerelle.feedback import jobs, service
from passerelle.feedback.errors import FeedbackClosed
from passerelle.feedback.schemas import AnswerIn
from passerelle.kit import clock
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.kit.ids import decode
from passerelle.kit.jobs import Work
from tests.conftest import Shop
from tests.factories.mailbox import Mailbox, mailbox

Json = dict[str, Any]
ON = {"enabled": True, "delay_minutes": 60, "every_days": 7, "occasions": ["purchase", "visit"], "by_mail": True}
AGREED = {
    "purpose": "marketing",
    "channel": "email",
    "state": "granted",
    "wording": "News by mail.",
    "wording_version": "1",
    "language": "en",
    "source": "till",
}


async def post(client: httpx.AsyncClient, path: str, body: Json) -> Json:
    """A write that must succeed."""
    answer = await client.post(path, json=body)
    assert answer.is_success, answer.text
    return dict(answer.json())


@contextmanager
def later(**span: float) -> Iterator[None]:
    """So much after now."""
    with clock.frozen(clock.now() + timedelta(**span)):
        yield


class Asking:
    """A shop that asks, its worker, and a program that gives 5 points for an answer."""

    def __init__(self, client: httpx.AsyncClient, work: Work, shop: Shop, box: Mailbox) -> None:
        self.client, self.work, self.shop, self.box = client, work, shop, box
        self.program: Json = {}

    @property
    def payload(self) -> Json:
        return {"organization_id": str(self.shop.organization_id)}

    async def card(self, **person: str) -> Json:
        customer = await post(self.client, "/api/v1/customers", {"first_name": "Lina"} | person)
        body = {"customer_id": customer["id"]}
        member = await post(self.client, f"/api/v1/programs/{self.program['id']}/members", body)
        card = await post(self.client, "/api/v1/passes", {"membership_id": member["id"]})
        return card | {"customer_id": customer["id"]}

    async def buy(self, card: Json, **fields: object) -> str:
        body = {"code": card["code"], "amount_minor": 500} | fields
        purchase: str = (await post(self.client, "/api/v1/scans/purchases", body))["purchase"]["id"]
        return purchase

    async def follow(self) -> None:
        """What the worker does every five minutes, and the mails after it."""
        await jobs.ask(self.work, self.payload)
        async with self.work.database.unscoped() as connection:
            rows = await connection.fetch("DELETE FROM pgqueuer WHERE entrypoint = 'feedback.mail' RETURNING payload")
        for row in rows:
            payload = orjson.loads(row["payload"])
            if payload["organization_id"] == self.payload["organization_id"]:
                await jobs.write(self.work, payload)

    async def asked(self, **wanted: object) -> list[Json]:
        found: list[Json] = (await self.client.get("/api/v1/feedback", params=wanted)).json()["items"]  # type: ignore[arg-type]  # plain values
        return found

    async def answer(self, feedback: Json, stars: int, words: str = "") -> None:
        async with self.work.database.transaction(self.shop.organization_id) as tx:
            await service.answer(tx, decode("fbk", feedback["id"]), AnswerIn(stars=stars, words=words))

    async def points(self, card: Json) -> int:
        return int((await post(self.client, "/api/v1/scans", {"code": card["code"]}))["balances"][0]["active"])


@pytest_asyncio.fixture
async def asking(
    client: httpx.AsyncClient, database: Database, settings: Settings, shop: Shop
) -> AsyncIterator[Asking]:
    async with mailbox() as box:
        work = Work(database, settings.model_copy(update={"smtp_url": box.url}))
        asking = Asking(client, work, shop, box)
        rules = [
            {"type": "per_amount", "amount_minor_per_step": 100},
            {"type": "per_event", "event": "feedback", "units": 5},
        ]
        asking.program = await post(client, "/api/v1/programs", {"name": "Club", "kind": "points", "rules": rules})
        assert (await client.put("/api/v1/feedback-settings", json=ON)).json()["enabled"]
        yield asking


async def test_nothing_is_asked_until_it_is_switched_on(asking: Asking) -> None:
    await asking.client.put("/api/v1/feedback-settings", json=ON | {"enabled": False})
    card = await asking.card()
    await asking.buy(card)
    await asking.follow()
    with later(minutes=10):
        await asking.client.put("/api/v1/feedback-settings", json=ON)
        await asking.follow()
    with later(hours=3):
        await asking.follow()
        assert await asking.asked() == []


async def test_a_visit_is_asked_about_once(asking: Asking) -> None:
    place = (await post(asking.client, "/api/v1/locations", {"name": "Old Port"}))["id"]
    card = await asking.card()
    await asking.buy(card, location_id=place)
    await post(asking.client, "/api/v1/scans/visits", {"code": card["code"], "units": 1})
    for _ in range(2):
        await asking.follow()
    assert await asking.asked() == []
    with later(hours=2):
        await asking.follow()
        [asked] = await asking.asked()
        assert (asked["occasion"], asked["location_id"], asked["stars"]) == ("purchase", place, None)
        assert asked["mail"] == "no_address"
    with later(days=8):
        await asking.buy(card)
        await asking.follow()
    with later(days=8, hours=2):
        assert len(await asking.asked()) == 2
        assert len(await asking.asked(which="waiting", location_id=place)) == 1


async def test_answers_of_today_hide_no_open_question(asking: Asking) -> None:
    await asking.client.put("/api/v1/feedback-settings", json=ON | {"every_days": 1})
    card = await asking.card()
    for day in range(4):
        with later(days=2 * day):
            await asking.buy(card)
            await asking.follow()
    with later(days=6, hours=3):
        *answered, oldest = await asking.asked()
        assert len(answered) == 3
        for each in answered:
            await asking.answer(each, 5)
        async with asking.work.database.transaction(asking.shop.organization_id) as tx:
            [left] = await service.list_asked(tx, decode("cus", card["customer_id"]))
        assert left.id == decode("fbk", oldest["id"])


async def test_what_is_undone_is_asked_about_no_more(asking: Asking) -> None:
    card = await asking.card()
    purchase = await asking.buy(card)
    await asking.follow()
    await post(asking.client, f"/api/v1/purchases/{purchase}/void", {})
    await asking.follow()
    with later(hours=2):
        assert await asking.asked() == []


async def test_an_answer_earns_once_and_is_changed_for_a_day(asking: Asking) -> None:
    card = await asking.card()
    await asking.buy(card)
    await asking.follow()
    with later(hours=2):
        [asked] = await asking.asked()
        await asking.answer(asked, 4, "Nice <b>coffee</b>")
    with later(hours=3):
        await asking.answer(asked, 2, "Cold, in fact")
        [shown] = await asking.asked(which="low_open", stars=2)
        assert shown["words"] == "Cold, in fact"
        assert shown["changed_at"] > shown["answered_at"]
    with later(hours=27), pytest.raises(FeedbackClosed):
        await asking.answer(asked, 5)
    assert await asking.points(card) == 5 + 5
    events = (await asking.client.get("/api/v1/events")).json()["items"]
    facts = {each["name"]: each["payload"] for each in events}
    assert facts["feedback.given"]["stars"] == 4
    assert facts["feedback.changed"]["stars"] == 2
    assert "Cold" not in str(events)
    timeline = (await asking.client.get(f"/api/v1/customers/{card['customer_id']}/timeline")).json()["items"]
    [entry] = [each for each in timeline if each["kind"] == "feedback"]
    assert (entry["stars"], entry["words"]) == (2, "Cold, in fact")


async def test_a_low_answer_waits_until_it_is_dealt_with(asking: Asking) -> None:
    card = await asking.card(email="lina@example.com")
    await asking.buy(card)
    await asking.follow()
    with later(hours=2):
        [asked] = await asking.asked()
        path = f"/api/v1/feedback/{asked['id']}"
        early = await asking.client.post(f"{path}/dealt-with", json={})
        assert early.json()["code"] == "feedback_not_answered"
        await asking.answer(asked, 1, "Never again")
        health = (await asking.client.get("/api/v1/attention")).json()["items"]
        assert [each["count"] for each in health if each["kind"] == "feedback_low"] == [1]
        async with asking.work.database.transaction(asking.shop.organization_id) as tx:
            await service.reply(tx, decode("fbk", asked["id"]), "We are sorry.")
        await asking.follow()
        assert "We are sorry." in asking.box.letters[-1].get_content()
        for _ in range(2):
            done = await post(asking.client, f"{path}/dealt-with", {"note": "Called her."})
        assert done["dealt_at"]
        assert done["reply"] == "We are sorry."
        notes = (await asking.client.get(f"/api/v1/customers/{card['customer_id']}/notes")).json()["items"]
        assert [each["text"] for each in notes] == ["Called her."]
        health = (await asking.client.get("/api/v1/attention")).json()["items"]
        assert "feedback_low" not in {each["kind"] for each in health}
        assert (await asking.client.post(f"{path}/reply", json={"text": "x"})).json()["code"] == "no_mail_to_customer"


async def test_a_note_of_nothing_visible_is_no_note(asking: Asking) -> None:
    card = await asking.card()
    await asking.buy(card)
    await asking.follow()
    with later(hours=2):
        [asked] = await asking.asked()
        await asking.answer(asked, 1)
        path = f"/api/v1/feedback/{asked['id']}/dealt-with"
        refused = await asking.client.post(path, json={"note": "\u200b"})
        assert refused.json()["code"] == "invalid_request"
        assert (await post(asking.client, path, {"note": "Called her."}))["dealt_at"]


@pytest.mark.parametrize(
    "days", [{"to": "9999-12-31"}, {"to": "0001-01-05"}, {"from": "9999-12-30", "to": "9999-12-31"}]
)
async def test_figures_end_where_the_calendar_does(client: httpx.AsyncClient, days: dict[str, str]) -> None:
    refused = await client.get("/api/v1/feedback/figures", params=days)
    assert refused.json()["code"] == "invalid_request"


async def test_mails_go_to_those_who_agreed_once(asking: Asking) -> None:
    agreed, silent = await asking.card(email="yes@example.com"), await asking.card(email="no@example.com")
    await post(asking.client, f"/api/v1/customers/{agreed['customer_id']}/consents", AGREED)
    for card in (agreed, silent):
        await asking.buy(card)
    await asking.follow()
    assert asking.box.letters == []
    with later(hours=2):
        for _ in range(3):
            await asking.follow()
        mails = {each["customer_id"]: each["mail"] for each in await asking.asked()}
        assert mails == {agreed["customer_id"]: "queued", silent["customer_id"]: "no_consent"}
        [letter] = asking.box.letters
        assert letter["To"] == "yes@example.com"
        path = next(word for word in letter.get_content().split() if "/visit/" in word)
        messages = (await asking.client.get(f"/api/v1/customers/{agreed['customer_id']}/messages")).json()["items"]
        assert [(each["topic"], each["state"]) for each in messages] == [("feedback_request", "sent")]
        shown = await asking.client.get(path)
        assert shown.status_code == 200
        assert "How was it at Café Central?" in shown.text
        wrong = await asking.client.post(path, data={"words": "no stars"})
        assert wrong.status_code == 422
        said = await asking.client.post(path, data={"stars": "5", "words": "<script>alert(1)</script> Merci"})
        assert said.status_code == 303
        again = await asking.client.get(said.headers["location"])
        assert "Thank you" in again.text
        assert "<script>alert" not in again.text
        [answered] = await asking.asked(which="answered")
        assert (answered["stars"], answered["words"]) == (5, "<script>alert(1)</script> Merci")
        assert (await asking.client.get(f"{path[:-1]}{'0' if path[-1] != '0' else '1'}")).status_code == 404


async def test_figures_by_week_and_location(asking: Asking) -> None:
    place = (await post(asking.client, "/api/v1/locations", {"name": "Old Port"}))["id"]
    cards = [await asking.card() for _ in range(4)]
    for number, card in enumerate(cards):
        await asking.buy(card, **({"location_id": place} if number else {}))
    await asking.follow()
    with later(hours=2):
        asked = {each["customer_id"]: each for each in await asking.asked()}
        for card, stars in zip(cards[1:3], (5, 2), strict=True):
            await asking.answer(asked[card["customer_id"]], stars)
        items = (await asking.client.get("/api/v1/feedback/figures")).json()["items"]
    known = [
        {name: each[name] for name in ("location_id", "asked", "answered", "low", "mean_hundredths")}
        for each in items
    ]
    assert {"location_id": place, "asked": 3, "answered": 2, "low": 1, "mean_hundredths": 350} in known
    assert {"location_id": None, "asked": 1, "answered": 0, "low": 0, "mean_hundredths": None} in known
    bad = await asking.client.get("/api/v1/feedback/figures", params={"from": "2026-01-02", "to": "2026-01-01"})
    assert bad.status_code == 422


async def test_erasure_takes_the_words(asking: Asking, other_shop: Shop) -> None:
    card = await asking.card()
    await asking.buy(card)
    await asking.follow()
    with later(hours=2):
        [asked] = await asking.asked()
        await asking.answer(asked, 2, "Lina was here")
        foreign = await asking.client.get(f"/api/v1/feedback/{asked['id']}", headers=other_shop.headers)
        assert foreign.status_code == 404
        customer = card["customer_id"]
        exported = (await asking.client.get(f"/api/v1/customers/{customer}/export")).json()["data"]
        assert exported["feedback"][0]["words"] == "Lina was here"
        await post(asking.client, f"/api/v1/customers/{customer}/erase", {})
        left = (await asking.client.get(f"/api/v1/feedback/{asked['id']}")).json()
        assert (left["stars"], left["words"]) == (2, None)
        async with asking.work.database.transaction(asking.shop.organization_id) as tx:
            stored = await tx.fetch("SELECT words FROM feedback WHERE organization_id = $1", tx.organization_id)
    assert [row["words"] for row in stored] == [None]
    assert isinstance(decode("fbk", asked["id"]), UUID)
