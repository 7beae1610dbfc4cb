"""A card on an iPhone, from the first download to its removal, over real sockets."""

import asyncio
import re
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import pytest

from passerelle.emulators.apns import Fault, Outage
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.ids import decode
from passerelle.passes import faces, identities, rendering, service
from passerelle.passes.phones import Phones
from passerelle.passes.wallets.apple.verify import judge
from tests.conftest import Shop
from tests.factories.stage import Json, Stage


async def download(stage: Stage, shop: Shop, card: Json) -> bytes:
    """The card as somebody adds it."""
    async with stage.database.transaction(shop.organization_id) as tx:
        return await service.download_apple(tx, decode("pas", card["id"]), stage.wallets.apple)


async def pay(stage: Stage, member: Json, amount_minor: int = 450) -> Json:
    """A purchase at the counter."""
    code = member["card"]["code"]
    return await stage.post("/api/v1/scans/purchases", {"code": code, "amount_minor": amount_minor})


def shown(stage: Stage, key: str) -> object:
    """What a field of the phone's only card says."""
    [held] = stage.phone.passes.values()
    [style] = [value for name, value in held.package.pass_json.items() if name == "storeCard"]
    return next(each["value"] for fields in style.values() for each in fields if each["key"] == key)


async def told(stage: Stage, member: Json) -> list[Json]:
    """The card's installations as the merchant sees them."""
    detail = await stage.get(f"/api/v1/passes/{member['card']['id']}")
    return list(detail["installations"])


async def test_a_purchase_changes_the_card_in_the_wallet(stage: Stage, shop: Shop) -> None:
    member = await stage.member()
    pkpass = await download(stage, shop, member["card"])
    verdict = judge(pkpass, trust=identities.trust_roots(stage.settings))
    assert [finding for finding in verdict.findings if finding.severity == "error"] == []
    held = await stage.phone.add(pkpass)
    assert held.registered
    await pay(stage, member)
    await stage.tell()
    assert [(notice.title, notice.text) for notice in stage.phone.notifications] == [
        ("Café Central", "You now have 1/10 stamps")
    ]
    [installation] = await told(stage, member)
    assert installation["told_version"] == installation["fetched_version"] == 2
    assert stage.apns.accepted == 1
    assert stage.phone.violations == []


async def test_many_changes_make_one_push(stage: Stage, shop: Shop) -> None:
    member = await stage.member("points")
    await stage.phone.add(await download(stage, shop, member["card"]))
    for _ in range(5):
        await pay(stage, member, 1_000)
    await stage.tell()
    assert stage.apns.accepted == 1
    [installation] = await told(stage, member)
    assert (installation["told_version"], installation["fetched_version"]) == (6, 6)
    assert stage.phone.violations == []


async def test_two_changes_within_one_second_are_both_seen(stage: Stage, shop: Shop) -> None:
    member = await stage.member()
    await stage.phone.add(await download(stage, shop, member["card"]))
    for count in (1, 2, 3):
        await pay(stage, member)
        await stage.tell()
        assert len(stage.phone.notifications) == count
    assert stage.phone.violations == []


@pytest.mark.parametrize("comes", [True, False])
async def test_a_phone_on_its_way_is_not_pushed_again(stage: Stage, shop: Shop, *, comes: bool) -> None:
    member = await stage.member("points")
    held = await stage.phone.add(await download(stage, shop, member["card"]))
    pass_id = decode("pas", member["card"]["id"])
    await pay(stage, member, 1_000)
    async with stage.database.transaction(shop.organization_id) as tx:  # told of it, and has not fetched it yet
        await tx.execute("UPDATE installations SET told_version = 2, told_at = $1", clock.now())
    await pay(stage, member, 1_000)
    assert await stage.apple.round() == 1
    assert stage.apns.accepted == 0
    async with stage.database.unscoped() as connection:
        [row] = await connection.fetch("SELECT attempts, due_at FROM pass_updates WHERE pass_id = $1", pass_id)
        assert (row["attempts"], row["due_at"] < clock.now() + timedelta(seconds=0.3)) == (0, True)
        await connection.execute("UPDATE pass_updates SET due_at = now()")
    if comes:
        async with stage.database.transaction(shop.organization_id) as tx:
            modified = await tx.fetchval("SELECT fetched_modified FROM installations")
        fetched = await Phones(stage.database).fetch(shop.organization_id, pass_id, modified)
        assert fetched is not None
        assert fetched.row["version"] == 3
    else:
        async with stage.database.transaction(shop.organization_id) as tx:
            await tx.execute("UPDATE installations SET told_at = $1", clock.now() - timedelta(seconds=1))
    await stage.tell()
    assert stage.apns.accepted == (0 if comes else 1)
    assert await stage.apple.round() == 0
    assert held.registered


async def test_an_outage_of_apns_loses_nothing_and_repeats_nothing(stage: Stage, shop: Shop) -> None:
    member = await stage.member()
    await stage.phone.add(await download(stage, shop, member["card"]))
    stage.apns.outage(Outage.UNAVAILABLE)
    for _ in range(3):
        await pay(stage, member)
        assert await stage.apple.round() == 1
    assert stage.apns.accepted == 0
    assert (await told(stage, member))[0]["last_error"] == "ServiceUnavailable"
    stage.apns.outage(None)
    await _make_due(stage)
    await stage.tell()
    assert stage.apns.accepted == 1
    assert (await told(stage, member))[0]["fetched_version"] == 4
    assert (await told(stage, member))[0]["last_error"] is None


async def test_a_worker_that_dies_between_push_and_record_loses_nothing(stage: Stage, shop: Shop) -> None:
    from passerelle.passes import reconcile  # noqa: PLC0415  the claim of a worker that then vanishes

    member = await stage.member()
    await stage.phone.add(await download(stage, shop, member["card"]))
    await pay(stage, member)
    assert len(await reconcile.claim(stage.database, "apple", 1_000)) >= 1
    assert await stage.apple.round() == 0
    await _make_due(stage)
    await stage.tell()
    assert (await told(stage, member))[0]["fetched_version"] == 2


async def test_a_phone_that_is_gone_is_removed(stage: Stage, shop: Shop) -> None:
    member = await stage.member()
    await stage.phone.add(await download(stage, shop, member["card"]))
    stage.apns.script(Fault(410, token=stage.phone.push_token))
    await pay(stage, member)
    await stage.tell()
    [installation] = await told(stage, member)
    assert installation["removed_at"] is not None
    events = await stage.get("/api/v1/events?name=pass.removed")
    assert [event["payload"]["reason"] for event in events["items"]] == ["gone"]


async def test_the_customer_deletes_the_card(stage: Stage, shop: Shop) -> None:
    member = await stage.member()
    held = await stage.phone.add(await download(stage, shop, member["card"]))
    await stage.phone.remove(held.package.serial_number)
    detail = await stage.get(f"/api/v1/passes/{member['card']['id']}")
    assert detail["installed"] == 0
    await pay(stage, member)
    await stage.tell()
    assert stage.apns.accepted == 0


async def test_ten_stamps_make_a_reward_that_the_card_shows_and_loses(stage: Stage, shop: Shop) -> None:
    member = await stage.member()
    await stage.phone.add(await download(stage, shop, member["card"]))
    for _ in range(10):
        booked = await pay(stage, member)
    [reward] = booked["rewards"]
    assert (reward["ready_count"], reward["missing"]) == (1, 0)
    await stage.tell()
    full = dict(next(iter(stage.phone.passes.values())).package.files)
    redemption = {"code": member["card"]["code"], "reward_id": reward["reward_id"]}
    used = await stage.post("/api/v1/scans/redemptions", redemption)
    assert used["balances"][0]["active"] == 0
    await stage.tell()
    empty = next(iter(stage.phone.passes.values())).package.files
    assert full["strip@2x.png"] != empty["strip@2x.png"]
    refused = await stage.http.post("/api/v1/scans/redemptions", json=redemption)
    assert (refused.status_code, refused.json()["code"]) == (409, "reward_not_ready")
    assert stage.phone.violations == []


async def test_a_gift_reaches_the_card_and_leaves_it(stage: Stage, shop: Shop) -> None:
    """No balance moves, and yet the card says that a coffee waits."""
    member = await stage.member()
    await stage.phone.add(await download(stage, shop, member["card"]))
    plain = dict(next(iter(stage.phone.passes.values())).package.files)
    [reward] = (await stage.get(f"/api/v1/members/{member['member']}/rewards"))["items"]
    gift = await stage.post(
        f"/api/v1/members/{member['member']}/gifts", {"reward_id": reward["reward_id"], "reason": "waited long"}
    )
    await stage.tell()
    waiting = dict(next(iter(stage.phone.passes.values())).package.files)
    assert waiting["pass.json"] != plain["pass.json"]
    redemption = {"code": member["card"]["code"], "issued_reward_id": gift["id"]}
    await stage.post("/api/v1/scans/redemptions", redemption)
    await stage.tell()
    assert next(iter(stage.phone.passes.values())).package.files["pass.json"] == plain["pass.json"]


async def test_a_changed_push_token_replaces_the_old_one(stage: Stage, shop: Shop) -> None:
    member = await stage.member()
    await stage.phone.add(await download(stage, shop, member["card"]))
    await stage.phone.change_push_token("ab" * 32)
    stage.emulated.fleet.join(stage.phone)
    await pay(stage, member)
    await stage.tell()
    assert [push.token for push in stage.apns.pushes] == ["ab" * 32]
    assert len(await told(stage, member)) == 1


async def test_a_card_that_changed_between_download_and_adding_is_brought_up_to_date(
    stage: Stage, shop: Shop
) -> None:
    member = await stage.member()
    old = await download(stage, shop, member["card"])
    await pay(stage, member)
    await stage.phone.add(old)
    await stage.tell()
    assert (await told(stage, member))[0]["fetched_version"] == 2
    assert len(stage.phone.notifications) == 1


async def test_two_cards_on_one_phone_make_one_push(stage: Stage, shop: Shop) -> None:
    stamps = await stage.member()
    points = await stage.post("/api/v1/programs", {"name": "Points", "kind": "points"})
    other = await stage.join(points["id"])
    assert other["customer"] == stamps["customer"]
    for member in (stamps, other):
        await stage.phone.add(await download(stage, shop, member["card"]))
    booked = await pay(stage, stamps, 1_250)
    assert {earned["program_name"]: earned["balances"][0]["active"] for earned in booked["earned"]} == {
        "Coffee Club": 1,
        "Points": 12,
    }
    await stage.tell()
    assert stage.apns.accepted == 1
    assert len(stage.phone.notifications) == 2
    assert stage.phone.violations == []


async def test_a_blocked_card_is_void_in_the_wallet_and_refused_at_the_till(stage: Stage, shop: Shop) -> None:
    member = await stage.member()
    await stage.phone.add(await download(stage, shop, member["card"]))
    await stage.post(f"/api/v1/passes/{member['card']['id']}/revoke", {"reason": "lost"})
    await stage.tell()
    [held] = stage.phone.passes.values()
    assert held.package.pass_json["voided"] is True
    answer = await stage.http.post("/api/v1/scans", json={"code": member["card"]["code"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "card_revoked")
    await stage.post(f"/api/v1/passes/{member['card']['id']}/reinstate")
    assert (await stage.post("/api/v1/scans", {"code": member["card"]["code"]}))["may"] == ["purchase", "undo"]


async def test_a_new_design_reaches_every_card(stage: Stage, shop: Shop) -> None:
    from passerelle.kit.jobs import Work  # noqa: PLC0415  the worker's part, by hand
    from passerelle.passes.jobs import adopt_template  # noqa: PLC0415

    member = await stage.member()
    await stage.phone.add(await download(stage, shop, member["card"]))
    program = await stage.get(f"/api/v1/programs/{member['program']}")
    template = program["template_id"]
    version = await stage.get(f"/api/v1/templates/{template}/versions/1")
    content = version["content"] | {"title": "Grand Club", "colours": {"background": "#112233"}}
    saved = await stage.post(f"/api/v1/templates/{template}/versions", {"content": content, "publish": True})
    payload = {
        "organization_id": str(shop.organization_id),
        "template_id": str(decode("tpl", template)),
        "version": saved["version"],
    }
    await adopt_template(Work(stage.database, stage.settings), payload)
    await stage.tell()
    [held] = stage.phone.passes.values()
    assert held.package.pass_json["backgroundColor"] == "rgb(17, 34, 51)"
    assert stage.phone.violations == []


async def test_the_card_shows_tier_and_what_lapses_next(stage: Stage, shop: Shop) -> None:
    units = [{"code": "points", "timing": {"expiry": {"type": "after", "days": 30}}}]
    member = await stage.member("points", units=units)
    tiers = [{"name": "Basic", "threshold": 0}, {"name": "Gold", "threshold": 10}]
    place = {"program_id": member["program"], "name": "Status", "basis": "balance", "unit": "points"}
    await stage.post("/api/v1/tier-sets", place | {"tiers": tiers})
    program = await stage.get(f"/api/v1/programs/{member['program']}")
    version = await stage.get(f"/api/v1/templates/{program['template_id']}/versions/1")
    status = {"key": "status", "value": "{{ tier.name }}", "label": "Status"}
    lapsing = {"key": "lapsing", "value": "{{ expiry.amount }} / {{ expiry.last_day }}", "label": "Lapsing"}
    fields = version["content"]["fields"]
    content = version["content"] | {"fields": fields | {"back": [*fields.get("back", []), status, lapsing]}}
    await stage.post(f"/api/v1/templates/{program['template_id']}/versions", {"content": content, "publish": True})
    async with stage.database.transaction(shop.organization_id) as tx:
        await service.adopt_template(tx, decode("tpl", program["template_id"]), 2)
    await stage.phone.add(await download(stage, shop, member["card"]))
    await pay(stage, member, 1_200)
    await stage.tell()
    assert shown(stage, "status") == "Gold"
    assert str(shown(stage, "lapsing")).startswith("12 / ")
    assert stage.phone.violations == []


@pytest.mark.parametrize(("kind", "count", "lapsing"), [("stamps", "1/10", "1"), ("points", 12, "12")])
async def test_the_card_of_a_new_program_shows_balance_reward_tier_and_what_lapses(
    stage: Stage, shop: Shop, kind: str, count: object, lapsing: str
) -> None:
    """Without a designer's help; nothing is said of tiers that are not there, nor of units that do not lapse."""
    units = [{"code": kind, "timing": {"expiry": {"type": "after", "days": 30}}}]
    offered = {"goal": 10, "reward_name": "Free coffee"}
    member = await stage.member(kind, units=units, **offered)
    tiers = [{"name": "Basic", "threshold": 0}, {"name": "Gold", "threshold": 1}]
    place = {"program_id": member["program"], "name": "Status", "basis": "balance", "unit": kind}
    await stage.post("/api/v1/tier-sets", place | {"tiers": tiers})
    await stage.phone.add(await download(stage, shop, member["card"]))
    await pay(stage, member, 1_200)
    await stage.tell()
    assert [shown(stage, key) for key in (kind, "reward", "tier")] == [count, "Free coffee", "Gold"]
    assert re.fullmatch(rf"{lapsing} · \w.+ \d{{4}}", str(shown(stage, "lapses")))
    assert stage.phone.violations == []


@pytest.mark.parametrize("kind", ["stamps", "points"])
async def test_a_card_without_tiers_and_expiry_says_nothing_of_them(stage: Stage, shop: Shop, kind: str) -> None:
    member = await stage.member(kind)
    await stage.phone.add(await download(stage, shop, member["card"]))
    [held] = stage.phone.passes.values()
    keys = {each["key"] for fields in held.package.pass_json["storeCard"].values() for each in fields}
    assert keys.isdisjoint({"tier", "lapses"})


async def test_the_card_writes_credit_as_money_and_fine_points_with_their_decimals(stage: Stage, shop: Shop) -> None:
    units: list[Json] = [{"code": "money", "kind": "money", "timing": {"expiry": {"type": "after", "days": 30}}}]
    rules: list[Json] = [{"type": "per_percent", "unit": "money", "basis_points": 500}]
    units.append({"code": "points", "kind": "points", "decimals": 2})
    rules.append({"type": "per_visit", "unit": "points", "units": 125})
    member = await stage.member("points", units=units, rules=rules)
    await stage.post(
        "/api/v1/rewards", {"program_id": member["program"], "name": "Mug", "price": 1000, "unit": "money"}
    )
    tiers = [{"name": "Basic", "threshold": 0}, {"name": "Gold", "threshold": 5_000}]
    await stage.post(
        "/api/v1/tier-sets", {"program_id": member["program"], "name": "Status", "basis": "spend", "tiers": tiers}
    )
    program = await stage.get(f"/api/v1/programs/{member['program']}")
    version = await stage.get(f"/api/v1/templates/{program['template_id']}/versions/1")
    names = ("balance.points", "expiry.amount", "reward.price", "reward.missing", "tier.missing")
    written = {"key": "written", "value": " / ".join(f"{{{{ {name} }}}}" for name in names), "label": "Written"}
    content = version["content"] | {"fields": version["content"]["fields"] | {"back": [written]}}
    await stage.post(f"/api/v1/templates/{program['template_id']}/versions", {"content": content, "publish": True})
    async with stage.database.transaction(shop.organization_id) as tx:
        await service.adopt_template(tx, decode("tpl", program["template_id"]), 2)
    await stage.phone.add(await download(stage, shop, member["card"]))
    await pay(stage, member, 1_234)
    await stage.tell()
    assert shown(stage, "written") == "1.25 / €0.61 / €10.00 / €9.39 / €37.66"


async def _make_due(stage: Stage) -> None:
    """Let the time pass that a postponed or leased card waits for."""
    async with stage.database.unscoped() as connection:
        await connection.execute("UPDATE pass_updates SET due_at = now()")


async def test_an_erased_name_leaves_the_phone_and_the_phone_is_forgotten(stage: Stage, shop: Shop) -> None:
    member = await stage.member()
    await stage.phone.add(await download(stage, shop, member["card"]))
    assert shown(stage, "member") == "Lina"
    await stage.post(f"/api/v1/customers/{member['customer']}/erase")
    await stage.tell()
    [held] = stage.phone.passes.values()
    assert held.package.pass_json["voided"] is True
    assert "Lina" not in str(held.package.pass_json)
    async with stage.database.transaction(shop.organization_id) as tx:
        await service.forget_phones(tx, decode("cus", member["customer"]))
        assert await tx.fetchval("SELECT count(*) FROM apple_devices") == 0
    answer = await stage.http.post("/api/v1/scans", json={"code": member["card"]["code"]})
    assert (answer.status_code, answer.json()["code"]) == (404, "card_unknown")


async def test_what_was_fetched_is_noted_even_if_somebody_held_the_row(stage: Stage, shop: Shop) -> None:
    member = await stage.member()
    held = await stage.phone.add(await download(stage, shop, member["card"]))
    await pay(stage, member, 500)
    async with stage.database.transaction(shop.organization_id) as tx:
        await tx.fetch("SELECT id FROM installations WHERE organization_id = $1 FOR UPDATE", shop.organization_id)
        fetching = asyncio.create_task(stage.phone.pull_to_refresh(held.package.serial_number))
        waiting = """
            SELECT count(*) FROM pg_locks w JOIN pg_locks r ON r.pid = w.pid
            WHERE NOT w.granted AND r.relation = 'installations'::regclass
              AND r.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """
        async with stage.database.unscoped() as connection:
            while not await connection.fetchval(waiting):
                assert not fetching.done()
    assert await fetching
    async with stage.database.transaction(shop.organization_id) as tx:
        versions = await tx.fetchrow(
            "SELECT p.version, i.fetched_version FROM passes p JOIN installations i ON i.pass_id = p.id"
        )
    assert versions["version"] == versions["fetched_version"] == 2


async def test_a_card_that_changes_while_it_is_read_names_the_version_it_shows(
    stage: Stage, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = await stage.member()
    held = await stage.phone.add(await download(stage, shop, member["card"]))
    await pay(stage, member)
    read, looks = faces.read_faces, 0
    holding = AsyncExitStack()  # as the purchase does that is about to be committed

    async def paid_meanwhile(tx: Tx, cards: faces.Cards) -> list[faces.Face]:
        nonlocal looks
        looks += 1
        await holding.aclose()
        if looks == 1:
            await pay(stage, member)
        return await read(tx, cards)

    monkeypatch.setattr("passerelle.passes.phones.read_faces", paid_meanwhile)
    tx = await holding.enter_async_context(stage.database.transaction(shop.organization_id))
    await tx.fetch("SELECT id FROM installations WHERE organization_id = $1 FOR UPDATE", shop.organization_id)
    serial_number = held.package.serial_number
    assert await stage.phone.pull_to_refresh(serial_number)
    assert (looks, str(shown(stage, "stamps"))) == (2, "2/10")
    [installation] = await told(stage, member)
    assert installation["fetched_version"] == 3
    assert not await stage.phone.pull_to_refresh(serial_number)
    await stage.tell()
    assert stage.apns.accepted == 0
    assert stage.phone.violations == []


async def test_cards_that_were_answered_together_are_signed_one_by_one(
    stage: Stage, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signature keeps the processor for half a millisecond, so a till may come in after each."""
    members = [await stage.member() for _ in range(6)]
    cards = [await stage.phone.add(await download(stage, shop, each["card"])) for each in members]
    for each in members:
        await pay(stage, each)
    turn, signed = 0, []

    def counted(*card: Any) -> bytes:
        signed.append(turn)
        return rendering.sign_apple(*card)

    async def turns() -> None:
        nonlocal turn
        while True:
            turn += 1
            await asyncio.sleep(0)

    monkeypatch.setattr("passerelle.passes.apple_routes.sign_apple", counted)
    counting = asyncio.create_task(turns())
    assert all(await asyncio.gather(*(stage.phone.pull_to_refresh(each.package.serial_number) for each in cards)))
    counting.cancel()
    assert len(signed) == len(set(signed)) == 6
