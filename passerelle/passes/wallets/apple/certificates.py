"""Pass Type ID certificates: imported from what a developer exports, and checked fault by fault.

``examine`` is what an operator's upload goes through; ``check_identity`` looks again at a stored identity
(the doctor), for certificates expire after a year.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from passerelle.kit import clock
from passerelle.passes.wallets.apple import certificate_rules as rules
from passerelle.passes.wallets.apple import leaf as leaf_facts
from passerelle.passes.wallets.apple import wwdr
from passerelle.passes.wallets.apple.findings import Finding, Rule
from passerelle.passes.wallets.apple.key_files import KeyFileRefused, KeyMaterial, read_key_files
from passerelle.passes.wallets.apple.signing import Signer

_KEY_LEAST_BITS: Final = 2048

NO_CERTIFICATE: Final = Rule(
    "error",
    "certificate_missing",
    "The files hold no certificate. Give the Pass Type ID certificate (.cer) beside its private key, or both as"
    " .p12.",
    "Les fichiers ne contiennent aucun certificat. Donnez le certificat Pass Type ID (.cer) avec sa clé privée, ou"
    " les deux en .p12.",
    "لا تحتوي الملفات على أي شهادة. قدّم شهادة Pass Type ID (.cer) مع مفتاحها الخاص، أو كليهما في ملف .p12.",
)
NO_KEY: Final = Rule(
    "error",
    "private_key_missing",
    "The files hold no private key. In Keychain Access, select the certificate together with the key below it and"
    " export both as .p12.",
    "Les fichiers ne contiennent aucune clé privée. Dans Trousseaux d'accès, sélectionnez le certificat et la clé"
    " placée dessous, puis exportez les deux en .p12.",
    "لا تحتوي الملفات على مفتاح خاص. في Keychain Access اختر الشهادة مع المفتاح الموجود تحتها وصدّرهما معًا"
    " بصيغة .p12.",
)
KEY_MISMATCH: Final = Rule(
    "error",
    "key_mismatch",
    "The private key does not belong to this certificate. Export the key that made the signing request of this"
    " certificate, or create a new certificate.",
    "La clé privée ne correspond pas à ce certificat. Exportez la clé qui a servi à la demande de signature de ce"
    " certificat, ou créez un nouveau certificat.",
    "المفتاح الخاص لا يعود إلى هذه الشهادة. صدّر المفتاح الذي أُنشئ به طلب توقيع هذه الشهادة، أو أنشئ شهادة جديدة.",
)
KEY_NOT_RSA: Final = Rule(
    "error",
    "key_not_rsa",
    "The key is not an RSA key of at least 2048 bits, the only kind that signs passes. Make the signing request"
    " with RSA 2048.",
    "La clé n'est pas une clé RSA d'au moins 2048 bits, seule capable de signer des cartes. Refaites la demande"
    " de signature en RSA 2048.",
    "المفتاح ليس RSA بطول 2048 بت على الأقل، وهو النوع الوحيد الذي يوقّع البطاقات. أعد طلب التوقيع باستخدام RSA 2048.",
)
EXPIRED_INTERMEDIATE_GIVEN: Final = Rule(
    "warning",
    "wwdr_given_expired",
    "The WWDR intermediate among the files is the one that expired on 7 February 2023. It was left aside; the right"
    " one is built in, remove the old one from your keychain.",
    "Le certificat intermédiaire WWDR fourni est celui qui a expiré le 7 février 2023. Il a été ignoré ; le bon est"
    " intégré, retirez l'ancien de votre trousseau.",
    "شهادة WWDR الوسيطة بين الملفات هي التي انتهت في 7 فبراير 2023. تم تجاهلها؛ الشهادة الصحيحة مدمجة،"
    " فأزل القديمة من سلسلة مفاتيحك.",
)


@dataclass(frozen=True, repr=False)
class AppleIdentity:
    """One Pass Type ID with what signs for it; holds a private key, so it has no repr."""

    pass_type_identifier: str
    team_identifier: str
    nfc_capable: bool
    expires_at: datetime
    certificate: x509.Certificate
    key: rsa.RSAPrivateKey
    intermediate: x509.Certificate

    def signer(self) -> Signer:
        """What signs passes for this identity; keep it, it encodes the certificates once."""
        return Signer(self.key, self.certificate, self.intermediate)

    def to_pem(self) -> bytes:
        """Key, certificate and intermediate for keeping, the key in the clear: encrypt before storing."""
        return b"".join(
            (
                self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
                self.certificate.public_bytes(Encoding.PEM),
                self.intermediate.public_bytes(Encoding.PEM),
            )
        )


@dataclass(frozen=True, repr=False)
class Examination:
    """What an upload came to: the identity when it can sign passes, and every finding."""

    identity: AppleIdentity | None
    findings: tuple[Finding, ...]


def examine(
    pieces: Sequence[bytes],
    passphrase: str | None = None,
    *,
    expected_pass_type_identifier: str | None = None,
    expected_team_identifier: str | None = None,
    trust: Sequence[x509.Certificate] = (),
) -> Examination:
    """Read an upload and check it; there is an identity when no finding is an error.

    ``pieces`` are the files in any order: .p12, PEM, .cer, keys, intermediates. ``trust`` holds authorities
    beside Apple's, such as the emulator's root. ``expected_…`` is what the organization configured.
    """
    try:
        material = read_key_files(pieces, passphrase)
    except KeyFileRefused as refused:
        return Examination(None, (refused.finding,))
    key, leaf, findings = _pair(material)
    if leaf is None:
        return Examination(None, tuple(findings))
    others = [each for each in material.certificates if each != leaf]
    intermediate = rules.find_issuer(leaf, [*others, *trust])
    findings += [
        *(EXPIRED_INTERMEDIATE_GIVEN.at() for each in others if each != intermediate and _is_expired_wwdr(each)),
        *rules.check_chain(leaf, intermediate, trust, others),
        *rules.check_leaf(leaf),
        *rules.check_expectations(leaf, expected_pass_type_identifier, expected_team_identifier),
        *rules.check_dates(leaf, intermediate, clock.now()),
    ]
    if key is None or intermediate is None or any(each.severity == "error" for each in findings):
        return Examination(None, tuple(findings))
    return Examination(_identity(key, leaf, intermediate), tuple(findings))


def restore_identity(pem: bytes) -> AppleIdentity:
    """The identity that ``to_pem`` wrote, unchecked: an expired one can still be looked at (``check_identity``).

    Raises ValueError for anything else.
    """
    try:
        material = read_key_files([pem])
    except KeyFileRefused as refused:
        raise ValueError("This is not a stored identity.") from refused
    key, leaf, findings = _pair(material)
    issuers = [each for each in material.certificates if each != leaf]
    if key is None or leaf is None or findings or len(issuers) != 1:
        raise ValueError("This is not a stored identity.")
    return _identity(key, leaf, issuers[0])


def check_identity(identity: AppleIdentity, *, trust: Sequence[x509.Certificate] = ()) -> list[Finding]:
    """The findings of a stored identity today, for the doctor and for warnings before expiry."""
    return [
        *rules.check_chain(identity.certificate, identity.intermediate, trust),
        *rules.check_leaf(identity.certificate),
        *rules.check_expectations(identity.certificate, identity.pass_type_identifier, identity.team_identifier),
        *rules.check_dates(identity.certificate, identity.intermediate, clock.now()),
    ]


def _pair(
    material: KeyMaterial,
) -> tuple[rsa.RSAPrivateKey | None, x509.Certificate | None, list[Finding]]:
    """The leaf and the key that belongs to it, or the best guess at the leaf and what is missing."""
    leaves = [each for each in material.certificates if not wwdr.may_issue(each)]
    leaves.sort(key=lambda each: leaf_facts.certified_pass_type(each) is None)
    if not leaves:
        return None, None, [NO_CERTIFICATE.at()]
    if not material.keys:
        return None, leaves[0], [NO_KEY.at()]
    for leaf in leaves:
        for key in material.keys:
            if key.public_key() == leaf.public_key():
                if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= _KEY_LEAST_BITS:
                    return key, leaf, []
                return None, leaf, [KEY_NOT_RSA.at()]
    return None, leaves[0], [KEY_MISMATCH.at()]


def _is_expired_wwdr(certificate: x509.Certificate) -> bool:
    return wwdr.generation(certificate.subject) == wwdr.BEFORE_GENERATIONS


def _identity(key: rsa.RSAPrivateKey, leaf: x509.Certificate, intermediate: x509.Certificate) -> AppleIdentity:
    pass_type_identifier = leaf_facts.pass_type_identifier(leaf)
    team_identifier = leaf_facts.team_identifier(leaf)
    if pass_type_identifier is None or team_identifier is None:
        raise ValueError("The certificate names no pass type or no team.")
    return AppleIdentity(
        pass_type_identifier=pass_type_identifier,
        team_identifier=team_identifier,
        nfc_capable=leaf_facts.is_nfc_capable(leaf),
        expires_at=leaf.not_valid_after_utc,
        certificate=leaf,
        key=key,
        intermediate=intermediate,
    )
