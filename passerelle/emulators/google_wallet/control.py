"""`/_control/…`: how tests and the demo register accounts, ask for faults and look inside."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final, cast, get_args

from passerelle.emulators.google_wallet.callbacks import Mode
from passerelle.emulators.google_wallet.errors import ApiError, invalid
from passerelle.emulators.google_wallet.faults import read_fault

if TYPE_CHECKING:
    from passerelle.emulators.google_wallet.emulator import GoogleWalletEmulator

Json = dict[str, Any]
_OUTCOMES: Final = ("APPROVED", "REJECTED", "UNDER_REVIEW")


async def run(google: "GoogleWalletEmulator", method: str, what: str, body: Json) -> Json:
    """Carry out one control request.

    Raises:
        ApiError: 400 for a body that does not fit, 404 for an unknown control.
    """
    found = _CONTROLS.get((method, what))
    if found is None:
        known = ", ".join(f"{verb} {name}" for verb, name in _CONTROLS)
        raise ApiError(404, "notFound", f"No such control; known are {known}.")
    return await found(google, body)


def _text(body: Json, field: str) -> str:
    value = body.get(field)
    if not isinstance(value, str) or not value:
        raise invalid(f"{field} must be a non-empty string.")
    return value


def _count(body: Json, field: str, default: int) -> int:
    value = body.get(field, default)
    if not isinstance(value, int) or not 1 <= value <= 100:
        raise invalid(f"{field} must be 1 to 100.")
    return value


async def _state(google: "GoogleWalletEmulator", _: Json) -> Json:
    return {
        "classes": list(google.state.classes),
        "objects": list(google.state.objects),
        "saved": list(google.state.saved),
        "notifications": [asdict(shown) for shown in google.state.notifications],
        "callbacks": [asdict(sent) for sent in google.callbacks.log],
        "faults": [asdict(fault) for fault in google.faults.active],
    }


async def _add_fault(google: "GoogleWalletEmulator", body: Json) -> Json:
    google.faults.add(read_fault(body))
    return {"faults": len(google.faults.active)}


async def _clear_faults(google: "GoogleWalletEmulator", _: Json) -> Json:
    google.faults.active.clear()
    return {}


async def _callbacks(google: "GoogleWalletEmulator", body: Json) -> Json:
    mode = body.get("mode")
    if mode not in get_args(Mode):
        raise invalid(f"mode must be one of {', '.join(get_args(Mode))}.")
    google.callbacks.modes.extend([cast("Mode", mode)] * _count(body, "times", 1))
    return {"planned": list(google.callbacks.modes)}


async def _register(google: "GoogleWalletEmulator", body: Json) -> Json:
    issuer = _text(body, "issuerId")
    if not issuer.isdecimal() or len(issuer) > 19:
        raise invalid("issuerId must be a decimal number.")
    email = _text(body, "email")
    if "publicKeyPem" not in body:
        return google.create_service_account(email, int(issuer))
    try:
        google.register_service_account(email, _text(body, "publicKeyPem"), int(issuer))
    except ValueError as error:
        raise invalid("publicKeyPem must be an RSA public key in PEM form.") from error
    return {}


async def _save(google: "GoogleWalletEmulator", body: Json) -> Json:
    return {"saved": await google.save(_text(body, "jwt"))}


async def _remove(google: "GoogleWalletEmulator", body: Json) -> Json:
    return {"removed": await google.remove(_text(body, "objectId"))}


async def _review(google: "GoogleWalletEmulator", body: Json) -> Json:
    outcome = body.get("outcome")
    if outcome not in _OUTCOMES:
        raise invalid(f"outcome must be one of {', '.join(_OUTCOMES)}.")
    google.state.review_outcome = outcome
    return {"outcome": outcome}


async def _expire_tokens(google: "GoogleWalletEmulator", _: Json) -> Json:
    expired = len(google.state.tokens)
    google.state.tokens.clear()
    return {"expired": expired}


async def _wipe_notifications(google: "GoogleWalletEmulator", _: Json) -> Json:
    google.wipe_notifications()
    return {}


async def _limits(google: "GoogleWalletEmulator", body: Json) -> Json:
    wanted = body.get("requestsPerSecond")
    if not isinstance(wanted, int) or not 1 <= wanted <= 1_000_000:
        raise invalid("requestsPerSecond must be a positive integer.")
    google.state.requests_per_second = wanted
    return {"requestsPerSecond": wanted}


_Control = Callable[["GoogleWalletEmulator", Json], Awaitable[Json]]
_CONTROLS: Final[dict[tuple[str, str], _Control]] = {
    ("GET", "state"): _state,
    ("POST", "faults"): _add_fault,
    ("DELETE", "faults"): _clear_faults,
    ("POST", "callbacks"): _callbacks,
    ("POST", "service-accounts"): _register,
    ("POST", "save"): _save,
    ("POST", "remove"): _remove,
    ("POST", "review"): _review,
    ("POST", "limits"): _limits,
    ("DELETE", "tokens"): _expire_tokens,
    ("DELETE", "notifications"): _wipe_notifications,
}
