"""An own Apple identity from the signing request to the phone, beside cards that keep the server's."""

import base64
import json
import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest

from passerelle.emulators.apple_ca.authority import Authority, load_authority
from passerelle.entry.emulated import PASS_TYPE
from passerelle.kit import clock
from passerelle.kit.db import Database
from passerelle.kit.ids import decode
from passerelle.passes import service
from passerelle.passes.own import service as own
from passerelle.passes.own.held import Identities
from passerelle.passes.wallets.apple.verify import judge
from tests.conftest import Shop
from tests.factories.stage import Json, Stage

OWN_TYPE = "pass.example.cafe"
TEAM = "CAFETEAM01"


@pytest.fixture
def authority(stage: Stage, emulator_directory: Path) -> Authority:
    """The emulated Apple of the stage."""
    return load_authority(emulator_directory)


def _encoded(*files: bytes) -> list[str]:
    return [base64.b64encode(each).decode() for each in files]


async def _upload(stage: Stage, *files: bytes, password: str | None = None) -> Json:
    body: Json = {"files": _encoded(*files)} | ({"password": password} if password else {})
    return await stage.post("/api/v1/wallets/apple/certificate", body)


async def _certified(stage: Stage, authority: Authority, pass_type: str = OWN_TYPE) -> Json:
    request = (await stage.post("/api/v1/wallets/apple/request"))["request"]
    return await _upload(stage, authority.certify_request(request.encode(), pass_type, TEAM))


async def _download(stage: Stage, shop: Shop, card: Json) -> bytes:
    signing = Identities(stage.settings, stage.wallets)
    async with stage.database.transaction(shop.organization_id) as tx:
        return await service.download_apple(tx, decode("pas", card["id"]), (await signing.of(tx)).apple)


def _pass_type(pkpass: bytes) -> str:
    return str(json.loads(zipfile.ZipFile(BytesIO(pkpass)).read("pass.json"))["passTypeIdentifier"])


async def test_new_cards_carry_the_own_pass_type_and_old_ones_keep_theirs(
    stage: Stage, shop: Shop, authority: Authority
) -> None:
    before = await stage.member()
    held_before = await stage.phone.add(await _download(stage, shop, before["card"]))
    assert await _certified(stage, authority) == {"accepted": True, "findings": [_without_nfc()]}
    state = (await stage.get("/api/v1/wallets"))["apple"]
    assert (state["origin"], state["pass_type_identifier"], state["team_identifier"]) == ("own", OWN_TYPE, TEAM)
    assert (state["days_left"], state["nfc_capable"], state["request_made_at"]) == (363, False, None)

    after = await stage.join(before["program"], "+33612345679")
    pkpass = await _download(stage, shop, after["card"])
    assert _pass_type(pkpass) == OWN_TYPE
    verdict = judge(pkpass, trust=(authority.root, authority.intermediate))
    assert [finding for finding in verdict.findings if finding.severity == "error"] == []
    assert (await stage.phone.add(pkpass)).registered
    assert held_before.registered
    for member in (before, after):
        code = member["card"]["code"]
        await stage.post("/api/v1/scans/purchases", {"code": code, "amount_minor": 450})
    await stage.tell()
    for member in (before, after):
        [installed] = (await stage.get(f"/api/v1/passes/{member['card']['id']}"))["installations"]
        assert installed["told_version"] == installed["fetched_version"] == 2
    assert stage.phone.violations == []


async def test_leaving_keeps_cards_alive(stage: Stage, shop: Shop, authority: Authority) -> None:
    await _certified(stage, authority)
    member = await stage.member()
    await stage.phone.add(await _download(stage, shop, member["card"]))
    answer = await stage.http.delete("/api/v1/wallets/apple")
    assert answer.status_code == 204
    state = (await stage.get("/api/v1/wallets"))["apple"]
    assert (state["origin"], state["pass_type_identifier"]) == ("server", PASS_TYPE)
    assert state["older_pass_types"] == [OWN_TYPE]
    await stage.post("/api/v1/scans/purchases", {"code": member["card"]["code"], "amount_minor": 450})
    await stage.tell()
    [installed] = (await stage.get(f"/api/v1/passes/{member['card']['id']}"))["installations"]
    assert installed["fetched_version"] == 2
    assert _pass_type(await _download(stage, shop, member["card"])) == PASS_TYPE


async def test_a_p12_is_taken_with_its_password(stage: Stage, authority: Authority) -> None:
    p12 = authority.issue_pass_certificate(OWN_TYPE, TEAM, nfc=True).p12("a secret")
    for password, code in ((None, "passphrase_missing"), ("wrong", "passphrase_wrong")):
        refused = await _upload(stage, p12, password=password)
        assert (refused["accepted"], [each["code"] for each in refused["findings"]]) == (False, [code])
    assert (await stage.get("/api/v1/wallets"))["apple"]["origin"] == "server"
    assert await _upload(stage, p12, password="a secret") == {"accepted": True, "findings": []}
    assert (await stage.get("/api/v1/wallets"))["apple"]["nfc_capable"] is True


@pytest.mark.parametrize(
    ("fault", "code"),
    [("expired", "certificate_expired"), ("forged_issuer", "issuer_signature_wrong"),
     ("no_pass_extension", "certificate_not_for_passes"), ("another request", "certificate_of_another_request"),
     ("no request", "private_key_missing"), ("the request itself", "certificate_is_a_request"),
     ("garbage", "key_file_unreadable")],
)  # fmt: skip
async def test_every_fault_is_a_sentence_and_changes_nothing(
    stage: Stage, authority: Authority, fault: Any, code: str
) -> None:
    files: list[bytes]
    if fault in {"expired", "forged_issuer", "no_pass_extension"}:
        files = [authority.issue_pass_certificate(OWN_TYPE, TEAM, fault=fault).p12("p")]
    elif fault == "another request":
        first = (await stage.post("/api/v1/wallets/apple/request"))["request"]
        await stage.post("/api/v1/wallets/apple/request")
        files = [authority.certify_request(first.encode(), OWN_TYPE, TEAM)]
    elif fault == "the request itself":
        files = [(await stage.post("/api/v1/wallets/apple/request"))["request"].encode()]
    elif fault == "no request":
        files = [authority.issue_pass_certificate(OWN_TYPE, TEAM).certificate_pem()]
    else:
        files = [b"not a certificate"]
    refused = await _upload(stage, *files, password="p")
    assert refused["accepted"] is False
    assert code in [each["code"] for each in refused["findings"]]
    assert all(len(each["text"]) > 20 for each in refused["findings"])
    assert (await stage.get("/api/v1/wallets"))["apple"]["origin"] == "server"


async def test_the_database_holds_no_key_in_the_clear(
    stage: Stage, authority: Authority, database: Database, shop: Shop
) -> None:
    request = await stage.post("/api/v1/wallets/apple/request")
    assert "PRIVATE" not in json.dumps(request)
    async with database.transaction(shop.organization_id) as tx:
        waiting = await tx.fetchval("SELECT key FROM apple_requests WHERE organization_id = $1", shop.organization_id)
    assert b"PRIVATE" not in waiting
    await _upload(stage, authority.certify_request(request["request"].encode(), OWN_TYPE, TEAM))
    async with database.transaction(shop.organization_id) as tx:
        query = "SELECT sealed FROM apple_identities WHERE organization_id = $1"
        sealed = await tx.fetchval(query, shop.organization_id)
        assert await tx.fetchval("SELECT count(*) FROM apple_requests") == 0
    assert b"BEGIN" not in sealed


@pytest.mark.parametrize(
    ("days", "stages"),
    [(300, []), (333, []), (335, ["month"]), (352, ["fortnight"]), (358, ["week"]), (365, ["over"])],
)
async def test_the_end_is_told_in_time(
    stage: Stage, client: httpx.AsyncClient, shop: Shop, authority: Authority, days: int, stages: list[str]
) -> None:
    await _certified(stage, authority)
    with clock.frozen(clock.now() + timedelta(days=days)):
        state = (await client.get("/api/v1/wallets")).json()["apple"]
        async with stage.database.transaction(shop.organization_id) as tx:
            ending = await own.certificates_that_end(tx)
    assert [(end.pass_type_identifier, end.stage) for end in ending] == [(OWN_TYPE, name) for name in stages]
    assert state["origin"] == (None if days == 365 else "own")


async def test_another_shop_sees_and_signs_nothing_of_it(
    stage: Stage, authority: Authority, other_shop: Shop
) -> None:
    await _certified(stage, authority)
    answer = await stage.http.get("/api/v1/wallets", headers=other_shop.headers)
    assert answer.json()["apple"]["pass_type_identifier"] == PASS_TYPE
    signing = Identities(stage.settings, stage.wallets)
    async with stage.database.transaction(other_shop.organization_id) as tx:
        assert await signing.apple_of(tx, OWN_TYPE) is None


def _without_nfc() -> Json:
    return {
        "severity": "note",
        "code": "certificate_without_nfc",
        "text": "The certificate does not allow NFC. Passes work without it; for NFC, ask Apple for the NFC"
        " entitlement and create the certificate again.",
    }
