"""A gift card in wallets: handed over, spent at the till, held, blocked, forgotten; over real sockets."""

import asyncio
from datetime import datetime, timedelta

import pytest

from passerelle.kit import clock
from passerelle.kit.ids import decode
from passerelle.kit.jobs import Work
from passerelle.ledger import jobs as ledger_jobs
from passerelle.passes import identities, service
from passerelle.passes.wallets.apple.verify import judge
from tests.conftest import Shop
from tests.factories import handed
from tests.factories.stage import Json, Stage


async def pay(stage: Stage, card: Json, amount_minor: int = 500, **more: object) -> Json:
    """The cashier reads the barcode of the card and takes an amount."""
    told = {"code": card["code"], "amount_minor": amount_minor} | more
    return await stage.post("/api/v1/scans/gift-cards/redeem", told)


async def act(stage: Stage, card: Json, kind: str, **more: object) -> Json:
    return await stage.post(f"/api/v1/gift-cards/{card['id']}/activities", {"type": kind} | more)


async def link(stage: Stage, card: Json, **body: object) -> Json:
    return await stage.post(f"/api/v1/gift-cards/{card['id']}/card", body)


async def test_five_euros_at_the_till_reach_the_lock_screen(stage: Stage) -> None:
    card = await handed.gift_card(stage, recipient_name="Lina", sender_name="Sam", message="Happy birthday!")
    given = await link(stage, card)
    assert given["qr_svg"].startswith("<svg") or "<svg" in given["qr_svg"]
    assert given["card"]["kind"] == "gift_card"
    answer = await handed.opened(given["url"], handed.IPHONE)
    verdict = judge(answer.content, trust=identities.trust_roots(stage.settings))
    assert [finding for finding in verdict.findings if finding.severity == "error"] == []
    await stage.phone.add(answer.content)
    first = handed.shown(stage)
    assert first["barcodes"][0]["message"] == card["code"]
    assert (handed.value(first, "balance"), handed.value(first, "for")) == (20, "Lina")
    assert handed.value(first, "message") == "Happy birthday!"
    await pay(stage, card)
    await stage.tell()
    assert handed.value(handed.shown(stage), "balance") == 15
    assert [notice.text for notice in stage.phone.notifications] == ["New balance: €15.00"]
    state = await stage.get(f"/api/v1/gift-cards/{card['id']}/card")
    assert state["condition"] == "valid"
    assert [(each["told_version"], each["fetched_version"]) for each in state["installations"]] == [(2, 2)]
    assert stage.phone.violations == []


@pytest.mark.parametrize(
    ("kind", "more", "balance"),
    [
        ("LOAD", {"amount_minor": 1_000}, 30),
        ("ADJUST_DECREMENT", {"amount_minor": 250, "reason": "mistake"}, 17.5),
        ("CLEAR_BALANCE", {"reason": "lost"}, 0),
    ],
)
async def test_every_movement_shows(stage: Stage, kind: str, more: Json, balance: float) -> None:
    card = await handed.gift_card(stage)
    await handed.added(stage, await link(stage, card))
    await act(stage, card, kind, **more)
    await stage.tell()
    assert handed.value(handed.shown(stage), "balance") == balance


async def test_a_refund_comes_back_to_the_card(stage: Stage) -> None:
    card = await handed.gift_card(stage)
    await handed.added(stage, await link(stage, card))
    paid = await pay(stage, card)
    await stage.post(f"/api/v1/scans/gift-cards/redemptions/{paid['id']}/undo")
    await stage.tell()
    assert handed.value(handed.shown(stage), "balance") == 20
    assert stage.apns.accepted == 1


async def test_a_blocked_card_is_void_until_it_is_unblocked(stage: Stage) -> None:
    card = await handed.gift_card(stage)
    given = await link(stage, card)
    await handed.added(stage, given)
    await act(stage, card, "BLOCK", reason="stolen")
    await stage.tell()
    assert handed.shown(stage)["voided"] is True
    assert (await handed.opened(given["url"], handed.IPHONE)).status_code == 410
    refused = await stage.http.post(f"/api/v1/gift-cards/{card['id']}/card", json={})
    assert refused.json()["code"] == "card_not_active"
    await act(stage, card, "UNBLOCK", reason="found")
    await stage.tell()
    assert "voided" not in handed.shown(stage)


async def test_a_transfer_moves_both_cards(stage: Stage) -> None:
    old = await handed.gift_card(stage)
    new = await stage.post("/api/v1/gift-cards", {"product_id": old["product_id"], "amount_minor": 500})
    for card in (old, new):
        await handed.added(stage, await link(stage, card))
    await act(stage, old, "TRANSFER_BALANCE_TO", gift_card_id=new["id"])
    await stage.tell()
    shown = sorted(handed.value(dict(held.package.pass_json), "balance") for held in stage.phone.passes.values())
    assert shown == [0, 25]


async def test_a_hold_changes_the_card_and_its_end_is_seen_to(stage: Stage, shop: Shop) -> None:
    card = await handed.gift_card(stage)
    await handed.added(stage, await link(stage, card))
    await stage.post(f"/api/v1/gift-cards/{card['id']}/holds", {"amount_minor": 700})
    await stage.tell()
    assert (await stage.get(f"/api/v1/gift-cards/{card['id']}/card"))["version"] == 2
    async with stage.database.unscoped() as connection:
        rows = await connection.fetch("SELECT payload FROM pgqueuer WHERE entrypoint = 'passes.refresh_subject'")
    wanted = str(decode("gft", card["id"])).encode()
    assert any(wanted in bytes(row["payload"]) for row in rows)


async def test_the_end_of_the_balance_is_the_end_of_the_card(stage: Stage) -> None:
    card = await handed.gift_card(stage, product={"expires_after_months": 12})
    await handed.added(stage, await link(stage, card))
    lapses = (await stage.get(f"/api/v1/gift-cards/{card['id']}"))["lapses_at"]
    assert handed.shown(stage)["expirationDate"][:16] == lapses[:16]


async def test_what_lapses_leaves_the_card(stage: Stage, shop: Shop) -> None:
    card = await handed.gift_card(stage, product={"expires_after_months": 1})
    given = await link(stage, card)
    lapses_at = datetime.fromisoformat((await stage.get(f"/api/v1/gift-cards/{card['id']}"))["lapses_at"])
    with clock.frozen(lapses_at + timedelta(seconds=1)):
        work = Work(stage.database, stage.settings)
        await ledger_jobs.expire(work, {"organization_id": str(shop.organization_id)})
        async with stage.database.transaction(shop.organization_id) as tx:
            lapsed = await service.get_card(tx, decode("pas", given["pass_id"]))
    assert (lapsed.condition, lapsed.expires_at) == ("expired", lapses_at)
    assert (await stage.get(f"/api/v1/passes/{given['pass_id']}"))["version"] == 2


async def test_a_card_with_a_pin_shows_its_code_and_asks_for_the_pin(stage: Stage) -> None:
    card = await handed.gift_card(stage, pin="471199884711")
    await handed.added(stage, await link(stage, card))
    assert "471199884711" not in str(handed.shown(stage))
    scanned = await stage.post("/api/v1/scans", {"code": handed.shown(stage)["barcodes"][0]["message"]})
    assert (scanned["kind"], scanned["pin_required"]) == ("gift_card", True)
    told = {"code": card["code"], "amount_minor": 500}
    refused = await stage.http.post("/api/v1/scans/gift-cards/redeem", json=told)
    assert refused.json()["code"] == "gift_card_pin_required"
    await pay(stage, card, pin="471199884711")


async def test_google_shows_the_balance_and_the_state(stage: Stage) -> None:
    card = await handed.gift_card(stage, 2_000)
    await handed.saved(stage, await link(stage, card))
    assert handed.google_object(stage)["cardNumber"] == card["code"]
    assert handed.google_object(stage)["barcode"]["value"] == card["code"]
    await pay(stage, card)
    await stage.tell()
    assert handed.google_object(stage)["balance"] == {"micros": "15000000", "currencyCode": "EUR"}
    assert [notice.text for notice in stage.google.notifications()] != []
    await act(stage, card, "BLOCK", reason="stolen")
    await stage.tell()
    assert handed.google_object(stage)["state"] == "INACTIVE"


async def test_a_link_needs_the_scope_of_codes(stage: Stage, shop: Shop) -> None:
    card = await handed.gift_card(stage)
    given = await link(stage, card)
    key = await stage.post("/api/v1/api-keys", {"name": "till", "scopes": ["passes:write", "passes:read"]})
    headers = {"Authorization": f"Bearer {key['api_key']}"}
    answer = await stage.http.post(f"/api/v1/passes/{given['pass_id']}/link", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    shown = (await stage.http.get(f"/api/v1/passes/{given['pass_id']}", headers=headers)).json()
    assert (shown["code"], shown["gift_card_id"], shown["membership_id"]) == (None, card["id"], None)
    listed = await stage.get("/api/v1/passes?kind=gift_card")
    assert [each["id"] for each in listed["items"]] == [given["pass_id"]]
    assert (await stage.get("/api/v1/passes?kind=membership"))["items"] == []
    blocked = await stage.http.post(f"/api/v1/passes/{given['pass_id']}/revoke", json={"reason": "lost"})
    assert (blocked.status_code, blocked.json()["code"]) == (409, "blocked_by_subject")


async def test_erasing_the_holder_takes_the_name_and_leaves_the_money(stage: Stage, shop: Shop) -> None:
    card = await handed.gift_card(stage)
    customer = await stage.post("/api/v1/customers", {"first_name": "Lina", "phone": "+33612345678"})
    await handed.added(stage, await link(stage, card, customer_id=customer["id"]))
    assert handed.value(handed.shown(stage), "for") == "Lina"
    await stage.post(f"/api/v1/customers/{customer['id']}/erase")
    await stage.tell()
    shown = handed.shown(stage)
    assert "Lina" not in str(shown)
    assert "voided" not in shown
    await pay(stage, card)
    state = await stage.get(f"/api/v1/gift-cards/{card['id']}/card")
    assert (state["customer_id"], state["condition"]) == (None, "valid")


async def test_the_code_is_stored_nowhere_in_clear(stage: Stage, shop: Shop) -> None:
    card = await handed.gift_card(stage)
    await handed.added(stage, await link(stage, card))
    async with stage.database.transaction(shop.organization_id) as tx:
        rows = [*await tx.fetch("SELECT * FROM passes"), *await tx.fetch("SELECT * FROM smart_links")]
    assert rows
    assert card["code"] not in str(rows)


async def test_one_design_serves_all_cards_of_a_product(stage: Stage, shop: Shop) -> None:
    card = await handed.gift_card(stage)
    other = await stage.post("/api/v1/gift-cards", {"product_id": card["product_id"], "amount_minor": 500})
    for each in (card, other, card):
        await link(stage, each)
    product = await stage.get(f"/api/v1/gift-card-products/{card['product_id']}")
    async with stage.database.transaction(shop.organization_id) as tx:
        rows = await tx.fetch("SELECT DISTINCT template_id FROM passes")
        assert await tx.fetchval("SELECT count(*) FROM passes") == 2
    assert [decode("tpl", product["template_id"])] == [row["template_id"] for row in rows]


async def test_three_who_ask_at_once_get_one_card_and_one_design(stage: Stage, shop: Shop) -> None:
    card = await handed.gift_card(stage)
    given = await asyncio.gather(*(link(stage, card) for _ in range(3)))
    assert len({each["pass_id"] for each in given}) == 1
    assert len({each["url"] for each in given}) == 3
    async with stage.database.transaction(shop.organization_id) as tx:
        assert await tx.fetchval("SELECT count(*) FROM pass_templates WHERE kind = 'gift_card'") == 1


async def test_a_design_of_another_kind_is_refused(stage: Stage) -> None:
    card = await handed.gift_card(stage)
    points = await stage.post("/api/v1/templates", {"name": "Points", "kind": "points"})
    await stage.http.patch(f"/api/v1/gift-card-products/{card['product_id']}", json={"template_id": points["id"]})
    answer = await stage.http.post(f"/api/v1/gift-cards/{card['id']}/card", json={})
    assert (answer.status_code, answer.json()["code"]) == (409, "template_not_of_kind")


async def test_a_product_that_is_renamed_reaches_its_cards(stage: Stage, shop: Shop) -> None:
    card = await handed.gift_card(stage)
    given = await link(stage, card)
    async with stage.database.transaction(shop.organization_id) as tx:
        offering = decode("gcp", card["product_id"])
        last = await service.refresh_offering(tx, offering, decode("pas", "pas_" + "0" * 26))
        assert last == decode("pas", given["pass_id"])
        assert await service.refresh_offering(tx, offering, last) is None
    assert (await stage.get(f"/api/v1/passes/{given['pass_id']}"))["version"] == 2
