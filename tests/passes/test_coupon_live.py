"""A coupon in wallets: issued, saved, redeemed at the till, given back, withdrawn, ended; over real sockets."""

import json
from datetime import UTC, datetime, timedelta

from passerelle.emulators.google_wallet import Fault
from passerelle.kit import clock
from passerelle.kit.ids import decode
from passerelle.passes import google, identities
from passerelle.passes.wallets.apple.verify import judge
from passerelle.passes.wallets.google.pacing import change_key
from passerelle.rewards.coupons import service as coupons
from tests.conftest import Shop
from tests.factories import handed
from tests.factories.stage import Json, Stage


async def link(stage: Stage, coupon: Json) -> Json:
    return await stage.post(f"/api/v1/coupons/{coupon['code']}/card")


async def redeem(stage: Stage, code: str) -> Json:
    return await stage.post("/api/v1/scans/coupons/redeem", {"code": code, "amount_minor": 1_000})


async def test_a_coupon_on_google_is_completed_at_the_till(stage: Stage) -> None:
    coupon = await handed.coupon(stage)
    await handed.saved(stage, await link(stage, coupon))
    held = handed.google_object(stage)
    assert (held["state"], held["barcode"]["value"]) == ("ACTIVE", coupon["code"])
    scanned = await stage.post("/api/v1/scans", {"code": held["barcode"]["value"]})
    assert (scanned["kind"], scanned["uses_left"]) == ("coupon", 1)
    used = await redeem(stage, held["barcode"]["value"])
    await stage.tell()
    assert handed.google_object(stage)["state"] == "COMPLETED"
    assert [(notice.kind, notice.text) for notice in stage.google.notifications()] == [
        ("message", "STATUS\nYour coupon: Used")
    ]
    await stage.post(f"/api/v1/scans/coupons/{used['id']}/undo")
    await stage.tell()
    assert handed.google_object(stage)["state"] == "ACTIVE"
    assert len(stage.google.notifications()) == 2
    [offer] = stage.google.state.classes.values()
    assert "Breakfast week" in str(offer)


async def test_a_used_coupon_is_void_on_the_iphone(stage: Stage) -> None:
    coupon = await handed.coupon(stage)
    given = await link(stage, coupon)
    answer = await handed.opened(given["url"], handed.IPHONE)
    verdict = judge(answer.content, trust=identities.trust_roots(stage.settings))
    assert [finding for finding in verdict.findings if finding.severity == "error"] == []
    await stage.phone.add(answer.content)
    first = handed.shown(stage)
    assert (handed.value(first, "coupon"), handed.value(first, "member")) == ("Breakfast week", "Lina")
    assert handed.value(first, "offer") == "\N{MINUS SIGN}20%"
    await redeem(stage, coupon["code"])
    await stage.tell()
    assert handed.shown(stage)["voided"] is True
    assert [notice.text for notice in stage.phone.notifications] == ["Your coupon: Used"]
    state = await stage.get(f"/api/v1/coupons/{coupon['code']}/card")
    assert (state["condition"], state["coupon_id"]) == ("used", coupon["id"])
    assert (await handed.opened(given["url"], handed.IPHONE)).status_code == 410
    assert stage.phone.violations == []


async def test_a_coupon_of_three_uses_counts_down(stage: Stage) -> None:
    coupon = await handed.coupon(stage, terms={"uses_per_code": 3})
    await handed.added(stage, await link(stage, coupon))
    assert handed.value(handed.shown(stage), "status") == "3 uses left"
    await redeem(stage, coupon["code"])
    await stage.tell()
    assert handed.value(handed.shown(stage), "status") == "2 uses left"
    assert "voided" not in handed.shown(stage)


async def test_google_rings_for_a_use_and_for_nothing_else(stage: Stage) -> None:
    coupon = await handed.coupon(stage, terms={"uses_per_code": 6})
    await handed.saved(stage, await link(stage, coupon))
    await stage.tell()
    assert stage.google.notifications() == []
    campaign = f"/api/v1/coupon-campaigns/{coupon['campaign_id']}"
    assert (await stage.http.patch(campaign, json={"name": "Brunch week"})).is_success
    await stage.tell()
    assert [notice for notice in stage.google.notifications() if notice.kind == "message"] == []
    for _ in range(2):
        await redeem(stage, coupon["code"])
    await stage.tell()
    assert [notice.text for notice in stage.google.notifications()] == ["STATUS\nYour coupon: 4 uses left"]
    for _ in range(4):
        await redeem(stage, coupon["code"])
        await stage.tell()
    assert len(stage.google.notifications()) == 3, "the cap of a day: the card is right, without ringing"
    assert handed.google_object(stage)["state"] == "COMPLETED"


async def test_a_ring_outlives_the_worker_that_owed_it(stage: Stage, shop: Shop) -> None:
    coupon = await handed.coupon(stage)
    given = await link(stage, coupon)
    await handed.saved(stage, given)
    await stage.tell()
    await redeem(stage, coupon["code"])
    async with stage.database.transaction(shop.organization_id) as tx:
        before = await tx.fetchrow("SELECT * FROM installations WHERE wallet = 'google'")
        bodies = await google.read_bodies(tx, before["pass_id"], stage.wallets.google)
    # A worker that stored the card and died before it rang.
    key = change_key(bodies.card.object_resource, bodies.card.object_body["id"])
    await stage.wallets.google.queue.submit(key, bodies.card.object_body, notify=True)
    assert handed.google_object(stage)["state"] == "COMPLETED"
    assert stage.google.notifications() == []
    await stage.tell()
    assert [notice.text for notice in stage.google.notifications()] == ["STATUS\nYour coupon: Used"]
    # A worker that rang and died before it noted that.
    async with stage.database.transaction(shop.organization_id) as tx:
        await tx.execute("UPDATE installations SET rung = $1::jsonb", json.dumps(before["rung"]))
        await tx.execute(
            "INSERT INTO pass_updates (organization_id, pass_id, wallet, version, bulk, due_at)"
            " VALUES ($1, $2, 'google', $3, false, now())",
            *(shop.organization_id, before["pass_id"], bodies.version),
        )
    await stage.tell()
    assert len(stage.google.notifications()) == 1


async def test_a_ring_that_google_does_not_take_now_is_tried_again(stage: Stage) -> None:
    coupon = await handed.coupon(stage)
    await handed.saved(stage, await link(stage, coupon))
    await stage.tell()
    await redeem(stage, coupon["code"])
    stage.google.inject_fault(Fault(status=503, times=1, method="POST"))
    assert await stage.google_reconciler.round() == 1
    await stage.google_reconciler.drain()
    assert (handed.google_object(stage)["state"], stage.google.notifications()) == ("COMPLETED", [])
    async with stage.database.unscoped() as connection:
        await connection.execute("UPDATE pass_updates SET due_at = now()")
    await stage.tell()
    assert [notice.text for notice in stage.google.notifications()] == ["STATUS\nYour coupon: Used"]


async def test_a_withdrawn_coupon_is_void(stage: Stage) -> None:
    coupon = await handed.coupon(stage)
    await handed.added(stage, await link(stage, coupon))
    await handed.saved(stage, await link(stage, coupon))
    await stage.post(f"/api/v1/coupons/{coupon['code']}/void")
    await stage.tell()
    assert handed.shown(stage)["voided"] is True
    assert handed.google_object(stage)["state"] == "INACTIVE"


async def test_the_end_is_on_the_card_and_comes(stage: Stage, shop: Shop) -> None:
    ends_at = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)
    coupon = await handed.coupon(stage, ends_at=ends_at.isoformat())
    await handed.added(stage, await link(stage, coupon))
    await handed.saved(stage, await link(stage, coupon))
    assert datetime.fromisoformat(handed.shown(stage)["expirationDate"]) == ends_at
    end = handed.google_object(stage)["validTimeInterval"]["end"]["date"]
    assert datetime.fromisoformat(end) == ends_at
    with clock.frozen(ends_at):
        async with stage.database.transaction(shop.organization_id) as tx:
            await coupons.expire_coupons(tx)
    state = await stage.get(f"/api/v1/coupons/{coupon['code']}/card")
    assert state["version"] == 2


async def test_a_campaign_that_ends_early_reaches_its_cards(stage: Stage, shop: Shop) -> None:
    from passerelle.kit.jobs import Work  # noqa: PLC0415  the worker's part, by hand
    from passerelle.passes.jobs import refresh_offering  # noqa: PLC0415

    coupon = await handed.coupon(stage)
    await handed.added(stage, await link(stage, coupon))
    campaign = f"/api/v1/coupon-campaigns/{coupon['campaign_id']}"
    assert (await stage.get(campaign))["template_id"] is not None
    assert (await stage.http.patch(campaign, json={"state": "ended"})).is_success
    payload = {"organization_id": str(shop.organization_id), "offering_id": str(decode("ccm", coupon["campaign_id"]))}
    await refresh_offering(Work(stage.database, stage.settings), payload)
    await stage.tell()
    assert handed.shown(stage)["voided"] is True
    assert handed.value(handed.shown(stage), "status") == "Expired"


async def test_an_erased_holder_leaves_a_void_card_without_a_name(stage: Stage) -> None:
    coupon = await handed.coupon(stage)
    await handed.added(stage, await link(stage, coupon))
    await stage.post(f"/api/v1/customers/{coupon['customer_id']}/erase")
    await stage.tell()
    assert handed.shown(stage)["voided"] is True
    assert "Lina" not in str(handed.shown(stage))


async def test_a_merged_holder_keeps_the_coupon(stage: Stage) -> None:
    coupon = await handed.coupon(stage)
    await handed.added(stage, await link(stage, coupon))
    other = await stage.post("/api/v1/customers", {"first_name": "Amina", "phone": "+33698765432"})
    await stage.post(f"/api/v1/customers/{other['id']}/merge", {"customer_id": coupon["customer_id"]})
    await stage.tell()
    assert handed.value(handed.shown(stage), "member") == "Amina"
    state = await stage.get(f"/api/v1/coupons/{coupon['code']}/card")
    assert (state["customer_id"], state["condition"]) == (other["id"], "valid")


async def test_a_code_of_a_list_becomes_a_card_of_nobody(stage: Stage) -> None:
    coupon = await handed.coupon(stage, name="Flyer")
    campaign = f"/api/v1/coupon-campaigns/{coupon['campaign_id']}"
    await stage.post(f"{campaign}/codes/import", {"codes": ["WELCOME 10"]})
    given = await stage.post("/api/v1/coupons/WELCOME10/card")
    assert given["card"]["customer_id"] is None
    await handed.added(stage, given)
    assert handed.shown(stage)["barcodes"][0]["message"] == "WELCOME 10"
    page = await handed.opened(given["url"], "Mozilla/5.0 (X11; Linux x86_64) Chrome/130.0")
    assert "Flyer" in page.text
    assert "<svg" in page.text
