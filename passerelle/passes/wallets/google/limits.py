"""What Google would refuse (errors) or cut, hide or ignore (warnings) of a body, told before it is sent.

Every rule is a row of a table and comes from the discovery document, revision 20260806. Where the text says
“rejected”, “maximum”, “must” or “only”, the finding is an error; where it says “recommended”, “displayed” or
“truncated”, a warning. Unknown fields pass.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, get_args

from passerelle.kit.i18n import Language
from passerelle.passes.wallets.google import fields
from passerelle.passes.wallets.google.limit_texts import SENTENCES, Rule
from passerelle.passes.wallets.google.names import Resource, is_resource_id, issuer_of

Level = Literal["error", "warning"]
Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LimitFinding:
    """One thing to put right (error) or to know (warning) about the field at ``path``."""

    level: Level
    path: str
    rule: Rule
    params: Mapping[str, Any] = field(default_factory=dict)

    def sentence(self, language: Language = "en") -> str:
        """For the person who edits the template."""
        return SENTENCES[self.rule][language].format(path=self.path, **self.params)


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

_CARD_ROWS: Final = "classTemplateInfo.cardTemplateOverride.cardRowTemplateInfos"
_COUNTS: Final[tuple[tuple[str, int, Level], ...]] = (
    ("messages", 10, "error"),
    ("merchantLocations", 10, "error"),
    ("valueAddedModuleData", 15, "error"),
    (_CARD_ROWS, 3, "error"),
    ("textModulesData", 10, "warning"),
    ("linksModuleData.uris", 10, "warning"),
    ("imageModulesData", 1, "warning"),
)
_LENGTHS: Final[tuple[tuple[str, int, Level], ...]] = (
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
_CHOICES: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
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
_PATTERNS: Final[tuple[tuple[str, str, str], ...]] = (
    ("hexBackgroundColor", r"#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})", "#ffcc00"),
    ("smartTapRedemptionValue", r"[\x00-\x7f]*", "ASCII"),
    ("textModulesData[].id", r"[A-Za-z0-9_-]+", "points_1"),
    ("callbackOptions.url", r"https://[^\s/]+.*", "https://…"),
    ("saveRestrictions.restrictToEmailSha256", r"[0-9a-f]{64}", "SHA-256, hex"),
    ("rotatingBarcode.totpDetails.periodMillis", r"[1-9][0-9]{0,18}", "\"30000\""),
    ("rotatingBarcode.totpDetails.parameters[].key", r"([0-9A-Fa-f]{2})+", "Base16"),
    ("balance.micros", _DIGITS, "\"4500000\""),
    ("faceValue.micros", _DIGITS, "\"4500000\""),
    ("loyaltyPoints.balance.money.micros", _DIGITS, "\"4500000\""),
    ("secondaryLoyaltyPoints.balance.money.micros", _DIGITS, "\"4500000\""),
)
_RANGES: Final[tuple[tuple[str, float], ...]] = (
    ("merchantLocations[].latitude", 90.0),
    ("merchantLocations[].longitude", 180.0),
    ("locations[].latitude", 90.0),
    ("locations[].longitude", 180.0),
    ("loyaltyPoints.balance.int", float(2**31 - 1)),
    ("secondaryLoyaltyPoints.balance.int", float(2**31 - 1)),
)
_EXACTLY_ONE: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("loyaltyPoints.balance", ("string", "int", "double", "money")),
    ("secondaryLoyaltyPoints.balance", ("string", "int", "double", "money")),
    (f"{_CARD_ROWS}[]", ("oneItem", "twoItems", "threeItems")),
)
_NEEDED_INSIDE: Final[tuple[tuple[str, str], ...]] = (
    ("loyaltyPoints", "balance"),
    ("secondaryLoyaltyPoints", "balance"),
    ("venue", "name"),
    ("venue", "address"),
    ("appLinkData.androidAppLinkInfo.appTarget.targetUri", "description"),
    ("appLinkData.webAppLinkInfo.appTarget.targetUri", "description"),
)
_CUSTOM_LABELS: Final = ("confirmationCode", "gate", "row", "seat", "section")
_WITHOUT_EFFECT: Final = ("locations", "infoModuleData", "wordMark", "appLinkData.iosAppLinkInfo")
_IMAGES: Final = (
    "programLogo", "wideProgramLogo", "heroImage", "logo", "wideLogo", "titleImage", "wideTitleImage",
    "imageModulesData[].mainImage", "valueAddedModuleData[].image",
)  # fmt: skip
_URI_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.+", re.DOTALL)
_OFFSET: Final = re.compile(r"(Z|[+-][0-9]{2}:?[0-9]{2}(:[0-9]{2})?)$")


def check(resource: Resource, body: Body) -> list[LimitFinding]:
    """All findings about a whole body, errors first. Takes any JSON without raising."""
    findings = [
        *_required(resource, body),
        *_identifiers(resource, body),
        *_sizes(body),
        *_values(body),
        *_combinations(resource, body),
    ]
    return sorted(findings, key=lambda finding: finding.level)


def _required(resource: Resource, body: Body) -> Iterator[LimitFinding]:
    for name in REQUIRED[resource]:
        if body.get(name) in (None, "", {}):
            yield LimitFinding("error", name, "required")
    for path, name in _NEEDED_INSIDE:
        for place, value in _at(body, path):
            if isinstance(value, dict) and value.get(name) in (None, "", {}):
                yield LimitFinding("error", f"{place}.{name}", "required")


def _identifiers(resource: Resource, body: Body) -> Iterator[LimitFinding]:
    own = body.get("id")
    names = ("id",) if resource.is_class else ("id", "classId")
    for name in names:
        if body.get(name) is not None and not is_resource_id(body[name]):
            yield LimitFinding("error", name, "identifier")
    for path in ("linkedObjectIds[]", "linkedOfferIds[]"):
        for place, value in _at(body, path):
            if not is_resource_id(value):
                yield LimitFinding("error", place, "identifier")
            elif isinstance(own, str) and issuer_of(value) != issuer_of(own):
                yield LimitFinding("error", place, "other_issuer")


def _sizes(body: Body) -> Iterator[LimitFinding]:
    for path, limit, level in _COUNTS:
        for place, value in _at(body, path):
            if not isinstance(value, list):
                yield LimitFinding("error", place, "list")
            elif len(value) > limit:
                yield LimitFinding(level, place, "count", {"limit": limit, "actual": len(value)})
    for path, limit, level in _LENGTHS:
        for place, value in _at(body, path):
            longest = max((len(text) for text in _texts(value)), default=0)
            if longest > limit:
                yield LimitFinding(level, place, "length", {"limit": limit, "actual": longest})


def _values(body: Body) -> Iterator[LimitFinding]:
    for path, choices in _CHOICES:
        for place, value in _at(body, path):
            if not isinstance(value, str) or _plain(value) not in {_plain(choice) for choice in choices}:
                yield LimitFinding("error", place, "choice", {"choices": ", ".join(choices)})
    for path, pattern, example in _PATTERNS:
        for place, value in _at(body, path):
            if not isinstance(value, str) or not re.fullmatch(pattern, value, re.DOTALL):
                yield LimitFinding("error", place, "pattern", {"example": example})
    for path, bound in _RANGES:
        for place, value in _at(body, path):
            if isinstance(value, bool) or not isinstance(value, int | float) or not -bound <= value <= bound:
                yield LimitFinding("error", place, "range", {"limit": f"{bound:.0f}"})
    for path in _IMAGES:
        for place, value in _at(body, path):
            yield from _image(place, value)
    yield from _localized(body)


def _combinations(resource: Resource, body: Body) -> Iterator[LimitFinding]:
    for path, names in _EXACTLY_ONE:
        for place, value in _at(body, path):
            if not isinstance(value, dict) or sum(value.get(name) is not None for name in names) != 1:
                yield LimitFinding("error", place, "exactly_one", {"choices": ", ".join(names)})
    for label in _CUSTOM_LABELS:
        custom = f"custom{label[0].upper()}{label[1:]}Label"
        if body.get(f"{label}Label") is not None and body.get(custom) is not None:
            yield LimitFinding("error", custom, "exactly_one", {"choices": f"{label}Label, {custom}"})
    for path in _WITHOUT_EFFECT:
        for place, _ in _at(body, path):
            yield LimitFinding("warning", place, "no_effect")
    if resource.is_generic:
        for name in ("notifyPreference", "reviewStatus"):
            if name in body:
                yield LimitFinding("error", name, "unknown")
    yield from _interval(body)


def _interval(body: Body) -> Iterator[LimitFinding]:
    """Both ends of an interval carry an offset or none does."""
    for path in ("validTimeInterval", "messages[].displayInterval"):
        for place, value in _at(body, path):
            ends = [end for name in ("start", "end") for _, end in _at(value, f"{name}.date")]
            if len({_OFFSET.search(end) is not None for end in ends if isinstance(end, str)}) > 1:
                yield LimitFinding("error", place, "offsets")


def _image(place: str, value: object) -> Iterator[LimitFinding]:
    if not isinstance(value, dict) or ("sourceUri" in value) == ("privateImageId" in value):
        yield LimitFinding("error", place, "exactly_one", {"choices": "sourceUri, privateImageId"})
        return
    for _, uri in _at(value, "sourceUri.uri"):
        if not isinstance(uri, str) or not _URI_SCHEME.fullmatch(uri):
            yield LimitFinding("error", f"{place}.sourceUri.uri", "pattern", {"example": "https://…"})


def _localized(body: Body) -> Iterator[LimitFinding]:
    """Top-level localized texts need a default value with its language."""
    for name, value in body.items():
        if isinstance(value, dict) and ("translatedValues" in value or "defaultValue" in value):
            default = value.get("defaultValue")
            if not isinstance(default, dict) or not default.get("language") or default.get("value") is None:
                yield LimitFinding("error", f"{name}.defaultValue", "required")


def _at(node: object, path: str) -> Iterator[tuple[str, Any]]:
    """Where ``a.b[].c`` leads in a body, with the concrete place of each value that is there."""
    name, _, rest = path.partition(".")
    key = name.removesuffix("[]")
    value = node.get(key) if isinstance(node, Mapping) else None
    if value is None:
        return
    places = [(key, value)]
    if name.endswith("[]"):
        places = [(f"{key}[{index}]", row) for index, row in enumerate(value)] if isinstance(value, list) else []
    for place, found in places:
        if not rest:
            yield place, found
        else:
            yield from ((f"{place}.{deeper}", leaf) for deeper, leaf in _at(found, rest))


def _texts(value: object) -> Iterator[str]:
    """The text of a plain value, or all texts of a localized one."""
    if isinstance(value, str | int) and not isinstance(value, bool):
        yield str(value)
    for path in ("defaultValue.value", "translatedValues[].value"):
        yield from (text for _, text in _at(value, path) if isinstance(text, str))


def _plain(choice: str) -> str:
    """``UNDER_REVIEW`` and its legacy alias ``underReview`` are one."""
    return choice.replace("_", "").lower()
