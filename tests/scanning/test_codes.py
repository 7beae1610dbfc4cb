"""Codes at the counter: what each operation takes and refuses, how it is judged, two tills at once."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio

from passerelle.kit import clock
from passerelle.kit.db import Database
from passerelle.passes import code_rules
from passerelle.passes import service as passes
from passerelle.passes.rendering import keys_of_code
from tests.conftest import Shop
from tests.scanning.test_routes import post, till

Json = dict[str, Any]


class Card:
    """A member's card with a free coffee, and what it shows."""

    def __init__(self, client: httpx.AsyncClient, keys: Any, made: Json, program: str, reward: str) -> None:
        self.client, self.keys, self.program, self.reward = client, keys, program, reward
        self.id: str = made["id"]
        self.code: str = made["code"]

    @property
    def signed(self) -> str:
        return self.code + code_rules.signed_proof(keys_of_code(self.keys, self.code), self.code)

    def rotating(self, at: datetime | None = None) -> str:
        step = code_rules.step_at(at or clock.now())
        return self.code + code_rules.rotating_proof(keys_of_code(self.keys, self.code), step)

    async def ask_for(self, kind: str, **more: Any) -> None:
        answer = await self.client.put(f"/api/v1/programs/{self.program}/code-rule", json={"code_kind": kind, **more})
        assert answer.is_success, answer.text

    async def buy(self, code: str, **more: Any) -> httpx.Response:
        return await self.client.post("/api/v1/scans/purchases", json={"code": code, "amount_minor": 450, **more})

    async def redeem(self, code: str, **more: Any) -> httpx.Response:
        headers = more.pop("headers", None)
        body = {"code": code, "reward_id": self.reward, **more}
        return await self.client.post("/api/v1/scans/redemptions", json=body, headers=headers)


def code_of(answer: httpx.Response) -> str:
    """The refusal, or the status of what was done."""
    return str(answer.json().get("code") if answer.is_error else answer.status_code)


@pytest_asyncio.fixture
async def card(client: httpx.AsyncClient, shop: Shop, database: Database) -> Card:
    """With stamps for two coffees."""
    program = {"name": "Club", "kind": "stamps", "goal": 3, "reward_name": "Free coffee"}
    club = await post(client, "/api/v1/programs", program)
    customer = await post(client, "/api/v1/customers", {"first_name": "Lina"})
    member = await post(client, f"/api/v1/programs/{club['id']}/members", {"customer_id": customer["id"]})
    made = await post(client, "/api/v1/passes", {"membership_id": member["id"]})
    await post(client, "/api/v1/scans/visits", {"code": made["code"], "units": 6})
    rewards = (await client.get(f"/api/v1/rewards?program_id={club['id']}")).json()
    async with database.transaction(shop.organization_id) as tx:
        keys = await tx.vault.keys(tx)
    return Card(client, keys, made, club["id"], rewards["items"][0]["id"])


async def test_without_a_rule_everything_is_taken(client: httpx.AsyncClient, card: Card) -> None:
    rule = (await client.get(f"/api/v1/programs/{card.program}/code-rule")).json()
    assert rule == {"code_kind": "static", "copies_may": "everything", "single_use": False, "period_seconds": 30}
    for value, kind in ((card.code, "static"), (card.signed, "signed"), (card.rotating(), "rotating")):
        seen = await post(client, "/api/v1/scans", {"code": value})
        assert (seen["code"], seen["code_may"], "redeem" in seen["may"]) == (kind, "everything", True)
    assert seen["code_age_seconds"] < 60


async def test_what_is_made_up_is_refused_before_it_is_looked_up(client: httpx.AsyncClient, card: Card) -> None:
    made_up = "0" * 16 + card.signed[16:]
    for value in (made_up, card.code + "u" + "0" * 13, card.code + "u00000000" + card.rotating()[-10:]):
        answer = await client.post("/api/v1/scans", json={"code": value}, headers={"Accept-Language": "fr"})
        assert (answer.status_code, code_of(answer)) == (422, "code_wrong")
        assert "rouvrir" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("shown", "copies_may", "may", "bought", "redeemed"),
    [
        ("rotating", "look_up", "everything", "201", "201"),
        ("signed", "everything", "everything", "201", "201"),
        ("signed", "earn", "earn", "201", "code_not_enough"),
        ("signed", "look_up", "look_up", "code_not_enough", "code_not_enough"),
        ("static", "everything", "earn", "201", "code_not_enough"),
    ],
)
async def test_what_copies_may(
    client: httpx.AsyncClient, card: Card, shown: str, copies_may: str, may: str, bought: str, redeemed: str
) -> None:
    await card.ask_for("rotating", copies_may=copies_may)
    value = {"rotating": card.rotating(), "signed": card.signed, "static": card.code}[shown]
    seen = await post(client, "/api/v1/scans", {"code": value})
    assert (seen["code"], seen["code_may"]) == (shown, may)
    allowed = {"everything": ["purchase", "redeem", "undo"], "earn": ["purchase", "undo"], "look_up": ["undo"]}
    assert seen["may"] == allowed[may]
    assert code_of(await card.buy(value)) == bought
    assert code_of(await card.redeem(value)) == redeemed
    quote = await client.post("/api/v1/scans/payments/quote", json={"code": value, "amount_minor": 450})
    assert (code_of(quote) == "code_not_enough") is (redeemed == "code_not_enough")


async def test_an_old_code_is_judged_by_when_it_was_scanned(client: httpx.AsyncClient, card: Card) -> None:
    await card.ask_for("rotating")
    value = card.rotating(clock.now() - timedelta(minutes=2))
    for answer in (await card.buy(value), await card.redeem(value)):
        assert (answer.status_code, code_of(answer), answer.json()["params"]["minutes"]) == (409, "code_too_old", "2")
    refused = await client.post("/api/v1/scans", json={"code": value})
    assert code_of(refused) == "code_too_old"
    assert code_of(await card.buy(value, scanned_seconds_ago=120)) == "201"
    assert code_of(await card.redeem(value, scanned_seconds_ago=120)) == "201"
    assert code_of(await card.buy(value, scanned_seconds_ago=901)) == "invalid_request"
    assert code_of(await card.buy(card.rotating(clock.now() + timedelta(minutes=3)))) == "code_ahead"


async def test_coming_in_and_a_receipt_ask_what_a_purchase_asks(client: httpx.AsyncClient, card: Card) -> None:
    place = (await post(client, "/api/v1/locations", {"name": "Club"}))["id"]
    await client.put(f"/api/v1/locations/{place}/check-in", json={})
    receipt = (await post(client, "/api/v1/receipts", {"reference": "T-1", "amount_minor": 900}))["code"]
    await card.ask_for("rotating", copies_may="look_up")
    old = card.rotating(clock.now() - timedelta(minutes=2))

    async def answers(code: str, ago: int = 0) -> list[str]:
        come = {"code": code, "location_id": place, "scanned_seconds_ago": ago}
        claim = {"receipt": receipt, "card": code, "card_scanned_seconds_ago": ago}
        asked = [
            client.post("/api/v1/check-ins", json=come),
            client.post("/api/v1/receipts/claims/preview", json=claim),
            client.post("/api/v1/receipts/claims", json=claim),
        ]
        return [code_of(await each) for each in asked]

    assert await answers(card.signed) == ["code_not_enough"] * 3
    assert await answers(old) == ["code_too_old"] * 3
    assert await answers(old, 901) == ["invalid_request"] * 3
    assert await answers(old, 120) == ["201", "200", "201"]


async def test_one_of_two_tills_redeems(client: httpx.AsyncClient, card: Card) -> None:
    await card.ask_for("rotating", single_use=True)
    one, other = await till(client, "one"), await till(client, "other")
    value = card.rotating()
    answers = await asyncio.gather(card.redeem(value, headers=one), card.redeem(value, headers=other))
    assert sorted(map(code_of, answers)) == ["201", "code_used"]
    winner, loser = (one, other) if answers[0].is_success else (other, one)
    assert code_of(await card.redeem(value, headers=loser)) == "code_used"
    assert code_of(await card.redeem(value, headers=winner)) == "201"  # the same till goes on


async def test_a_refused_redemption_spends_no_code(client: httpx.AsyncClient, card: Card) -> None:
    await card.ask_for("rotating", single_use=True)
    one, other = await till(client, "one"), await till(client, "other")
    value = card.rotating()
    refused = await card.redeem(value, headers=one, purchase_id="pur_00000000000000000000000000")
    assert refused.is_error
    assert code_of(await card.redeem(value, headers=other)) == "201"


async def test_a_new_code_ends_the_old_one(client: httpx.AsyncClient, card: Card) -> None:
    await card.ask_for("signed")
    old, signed, rotating = card.code, card.signed, card.rotating()
    renewed = await post(client, f"/api/v1/passes/{card.id}/new-code", {})
    card.code = renewed["code"]
    assert card.code != old
    assert code_of(await card.buy(old)) == "card_unknown"
    assert code_of(await card.buy(signed)) == "code_replaced"
    assert code_of(await card.buy(rotating)) == "code_replaced"
    assert code_of(await card.redeem(card.signed)) == "201"
    assert (await client.get(f"/api/v1/passes/{card.id}")).json()["version"] > renewed["version"]
    gift = await client.post("/api/v1/passes/pas_00000000000000000000000000/new-code")
    assert code_of(gift) == "pass_not_found"


@pytest.mark.parametrize("reason", ["lost\x00", " ", "x" * 301])
async def test_a_card_is_blocked_for_a_reason_that_can_be_kept(
    client: httpx.AsyncClient, card: Card, reason: str
) -> None:
    refused = await client.post(f"/api/v1/passes/{card.id}/revoke", json={"reason": reason})
    assert code_of(refused) == "invalid_request"
    assert code_of(await card.buy(card.code)) == "201"


async def test_staff_find_a_customer_by_what_the_card_shows(client: httpx.AsyncClient, card: Card) -> None:
    for value in (card.code, card.signed, card.rotating(clock.now() - timedelta(days=1))):
        found = await post(client, "/api/v1/customers/directory", {"text": value})
        assert [each["customer"]["first_name"] for each in found["items"]] == ["Lina"]


async def test_an_unknown_program_has_no_rule(client: httpx.AsyncClient) -> None:
    path = "/api/v1/programs/prg_00000000000000000000000000/code-rule"
    assert code_of(await client.get(path)) == "program_not_found"
    assert code_of(await client.put(path, json={"code_kind": "signed"})) == "program_not_found"


async def test_many_cards_are_judged_as_each_is(card: Card, shop: Shop, database: Database) -> None:
    await card.ask_for("rotating", copies_may="look_up")
    old = clock.now() - timedelta(minutes=3)
    asked = [
        (card.rotating(), None, True),
        (card.rotating(old), None, False),
        (card.rotating(old), old, True),
        (card.signed, None, False),
        (card.code, None, False),
        ("0" * 16, None, False),
        (card.code + "u" + "0" * 13, None, False),
    ]
    async with database.transaction(shop.organization_id) as tx:
        found = await passes.find_cards(tx, [(value, at) for value, at, _ in asked], "earn")
    assert [each is not None for each in found] == [known for _, _, known in asked]


async def test_purchases_at_the_same_time_are_judged_too(client: httpx.AsyncClient, card: Card) -> None:
    await card.ask_for("rotating", copies_may="look_up")
    shown = [card.rotating(), card.signed, card.rotating(clock.now() - timedelta(minutes=3)), card.rotating()]
    answers = await asyncio.gather(*(card.buy(value) for value in shown * 3))
    assert list(map(code_of, answers)) == ["201", "code_not_enough", "code_too_old", "201"] * 3
