"""Save links: the claims of §“Jwt”, verified without our own code, and the switch to a thin link."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from passerelle.kit import clock
from passerelle.passes.wallets.google import errors, resources, values
from passerelle.passes.wallets.google.credentials import ServiceAccount
from passerelle.passes.wallets.google.names import Resource
from passerelle.passes.wallets.google.savelink import save_link

ISSUER = "3388000000022141777"
CLASS_ID, OBJECT_ID = f"{ISSUER}.cafe", f"{ISSUER}.mem_1"
BASE = "https://pay.google.com/gp/v/save/"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def decoded(part: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def verified(url: str, key: RSAPrivateKey) -> dict[str, Any]:
    """The claims behind a link, checked with the public key alone."""
    assert url.startswith(BASE)
    header, payload, signature = url.removeprefix(BASE).split(".")
    raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    key.public_key().verify(raw, f"{header}.{payload}".encode(), PKCS1v15(), SHA256())
    assert decoded(header) == {"alg": "RS256", "typ": "JWT", "kid": "0f5c1b7a"}
    claims: dict[str, Any] = decoded(payload)
    return claims


def card(**more: Any) -> dict[str, Any]:
    return resources.loyalty_object(OBJECT_ID, CLASS_ID, accountId="1001") | more


def cafe() -> dict[str, Any]:
    return resources.loyalty_class(
        CLASS_ID,
        issuer_name="Café Atlas",
        program_name=values.localized("fr", "Fidélité", {"ar": "برنامج الولاء"}),
        program_logo=values.image("https://cafe.example/logo.png"),
    )


def test_a_short_link_carries_class_and_object_whole(account: ServiceAccount, private_key: RSAPrivateKey) -> None:
    with clock.frozen(NOON):
        link = save_link(
            account,
            {Resource.LOYALTY_CLASS: [cafe()], Resource.LOYALTY_OBJECT: [card()]},
            ["https://cafe.example"],
        )
    assert not link.thin
    assert len(link.url) <= 1800
    assert verified(link.url, private_key) == {
        "iss": account.client_email,
        "aud": "google",
        "typ": "savetowallet",
        "iat": 1795348800,
        "origins": ["https://cafe.example"],
        "payload": {"loyaltyClasses": [cafe()], "loyaltyObjects": [card()]},
    }


def test_a_long_link_names_ids_alone(account: ServiceAccount, private_key: RSAPrivateKey) -> None:
    long = card(textModulesData=[values.text_module("a", "h", "x" * 1500)])
    link = save_link(account, {Resource.LOYALTY_CLASS: [cafe()], Resource.LOYALTY_OBJECT: [long]}, [])
    assert link.thin
    assert len(link.url) <= 1800
    claims = verified(link.url, private_key)
    assert claims["payload"] == {"loyaltyObjects": [{"id": OBJECT_ID, "classId": CLASS_ID}]}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(length=st.integers(0, 1300), origins=st.lists(st.sampled_from(["https://a.example", "https://b.example"])))
def test_the_limit_holds_for_every_length(account: ServiceAccount, length: int, origins: list[str]) -> None:
    body = card(accountName="é" * length)
    if len(origins) > 20:
        origins = origins[:20]
    link = save_link(account, {Resource.LOYALTY_OBJECT: [body]}, origins)
    assert len(link.url) <= 1800
    whole = account.sign(
        {
            "iss": account.client_email,
            "aud": "google",
            "typ": "savetowallet",
            "iat": 1795348800,
            "origins": origins,
            "payload": {"loyaltyObjects": [body]},
        }
    )
    assert link.thin == (len(BASE + whole) > 1800)


def test_exactly_at_the_limit_the_link_is_whole(account: ServiceAccount) -> None:
    links = [
        save_link(
            account, {Resource.LOYALTY_OBJECT: [card(accountName="x" * length)]}, [], base_url=f"https://a/{path}"
        )
        for length in range(700, 800)
        for path in ("s", "sa")
    ]
    whole = [len(link.url) for link in links if not link.thin]
    assert max(whole) == 1800
    assert len(whole) < len(links)


@given(st.binary(max_size=400))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
def test_the_length_of_a_signature_is_known_before_it_is_made(account: ServiceAccount, claims: bytes) -> None:
    assert account.signed_characters(claims) == len(account.sign_bytes(claims))


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        (Resource.GENERIC_OBJECT, "genericObjects"),
        (Resource.OFFER_OBJECT, "offerObjects"),
        (Resource.GIFT_CARD_OBJECT, "giftCardObjects"),
        (Resource.EVENT_TICKET_OBJECT, "eventTicketObjects"),
        (Resource.TRANSIT_OBJECT, "transitObjects"),
        (Resource.FLIGHT_OBJECT, "flightObjects"),
    ],
)
def test_every_kind_has_its_payload_key(
    account: ServiceAccount, private_key: RSAPrivateKey, kind: Resource, key: str
) -> None:
    claims = verified(save_link(account, {kind: [card()]}, []).url, private_key)
    assert claims["payload"] == {key: [card()]}


@pytest.mark.parametrize("base", ["http://127.0.0.1:9/save", "http://127.0.0.1:9/save/"])
def test_the_base_address_is_a_setting(account: ServiceAccount, base: str) -> None:
    link = save_link(account, {Resource.LOYALTY_OBJECT: [card()]}, [], base_url=base)
    assert link.url.startswith("http://127.0.0.1:9/save/ey")


@pytest.mark.parametrize(
    ("bodies", "origins", "field"),
    [
        ({}, [], "objects"),
        ({Resource.LOYALTY_CLASS: [{"id": CLASS_ID}]}, [], "objects"),
        ({Resource.LOYALTY_OBJECT: [{"id": OBJECT_ID}]}, [], "loyaltyObject.classId"),
        ({Resource.LOYALTY_OBJECT: [{"id": "x y", "classId": CLASS_ID}]}, [], "loyaltyObject.id"),
        (
            {Resource.OFFER_CLASS: [{}], Resource.OFFER_OBJECT: [{"id": OBJECT_ID, "classId": CLASS_ID}]},
            [],
            "offerClass.id",
        ),
        ({Resource.LOYALTY_OBJECT: [{"id": OBJECT_ID, "classId": CLASS_ID}]}, [""], "origins"),
        ({Resource.LOYALTY_OBJECT: [{"id": OBJECT_ID, "classId": CLASS_ID}]}, ["a"] * 21, "origins"),
        ({Resource.LOYALTY_OBJECT: [{"id": OBJECT_ID, "classId": CLASS_ID, "x": object()}]}, [], "payload"),
    ],
)
def test_links_that_google_could_not_honour(
    account: ServiceAccount, bodies: dict[Resource, list[dict[str, Any]]], origins: list[str], field: str
) -> None:
    with pytest.raises(errors.SaveLinkRefused) as refused:
        save_link(account, bodies, origins)
    assert refused.value.params == {"field": field}


def test_too_many_objects_for_one_link(account: ServiceAccount) -> None:
    bodies = [{"id": f"{ISSUER}.object-number-{index}", "classId": CLASS_ID} for index in range(40)]
    with pytest.raises(errors.SaveLinkTooLong) as refused:
        save_link(account, {Resource.LOYALTY_OBJECT: bodies}, [])
    assert refused.value.params["characters"] > 1800


def test_a_changed_link_does_not_verify(account: ServiceAccount, private_key: RSAPrivateKey) -> None:
    url = save_link(account, {Resource.LOYALTY_OBJECT: [card()]}, []).url
    header, payload, signature = url.split(".")[-3:]
    other = base64.urlsafe_b64encode(b'{"aud":"google"}').decode().rstrip("=")
    assert payload != other
    with pytest.raises(InvalidSignature):
        verified(f"{BASE}{header.rsplit('/', 1)[-1]}.{other}.{signature}", private_key)
