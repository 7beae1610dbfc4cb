"""A card in Google Wallet, from the save link to its removal, over real sockets."""

from typing import Any

import pytest

from passerelle.emulators.google_wallet import Fault
from passerelle.kit.ids import decode
from passerelle.passes import google
from passerelle.passes.errors import GoogleUnavailable
from tests.conftest import Shop
from tests.factories.stage import Json, Stage


async def link(stage: Stage, shop: Shop, member: Json) -> str:
    """The save link of a card, as the smart link makes it on the click."""
    pass_id = decode("pas", member["card"]["id"])
    return await google.make_save_link(stage.database, stage.wallets.google, shop.organization_id, pass_id)


async def save(stage: Stage, shop: Shop, member: Json) -> None:
    """The customer saves the card, and Google tells us."""
    url = await link(stage, shop, member)
    await stage.google.save(url.rpartition("/")[2])
    await stage.google.drain()


async def pay(stage: Stage, member: Json, amount_minor: int = 450) -> Json:
    """A purchase at the counter."""
    code = member["card"]["code"]
    return await stage.post("/api/v1/scans/purchases", {"code": code, "amount_minor": amount_minor})


def held(stage: Stage) -> Any:
    """The only object in the phone's wallet."""
    [saved] = stage.google.saved_passes()
    return saved.wallet_object


async def installations(stage: Stage, member: Json) -> list[Json]:
    """The card's installations as the merchant sees them."""
    return list((await stage.get(f"/api/v1/passes/{member['card']['id']}"))["installations"])


async def test_a_link_is_thin_and_its_card_exists_first(stage: Stage, shop: Shop) -> None:
    member = await stage.member()
    url = await link(stage, shop, member)
    assert url.startswith(str(stage.settings.google_save_url))
    assert len(url) <= 1_800
    assert len(stage.google.state.objects) == len(stage.google.state.classes) == 1
    assert stage.google.saved_passes() == []
    assert await installations(stage, member) == []


async def test_a_purchase_changes_the_saved_card(stage: Stage, shop: Shop) -> None:
    member = await stage.member("points")
    await save(stage, shop, member)
    [installation] = await installations(stage, member)
    assert installation["wallet"] == "google"
    await stage.tell()
    await pay(stage, member, 1_250)
    await stage.tell()
    assert held(stage)["loyaltyPoints"]["balance"] == {"int": 12}
    assert len(stage.google.notifications()) == 1
    [installation] = await installations(stage, member)
    assert installation["told_version"] == 2


async def test_many_changes_are_one_call(stage: Stage, shop: Shop) -> None:
    member = await stage.member("points")
    await save(stage, shop, member)
    await stage.tell()
    for _ in range(6):
        await pay(stage, member, 1_000)
    assert await stage.google_reconciler.round() == 1
    await stage.google_reconciler.drain()
    assert held(stage)["loyaltyPoints"]["balance"] == {"int": 60}
    assert await stage.google_reconciler.round() == 0


async def test_the_customer_deletes_the_card(stage: Stage, shop: Shop) -> None:
    member = await stage.member()
    await save(stage, shop, member)
    await stage.tell()
    await stage.google.remove(held(stage)["id"])
    await stage.google.drain()
    detail = await stage.get(f"/api/v1/passes/{member['card']['id']}")
    assert detail["installed"] == 0
    await pay(stage, member)
    assert await stage.google_reconciler.round() == 0


@pytest.mark.parametrize("mode", ["duplicate", "bad_signature", "expired_message", "expired_key", "foreign_root"])
async def test_callbacks_count_once_and_only_when_they_are_googles(stage: Stage, shop: Shop, mode: Any) -> None:
    member = await stage.member()
    url = await link(stage, shop, member)
    stage.google.callbacks.retry_seconds = 0
    stage.google.misbehave_next_callback(mode)
    await stage.google.save(url.rpartition("/")[2])
    await stage.google.drain()
    events = (await stage.get("/api/v1/events?name=pass.installed"))["items"]
    assert len(events) == (1 if mode == "duplicate" else 0)


async def test_an_outage_at_google_is_made_up_for(stage: Stage, shop: Shop) -> None:
    member = await stage.member("points")
    await save(stage, shop, member)
    await stage.tell()
    stage.google.inject_fault(Fault(status=503, times=1, method="PATCH"))
    await pay(stage, member, 1_000)
    assert await stage.google_reconciler.round() == 1
    await stage.google_reconciler.drain()
    assert (await installations(stage, member))[0]["last_error"]
    async with stage.database.unscoped() as connection:
        await connection.execute("UPDATE pass_updates SET due_at = now()")
    await stage.tell()
    assert held(stage)["loyaltyPoints"]["balance"] == {"int": 10}
    assert (await installations(stage, member))[0]["last_error"] is None


async def test_no_link_is_given_for_a_card_that_google_did_not_take(stage: Stage, shop: Shop) -> None:
    member = await stage.member()
    stage.google.inject_fault(Fault(status=503, times=10))
    with pytest.raises(GoogleUnavailable):
        await link(stage, shop, member)


async def test_a_blocked_card_is_inactive(stage: Stage, shop: Shop) -> None:
    member = await stage.member()
    await save(stage, shop, member)
    await stage.post(f"/api/v1/passes/{member['card']['id']}/revoke", {"reason": "lost"})
    await stage.tell()
    assert held(stage)["state"] == "INACTIVE"
