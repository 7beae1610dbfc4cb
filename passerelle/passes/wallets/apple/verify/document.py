"""The rules of pass.json beyond its types: which keys go together, and which values Wallet takes."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from passerelle.passes.wallets.apple.findings import Finding, Rule
from passerelle.passes.wallets.apple.schema import parse_wallet_date
from passerelle.passes.wallets.apple.verify.reading import mapping, objects, text

STYLES: Final = ("boardingPass", "coupon", "eventTicket", "generic", "storeCard", "posterGeneric")
_NEEDED_TEXTS: Final = (
    "passTypeIdentifier",
    "serialNumber",
    "teamIdentifier",
    "organizationName",
    "description",
)
_TOKEN_LEAST_LENGTH: Final = 16
_LOCATION_LIMIT: Final = 10
_RELEVANT_LIMIT: Final = timedelta(hours=24)
_ACTION_LIMIT: Final = 2
_GROUPED_STYLES: Final = frozenset({"boardingPass", "eventTicket"})
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})

STYLE_MISSING: Final = Rule(
    "error",
    "style_missing",
    "The pass has no style. Add exactly one of: boardingPass, coupon, eventTicket, generic, storeCard,"
    " posterGeneric.",
    "La carte n'a pas de style. Ajoutez exactement un de : boardingPass, coupon, eventTicket, generic, storeCard,"
    " posterGeneric.",
    "لا نمط للبطاقة. أضف واحدًا فقط من: boardingPass وcoupon وeventTicket وgeneric وstoreCard وposterGeneric.",
)
STYLE_TWICE: Final = Rule(
    "error",
    "style_several",
    "The pass has several styles ({styles}). Keep exactly one.",
    "La carte a plusieurs styles ({styles}). N'en gardez qu'un.",
    "للبطاقة عدة أنماط ({styles}). احتفظ بواحد فقط.",
)
TEXT_EMPTY: Final = Rule(
    "error",
    "text_empty",
    "{key} is empty. Give it a value.",
    "{key} est vide. Donnez-lui une valeur.",
    "{key} فارغ. أعطه قيمة.",
)
PASS_TYPE_FORM: Final = Rule(
    "warning",
    "pass_type_form",
    "passTypeIdentifier does not start with «pass.». Use the identifier as registered with Apple.",
    "passTypeIdentifier ne commence pas par « pass. ». Utilisez l'identifiant enregistré chez Apple.",
    "لا يبدأ passTypeIdentifier بـ «pass.». استخدم المعرّف كما سُجّل لدى Apple.",
)
SERVICE_ALONE: Final = Rule(
    "error",
    "web_service_without_token",
    "webServiceURL stands without authenticationToken. Give both, or neither.",
    "webServiceURL est donné sans authenticationToken. Donnez les deux, ou aucun.",
    "ورد webServiceURL دون authenticationToken. أعطهما معًا أو لا تعطِ أيًا منهما.",
)
TOKEN_ALONE: Final = Rule(
    "error",
    "token_without_web_service",
    "authenticationToken stands without webServiceURL. Give both, or neither.",
    "authenticationToken est donné sans webServiceURL. Donnez les deux, ou aucun.",
    "ورد authenticationToken دون webServiceURL. أعطهما معًا أو لا تعطِ أيًا منهما.",
)
TOKEN_SHORT: Final = Rule(
    "error",
    "token_too_short",
    "authenticationToken has fewer than {limit} characters. Use a longer random text.",
    "authenticationToken compte moins de {limit} caractères. Utilisez un texte aléatoire plus long.",
    "يحتوي authenticationToken على أقل من {limit} حرفًا. استخدم نصًا عشوائيًا أطول.",
)
SERVICE_NOT_HTTPS: Final = Rule(
    "error",
    "web_service_not_https",
    "webServiceURL does not start with https://, and devices refuse it. Serve the web service over TLS.",
    "webServiceURL ne commence pas par https://, et les appareils le refusent. Servez le service en TLS.",
    "لا يبدأ webServiceURL بـ https:// فترفضه الأجهزة. قدّم الخدمة عبر TLS.",
)
SERVICE_LOOPBACK: Final = Rule(
    "warning",
    "web_service_local",
    "webServiceURL leads to this machine only; phones cannot reach it. Use the public address over https.",
    "webServiceURL ne mène qu'à cette machine ; les téléphones ne peuvent pas l'atteindre. Utilisez l'adresse"
    " publique"
    " en https.",
    "يقود webServiceURL إلى هذا الجهاز فقط ولا تصل إليه الهواتف. استخدم العنوان العام عبر https.",
)
EXPIRED: Final = Rule(
    "warning",
    "pass_expired",
    "The pass expired on {date}; Wallet shows it as no longer valid.",
    "La carte a expiré le {date} ; Wallet la présente comme non valable.",
    "انتهت صلاحية البطاقة في {date}؛ يعرضها Wallet على أنها لم تعد سارية.",
)
DATES_REVERSED: Final = Rule(
    "error",
    "dates_reversed",
    "{path} ends before it starts. Exchange startDate and endDate.",
    "{path} se termine avant de commencer. Échangez startDate et endDate.",
    "ينتهي {path} قبل أن يبدأ. بدّل بين startDate وendDate.",
)
INTERVAL_LONG: Final = Rule(
    "warning",
    "relevant_interval_too_long",
    "{path} is longer than 24 hours. Split it.",
    "{path} dure plus de 24 heures. Scindez-le.",
    "{path} أطول من 24 ساعة. قسّمه.",
)
RELEVANT_EMPTY: Final = Rule(
    "error",
    "relevant_date_empty",
    "{path} has neither a date nor both startDate and endDate. Add one or the other.",
    "{path} n'a ni date, ni startDate et endDate. Ajoutez l'un ou l'autre.",
    "لا يحتوي {path} على date ولا على startDate وendDate معًا. أضف أحدهما.",
)
LOCATIONS: Final = Rule(
    "warning",
    "too_many_locations",
    "The pass has {count} locations; Wallet uses the first {limit}.",
    "La carte a {count} lieux ; Wallet utilise les {limit} premiers.",
    "للبطاقة {count} مواقع؛ يستخدم Wallet أول {limit}.",
)
COORDINATES: Final = Rule(
    "error",
    "coordinates_out_of_range",
    "{path} is no place on earth: latitude goes from -90 to 90, longitude from -180 to 180.",
    "{path} n'est pas un lieu sur Terre : la latitude va de -90 à 90, la longitude de -180 à 180.",
    "{path} ليس مكانًا على الأرض: خط العرض من -90 إلى 90 وخط الطول من -180 إلى 180.",
)
GROUPING: Final = Rule(
    "warning",
    "grouping_not_used",
    "groupingIdentifier works only for boardingPass and eventTicket. Remove it.",
    "groupingIdentifier ne sert que pour boardingPass et eventTicket. Retirez-le.",
    "لا يعمل groupingIdentifier إلا مع boardingPass وeventTicket. أزله.",
)
ACTIONS: Final = Rule(
    "warning",
    "too_many_actions",
    "The pass has {count} featured actions; Wallet shows {limit}.",
    "La carte a {count} actions mises en avant ; Wallet en montre {limit}.",
    "للبطاقة {count} إجراءات مميزة؛ يعرض Wallet {limit}.",
)


def style_of(document: dict[str, Any]) -> str | None:
    """The style key, when there is exactly one."""
    present = _styles(document)
    return present[0] if len(present) == 1 else None


def check_document(document: dict[str, Any], now: datetime) -> Iterator[Finding]:
    """All rules of the top level of pass.json."""
    present = _styles(document)
    if not present:
        yield STYLE_MISSING.at("pass.json")
    elif len(present) > 1:
        yield STYLE_TWICE.at("pass.json", styles=", ".join(present))
    for key in _NEEDED_TEXTS:
        stated = text(document, key)
        if stated is not None and not stated.strip():
            yield TEXT_EMPTY.at(f"pass.json/{key}", key=key)
    if not (text(document, "passTypeIdentifier") or "pass.").startswith(("pass.", "userpass.")):
        yield PASS_TYPE_FORM.at("pass.json/passTypeIdentifier")
    yield from _check_web_service(document)
    yield from _check_relevance(document, now)
    if "groupingIdentifier" in document and not _GROUPED_STYLES.intersection(present):
        yield GROUPING.at("pass.json/groupingIdentifier")
    actions = document.get("featuredActions")
    if isinstance(actions, list) and len(actions) > _ACTION_LIMIT:
        yield ACTIONS.at("pass.json/featuredActions", count=len(actions), limit=_ACTION_LIMIT)


def _styles(document: dict[str, Any]) -> list[str]:
    return [style for style in STYLES if document.get(style) is not None]


def _check_web_service(document: dict[str, Any]) -> Iterator[Finding]:
    url, token = text(document, "webServiceURL"), text(document, "authenticationToken")
    if url is not None and document.get("authenticationToken") is None:
        yield SERVICE_ALONE.at("pass.json/webServiceURL")
    if token is not None and document.get("webServiceURL") is None:
        yield TOKEN_ALONE.at("pass.json/authenticationToken")
    if token is not None and len(token) < _TOKEN_LEAST_LENGTH:
        yield TOKEN_SHORT.at("pass.json/authenticationToken", limit=_TOKEN_LEAST_LENGTH)
    if url is not None and not url.lower().startswith("https://"):
        rule = SERVICE_LOOPBACK if _is_loopback(url) else SERVICE_NOT_HTTPS
        yield rule.at("pass.json/webServiceURL")


def _is_loopback(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "http" and parts.hostname in _LOOPBACK


def _check_relevance(document: dict[str, Any], now: datetime) -> Iterator[Finding]:
    expires = parse_wallet_date(text(document, "expirationDate") or "")
    if expires is not None and expires < now:
        yield EXPIRED.at("pass.json/expirationDate", date=f"{expires:%Y-%m-%d}")
    for position, each in objects(document, "relevantDates"):
        yield from _check_interval(each, f"relevantDates/{position}")
    locations = document.get("locations")
    if isinstance(locations, list) and len(locations) > _LOCATION_LIMIT:
        yield LOCATIONS.at("pass.json/locations", count=len(locations), limit=_LOCATION_LIMIT)
    for position, each in objects(document, "locations"):
        if not (_within(each.get("latitude"), 90) and _within(each.get("longitude"), 180)):
            path = f"locations/{position}"
            yield COORDINATES.at(f"pass.json/{path}", path=path)


def _check_interval(each: dict[str, Any], path: str) -> Iterator[Finding]:
    if each.keys().isdisjoint({"date", "relevantDate"}) and not {"startDate", "endDate"} <= each.keys():
        yield RELEVANT_EMPTY.at(f"pass.json/{path}", path=path)
    start, end = (parse_wallet_date(text(each, key) or "") for key in ("startDate", "endDate"))
    if start is None or end is None:
        return
    if end < start:
        yield DATES_REVERSED.at(f"pass.json/{path}", path=path)
    elif end - start > _RELEVANT_LIMIT:
        yield INTERVAL_LONG.at(f"pass.json/{path}", path=path)


def _within(value: object, limit: int) -> bool:
    """False for a number beyond the limit; what is no number is judged by its type."""
    return isinstance(value, bool) or not isinstance(value, int | float) or -limit <= value <= limit


def style_content(document: dict[str, Any]) -> dict[str, Any]:
    """The field groups under the one style key; empty when there is not exactly one."""
    style = style_of(document)
    return {} if style is None else mapping(document, style)
