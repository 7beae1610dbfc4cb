"""What the designer asks of cards: how far an update has come, and a card to try a version with."""

from datetime import timedelta
from typing import Any

import httpx

from passerelle.kit import clock
from passerelle.kit.ids import decode, open_tenant_token, tenant_token
from passerelle.passes import identities, service
from passerelle.passes.trial_cards import download_trial_card
from passerelle.passes.wallets.apple.verify import judge
from tests.conftest import Shop
from tests.factories.stage import Json, Stage


async def template_of(stage: Stage, member: Json) -> str:
    """The template of a member's program."""
    return str((await stage.get(f"/api/v1/programs/{member['program']}"))["template_id"])


async def save(stage: Stage, template_id: str, **changes: Any) -> int:
    """A new version, not published."""
    content = (await stage.get(f"/api/v1/templates/{template_id}/versions/1"))["content"]
    saved = await stage.post(f"/api/v1/templates/{template_id}/versions", {"content": content | changes})
    return int(saved["version"])


async def test_an_update_is_followed_to_its_end(stage: Stage, shop: Shop) -> None:
    member = await stage.member()
    await stage.join(member["program"], "+33612345679")
    template_id = await template_of(stage, member)
    async with stage.database.transaction(shop.organization_id) as tx:
        pkpass = await service.download_apple(tx, decode("pas", member["card"]["id"]), stage.wallets.apple)
    await stage.phone.add(pkpass)
    rollout = f"/api/v1/templates/{template_id}/rollout"
    at_rest = {"version": 1, "cards": 2, "adopted": 2, "wallets": 1, "told": 1, "fetched": 1}
    assert await stage.get(rollout) == at_rest
    version = await save(stage, template_id, logo_text="New")
    assert await stage.get(rollout) == at_rest
    await stage.post(f"/api/v1/templates/{template_id}/versions/{version}/publish")
    started = {"version": 2, "cards": 2, "adopted": 0, "wallets": 1, "told": 0, "fetched": 0}
    assert await stage.get(rollout) == started
    async with stage.database.transaction(shop.organization_id) as tx:
        assert await service.adopt_template(tx, decode("tpl", template_id), version) == 2
    assert await stage.get(rollout) == started | {"adopted": 2}
    await stage.tell()
    assert await stage.get(rollout) == at_rest | {"version": 2}


async def test_a_draft_can_be_tried_on_a_phone(stage: Stage) -> None:
    member = await stage.member()
    template_id = await template_of(stage, member)
    version = await save(stage, template_id, logo_text="Draft")
    link = await stage.post(f"/api/v1/templates/{template_id}/versions/{version}/trial-card")
    async with httpx.AsyncClient() as stranger:
        answer = await stranger.get(link["url"])
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/vnd.apple.pkpass")
        verdict = judge(answer.content, trust=identities.trust_roots(stage.settings))
        assert [finding for finding in verdict.findings if finding.severity == "error"] == []
        held = await stage.phone.add(answer.content)
        assert held.package.pass_json["logoText"] == "Draft"
        assert not held.registered
    opened = open_tenant_token("t", link["url"].removesuffix(".pkpass").rpartition("/")[2])
    assert opened is not None
    with clock.frozen(clock.now() + timedelta(hours=2)):
        async with stage.database.transaction(opened[0]) as tx:
            assert await download_trial_card(tx, opened[1], stage.wallets.apple) is None
    till = await stage.http.post("/api/v1/scans/purchases", json={"code": "TRIAL-CARD", "amount_minor": 450})
    assert till.json()["code"] == "card_unknown"


async def test_nobody_makes_a_link_by_hand(stage: Stage, shop: Shop) -> None:
    member = await stage.member()
    template_id = await template_of(stage, member)
    known = (await stage.post(f"/api/v1/templates/{template_id}/versions/1/trial-card"))["url"]
    forged = tenant_token("t", shop.organization_id, decode("tpl", template_id).bytes + b"\0\0\0\1\xff\xff\xff\xff")
    garbled = known.removesuffix(".pkpass").rpartition("/")[2]
    # Of the last letter not every bit counts.
    garbled = garbled[:-2] + ("A" if garbled[-2] != "A" else "B") + garbled[-1]
    for token in (forged, forged + "A" * 22, garbled, "t_", "c_abc", "x" * 500):
        answer = await stage.http.get(f"/t/{token}.pkpass")
        assert (answer.status_code, answer.json()["code"]) == (404, "trial_card_not_found"), token
