"""Google's classes and objects: checked against Google's own limits, in every language, and complete."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerelle.kit.ids import encode
from passerelle.kit.money import Money
from passerelle.passes.wallets.google import limits
from passerelle.passes.wallets.google.names import Resource
from passerelle.passes.wallets.google.render import RESOURCES, class_id, render_class, render_object
from passerelle.templates.compiled import CompiledTemplate
from passerelle.templates.facts import SAMPLES, Facts
from tests.templates.conftest import ORGANIZATION, TEMPLATE, compiled_of, content_of, designed, one_field

ISSUER = "3388000000022222222"
IMAGES = "https://cafe.example/images"
KINDS = ("stamps", "points", "membership", "coupon", "gift_card", "event_ticket", "generic")
FACTS: Facts = {**SAMPLES, "gift_card.balance": Money(4_500, "MAD")}


def a_class(compiled: CompiledTemplate, **changes: Any) -> dict[str, Any]:
    """The class as passes.service asks for it."""
    asked: dict[str, Any] = {"issuer_id": ISSUER, "image_base_url": IMAGES, "website": "https://cafe.example"}
    return render_class(
        compiled, **(asked | {"callback_url": "https://cafe.example/wallet/google/callback"} | changes)
    )


def an_object(compiled: CompiledTemplate, facts: Facts = FACTS, **changes: Any) -> dict[str, Any]:
    """The object as passes.service asks for it."""
    asked: dict[str, Any] = {"object_id": f"{ISSUER}.0198c0de", "class_id": class_id(ISSUER, TEMPLATE)}
    return render_object(compiled, facts, image_base_url=IMAGES, **(asked | changes))


def strings_in(node: Any) -> Iterator[str]:
    """Every text of a body."""
    if isinstance(node, str):
        yield node
    for below in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from strings_in(below)


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_default_card_is_within_googles_limits(kind: str, language: str) -> None:
    compiled = compiled_of(designed(kind, language, goal=10 if kind != "stamps" else 2), drawn=True)
    class_resource, object_resource = RESOURCES[kind]  # type: ignore[index]  # the table's kinds
    found = [
        *limits.check(class_resource, a_class(compiled)),
        *limits.check(object_resource, an_object(compiled, {**FACTS, "customer.full_name": "Lina Benali"})),
    ]
    assert found == []


def test_the_class_of_a_stamp_card() -> None:
    compiled = compiled_of(designed("stamps", goal=2), drawn=True)
    body = a_class(compiled)
    assert body["id"] == f"{ISSUER}.{encode('tpl', TEMPLATE)}"
    assert (body["issuerName"], body["programName"]) == ("Café Central", "Coffee Club")
    assert body["reviewStatus"] == "UNDER_REVIEW"
    assert body["hexBackgroundColor"] == "#5b3a29"
    logo = f"{IMAGES}/{encode('org', ORGANIZATION)}/{compiled.digests['square-logo.png']}.png"
    assert body["programLogo"] == {"sourceUri": {"uri": logo}}
    assert body["callbackOptions"] == {"url": "https://cafe.example/wallet/google/callback"}
    first_row = body["classTemplateInfo"]["cardTemplateOverride"]["cardRowTemplateInfos"][0]
    assert first_row["twoItems"]["startItem"]["firstValue"]["fields"] == [
        {"fieldPath": "object.loyaltyPoints.balance"}
    ]
    assert {each["value"] for each in body["localizedAccountNameLabel"]["translatedValues"]} == {"Membre", "العضو"}
    assert [each["id"] for each in body["textModulesData"]] == ["terms", "contact"]
    assert "heroImage" not in body


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_the_hero_shows_the_stamps_under_its_own_address(count: int) -> None:
    compiled = compiled_of(designed("stamps", goal=2), drawn=True)
    body = an_object(compiled, {**FACTS, "stamps.count": count, "stamps.goal": 2})
    digest = compiled.digests[f"hero-{min(count, 2)}.png"]
    assert body["heroImage"]["sourceUri"]["uri"].endswith(f"/{digest}.png")
    assert body["loyaltyPoints"]["balance"] == {"string": f"{count}/2"}


def test_the_object_of_a_stamp_card() -> None:
    body = an_object(compiled_of(designed("stamps", reward_name="Free coffee", reward_names={"fr": "Café offert"})))
    assert (body["id"], body["state"]) == (f"{ISSUER}.0198c0de", "ACTIVE")
    assert (body["accountName"], body["accountId"]) == ("Lina Benali", "7K2M-9QXD")
    assert body["barcode"] == {
        "type": "QR_CODE", "value": "7K2M-9QXD", "renderEncoding": "UTF_8", "alternateText": "7K2M-9QXD",
    }  # fmt: skip
    modules = {each["id"]: each for each in body["textModulesData"]}
    assert list(modules) == ["reward", "left", "member", "term", "lapses", "tier", "how", "card", "page"]
    assert modules["reward"]["localizedBody"]["translatedValues"] == [{"language": "fr", "value": "Café offert"}]
    assert {each["language"] for each in modules["how"]["localizedBody"]["translatedValues"]} == {"fr", "ar"}


BALANCES: list[tuple[dict[str, Any], object, dict[str, Any]]] = [
    ({"format": "decimal"}, 1_250, {"int": 1_250}),
    ({}, 1_250, {"int": 1_250}),
    ({}, 2**40, {"string": str(2**40)}),
    ({"format": "currency"}, Money(1_250, "EUR"), {"money": {"micros": "12500000", "currencyCode": "EUR"}}),
    ({}, "Gold", {"string": "Gold"}),
    ({}, None, {"string": "-"}),
]


@pytest.mark.parametrize(("more", "fact", "expected"), BALANCES)
def test_the_balance_is_a_number_where_it_is_one(
    more: dict[str, Any], fact: object, expected: dict[str, Any]
) -> None:
    compiled = compiled_of(content_of(fields=one_field("{{ balance.units }}", "header", **more)))
    body = an_object(compiled, {"balance.units": fact})  # type: ignore[dict-item]  # any kind of fact
    assert body["loyaltyPoints"] == {"label": "ONLY", "balance": expected}


def test_other_kinds_have_their_own_fields() -> None:
    ticket = an_object(compiled_of(designed("event_ticket")))
    assert ticket["ticketHolderName"] == "Lina Benali"
    assert ticket["seatInfo"]["seat"]["defaultValue"]["value"] == "7"
    gift = an_object(compiled_of(designed("gift_card")))
    assert (gift["cardNumber"], gift["balance"]) == ("7K2M-9QXD", {"micros": "45000000", "currencyCode": "MAD"})
    generic = an_object(compiled_of(designed("generic"), drawn=True))
    assert generic["cardTitle"]["defaultValue"]["value"] == "Café Central"
    assert generic["header"]["defaultValue"]["value"] == "Lina Benali"
    assert generic["logo"]["sourceUri"]["uri"].startswith(IMAGES)
    offer = a_class(compiled_of(designed("coupon")))
    assert (offer["title"], offer["provider"], offer["redemptionChannel"]) == (
        "Coffee Club",
        "Café Central",
        "INSTORE",
    )
    assert RESOURCES["generic"] == (Resource.GENERIC_CLASS, Resource.GENERIC_OBJECT)


def test_static_texts_are_on_the_class_and_moving_ones_on_the_object() -> None:
    back = [
        {"key": "terms", "label": "Terms", "value": "Be kind"},
        {"key": "hello", "label": "Hello", "value": "{{ customer.first_name }}"},
        {"key": "site", "value": "Our site", "link": "https://a.example"},
        {"key": "mine", "value": "{{ customer.first_name }}'s page", "link": "https://b.example"},
    ]
    compiled = compiled_of(
        content_of(
            fields={"back": back},
            links=[{"label": "Call us", "url": "tel:+212600000000"}],
            locations=[{"latitude": 33.99, "longitude": -6.85}],
            translations={"fr": {"Call us": "Appelez"}},
        )
    )
    body = a_class(compiled)
    assert [each["id"] for each in body["textModulesData"]] == ["terms"]
    assert [each["uri"] for each in body["linksModuleData"]["uris"]] == ["https://a.example", "tel:+212600000000"]
    assert body["linksModuleData"]["uris"][1]["localizedDescription"]["translatedValues"][0]["value"] == "Appelez"
    assert body["merchantLocations"] == [{"latitude": 33.99, "longitude": -6.85}]
    card = an_object(compiled)
    assert [each["id"] for each in card["textModulesData"]] == ["hello"]
    assert card["linksModuleData"] == {
        "uris": [{"uri": "https://b.example", "description": "Lina's page", "id": "mine"}]
    }


def test_ends_states_and_sharing() -> None:
    compiled = compiled_of(content_of(expires_at=datetime(2027, 1, 1, tzinfo=UTC), sharing_prohibited=True))
    body = an_object(compiled, state="EXPIRED", expiration=datetime(2026, 12, 1, tzinfo=UTC))
    assert (body["state"], body["validTimeInterval"]) == ("EXPIRED", {"end": {"date": "2026-12-01T00:00:00+00:00"}})
    assert a_class(compiled)["multipleDevicesAndHoldersAllowedStatus"] == "ONE_USER_ALL_DEVICES"


def test_the_overlay_lies_over_class_and_object() -> None:
    compiled = compiled_of(
        content_of(
            google={
                "class": {"countryCode": "MA", "hexBackgroundColor": None},
                "object": {
                    "smartTapRedemptionValue": "{{ pass.code }}",
                    "passConstraints": {"screenshotEligibility": "INELIGIBLE"},
                },
            }
        )
    )
    body = a_class(compiled)
    assert body["countryCode"] == "MA"
    assert "hexBackgroundColor" not in body
    found = an_object(compiled)
    assert found["smartTapRedemptionValue"] == "7K2M-9QXD"
    assert found["passConstraints"] == {"screenshotEligibility": "INELIGIBLE"}


values = st.one_of(
    st.text(max_size=30),
    st.integers(),
    st.booleans(),
    st.none(),
    st.dates(),
    st.datetimes(timezones=st.timezones()),
    st.builds(Money, st.integers(-(10**12), 10**12), st.sampled_from(["EUR", "JPY", "TND"])),
)
COMPILED = [compiled_of(designed(kind, language)) for kind in KINDS for language in ("en", "ar")]
NAMES = sorted(
    {name for compiled in COMPILED for name in compiled.placeholders} | {"customer.full_name", "ticket.type"}
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(COMPILED), st.dictionaries(st.sampled_from(NAMES), values))
def test_any_facts_make_an_object(compiled: CompiledTemplate, facts: dict[str, Any]) -> None:
    body = an_object(compiled, facts)
    assert json.loads(json.dumps(body)) == body
    assert not any("{{" in text or "{%" in text for text in strings_in(body) if text not in facts.values())
