"""An own Google issuer: tried with Google before it is used, and kept while cards depend on it."""

import json
from pathlib import Path

import pytest
from pydantic import AnyHttpUrl

from passerelle.kit.ids import decode
from passerelle.passes import service
from passerelle.passes.own.held import Identities
from tests.conftest import Shop
from tests.factories.stage import Json, Stage

ISSUER = 3388000000000000777
ACCOUNT = "cafe@shop.iam.gserviceaccount.example"


@pytest.fixture
def account(stage: Stage, tmp_path: Path) -> str:
    """A service account that the emulated Google lets write for the issuer."""
    stage.settings.google_token_url = AnyHttpUrl(f"{stage.emulated.web_url}/token")
    path = tmp_path / "account.json"
    stage.google.write_service_account_file(path, ACCOUNT, ISSUER)
    return path.read_text()


async def _use(stage: Stage, account: str, issuer: str = str(ISSUER)) -> Json:
    answer = await stage.http.put("/api/v1/wallets/google", json={"account": account, "issuer_id": issuer})
    return dict(answer.json())


async def _save_link(stage: Stage, shop: Shop, card: Json) -> str:
    signing = Identities(stage.settings, stage.wallets)
    pass_id = decode("pas", card["id"])
    async with stage.database.transaction(shop.organization_id) as tx:
        google = (await signing.of(tx)).google
    link = await service.make_google_save_link(stage.database, google, shop.organization_id, pass_id)
    await signing.close()
    return link


async def test_cards_are_made_and_kept_right_under_the_own_issuer(stage: Stage, shop: Shop, account: str) -> None:
    assert await _use(stage, account) == {"accepted": True, "findings": []}
    state = (await stage.get("/api/v1/wallets"))["google"]
    assert state == {"origin": "own", "issuer_id": str(ISSUER), "account": ACCOUNT}
    member = await stage.member()
    link = await _save_link(stage, shop, member["card"])
    await stage.google.save(link.rpartition("/")[2])
    await stage.tell()
    code = member["card"]["code"]
    await stage.post("/api/v1/scans/purchases", {"code": code, "amount_minor": 450})
    await stage.tell()
    [installed] = (await stage.get(f"/api/v1/passes/{member['card']['id']}"))["installations"]
    assert (installed["wallet"], installed["told_version"], installed["last_error"]) == ("google", 2, None)

    for leave in (
        await stage.http.delete("/api/v1/wallets/google"),
        await stage.http.put(
            "/api/v1/wallets/google", json={"account": _own_server(stage), "issuer_id": _issuer(stage)}
        ),
    ):
        assert (leave.status_code, leave.json()["code"]) == (409, "google_issuer_in_use")
        assert leave.json()["params"] == {"count": "1", "issuer": str(ISSUER)}
    assert (await _use(stage, account))["accepted"] is True  # a new key for the same issuer is always welcome


async def test_it_is_left_while_no_card_depends_on_it(stage: Stage, account: str) -> None:
    await _use(stage, account)
    assert (await stage.http.delete("/api/v1/wallets/google")).status_code == 204
    assert (await stage.get("/api/v1/wallets"))["google"]["origin"] == "server"


async def test_every_fault_is_a_sentence_and_changes_nothing(stage: Stage, account: str) -> None:
    fields = json.loads(account)
    for given, issuer, code in (
        ("{}", str(ISSUER), "google_account_wrong_type"),
        ("no json", str(ISSUER), "google_account_unreadable"),
        (json.dumps(fields | {"private_key": "-----BEGIN"}), str(ISSUER), "google_account_key_unreadable"),
        (account, "BCR2DN", "google_issuer_id_refused"),
        (account, "3388000000000000778", "google_issuer_not_allowed"),
        (json.dumps(fields | {"client_email": "x@y.example"}), str(ISSUER), "google_key_refused"),
    ):
        answer = await _use(stage, given, issuer)
        assert (answer["accepted"], code in [each["code"] for each in answer["findings"]]) == (False, True), answer
        assert "BEGIN" not in json.dumps(answer)
    assert (await stage.get("/api/v1/wallets"))["google"]["origin"] == "server"


async def test_a_file_does_not_choose_whom_we_call(stage: Stage, account: str) -> None:
    elsewhere = json.dumps(json.loads(account) | {"token_uri": "https://attacker.example/token"})
    assert (await _use(stage, elsewhere))["accepted"] is True


async def test_a_google_that_is_away_changes_nothing(stage: Stage, account: str) -> None:
    stage.settings.google_token_url = AnyHttpUrl("http://127.0.0.1:9/token")
    answer = await _use(stage, account)
    assert [each["code"] for each in answer["findings"]] == ["google_unreachable"]


def _own_server(stage: Stage) -> str:
    assert stage.settings.google_service_account is not None
    return stage.settings.google_service_account.read_text()


def _issuer(stage: Stage) -> str:
    return str(stage.settings.google_issuer_id)
