"""The ways to APNs of this process, one per certificate. Only the worker pushes, so only it loads libcurl."""

from collections.abc import Iterable
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from passerelle.kit.config import Settings
from passerelle.kit.db import Tx
from passerelle.passes.identities import Apple, WalletIdentityUnusable, read_file
from passerelle.passes.own.held import Identities
from passerelle.passes.wallets.apple.apns import ApnsCertificate, ApnsClient, ApnsToken


class Pushers:
    """Push clients by pass type: the server's, with its p8 key if it has one, and those of organizations."""

    def __init__(self, settings: Settings, identities: Identities) -> None:
        self._settings = settings
        self._identities = identities
        self._clients: dict[tuple[UUID | None, str], tuple[bytes, ApnsClient]] = {}

    async def clients(self, tx: Tx, pass_types: Iterable[str]) -> dict[str, ApnsClient]:
        """The client for each pass type of this transaction's organization that somebody can push for."""
        found = {pass_type: await self._identities.apple_of(tx, pass_type) for pass_type in set(pass_types)}
        return {
            pass_type: await self._client(tx.organization_id, apple)
            for pass_type, apple in found.items()
            if apple is not None
        }

    async def close(self) -> None:
        """Close every connection."""
        for _, client in self._clients.values():
            await client.close()
        self._clients.clear()

    async def _client(self, organization_id: UUID, apple: Apple) -> ApnsClient:
        is_servers = apple is self._identities.server.apple_or_none
        place = (None if is_servers else organization_id, apple.identity.pass_type_identifier)
        certificate = apple.identity.certificate.fingerprint(hashes.SHA256())
        known = self._clients.get(place)
        if known is not None and known[0] == certificate:
            return known[1]
        client = apns_client(self._settings, apple, by_key=is_servers)
        self._clients[place] = (certificate, client)
        if known is not None:
            await known[1].close()
        return client


def apns_client(settings: Settings, apple: Apple, *, by_key: bool = True) -> ApnsClient:
    """The push client of an identity: with the settings' p8 key when there is one, else with its certificate."""
    return ApnsClient(
        str(settings.apns_url), _apns_identity(settings, apple, by_key=by_key), ca_file=settings.apns_ca_file
    )


def _apns_identity(settings: Settings, apple: Apple, *, by_key: bool) -> ApnsCertificate | ApnsToken:
    identity = apple.identity
    if settings.apns_key is not None and by_key:
        if not settings.apns_key_id:
            raise WalletIdentityUnusable("PASSERELLE_APNS_KEY needs PASSERELLE_APNS_KEY_ID, the id shown beside it.")
        return ApnsToken(settings.apns_key_id, identity.team_identifier, read_file(settings.apns_key))
    return ApnsCertificate(
        identity.certificate.public_bytes(Encoding.PEM) + identity.intermediate.public_bytes(Encoding.PEM),
        identity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    )
