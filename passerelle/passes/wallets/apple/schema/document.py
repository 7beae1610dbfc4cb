"""pass.json as a whole."""

from typing import Any, Literal

from pydantic import Field as Key

from passerelle.passes.wallets.apple.schema.base import AppleModel, Color, Url, WalletDate
from passerelle.passes.wallets.apple.schema.fields import BoardingPass, Field, FieldGroups
from passerelle.passes.wallets.apple.schema.semantics import DateInformation, Semantics

BarcodeFormat = Literal[
    "PKBarcodeFormatQR",
    "PKBarcodeFormatPDF417",
    "PKBarcodeFormatAztec",
    "PKBarcodeFormatCode128",
    "PKBarcodeFormatCode39",
    "PKBarcodeFormatCodabar",
    "PKBarcodeFormatEAN13",
    "PKBarcodeFormatI2of5",
]
"""The last four are of iOS 27: put an older format after them for older phones."""


class Barcode(AppleModel):
    """One barcode; Wallet shows the first of ``barcodes`` that it supports."""

    format: BarcodeFormat
    message: str
    message_encoding: str = "iso-8859-1"
    alt_text: str | None = None


class Location(AppleModel):
    """A place where the pass is offered on the lock screen."""

    latitude: float
    longitude: float
    altitude: float | None = None
    relevant_text: str | None = None


class Beacon(AppleModel):
    """An iBeacon that makes the pass relevant."""

    proximity_uuid: str
    major: int | None = Key(default=None, ge=0, le=65_535)
    minor: int | None = Key(default=None, ge=0, le=65_535)
    relevant_text: str | None = None


class RelevantDate(AppleModel):
    """An instant (``date``; ``relevantDate`` in iOS 18) or an interval of at most 24 hours."""

    date: WalletDate | None = None
    relevant_date: WalletDate | None = None
    start_date: WalletDate | None = None
    end_date: WalletDate | None = None


class Nfc(AppleModel):
    """What the pass gives to a terminal; needs a certificate with NFC."""

    message: str
    encryption_public_key: str
    requires_authentication: bool | None = None


class FeaturedAction(AppleModel):
    """A button of a pass (iOS 27); ``type`` such as ``addToBalance`` or ``membershipBenefits``."""

    identifier: str
    type: str
    url: Url | None = None


class RemoteImage(AppleModel):
    """An image that the device fetches: over HTTPS, at most 2 MB, checked by its SHA-256."""

    url: Url = Key(alias="URL")
    sha256: str = Key(alias="SHA256")
    scale: int | float | None = None
    size: int | None = None


class RemoteImageSet(AppleModel):
    """The scales of one remote image."""

    urls: list[RemoteImage] | None = Key(default=None, alias="URLs")
    reuse_existing: bool | None = None


class UpcomingImages(AppleModel):
    """The images of one upcoming event."""

    header_image: RemoteImageSet | None = None
    venue_map: RemoteImageSet | None = None


class EventGuideLinks(AppleModel):
    """Links of an event (iOS 18); the event guide appears with two or more of them."""

    accessibility_url: Url | None = None
    add_on_url: Url | None = None
    bag_policy_url: Url | None = None
    contact_venue_email: str | None = None
    contact_venue_phone_number: str | None = None
    contact_venue_website: Url | None = None
    directions_information_url: Url | None = None
    merchandise_url: Url | None = None
    order_food_url: Url | None = None
    parking_information_url: Url | None = None
    purchase_parking_url: Url | None = None
    sell_url: Url | None = None
    transfer_url: Url | None = None
    transit_information_url: Url | None = None


class BoardingLinks(AppleModel):
    """Links of a journey (iOS 26)."""

    change_seat_url: Url | None = None
    entertainment_url: Url | None = None
    management_url: Url | None = None
    purchase_additional_baggage_url: Url | None = None
    purchase_lounge_access_url: Url | None = None
    purchase_wifi_url: Url | None = None
    register_service_animal_url: Url | None = None
    report_lost_bag_url: Url | None = None
    request_wheelchair_url: Url | None = None
    track_bags_url: Url | None = None
    transit_provider_email: str | None = None
    transit_provider_phone_number: str | None = None
    transit_provider_website_url: Url | None = None
    upgrade_url: Url | None = None


class UpcomingPassInformation(AppleModel):
    """One event of a season pass or of a multi-event ticket (iOS 26)."""

    identifier: str
    name: str
    type: Literal["event"] = "event"
    date_information: DateInformation | None = None
    images: UpcomingImages | None = None
    urls: EventGuideLinks | None = Key(default=None, alias="URLs")
    semantics: Semantics | None = None
    back_fields: list[Field] | None = None
    additional_info_fields: list[Field] | None = None
    is_active: bool | None = None
    auxiliary_store_identifiers: list[int] | None = None


class Styles(AppleModel):
    """The style keys, of which a pass has exactly one."""

    boarding_pass: BoardingPass | None = None
    coupon: FieldGroups | None = None
    event_ticket: FieldGroups | None = None
    generic: FieldGroups | None = None
    store_card: FieldGroups | None = None
    poster_generic: FieldGroups | None = None


class Appearance(AppleModel):
    """Colors, logo texts and what else changes the look."""

    background_color: Color | None = None
    foreground_color: Color | None = None
    label_color: Color | None = None
    strip_color: Color | None = None
    footer_background_color: Color | None = None
    logo_text: str | None = None
    event_logo_text: str | None = None
    logo_symbol_name: str | None = None
    suppress_strip_shine: bool | None = None
    suppress_header_darkening: bool | None = None
    use_automatic_colors: bool | None = None
    grouping_identifier: str | None = None
    preferred_style_schemes: list[str] | None = None


class PassDocument(Styles, Appearance, EventGuideLinks, BoardingLinks):
    """The content of pass.json: shapes and types; what keys mean together is checked in ``verify``."""

    format_version: Literal[1] = 1
    pass_type_identifier: str
    serial_number: str
    team_identifier: str
    organization_name: str
    description: str

    web_service_url: Url | None = None
    authentication_token: str | None = None

    app_launch_url: Url | None = None
    associated_store_identifiers: list[int] | None = None
    auxiliary_store_identifiers: list[int] | None = None
    user_info: Any = None

    expiration_date: WalletDate | None = None
    voided: bool | None = None
    relevant_date: WalletDate | None = None
    relevant_dates: list[RelevantDate] | None = None
    locations: list[Location] | None = None
    beacons: list[Beacon] | None = None
    max_distance: int | float | None = None
    """In meters."""

    barcode: Barcode | None = None
    barcodes: list[Barcode] | None = None
    nfc: Nfc | None = None
    sharing_prohibited: bool | None = None
    semantics: Semantics | None = None
    upcoming_pass_information: list[UpcomingPassInformation] | None = None
    featured_actions: list[FeaturedAction] | None = None
