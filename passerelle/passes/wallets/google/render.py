"""Google Wallet's class and object of a card, from a compiled template.

The class says what all cards of a template share, the object what one card says. Google keeps images by their
address and fetches them itself: addresses carry the SHA-256 of the picture, so another picture (the strip with one
more stamp) is another address. The field that tells the balance (the first of the header, or else the primary
one) becomes the loyalty points; the other fields of the front become text modules in up to three rows.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from passerelle.kit.ids import encode
from passerelle.kit.money import Money
from passerelle.passes.code_rules import DIGITS, PERIOD_SECONDS, proven
from passerelle.passes.wallets.google import names, resources, values
from passerelle.passes.wallets.google.fields import Barcode, BarcodeType, Image, Message, State, TextModuleData, Uri
from passerelle.passes.wallets.google.names import Resource
from passerelle.passes.wallets.google.resources import Body
from passerelle.passes.wallets.occasion import Occasion
from passerelle.templates.schemas import FieldContent, Kind, TemplateContent
from passerelle.templates.service import CompiledTemplate, Facts, earlier, overlaid

RESOURCES: Final[Mapping[Kind, tuple[Resource, Resource]]] = {
    "stamps": (Resource.LOYALTY_CLASS, Resource.LOYALTY_OBJECT),
    "points": (Resource.LOYALTY_CLASS, Resource.LOYALTY_OBJECT),
    "membership": (Resource.LOYALTY_CLASS, Resource.LOYALTY_OBJECT),
    "coupon": (Resource.OFFER_CLASS, Resource.OFFER_OBJECT),
    "gift_card": (Resource.GIFT_CARD_CLASS, Resource.GIFT_CARD_OBJECT),
    "event_ticket": (Resource.EVENT_TICKET_CLASS, Resource.EVENT_TICKET_OBJECT),
    "generic": (Resource.GENERIC_CLASS, Resource.GENERIC_OBJECT),
}
_BARCODES: Final[Mapping[str, BarcodeType]] = {
    "qr": "QR_CODE",
    "pdf417": "PDF_417",
    "aztec": "AZTEC",
    "code128": "CODE_128",
}
# What each class calls its square and its wide logo; a generic card has them on the object.
_LOGOS: Final = {
    Resource.LOYALTY_CLASS: ("programLogo", "wideProgramLogo"),
    Resource.OFFER_CLASS: ("titleImage", "wideTitleImage"),
    Resource.GIFT_CARD_CLASS: ("programLogo", "wideProgramLogo"),
    Resource.EVENT_TICKET_CLASS: ("logo", "wideLogo"),
    Resource.GENERIC_OBJECT: ("logo", "wideLogo"),
}
_ON_GENERIC_OBJECT: Final = frozenset({"hexBackgroundColor", "heroImage", "homepageUri"})
_ROWS: Final = 3
_ACCOUNT_NAME: Final = {"en": "Member", "fr": "Membre", "ar": "العضو"}
_ACCOUNT_ID: Final = {"en": "Card", "fr": "Carte", "ar": "البطاقة"}


def class_id(issuer_id: str, template_id: UUID, event_id: UUID | None = None) -> str:
    """The class of a template, and for tickets of an event too; it stays the same over all versions."""
    template = encode("tpl", template_id)
    return names.object_id(issuer_id, f"{template}-{encode('evn', event_id)}" if event_id else template)


class Code(NamedTuple):
    """What goes behind a card's code in its barcode; with a key, Google computes it anew every period."""

    proof: str
    totp_key: bytes | None = None


def render_class(
    compiled: CompiledTemplate,
    *,
    issuer_id: str,
    image_base_url: str,
    callback_url: str | None = None,
    website: str | None = None,
    occasion: Occasion | None = None,
) -> Body:
    """What all cards of the template share, ready to be inserted or updated (it asks for review).

    With ``occasion``, what all tickets of that event share.
    """
    content = compiled.content
    identifier = class_id(issuer_id, compiled.template_id, occasion.event_id if occasion else None)
    fields = _class_fields(compiled, image_base_url, callback_url, website) | _logos(compiled, image_base_url)
    issuer_name, title = _text(compiled, content.organization_name), _text(compiled, content.title)
    body: Body
    match RESOURCES[content.kind][0]:
        case Resource.LOYALTY_CLASS:
            fields |= values.with_twin("accountNameLabel", _label(compiled, _ACCOUNT_NAME))
            fields |= values.with_twin("accountIdLabel", _label(compiled, _ACCOUNT_ID))
            body = {
                "id": identifier,
                **values.with_twin("issuerName", issuer_name),
                **values.with_twin("programName", title),
                "reviewStatus": "UNDER_REVIEW",
                **fields,
            }
        case Resource.OFFER_CLASS:
            body = resources.offer_class(
                identifier, issuer_name=issuer_name, provider=issuer_name, title=title, redemption_channel="INSTORE"
            )
            body |= fields
        case Resource.GIFT_CARD_CLASS:
            body = resources.gift_card_class(identifier, issuer_name=issuer_name)
            body |= fields | values.with_twin("merchantName", title)
        case Resource.EVENT_TICKET_CLASS:
            event_name = values.localized(content.language, content.title, _others(compiled, content.title))
            body = resources.event_ticket_class(identifier, issuer_name=issuer_name, event_name=event_name)
            body |= fields | (_event(content, occasion) if occasion else {})
        case _:
            shared = {key: value for key, value in fields.items() if key not in _ON_GENERIC_OBJECT}
            body = resources.generic_class(identifier) | shared
    return overlaid(body, content.google.class_)


def render_object(
    compiled: CompiledTemplate,
    facts: Facts,
    *,
    object_id: str,
    class_id: str,
    image_base_url: str,
    state: State = "ACTIVE",
    expiration: datetime | None = None,
    code: Code | None = None,
) -> Body:
    """One card. Never fails for a template that was saved.

    The card ends at the earlier of ``expiration`` and the template's own end. ``code`` is None where the plain code
    was always shown; with it, the body also empties the other kind of barcode, which may have been there before.
    """
    content = compiled.content
    body: Body = {"id": object_id, "classId": class_id, "state": state}
    body |= _shared_object_fields(compiled, facts, image_base_url)
    if code is not None and "barcode" in body:
        body |= _barcodes(body["barcode"], str(facts.get("pass.code", "")), code)
    ends_at = earlier(expiration, content.expires_at)
    if ends_at is not None:
        body["validTimeInterval"] = values.interval(None, ends_at)
    elif RESOURCES[content.kind][1] is Resource.LOYALTY_OBJECT:
        body["validTimeInterval"] = None  # a membership may have had an end, and Google keeps what is left out
    match RESOURCES[content.kind][1]:
        case Resource.LOYALTY_OBJECT:
            body |= _loyalty(compiled, facts)
        case Resource.GIFT_CARD_OBJECT:
            body |= _gift_card(compiled, facts)
        case Resource.EVENT_TICKET_OBJECT:
            body |= _ticket(content, facts)
        case Resource.GENERIC_OBJECT:
            body |= _generic(compiled, facts, image_base_url)
    return overlaid(body, _filled(content.google.object, compiled, facts))


def _class_fields(
    compiled: CompiledTemplate, image_base_url: str, callback_url: str | None, website: str | None
) -> dict[str, Any]:
    content = compiled.content
    fields: dict[str, Any] = {
        "hexBackgroundColor": content.colours.background,
        "multipleDevicesAndHoldersAllowedStatus": (
            "ONE_USER_ALL_DEVICES" if content.sharing_prohibited else "MULTIPLE_HOLDERS"
        ),
    }
    if hero := _picture(compiled, image_base_url, "hero.png"):
        fields["heroImage"] = hero
    if website:
        fields["homepageUri"] = values.link(website, _text(compiled, content.organization_name))
    fields |= _back(compiled, [each for each in content.fields.back if _is_shared(compiled, each)], [], {})
    if links := _content_links(compiled):
        fields.setdefault("linksModuleData", {"uris": []})["uris"] += links
    if content.locations:
        fields["merchantLocations"] = [
            values.coordinates(place.latitude, place.longitude) for place in content.locations
        ]
    if rows := _rows(content):
        fields["classTemplateInfo"] = {"cardTemplateOverride": {"cardRowTemplateInfos": rows}}
    if callback_url:
        fields["callbackOptions"] = {"url": callback_url}
    return fields


def _shared_object_fields(compiled: CompiledTemplate, facts: Facts, image_base_url: str) -> dict[str, Any]:
    content = compiled.content
    moving = [each for each in content.fields.back if not _is_shared(compiled, each)]
    fields = _back(compiled, moving, _front(content), facts)
    if content.barcode is not None and (message := compiled.text(content.barcode.message).default(facts)):
        alternative = compiled.text(content.barcode.alt_text).default(facts)
        fields["barcode"] = values.barcode(_BARCODES[content.barcode.format], message, alternative or None)
    if content.stamps is not None and (hero := _picture(compiled, image_base_url, _hero(content, facts))):
        fields["heroImage"] = hero
    return fields


def _barcodes(plain: Barcode, code: str, shown: Code) -> dict[str, Any]:
    message = proven(plain["value"], code, shown.proof)
    if shown.totp_key is None or message == plain["value"]:
        return {"barcode": {**plain, "value": message}, "rotatingBarcode": None}
    rotating = values.rotating_barcode(
        plain["type"], message, [shown.totp_key], period_seconds=PERIOD_SECONDS, digits=DIGITS
    )
    if "alternateText" in plain:
        rotating["alternateText"] = plain["alternateText"]
    return {"barcode": None, "rotatingBarcode": rotating}


def _loyalty(compiled: CompiledTemplate, facts: Facts) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    header = compiled.content.fields.header
    first = _balance_field(compiled.content)
    if first is not None:
        fields["loyaltyPoints"] = _points(compiled, first, facts)
    if len(header) > 1:
        fields["secondaryLoyaltyPoints"] = _points(compiled, header[1], facts)
    fields |= _given({"accountName": facts.get("customer.full_name"), "accountId": facts.get("pass.code")})
    return fields


def _gift_card(compiled: CompiledTemplate, facts: Facts) -> dict[str, Any]:
    fields: dict[str, Any] = {"cardNumber": str(facts.get("pass.code") or facts.get("pass.serial") or "-")}
    first = _balance_field(compiled.content)
    balance = _raw(compiled, first, facts) if first else None
    if not isinstance(balance, Money):
        balance = facts.get("gift_card.balance")
    if isinstance(balance, Money):
        fields["balance"] = values.money(balance.amount_minor, balance.currency)
    return fields


def _ticket(content: TemplateContent, facts: Facts) -> dict[str, Any]:
    fields = _given({"ticketHolderName": facts.get("customer.full_name"), "ticketNumber": facts.get("pass.code")})
    if kind := facts.get("ticket.type"):
        fields["ticketType"] = values.localized(content.language, str(kind))
    seat = {
        part: values.localized(content.language, str(value))
        for part in ("section", "row", "seat")
        if (value := facts.get(f"ticket.{part}"))
    }
    return fields | ({"seatInfo": seat} if seat else {})


def _event(content: TemplateContent, occasion: Occasion) -> dict[str, Any]:
    """What is on, where and when.

    Google wants an address of every venue, and keeps what an update leaves out: the name stands in for an address,
    and null empties what may have been there before.
    """
    language = content.language
    times = {"start": occasion.starts_at, "end": occasion.ends_at, "doorsOpen": occasion.doors_at}
    fields: dict[str, Any] = {
        "eventId": encode("evn", occasion.event_id),
        "eventName": values.localized(language, occasion.names.get(language, occasion.name), occasion.names),
        "venue": {
            "name": values.localized(language, occasion.venue),
            "address": values.localized(language, occasion.address or occasion.venue),
        },
        "dateTime": {name: instant and instant.isoformat() for name, instant in times.items()},
    }
    if not content.locations:
        known = occasion.coordinates
        fields["merchantLocations"] = [values.coordinates(*known)] if known is not None else None
    return fields


def _generic(compiled: CompiledTemplate, facts: Facts, image_base_url: str) -> dict[str, Any]:
    content = compiled.content
    primary = content.fields.primary[0] if content.fields.primary else None
    header = compiled.field_text(primary, facts) if primary else {}
    if not next(iter(header.values()), ""):
        header = compiled.text(content.title).every(facts)
    fields: dict[str, Any] = {
        "cardTitle": _localized(compiled.text(content.organization_name).every(facts)),
        "header": _localized(header),
        "hexBackgroundColor": content.colours.background,
    }
    if primary and primary.label:
        fields["subheader"] = _localized(compiled.text(primary.label).every(facts))
    fields |= _logos(compiled, image_base_url, Resource.GENERIC_OBJECT)
    if content.stamps is None and (hero := _picture(compiled, image_base_url, "hero.png")):
        fields["heroImage"] = hero
    return fields


def notices(compiled: CompiledTemplate, facts: Facts) -> dict[str, Message]:
    """What to tell when a field of the front changes, by the id of its text module.

    Only for cards of which Google announces no change by itself: of an offer, it does so for title and dates alone.
    """
    if RESOURCES[compiled.content.kind][1] is not Resource.OFFER_OBJECT:
        return {}
    found = {}
    for each in _front(compiled.content):
        shown = compiled.field_text(each, facts)
        if each.change_message and (default := shown[compiled.content.language]):
            told = compiled.text(each.change_message).every(facts)
            texts = {
                language: told.get(language, told[compiled.content.language]).replace(
                    "%@", shown.get(language, default)
                )
                for language in {**shown, **told}
            }
            label = _from(compiled.text(each.label).every(facts))
            found[each.key] = values.message(each.key, label, _from(texts))
    return found


def _balance_field(content: TemplateContent) -> FieldContent | None:
    return next(iter([*content.fields.header[:1], *content.fields.primary[:1]]), None)


def _front(content: TemplateContent) -> list[FieldContent]:
    """The fields of the front that become text modules, in the order of Apple's areas."""
    fields = content.fields
    if content.kind == "generic":
        shown_elsewhere = fields.primary[:1]
    elif RESOURCES[content.kind][1] is Resource.LOYALTY_OBJECT:
        shown_elsewhere = fields.header[:2] or fields.primary[:1]
    else:
        shown_elsewhere = []
    every = [*fields.header, *fields.primary, *fields.secondary, *fields.auxiliary]
    return [each for each in every if each not in shown_elsewhere]


def _rows(content: TemplateContent) -> list[Any]:
    """Up to three rows of the front, the balance first; two items in a row while they fit."""
    paths = [f"object.textModulesData['{each.key}']" for each in _front(content)]
    if RESOURCES[content.kind][1] is Resource.LOYALTY_OBJECT and _balance_field(content) is not None:
        paths.insert(0, "object.loyaltyPoints.balance")
        if len(content.fields.header) > 1:
            paths.insert(1, "object.secondaryLoyaltyPoints.balance")
    width = 2 if len(paths) <= 2 * _ROWS else 3
    chunks = [paths[start : start + width] for start in range(0, len(paths), width)][:_ROWS]
    return [values.card_row(*map(values.field, chunk)) for chunk in chunks]


def _points(compiled: CompiledTemplate, each: FieldContent, facts: Facts) -> Any:
    raw = _raw(compiled, each, facts)
    label = _from(compiled.text(each.label).every(facts))
    if isinstance(raw, Money):
        return values.points(label, values.money(raw.amount_minor, raw.currency))
    if isinstance(raw, int) and not isinstance(raw, bool) and each.format in {"text", "decimal"}:
        return values.points(label, raw)
    shown = compiled.field_text(each, facts)
    return values.points(label, shown[compiled.content.language] or "-")


def _raw(compiled: CompiledTemplate, each: FieldContent, facts: Facts) -> object:
    single = compiled.text(each.value).single
    return facts.get(single) if single else None


def _modules(compiled: CompiledTemplate, fields: Iterable[FieldContent], facts: Facts) -> list[TextModuleData]:
    modules = []
    for each in fields:
        body = compiled.field_text(each, facts)
        if body[compiled.content.language]:
            modules.append(values.text_module(each.key, _from(compiled.text(each.label).every(facts)), _from(body)))
    return modules


def _is_shared(compiled: CompiledTemplate, each: FieldContent) -> bool:
    """Whether a field is the same on all cards, and so belongs to the class."""
    return compiled.text(each.value).is_static and compiled.text(each.label).is_static


def _back(
    compiled: CompiledTemplate, back: Iterable[FieldContent], front: Iterable[FieldContent], facts: Facts
) -> dict[str, Any]:
    """The fields of the front and those of the back as text modules; those with a link as links."""
    fields: dict[str, Any] = {}
    if modules := _modules(compiled, [*front, *(each for each in back if not each.link)], facts):
        fields["textModulesData"] = modules
    texts = [(each, compiled.field_text(each, facts)) for each in back if each.link]
    if links := [_link(each, text) for each, text in texts if next(iter(text.values()))]:
        fields["linksModuleData"] = {"uris": links}
    return fields


def _link(each: FieldContent, text: Mapping[str, str]) -> Uri:
    return values.link(each.link or "", _from(text), each.key)


def _content_links(compiled: CompiledTemplate) -> list[Uri]:
    return [
        values.link(link.url, _text(compiled, link.label), f"link_{number}")
        for number, link in enumerate(compiled.content.links)
    ]


def _hero(content: TemplateContent, facts: Facts) -> str:
    assert content.stamps is not None
    count = facts.get("stamps.count")
    return f"hero-{min(max(count, 0), content.stamps.goal) if isinstance(count, int) else 0}.png"


def _logos(compiled: CompiledTemplate, image_base_url: str, resource: Resource | None = None) -> dict[str, Any]:
    names_of = _LOGOS.get(resource or RESOURCES[compiled.content.kind][0], ())
    files = zip(names_of, ("square-logo.png", "wide-logo.png"), strict=False)
    return {name: logo for name, file in files if (logo := _picture(compiled, image_base_url, file))}


def _picture(compiled: CompiledTemplate, image_base_url: str, name: str) -> Image | None:
    digest = compiled.digests.get(name)
    if digest is None:
        return None
    return values.image(f"{image_base_url.rstrip('/')}/{encode('org', compiled.organization_id)}/{digest}.png")


def _given(fields: Mapping[str, object]) -> dict[str, Any]:
    return {name: str(value) for name, value in fields.items() if value}


def _text(compiled: CompiledTemplate, source: str) -> values.Text:
    """A text that is the same on all cards."""
    return _from(compiled.text(source).every({}))


def _others(compiled: CompiledTemplate, source: str) -> dict[str, str]:
    return dict(list(compiled.text(source).every({}).items())[1:])


def _label(compiled: CompiledTemplate, known: Mapping[str, str]) -> values.Text:
    default = compiled.content.language
    return _from({default: known[default]} | {each: known[each] for each in compiled.languages if each in known})


def _from(texts: Mapping[str, str]) -> values.Text:
    """The first language is the default; a text without translations stays plain."""
    (_, default), *others = texts.items()
    return _localized(texts) if others else default


def _localized(texts: Mapping[str, str]) -> Any:
    (language, default), *others = texts.items()
    return values.localized(language, default, dict(others))


def _filled(node: Any, compiled: CompiledTemplate, facts: Facts) -> Any:
    """The overlay with its placeholders filled."""
    if isinstance(node, str):
        return compiled.text(node).default(facts)
    if isinstance(node, dict):
        return {key: _filled(value, compiled, facts) for key, value in node.items()}
    return [_filled(value, compiled, facts) for value in node] if isinstance(node, list) else node
