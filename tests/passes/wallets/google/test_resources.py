"""Builders and their parts, compared with Google's discovery document."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints, is_typeddict

import googleapiclient
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerelle.kit.money import UnknownCurrency
from passerelle.passes.wallets.google import fields, resources, values
from passerelle.passes.wallets.google.names import Resource

ISSUER = "3388000000022141777"
CLASS_ID, OBJECT_ID = f"{ISSUER}.cafe", f"{ISSUER}.mem_1"
LOGO = values.image("https://cafe.example/logo.png")
NAME = values.localized("fr", "Café Atlas", {"ar": "مقهى الأطلس", "fr": "ignored"})

DISCOVERY = Path(googleapiclient.__path__[0]) / "discovery_cache/documents/walletobjects.v1.json"
SCHEMAS: Mapping[str, Any] = json.loads(DISCOVERY.read_text())["schemas"]

BUILT: list[tuple[str, type, dict[str, Any]]] = [
    (
        "LoyaltyClass",
        fields.LoyaltyClassFields,
        resources.loyalty_class(CLASS_ID, issuer_name=NAME, program_name="Points", program_logo=LOGO),
    ),
    ("LoyaltyObject", fields.LoyaltyObjectFields, resources.loyalty_object(OBJECT_ID, CLASS_ID)),
    ("GenericClass", fields.GenericClassFields, resources.generic_class(CLASS_ID)),
    (
        "GenericObject",
        fields.GenericObjectFields,
        resources.generic_object(OBJECT_ID, CLASS_ID, card_title=NAME, header=NAME),
    ),
    (
        "OfferClass",
        fields.OfferClassFields,
        resources.offer_class(
            CLASS_ID, issuer_name="Café", provider=NAME, title="-20 %", redemption_channel="INSTORE"
        ),
    ),
    ("OfferObject", fields.OfferObjectFields, resources.offer_object(OBJECT_ID, CLASS_ID)),
    ("GiftCardClass", fields.GiftCardClassFields, resources.gift_card_class(CLASS_ID, issuer_name="Café")),
    (
        "GiftCardObject",
        fields.GiftCardObjectFields,
        resources.gift_card_object(OBJECT_ID, CLASS_ID, card_number="6006"),
    ),
    (
        "EventTicketClass",
        fields.EventTicketClassFields,
        resources.event_ticket_class(CLASS_ID, issuer_name="Café", event_name=NAME),
    ),
    ("EventTicketObject", fields.EventTicketObjectFields, resources.event_ticket_object(OBJECT_ID, CLASS_ID)),
]
LEFT_OUT = {
    "allowMultipleUsersPerObject", "infoModuleData", "version", "wordMark", "kind",  # deprecated
    "review", "classReference", "hasUsers", "hasLinkedDevice",  # set by Google alone
    "notifyPreference",  # the client's, per change
}  # fmt: skip


@pytest.mark.parametrize(("schema", "optional", "body"), BUILT, ids=[schema for schema, _, _ in BUILT])
def test_builders_and_types_cover_the_schema(schema: str, optional: type, body: dict[str, Any]) -> None:
    known = set(SCHEMAS[schema]["properties"])
    ours = set(get_type_hints(optional)) | set(body)
    assert ours - known == set(), "no field that Google does not have"
    assert known - ours <= LEFT_OUT, "every field but those left out on purpose"


@pytest.mark.parametrize(("schema", "optional", "body"), BUILT, ids=[schema for schema, _, _ in BUILT])
def test_builders_fill_what_is_required(schema: str, optional: type, body: dict[str, Any]) -> None:
    required = {
        name
        for name, field in SCHEMAS[schema]["properties"].items()
        if field.get("description", "").startswith("Required")
    }
    assert required <= set(body)


def test_nested_types_follow_the_schema_all_the_way_down() -> None:
    checked = set()

    def follow(ours: Any, schema: Mapping[str, Any], place: str) -> None:
        if get_origin(ours) is list:
            follow(get_args(ours)[0], schema["items"], place)
        elif is_typeddict(ours):
            checked.add(place)
            known = SCHEMAS[schema["$ref"]]["properties"]
            for name, inner in get_type_hints(ours).items():
                assert name in known, f"{place}.{name}"
                follow(inner, known[name], f"{place}.{name}")
        elif literals := [value for value in get_args(ours) if isinstance(value, str)]:
            checked.add(place)
            assert set(literals) <= set(schema["enum"]), place
        elif ours in {str, int, float, bool}:
            kind = {str: "string", int: "integer", float: "number", bool: "boolean"}[ours]
            assert schema["type"] == kind, place

    for schema, optional, _ in BUILT:
        for name, ours in get_type_hints(optional).items():
            follow(ours, SCHEMAS[schema]["properties"][name], f"{schema}.{name}")
    assert len(checked) > 200


def test_resource_names_are_the_paths_of_the_api() -> None:
    document = json.loads(DISCOVERY.read_text())
    paths = {
        method["path"].split("/")[2]
        for name, resource in document["resources"].items()
        if name.endswith(("class", "object"))
        for method in resource["methods"].values()
    }
    assert {resource.value for resource in Resource} == paths
    assert {resource.payload_key for resource in Resource} == set(SCHEMAS["Resources"]["properties"])
    for resource in Resource:
        properties = SCHEMAS[resource.value[0].upper() + resource.value[1:]]["properties"]
        assert resource.is_reviewed == ("reviewStatus" in properties)
        assert resource.is_generic == ("notifyPreference" not in properties)


def test_a_localized_name_fills_both_fields() -> None:
    body = BUILT[0][2]
    assert body["issuerName"] == "Café Atlas"
    assert body["localizedIssuerName"] == {
        "defaultValue": {"language": "fr", "value": "Café Atlas"},
        "translatedValues": [{"language": "ar", "value": "مقهى الأطلس"}],
    }
    assert "localizedProgramName" not in body


def test_fields_pass_through() -> None:
    body = resources.loyalty_object(
        OBJECT_ID,
        CLASS_ID,
        state="INACTIVE",
        accountId="1001",
        loyaltyPoints=values.points(values.localized("fr", "Points", {"ar": "نقاط"}), 120),
        barcode=values.barcode("QR_CODE", "M-1001", "M-1001"),
    ) | {"fieldOfTomorrow": 1}
    assert body == {
        "id": OBJECT_ID,
        "classId": CLASS_ID,
        "state": "INACTIVE",
        "accountId": "1001",
        "loyaltyPoints": {
            "label": "Points",
            "localizedLabel": {
                "defaultValue": {"language": "fr", "value": "Points"},
                "translatedValues": [{"language": "ar", "value": "نقاط"}],
            },
            "balance": {"int": 120},
        },
        "barcode": {"type": "QR_CODE", "value": "M-1001", "renderEncoding": "UTF_8", "alternateText": "M-1001"},
        "fieldOfTomorrow": 1,
    }


@pytest.mark.parametrize(
    ("amount", "currency", "micros"),
    [
        (450, "EUR", "4500000"),
        (450, "JPY", "450000000"),
        (450, "TND", "450000"),
        (-5, "MAD", "-50000"),
        (0, "USD", "0"),
    ],
)
def test_money_travels_in_micros(amount: int, currency: str, micros: str) -> None:
    assert values.money(amount, currency) == {"micros": micros, "currencyCode": currency}


def test_money_needs_a_currency() -> None:
    with pytest.raises(UnknownCurrency):
        values.money(1, "XXXX")


@pytest.mark.parametrize(
    ("balance", "expected"),
    [
        (0, {"int": 0}),
        (2**31 - 1, {"int": 2**31 - 1}),
        (2**31, {"string": "2147483648"}),
        (1.5, {"double": 1.5}),
        ("12/20", {"string": "12/20"}),
        (values.money(100, "EUR"), {"money": {"micros": "1000000", "currencyCode": "EUR"}}),
    ],
)
def test_a_balance_has_exactly_one_form(balance: Any, expected: dict[str, Any]) -> None:
    assert values.points("Points", balance)["balance"] == expected


@pytest.mark.parametrize(
    ("address", "hashed"),
    [
        ("example@example.com", "31c5543c1734d25c7206f5fd591525d0295bec6fe84ff82f946a34fe970a1e66"),
        ("Example@Example.com ", "31c5543c1734d25c7206f5fd591525d0295bec6fe84ff82f946a34fe970a1e66"),
        ("exa.mple+news@example.com", "31c5543c1734d25c7206f5fd591525d0295bec6fe84ff82f946a34fe970a1e66"),
    ],
)
def test_save_restrictions_hash_as_the_discovery_text_shows(address: str, hashed: str) -> None:
    assert values.save_restriction(address) == {"restrictToEmailSha256": hashed}


def test_save_restrictions_need_an_address() -> None:
    with pytest.raises(ValueError, match="e-mail"):
        values.save_restriction("nobody")


def test_rotating_barcodes() -> None:
    code = values.rotating_barcode("QR_CODE", "M-1001-{totp_value_0}", [b"\x01\xab"], period_seconds=60, digits=6)
    assert code["totpDetails"] == {
        "algorithm": "TOTP_SHA1",
        "periodMillis": "60000",
        "parameters": [{"key": "01AB", "valueLength": 6}],
    }


def test_intervals_carry_their_offset() -> None:
    rabat = timezone(timedelta(hours=1))
    period = values.interval(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, 9, 30, tzinfo=rabat))
    assert period == {
        "start": {"date": "2026-01-01T00:00:00+00:00"},
        "end": {"date": "2026-02-01T09:30:00+01:00"},
    }
    assert values.interval(None, None) == {}
    with pytest.raises(ValueError, match="offset"):
        values.interval(datetime(2026, 1, 1), None)  # noqa: DTZ001  the missing zone is the point


def test_card_rows() -> None:
    one, two, three = (values.field(f"object.textModulesData['{name}']") for name in "abc")
    template = values.card_template(values.card_row(one), values.card_row(one, two), values.card_row(one, two, three))
    assert [next(iter(row)) for row in template["cardRowTemplateInfos"]] == ["oneItem", "twoItems", "threeItems"]
    assert template["cardRowTemplateInfos"][1]["twoItems"]["endItem"] == {"firstValue": two}
    for selectors in ([], [one] * 4):
        with pytest.raises(ValueError, match="one, two or three"):
            values.card_row(*selectors)


def test_small_parts() -> None:
    assert values.image("https://a/b", NAME)["contentDescription"] == NAME
    assert values.link("tel:+212", "Call us", "call") == {"uri": "tel:+212", "description": "Call us", "id": "call"}
    assert values.text_module("terms", NAME, "…")["localizedHeader"] == NAME
    assert values.coordinates(33.5, -7.6) == {"latitude": 33.5, "longitude": -7.6}
    shown = values.interval(datetime(2026, 1, 1, tzinfo=UTC), None)
    assert values.message("m", "H", "B", shown) == {"id": "m", "header": "H", "body": "B", "displayInterval": shown}
    assert values.value_added(NAME, NAME, "https://a", picture=LOGO, sort_index=2)["image"] == LOGO
    assert values.web_app_link("https://a", NAME)["webAppLinkInfo"] == {
        "appTarget": {"targetUri": {"uri": "https://a", "description": "Café Atlas"}}
    }
    assert values.android_app_link("com.cafe", NAME)["androidAppLinkInfo"]["appTarget"] == {"packageName": "com.cafe"}


@settings(deadline=None)
@given(st.text(min_size=1), st.text(min_size=1).filter(lambda domain: "@" not in domain.strip().lower()))
def test_restrictions_are_hexadecimal_whatever_is_typed(name: str, domain: str) -> None:
    try:
        made = values.save_restriction(f"{name}@{domain}")
    except ValueError:
        return
    assert len(bytes.fromhex(made["restrictToEmailSha256"])) == hashlib.sha256().digest_size
