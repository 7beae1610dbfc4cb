"""Verbs of own Apple identities: ask for a certificate, examine what came, use it, leave it."""

import asyncio
from collections.abc import Sequence
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from passerelle.kit import clock
from passerelle.kit.config import Settings
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.i18n import Language
from passerelle.kit.ids import new_id
from passerelle.organizations import service as organizations
from passerelle.passes.identities import trust_roots
from passerelle.passes.own import held, queries
from passerelle.passes.own.errors import NoAppleRequest
from passerelle.passes.own.events import AppleIdentityLeft, AppleIdentityStored, AppleRequestMade
from passerelle.passes.own.models import AppleRequest, OwnApple
from passerelle.passes.own.schemas import AppleRequestOut, IdentityFinding
from passerelle.passes.wallets.apple.certificates import KEY_MISMATCH, NO_KEY, AppleIdentity, Examination, examine
from passerelle.passes.wallets.apple.findings import Finding, Rule

_KEY = "apple_requests.key"
_KEY_BITS = 2048  # Apple's portal takes RSA 2048 alone

REQUEST_MISMATCH: Final = Rule(
    "error",
    "certificate_of_another_request",
    "This certificate was not made from the signing request that waits here. Download the request again, upload it in"
    " Apple's developer portal, and give the certificate that you get then.",
    "Ce certificat ne vient pas de la demande de signature en attente ici. Téléchargez à nouveau la demande,"
    " déposez-la sur le portail développeur d'Apple et donnez le certificat obtenu.",
    "لم تصدر هذه الشهادة عن طلب التوقيع المنتظر هنا. نزّل الطلب من جديد وارفعه في بوابة مطوري Apple ثم قدّم الشهادة"
    " التي تحصل عليها.",
)


async def make_request(tx: Tx) -> AppleRequestOut:
    """Make a key, which stays here, and a signing request for Apple's portal; an older request ends."""
    name = (await organizations.get_organization(tx)).name
    key, request = await asyncio.to_thread(_key_and_request, name)
    await tx.execute(queries.FORGET_REQUESTS, tx.organization_id)
    row = AppleRequest(
        organization_id=tx.organization_id,
        id=new_id(),
        key=(await tx.vault.keys(tx)).encrypt(key, _KEY),
        request=request,
        created_at=clock.now(),
    )
    tx.session.add(row)
    await announce(tx, AppleRequestMade())
    return AppleRequestOut(request=request, made_at=row.created_at)


async def get_request(tx: Tx) -> AppleRequestOut:
    """The signing request that waits; raises NoAppleRequest."""
    row = await queries.find_request(tx)
    if row is None:
        raise NoAppleRequest
    return AppleRequestOut(request=row.request, made_at=row.created_at)


async def waiting_key(tx: Tx) -> str | None:
    """The private key of the request that waits, for the examination of its certificate."""
    row = await queries.find_request(tx)
    return None if row is None else (await tx.vault.keys(tx)).decrypt(row.key, _KEY)


async def examine_files(
    files: Sequence[bytes], password: str | None, waiting: str | None, settings: Settings
) -> Examination:
    """What uploaded files come to, tried with the key that waits, too. Slow, so no transaction should be open."""
    trust = trust_roots(settings)
    first = await asyncio.to_thread(examine, files, password, trust=trust)
    if first.identity is not None or waiting is None or not {each.code for each in first.findings} & _NEEDS_KEY:
        return first
    second = await asyncio.to_thread(examine, [*files, waiting.encode()], password, trust=trust)
    return Examination(second.identity, tuple(_of_the_request(each, first) for each in second.findings))


def _of_the_request(finding: Finding, alone: Examination) -> Finding:
    """Of a certificate that came without a key, its maker knows the request only: the sentence speaks of that."""
    came_without_key = any(each.code == NO_KEY.code for each in alone.findings)
    return REQUEST_MISMATCH.at() if came_without_key and finding.code == KEY_MISMATCH.code else finding


_NEEDS_KEY = frozenset({NO_KEY.code, KEY_MISMATCH.code})


async def use_identity(tx: Tx, identity: AppleIdentity) -> None:
    """Sign new cards with this identity from now on; cards given out keep their pass type."""
    await tx.execute(queries.LEAVE_APPLE, tx.organization_id)
    row = await tx.session.get(OwnApple, (tx.organization_id, identity.pass_type_identifier), populate_existing=True)
    if row is None:
        row = OwnApple(organization_id=tx.organization_id, pass_type_identifier=identity.pass_type_identifier)
        tx.session.add(row)
    row.sealed = (await tx.vault.keys(tx)).encrypt(identity.to_pem().decode(), held.APPLE)
    row.in_use, row.expires_at, row.stored_at = True, identity.expires_at, clock.now()
    await tx.flush()
    await tx.execute(queries.FORGET_REQUESTS, tx.organization_id)
    stored = AppleIdentityStored(pass_type_identifier=identity.pass_type_identifier, expires_at=identity.expires_at)
    await announce(tx, stored)


async def leave(tx: Tx) -> None:
    """Sign new cards with the server's identity again; cards given out keep the own one. Harmless to repeat."""
    left = await tx.fetchval(queries.LEAVE_APPLE, tx.organization_id)
    if left is not None:
        await announce(tx, AppleIdentityLeft(pass_type_identifier=left))


def findings_out(findings: Sequence[Finding], language: Language) -> list[IdentityFinding]:
    """Findings in the caller's language."""
    return [
        IdentityFinding(severity=each.severity, code=each.code, text=each.sentence[language]) for each in findings
    ]


def _key_and_request(name: str) -> tuple[str, str]:
    key = rsa.generate_private_key(public_exponent=65_537, key_size=_KEY_BITS)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem.decode(), request.public_bytes(Encoding.PEM).decode()
