"""A pass as Google Wallet draws it: a class and its object, turned into a view."""

import re
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from passerelle.emulators.google_wallet import SavedPass
from passerelle.emulators.google_wallet.pages import ink_on
from passerelle.emulators.phone.barcodes import BarcodeView, draw, rotating_value
from passerelle.emulators.phone.card_text import date_time, is_past, rich_text, safe_url
from passerelle.emulators.phone.google_fields import Fields, Item, filled

_HEX: Final = re.compile(r"^#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$")
_DEFAULT_COLOR: Final = "#3c4043"
_MODULES_SHOWN: Final = 10
_ACCOUNT: Final = (("accountName", "accountNameLabel"), ("accountId", "accountIdLabel"), ("pin", "pinLabel"))


@dataclass(frozen=True)
class Detail:
    label: str
    rich: Markup


@dataclass(frozen=True)
class Link:
    url: str
    text: str


@dataclass(frozen=True)
class GoogleCard:
    """Everything the template needs; images are paths of this page."""

    id: str
    kind: str
    issuer: str
    title: str
    subheader: str
    header: str
    background: str
    ink: str
    logo: str
    wide_logo: str
    hero: str
    rows: list[list[Item]]
    barcode: BarcodeView | None
    messages: list[Detail]
    details: list[Detail]
    links: list[Link]
    state: str


def google_card(saved: SavedPass, *, language: str, now: float) -> GoogleCard:
    """The view of a saved pass in a language."""
    kind = saved.kind.path.removesuffix("Object")
    fields = Fields(saved, language)
    color = str(fields.first("hexBackgroundColor") or "")
    background = color if _HEX.match(color) else _DEFAULT_COLOR
    title, subheader, header = _headings(kind, fields)
    return GoogleCard(
        id=saved.wallet_object["id"],
        kind=kind,
        issuer=fields.text("issuerName"),
        title=title,
        subheader=subheader,
        header=header,
        background=background,
        ink=ink_on(background),
        logo=fields.image("programLogo", "logo", "titleImage"),
        wide_logo=fields.image("wideProgramLogo", "wideLogo", "wideTitleImage"),
        hero=fields.image("heroImage"),
        rows=fields.template_rows() or _usual_rows(kind, fields),
        barcode=_barcode(fields, now),
        messages=_messages(fields),
        details=_details(fields),
        links=_links(fields),
        state=_state(fields, now),
    )


def _headings(kind: str, fields: Fields) -> tuple[str, str, str]:
    """(line beside the logo, small line, large line) of each type."""
    issuer = fields.text("issuerName")
    small, large = {
        "generic": (fields.text("subheader"), fields.text("header")),
        "loyalty": ("", fields.text("programName")),
        "offer": (fields.text("provider"), fields.text("title")),
        "giftCard": ("", fields.text("merchantName") or issuer),
        "eventTicket": (fields.at("class.venue.name").value, fields.text("eventName")),
        "flight": (fields.text("passengerName"), _flight_route(fields)),
        "transit": (fields.text("passengerNames"), _leg(fields) or fields.text("transitOperatorName")),
    }[kind]
    return fields.text("cardTitle") if kind == "generic" else issuer, small, large


def _flight_route(fields: Fields) -> str:
    ends = (fields.at(f"class.{end}.airportIataCode").value for end in ("origin", "destination"))
    return " → ".join(filter(None, ends))


def _leg(fields: Fields) -> str:
    legs: list[dict[str, Any]] = [fields.object.get("ticketLeg") or {}, *fields.object.get("ticketLegs", ())]
    leg = next(filter(None, legs), {})
    ends = (
        fields.translated(leg.get(f"{end}Name")) or str(leg.get(f"{end}StationCode", ""))
        for end in ("origin", "destination")
    )
    return " → ".join(filter(None, ends))


def _usual_rows(kind: str, fields: Fields) -> list[list[Item]]:
    """The rows of a card whose class has no template."""
    end = fields.at("object.validTimeInterval.end.date").value
    rows: dict[str, list[list[Item]]] = {
        "loyalty": [
            [fields.points("loyaltyPoints"), fields.labelled("rewardsTier", "rewardsTierLabel")],
            [fields.points("secondaryLoyaltyPoints"), fields.labelled("accountName", "accountNameLabel")],
        ],
        "giftCard": [[fields.labelled("balance"), fields.labelled("cardNumber", "cardNumberLabel")]],
        "offer": [
            [
                Item(
                    "validTimeInterval.end",
                    fields.label("validUntil"),
                    date_time(end, fields.language) if end else "",
                )
            ]
        ],
        "eventTicket": [
            [fields.at("class.dateTime.start"), fields.labelled("ticketHolderName")],
            [fields.at(f"object.seatInfo.{part}") for part in ("section", "row", "seat", "gate")],
        ],
        "flight": [
            [fields.at("class.localScheduledDepartureDateTime"), fields.at("class.origin.gate")],
            [fields.at("object.boardingAndSeatingInfo.seatNumber")],
        ],
        "transit": [[fields.at("object.ticketLeg.departureDateTime"), fields.at("object.ticketNumber")]],
    }
    return filled(rows.get(kind, []))


def _barcode(fields: Fields, now: float) -> BarcodeView | None:
    rotating = fields.object.get("rotatingBarcode")
    barcode = rotating or fields.object.get("barcode")
    if not barcode:
        return None
    value = rotating_value(rotating, now) if rotating else str(barcode.get("value", ""))
    return draw(str(barcode.get("type", "")), value, str(barcode.get("alternateText", ""))) if value else None


def _messages(fields: Fields) -> list[Detail]:
    both = (*fields.object.get("messages", ()), *fields.wallet_class.get("messages", ()))
    return [_detail(fields, message) for message in reversed(both)]


def _detail(fields: Fields, module: dict[str, Any]) -> Detail:
    return Detail(fields.either(module, "header"), rich_text(fields.either(module, "body")))


def _details(fields: Fields) -> list[Detail]:
    """What stands below the card: account, fine print, text modules of object and class."""
    named = [(field, fields.text(label) or fields.label(field)) for field, label in _ACCOUNT]
    named += [(field, fields.label(field)) for field in ("details", "finePrint")]
    found = [Detail(label, rich_text(value)) for field, label in named if (value := fields.text(field))]
    for body in (fields.object, fields.wallet_class):
        found += [_detail(fields, module) for module in body.get("textModulesData", ())[:_MODULES_SHOWN]]
    return found


def _links(fields: Fields) -> list[Link]:
    uris = [
        uri
        for body in (fields.object, fields.wallet_class)
        for uri in (*body.get("linksModuleData", {}).get("uris", ()), body.get("homepageUri"))
        if uri
    ]
    return [
        Link(url, fields.either(uri, "description") or url)
        for uri in uris
        if (url := safe_url(str(uri.get("uri", ""))))
    ]


def _state(fields: Fields, now: float) -> str:
    """`active`, `expired`, or `inactive`, as the wallet sorts its cards."""
    state = str(fields.object.get("state", "ACTIVE")).lower()
    end = fields.object.get("validTimeInterval", {}).get("end", {}).get("date", "")
    if state == "expired" or (end and is_past(end, now)):
        return "expired"
    return "active" if state == "active" else "inactive"
