"""Cards of a membership with a term on both phones: paid, lapsed, and back after a renewal."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from passerelle.kit import clock
from passerelle.kit.ids import decode
from passerelle.passes import google, service
from passerelle.programs.terms import service as terms
from tests.conftest import Shop
from tests.factories.stage import Json, Stage

TERM = {"months": 1, "price_minor": 2_500, "joining": "unpaid", "renew_early_days": 400}


async def _member(stage: Stage, shop: Shop, kind: str = "membership", **term: Any) -> Json:
    """A member who has the card on both phones."""
    member = await stage.member(kind, settings={"term": TERM | term})
    pass_id = decode("pas", member["card"]["id"])
    async with stage.database.transaction(shop.organization_id) as tx:
        await stage.phone.add(await service.download_apple(tx, pass_id, stage.wallets.apple))
    url = await google.make_save_link(stage.database, stage.wallets.google, shop.organization_id, pass_id)
    await stage.google.save(url.rpartition("/")[2])
    await stage.google.drain()
    await stage.tell()
    return member


async def _renew(stage: Stage, member: Json, **fields: Any) -> Json:
    renewed = await stage.post(f"/api/v1/members/{member['member']}/renewals", fields)
    await stage.tell()
    return renewed


def _apple(stage: Stage) -> tuple[str, bool, datetime | None]:
    """What the phone's card says of the term, whether it is void, and when it expires."""
    [held] = stage.phone.passes.values()
    card = held.package.pass_json
    fields = [each for area in card["storeCard"].values() for each in area if each["key"] == "term"]
    ends = card.get("expirationDate")
    said = fields[0]["value"] if fields else ""
    return said, card.get("voided", False), datetime.fromisoformat(ends).astimezone(UTC) if ends else None


def _google(stage: Stage) -> tuple[str, datetime | None]:
    [saved] = stage.google.saved_passes()
    ends = saved.wallet_object.get("validTimeInterval", {}).get("end", {}).get("date")
    return saved.wallet_object["state"], datetime.fromisoformat(ends).astimezone(UTC) if ends else None


async def test_a_card_lapses_and_comes_back_in_both_wallets(stage: Stage, shop: Shop) -> None:
    member = await _member(stage, shop)
    assert _apple(stage) == ("Not paid yet", False, None)
    assert _google(stage) == ("ACTIVE", None)
    paid = await _renew(stage, member, at=(clock.now() - timedelta(days=45)).isoformat(), reference="R-1")
    lapsed_at = datetime.fromisoformat(paid["membership"]["lapses_at"])
    said, voided, ends = _apple(stage)
    assert (said[:6], voided, ends) == ("Ended ", True, lapsed_at)
    assert _google(stage) == ("EXPIRED", lapsed_at)
    # The till still reads the card, and says what to do.
    scanned = await stage.post("/api/v1/scans", {"code": member["card"]["code"]})
    assert scanned["term"]["status"] == "lapsed"
    assert (scanned["term"]["price_minor"], scanned["may"]) == (2_500, ["renew", "undo"])
    again = await _renew(stage, member)
    until = datetime.fromisoformat(again["membership"]["valid_until"])
    said, voided, ends = _apple(stage)
    assert (said[:6], voided, ends) == ("Until ", False, until)
    assert _google(stage) == ("ACTIVE", until)
    assert [notice.text[:22] for notice in stage.phone.notifications] == [
        "Your membership: Ended",
        "Your membership: Until",
    ]
    for term in (again, paid):
        await stage.post(f"/api/v1/terms/{term['term']['id']}/void", {})
    await stage.tell()
    assert _apple(stage) == ("Not paid yet", False, None)
    assert _google(stage) == ("ACTIVE", None)
    assert stage.phone.violations == []


@pytest.mark.parametrize("kind", ["stamps", "points"])
async def test_the_lock_screen_says_that_it_ends_soon(stage: Stage, shop: Shop, kind: str) -> None:
    member = await _member(stage, shop, kind, months=None, days=40, remind_days=3)
    await _renew(stage, member, at=(clock.now() - timedelta(days=34)).isoformat())
    stage.phone.notifications.clear()
    with clock.frozen(clock.now() + timedelta(days=2)):
        async with stage.database.transaction(shop.organization_id) as tx:
            assert await terms.tell_due(tx, 10) == 1
            told = await service.show_card(tx, decode("pas", member["card"]["id"]), "fr")
    field = next(each for each in told.face.fields if each.key == "term")
    assert field.value.startswith("Finit le ")
    assert field.change_message == f"Votre adhésion : {'%@'}"


async def test_a_card_of_a_program_without_a_term_says_nothing_of_it(stage: Stage, shop: Shop) -> None:
    member = await stage.member("membership")
    async with stage.database.transaction(shop.organization_id) as tx:
        pass_id = decode("pas", member["card"]["id"])
        await stage.phone.add(await service.download_apple(tx, pass_id, stage.wallets.apple))
    assert _apple(stage) == ("", False, None)
    scanned = await stage.post("/api/v1/scans", {"code": member["card"]["code"]})
    assert scanned["term"] is None
