"""The small parts that resource bodies are made of, each in Google's shape."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from passerelle.kit.money import exponent
from passerelle.passes.wallets.google.fields import (
    AppLinkData,
    AppTarget,
    Barcode,
    BarcodeType,
    CardRow,
    CardTemplateOverride,
    Coordinates,
    FieldSelector,
    Image,
    LocalizedString,
    LoyaltyPoints,
    LoyaltyPointsBalance,
    Message,
    Money,
    RotatingBarcode,
    SaveRestrictions,
    TemplateItem,
    TextModuleData,
    TimeInterval,
    Uri,
    ValueAddedModuleData,
)

_MICRO_DIGITS: Final = 6
_INT32_MAX: Final = 2**31 - 1

Text = str | LocalizedString


def localized(language: str, value: str, translations: Mapping[str, str] | None = None) -> LocalizedString:
    """A text in its default language and in others, by BCP 47 tag."""
    text: LocalizedString = {"defaultValue": {"language": language, "value": value}}
    if translations:
        text["translatedValues"] = [
            {"language": other, "value": translated}
            for other, translated in translations.items()
            if other != language
        ]
    return text


def plain(text: Text) -> str:
    """What a field without translations shows of this text."""
    return text if isinstance(text, str) else text["defaultValue"]["value"]


def with_twin(name: str, text: Text) -> dict[str, Any]:
    """A text field and, for a localized text, its twin: ``programName`` and ``localizedProgramName``."""
    fields: dict[str, Any] = {name: plain(text)}
    if not isinstance(text, str):
        fields[f"localized{name[0].upper()}{name[1:]}"] = text
    return fields


def image(uri: str, description: LocalizedString | None = None) -> Image:
    """A public image. Google keeps it by its address: another picture needs another one."""
    picture: Image = {"sourceUri": {"uri": uri}}
    if description is not None:
        picture["contentDescription"] = description
    return picture


def money(amount_minor: int, currency: str) -> Money:
    """An amount in micros, which travel as a string; raises UnknownCurrency."""
    return {"micros": str(amount_minor * 10 ** (_MICRO_DIGITS - exponent(currency))), "currencyCode": currency}


def points(label: Text, balance: float | str | Money) -> LoyaltyPoints:
    """A labelled balance: int, float, text or money, in the one subtype that fits.

    Whole numbers beyond the API's int32 travel as text.
    """
    row: LoyaltyPoints = {**with_twin("label", label)}  # type: ignore[typeddict-item]  # built by name
    row["balance"] = _points_balance(balance)
    return row


def _points_balance(balance: float | str | Money) -> LoyaltyPointsBalance:
    if isinstance(balance, str):
        return {"string": balance}
    if isinstance(balance, dict):
        return {"money": balance}
    if not isinstance(balance, int):
        return {"double": balance}
    return {"int": balance} if abs(balance) <= _INT32_MAX else {"string": str(balance)}


def text_module(module_id: str, header: Text, body: Text) -> TextModuleData:
    """A titled paragraph; ``module_id`` is what card rows refer to (letters, digits, ``_`` and ``-``)."""
    return {"id": module_id, **with_twin("header", header), **with_twin("body", body)}  # type: ignore[typeddict-item]  # built by name


def link(uri: str, description: Text, link_id: str | None = None) -> Uri:
    """A link on the back: ``https:``, ``tel:``, ``mailto:`` or ``geo:``."""
    target: Uri = {"uri": uri, **with_twin("description", description)}  # type: ignore[typeddict-item]  # built by name
    if link_id is not None:
        target["id"] = link_id
    return target


def barcode(kind: BarcodeType, value: str, alternate_text: str | None = None) -> Barcode:
    """A still barcode; ``alternate_text`` is what a person can type when it does not scan."""
    code: Barcode = {"type": kind, "value": value, "renderEncoding": "UTF_8"}
    if alternate_text is not None:
        code["alternateText"] = alternate_text
    return code


def rotating_barcode(
    kind: BarcodeType, value_pattern: str, keys: Sequence[bytes], *, period_seconds: int = 30, digits: int = 8
) -> RotatingBarcode:
    """A barcode that changes by RFC 6238 (SHA-1): the n-th key fills ``{totp_value_n}`` of the pattern."""
    return {
        "type": kind,
        "valuePattern": value_pattern,
        "renderEncoding": "UTF_8",
        "totpDetails": {
            "algorithm": "TOTP_SHA1",
            "periodMillis": str(period_seconds * 1000),
            "parameters": [{"key": key.hex().upper(), "valueLength": digits} for key in keys],
        },
    }


def coordinates(latitude: float, longitude: float) -> Coordinates:
    return {"latitude": latitude, "longitude": longitude}


def interval(start: datetime | None, end: datetime | None) -> TimeInterval:
    """A period; both ends carry their offset, as Google asks of both or of none."""
    period: TimeInterval = {}
    if start is not None:
        period["start"] = {"date": _instant(start)}
    if end is not None:
        period["end"] = {"date": _instant(end)}
    return period


def message(message_id: str, header: Text, body: Text, shown: TimeInterval | None = None) -> Message:
    """A message on the card; whether it rings is decided when it is sent (``GoogleWallet.add_message``)."""
    row: Message = {"id": message_id, **with_twin("header", header), **with_twin("body", body)}  # type: ignore[typeddict-item]  # built by name
    if shown is not None:
        row["displayInterval"] = shown
    return row


def value_added(
    header: LocalizedString, body: LocalizedString, uri: str, *, picture: Image | None = None, sort_index: int = 0
) -> ValueAddedModuleData:
    """A tappable box under the card; lower ``sort_index`` first."""
    module: ValueAddedModuleData = {"header": header, "body": body, "uri": uri, "sortIndex": sort_index}
    if picture is not None:
        module["image"] = picture
    return module


def web_app_link(uri: str, display_text: LocalizedString) -> AppLinkData:
    """The button on the front that opens a web page."""
    target: AppTarget = {"targetUri": {"uri": uri, "description": plain(display_text)}}
    return {"webAppLinkInfo": {"appTarget": target}, "displayText": display_text}


def android_app_link(package_name: str, display_text: LocalizedString) -> AppLinkData:
    """The button on the front that opens an Android app."""
    return {"androidAppLinkInfo": {"appTarget": {"packageName": package_name}}, "displayText": display_text}


def save_restriction(email: str) -> SaveRestrictions:
    """Only the Google account of this address may save the card.

    Google compares the plain SHA-256 of the lower-case address, written without ``.`` and ``+`` notations before
    the ``@`` (discovery text of ``restrictToEmailSha256``).
    """
    name, _, domain = email.strip().lower().rpartition("@")
    if not name or not domain:
        raise ValueError("A save restriction needs an e-mail address.")
    plain_name = name.partition("+")[0].replace(".", "")
    return {"restrictToEmailSha256": hashlib.sha256(f"{plain_name}@{domain}".encode()).hexdigest()}


def field(*paths: str) -> FieldSelector:
    """The first of these fields that is not empty, such as ``object.textModulesData['points']``."""
    return {"fields": [{"fieldPath": path} for path in paths]}


def card_row(*selectors: FieldSelector) -> CardRow:
    """One row of one to three items, from start to end; raises ValueError for another number."""
    items: list[TemplateItem] = [{"firstValue": selector} for selector in selectors]
    match items:
        case [only]:
            return {"oneItem": {"item": only}}
        case [start, end]:
            return {"twoItems": {"startItem": start, "endItem": end}}
        case [start, middle, end]:
            return {"threeItems": {"startItem": start, "middleItem": middle, "endItem": end}}
    raise ValueError("A card row shows one, two or three items.")


def card_template(*rows: CardRow) -> CardTemplateOverride:
    """The rows of the card's front; Google takes at most three."""
    return {"cardRowTemplateInfos": list(rows)}


def _instant(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("Google's intervals need an offset.")
    return moment.isoformat()


def without_nulls(body: Mapping[str, Any]) -> dict[str, Any]:
    """A body for what is new: null empties a field of something that is there."""
    return {
        name: without_nulls(value) if isinstance(value, Mapping) else value
        for name, value in body.items()
        if value is not None
    }
