"""Limits: one table of bodies and the findings they give, and the promise never to fail."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerelle.kit.i18n import LANGUAGES
from passerelle.passes.wallets.google import limit_tables, resources, values
from passerelle.passes.wallets.google.limit_texts import SENTENCES
from passerelle.passes.wallets.google.limits import check
from passerelle.passes.wallets.google.names import Resource

ISSUER = "3388000000022141777"
CLASS_ID, OBJECT_ID = f"{ISSUER}.cafe", f"{ISSUER}.mem_1"
LOGO = values.image("https://cafe.example/logo.png")
NAME = values.localized("fr", "Café Atlas", {"ar": "مقهى الأطلس"})
LONG = values.localized("fr", "court", {"de": "x" * 61})

WHOLE: Mapping[Resource, dict[str, Any]] = {
    Resource.LOYALTY_CLASS: resources.loyalty_class(
        CLASS_ID,
        issuer_name="Café",
        program_name=NAME,
        program_logo=LOGO,
        hexBackgroundColor="#fc0",
        callbackOptions={"url": "https://cafe.example/wallet/google/callback"},
        classTemplateInfo={
            "cardTemplateOverride": values.card_template(values.card_row(values.field("object.accountId")))
        },
        multipleDevicesAndHoldersAllowedStatus="ONE_USER_ALL_DEVICES",
        appLinkData=values.web_app_link("https://cafe.example", NAME),
    ),
    Resource.LOYALTY_OBJECT: resources.loyalty_object(
        OBJECT_ID,
        CLASS_ID,
        loyaltyPoints=values.points("Points", 120),
        secondaryLoyaltyPoints=values.points("Crédit", values.money(450, "EUR")),
        barcode=values.barcode("QR_CODE", "1001"),
        rotatingBarcode=values.rotating_barcode("QR_CODE", "{totp_value_0}", [b"key"]),
        saveRestrictions=values.save_restriction("a@example.com"),
        smartTapRedemptionValue="1001",
        merchantLocations=[values.coordinates(-90, 180)],
        linkedObjectIds=[f"{ISSUER}.offer"],
        messages=[{"id": "m", "header": "h", "body": "b", "messageType": "TEXT"}],
    ),
    Resource.GENERIC_CLASS: resources.generic_class(CLASS_ID),
    Resource.GENERIC_OBJECT: resources.generic_object(OBJECT_ID, CLASS_ID, card_title=NAME, header=NAME),
    Resource.OFFER_CLASS: resources.offer_class(
        CLASS_ID, issuer_name="Café", provider="Café", title="-20 %", redemption_channel="BOTH"
    ),
    Resource.OFFER_OBJECT: resources.offer_object(OBJECT_ID, CLASS_ID),
    Resource.GIFT_CARD_CLASS: resources.gift_card_class(CLASS_ID, issuer_name="Café"),
    Resource.GIFT_CARD_OBJECT: resources.gift_card_object(
        OBJECT_ID, CLASS_ID, card_number="6", balance=values.money(-450, "TND")
    ),
    Resource.EVENT_TICKET_CLASS: resources.event_ticket_class(CLASS_ID, issuer_name="Café", event_name=NAME),
    Resource.EVENT_TICKET_OBJECT: resources.event_ticket_object(OBJECT_ID, CLASS_ID),
}


def found(resource: Resource, **change: Any) -> list[tuple[str, str, str]]:
    return [(one.level, one.path, one.rule) for one in check(resource, WHOLE[resource] | change)]


@pytest.mark.parametrize("resource", WHOLE)
def test_sound_bodies_have_no_findings(resource: Resource) -> None:
    assert found(resource) == []


@pytest.mark.parametrize("resource", WHOLE)
def test_every_required_field_is_missed(resource: Resource) -> None:
    for name in limit_tables.REQUIRED[resource]:
        body = {key: value for key, value in WHOLE[resource].items() if key != name}
        assert [(one.level, one.path, one.rule) for one in check(resource, body)] == [("error", name, "required")]


LOYALTY, CARD = Resource.LOYALTY_CLASS, Resource.LOYALTY_OBJECT
ERRORS: list[tuple[Resource, dict[str, Any], str, str]] = [
    (LOYALTY, {"id": "cafe"}, "id", "identifier"),
    (CARD, {"classId": f"{ISSUER}.a b"}, "classId", "identifier"),
    (CARD, {"linkedObjectIds": ["x"]}, "linkedObjectIds[0]", "identifier"),
    (CARD, {"linkedObjectIds": ["1.x"]}, "linkedObjectIds[0]", "other_issuer"),
    (CARD, {"linkedOfferIds": [f"{ISSUER}.a", "1.x"]}, "linkedOfferIds[1]", "other_issuer"),
    (CARD, {"messages": [{}] * 11}, "messages", "count"),
    (CARD, {"messages": {}}, "messages", "list"),
    (LOYALTY, {"merchantLocations": [values.coordinates(0, 0)] * 11}, "merchantLocations", "count"),
    (CARD, {"valueAddedModuleData": [{}] * 16}, "valueAddedModuleData", "count"),
    (
        LOYALTY,
        {"classTemplateInfo": {"cardTemplateOverride": {"cardRowTemplateInfos": [{"oneItem": {}}] * 4}}},
        "classTemplateInfo.cardTemplateOverride.cardRowTemplateInfos",
        "count",
    ),
    (
        LOYALTY,
        {"classTemplateInfo": {"cardTemplateOverride": {"cardRowTemplateInfos": [{"oneItem": {}, "twoItems": {}}]}}},
        "classTemplateInfo.cardTemplateOverride.cardRowTemplateInfos[0]",
        "exactly_one",
    ),
    (Resource.EVENT_TICKET_CLASS, {"eventId": "x" * 65}, "eventId", "length"),
    (Resource.EVENT_TICKET_CLASS, {"gateLabel": "DOOR", "customGateLabel": NAME}, "customGateLabel", "exactly_one"),
    (Resource.EVENT_TICKET_CLASS, {"venue": {"name": NAME}}, "venue.address", "required"),
    (CARD, {"appLinkData": {"displayText": LONG}}, "appLinkData.displayText", "length"),
    (
        CARD,
        {"appLinkData": {"webAppLinkInfo": {"appTarget": {"targetUri": {"uri": "https://a"}}}}},
        "appLinkData.webAppLinkInfo.appTarget.targetUri.description",
        "required",
    ),
    (CARD, {"state": "DELETED"}, "state", "choice"),
    (CARD, {"state": 5}, "state", "choice"),
    (CARD, {"barcode": {"type": "QR"}}, "barcode.type", "choice"),
    (CARD, {"messages": [{"messageType": "EXPIRATION_NOTIFICATION"}]}, "messages[0].messageType", "choice"),
    (CARD, {"passConstraints": {"nfcConstraint": ["ALL"]}}, "passConstraints.nfcConstraint[0]", "choice"),
    (LOYALTY, {"viewUnlockRequirement": "NEVER"}, "viewUnlockRequirement", "choice"),
    (LOYALTY, {"hexBackgroundColor": "red"}, "hexBackgroundColor", "pattern"),
    (LOYALTY, {"hexBackgroundColor": "#12345\n"}, "hexBackgroundColor", "pattern"),
    (LOYALTY, {"callbackOptions": {"url": "http://cafe.example/"}}, "callbackOptions.url", "pattern"),
    (CARD, {"smartTapRedemptionValue": "é"}, "smartTapRedemptionValue", "pattern"),
    (CARD, {"textModulesData": [{"id": "a.b"}]}, "textModulesData[0].id", "pattern"),
    (
        CARD,
        {"saveRestrictions": {"restrictToEmailSha256": "ABC"}},
        "saveRestrictions.restrictToEmailSha256",
        "pattern",
    ),
    (CARD, {"merchantLocations": [{"latitude": 91}]}, "merchantLocations[0].latitude", "range"),
    (CARD, {"merchantLocations": [{"longitude": -180.5}]}, "merchantLocations[0].longitude", "range"),
    (CARD, {"merchantLocations": [{"longitude": "0"}]}, "merchantLocations[0].longitude", "range"),
    (CARD, {"loyaltyPoints": {"label": "Points"}}, "loyaltyPoints.balance", "required"),
    (CARD, {"loyaltyPoints": {"balance": {"int": 1, "string": "1"}}}, "loyaltyPoints.balance", "exactly_one"),
    (
        CARD,
        {"loyaltyPoints": {"balance": {"money": {"micros": 5}}}},
        "loyaltyPoints.balance.money.micros",
        "pattern",
    ),
    (Resource.GIFT_CARD_OBJECT, {"balance": {"micros": "4.5"}}, "balance.micros", "pattern"),
    (LOYALTY, {"heroImage": {}}, "heroImage", "exactly_one"),
    (LOYALTY, {"heroImage": {"sourceUri": {"uri": "x"}, "privateImageId": "1"}}, "heroImage", "exactly_one"),
    (LOYALTY, {"heroImage": {"sourceUri": {"uri": "/logo.png"}}}, "heroImage.sourceUri.uri", "pattern"),
    (Resource.GENERIC_OBJECT, {"header": {"translatedValues": []}}, "header.defaultValue", "required"),
    (Resource.GENERIC_OBJECT, {"notifyPreference": "NOTIFY_ON_UPDATE"}, "notifyPreference", "unknown"),
    (Resource.GENERIC_CLASS, {"reviewStatus": "UNDER_REVIEW"}, "reviewStatus", "unknown"),
    (
        CARD,
        {"validTimeInterval": {"start": {"date": "2026-01-01T00:00:00Z"}, "end": {"date": "2026-02-01T00:00:00"}}},
        "validTimeInterval",
        "offsets",
    ),
]


@pytest.mark.parametrize(("resource", "change", "path", "rule"), ERRORS, ids=[f"{row[2]}-{row[3]}" for row in ERRORS])
def test_errors(resource: Resource, change: dict[str, Any], path: str, rule: str) -> None:
    assert ("error", path, rule) in found(resource, **change)


WARNINGS: list[tuple[Resource, dict[str, Any], str, str]] = [
    (LOYALTY, {"issuerName": "x" * 21}, "issuerName", "length"),
    (LOYALTY, {"localizedIssuerName": LONG}, "localizedIssuerName", "length"),
    (LOYALTY, {"rewardsTier": "Platinum"}, "rewardsTier", "length"),
    (CARD, {"accountName": "x" * 21}, "accountName", "length"),
    (CARD, {"loyaltyPoints": values.points("x" * 10, 1)}, "loyaltyPoints.label", "length"),
    (CARD, {"loyaltyPoints": values.points("Points", 12_345_678)}, "loyaltyPoints.balance.int", "length"),
    (CARD, {"textModulesData": [{"body": "x" * 501}]}, "textModulesData[0].body", "length"),
    (CARD, {"textModulesData": [{"id": "a"}] * 11}, "textModulesData", "count"),
    (CARD, {"imageModulesData": [{"mainImage": LOGO}] * 2}, "imageModulesData", "count"),
    (CARD, {"linksModuleData": {"uris": [{}] * 11}}, "linksModuleData.uris", "count"),
    (CARD, {"valueAddedModuleData": [{"header": LONG}]}, "valueAddedModuleData[0].header", "length"),
    (Resource.OFFER_CLASS, {"title": "x" * 61}, "title", "length"),
    (CARD, {"locations": [values.coordinates(0, 0)]}, "locations", "no_effect"),
]


@pytest.mark.parametrize(
    ("resource", "change", "path", "rule"), WARNINGS, ids=[f"{row[2]}-{row[3]}" for row in WARNINGS]
)
def test_warnings(resource: Resource, change: dict[str, Any], path: str, rule: str) -> None:
    assert found(resource, **change) == [("warning", path, rule)]


def test_at_the_limit_nothing_is_said() -> None:
    assert found(LOYALTY, issuerName="x" * 20, messages=[{}] * 10) == []
    assert found(CARD, textModulesData=[{"id": "a", "header": "x" * 35, "body": "x" * 500}] * 10) == []


def test_legacy_spellings_are_known() -> None:
    assert found(CARD, state="active") == []
    assert found(LOYALTY, reviewStatus="underReview", multipleDevicesAndHoldersAllowedStatus="multipleHolders") == []


def test_errors_come_first_and_unknown_fields_pass() -> None:
    levels = [level for level, _, _ in found(LOYALTY, issuerName="x" * 30, hexBackgroundColor="red", tomorrow=[1])]
    assert levels == ["error", "warning"]


def test_sentences_are_complete_in_every_language() -> None:
    rows = [(resource, change) for resource, change, _, _ in ERRORS + WARNINGS]
    findings = [one for resource, change in rows for one in check(resource, WHOLE[resource] | change)]
    assert {one.rule for one in findings} == set(SENTENCES)
    for one in findings:
        for language in LANGUAGES:
            sentence = one.sentence(language)
            assert one.path in sentence
            assert "{" not in sentence


NAMES = sorted({path.split(".")[0].removesuffix("[]") for path, *_ in limit_tables.LENGTHS + limit_tables.COUNTS})
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "balance", "int", "header", "defaultValue", "value", "start", "date", "sourceUri", "uri"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(
    st.sampled_from(Resource),
    st.dictionaries(
        st.sampled_from([*NAMES, "id", "classId", "state", "barcode", "validTimeInterval", "venue", "heroImage"]),
        JSON,
    ),
)
def test_any_json_can_be_checked(resource: Resource, body: dict[str, Any]) -> None:
    for one in check(resource, body):
        assert one.sentence("ar")
