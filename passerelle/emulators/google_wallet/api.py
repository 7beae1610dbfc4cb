"""The REST surface: from a method, a path and a body to one verb and its JSON, the same alone or in a batch."""

import json
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from passerelle.emulators.google_wallet import issuers, resources, saving
from passerelle.emulators.google_wallet.accounts import authenticate, count_request
from passerelle.emulators.google_wallet.discovery import KINDS, Json, ResourceKind
from passerelle.emulators.google_wallet.errors import ApiError
from passerelle.emulators.google_wallet.state import Account, WalletState
from passerelle.emulators.google_wallet.validation import check_shape

PREFIX: Final = "/walletobjects/v1/"
_LINKED_OFFERS: Final = frozenset({"loyaltyObject", "eventTicketObject"})
_ROTATING_VALUES: Final = frozenset({"downloadRotatingBarcodeValues", "uploadRotatingBarcodeValues"})


def answer(
    state: WalletState, base_url: str, method: str, target: str, authorization: str, body: bytes
) -> tuple[int, Json]:
    """Status and JSON for one call."""
    try:
        account = authenticate(state, authorization)
        count_request(state, account)
        return 200, _route(state, base_url, account, method, target, body)
    except ApiError as error:
        return error.code, error.body()


def _route(state: WalletState, base_url: str, account: Account, method: str, target: str, body: bytes) -> Json:
    parts = urlsplit(target)
    if not parts.path.startswith(PREFIX):
        raise _no_method(method, parts.path)
    path = [unquote(segment) for segment in parts.path.removeprefix(PREFIX).split("/")]
    content = _content(body) if method in {"POST", "PUT", "PATCH"} else None
    kind = KINDS.get(path[0])
    if kind is not None:
        found = _resource(state, account, kind, method, path[1:], dict(parse_qsl(parts.query)), content)
    else:
        found = _other(state, base_url, account, method, path, content)
    if found is None:
        raise _no_method(method, parts.path)
    return found


def _no_method(method: str, path: str) -> ApiError:
    return ApiError(404, "notFound", f"Method not found: {method} {path[:200]}", domain="global")


def _content(body: bytes) -> Any:
    try:
        return json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:
        raise ApiError(
            400, "parseError", "Invalid JSON payload received. Unable to parse it.", domain="global"
        ) from error


def _resource(
    state: WalletState,
    account: Account,
    kind: ResourceKind,
    method: str,
    rest: list[str],
    query: dict[str, str],
    body: Any,
) -> Json | None:
    match method, rest:
        case "POST", []:
            return resources.insert(state, account, kind, body)
        case "GET", []:
            return resources.listed(state, account, kind, query)
        case "GET", [resource_id]:
            return resources.get(state, account, kind, resource_id)
        case "PATCH", [resource_id]:
            return resources.patch(state, account, kind, resource_id, body)
        case "PUT", [resource_id]:
            return resources.update(state, account, kind, resource_id, body)
        case "POST", [resource_id, "addMessage"]:
            return resources.add_message(state, account, kind, resource_id, body)
        case "POST", [resource_id, "modifyLinkedOfferObjects"] if kind.path in _LINKED_OFFERS:
            return resources.modify_linked_offers(state, account, kind, resource_id, body)
        case "GET" | "POST", [_, verb] if kind.path == "transitObject" and verb in _ROTATING_VALUES:
            raise ApiError(501, "notImplemented", "Rotating barcode values are not emulated; see PARITY.md.")
    return None


def _other(
    state: WalletState, base_url: str, account: Account, method: str, path: list[str], body: Any
) -> Json | None:
    match method, path:
        case "POST", ["issuer"]:
            return issuers.insert(state, account, body)
        case "GET", ["issuer"]:
            return issuers.listed(state, account)
        case "GET", ["issuer", issuer]:
            return issuers.get(state, account, issuer)
        case "PATCH", ["issuer", issuer]:
            return issuers.patch(state, account, issuer, body)
        case "PUT", ["issuer", issuer]:
            return issuers.update(state, account, issuer, body)
        case "GET", ["permissions", issuer]:
            return issuers.get_permissions(state, account, issuer)
        case "PUT", ["permissions", issuer]:
            return issuers.update_permissions(state, account, issuer, body)
        case "POST", ["smartTap"]:
            return issuers.insert_smart_tap(state, account, body)
        case "POST", ["jwt"]:
            return saving.insert_jwt(state, account, body, base_url)
        case "POST", ["jwt", "validate"]:
            return saving.validate_jwt(state, account, body)
        case "POST", ["privateContent", "setPassUpdateNotice"]:
            check_shape("SetPassUpdateNoticeRequest", body)
            return {}
    return None
