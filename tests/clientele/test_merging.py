"""Two entries of one person."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final
from uuid import UUID

import pytest

from passerelle.clientele.merging.service import merge_customers
from passerelle.kit import clock
from passerelle.kit.db import Database
from passerelle.kit.ids import decode
from passerelle.ledger import service as ledger
from passerelle.ledger.schemas import Credit
from passerelle.privacy import service as privacy
from passerelle.wiring import PERSONAL_DATA
from tests.clientele.conftest import CUSTOMERS, Json, Office, until_somebody_waits
from tests.conftest import Shop
from tests.factories.documents import Document

DOCUMENT: Final = Document("algorithms/imports.md")

CONSENT = {"purpose": "marketing", "channel": "sms", "wording": "Yes.", "wording_version": "1", "language": "en"}

_HAS_CUSTOMER = """
SELECT count(*) FROM information_schema.columns WHERE table_name = $1 AND column_name = 'customer_id'
"""


async def _merge(office: Office, kept: str, merged: str) -> Json:
    return await office.post(f"{CUSTOMERS}/{kept}/merge", {"customer_id": merged})


async def _refused(office: Office, kept: str, merged: str) -> tuple[int, str]:
    answer = await office.http.post(f"{CUSTOMERS}/{kept}/merge", json={"customer_id": merged})
    return answer.status_code, answer.json()["code"]


async def _two(office: Office) -> tuple[str, str]:
    kept = await office.customer(first_name="Ada", phone="0612345678", attributes={"city": "Rabat"})
    merged = await office.customer(
        first_name="A.", last_name="Lovelace", email="ada@example.com", attributes={"city": "Salé", "vip": True}
    )
    return kept, merged


async def test_what_the_kept_one_has_not_comes_from_the_other(office: Office) -> None:
    kept, merged = await _two(office)
    await _merge(office, kept, merged)
    seen = await office.get(f"{CUSTOMERS}/{kept}")
    assert (seen["first_name"], seen["last_name"]) == ("Ada", None)  # a name is whole or another one
    assert (seen["phone"], seen["email"]) == ("+33612345678", "ada@example.com")
    assert seen["attributes"] == {"city": "Rabat", "vip": True}
    for text, found in (("ada", [kept]), ("ada@example.com", [kept]), ("lovelace", [])):
        assert [entry["id"] for entry in await office.find(text=text)] == found
    answer = await office.http.get(f"{CUSTOMERS}/{merged}")
    assert (answer.status_code, answer.json()["code"]) == (410, "customer_merged")
    assert answer.json()["params"]["customer"] == kept


async def _member(office: Office, program: str, customer: str, state: str) -> str | None:
    if state == "no member":
        return None
    member = await office.member(program, customer, 0 if "who left" in state else 40)
    if "suspended" in state or "who left" in state:
        wanted = "suspended" if "suspended" in state else "ended"
        await office.http.patch(f"/api/v1/members/{member}", json={"state": wanted})
    return member


@pytest.mark.parametrize(
    "row", [pytest.param(row, id=" ".join(row.values())[:80]) for row in DOCUMENT.table("merge")]
)
async def test_memberships(office: Office, database: Database, shop: Shop, row: dict[str, str]) -> None:
    program = await office.program(goal=10, reward_name="Free coffee")
    kept, merged = await _two(office)
    kept_member = await _member(office, program, kept, row["in a program, the kept one is"])
    other = row["the other is"]
    other_member = await _member(office, program, merged, other)
    if other_member and "pending" in other:
        await _give_pending(database, shop, office, other_member)
    if other_member and "rewards" in other:
        reward = (await office.get("/api/v1/rewards", program_id=program))["items"][0]["id"]
        await office.post(f"/api/v1/members/{other_member}/gifts", {"reward_id": reward, "reason": "sorry"})
    happens = row["what happens"]
    if happens.startswith("refused"):
        before = await _everything(database, shop)
        assert await _refused(office, kept, merged) == (409, happens.split("`")[1])
        assert await _everything(database, shop) == before
        return
    await _merge(office, kept, merged)
    entry = next(one for one in await office.find() if one["id"] == kept)
    active = [one for one in entry["memberships"] if one["state"] == "active"]
    total = sum(one["balances"][0]["active"] for one in entry["memberships"])
    if "moves" in happens:
        assert [one["id"] for one in active] == [other_member]
    elif kept_member:
        assert [one["id"] for one in active] == [kept_member]
    expected = {"no member": 0, "a member who left": 0}
    assert total == expected.get(row["in a program, the kept one is"], 40) + expected.get(other, 40)
    async with database.transaction(shop.organization_id) as tx:
        assert await ledger.check_books(tx) == []


async def _give_pending(database: Database, shop: Shop, office: Office, member: str) -> None:
    unit = (await office.get(f"/api/v1/members/{member}"))["balances"][0]["unit_id"]
    credit = Credit(decode("mem", member), decode("unt", unit), 7, activates_at=clock.now() + timedelta(days=3))
    async with database.transaction(shop.organization_id) as tx:
        await ledger.post(tx, kind="accrual", reference="pending", credits=[credit])


async def _everything(database: Database, shop: Shop) -> dict[str, list[str]]:
    tables = ("customers", "memberships", "ledger_transfers", "ledger_lots", "events", "passes", "consents")
    found: dict[str, list[str]] = {}
    async with database.transaction(shop.organization_id) as tx:
        for name in tables:
            rows = await tx.fetch(f"SELECT * FROM {name} WHERE organization_id = $1", shop.organization_id)  # noqa: S608  constants above
            found[name] = sorted(str(tuple(row)) for row in rows)
    return found


async def test_lots_keep_their_last_days(office: Office, database: Database, shop: Shop) -> None:
    program = await office.program()
    kept, merged = await _two(office)
    member = decode("mem", await office.member(program, kept))
    other = decode("mem", await office.member(program, merged, 5))
    unit = decode("unt", (await office.get(f"/api/v1/programs/{program}"))["units"][0]["id"])
    days = [clock.now().replace(microsecond=0) + timedelta(days=day) for day in (10, 20)]
    async with database.transaction(shop.organization_id) as tx:
        lots = [Credit(other, unit, 10 * place, expires_at=day) for place, day in enumerate(days, 1)]
        await ledger.post(tx, kind="accrual", reference="lots", credits=lots)
    await _merge(office, kept, merged)
    async with database.transaction(shop.organization_id) as tx:
        assert await ledger.next_expiries(tx, member, unit, 10) == [(days[0], 10), (days[1], 20)]
        balances = await ledger.balances(tx, [member, other])
        assert (balances[member][unit].active, balances[other][unit].active) == (35, 0)


async def test_history_cards_and_consents_follow(office: Office) -> None:
    program = await office.program()
    kept, merged = await _two(office)
    card = await office.post("/api/v1/passes", {"membership_id": await office.member(program, merged, 3)})
    await office.post("/api/v1/scans/purchases", {"code": card["code"], "amount_minor": 700})
    await office.post(f"{CUSTOMERS}/{merged}/notes", {"text": "likes oat milk"})
    await office.post(f"{CUSTOMERS}/{merged}/consents", CONSENT | {"state": "granted"})
    await _merge(office, kept, merged)
    assert (await office.get("/api/v1/passes", customer_id=kept))["items"][0]["id"] == card["id"]
    assert (await office.post("/api/v1/scans", {"code": card["code"]}))["customer"]["id"] == kept
    kinds = [entry["kind"] for entry in (await office.get(f"{CUSTOMERS}/{kept}/timeline"))["items"]]
    assert sorted(kinds) == sorted(["consent", "note", "units", "purchase", "card", "units", "joined", "registered"])
    exported = (await office.get(f"{CUSTOMERS}/{kept}/export"))["data"]
    assert [purchase["amount_minor"] for purchase in exported["purchases"]] == [700]
    consents = (await office.get(f"{CUSTOMERS}/{kept}/consents/current"))["items"]
    assert [(consent["purpose"], consent["state"]) for consent in consents] == [("marketing", "granted")]


async def _bought(office: Office, card: Json, *amounts: int) -> list[str]:
    """Purchases of so many cents, a point for each euro."""
    told = [{"code": card["code"], "amount_minor": amount} for amount in amounts]
    return [(await office.post("/api/v1/scans/purchases", each))["purchase"]["id"] for each in told]


@pytest.mark.parametrize("policy", ["refuse", "owe", "forgive"])
async def test_what_a_purchase_of_the_other_earned_is_taken_back_from_the_kept_one(
    office: Office, database: Database, shop: Shop, policy: str
) -> None:
    """In slices and whole, as if they had never been two; what the person spent follows the policy of the unit."""
    units = [{"code": "points", "kind": "points", "shortfall": policy}]
    program = await office.program(units=units, goal=30, reward_name="Mug")
    kept, merged = await _two(office)
    third = await office.customer(first_name="Ada again", phone="+33612345670")
    other = await office.member(program, merged)
    card = await office.post("/api/v1/passes", {"membership_id": other})
    first, second = await _bought(office, card, 4_000, 5_000)
    between, last = await office.member(program, third, 3), await office.member(program, kept, 7)
    await _merge(office, third, merged)
    await _merge(office, kept, third)  # what was booked over once was booked over again
    members = (other, between, last)
    assert [await office.points(each) for each in members] == [0, 0, 100]
    await office.post(f"/api/v1/purchases/{first}/refunds", {"amount_minor": 1_000})
    assert [await office.points(each) for each in members] == [0, 0, 90]
    await office.post(f"/api/v1/purchases/{second}/void", {"reason": "returned"})
    assert [await office.points(each) for each in members] == [0, 0, 40]
    reward = (await office.get("/api/v1/rewards", program_id=program))["items"][0]["id"]
    own = await office.post("/api/v1/passes", {"membership_id": last})
    await office.post("/api/v1/scans/redemptions", {"code": own["code"], "reward_id": reward, "reference": "mug"})
    refund = {"amount_minor": 3_000}
    answer = await office.http.post(f"/api/v1/purchases/{first}/refunds", json=refund)
    if policy == "refuse":
        assert (answer.status_code, answer.json()["code"]) == (409, "spent_meanwhile")
        answer = await office.http.post(f"/api/v1/purchases/{first}/refunds", json=refund | {"forgive_missing": True})
    assert answer.status_code == 201, answer.text
    assert [await office.points(each) for each in members] == [0, 0, -20 if policy == "owe" else 0]
    async with database.transaction(shop.organization_id) as tx:
        assert await ledger.check_books(tx) == []


async def test_the_last_word_counts_whoever_said_it(office: Office) -> None:
    kept, merged = await _two(office)
    first, second = ((clock.now() - timedelta(hours=hours)).isoformat() for hours in (2, 1))
    await office.post(f"{CUSTOMERS}/{kept}/consents", CONSENT | {"state": "granted", "given_at": first})
    await office.post(f"{CUSTOMERS}/{merged}/consents", CONSENT | {"state": "withdrawn", "given_at": second})
    await _merge(office, kept, merged)
    (consent,) = (await office.get(f"{CUSTOMERS}/{kept}/consents/current"))["items"]
    assert consent["state"] == "withdrawn"


@pytest.mark.parametrize("kept_has_card", [True, False])
async def test_one_of_two_cards_goes_on_working(office: Office, kept_has_card: bool) -> None:  # noqa: FBT001  a column
    program = await office.program()
    kept, merged = await _two(office)
    member = await office.member(program, kept, 10)
    own = await office.post("/api/v1/passes", {"membership_id": member}) if kept_has_card else None
    other = await office.post("/api/v1/passes", {"membership_id": await office.member(program, merged, 5)})
    await _merge(office, kept, merged)
    works, blocked = (own, other) if own else (other, None)
    scanned = await office.post("/api/v1/scans", {"code": works["code"]})
    assert (scanned["membership_id"], scanned["balances"][0]["active"]) == (member, 15)
    if blocked:
        answer = await office.http.post("/api/v1/scans", json={"code": blocked["code"]})
        assert answer.json()["code"] == "card_revoked"


async def test_merging_again_changes_nothing(office: Office, database: Database, shop: Shop) -> None:
    program = await office.program()
    kept, merged = await _two(office)
    await office.member(program, kept, 10)
    await office.member(program, merged, 5)
    assert (await _merge(office, kept, merged))["replayed"] is False
    before = await _everything(database, shop)
    assert (await _merge(office, kept, merged))["replayed"] is True
    assert await _everything(database, shop) == before


async def test_chains_lead_to_the_last_one(office: Office) -> None:
    kept, merged = await _two(office)
    third = await office.customer(first_name="Third")
    await _merge(office, merged, third)
    await _merge(office, kept, merged)
    for gone in (merged, third):
        answer = await office.http.get(f"{CUSTOMERS}/{gone}")
        assert answer.json()["params"]["customer"] == kept


async def test_what_cannot_be_merged(office: Office, other_shop: Shop) -> None:
    kept, merged = await _two(office)
    erased = await office.customer(first_name="Gone")
    await office.post(f"{CUSTOMERS}/{erased}/erase")
    assert await _refused(office, kept, kept) == (422, "same_customer")
    assert await _refused(office, kept, erased) == (410, "customer_erased")
    assert await _refused(office, erased, kept) == (410, "customer_erased")
    await _merge(office, kept, merged)
    third = await office.customer(first_name="Third")
    assert await _refused(office, third, merged) == (410, "customer_merged")
    assert await _refused(office, merged, third) == (410, "customer_merged")
    office.http.headers.update(other_shop.headers)
    assert await _refused(office, kept, third) == (404, "customer_not_found")


async def test_a_merge_needs_both_scopes(office: Office, key_with: Callable[..., Awaitable[dict[str, str]]]) -> None:
    kept, merged = await _two(office)
    answer = await office.http.post(
        f"{CUSTOMERS}/{kept}/merge", json={"customer_id": merged}, headers=await key_with("customers:write")
    )
    assert (answer.status_code, answer.json()["params"]["scope"]) == (403, "ledger:adjust")


async def test_merges_that_cross_leave_one_person(office: Office, database: Database, shop: Shop) -> None:
    program = await office.program()
    kept, merged = await _two(office)
    await office.member(program, kept, 10)
    card = await office.post("/api/v1/passes", {"membership_id": await office.member(program, merged, 5)})
    answers = await asyncio.gather(
        office.http.post(f"{CUSTOMERS}/{kept}/merge", json={"customer_id": merged}),
        office.http.post(f"{CUSTOMERS}/{merged}/merge", json={"customer_id": kept}),
        office.http.post("/api/v1/scans/purchases", json={"code": card["code"], "amount_minor": 700}),
    )
    assert sorted(answer.status_code for answer in answers[:2]) == [200, 410]
    (left,) = await office.find()
    bought = 7 if answers[2].status_code == 201 else 0
    assert sum(one["balances"][0]["active"] for one in left["memberships"]) == 15 + bought
    async with database.transaction(shop.organization_id) as tx:
        assert await ledger.check_books(tx) == []


@pytest.mark.parametrize("ending", ["merge", "erase"])
async def test_a_purchase_that_waits_for_the_end_of_its_customer_is_told_again(
    office: Office, owner_dsn: str, database: Database, shop: Shop, ending: str
) -> None:
    """It read the card before, and must not be recorded for whom nobody is any more, nor earn nothing."""
    program = await office.program()
    kept, merged = await _two(office)
    await office.member(program, kept, 10)
    card = await office.post("/api/v1/passes", {"membership_id": await office.member(program, merged, 5)})
    bill = {"code": card["code"], "amount_minor": 700}
    async with database.transaction(shop.organization_id) as tx:
        if ending == "merge":
            await merge_customers(tx, decode("cus", kept), decode("cus", merged), PERSONAL_DATA)
        else:
            await privacy.erase_customer(tx, decode("cus", merged), PERSONAL_DATA)
        buying = asyncio.create_task(office.http.post("/api/v1/scans/purchases", json=bill))
        await until_somebody_waits(owner_dsn)
    answer = await buying
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    async with database.transaction(shop.organization_id) as tx:
        assert await tx.fetchval("SELECT count(*) FROM purchases") == 0
    answer = await office.http.post("/api/v1/scans/purchases", json=bill)
    assert answer.status_code == (201 if ending == "merge" else 404)


async def test_erasing_the_kept_one_reaches_what_came_from_the_other(
    office: Office, database: Database, shop: Shop
) -> None:
    kept, merged = await _two(office)
    await office.post(f"{CUSTOMERS}/{merged}/notes", {"text": "likes oat milk"})
    await _merge(office, kept, merged)
    await office.post(f"{CUSTOMERS}/{kept}/erase")
    async with database.transaction(shop.organization_id) as tx:
        assert await tx.fetchval("SELECT count(*) FROM customer_notes") == 0
        left = await tx.fetchval("SELECT count(*) FROM customers WHERE email IS NOT NULL OR phone IS NOT NULL")
    assert left == 0


async def test_no_holder_leaves_rows_with_the_entry_that_ended(
    office: Office, database: Database, shop: Shop
) -> None:
    """But for consents, which are repeated instead, and marks of what is still to be derived anew."""
    program = await office.program(goal=10, reward_name="Free coffee")
    kept, merged = await _two(office)
    card = await office.post("/api/v1/passes", {"membership_id": await office.member(program, merged, 50)})
    await office.post("/api/v1/scans/purchases", {"code": card["code"], "amount_minor": 700})
    reward = (await office.get("/api/v1/rewards", program_id=program))["items"][0]["id"]
    await office.post("/api/v1/scans/redemptions", {"code": card["code"], "reward_id": reward})
    await office.post(f"/api/v1/passes/{card['id']}/link")
    await office.post(f"{CUSTOMERS}/{merged}/notes", {"text": "x"})
    await office.post(f"{CUSTOMERS}/{merged}/consents", CONSENT | {"state": "granted"})
    await _merge(office, kept, merged)
    tables = sorted(
        frozenset().union(*(holder.tables for holder in PERSONAL_DATA)) - {"customers", "consents", "visit_changes"}
    )
    async with database.transaction(shop.organization_id) as tx:
        for name in tables:
            columns = await tx.fetchval(_HAS_CUSTOMER, name)
            if columns:
                left: int = await tx.fetchval(
                    f"SELECT count(*) FROM {name} WHERE customer_id = $1",  # noqa: S608  our own names
                    UUID(int=decode("cus", merged).int),
                )
                assert left == 0, name
