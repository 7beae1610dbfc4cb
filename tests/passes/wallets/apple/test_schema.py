"""The models bear Apple's names, keep what they do not know, and write compact JSON."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from passerelle.passes.wallets.apple.schema import (
    Field,
    PassDocument,
    Personalization,
    Semantics,
    UpcomingPassInformation,
    parse_wallet_date,
    wallet_date,
)
from passerelle.passes.wallets.apple.schema.base import apple_key
from passerelle.passes.wallets.apple.schema.document import RemoteImage
from tests.passes.wallets.apple.conftest import store_card


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("web_service_url", "webServiceURL"),
        ("proximity_uuid", "proximityUUID"),
        ("artist_ids", "artistIDs"),
        ("airline_lounge_place_id", "airlineLoungePlaceID"),
        ("passenger_airline_ssrs", "passengerAirlineSSRs"),
        ("associated_store_identifiers", "associatedStoreIdentifiers"),
        ("air_play_device_group_token", "airPlayDeviceGroupToken"),
        ("purchase_wifi_url", "purchaseWifiURL"),
        ("voided", "voided"),
    ],
)
def test_apples_spelling(name: str, key: str) -> None:
    assert apple_key(name) == key


def keys(model: type[PassDocument] | type[Semantics] | type[Field]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def test_every_top_level_key_is_there() -> None:
    required = "formatVersion passTypeIdentifier serialNumber teamIdentifier organizationName description"
    styles = "boardingPass coupon eventTicket generic storeCard posterGeneric"
    others = """
        webServiceURL authenticationToken appLaunchURL associatedStoreIdentifiers auxiliaryStoreIdentifiers userInfo
        expirationDate voided relevantDate relevantDates locations beacons maxDistance barcodes barcode
        backgroundColor foregroundColor labelColor stripColor footerBackgroundColor logoText eventLogoText
        logoSymbolName suppressStripShine suppressHeaderDarkening useAutomaticColors groupingIdentifier
        preferredStyleSchemes sharingProhibited nfc semantics accessibilityURL addOnURL bagPolicyURL
        contactVenueEmail contactVenuePhoneNumber contactVenueWebsite directionsInformationURL merchandiseURL
        orderFoodURL parkingInformationURL purchaseParkingURL sellURL transferURL transitInformationURL
        changeSeatURL entertainmentURL managementURL purchaseAdditionalBaggageURL purchaseLoungeAccessURL
        purchaseWifiURL registerServiceAnimalURL reportLostBagURL requestWheelchairURL transitProviderEmail
        transitProviderPhoneNumber transitProviderWebsiteURL upgradeURL trackBagsURL upcomingPassInformation
        featuredActions
    """
    assert keys(PassDocument) == {*required.split(), *styles.split(), *others.split()}


def test_both_spellings_of_disputed_tags() -> None:
    for place in ("departure", "destination"):
        for disputed in (
            "AirportTimeZone",
            "LocationTimeZone",
            "AirportSecurityPrograms",
            "LocationSecurityPrograms",
        ):
            assert place + disputed in keys(Semantics)


FULL: dict[str, Any] = store_card(
    webServiceURL="https://example.com/apple",
    authenticationToken="0123456789abcdef",
    appLaunchURL="example://open",
    relevantDates=[{"date": "2026-12-01T10:00:00+01:00"}],
    locations=[{"latitude": 33.5, "longitude": -7.6, "relevantText": "Near"}],
    beacons=[{"proximityUUID": "00000000-0000-0000-0000-000000000000", "major": 1}],
    semantics={"balance": {"amount": "5.00", "currencyCode": "EUR"}, "wifiAccess": [{"ssid": "s", "password": "p"}]},
    upcomingPassInformation=[
        {
            "identifier": "1",
            "name": "Match",
            "type": "event",
            "URLs": {"orderFoodURL": "https://example.com/food"},
            "images": {"headerImage": {"URLs": [{"URL": "https://example.com/i.png", "SHA256": "ab", "scale": 2}]}},
            "dateInformation": {"date": "2026-12-01T10:00:00Z", "timeZone": "Europe/Paris"},
        }
    ],
    featuredActions=[{"identifier": "a", "type": "shop", "url": "https://example.com/"}],
    userInfo={"anything": [1, None, {"x": "y"}]},
    keyOfTheFuture={"nested": [1, 2]},
)


def test_round_trip_keeps_everything() -> None:
    assert json.loads(PassDocument.model_validate(FULL, strict=True).compact_json()) == FULL
    assert PassDocument.model_validate(FULL).compact_dict() == FULL


@given(st.dictionaries(st.from_regex("x[a-z]{1,8}", fullmatch=True), st.text() | st.integers() | st.booleans()))
def test_unknown_keys_are_kept(unknown: dict[str, Any]) -> None:
    document = store_card(**unknown)
    document["storeCard"]["backFields"][0].update(unknown)
    assert PassDocument.model_validate(document).compact_dict() == document


def test_python_names_are_written_as_apples() -> None:
    document = PassDocument(
        pass_type_identifier="pass.x",
        serial_number="1",
        team_identifier="T",
        organization_name="O",
        description="Café",
        web_service_url="https://example.com/",
        authentication_token="0123456789abcdef",
    )
    assert json.loads(document.compact_json()) == {
        "formatVersion": 1,
        "passTypeIdentifier": "pass.x",
        "serialNumber": "1",
        "teamIdentifier": "T",
        "organizationName": "O",
        "description": "Café",
        "webServiceURL": "https://example.com/",
        "authenticationToken": "0123456789abcdef",
    }
    assert b": " not in document.compact_json()
    assert "Café".encode() in document.compact_json()


@pytest.mark.parametrize(
    ("model", "value"),
    [
        (Field, {"key": "a"}),
        (Field, {"key": "a", "value": 1, "row": 2}),
        (Field, {"key": "a", "value": 1, "dateStyle": "short"}),
        (RemoteImage, {"URL": "x", "SHA256": "y"}),
        (UpcomingPassInformation, {"identifier": "1"}),
        (Personalization, {"description": "x", "requiredPersonalizationFields": ["Name"]}),
        (Semantics, {"seats": {}}),
    ],
)
def test_what_is_refused(model: Any, value: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(value)


@given(st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1)), st.integers(-12, 14))  # noqa: DTZ001  the zone follows
def test_dates_round_trip(instant: datetime, hours: int) -> None:
    aware = instant.replace(microsecond=0, tzinfo=timezone(timedelta(hours=hours)))
    assert parse_wallet_date(wallet_date(aware)) == aware


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-22T10:00Z", datetime(2026, 11, 22, 10, tzinfo=UTC)),
        ("2026-11-22T10:00:30+01:00", datetime(2026, 11, 22, 9, 0, 30, tzinfo=UTC)),
        ("2026-11-22T10:00:30.1234567Z", datetime(2026, 11, 22, 10, 0, 30, 123456, tzinfo=UTC)),
        ("2026-11-22T10:00:30.5-08:00", datetime(2026, 11, 22, 18, 0, 30, 500_000, tzinfo=UTC)),
        ("2026-11-22T10:00:30", None),
        ("2026-11-22", None),
        ("2026-11-22 10:00:30Z", None),
        ("2026-11-22T10:00:30+0100", None),
        ("2026-02-30T10:00:30Z", None),
        ("2026-11-22T10:00:30+99:00", None),
        ("٢٠٢٦-11-22T10:00:30Z", None),
        ("", None),
    ],
)
def test_dates_of_others(text: str, expected: datetime | None) -> None:
    assert parse_wallet_date(text) == expected


def test_a_date_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        wallet_date(datetime(2026, 1, 1))  # noqa: DTZ001  the fault under test
