"""The rules of pass.json: a table of one fault each, and what is found for it."""

import base64
import json
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from passerelle.kit import clock
from passerelle.passes.wallets.apple.verify import check_content
from tests.passes.wallets.apple.conftest import NFC_KEY, Issuer, codes, plain_images, png, store_card

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
P256 = ec.derive_private_key(7, ec.SECP256R1()).public_key()
UNCOMPRESSED_KEY = base64.b64encode(P256.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
P384 = ec.derive_private_key(7, ec.SECP384R1()).public_key()
P384_KEY = base64.b64encode(P384.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
OFF_CURVE_KEY = base64.b64encode(base64.b64decode(NFC_KEY)[:-32] + b"\xff" * 32).decode()
SERVICE = {"webServiceURL": "https://example.com/wallet/apple", "authenticationToken": "0123456789abcdef"}


def found(document: dict[str, Any], images: dict[str, bytes] | None = None) -> list[str]:
    findings = check_content(document, {**plain_images(), **(images or {})}, now=NOW)
    return [f"{finding.severity[0]}:{finding.code}" for finding in findings]


def card(group: str = "backFields", **field: Any) -> dict[str, Any]:
    return store_card(storeCard={group: [{"key": "a", "value": "x", **field}]})


def barcode(**changes: Any) -> dict[str, Any]:
    whole = {"format": "PKBarcodeFormatQR", "message": "m", "messageEncoding": "iso-8859-1", **changes}
    return store_card(barcodes=[{key: value for key, value in whole.items() if value is not None}])


def nfc(**changes: Any) -> dict[str, Any]:
    return store_card(nfc={"message": "m", "encryptionPublicKey": NFC_KEY, **changes})


def relevant(**interval: Any) -> dict[str, Any]:
    return store_card(relevantDates=[interval])


TABLE: list[tuple[dict[str, Any], list[str]]] = [
    (store_card(), []),
    # keys that every pass needs
    (store_card(serialNumber=None), ["e:key_missing"]),
    (store_card(formatVersion=2), ["e:value_unknown"]),
    (store_card(formatVersion="1"), ["e:value_unknown"]),
    (store_card(organizationName=" "), ["e:text_empty"]),
    (store_card(passTypeIdentifier="com.example"), ["w:pass_type_form"]),
    # styles
    (store_card(storeCard=None), ["e:style_missing"]),
    (store_card(coupon={}), ["e:style_several"]),
    (store_card(storeCard=[]), ["e:wrong_type"]),
    # types
    (store_card(maxDistance="100"), ["e:wrong_type"]),
    (store_card(maxDistance=100), []),
    (store_card(maxDistance=99.5), []),
    (store_card(voided="true"), ["e:wrong_type"]),
    (store_card(associatedStoreIdentifiers=["1"]), ["e:wrong_type"]),
    (store_card(logoText=5), ["e:wrong_type"]),
    (store_card(barcodes={}), ["e:wrong_type"]),
    (store_card(backgroundColor="rgb(1, 2, 300)"), ["w:color_invalid"]),
    (store_card(backgroundColor="blue"), ["w:color_invalid"]),
    (store_card(backgroundColor="rgb(1,2,255)", labelColor="#a0B1c2"), []),
    (store_card(backgroundColor="rgba(220, 58, 92, 1.00)"), []),
    (store_card(appLaunchURL="nonsense"), ["e:url_invalid"]),
    (store_card(semantics={"eventStartDate": "tomorrow"}), ["e:date_invalid"]),
    (store_card(semantics={"balance": {"amount": "5.00", "currencyCode": "euro"}}), ["e:currency_invalid"]),
    (store_card(beacons=[{"proximityUUID": "u", "major": 70_000}]), ["e:number_out_of_range"]),
    # web service
    (store_card(**SERVICE), []),
    (store_card(webServiceURL=SERVICE["webServiceURL"]), ["e:web_service_without_token"]),
    (store_card(authenticationToken="0123456789abcdef"), ["e:token_without_web_service"]),
    (store_card(**SERVICE | {"authenticationToken": "0123456789abcde"}), ["e:token_too_short"]),
    (store_card(**SERVICE | {"webServiceURL": "http://example.com/"}), ["e:web_service_not_https"]),
    (store_card(**SERVICE | {"webServiceURL": "http://127.0.0.1:8000/wallet/apple"}), ["w:web_service_local"]),
    (store_card(**SERVICE | {"webServiceURL": "http://[broken/"}), ["e:web_service_not_https"]),
    # dates and places
    (store_card(expirationDate="2026-11-22T10:00"), ["e:date_invalid"]),
    (store_card(expirationDate="2026-11-23T10:00Z"), []),
    (store_card(expirationDate="2026-11-23T10:00:00.125+01:00"), []),
    (store_card(expirationDate="2026-13-23T10:00:00Z"), ["e:date_invalid"]),
    (store_card(expirationDate="2026-11-22T10:59:59+01:00"), ["w:pass_expired"]),
    (relevant(date="2026-12-01T10:00:00Z"), []),
    (relevant(relevantDate="2026-12-01T10:00:00Z"), []),
    (relevant(startDate="2026-12-01T10:00:00Z", endDate="2026-12-02T10:00:00Z"), []),
    (relevant(startDate="2026-12-01T10:00:00Z", endDate="2026-12-02T10:00:01Z"), ["w:relevant_interval_too_long"]),
    (relevant(startDate="2026-12-01T10:00:00Z", endDate="2026-12-01T09:00:00Z"), ["e:dates_reversed"]),
    (relevant(startDate="2026-12-01T10:00:00Z"), ["e:relevant_date_empty"]),
    (store_card(locations=[{"latitude": 33.5, "longitude": -7.6}] * 10), []),
    (store_card(locations=[{"latitude": 33.5, "longitude": -7.6}] * 11), ["w:too_many_locations"]),
    (store_card(locations=[{"latitude": 91, "longitude": 0}]), ["e:coordinates_out_of_range"]),
    (store_card(locations=[{"latitude": 1}]), ["e:key_missing"]),
    (store_card(groupingIdentifier="x"), ["w:grouping_not_used"]),
    (store_card(featuredActions=[{"identifier": str(n), "type": "shop"} for n in range(3)]), ["w:too_many_actions"]),
    # fields
    (card(value=True), ["e:wrong_type"]),
    (card(value=None), ["e:wrong_type"]),
    (card(value=1.5), []),
    (card(key=5), ["e:wrong_type"]),
    (card(label=5), ["e:wrong_type"]),
    (card(textAlignment="left"), ["e:value_unknown", "w:alignment_not_used"]),
    (card("primaryFields", textAlignment="PKTextAlignmentLeft"), ["w:alignment_not_used"]),
    (card("headerFields", textAlignment="PKTextAlignmentRight"), []),
    (card("headerFields", dataDetectorTypes=["PKDataDetectorTypeLink"]), ["w:detectors_not_used"]),
    (card(dataDetectorTypes=[]), []),
    (card(changeMessage="Changed"), ["w:change_message_without_value"]),
    (card(changeMessage="Now %@"), []),
    (card(attributedValue="<a href='https://example.com'>Site</a> & more"), []),
    (card(attributedValue="<b>Site</b>"), ["w:markup_not_supported"]),
    (card(value=5, currencyCode="EUR"), []),
    (card(value=5, currencyCode="eur"), ["e:currency_invalid"]),
    (card(value=5, currencyCode="EUR", numberStyle="PKNumberStyleDecimal"), ["w:currency_and_number_style"]),
    (card(value="5", currencyCode="EUR"), ["w:formatted_value_not_number"]),
    (card(value="2026-11-22T10:00:00Z", dateStyle="PKDateStyleShort", timeStyle="PKDateStyleNone"), []),
    (card(value="2026-11-22", dateStyle="PKDateStyleShort"), ["e:formatted_value_not_date"]),
    (card(value="soon", timeStyle="PKDateStyleShort", isRelative=True), ["e:formatted_value_not_date"]),
    (card(row=1), ["w:row_not_used"]),
    (card(semantics={"membershipProgramNumber": "5"}), []),
    (store_card(storeCard={"headerFields": [{"key": "a", "value": 1}], "backFields": [{"key": "a", "value": 2}]}),
     ["e:field_key_twice"]),
    (store_card(storeCard={"headerFields": [{"key": str(n), "value": n} for n in range(4)]}), ["w:too_many_fields"]),
    (store_card(storeCard={"primaryFields": [{"key": str(n), "value": n} for n in range(2)]}), ["w:too_many_fields"]),
    (store_card(storeCard={"backFields": [{"key": str(n), "value": n} for n in range(40)]}), []),
    (store_card(storeCard={"transitType": "PKTransitTypeAir"}), ["w:transit_type_not_used"]),
    # boarding passes
    (store_card(storeCard=None, boardingPass={"transitType": "PKTransitTypeAir"}, groupingIdentifier="g"), []),
    (store_card(storeCard=None, boardingPass={}), ["e:key_missing"]),
    (store_card(storeCard=None, boardingPass={"transitType": "Rocket"}), ["e:value_unknown"]),
    # barcodes
    (barcode(format="QR"), ["e:value_unknown"]),
    (barcode(message=""), ["e:barcode_message_empty"]),
    (barcode(message=None), ["e:key_missing"]),
    (barcode(messageEncoding=None), ["e:barcode_encoding_missing"]),
    (barcode(messageEncoding="klingon"), ["e:barcode_encoding_unknown"]),
    (barcode(messageEncoding="iso\0"), ["e:barcode_message_not_encodable"]),
    (barcode(message="بطاقة"), ["e:barcode_message_not_encodable"]),
    (barcode(message="بطاقة", messageEncoding="utf-8"), []),
    (barcode(format="PKBarcodeFormatEAN13", message="4006381333931"), ["w:barcode_without_fallback"]),
    (store_card(barcodes=None, barcode={"format": "PKBarcodeFormatQR", "message": "m", "messageEncoding": "utf-8"}),
     ["w:barcode_deprecated"]),
    (store_card(barcode={"format": "PKBarcodeFormatCode128", "message": "m", "messageEncoding": "utf-8"}),
     ["w:barcode_code128_legacy"]),
    # NFC
    (nfc(), []),
    (nfc(message="x" * 64), []),
    (nfc(message="é" * 33), ["e:nfc_message_too_long"]),
    (nfc(message=""), ["e:nfc_message_empty"]),
    (nfc(encryptionPublicKey=UNCOMPRESSED_KEY), ["e:nfc_key_uncompressed"]),
    (nfc(encryptionPublicKey=P384_KEY), ["e:nfc_key_invalid"]),
    (nfc(encryptionPublicKey=OFF_CURVE_KEY), ["e:nfc_key_invalid"]),
    (nfc(encryptionPublicKey="not base64!"), ["e:nfc_key_invalid"]),
    (nfc(encryptionPublicKey=""), ["e:nfc_key_invalid"]),
    (nfc(requiresAuthentication=True), ["w:nfc_sharing_allowed"]),
    (nfc(requiresAuthentication=True) | {"sharingProhibited": True}, []),
    (store_card(nfc={"message": "m"}), ["e:key_missing"]),
]  # fmt: skip


@pytest.mark.parametrize(("document", "expected"), TABLE, ids=[f"{number}" for number in range(len(TABLE))])
def test_one_fault(document: dict[str, Any], expected: list[str]) -> None:
    assert found(document) == expected


def test_paths_lead_to_the_fault() -> None:
    document = store_card(storeCard={"backFields": [{"key": "a", "value": "x"}, {"key": "b", "value": []}]})
    (finding,) = check_content(document, plain_images(), now=NOW)
    assert finding.path == "pass.json/storeCard/backFields/1/value"
    assert "storeCard/backFields/1/value" in finding.sentence["fr"]


class TestLayouts:
    """Apple's rules for poster event tickets and semantic boarding passes."""

    POSTER: ClassVar[dict[str, Any]] = {
        "storeCard": None,
        "eventTicket": {},
        "preferredStyleSchemes": ["posterEventTicket", "eventTicket"],
        "nfc": {"message": "m", "encryptionPublicKey": NFC_KEY, "requiresAuthentication": False},
    }
    EVENT: ClassVar[dict[str, Any]] = {
        "eventName": "Finale",
        "venueName": "Stade",
        "eventStartDate": "2026-12-01T20:00:00Z",
        "seats": [{"seatRow": "A"}],
    }
    FLIGHT: ClassVar[dict[str, Any]] = {
        "airlineCode": "AT",
        "flightNumber": 200,
        "originalDepartureDate": "2026-12-01T20:00:00Z",
        "originalBoardingDate": "2026-12-01T19:20:00Z",
        "originalArrivalDate": "2026-12-01T23:00:00Z",
        "departureAirportTimeZone": "Africa/Casablanca",
        "departureAirportCode": "CMN",
        "destinationAirportCode": "ORY",
        "destinationLocationTimeZone": "Europe/Paris",
        "passengerName": {"givenName": "Ada"},
        "departureCityName": "Casablanca",
        "destinationCityName": "Paris",
        "seats": [{"seatNumber": "12A"}],
    }

    @pytest.mark.parametrize(
        ("changes", "images", "expected"),
        [
            ({}, {"background.png"}, []),
            ({}, {"artwork.png"}, []),
            ({}, set(), ["e:layout_tag_missing"]),
            ({"nfc": None}, {"background.png"}, ["e:layout_tag_missing"]),
            ({"nfc": {"message": "m", "encryptionPublicKey": NFC_KEY}}, {"background.png"}, ["e:layout_tag_missing"]),
            ({"semantics": EVENT | {"eventName": None}}, {"background.png"}, ["e:layout_tag_missing"]),
            ({"semantics": EVENT | {"venueName": None}}, {"background.png"}, ["e:layout_tag_missing"]),
            ({"semantics": EVENT | {"seats": None}}, {"background.png"}, ["w:layout_tag_advised"]),
            ({"semantics": EVENT | {"eventStartDate": None}}, {"background.png"}, ["w:layout_tag_advised"]),
            (
                {"semantics": EVENT | {"eventEndDate": "2026-12-01T19:00:00Z"}},
                {"background.png"},
                ["w:event_dates_reversed"],
            ),
            (
                {"semantics": EVENT | {"eventType": "PKEventTypeSports"}},
                {"background.png"},
                ["e:layout_tag_missing", "e:layout_tag_missing"],
            ),
            (
                {"semantics": EVENT | {"eventType": "PKEventTypeLivePerformance"}},
                {"background.png"},
                ["e:layout_tag_missing", "w:layout_tag_advised"],
            ),
            ({"merchandiseURL": "https://example.com/"}, {"background.png"}, ["n:event_guide_incomplete"]),
            ({"preferredStyleSchemes": None, "semantics": None, "nfc": None}, set(), []),
        ],
    )
    def test_poster(self, changes: dict[str, Any], images: set[str], expected: list[str]) -> None:
        document = store_card(**{**self.POSTER, "semantics": self.EVENT, **changes})
        assert found(document, {name: png(100, 100) for name in images}) == expected

    @pytest.mark.parametrize("tag", [None, *FLIGHT])
    def test_boarding(self, tag: str | None) -> None:
        semantics = {key: value for key, value in self.FLIGHT.items() if key != tag}
        document = store_card(
            storeCard=None,
            boardingPass={"transitType": "PKTransitTypeAir"},
            preferredStyleSchemes=["semanticBoardingPass", "boardingPass"],
            semantics=semantics,
        )
        advised = {"departureCityName", "destinationCityName", "destinationLocationTimeZone", "seats"}
        severity = "w:layout_tag_advised" if tag in advised else "e:layout_tag_missing"
        assert found(document) == ([] if tag is None else [severity])

    def test_a_layout_of_another_style(self) -> None:
        document = store_card(preferredStyleSchemes=["posterEventTicket", "somethingNew"])
        assert found(document) == ["w:layout_not_for_style"]

    def test_strip_or_background(self) -> None:
        document = store_card(storeCard=None, eventTicket={"auxiliaryFields": [{"key": "a", "value": 1, "row": 1}]})
        images = {"strip.png": png(10, 10), "thumbnail.png": png(10, 10)}
        assert found(document, images) == ["w:strip_and_background"]


class TestPersonalization:
    """Rewards sign-up: only with NFC, a web service and something to ask for."""

    ASK: ClassVar[dict[str, Any]] = {
        "description": "Join",
        "requiredPersonalizationFields": ["PKPassPersonalizationFieldName"],
    }
    LOGO: ClassVar[dict[str, bytes]] = {"personalizationLogo@2x.png": png(10, 10)}

    def judged(self, issuer: Issuer, ask: object, document: dict[str, Any], images: dict[str, bytes]) -> list[str]:
        extra = {"personalization.json": json.dumps(ask).encode(), **images}
        return codes(issuer.judge_document(document, extra))

    def test_sound(self, nfc_issuer: Issuer) -> None:
        assert self.judged(nfc_issuer, self.ASK, nfc() | SERVICE, self.LOGO) == []

    @pytest.mark.parametrize(
        ("ask", "document", "images", "expected"),
        [
            (ASK, store_card(**SERVICE), LOGO, "personalization_without_nfc"),
            (ASK, nfc(), LOGO, "personalization_without_web_service"),
            (ASK, nfc() | SERVICE, {}, "personalization_logo_missing"),
            (ASK | {"requiredPersonalizationFields": []}, nfc() | SERVICE, LOGO, "personalization_asks_nothing"),
            (ASK | {"requiredPersonalizationFields": ["Name"]}, nfc() | SERVICE, LOGO, "value_unknown"),
            ({"requiredPersonalizationFields": []} | {"description": 5}, nfc() | SERVICE, LOGO, "wrong_type"),
            ([], nfc() | SERVICE, LOGO, "not_json"),
        ],
    )
    def test_one_fault(
        self, nfc_issuer: Issuer, ask: object, document: dict[str, Any], images: dict[str, bytes], expected: str
    ) -> None:
        assert expected in self.judged(nfc_issuer, ask, document, images)


def test_nfc_needs_a_certificate_for_it(issuer: Issuer, nfc_issuer: Issuer) -> None:
    assert codes(issuer.judge_document(nfc())) == ["nfc_not_certified"]
    assert codes(nfc_issuer.judge_document(nfc())) == []


def test_broken_files_inside(issuer: Issuer) -> None:
    assert "not_json" in codes(issuer.judge_document(b"{"))
    assert codes(issuer.judge_document(store_card(), {"fr.lproj/pass.strings": b'"a" ='})) == ["strings_unreadable"]


def test_a_key_twice(issuer: Issuer) -> None:
    text = json.dumps(store_card()).replace('"description"', '"description": "first", "description"')
    assert codes(issuer.judge_document(text.encode())) == ["json_key_twice"]


def test_a_json_file_beyond_all_measure(issuer: Issuer) -> None:
    assert "json_too_large" in codes(issuer.judge_document(b" " * 2_000_001))


def test_expiry_is_judged_by_the_clock(issuer: Issuer) -> None:
    document = store_card(expirationDate="2026-12-24T00:00:00Z")
    with clock.frozen(NOW):
        assert "pass_expired" not in codes(issuer.judge_document(document))
    with clock.frozen(datetime(2026, 12, 25, tzinfo=UTC)):
        assert "pass_expired" in codes(issuer.judge_document(document))
