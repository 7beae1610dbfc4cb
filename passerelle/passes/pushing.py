"""The way to APNs for this server's identity. Only the worker pushes, so only it loads libcurl."""

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from passerelle.kit.config import Settings
from passerelle.passes.identities import Apple, WalletIdentityUnusable, read_file
from passerelle.passes.wallets.apple.apns import ApnsCertificate, ApnsClient, ApnsToken


def apns_client(settings: Settings, apple: Apple) -> ApnsClient:
    """The push client of the identity: with the p8 key when one is given, else with the pass certificate itself."""
    return ApnsClient(str(settings.apns_url), _apns_identity(settings, apple), ca_file=settings.apns_ca_file)


def _apns_identity(settings: Settings, apple: Apple) -> ApnsCertificate | ApnsToken:
    identity = apple.identity
    if settings.apns_key is not None:
        if not settings.apns_key_id:
            raise WalletIdentityUnusable("PASSERELLE_APNS_KEY needs PASSERELLE_APNS_KEY_ID, the id shown beside it.")
        return ApnsToken(settings.apns_key_id, identity.team_identifier, read_file(settings.apns_key))
    return ApnsCertificate(
        identity.certificate.public_bytes(Encoding.PEM) + identity.intermediate.public_bytes(Encoding.PEM),
        identity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    )
