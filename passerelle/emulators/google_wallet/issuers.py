"""Issuer accounts, their permissions, and Smart Tap."""

from typing import Any, Final, cast

from passerelle.emulators.google_wallet.accounts import check_access
from passerelle.emulators.google_wallet.discovery import Json
from passerelle.emulators.google_wallet.errors import ApiError, invalid, permission_denied
from passerelle.emulators.google_wallet.state import Account, Role, WalletState
from passerelle.emulators.google_wallet.validation import check_callback, check_shape, merge

_MAX_ISSUERS: Final = 1_000


def _issuer_id(text: str) -> int:
    if not text.isdecimal() or len(text) > 19:
        raise invalid(f"Invalid resource ID: {text[:200]}.")
    return int(text)


def _fetch(state: WalletState, account: Account, text: str, *, write: bool) -> Json:
    issuer_id = _issuer_id(text)
    check_access(state, account, issuer_id, write=write)
    return state.issuers[issuer_id]


def get(state: WalletState, account: Account, issuer: str) -> Json:
    return _fetch(state, account, issuer, write=False)


def listed(state: WalletState, account: Account) -> Json:
    """The issuers this account has any role at."""
    mine = [key for key, roles in state.permissions.items() if account.email in roles]
    return {"resources": [state.issuers[key] for key in mine]}


def insert(state: WalletState, account: Account, body: Any) -> Json:
    """A new issuer owned by the caller; its id is generated, whatever the body says."""
    checked = check_shape("Issuer", body)
    if not checked.get("name"):
        raise invalid("Missing required field: name.")
    if len(state.issuers) >= _MAX_ISSUERS:
        raise ApiError(503, "backendError", "The emulator holds as many issuers as it may.")
    check_callback(checked)
    checked.pop("issuerId", None)
    return state.add_issuer(account.email, checked)


def update(state: WalletState, account: Account, issuer: str, body: Any) -> Json:
    _fetch(state, account, issuer, write=True)
    return _store(state, issuer, body)


def patch(state: WalletState, account: Account, issuer: str, body: Any) -> Json:
    before = _fetch(state, account, issuer, write=True)
    check_shape("Issuer", body, partial=True)
    return _store(state, issuer, merge(before, body))


def _store(state: WalletState, issuer: str, body: Any) -> Json:
    checked = check_shape("Issuer", body)
    if checked.setdefault("issuerId", issuer) != issuer:
        raise invalid("issuerId differs from the one in the path.")
    check_callback(checked)
    state.issuers[int(issuer)] = checked
    return checked


def get_permissions(state: WalletState, account: Account, issuer: str) -> Json:
    _fetch(state, account, issuer, write=False)
    roles = state.permissions[int(issuer)]
    return {
        "issuerId": issuer,
        "permissions": [{"emailAddress": email, "role": role} for email, role in roles.items()],
    }


def update_permissions(state: WalletState, account: Account, issuer: str, body: Any) -> Json:
    """Replace the whole list; only an owner may, and one owner must stay."""
    _fetch(state, account, issuer, write=True)
    if state.permissions[int(issuer)][account.email] != "OWNER":
        raise permission_denied()
    checked = check_shape("Permissions", body)
    roles: dict[str, Role] = {}
    for entry in checked.get("permissions", ()):
        email, role = entry.get("emailAddress", ""), entry.get("role", "")
        if "@" not in email or role not in {"OWNER", "WRITER", "READER"}:
            raise invalid("Every permission needs an emailAddress and a role: OWNER, WRITER or READER.")
        roles[email] = cast("Role", role)
    if "OWNER" not in roles.values():
        raise invalid("At least one OWNER must remain.")
    state.permissions[int(issuer)] = roles
    return get_permissions(state, account, issuer) if account.email in roles else checked


def insert_smart_tap(state: WalletState, account: Account, body: Any) -> Json:
    """Accept a Smart Tap message; nothing on the emulated phone shows it."""
    checked = check_shape("SmartTap", body)
    # the identifier is Base64 and so wider than that of other resources
    check_access(state, account, _issuer_id(checked.get("id", "").partition(".")[0]), write=True)
    return {"kind": "walletobjects#smartTap", **checked}
