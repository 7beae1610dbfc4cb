"""This server's identities at Apple and Google, read from the settings once per process.

They are the server's, shared by the organizations that have none of their own (``own``); cards stay apart by their
serial numbers.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from cryptography import x509

from passerelle.kit import http
from passerelle.kit.config import Settings
from passerelle.kit.errors import Refusal
from passerelle.kit.log import logger
from passerelle.passes.errors import AppleNotConfigured, GoogleNotConfigured
from passerelle.passes.sharing import Shares
from passerelle.passes.wallets.apple.certificates import AppleIdentity, Examination, examine
from passerelle.passes.wallets.apple.signing import Signer
from passerelle.passes.wallets.google.client import GoogleWallet
from passerelle.passes.wallets.google.credentials import ServiceAccount, load_service_account
from passerelle.passes.wallets.google.names import issuer_id
from passerelle.passes.wallets.google.pacing import IssuerQueue, send_with
from passerelle.passes.wallets.google.rootkeys import RootKeys, http_fetch

if TYPE_CHECKING:
    import httpx  # see kit/http.py

T = TypeVar("T")
_log: Final = logger(__name__)

_APPLE_SERVICE: Final = "/wallet/apple"


@dataclass(frozen=True, slots=True, repr=False)
class Apple:
    """What signs passes, and where phones ask for news."""

    identity: AppleIdentity
    signer: Signer
    web_service_url: str

    @property
    def origin(self) -> str:
        """This server, as phones reach it."""
        return self.web_service_url.removesuffix(_APPLE_SERVICE)


@dataclass(frozen=True, slots=True, repr=False)
class Google:
    """The issuer, its account, and the one paced way to the API of this process."""

    issuer_id: str
    account: ServiceAccount
    wallet: GoogleWallet
    queue: IssuerQueue
    root_keys: RootKeys
    http: "httpx.AsyncClient"
    save_url: str
    callback_url: str
    image_base_url: str
    origin: str


@dataclass(frozen=True, slots=True, repr=False)
class Wallets:
    """Both, where configured."""

    apple_or_none: Apple | None
    google_or_none: Google | None

    @property
    def apple(self) -> Apple:
        """Raises AppleNotConfigured."""
        if self.apple_or_none is None:
            raise AppleNotConfigured
        return self.apple_or_none

    @property
    def google(self) -> Google:
        """Raises GoogleNotConfigured."""
        if self.google_or_none is None:
            raise GoogleNotConfigured
        return self.google_or_none

    async def close(self) -> None:
        """End what is under way to Google."""
        if self.google_or_none is not None:
            await self.google_or_none.queue.aclose()
            await self.google_or_none.http.aclose()


class WalletIdentityUnusable(RuntimeError):
    """A credential in the settings cannot be used; the message says which and what to do."""


def load(settings: Settings, *, shares: Shares | None = None) -> Wallets:
    """The identities of the settings; ``shares`` where other processes call Google, too.

    One that is given but faulty (a certificate that ran out overnight) is logged and left out: tills must go on.
    """
    return Wallets(
        _if_usable("apple", lambda: _apple(settings)), _if_usable("google", lambda: _google(settings, shares))
    )


def examine_apple(settings: Settings) -> Examination | None:
    """What the settings' Apple files come to, finding by finding; None when there are none."""
    pieces = [path for path in (settings.apple_p12, settings.apple_certificate, settings.apple_private_key) if path]
    if not pieces:
        return None
    password = settings.apple_p12_password if settings.apple_p12 else settings.apple_private_key_password
    return examine(
        [read_file(path) for path in pieces],
        password.get_secret_value() if password else None,
        trust=trust_roots(settings),
    )


def trust_roots(settings: Settings) -> Sequence[x509.Certificate]:
    """Authorities beside Apple's, for development."""
    if settings.apple_trust_roots is None:
        return ()
    return x509.load_pem_x509_certificates(read_file(settings.apple_trust_roots))


def _if_usable(wallet: str, read: Callable[[], T | None]) -> T | None:
    try:
        return read()
    except (WalletIdentityUnusable, Refusal) as fault:
        _log.error("wallet_identity_unusable", wallet=wallet, reason=str(fault), remedy="passerelle doctor")
        return None


def _apple(settings: Settings) -> Apple | None:
    examination = examine_apple(settings)
    if examination is None:
        return None
    if examination.identity is None:
        faults = [finding.sentence["en"] for finding in examination.findings if finding.severity == "error"]
        raise WalletIdentityUnusable("The Apple pass certificate cannot be used. " + " ".join(faults))
    return Apple(examination.identity, examination.identity.signer(), settings.url(_APPLE_SERVICE))


def _google(settings: Settings, shares: Shares | None) -> Google | None:
    if settings.google_service_account is None:
        return None
    token_url = str(settings.google_token_url) if settings.google_token_url else None
    account = load_service_account(read_file(settings.google_service_account), token_uri=token_url)
    return google_with(settings, account, issuer_id(settings.google_issuer_id or ""), shares)


def google_with(settings: Settings, account: ServiceAccount, issuer: str, shares: Shares | None) -> Google:
    """The way to Google for an issuer; the caller closes its queue and its client."""
    client = http.client()
    wallet = GoogleWallet(client, account, base_url=str(settings.google_api_url))
    return Google(
        issuer_id=issuer,
        account=account,
        wallet=wallet,
        queue=IssuerQueue(send_with(wallet), renew=shares.of(issuer) if shares else None),
        root_keys=RootKeys(http_fetch(client, str(settings.google_keys_url))),
        http=client,
        save_url=str(settings.google_save_url),
        callback_url=settings.url("/wallet/google/callback"),
        image_base_url=settings.url("/images"),
        origin=str(settings.base_url).rstrip("/"),
    )


def read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise WalletIdentityUnusable(f"{path} cannot be read: {fault.strerror}.") from None
