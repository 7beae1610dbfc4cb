"""The REST surface: from a method, a path and a body to one verb and its JSON, the same alone or in a batch."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from passerelle.emulators.google_wallet import issuers, resources, saving
from passerelle.emulators.google_wallet.accounts import authenticate, count_request
from passerelle.emulators.google_wallet.discovery import KINDS, Json
from passerelle.emulators.google_wallet.errors import ApiError
from passerelle.emulators.google_wallet.state import Account, WalletState
from passerelle.emulators.google_wallet.validation import check_shape

PREFIX: Final = "/walletobjects/v1/"


@dataclass(frozen=True)
class Call:
    """A call as it came in. `path` is what follows the version, split at slashes and decoded."""

    method: str
    path: tuple[str, ...]
    query: dict[str, str]
    content: bytes

    @property
    def body(self) -> Any:
        """Raises: ApiError: 400 when the content is not JSON."""
        try:
            return read_json(self.content or b"{}")
        except (ValueError, RecursionError) as error:
            raise ApiError(
                400, "parseError", "Invalid JSON payload received. Unable to parse it.", domain="global"
            ) from error


def read_json(content: bytes) -> Any:
    """Strict JSON, of which every part can be written again.

    Raises:
        ValueError: no JSON, or NaN, infinite numbers, half surrogate pairs.
        RecursionError: nested too deeply.
    """
    value = json.loads(content, parse_constant=_finite, parse_float=_finite)
    if b"\\u" in content:
        json.dumps(value, ensure_ascii=False).encode()
    return value


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def read_call(method: str, target: str, content: bytes) -> Call:
    """The call behind a request target.

    Raises:
        ApiError: 404 for a path outside the API.
    """
    parts = urlsplit(target)
    if not parts.path.startswith(PREFIX):
        raise _no_method(method, parts.path)
    path = tuple(unquote(segment) for segment in parts.path.removeprefix(PREFIX).split("/"))
    return Call(method, path, dict(parse_qsl(parts.query)), content)


def answer(state: WalletState, base_url: str, authorization: str, call: Call) -> Json:
    """The JSON of one call.

    Raises:
        ApiError: it is refused.
    """
    account = authenticate(state, authorization)
    count_request(state, account)
    context = Context(state, base_url, account, call)
    verb = _RESOURCE_VERBS.get(_shape(call)) if call.path[0] in KINDS else _OTHER_VERBS.get(_named(call))
    found = verb(context) if verb is not None else None
    if found is None:
        raise _no_method(call.method, "/".join(call.path))
    return found


@dataclass(frozen=True)
class Context:
    """What a verb works with: the store, the caller and the call."""

    state: WalletState
    base_url: str
    account: Account
    call: Call

    @property
    def id(self) -> str:
        return self.call.path[1]


def _shape(call: Call) -> tuple[str, str]:
    return call.method, "/".join(("{id}", *call.path[2:])) if len(call.path) > 1 else ""


def _named(call: Call) -> tuple[str, str]:
    first, *rest = call.path
    return call.method, f"{first}/{{id}}" if first in {"issuer", "permissions"} and rest else "/".join(call.path)


def _no_method(method: str, path: str) -> ApiError:
    return ApiError(404, "notFound", f"Method not found: {method} {path[:200]}", domain="global")


_ResourceVerb = Callable[..., Json]


def _on_collection(verb: _ResourceVerb) -> "_Verb":
    return lambda at: verb(at.state, at.account, KINDS[at.call.path[0]], at.call.body)


def _on_resource(verb: _ResourceVerb) -> "_Verb":
    return lambda at: verb(at.state, at.account, KINDS[at.call.path[0]], at.id, at.call.body)


def _list(at: Context) -> Json:
    return resources.listed(at.state, at.account, KINDS[at.call.path[0]], at.call.query)


def _get(at: Context) -> Json:
    return resources.get(at.state, at.account, KINDS[at.call.path[0]], at.id)


def _modify_linked_offers(at: Context) -> Json | None:
    if at.call.path[0] not in {"loyaltyObject", "eventTicketObject"}:
        return None
    return _on_resource(resources.modify_linked_offers)(at)


def _rotating_values(at: Context) -> Json | None:
    if at.call.path[0] != "transitObject":
        return None
    raise ApiError(501, "notImplemented", "Rotating barcode values are not emulated; see PARITY.md.")


def _set_pass_update_notice(at: Context) -> Json:
    check_shape("SetPassUpdateNoticeRequest", at.call.body)
    return {}


_Verb = Callable[[Context], Json | None]
_RESOURCE_VERBS: Final[dict[tuple[str, str], _Verb]] = {
    ("POST", ""): _on_collection(resources.insert),
    ("GET", ""): _list,
    ("GET", "{id}"): _get,
    ("PATCH", "{id}"): _on_resource(resources.patch),
    ("PUT", "{id}"): _on_resource(resources.update),
    ("POST", "{id}/addMessage"): _on_resource(resources.add_message),
    ("POST", "{id}/modifyLinkedOfferObjects"): _modify_linked_offers,
    ("GET", "{id}/downloadRotatingBarcodeValues"): _rotating_values,
    ("POST", "{id}/uploadRotatingBarcodeValues"): _rotating_values,
}
_OTHER_VERBS: Final[dict[tuple[str, str], _Verb]] = {
    ("POST", "issuer"): lambda at: issuers.insert(at.state, at.account, at.call.body),
    ("GET", "issuer"): lambda at: issuers.listed(at.state, at.account),
    ("GET", "issuer/{id}"): lambda at: issuers.get(at.state, at.account, at.id),
    ("PATCH", "issuer/{id}"): lambda at: issuers.patch(at.state, at.account, at.id, at.call.body),
    ("PUT", "issuer/{id}"): lambda at: issuers.update(at.state, at.account, at.id, at.call.body),
    ("GET", "permissions/{id}"): lambda at: issuers.get_permissions(at.state, at.account, at.id),
    ("PUT", "permissions/{id}"): lambda at: issuers.update_permissions(at.state, at.account, at.id, at.call.body),
    ("POST", "smartTap"): lambda at: issuers.insert_smart_tap(at.state, at.account, at.call.body),
    ("POST", "jwt"): lambda at: saving.insert_jwt(at.state, at.account, at.call.body, at.base_url),
    ("POST", "jwt/validate"): lambda at: saving.validate_jwt(at.state, at.account, at.call.body),
    ("POST", "privateContent/setPassUpdateNotice"): _set_pass_update_notice,
}
