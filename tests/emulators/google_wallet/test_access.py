"""Tokens, rates, faults and batches."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from google.oauth2.service_account import Credentials
from googleapiclient.discovery import build

from passerelle.emulators.google_wallet import GoogleWalletEmulator
from passerelle.emulators.google_wallet.accounts import SCOPE
from tests.emulators.google_wallet.conftest import (
    BASE_URL,
    ISSUER,
    STRANGER_PEM,
    Api,
    assertion,
    class_body,
    name,
    object_body,
    signed,
)
from tests.emulators.google_wallet.receiver import serving


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"iss": "nobody@example.com"}, "invalid_grant"),
        ({"aud": "https://elsewhere.example/token"}, "invalid_grant"),
        ({"exp": 0}, "invalid_grant"),
        ({"exp": "soon"}, "invalid_grant"),
        ({"exp": 2**34}, "invalid_grant"),
        ({"scope": ""}, "invalid_scope"),
    ],
)
async def test_wrong_assertions_get_no_token(api: Api, changes: dict[str, Any], error: str) -> None:
    answer = await api.sign_in(**changes)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


async def test_a_stranger_s_signature_gets_no_token(api: Api) -> None:
    claims = {"iss": "signer@passerelle-demo.iam.gserviceaccount.com", "aud": f"{BASE_URL}/token", "scope": SCOPE}
    grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    forged = signed(claims | {"iat": int(api.clock()), "exp": int(api.clock()) + 60}, STRANGER_PEM)
    for token in (forged, "x", "a.b.c", ""):
        answer = await api.http.post("/token", data={"grant_type": grant, "assertion": token})
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    answer = await api.http.post("/token", data={"grant_type": "password", "assertion": assertion(api.clock())})
    assert answer.json()["error"] == "unsupported_grant_type"


async def test_tokens_expire_after_an_hour(api: Api) -> None:
    api.clock.ahead = 3_599
    await api.ok("GET", "issuer")
    api.clock.ahead = 3_601
    assert (await api.refused("GET", "issuer"))[:2] == (401, "authError")
    await api.sign_in()
    await api.ok("GET", "issuer")
    await api.http.delete("/_control/tokens")
    assert (await api.refused("GET", "issuer"))[0] == 401


async def test_a_token_needs_the_wallet_scope(api: Api) -> None:
    await api.sign_in(scope="https://www.googleapis.com/auth/drive")
    assert (await api.refused("GET", "issuer"))[:2] == (403, "insufficientPermissions")
    for header in ("", "Bearer", "Bearer wrong", "Basic eDp5"):
        api.headers = {"Authorization": header}
        assert (await api.refused("GET", "issuer"))[:2] == (401, "authError")


async def test_twenty_requests_a_second(api: Api) -> None:
    moment = api.clock()
    api.google.state.clock = lambda: moment + api.clock.ahead
    api.google.state.requests_per_second = 20
    for _ in range(20):
        await api.ok("GET", "issuer")
    assert (await api.refused("GET", "issuer"))[:2] == (429, "rateLimitExceeded")
    api.clock.ahead = 0.999
    assert (await api.refused("GET", "issuer"))[0] == 429
    api.clock.ahead = 1.0
    await api.ok("GET", "issuer")


async def test_faults_on_request(api: Api) -> None:
    fault = {"status": 503, "times": 2, "method": "GET", "path_prefix": "/walletobjects/v1/issuer"}
    await api.http.post("/_control/faults", json=fault)
    await api.ok("GET", "loyaltyClass", issuerId=str(ISSUER))
    assert [(await api.call("GET", "issuer")).status_code for _ in range(3)] == [503, 503, 200]
    await api.http.post("/_control/faults", json={"status": 500, "times": None})
    assert [(await api.call("GET", "issuer")).status_code for _ in range(3)] == [500] * 3
    await api.http.delete("/_control/faults")
    await api.ok("GET", "issuer")
    await api.http.post("/_control/faults", json={"latency_ms": 50})
    started = asyncio.get_running_loop().time()
    await api.ok("GET", "issuer")
    assert asyncio.get_running_loop().time() - started >= 0.05


@pytest.mark.parametrize(
    "body", [{"status": 200}, {"status": [1]}, {"times": 0}, {"latency_ms": -1}, {"colour": 1}, {"method": "get"}]
)
async def test_wrong_faults_are_refused(api: Api, body: dict[str, Any]) -> None:
    assert (await api.http.post("/_control/faults", json=body)).status_code == 400
    assert (await api.http.post("/_control/nothing", json={})).status_code == 404


async def test_large_bodies_are_refused(api: Api) -> None:
    big = class_body(programName="x" * 1_000_001)
    assert (await api.refused("POST", "loyaltyClass", big))[:2] == (413, "uploadTooLarge")


async def test_a_batch_as_google_s_samples_write_it(api: Api) -> None:
    calls = [("loyaltyClass", class_body()), ("loyaltyObject", object_body()), ("loyaltyObject", object_body())]
    text = "".join(
        f"--batch_x\nContent-Type: application/json\n\nPOST /walletobjects/v1/{kind}\n\n{json.dumps(body)}\n\n"
        for kind, body in calls
    )
    headers = api.headers | {"Content-Type": "multipart/mixed; boundary=batch_x"}
    answer = await api.http.post("/batch", content=f"{text}--batch_x--", headers=headers)
    assert answer.headers["content-type"].startswith("multipart/mixed")
    statuses = [line.split()[1] for line in answer.text.splitlines() if line.startswith("HTTP/1.1")]
    assert statuses == ["200", "200", "409"]
    assert (await api.ok("GET", f"loyaltyObject/{name('member')}"))["accountId"] == "M-1"


@pytest.mark.parametrize(
    ("content_type", "content"),
    [
        ("application/json", b"{}"),
        ("multipart/mixed; boundary=x", b""),
        ("multipart/mixed; boundary=x", b"--x\n\nDELETE /a\n--x--"),
    ],
)
async def test_no_batch_is_refused(api: Api, content_type: str, content: bytes) -> None:
    headers = api.headers | {"Content-Type": content_type}
    assert (await api.http.post("/batch", content=content, headers=headers)).status_code == 400
    assert (await api.http.post("/batch", content=content)).status_code == 401


async def test_every_call_of_a_batch_counts(api: Api) -> None:
    moment = api.clock()
    api.google.state.clock = lambda: moment
    api.google.state.requests_per_second = 20
    text = "--x\n\nGET /walletobjects/v1/issuer\n\n" * 25 + "--x--"
    headers = api.headers | {"Content-Type": "multipart/mixed; boundary=x"}
    answer = await api.http.post("/batch", content=text, headers=headers)
    assert answer.text.count("HTTP/1.1 200 OK") == 20
    assert answer.text.count("HTTP/1.1 429 Too Many Requests") == 5


@pytest.fixture
async def served() -> AsyncIterator[GoogleWalletEmulator]:
    """The emulator on a real loopback socket."""
    google = GoogleWalletEmulator()
    async with serving(google.app) as google.base_url:
        yield google


async def test_google_s_own_client_works(served: GoogleWalletEmulator) -> None:
    info = served.create_service_account("own@passerelle-demo.iam.gserviceaccount.com", ISSUER)
    found: list[Any] = []

    def work() -> None:
        credentials = Credentials.from_service_account_info(info, scopes=[SCOPE])  # type: ignore[no-untyped-call]  # google-auth has no types
        options = {"api_endpoint": served.base_url}
        with build("walletobjects", "v1", credentials=credentials, client_options=options) as wallet:
            found.append(wallet.loyaltyclass().insert(body=class_body()).execute()["reviewStatus"])
            batch = wallet.new_batch_http_request(callback=lambda *answer: found.append(answer))
            batch._batch_uri = f"{served.base_url}/batch"
            batch.add(wallet.loyaltyobject().insert(body=object_body()), request_id="made")
            batch.add(wallet.loyaltyobject().get(resourceId=name("none")), request_id="missing")
            batch.execute()

    thread = threading.Thread(target=work)
    thread.start()
    await asyncio.to_thread(thread.join, 15)
    assert found[0] == "APPROVED"
    answers = {key: (body, error) for key, body, error in found[1:]}
    assert answers["made"][0]["id"] == name("member")
    assert answers["missing"][1].resp.status == 404


async def test_service_accounts_may_be_registered_over_http(served: GoogleWalletEmulator) -> None:
    async with httpx.AsyncClient(base_url=served.base_url) as http:
        made = await http.post("/_control/service-accounts", json={"email": "a@b.example", "issuerId": "12"})
        assert made.json()["token_uri"] == f"{served.base_url}/token"
        wrong = {"email": "a@b.example", "issuerId": "12", "publicKeyPem": "no"}
        assert (await http.post("/_control/service-accounts", json=wrong)).status_code == 400


def test_the_service_account_file_is_its_owner_s_alone(tmp_path: Path) -> None:
    google = GoogleWalletEmulator(base_url="http://127.0.0.1:9")
    path = tmp_path / "google.json"
    google.write_service_account_file(path, "own@passerelle-demo.iam.gserviceaccount.com", ISSUER)
    assert path.stat().st_mode & 0o777 == 0o600
    written = json.loads(path.read_text("utf-8"))
    assert (written["type"], written["token_uri"]) == ("service_account", "http://127.0.0.1:9/token")
    assert written["client_email"] in google.state.accounts
