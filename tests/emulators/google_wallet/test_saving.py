"""Save links as a customer meets them, and the callbacks that follow."""

import hashlib
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature

from passerelle.emulators.google_wallet import ApiError
from passerelle.emulators.google_wallet.images import image_key
from tests.emulators.google_wallet.conftest import (
    BASE_URL,
    ISSUER,
    PRIVATE_PEM,
    STRANGER_PEM,
    Api,
    class_body,
    image,
    name,
    object_body,
    save_jwt,
)
from tests.emulators.google_wallet.receiver import Receiver, make_app, serving, verify

FAT = {"loyaltyClasses": [class_body()], "loyaltyObjects": [object_body()]}
THIN = {"loyaltyObjects": [{"id": name("member"), "classId": name("club")}]}
TINK_ROOT = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAENXvYqxD5WayKYhuXQevdGdLA8ifV4LsRS2uKvFo8wwyiwgQHB9DiKzG6T/P1Fu9B"
    "l7zWy/se5Dy4wk1mJoPuxg=="
)


async def test_a_fat_link_brings_its_class_and_object(api: Api) -> None:
    link = f"/gp/v/save/{save_jwt(FAT)}"
    offered = await api.http.get(link)
    assert offered.status_code == 200
    assert "Café Club" in offered.text
    assert "<button" in offered.text
    assert api.google.state.objects == {}
    added = await api.http.post(link)
    assert "Added to your wallet" in added.text
    assert (await api.ok("GET", f"loyaltyObject/{name('member')}"))["hasUsers"] is True
    assert (await api.ok("GET", f"loyaltyClass/{name('club')}"))["reviewStatus"] == "APPROVED"
    assert "<button" not in (await api.http.get(link)).text


async def test_a_thin_link_needs_its_object(api: Api) -> None:
    link = f"/gp/v/save/{save_jwt(THIN)}"
    missing = await api.http.post(link)
    assert missing.status_code == 404
    assert f"Wallet Object {name('member')} not found." in missing.text
    await api.ok("POST", "loyaltyClass", class_body())
    await api.ok("POST", "loyaltyObject", object_body())
    assert (await api.http.post(link)).status_code == 200
    assert [saved.wallet_object["id"] for saved in api.google.saved_passes()] == [name("member")]


async def test_a_link_does_not_overwrite_what_exists(api: Api) -> None:
    await api.ok("POST", "loyaltyClass", class_body())
    await api.ok("POST", "loyaltyObject", object_body())
    other = {"loyaltyClasses": [class_body(programName="X")], "loyaltyObjects": [object_body(accountName="Eve")]}
    await api.google.save(save_jwt(other))
    found = await api.ok("GET", f"loyaltyObject/{name('member')}")
    assert (found["accountName"], found["classReference"]["programName"]) == ("Ada", "Café Club")


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"aud": "elsewhere"}, "aud"),
        ({"typ": "JWT"}, "typ"),
        ({"iss": "nobody@example.com"}, "iss"),
        ({"iat": None}, "iat"),
        ({"iat": 2**34}, "future"),
        ({"origins": "https://shop.example"}, "origins"),
        ({"payload": None}, "no payload"),
        ({"payload": {"loyaltyClasses": [class_body()]}}, "it holds 0"),
        ({"payload": {"cards": []}}, "cards"),
        ({"payload": {"loyaltyObjects": [{}]}}, "needs an id"),
        ({"payload": {"loyaltyObjects": [object_body(colour="red")]}}, "colour"),
        ({"payload": {"loyaltyObjects": [object_body()]}}, "not found"),
        ({"payload": FAT | {"loyaltyObjects": [object_body() | {"id": "5.x"}]}}, "denied"),
        ({"private_pem": STRANGER_PEM}, "signature"),
    ],
)
async def test_wrong_links_are_refused(api: Api, changes: dict[str, Any], word: str) -> None:
    claims = {key: value for key, value in changes.items() if key != "private_pem"}
    token = save_jwt(FAT, private_pem=changes.get("private_pem", PRIVATE_PEM), changes=claims)
    for method in ("GET", "POST"):
        page = await api.http.request(method, f"/gp/v/save/{token}")
        assert 400 <= page.status_code < 500
        assert "cannot be added" in page.text
        assert word in page.text
    with pytest.raises(ApiError):
        await api.google.save(token)
    assert api.google.saved_passes() == []


async def test_tampered_links_are_refused(api: Api) -> None:
    head, payload, signature = save_jwt(FAT).split(".")
    _, other, _ = save_jwt(FAT | {"loyaltyObjects": [object_body(accountName="Eve")]}).split(".")
    unsigned = "eyJhbGciOiJub25lIn0"
    for token in (f"{head}.{other}.{signature}", f"{unsigned}.{payload}.", f"{head}.{payload}", "nonsense"):
        assert (await api.http.post(f"/gp/v/save/{token}")).status_code == 400
    assert api.google.state.objects == {}


async def test_a_pass_may_be_for_one_account_only(api: Api) -> None:
    def restricted(email: str) -> str:
        restriction = {"restrictToEmailSha256": hashlib.sha256(email.encode()).hexdigest()}
        return save_jwt(FAT | {"loyaltyObjects": [object_body(saveRestrictions=restriction)]})

    refused = await api.http.post(f"/gp/v/save/{restricted('someone@example.com')}")
    assert (refused.status_code, "another account" in refused.text) == (403, True)
    assert (await api.http.post(f"/gp/v/save/{restricted('customer@example.com')}")).status_code == 200


async def test_a_link_through_the_api(api: Api) -> None:
    token = save_jwt(FAT)
    made = await api.ok("POST", "jwt", {"jwt": token})
    assert made["saveUri"] == f"{BASE_URL}/gp/v/save/{token}"
    assert set(made["resources"]) == {"loyaltyClasses", "loyaltyObjects"}
    assert api.google.saved_passes() == []
    assert await api.ok("POST", "jwt/validate", {"jwtResource": {"jwt": token}}) == {}
    resource = '{"payload": {"loyaltyObjects": [{"id": "%s"}]}}'
    assert await api.ok("POST", "jwt/validate", {"jsonResource": {"json": resource % name("member")}}) == {}
    for wrong in (
        {},
        {"jwtResource": {"jwt": "x"}},
        {"jsonResource": {"json": "{"}},
        {"jsonResource": {"json": resource % name("none")}},
        {"jwtResource": {"jwt": token}, "jsonResource": {"json": "{}"}},
    ):
        assert (await api.refused("POST", "jwt/validate", wrong))[0] in {400, 404}


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    async with serving(make_app(made)) as base_url:
        made.url = f"{base_url}/hook"
        yield made


async def _keys(api: Api) -> list[str]:
    published = (await api.http.get("/gp/m/issuer/keys")).json()["keys"]
    assert {key["protocolVersion"] for key in published} == {"ECv2SigningOnly"}
    assert all(int(key["keyExpiration"]) > time.time() * 1000 for key in published)
    return [key["keyValue"] for key in published]


async def test_saving_and_removing_call_back(api: Api, receiver: Receiver) -> None:
    assert await _keys(api) == [TINK_ROOT]
    await api.with_card(callbackOptions={"url": receiver.url})
    await api.google.save(save_jwt(THIN))
    assert await api.google.remove(name("member"))
    assert not await api.google.remove(name("member"))
    await api.google.drain()
    now_ms = time.time() * 1000
    messages = [verify(body, str(ISSUER), [TINK_ROOT], now_ms) for body in receiver.posted]
    assert sorted(message["eventType"] for message in messages) == ["del", "save"]
    assert {(message["classId"], message["objectId"]) for message in messages} == {(name("club"), name("member"))}
    assert len({message["nonce"] for message in messages}) == 2
    assert receiver.posted[0]["intermediateSigningKey"]["signedKey"].count("\\u003d\\u003d") == 1
    with pytest.raises(InvalidSignature):
        verify(receiver.posted[0], "12", [TINK_ROOT], now_ms)
    assert (await api.ok("GET", f"loyaltyObject/{name('member')}"))["hasUsers"] is False


async def test_the_issuer_s_callback_is_the_fallback(api: Api, receiver: Receiver) -> None:
    await api.ok("PATCH", f"issuer/{ISSUER}", {"callbackOptions": {"url": receiver.url}})
    await api.with_card()
    await api.google.drain()
    assert [message["eventType"] for message in receiver.messages()] == ["save"]


async def test_a_failing_receiver_is_tried_again(api: Api, receiver: Receiver) -> None:
    api.google.callbacks.retry_seconds = 0.01
    receiver.statuses = [500, 503]
    await api.with_card(callbackOptions={"url": receiver.url})
    await api.google.drain()
    assert [message["count"] for message in receiver.messages()] == [1, 2, 3]
    assert len({message["nonce"] for message in receiver.messages()}) == 1
    assert [sent.status for sent in api.google.callbacks.log] == [500, 503, 200]


async def test_nobody_listening_is_given_up(api: Api) -> None:
    api.google.callbacks.retry_seconds = 0.01
    await api.with_card(callbackOptions={"url": "http://127.0.0.1:1/hook"})
    await api.google.drain()
    assert [sent.status for sent in api.google.callbacks.log] == [0, 0, 0]


@pytest.mark.parametrize(
    ("mode", "error"),
    [
        ("bad_signature", InvalidSignature),
        ("foreign_root", InvalidSignature),
        ("expired_key", ValueError),
        ("expired_message", ValueError),
    ],
)
async def test_callbacks_misbehave_on_request(
    api: Api, receiver: Receiver, mode: str, error: type[Exception]
) -> None:
    assert (await api.http.post("/_control/callbacks", json={"mode": mode})).status_code == 200
    await api.with_card(callbackOptions={"url": receiver.url})
    await api.http.post("/_control/remove", json={"objectId": name("member")})
    await api.google.drain()
    wrong = next(body for body in receiver.posted if '"save"' in body["signedMessage"])
    right = next(body for body in receiver.posted if '"del"' in body["signedMessage"])
    with pytest.raises(error):
        verify(wrong, str(ISSUER), [TINK_ROOT], time.time() * 1000)
    verify(right, str(ISSUER), [TINK_ROOT], time.time() * 1000)


async def test_callbacks_repeat_on_request(api: Api, receiver: Receiver) -> None:
    assert (await api.http.post("/_control/callbacks", json={"mode": "loud"})).status_code == 400
    await api.http.post("/_control/callbacks", json={"mode": "duplicate"})
    await api.with_card(callbackOptions={"url": receiver.url})
    await api.google.drain()
    nonces = [verify(body, str(ISSUER), [TINK_ROOT], time.time() * 1000)["nonce"] for body in receiver.posted]
    assert len(nonces) == 2
    assert len(set(nonces)) == 1


async def test_images_of_saved_passes_alone_are_fetched(api: Api, receiver: Receiver) -> None:
    await api.with_card(heroImage=image(receiver.url))
    assert await api.google.image(image_key("https://elsewhere.example/a.png")) is None
    assert await api.google.image(image_key(receiver.url)) is None  # no picture there


def test_the_verification_used_here_accepts_a_genuine_callback() -> None:
    """A callback Google sent in 2025; its root key was recovered from such callbacks and is not published."""
    root = (
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEs/J7ghdwu4/b6NvqzQebS+Z80FEP8ZlGdAdWDUjfPeBKaV+YOWW0l6U/4IGXnfY9"
        "NrsND1fwxAqRq0unR/LCIg=="
    )
    signed_key = (
        '{"keyValue":"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEKb256ssDdmf7DokZ7jsMtAvjiTX2HF1ay8QR1sSA+gFpC/ChhRwVdM'
        'EVJTaoAP1MIH38QWtqShiQ63zROaKtgQ\\u003d\\u003d","keyExpiration":"1759996807000"}'
    )
    message = (
        '{"classId":"3388000000022141777.lib.edutap.eu","objectId":"3388000000022141777.6b4cbd15-0de7-4fe8-95f6-'
        '995a51b4595e.object","eventType":"del","expTimeMillis":1759331348143,"count":1,'
        '"nonce":"1a9e3df0-ec10-4a17-8b39-89d2d7f48e3b"}'
    )
    body = {
        "signature": (
            "MEUCIQC+xKva1ydmNwJJiP2HJJWsteUe02ztTDKExzcWIpmlywIgJwD4HUYvZJg/cr1OL21vVKr0b2ZXt79NblCQ1V18zsc="
        ),
        "intermediateSigningKey": {
            "signedKey": signed_key,
            "signatures": [
                "MEUCIDd7rXh7qgJZ7YSlQiXG2zOdZUT5XlMSUPu3RfyV3p2CAiEApxrIwTmRVig93FVJUC6bSWdQXMqata5sHenKsVYreUk="
            ],
        },
        "protocolVersion": "ECv2SigningOnly",
        "signedMessage": message,
    }
    read = verify(body, "3388000000022141777", [root], 1759331348143 - 60_000)
    assert (read["eventType"], read["count"]) == ("del", 1)
    with pytest.raises(ValueError, match="message has expired"):
        verify(body, "3388000000022141777", [root], 1759331348144)
