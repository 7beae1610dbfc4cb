"""What reaches the customer's lock screen: messages asked to notify, and changes of certain fields.

Google words these notifications itself. Only fields on an allow-list notify, and a pass gets at most three
notifications in 24 hours.
"""

from typing import Any, Final

from passerelle.emulators.google_wallet.discovery import Json, ResourceKind
from passerelle.emulators.google_wallet.errors import ApiError
from passerelle.emulators.google_wallet.state import FieldChange, WalletState

# Google's guide names loyaltyPoints.balance, rewardsTier, event details, seats; the rest is in PARITY.md.
NOTIFYING_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "LoyaltyClass": ("rewardsTier", "secondaryRewardsTier"),
    "LoyaltyObject": ("loyaltyPoints.balance", "secondaryLoyaltyPoints.balance"),
    "EventTicketClass": ("dateTime.start", "dateTime.doorsOpen", "venue.name", "venue.address"),
    "EventTicketObject": ("seatInfo.seat", "seatInfo.row", "seatInfo.section", "seatInfo.gate"),
    "FlightClass": (
        "flightStatus",
        "origin.gate",
        "origin.terminal",
        "localBoardingDateTime",
        "localScheduledDepartureDateTime",
        "localEstimatedOrActualDepartureDateTime",
    ),
    "FlightObject": ("boardingAndSeatingInfo.seatNumber", "boardingAndSeatingInfo.boardingGroup"),
    "GiftCardObject": ("balance",),
    "OfferClass": ("title", "details"),
    "OfferObject": ("validTimeInterval.end",),
    "TransitObject": ("ticketLeg.platform", "ticketLeg.departureDateTime", "ticketStatus"),
}
_LABELS: Final = {
    "loyaltyPoints.balance": ("loyaltyPoints.label", "Points"),
    "secondaryLoyaltyPoints.balance": ("secondaryLoyaltyPoints.label", "Points"),
    "rewardsTier": ("rewardsTierLabel", "Tier"),
    "secondaryRewardsTier": ("secondaryRewardsTierLabel", "Tier"),
    "balance": ("", "Balance"),
    "validTimeInterval.end": ("", "Valid until"),
}


def at_path(body: Json, path: str) -> Any:
    """The value at a dotted path, None when a part is missing."""
    value: Any = body
    for part in path.split("."):
        if not isinstance(value, dict):
            return None
        value = value.get(part)
    return value


def shown_value(value: Any, language: str = "") -> str:
    """A field's value as a person reads it: localized text, money, points, dates, plain text."""
    if isinstance(value, dict):
        if "micros" in value:
            return f"{int(value['micros']) / 1_000_000:,.2f} {value.get('currencyCode', '')}".strip()
        if "defaultValue" in value:
            return _translated(value, language)
        return shown_value(next(iter(value.values()), ""), language)
    return "" if value is None else str(value)


def _translated(value: Json, language: str) -> str:
    for translation in value.get("translatedValues", ()):
        if language and translation.get("language", "").partition("-")[0].lower() == language:
            return str(translation.get("value", ""))
    return str(value["defaultValue"].get("value", ""))


def text_at(body: Json, path: str, language: str) -> str:
    """A text at a path, in its `localizedX` form when there is one."""
    parent, _, name = path.rpartition(".")
    translated = f"localized{name[0].upper()}{name[1:]}"
    value = at_path(body, f"{parent}.{translated}" if parent else translated)
    return shown_value(value or at_path(body, path), language)


def notifying_changes(kind: ResourceKind, before: Json, after: Json, language: str = "") -> tuple[FieldChange, ...]:
    """What changed among the fields that notify, with its label on the card."""
    changes = []
    for path in NOTIFYING_FIELDS.get(kind.schema, ()):
        old, new = at_path(before, path), at_path(after, path)
        if old == new or new is None:
            continue
        label_path, fallback = _LABELS.get(path, ("", path.rpartition(".")[2]))
        label = text_at(after, label_path, language) if label_path else ""
        shown = shown_value(old, language), shown_value(new, language)
        changes.append(FieldChange(path, label or fallback, *shown))
    return tuple(changes)


def title_of(state: WalletState, object_id: str) -> str:
    """The name the notification carries: the programme, or the issuer."""
    stored = state.objects[object_id]
    wallet_class = state.classes[stored.body["classId"]].body
    for body, field in (
        (stored.body, "cardTitle"),
        (wallet_class, "programName"),
        (wallet_class, "eventName"),
        (wallet_class, "title"),
        (wallet_class, "merchantName"),
        (wallet_class, "issuerName"),
    ):
        if text := text_at(body, field, state.language):
            return text
    return object_id


def holders(state: WalletState, kind: ResourceKind, resource_id: str) -> list[str]:
    """The saved objects that a change of this class or object touches."""
    if kind.is_class:
        return [object_id for object_id in state.objects_by_class.get(resource_id, ()) if object_id in state.saved]
    return [resource_id] if resource_id in state.saved else []


def _line(change: FieldChange, language: str) -> str:
    if not change.before:
        return f"{change.label}: {change.after}"
    arrow = "←" if language == "ar" else "→"
    return f"{change.label}: {change.before} {arrow} {change.after}"


def notify_update(state: WalletState, kind: ResourceKind, before: Json, after: Json) -> None:
    """Show changed fields to the holders; beyond three a day nothing is shown and nothing is refused."""
    changes = notifying_changes(kind, before, after, state.language)
    if not changes:
        return
    text = "\n".join(_line(change, state.language) for change in changes)
    for object_id in holders(state, kind, after["id"]):
        if state.take_notification(object_id):
            title = title_of(state, object_id)
            state.notify(object_id, "update", title=title, text=text, changes=changes)


def check_message_quota(state: WalletState, kind: ResourceKind, resource_id: str) -> None:
    """Count a TEXT_AND_NOTIFY message.

    Raises:
        ApiError: 403 quotaExceeded, as reported in edutap.wallet_google issue 3.
    """
    if state.take_notification(resource_id):
        return
    noun = "class" if kind.is_class else "object"
    issuer = resource_id.partition(".")[0]
    raise ApiError(
        403,
        "quotaExceeded",
        f"Quota exceeded for issuer {issuer} when adding TEXT_AND_NOTIFY message to {noun} {resource_id}.",
    )


def notify_message(state: WalletState, kind: ResourceKind, resource_id: str, message: Json) -> None:
    """Show a message to the holders; one of a class counts for each of its passes too."""
    header = shown_value(message.get("localizedHeader") or message.get("header"), state.language)
    body = shown_value(message.get("localizedBody") or message.get("body"), state.language)
    text = "\n".join(part for part in (header, body) if part)
    for object_id in holders(state, kind, resource_id):
        if not kind.is_class or state.take_notification(object_id):
            state.notify(object_id, "message", title=title_of(state, object_id), text=text)
