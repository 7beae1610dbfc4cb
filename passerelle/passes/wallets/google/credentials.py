"""The service account: read from Google's JSON key file, checked, and kept as a key that signs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import orjson
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from passerelle.passes.wallets.google import names
from passerelle.passes.wallets.google.errors import (
    AccountEmailMissing,
    AccountKeyUnreadable,
    AccountKeyUnsuitable,
    AccountTokenUriRefused,
    AccountUnreadable,
    AccountWrongType,
    GoogleAccountRefused,
    IssuerIdRefused,
)

if TYPE_CHECKING:  # loaded with the first account: 1 MB
    from joserfc.jwk import RSAKey

DEFAULT_TOKEN_URI: Final = "https://oauth2.googleapis.com/token"  # noqa: S105  an address, not a secret
_DOCUMENT_BYTES: Final = 32_768
_KEY_BITS: Final = range(2048, 8193)


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """An account that signs: for save links and for OAuth assertions. Its repr does not show the key."""

    client_email: str
    key_id: str | None
    token_uri: str
    _key: "RSAKey" = field(repr=False, compare=False)
    _signature_characters: int = field(repr=False)

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A compact RS256 JWT (RFC 7515) of the claims."""
        return self.sign_bytes(orjson.dumps(claims))

    def sign_bytes(self, claims: bytes) -> str:
        """A compact RS256 JWT of claims that are JSON already."""
        from joserfc import jws  # noqa: PLC0415

        return jws.serialize_compact(self._header(), claims, self._key)

    def signed_characters(self, claims: bytes) -> int:
        """The length that ``sign_bytes`` would give, known without the costly signature."""
        header = orjson.dumps(self._header())
        return _base64_characters(len(header)) + _base64_characters(len(claims)) + self._signature_characters + 2

    def _header(self) -> dict[str, Any]:
        header = {"alg": "RS256", "typ": "JWT"}
        return {**header, "kid": self.key_id} if self.key_id else header


def load_service_account(document: str | bytes, *, token_uri: str | None = None) -> ServiceAccount:
    """The account of a JSON key file; raises the first GoogleAccountRefused that stands in the way.

    ``token_uri`` replaces the one in the document. Give it wherever the document comes from a tenant, so that
    an upload cannot choose which host this server calls.
    """
    from joserfc.jwk import RSAKey  # noqa: PLC0415

    fields = _fields(document)
    for problem in _problems(fields, token_uri):
        raise problem
    key = _private_key(fields)
    email, key_id = fields["client_email"], fields.get("private_key_id")
    return ServiceAccount(
        client_email=email,
        key_id=key_id if isinstance(key_id, str) and key_id else None,
        token_uri=token_uri or fields.get("token_uri") or DEFAULT_TOKEN_URI,
        _key=RSAKey.import_key(key),
        _signature_characters=_base64_characters(key.key_size // 8),
    )


def credential_findings(
    document: str | bytes, issuer: str | None, *, token_uri: str | None = None
) -> list[GoogleAccountRefused]:
    """Everything that is wrong with an account and its issuer id, for ``doctor``; empty when all is well."""
    findings: list[GoogleAccountRefused] = []
    try:
        findings.extend(_problems(_fields(document), token_uri))
    except AccountUnreadable as unreadable:
        findings.append(unreadable)
    try:
        names.issuer_id(issuer or "")
    except IssuerIdRefused as refused:
        findings.append(refused)
    return findings


def _fields(document: str | bytes) -> dict[str, Any]:
    try:
        fields = orjson.loads(document) if len(document) <= _DOCUMENT_BYTES else None
    except orjson.JSONDecodeError:
        fields = None
    if not isinstance(fields, dict):
        raise AccountUnreadable from None
    return fields


def _problems(fields: dict[str, Any], token_uri: str | None) -> Iterator[GoogleAccountRefused]:
    if fields.get("type") != "service_account":
        yield AccountWrongType()
    email = fields.get("client_email")
    if not isinstance(email, str) or not 3 <= len(email) <= 254 or "@" not in email[1:-1]:
        yield AccountEmailMissing()
    try:
        bits = _private_key(fields).key_size
    except AccountKeyUnreadable as unreadable:
        yield unreadable
    else:
        if bits not in _KEY_BITS:
            yield AccountKeyUnsuitable(bits=bits)
    if not _is_token_uri(token_uri or fields.get("token_uri") or DEFAULT_TOKEN_URI):
        yield AccountTokenUriRefused()


def _private_key(fields: dict[str, Any]) -> RSAPrivateKey:
    pem = fields.get("private_key")
    try:
        key = load_pem_private_key(pem.encode(), password=None) if isinstance(pem, str) else None
    except Exception:  # noqa: BLE001  OpenSSL's many errors may quote the input: none of them must get out
        key = None
    if not isinstance(key, RSAPrivateKey):
        raise AccountKeyUnreadable from None
    return key


def _is_token_uri(value: object) -> bool:
    """Https anywhere; plain http on this very machine only, where emulators run."""
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
        if parts is None or not parts.hostname or parts.username is not None or parts.fragment:
            return False
        return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname))
    except ValueError:
        return False


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _base64_characters(count: int) -> int:
    """Characters of unpadded base64url for that many bytes."""
    return -(-count * 4 // 3)
