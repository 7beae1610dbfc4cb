"""Codes on two phones, from the program's choice to the screenshot that redeems nothing."""

from datetime import timedelta
from typing import Any

import pytest_asyncio

from passerelle.emulators.phone.google_card import google_card
from passerelle.kit import clock
from passerelle.kit.config import Settings
from passerelle.kit.ids import decode
from passerelle.kit.jobs import Work
from passerelle.passes import jobs
from tests.conftest import Shop
from tests.factories import handed
from tests.factories.stage import Json, Stage


@pytest_asyncio.fixture
async def member(stage: Stage) -> Json:
    """With a free coffee on the card, which is on an Android phone and on an iPhone."""
    made = await stage.member(goal=3)
    await stage.post("/api/v1/scans/visits", {"code": made["card"]["code"], "units": 3})
    link = await stage.post(f"/api/v1/passes/{made['card']['id']}/link")
    await handed.saved(stage, link)
    await handed.added(stage, link)
    rewards = await stage.get(f"/api/v1/rewards?program_id={made['program']}")
    return made | {"reward": rewards["items"][0]["id"], "link": link["url"]}


async def choose(stage: Stage, shop: Shop, member: Json, kind: str, **more: Any) -> None:
    """The merchant chooses, and the worker brings it to all cards."""
    answer = await stage.http.put(f"/api/v1/programs/{member['program']}/code-rule", json={"code_kind": kind, **more})
    assert answer.is_success, answer.text
    program_id = decode("prg", member["program"])
    payload = {"organization_id": str(shop.organization_id), "program_id": str(program_id)}
    await jobs.refresh_program(Work(stage.database, Settings(_env_file=None)), payload)
    await stage.tell()


def android(stage: Stage, seconds_ago: float = 0) -> str:
    """What the Android phone showed so long ago."""
    [saved] = stage.google.saved_passes()
    view = google_card(saved, language="fr", now=(clock.now() - timedelta(seconds=seconds_ago)).timestamp())
    assert view.barcode is not None
    return view.barcode.message


def iphone(stage: Stage) -> str:
    return str(handed.shown(stage)["barcodes"][0]["message"])


async def refused(stage: Stage, path: str, body: Json) -> str:
    answer = await stage.http.post(path, json=body)
    assert answer.is_error, answer.text
    return str(answer.json()["code"])


async def test_a_screenshot_redeems_nothing(stage: Stage, shop: Shop, member: Json) -> None:
    code = member["card"]["code"]
    assert (android(stage), iphone(stage)) == (code, code)
    await choose(stage, shop, member, "rotating", copies_may="earn")
    screenshot = android(stage, seconds_ago=120)
    redemption = {"code": screenshot, "reward_id": member["reward"]}
    assert await refused(stage, "/api/v1/scans", {"code": screenshot}) == "code_too_old"
    assert await refused(stage, "/api/v1/scans/redemptions", redemption) == "code_too_old"
    assert await refused(stage, "/api/v1/scans/redemptions", redemption | {"code": code}) == "code_not_enough"
    seen = await stage.post("/api/v1/scans", {"code": android(stage)})
    assert (seen["code"], seen["code_may"]) == ("rotating", "everything")
    assert seen["code_age_seconds"] < 60
    redeemed = await stage.post("/api/v1/scans/redemptions", redemption | {"code": android(stage)})
    assert redeemed["state"] == "redeemed"


async def test_an_iphone_shows_the_signed_one(stage: Stage, shop: Shop, member: Json) -> None:
    await choose(stage, shop, member, "rotating", copies_may="earn")
    seen = await stage.post("/api/v1/scans", {"code": iphone(stage)})
    assert (seen["code"], seen["code_may"], seen["code_age_seconds"]) == ("signed", "earn", None)
    body = {"code": iphone(stage), "reward_id": member["reward"]}
    assert await refused(stage, "/api/v1/scans/redemptions", body) == "code_not_enough"
    await stage.post("/api/v1/scans/purchases", {"code": iphone(stage), "amount_minor": 450})


async def test_what_was_chosen_can_be_taken_back(stage: Stage, shop: Shop, member: Json) -> None:
    [saved] = stage.google.saved_passes()
    await choose(stage, shop, member, "rotating")
    [saved] = stage.google.saved_passes()
    rotating = saved.wallet_object["rotatingBarcode"]
    assert rotating["valuePattern"] == member["card"]["code"] + "u{totp_value_0}{totp_timestamp_seconds}"
    assert rotating["totpDetails"]["periodMillis"] == "30000"
    assert len(rotating["totpDetails"]["parameters"][0]["key"]) == 40
    assert "barcode" not in saved.wallet_object
    await choose(stage, shop, member, "signed")
    [saved] = stage.google.saved_passes()
    assert "rotatingBarcode" not in saved.wallet_object
    assert android(stage) == iphone(stage)
    assert (await stage.post("/api/v1/scans", {"code": android(stage)}))["code"] == "signed"
    await choose(stage, shop, member, "static")
    assert (android(stage), iphone(stage)) == (member["card"]["code"], member["card"]["code"])


async def test_a_new_code_reaches_both_phones(stage: Stage, shop: Shop, member: Json) -> None:
    await choose(stage, shop, member, "rotating")
    old_android, old_iphone = android(stage), iphone(stage)
    renewed = await stage.post(f"/api/v1/passes/{member['card']['id']}/new-code")
    assert renewed["id"] == member["card"]["id"]
    await stage.tell()
    for old in (old_android, old_iphone):
        assert await refused(stage, "/api/v1/scans", {"code": old}) == "code_replaced"
    assert await refused(stage, "/api/v1/scans", {"code": member["card"]["code"]}) == "card_unknown"
    for new in (android(stage), iphone(stage)):
        assert (await stage.post("/api/v1/scans", {"code": new}))["pass_id"] == renewed["id"]


async def test_a_card_saved_anew_shows_what_was_chosen(stage: Stage, shop: Shop, member: Json) -> None:
    await choose(stage, shop, member, "rotating")
    other = await stage.join(member["program"], "+33612345679")
    link = await stage.post(f"/api/v1/passes/{other['card']['id']}/link")
    await handed.saved(stage, link)
    newest = next(
        each for each in stage.google.saved_passes() if other["card"]["serial_number"] in each.wallet_object["id"]
    )
    assert newest.wallet_object["rotatingBarcode"]["valuePattern"].startswith(other["card"]["code"])
