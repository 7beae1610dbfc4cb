"""Apple's rules for the newer layouts: poster event tickets and semantic boarding passes.

Transcribed from the checks of Apple's open-source pass builder (2026): what is an error there is one here.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from passerelle.passes.wallets.apple.findings import Finding, Rule
from passerelle.passes.wallets.apple.schema import parse_wallet_date
from passerelle.passes.wallets.apple.verify.document import style_of
from passerelle.passes.wallets.apple.verify.reading import mapping, text

_BOARDING_ERRORS: Final = (
    ("airlineCode",),
    ("flightNumber",),
    ("originalDepartureDate",),
    ("originalBoardingDate",),
    ("originalArrivalDate",),
    ("departureAirportTimeZone", "departureLocationTimeZone"),
    ("departureAirportCode",),
    ("destinationAirportCode",),
    ("passengerName",),
)
_BOARDING_WARNINGS: Final = (
    ("departureCityName",),
    ("destinationCityName",),
    ("destinationAirportTimeZone", "destinationLocationTimeZone"),
    ("seats",),
)
_SPORTS: Final = "PKEventTypeSports"
_LIVE: Final = "PKEventTypeLivePerformance"
_EVENT_GUIDE_LEAST_LINKS: Final = 2
_EVENT_GUIDE_LINKS: Final = frozenset(
    {
        "accessibilityURL", "addOnURL", "bagPolicyURL", "contactVenueEmail", "contactVenuePhoneNumber",
        "contactVenueWebsite", "directionsInformationURL", "merchandiseURL", "orderFoodURL",
        "parkingInformationURL", "purchaseParkingURL", "sellURL", "transferURL", "transitInformationURL",
    }
)  # fmt: skip

TAG_NEEDED: Final = Rule(
    "error",
    "layout_tag_missing",
    "The layout {layout} needs {tag}. Add it, or leave the layout out of preferredStyleSchemes.",
    "La présentation {layout} exige {tag}. Ajoutez-le, ou retirez la présentation de preferredStyleSchemes.",
    "يحتاج التخطيط {layout} إلى {tag}. أضفه أو أزل التخطيط من preferredStyleSchemes.",
)
TAG_ADVISED: Final = Rule(
    "warning",
    "layout_tag_advised",
    "The layout {layout} is poorer without {tag}. Add it.",
    "La présentation {layout} est plus pauvre sans {tag}. Ajoutez-le.",
    "يكون التخطيط {layout} أفقر دون {tag}. أضفه.",
)
EVENT_REVERSED: Final = Rule(
    "warning",
    "event_dates_reversed",
    "The event ends before it starts. Exchange eventStartDate and eventEndDate.",
    "L'événement se termine avant de commencer. Échangez eventStartDate et eventEndDate.",
    "ينتهي الحدث قبل أن يبدأ. بدّل بين eventStartDate وeventEndDate.",
)
EVENT_GUIDE: Final = Rule(
    "note",
    "event_guide_incomplete",
    "The event guide appears with at least {least} links, and the pass has {count}. Add another.",
    "Le guide de l'événement apparaît à partir de {least} liens, et la carte en a {count}. Ajoutez-en un autre.",
    "يظهر دليل الحدث مع {least} روابط على الأقل، وفي البطاقة {count}. أضف رابطًا آخر.",
)
SCHEME_ELSEWHERE: Final = Rule(
    "warning",
    "layout_not_for_style",
    "The layout {layout} does not belong to the style {style}. Remove it from preferredStyleSchemes.",
    "La présentation {layout} n'appartient pas au style {style}. Retirez-la de preferredStyleSchemes.",
    "التخطيط {layout} لا يخص النمط {style}. أزله من preferredStyleSchemes.",
)

_POSTER: Final = "posterEventTicket"
_SEMANTIC_BOARDING: Final = "semanticBoardingPass"
_STYLE_OF_LAYOUT: Final = {_POSTER: "eventTicket", _SEMANTIC_BOARDING: "boardingPass"}


def check_layouts(document: dict[str, Any], images: set[str]) -> Iterator[Finding]:
    """What the layouts that the pass prefers ask for."""
    style = style_of(document)
    schemes = document.get("preferredStyleSchemes")
    layouts = [each for each in schemes if isinstance(each, str)] if isinstance(schemes, list) else []
    for layout in layouts:
        if style is not None and style != _STYLE_OF_LAYOUT.get(layout, style):
            yield SCHEME_ELSEWHERE.at("pass.json/preferredStyleSchemes", layout=layout, style=style)
    if style == "eventTicket" and _POSTER in layouts:
        yield from _check_poster(document, images)
    if style == "boardingPass" and _SEMANTIC_BOARDING in layouts:
        semantics = mapping(document, "semantics")
        yield from _absent(TAG_NEEDED, _SEMANTIC_BOARDING, semantics, _BOARDING_ERRORS)
        yield from _absent(TAG_ADVISED, _SEMANTIC_BOARDING, semantics, _BOARDING_WARNINGS)


def _check_poster(document: dict[str, Any], images: set[str]) -> Iterator[Finding]:
    nfc, semantics = document.get("nfc"), mapping(document, "semantics")
    if not isinstance(nfc, dict):
        yield TAG_NEEDED.at("pass.json/nfc", layout=_POSTER, tag="nfc")
    elif nfc.get("requiresAuthentication") is None:
        path = "nfc.requiresAuthentication"
        yield TAG_NEEDED.at("pass.json/nfc/requiresAuthentication", layout=_POSTER, tag=path)
    if images.isdisjoint({"artwork", "background"}):
        yield TAG_NEEDED.at("background.png", layout=_POSTER, tag="background.png / artwork.png")
    needed: list[tuple[str, ...]] = [("eventName",), ("venueName",)]
    advised: list[tuple[str, ...]] = [("eventStartDate", "eventStartDateInfo"), ("seats",)]
    kind = text(semantics, "eventType")
    if kind == _SPORTS:
        needed += [("awayTeamAbbreviation",), ("homeTeamAbbreviation",)]
    elif kind == _LIVE:
        needed.append(("performerNames",))
        advised.append(("artistIDs",))
    yield from _absent(TAG_NEEDED, _POSTER, semantics, needed)
    yield from _absent(TAG_ADVISED, _POSTER, semantics, advised)
    start, end = (parse_wallet_date(text(semantics, key) or "") for key in ("eventStartDate", "eventEndDate"))
    if start is not None and end is not None and end < start:
        yield EVENT_REVERSED.at("pass.json/semantics/eventEndDate")
    links = sum(1 for key in _EVENT_GUIDE_LINKS if document.get(key) is not None)
    if 0 < links < _EVENT_GUIDE_LEAST_LINKS:
        yield EVENT_GUIDE.at("pass.json", least=_EVENT_GUIDE_LEAST_LINKS, count=links)


def _absent(
    rule: Rule,
    layout: str,
    semantics: dict[str, Any],
    wanted: Sequence[tuple[str, ...]],
) -> Iterator[Finding]:
    """One finding for each tag that is there in none of its spellings."""
    for spellings in wanted:
        if all(semantics.get(tag) is None for tag in spellings):
            yield rule.at(f"pass.json/semantics/{spellings[0]}", layout=layout, tag=f"semantics.{spellings[0]}")
