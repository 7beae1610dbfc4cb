"""What a request body must fulfil beyond being JSON: Google's schema, ids and stated limits."""

import re
from typing import Any, Final
from urllib.parse import urlsplit

import jsonschema

from passerelle.emulators.google_wallet.discovery import Json, ResourceKind, canonical, validator
from passerelle.emulators.google_wallet.errors import ApiError, invalid

RESOURCE_ID: Final = re.compile(r"^(?P<issuer>[0-9]{1,19})\.(?P<suffix>[A-Za-z0-9._-]+)$")
_COLOR: Final = re.compile(r"^#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$")
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_LIST_LIMITS: Final = {"messages": 10, "merchantLocations": 10, "valueAddedModuleData": 15}
_BALANCES: Final = ("loyaltyPoints", "secondaryLoyaltyPoints")
_REPORTED_VIOLATIONS: Final = 20

# "This field is set by the platform", or a copy the platform makes: silently ignored when a client sends it.
OUTPUT_ONLY: Final = frozenset({"hasUsers", "hasLinkedDevice", "classReference", "kind", "review", "version"})


def issuer_of(resource_id: str) -> int:
    """The issuer part of `issuerId.identifier`.

    Raises:
        ApiError: 400 when the id has another form.
    """
    match = RESOURCE_ID.match(resource_id)
    if match is None:
        raise invalid(f"Invalid resource ID: {resource_id[:200]}.")
    return int(match["issuer"])


def without_nulls(value: Any) -> Any:
    """Proto3 JSON: null stands for an absent field."""
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    return value


def check_shape(schema: str, body: Any, *, partial: bool = False) -> Json:
    """The body in canonical form, checked against the discovery schema.

    Raises:
        ApiError: 400 naming every violated field, worded as Google's JSON transcoder does.
    """
    if not isinstance(body, dict):
        raise ApiError(400, "parseError", "Invalid JSON payload received. Root element must be a message.")
    present = without_nulls(body)
    checker = validator(schema, with_required=not partial)
    errors = sorted(checker.iter_errors(present), key=lambda error: list(map(str, error.absolute_path)))
    if errors:
        violations = tuple(_violation(error) for error in errors[:_REPORTED_VIOLATIONS])
        reason = "required" if all(error.validator == "required" for error in errors) else "invalid"
        text = "\n".join(description for _, description in violations)
        raise ApiError(400, reason, text, domain="global", violations=violations)
    return canonical(schema, present)


def _violation(error: jsonschema.ValidationError) -> tuple[str, str]:
    place = _place(error)
    at = f" at '{place}'" if place else ""
    match error.validator:
        case "additionalProperties":
            unknown = sorted(set(error.instance) - set(error.schema["properties"]))
            return place, "\n".join(
                f'Invalid JSON payload received. Unknown name "{name[:100]}"{at}: Cannot find field.'
                for name in unknown[:_REPORTED_VIOLATIONS]
            )
        case "required":
            missing = [name for name in error.schema["required"] if name not in error.instance]
            return place, f"Missing required field{at}: {', '.join(missing)}."
        case "enum":
            return place, f'Invalid value{at} (enum), "{str(error.instance)[:100]}"'
    return place, f"Invalid value{at} ({_wanted(error)}), {str(error.instance)[:100]!r}"


def _place(error: jsonschema.ValidationError) -> str:
    text = ""
    for part in error.absolute_path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def _wanted(error: jsonschema.ValidationError) -> str:
    if error.validator == "anyOf":
        return "TYPE_INT"
    return f"TYPE_{str(error.schema.get('type', 'VALUE')).upper()}"


def check_limits(kind: ResourceKind, body: Json) -> None:
    """The limits that stand in words in the discovery descriptions.

    Raises:
        ApiError: 400 naming the field and its limit.
    """
    for field, maximum in _LIST_LIMITS.items():
        if len(body.get(field, ())) > maximum:
            raise invalid(f"Too many {field}: {len(body[field])} given, the maximum is {maximum}.")
    rows = body.get("classTemplateInfo", {}).get("cardTemplateOverride", {}).get("cardRowTemplateInfos", ())
    if len(rows) > 3:
        raise invalid(f"Too many cardRowTemplateInfos: {len(rows)} given, at most three rows are allowed.")
    if len(body.get("eventId", "")) > 64:
        raise invalid("eventId can be at most 64 characters.")
    if not body.get("smartTapRedemptionValue", "").isascii():
        raise invalid("smartTapRedemptionValue: only ASCII characters are supported.")
    if "hexBackgroundColor" in body and not _COLOR.match(body["hexBackgroundColor"]):
        raise invalid("hexBackgroundColor must have the format #rrggbb or #rgb.")
    _check_barcodes(body)
    for field in _BALANCES if kind.schema == "LoyaltyObject" else ():
        _check_balance(field, body)
    check_callback(body)


def _check_barcodes(body: Json) -> None:
    # message known from google-wallet/rest-samples issue 108
    for field in ("barcode", "rotatingBarcode"):
        if field in body and body[field].get("type", "BARCODE_TYPE_UNSPECIFIED").endswith("_UNSPECIFIED"):
            raise invalid("Barcode type must be set.")


def _check_balance(field: str, body: Json) -> None:
    if field in body and len(body[field].get("balance", {})) != 1:
        raise invalid(f"{field}.balance must have exactly one of string, int, double and money.")


def check_callback(body: Json) -> None:
    """A callback must go to HTTPS; plain HTTP is let through to this machine alone, for tests and demos."""
    url = body.get("callbackOptions", {}).get("url")
    if not url:
        return
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return
    raise invalid("callbackOptions.url must be an HTTPS URL.")


def merge(stored: Json, change: Json) -> Json:
    """Google's PATCH: messages merge field by field, lists and scalars are replaced, null clears."""
    merged = dict(stored)
    for key, value in change.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict):
            below = merged.get(key)
            merged[key] = merge(below if isinstance(below, dict) else {}, value)
        else:
            merged[key] = value
    return merged
