"""Identities in memory: an organization's own where it has them, else the server's. One ``Identities`` per process.

Keys are read and decrypted once, and looked at again after some seconds, so that every process follows a change soon.
Until then both the old and the new certificate are good, for Apple lets them overlap.
"""

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.config import Settings
from passerelle.kit.db import Tx
from passerelle.kit.log import logger
from passerelle.passes import identities
from passerelle.passes.identities import Apple, Google, Wallets
from passerelle.passes.own import queries
from passerelle.passes.own.models import OwnApple, OwnGoogle
from passerelle.passes.sharing import Shares
from passerelle.passes.wallets.apple.certificates import restore_identity
from passerelle.passes.wallets.google.credentials import DEFAULT_TOKEN_URI, ServiceAccount, load_service_account

if TYPE_CHECKING:
    from starlette.requests import Request  # the worker serves nobody, and does not load it

_log: Final = logger(__name__)
_FRESH: Final = timedelta(seconds=20)
_KEPT: Final = 1_000
APPLE: Final = "apple_identities.sealed"
GOOGLE: Final = "google_identities.sealed"


@dataclass(slots=True)
class _Own:
    """What one organization has of its own, and of when each of it is."""

    read_at: datetime
    in_use: str | None = None
    apple: dict[str, tuple[datetime, Apple]] = field(default_factory=dict)
    google: tuple[datetime, Google] | None = None


class Identities:
    """Who signs for whom in this process; ``server`` is what the settings give."""

    def __init__(self, settings: Settings, server: Wallets, *, shares: Shares | None = None) -> None:
        self.server = server
        self._settings = settings
        self._shares = shares
        self._held: OrderedDict[UUID, _Own] = OrderedDict()

    async def of(self, tx: Tx) -> Wallets:
        """What new cards of this transaction's organization are made with.

        An own certificate that ran out is not replaced by the server's: the merchant is told, and renews it.
        """
        own = await self._own(tx)
        wallets = self.server
        if own.in_use is not None:
            wallets = replace(wallets, apple_or_none=_good(own.apple[own.in_use][1]))
        if own.google is not None:
            wallets = replace(wallets, google_or_none=own.google[1])
        return wallets

    async def apple_of(self, tx: Tx, pass_type: str) -> Apple | None:
        """What signs cards that carry this pass type: a card keeps its own for ever. None for a foreign one."""
        own = await self._own(tx)
        return _good(own.apple[pass_type][1]) if pass_type in own.apple else self._server_apple(pass_type)

    def known_apple(self, organization_id: UUID, pass_type: str) -> Apple | None:
        """The same where it is known without a question to the database; None also when it must be asked."""
        known = self._held.get(organization_id)
        if known is None or not _is_fresh(known):
            return None
        if pass_type in known.apple:
            return _good(known.apple[pass_type][1])
        return self._server_apple(pass_type)

    def forget(self, organization_id: UUID) -> None:
        """Look again at the next question: something was stored."""
        if organization_id in self._held:
            self._held[organization_id].read_at = datetime.min.replace(tzinfo=clock.now().tzinfo)

    async def close(self) -> None:
        """End what is under way to Google for organizations; the server's own is its owner's to close."""
        for own in self._held.values():
            await _close(own)
        self._held.clear()

    def _server_apple(self, pass_type: str) -> Apple | None:
        server = self.server.apple_or_none
        return server if server is not None and server.identity.pass_type_identifier == pass_type else None

    async def _own(self, tx: Tx) -> _Own:
        known = self._held.get(tx.organization_id)
        if known is None or not _is_fresh(known):
            known = await self._read(tx, known or _Own(clock.now()))
            self._held[tx.organization_id] = known
        self._held.move_to_end(tx.organization_id)
        if len(self._held) > _KEPT:
            await _close(self._held.popitem(last=False)[1])
        return known

    async def _read(self, tx: Tx, before: _Own) -> _Own:
        """The newest state; what has not changed is kept as it is, with its connections."""
        now = _Own(clock.now(), google=before.google)
        for row in await queries.list_apple(tx):
            held = before.apple.get(row.pass_type_identifier)
            now.apple[row.pass_type_identifier] = (
                held if held is not None and held[0] == row.stored_at else (row.stored_at, await self._apple(tx, row))
            )
            if row.in_use:
                now.in_use = row.pass_type_identifier
        stored = await queries.find_google(tx)
        if before.google is not None and (stored is None or stored.stored_at != before.google[0]):
            await _close(before)
            now.google = None
        if stored is not None and now.google is None:
            now.google = (stored.stored_at, await self._google(tx, stored))
        return now

    async def _apple(self, tx: Tx, row: OwnApple) -> Apple:
        pem = (await tx.vault.keys(tx)).decrypt(row.sealed, APPLE)
        identity = restore_identity(pem.encode())
        return Apple(identity, identity.signer(), self._settings.url("/wallet/apple"))

    async def _google(self, tx: Tx, row: OwnGoogle) -> Google:
        document = (await tx.vault.keys(tx)).decrypt(row.sealed, GOOGLE)
        account = read_account(document, self._settings)
        return identities.google_with(self._settings, account, row.issuer_id, self._shares)


def read_account(document: str, settings: Settings) -> ServiceAccount:
    """The account of an uploaded file; raises GoogleAccountRefused.

    Tokens are asked for at Google's address or the one of the settings, never at one that the file names: a file must
    not choose whom this server calls.
    """
    return load_service_account(document, token_uri=token_address(settings))


def token_address(settings: Settings) -> str:
    """Where access tokens are asked for."""
    return str(settings.google_token_url) if settings.google_token_url else DEFAULT_TOKEN_URI


def _good(apple: Apple) -> Apple | None:
    """The identity while its certificate is valid: Wallet refuses cards that another one signed."""
    return apple if clock.now() < apple.identity.expires_at else None


def _is_fresh(own: _Own) -> bool:
    return timedelta(0) <= clock.now() - own.read_at < _FRESH


async def _close(own: _Own) -> None:
    if own.google is not None:
        google = own.google[1]
        await google.queue.aclose()
        await google.http.aclose()


def identities_of(request: "Request") -> Identities:
    """Who signs for whom in this process, for routes."""
    found: Identities = request.app.state.identities
    return found
