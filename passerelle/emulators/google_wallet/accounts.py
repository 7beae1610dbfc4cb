"""Service accounts, access tokens and what each account may touch."""

import base64
import json
import secrets
from typing import Final
from urllib.parse import parse_qs

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from passerelle.emulators.google_wallet.discovery import Json
from passerelle.emulators.google_wallet.errors import (
    ApiError,
    permission_denied,
    rate_limited,
    unauthenticated,
)
from passerelle.emulators.google_wallet.state import MAX_TOKENS, Account, Token, WalletState

SCOPE: Final = "https://www.googleapis.com/auth/wallet_object.issuer"
TOKEN_TTL_SECONDS: Final = 3_600
_GRANT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_CLOCK_SKEW_SECONDS: Final = 300
_GOOGLE_TOKEN_URI: Final = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address, not a secret


class GrantRefused(Exception):
    """An OAuth error answer (RFC 6749 section 5.2)."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


def register(state: WalletState, email: str, public_key_pem: str, issuer_id: int) -> None:
    """Make a service account known, as the owner of an issuer that is created when missing."""
    state.accounts[email] = Account(email, RSAKey.import_key(public_key_pem), issuer_id)
    if issuer_id not in state.issuers:
        state.add_issuer(email, {"issuerId": str(issuer_id), "name": f"Issuer {issuer_id}"})
    state.permissions[issuer_id][email] = "OWNER"


def key_pair() -> tuple[str, str]:
    """A fresh RSA key as (private PEM, public PEM)."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private_pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public_pem = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private_pem.decode(), public_pem.decode()


def service_account_info(email: str, private_key_pem: str, base_url: str) -> Json:
    """The JSON file Google's console hands out, with its addresses pointing at the emulator."""
    return {
        "type": "service_account",
        "project_id": email.partition("@")[2].partition(".")[0] or "emulated",
        "private_key_id": secrets.token_hex(20),
        "private_key": private_key_pem,
        "client_email": email,
        "client_id": str(10**20 + secrets.randbelow(10**20)),
        "auth_uri": f"{base_url}/o/oauth2/auth",
        "token_uri": f"{base_url}/token",
        "universe_domain": "googleapis.com",
    }


def grant_token(state: WalletState, form: bytes, token_uri: str) -> Json:
    """Answer a JWT bearer grant (RFC 7523).

    Raises:
        GrantRefused: the assertion is not one Google would accept.
    """
    fields = parse_qs(form.decode("utf-8", "replace"))
    if fields.get("grant_type") != [_GRANT]:
        raise GrantRefused("unsupported_grant_type", f"Invalid grant_type: use {_GRANT}.")
    email, claims = _read_assertion(state, fields.get("assertion", [""])[0])
    now = state.clock()
    if claims.get("aud") not in {token_uri, _GOOGLE_TOKEN_URI}:
        raise GrantRefused("invalid_grant", f"Invalid JWT: aud must be {token_uri}.")
    issued_at, expires_at = claims.get("iat"), claims.get("exp")
    if not isinstance(issued_at, int | float) or not isinstance(expires_at, int | float):
        raise GrantRefused("invalid_grant", "Invalid JWT: iat and exp are required.")
    late = expires_at < now - _CLOCK_SKEW_SECONDS or issued_at > now + _CLOCK_SKEW_SECONDS
    if late or expires_at - issued_at > TOKEN_TTL_SECONDS:
        raise GrantRefused(
            "invalid_grant",
            "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.",
        )
    scopes = frozenset(str(claims.get("scope", "")).split())
    if not scopes:
        raise GrantRefused("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
    token = "ya29." + secrets.token_urlsafe(32)
    state.tokens[token] = Token(email, now + TOKEN_TTL_SECONDS, scopes)
    while len(state.tokens) > MAX_TOKENS:
        state.tokens.popitem(last=False)
    return {"access_token": token, "expires_in": TOKEN_TTL_SECONDS, "token_type": "Bearer"}


def _read_assertion(state: WalletState, assertion: str) -> tuple[str, Json]:
    email = unverified_issuer(assertion)
    account = state.accounts.get(email)
    if account is None:
        raise GrantRefused("invalid_grant", "Invalid grant: account not found")
    try:
        return email, dict(jwt.decode(assertion, account.public_key, algorithms=["RS256"]).claims)
    except (JoseError, ValueError) as error:
        raise GrantRefused("invalid_grant", "Invalid JWT Signature.") from error


def unverified_issuer(token: str) -> str:
    """The `iss` a JWT claims, to find the key that must then verify it; empty when unreadable."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        issuer = claims["iss"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""
    return issuer if isinstance(issuer, str) else ""


def authenticate(state: WalletState, authorization: str) -> Account:
    """The account behind an `Authorization` header.

    Raises:
        ApiError: 401 for a missing, unknown or expired token, 403 for one without the Wallet scope.
    """
    scheme, _, value = authorization.partition(" ")
    token = state.tokens.get(value.strip()) if scheme.lower() == "bearer" else None
    if token is None or token.expires_at <= state.clock():
        raise unauthenticated()
    if SCOPE not in token.scopes:
        raise ApiError(
            403,
            "insufficientPermissions",
            "Request had insufficient authentication scopes.",
            domain="global",
        )
    return state.accounts[token.email]


def count_request(state: WalletState, account: Account) -> None:
    """Raises: ApiError: 429 above the published rate of requests a second per issuer."""
    if not state.take_request(str(account.issuer_id)):
        raise rate_limited()


def check_access(state: WalletState, account: Account, issuer_id: int, *, write: bool) -> None:
    """Raises: ApiError: 403 when the account has no role, or only reads, at that issuer."""
    role = state.permissions.get(issuer_id, {}).get(account.email)
    if role is None or (write and role == "READER"):
        raise permission_denied()
