"""Callbacks: the genuine one, our own signed with Tink's published sample keys, and every kind of tampering."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    SECP384R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_private_key,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from passerelle.kit.errors import Refusal
from passerelle.passes.wallets.google.callbacks import (
    CallbackEvent,
    RootKey,
    claimed_issuer,
    instant,
    public_key,
    verify_callback,
)
from passerelle.passes.wallets.google.errors import (
    CallbackExpired,
    CallbackMalformed,
    CallbackSignatureInvalid,
)

FAR = datetime(2099, 1, 1, tzinfo=UTC)

# A real callback of 2025, published with edutap.wallet_google; its root key was recovered from real signatures.
GENUINE_ISSUER = "3388000000022141777"
GENUINE_ROOT = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEs/J7ghdwu4/b6NvqzQebS+Z80FEP8ZlGdAdWDUjfPeBKaV+YOWW0l6U/4IGXnfY9NrsND1fwx"
    "AqRq0unR/LCIg=="
)
GENUINE = {
    "signature": "MEUCIQC+xKva1ydmNwJJiP2HJJWsteUe02ztTDKExzcWIpmlywIgJwD4HUYvZJg/cr1OL21vVKr0b2ZXt79NblCQ1V18zsc=",
    "intermediateSigningKey": {
        "signedKey": (
            '{"keyValue":"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEKb256ssDdmf7DokZ7jsMtAvjiTX2HF1ay8QR1sSA+gFpC/ChhRwVd'
            'MEVJTaoAP1MIH38QWtqShiQ63zROaKtgQ\\u003d\\u003d","keyExpiration":"1759996807000"}'
        ),
        "signatures": [
            "MEUCIDd7rXh7qgJZ7YSlQiXG2zOdZUT5XlMSUPu3RfyV3p2CAiEApxrIwTmRVig93FVJUC6bSWdQXMqata5sHenKsVYreUk="
        ],
    },
    "protocolVersion": "ECv2SigningOnly",
    "signedMessage": (
        '{"classId":"3388000000022141777.lib.edutap.eu","objectId":"3388000000022141777.6b4cbd15-0de7-4fe8-95f6-'
        '995a51b4595e.object","eventType":"del","expTimeMillis":1759331348143,"count":1,"nonce":"1a9e3df0-ec10-4a'
        '17-8b39-89d2d7f48e3b"}'
    ),
}
GENUINE_EXPIRY = datetime(2025, 10, 1, 15, 9, 8, 143_000, tzinfo=UTC)
GENUINE_KEYS = (RootKey(public_key(GENUINE_ROOT), FAR),)


def tink_key(text: str) -> EllipticCurvePrivateKey:
    key = load_der_private_key(base64.b64decode(text), password=None)
    assert isinstance(key, EllipticCurvePrivateKey)
    return key


# Sample keys from Tink's own tests of PaymentMethodTokenRecipient.
TINK_ROOT = tink_key(
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgRi9hSdY+knJ08odnYtZFMRi7ZYeMoasAijLhD4GiQ1yhRANCAAQ1e9irEPlZrI"
    "piG5dB690Z0sDyJ9XguxFLa4q8WjzDDKLCBAcH0OIrMbpP8/UW70GXvNbL+x7kPLjCTWYmg+7G"
)
TINK_INTERMEDIATE = tink_key(
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg+Jvpkq26tpZ0sTTZVh4teEI41SnJdmkBzM8VZ5ZirE2hRANCAATw5q6vC9vJibw"
    "lYOAU9FMgODT+RxBMUBDi3GLkg/QDIzVCJqDBGENR+OmpmSnDzG38NfDJZgzQN0eqh5VMqqZh"
)
TINK_KEYS = (RootKey(TINK_ROOT.public_key(), FAR),)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ISSUER = "3388000000022222228"
MESSAGE = {
    "classId": f"{ISSUER}.cafe",
    "objectId": f"{ISSUER}.mem_1",
    "eventType": "save",
    "expTimeMillis": int((NOW + timedelta(hours=1)).timestamp() * 1000),
    "count": 1,
    "nonce": "0191-once",
}


def spki(key: EllipticCurvePrivateKey) -> str:
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


def signed(key: EllipticCurvePrivateKey, *parts: str) -> str:
    """Signed as the specification says, written here a second time on purpose."""
    content = b""
    for part in parts:
        raw = part.encode("utf-8")
        content += bytes([len(raw) & 255, len(raw) >> 8 & 255, len(raw) >> 16 & 255, len(raw) >> 24]) + raw
    return base64.b64encode(key.sign(content, ECDSA(SHA256()))).decode()


def callback(
    message: object = None,
    *,
    issuer: str = ISSUER,
    root: EllipticCurvePrivateKey = TINK_ROOT,
    intermediate: EllipticCurvePrivateKey = TINK_INTERMEDIATE,
    key_value: object = None,
    key_expires: object = None,
    sender: str = "GooglePayPasses",
    protocol: str = "ECv2SigningOnly",
) -> dict[str, Any]:
    if key_expires is None:
        key_expires = str(int((NOW + timedelta(days=1)).timestamp() * 1000))
    signed_key = json.dumps({"keyValue": key_value or spki(intermediate), "keyExpiration": key_expires})
    signed_message = message if isinstance(message, str) else json.dumps(message or MESSAGE)
    return {
        "signature": signed(intermediate, sender, issuer, protocol, signed_message),
        "intermediateSigningKey": {
            "signedKey": signed_key,
            "signatures": [signed(root, sender, protocol, signed_key)],
        },
        "protocolVersion": "ECv2SigningOnly",
        "signedMessage": signed_message,
    }


def verify(document: object, *, now: datetime = NOW, issuer: str = ISSUER) -> CallbackEvent:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return verify_callback(body, issuer_id=issuer, root_keys=TINK_KEYS, now=now)


def verify_genuine(document: object, now: datetime = GENUINE_EXPIRY - timedelta(minutes=1)) -> CallbackEvent:
    body = json.dumps(document).encode()
    return verify_callback(body, issuer_id=GENUINE_ISSUER, root_keys=GENUINE_KEYS, now=now)


def test_the_genuine_callback_verifies() -> None:
    assert verify_genuine(GENUINE) == CallbackEvent(
        class_id="3388000000022141777.lib.edutap.eu",
        object_id="3388000000022141777.6b4cbd15-0de7-4fe8-95f6-995a51b4595e.object",
        event_type="del",
        nonce="1a9e3df0-ec10-4a17-8b39-89d2d7f48e3b",
        expires_at=GENUINE_EXPIRY,
        count=1,
    )
    assert claimed_issuer(json.dumps(GENUINE).encode()) == GENUINE_ISSUER


def test_the_genuine_callback_expires() -> None:
    with pytest.raises(CallbackExpired):
        verify_genuine(GENUINE, GENUINE_EXPIRY)


def test_the_genuine_key_text_must_stay_as_it_came() -> None:
    """The escapes inside ``signedKey`` are part of what is signed."""
    rewritten = json.loads(json.dumps(GENUINE))
    inner = rewritten["intermediateSigningKey"]
    inner["signedKey"] = inner["signedKey"].replace("\\u003d", "=")
    with pytest.raises(CallbackSignatureInvalid):
        verify_genuine(rewritten)


def test_our_own_callback_verifies() -> None:
    event = verify(callback())
    assert event == CallbackEvent(
        f"{ISSUER}.cafe", f"{ISSUER}.mem_1", "save", "0191-once", NOW + timedelta(hours=1), 1
    )


def test_the_published_tink_keys_belong_together() -> None:
    assert spki(TINK_ROOT) == (
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAENXvYqxD5WayKYhuXQevdGdLA8ifV4LsRS2uKvFo8wwyiwgQHB9DiKzG6T/P1Fu9Bl7zWy/"
        "se5Dy4wk1mJoPuxg=="
    )


def test_any_root_key_and_any_signature_will_do() -> None:
    other = generate_private_key(SECP256R1())
    document = callback()
    signatures = document["intermediateSigningKey"]["signatures"]
    signatures.insert(0, signed(other, "something else"))
    keys = (RootKey(other.public_key(), FAR), *TINK_KEYS)
    event = verify_callback(json.dumps(document).encode(), issuer_id=ISSUER, root_keys=keys, now=NOW)
    assert event.nonce == "0191-once"


OTHER_KEY = generate_private_key(SECP256R1())
FORGED: list[tuple[str, Callable[[], dict[str, Any]]]] = [
    ("another root", lambda: callback(root=OTHER_KEY)),
    ("message by another key", lambda: callback() | {"signature": signed(OTHER_KEY, "x")}),
    ("intermediate not signed by the root", lambda: callback(root=TINK_INTERMEDIATE)),
    ("signed for another issuer", lambda: callback(issuer="1")),
    ("signed by another sender", lambda: callback(sender="GooglePayments")),
    ("signed under another protocol", lambda: callback(protocol="ECv2")),
    ("message changed", lambda: callback() | {"signedMessage": json.dumps(MESSAGE | {"nonce": "other"})}),
    ("message with a space more", lambda: callback() | {"signedMessage": json.dumps(MESSAGE) + " "}),
    ("class of another issuer", lambda: callback(MESSAGE | {"classId": "1.cafe"})),
    ("object of another issuer", lambda: callback(MESSAGE | {"objectId": "1.mem_1"})),
    ("issuer as a prefix only", lambda: callback(MESSAGE | {"objectId": f"{ISSUER[:-1]}.mem_1"})),
]


@pytest.mark.parametrize(("_name", "make"), FORGED, ids=[name for name, _ in FORGED])
def test_forgeries_are_refused(_name: str, make: Callable[[], dict[str, Any]]) -> None:
    with pytest.raises(CallbackSignatureInvalid) as refused:
        verify(make())
    assert refused.value.params == {}


def test_an_expired_root_key_verifies_nothing() -> None:
    keys = [replace(key, expires_at=NOW) for key in TINK_KEYS]
    with pytest.raises(CallbackSignatureInvalid):
        verify_callback(json.dumps(callback()).encode(), issuer_id=ISSUER, root_keys=keys, now=NOW)


def test_without_root_keys_nothing_verifies() -> None:
    with pytest.raises(CallbackSignatureInvalid):
        verify_callback(json.dumps(callback()).encode(), issuer_id=ISSUER, root_keys=(), now=NOW)


@pytest.mark.parametrize("expires", [int(NOW.timestamp() * 1000), str(int(NOW.timestamp() * 1000)), 0])
def test_an_expired_intermediate_key(expires: object) -> None:
    with pytest.raises(CallbackExpired):
        verify(callback(key_expires=expires))


def test_an_expired_message_is_told_only_to_whoever_could_sign_it() -> None:
    late = MESSAGE | {"expTimeMillis": int(NOW.timestamp() * 1000)}
    with pytest.raises(CallbackExpired):
        verify(callback(late))
    with pytest.raises(CallbackSignatureInvalid):
        verify(callback(late, root=OTHER_KEY))


MALFORMED_MESSAGES: list[object] = [
    "", "[]", "null", "{", "{}",
    *({name: MESSAGE[name] for name in MESSAGE if name != missing} for missing in MESSAGE if missing != "count"),
    *(MESSAGE | change for change in (
        {"eventType": "update"}, {"eventType": ["save"]}, {"classId": 7}, {"classId": ISSUER}, {"objectId": "a b"},
        {"expTimeMillis": "soon"}, {"expTimeMillis": True}, {"expTimeMillis": 1.5}, {"expTimeMillis": -1},
        {"expTimeMillis": 10**30}, {"expTimeMillis": "9" * 40}, {"nonce": ""}, {"nonce": 5}, {"nonce": "x" * 201},
        {"nonce": "a\0b"}, {"count": "1"}, {"count": -1}, {"count": True}, {"count": 2**40},
    )),
]  # fmt: skip


@pytest.mark.parametrize("message", MALFORMED_MESSAGES, ids=str)
def test_well_signed_nonsense(message: object) -> None:
    with pytest.raises(CallbackMalformed):
        verify(callback(message if message != "" else " "))


# A SubjectPublicKeyInfo of the algorithm 1.2.3.4, which nobody knows.
UNKNOWN_ALGORITHM = base64.b64encode(bytes.fromhex("300b300506032a03040302" + "0000")).decode()


@pytest.mark.parametrize("expires", ["", "soon", [], 1.5, True, 10**30])
def test_a_well_signed_key_without_a_sound_expiry(expires: object) -> None:
    with pytest.raises(CallbackMalformed):
        verify(callback(key_expires=expires))


@pytest.mark.parametrize(
    "key", ["AAAA", "!", 5, UNKNOWN_ALGORITHM, spki(generate_private_key(SECP384R1())), "A" * 600]
)
def test_a_well_signed_key_that_is_none(key: object) -> None:
    with pytest.raises(CallbackMalformed):
        verify(callback(key_value=key))


def without(document: dict[str, Any], *path: str) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(document))
    place = copy
    for name in path[:-1]:
        place = place[name]
    del place[path[-1]]
    return copy


GOOD = callback()
INNER = GOOD["intermediateSigningKey"]
MALFORMED: list[object] = [
    b"", b"null", b"[]", b"{", b"\xff\xfe", b"[" * 15_000, b"{" + b" " * 16_384 + b"}",
    b'{"signedMessage":"\\ud800"}',
    without(GOOD, "signature"), without(GOOD, "signedMessage"), without(GOOD, "protocolVersion"),
    without(GOOD, "intermediateSigningKey"), without(GOOD, "intermediateSigningKey", "signedKey"),
    without(GOOD, "intermediateSigningKey", "signatures"),
    GOOD | {"protocolVersion": "ECv2"}, GOOD | {"protocolVersion": "ECv1"}, GOOD | {"signature": 5},
    GOOD | {"signature": "no base64!"}, GOOD | {"signature": "A" * 200}, GOOD | {"signature": ""},
    GOOD | {"signature": "é"}, GOOD | {"signedMessage": MESSAGE}, GOOD | {"intermediateSigningKey": []},
    GOOD | {"intermediateSigningKey": INNER | {"signatures": []}},
    GOOD | {"intermediateSigningKey": INNER | {"signatures": INNER["signatures"] * 5}},
    GOOD | {"intermediateSigningKey": INNER | {"signatures": INNER["signatures"][0]}},
    GOOD | {"intermediateSigningKey": INNER | {"signatures": [None]}},
]  # fmt: skip


@pytest.mark.parametrize("document", MALFORMED, ids=range(len(MALFORMED)))
def test_what_is_no_callback(document: object) -> None:
    with pytest.raises(CallbackMalformed) as refused:
        verify(document)
    assert refused.value.params == {}


def test_a_missing_count_is_one() -> None:
    assert verify(callback({name: value for name, value in MESSAGE.items() if name != "count"})).count == 1


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_noise_is_malformed(noise: bytes) -> None:
    with pytest.raises(CallbackMalformed):
        verify(noise)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.sampled_from(["signature", "signedMessage", "protocolVersion", "intermediateSigningKey"]), JSON)
def test_any_value_in_any_place_is_refused(name: str, value: object) -> None:
    with pytest.raises(Refusal):
        verify(GOOD | {name: value})


@settings(deadline=None)
@given(st.sampled_from(["signedKey", "signatures"]), JSON)
def test_any_value_in_the_inner_places_is_refused(name: str, value: object) -> None:
    with pytest.raises(Refusal):
        verify(GOOD | {"intermediateSigningKey": INNER | {name: value}})


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_a_changed_byte_never_changes_what_is_believed(data: st.DataObject) -> None:
    body = bytearray(json.dumps(GOOD).encode())
    position = data.draw(st.integers(0, len(body) - 1))
    body[position] = data.draw(st.integers(0, 255))
    try:
        event = verify(bytes(body))
    except (CallbackMalformed, CallbackSignatureInvalid):
        return
    assert event == verify(GOOD)


@settings(deadline=None)
@given(st.datetimes(datetime(1970, 1, 1), datetime(9999, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001  the strategy adds the zone
def test_times_are_exact_to_the_millisecond(moment: datetime) -> None:
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    millis = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert instant(millis) == moment
    assert instant(str(millis)) == moment
