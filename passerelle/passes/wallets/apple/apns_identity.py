"""How the product proves to APNs who it is: the pass certificate itself, or a provider token.

Both are accepted for passes (the certificate is documented; the token is what several open-source servers
run with). Neither is ever written to a file, logged or shown by ``repr``.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from passerelle.kit import clock

# Apple: renew "no more than once every 20 minutes and no less than once every 60 minutes"
# (Establishing a token-based connection to APNs).
RENEW_AFTER_SECONDS: Final = 50 * 60
_FORCED_RENEWAL: Final = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class ApnsCertificate:
    """The Pass Type ID certificate and its unencrypted private key."""

    cert_pem: bytes
    key_pem: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ApnsToken:
    """A team's APNs signing key: the downloaded ``.p8`` file and the two ids shown beside it."""

    key_id: str
    team_id: str
    p8_pem: bytes = field(repr=False)


def certificate_ends(identity: ApnsCertificate) -> datetime:
    """Until when the certificate is good; ValueError when it cannot be read or the key is another's."""
    certificate = x509.load_pem_x509_certificate(identity.cert_pem)
    key = load_pem_private_key(identity.key_pem, None)
    if not hasattr(key, "public_key") or key.public_key() != certificate.public_key():
        raise ValueError("The private key does not belong to the pass certificate.")
    return certificate.not_valid_after_utc


class ProviderToken:
    """The provider token in use; makes the next one when Apple's rule asks for it."""

    def __init__(self, identity: ApnsToken) -> None:
        self._identity = identity
        from joserfc.jwk import ECKey  # noqa: PLC0415  1 MB for who signs tokens

        self._key = ECKey.import_key(identity.p8_pem.decode())
        self._issued_at = 0.0
        self._text = ""
        self._forced_at: datetime | None = None

    def header(self) -> str:
        """The ``authorization`` header line, renewed when the token is old or the clock was set back."""
        age_seconds = clock.now().timestamp() - self._issued_at
        if not 0 <= age_seconds < RENEW_AFTER_SECONDS:
            self._renew()
        return self._text

    def renew_after_refusal(self, refused: str) -> bool:
        """Replace the token that APNs called expired; whether sending again makes sense.

        At most once in 20 minutes: a second refusal means that this machine's clock is wrong, and more tokens
        would only be answered with TooManyProviderTokenUpdates.
        """
        if self._text != refused:
            return True  # replaced already, for another push of the same batch
        now = clock.now()
        if self._forced_at is not None and now - self._forced_at < _FORCED_RENEWAL:
            return False
        self._forced_at = now
        self._renew()
        return True

    def _renew(self) -> None:
        from joserfc import jwt  # noqa: PLC0415

        self._issued_at = clock.now().timestamp()
        header = {"alg": "ES256", "kid": self._identity.key_id}
        claims = {"iss": self._identity.team_id, "iat": int(self._issued_at)}
        self._text = f"authorization: bearer {jwt.encode(header, claims, self._key)}"
