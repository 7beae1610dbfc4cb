"""A card on an iPhone, from the first download to its removal, over real sockets."""


from passerelle.kit.ids import decode
from passerelle.passes import identities, service
from passerelle.passes.wallets.apple.verify import judge
from tests.conftest import Shop
from tests.factories.stage import Json, Stage


async def _download(stage: Stage, shop: Shop, card: Json) -> bytes:
    async with stage.database.transaction(shop.organization_id) as tx:
        return await service.download_apple(tx, decode("pas", card["id"]), stage.wallets.apple)


async def _pay(stage: Stage, card: Json, amount_minor: int = 450) -> Json:
    return await stage.post("/api/v1/scans/purchases", {"code": card["code"], "amount_minor": amount_minor})


async def test_a_purchase_changes_the_card_in_the_wallet(stage: Stage, shop: Shop) -> None:
    member = await stage.member()
    pkpass = await _download(stage, shop, member["card"])
    verdict = judge(pkpass, trust=identities.trust_roots(stage.settings))
    assert [finding for finding in verdict.findings if finding.severity == "error"] == []
    held = await stage.phone.add(pkpass)
    assert held.registered
    await _pay(stage, member["card"])
    await stage.tell()
    assert [(notice.title, notice.text) for notice in stage.phone.notifications] == [("Café Central", "x")]
    assert stage.phone.violations == []
