"""The limits of resource bodies, one row each, from the discovery document, revision 20260806.

Where its text says “rejected”, “maximum”, “must” or “only”, the row is an error; where it says “recommended”,
“displayed” or “truncated”, a warning. ``a.b[].c`` is field c of every entry of list b.
"""

from collections.abc import Mapping
from typing import Final, Literal, get_args

from passerelle.passes.wallets.google import fields
from passerelle.passes.wallets.google.names import Resource

Level = Literal["error", "warning"]

_CLASS_REQUIRED: Final = ("id", "issuerName", "reviewStatus")
_OBJECT_REQUIRED: Final = ("id", "classId", "state")
REQUIRED: Final[Mapping[Resource, tuple[str, ...]]] = {
    Resource.LOYALTY_CLASS: (*_CLASS_REQUIRED, "programName", "programLogo"),
    Resource.LOYALTY_OBJECT: _OBJECT_REQUIRED,
    Resource.GENERIC_CLASS: ("id",),
    Resource.GENERIC_OBJECT: ("id", "classId", "cardTitle", "header"),
    Resource.OFFER_CLASS: (*_CLASS_REQUIRED, "provider", "redemptionChannel", "title"),
    Resource.OFFER_OBJECT: _OBJECT_REQUIRED,
    Resource.GIFT_CARD_CLASS: _CLASS_REQUIRED,
    Resource.GIFT_CARD_OBJECT: (*_OBJECT_REQUIRED, "cardNumber"),
    Resource.EVENT_TICKET_CLASS: (*_CLASS_REQUIRED, "eventName"),
    Resource.EVENT_TICKET_OBJECT: _OBJECT_REQUIRED,
    Resource.TRANSIT_CLASS: (*_CLASS_REQUIRED, "logo", "transitType"),
    Resource.TRANSIT_OBJECT: (*_OBJECT_REQUIRED, "tripType"),
    Resource.FLIGHT_CLASS: (
        *_CLASS_REQUIRED,
        "origin",
        "destination",
        "flightHeader",
        "localScheduledDepartureDateTime",
    ),
    Resource.FLIGHT_OBJECT: (*_OBJECT_REQUIRED, "passengerName", "reservationInfo"),
}

CARD_ROWS: Final = "classTemplateInfo.cardTemplateOverride.cardRowTemplateInfos"
COUNTS: Final[tuple[tuple[str, int, Level], ...]] = (
    ("messages", 10, "error"),
    ("merchantLocations", 10, "error"),
    ("valueAddedModuleData", 15, "error"),
    (CARD_ROWS, 3, "error"),
    ("textModulesData", 10, "warning"),
    ("linksModuleData.uris", 10, "warning"),
    ("imageModulesData", 1, "warning"),
)
LENGTHS: Final[tuple[tuple[str, int, Level], ...]] = (
    ("eventId", 64, "error"),
    ("appLinkData.displayText", 30, "error"),
    ("valueAddedModuleData[].header", 60, "warning"),
    ("valueAddedModuleData[].body", 50, "warning"),
    ("textModulesData[].header", 35, "warning"),
    ("textModulesData[].localizedHeader", 35, "warning"),
    ("textModulesData[].body", 500, "warning"),
    ("textModulesData[].localizedBody", 500, "warning"),
    ("linksModuleData.uris[].description", 20, "warning"),
    ("linksModuleData.uris[].localizedDescription", 20, "warning"),
    ("issuerName", 20, "warning"),
    ("localizedIssuerName", 20, "warning"),
    ("programName", 20, "warning"),
    ("localizedProgramName", 20, "warning"),
    ("merchantName", 20, "warning"),
    ("localizedMerchantName", 20, "warning"),
    ("accountId", 20, "warning"),
    ("accountName", 20, "warning"),
    ("accountIdLabel", 15, "warning"),
    ("localizedAccountIdLabel", 15, "warning"),
    ("accountNameLabel", 15, "warning"),
    ("localizedAccountNameLabel", 15, "warning"),
    ("rewardsTier", 7, "warning"),
    ("localizedRewardsTier", 7, "warning"),
    ("rewardsTierLabel", 9, "warning"),
    ("localizedRewardsTierLabel", 9, "warning"),
    ("loyaltyPoints.label", 9, "warning"),
    ("loyaltyPoints.localizedLabel", 9, "warning"),
    ("loyaltyPoints.balance.string", 7, "warning"),
    ("loyaltyPoints.balance.int", 7, "warning"),
    ("secondaryLoyaltyPoints.label", 9, "warning"),
    ("secondaryLoyaltyPoints.localizedLabel", 9, "warning"),
    ("secondaryLoyaltyPoints.balance.string", 7, "warning"),
    ("secondaryLoyaltyPoints.balance.int", 7, "warning"),
    ("title", 60, "warning"),
    ("localizedTitle", 60, "warning"),
    ("shortTitle", 20, "warning"),
    ("localizedShortTitle", 20, "warning"),
    ("provider", 12, "warning"),
    ("localizedProvider", 12, "warning"),
)
_BARCODES: Final = get_args(fields.BarcodeType)
CHOICES: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("state", get_args(fields.State)),
    ("reviewStatus", ("DRAFT", "UNDER_REVIEW", "APPROVED", "REJECTED")),
    ("multipleDevicesAndHoldersAllowedStatus", get_args(fields.HoldersStatus)),
    ("viewUnlockRequirement", get_args(fields.UnlockRequirement)),
    ("redemptionChannel", get_args(fields.RedemptionChannel)),
    ("genericType", get_args(fields.GenericType)),
    ("barcode.type", _BARCODES),
    ("rotatingBarcode.type", _BARCODES),
    ("rotatingBarcode.totpDetails.algorithm", ("TOTP_SHA1",)),
    ("messages[].messageType", get_args(fields.MessageType)),
    ("passConstraints.screenshotEligibility", ("ELIGIBLE", "INELIGIBLE")),
    ("passConstraints.nfcConstraint[]", ("BLOCK_PAYMENT", "BLOCK_CLOSED_LOOP_TRANSIT")),
    ("securityAnimation.animationType", ("FOIL_SHIMMER",)),
)
_DIGITS: Final = r"-?[0-9]{1,19}"
PATTERNS: Final[tuple[tuple[str, str, str], ...]] = (
    ("hexBackgroundColor", r"#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})", "#ffcc00"),
    ("smartTapRedemptionValue", r"[\x00-\x7f]*", "ASCII"),
    ("textModulesData[].id", r"[A-Za-z0-9_-]+", "points_1"),
    ("callbackOptions.url", r"https://[^\s/]+.*", "https://…"),
    ("saveRestrictions.restrictToEmailSha256", r"[0-9a-f]{64}", "SHA-256, hex"),
    ("rotatingBarcode.totpDetails.periodMillis", r"[1-9][0-9]{0,18}", '"30000"'),
    ("rotatingBarcode.totpDetails.parameters[].key", r"([0-9A-Fa-f]{2})+", "Base16"),
    ("balance.micros", _DIGITS, '"4500000"'),
    ("faceValue.micros", _DIGITS, '"4500000"'),
    ("loyaltyPoints.balance.money.micros", _DIGITS, '"4500000"'),
    ("secondaryLoyaltyPoints.balance.money.micros", _DIGITS, '"4500000"'),
)
RANGES: Final[tuple[tuple[str, float], ...]] = (
    ("merchantLocations[].latitude", 90.0),
    ("merchantLocations[].longitude", 180.0),
    ("locations[].latitude", 90.0),
    ("locations[].longitude", 180.0),
    ("loyaltyPoints.balance.int", float(2**31 - 1)),
    ("secondaryLoyaltyPoints.balance.int", float(2**31 - 1)),
)
EXACTLY_ONE: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("loyaltyPoints.balance", ("string", "int", "double", "money")),
    ("secondaryLoyaltyPoints.balance", ("string", "int", "double", "money")),
    (f"{CARD_ROWS}[]", ("oneItem", "twoItems", "threeItems")),
)
NEEDED_INSIDE: Final[tuple[tuple[str, str], ...]] = (
    ("loyaltyPoints", "balance"),
    ("secondaryLoyaltyPoints", "balance"),
    ("venue", "name"),
    ("venue", "address"),
    ("appLinkData.androidAppLinkInfo.appTarget.targetUri", "description"),
    ("appLinkData.webAppLinkInfo.appTarget.targetUri", "description"),
)
CUSTOM_LABELS: Final = ("confirmationCode", "gate", "row", "seat", "section")
WITHOUT_EFFECT: Final = ("locations", "infoModuleData", "wordMark", "appLinkData.iosAppLinkInfo")
IMAGES: Final = (
    "programLogo", "wideProgramLogo", "heroImage", "logo", "wideLogo", "titleImage", "wideTitleImage",
    "imageModulesData[].mainImage", "valueAddedModuleData[].image",
)  # fmt: skip
