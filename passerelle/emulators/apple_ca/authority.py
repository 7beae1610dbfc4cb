"""Issues the certificates of the emulated Apple, sound ones and ones with a fault on request."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from passerelle.emulators.apple_ca import shape

Fault = Literal[
    "expired",
    "expiring_soon",
    "not_yet_valid",
    "wrong_team",
    "wrong_pass_type",
    "key_mismatch",
    "expired_generation",
    "ecdsa_generation",
    "forged_issuer",
    "no_pass_extension",
    "no_pass_usage",
]
"""What can be wrong with a leaf; each is the leaf of a developer who made that one mistake."""

_LEAF_LIFETIME: Final = timedelta(days=365)
_PRE_G4_END: Final = datetime(2023, 2, 7, 21, 48, 47, tzinfo=UTC)


@dataclass(frozen=True, repr=False)
class IssuedCertificate:
    """A certificate with its private key and the authority above it."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey
    issuer: x509.Certificate

    def p12(self, password: str | None = None, *, with_issuer: bool = False) -> bytes:
        """A PKCS#12 file, with OpenSSL 3's AES encryption when there is a password.

        Raises ValueError for the fault ``key_mismatch``: the format holds pairs that match.
        """
        authorities = [self.issuer] if with_issuer else None
        return pkcs12.serialize_key_and_certificates(
            b"Pass Type ID", self.key, self.certificate, authorities, _encryption(password)
        )

    def certificate_pem(self) -> bytes:
        """The leaf alone."""
        return self.certificate.public_bytes(Encoding.PEM)

    def chain_pem(self) -> bytes:
        """The leaf and its issuer, as servers want it."""
        return self.certificate_pem() + self.issuer.public_bytes(Encoding.PEM)

    def key_pem(self, password: str | None = None) -> bytes:
        """The private key in PKCS#8, encrypted when there is a password."""
        return _key_pem(self.key, password)


@dataclass(frozen=True, repr=False)
class Authority:
    """The emulated Apple: a root and the intermediate "G4" that issues Pass Type ID certificates."""

    root: x509.Certificate
    root_key: rsa.RSAPrivateKey
    intermediate: x509.Certificate
    intermediate_key: rsa.RSAPrivateKey
    now: datetime

    def root_pem(self) -> bytes:
        """What a program must trust to believe this authority."""
        return self.root.public_bytes(Encoding.PEM)

    def intermediate_pem(self) -> bytes:
        """The counterpart of the WWDR G4 certificate."""
        return self.intermediate.public_bytes(Encoding.PEM)

    def issue_pass_certificate(
        self,
        pass_type_identifier: str,
        team_identifier: str,
        *,
        organization: str = "Passerelle Demo",
        country: str = "FR",
        nfc: bool = False,
        fault: Fault | None = None,
        key: rsa.RSAPrivateKey | None = None,
    ) -> IssuedCertificate:
        """A Pass Type ID certificate, as the developer portal would issue it, or one with a fault.

        ``key`` is given for a renewal with the same key; otherwise there is a new one.
        """
        key = key or shape.rsa_key()
        certified_key = shape.rsa_key() if fault == "key_mismatch" else key
        issuer, issuer_key = self._issuer(fault)
        identifier = "pass.example.another" if fault == "wrong_pass_type" else pass_type_identifier
        team = "OTHERTEAM0" if fault == "wrong_team" else team_identifier
        subject = shape.leaf_subject(identifier, team, organization, country, nfc=nfc)
        builder = shape.certificate(subject, issuer.subject, certified_key.public_key(), self._validity(fault))
        builder = shape.with_leaf_extensions(builder, issuer, for_passes=fault != "no_pass_usage")
        if fault != "no_pass_extension":
            builder = builder.add_extension(shape.utf8_extension(shape.PASS_TYPE, identifier), critical=False)
        if nfc:
            builder = builder.add_extension(shape.utf8_extension(shape.PASS_TYPE_NFC, identifier), critical=False)
        return IssuedCertificate(builder.sign(issuer_key, hashes.SHA256()), key, issuer)

    def certify_request(
        self, request_pem: bytes, pass_type_identifier: str, team_identifier: str, *, nfc: bool = False
    ) -> bytes:
        """The ``.cer`` (DER) that the developer portal gives for an uploaded signing request.

        As there, the subject is Apple's own making: only the request's public key counts. Raises ValueError for a
        request that is not signed by its key, or whose key is not RSA 2048.
        """
        request = x509.load_pem_x509_csr(request_pem)
        key = request.public_key()
        if not request.is_signature_valid or not isinstance(key, rsa.RSAPublicKey) or key.key_size != 2048:
            raise ValueError("The portal takes signing requests with RSA 2048 alone.")
        subject = shape.leaf_subject(pass_type_identifier, team_identifier, "Passerelle Demo", "FR", nfc=nfc)
        builder = shape.certificate(subject, self.intermediate.subject, key, self._validity(None))
        builder = shape.with_leaf_extensions(builder, self.intermediate, for_passes=True)
        builder = builder.add_extension(shape.utf8_extension(shape.PASS_TYPE, pass_type_identifier), critical=False)
        if nfc:
            extension = shape.utf8_extension(shape.PASS_TYPE_NFC, pass_type_identifier)
            builder = builder.add_extension(extension, critical=False)
        return builder.sign(self.intermediate_key, hashes.SHA256()).public_bytes(Encoding.DER)

    def issue_server_certificate(self, names: Sequence[str] = ("localhost", "127.0.0.1")) -> IssuedCertificate:
        """A TLS server certificate for the APNs emulator, straight from the root."""
        key = shape.rsa_key()
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        builder = shape.certificate(subject, self.root.subject, key.public_key(), self._validity(None))
        builder = (
            builder.add_extension(
                x509.SubjectAlternativeName([shape.general_name(name) for name in names]), critical=False
            )
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(shape.authority_key_identifier(self.root), critical=False)
        )
        return IssuedCertificate(builder.sign(self.root_key, hashes.SHA256()), key, self.root)

    def write(self, folder: Path, issued: IssuedCertificate, *, password: str) -> None:
        """Write what a developer holds after the portal: ``pass.p12``, ``pass.pem``, ``wwdr.pem``, ``root.pem``.

        The files with the key are readable by their owner only. A key that does not match its certificate
        cannot be a .p12; then there is only the PEM.
        """
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "root.pem").write_bytes(self.root_pem())
        (folder / "wwdr.pem").write_bytes(issued.issuer.public_bytes(Encoding.PEM))
        if issued.key.public_key() == issued.certificate.public_key():
            _write_secret(folder / "pass.p12", issued.p12(password))
        _write_secret(folder / "pass.pem", issued.certificate_pem() + issued.key_pem(password))

    def save(self, folder: Path) -> None:
        """Keep the authority, so that another process can issue below the same root (``load_authority``)."""
        folder.mkdir(parents=True, exist_ok=True)
        _write_secret(folder / "authority-root.pem", self.root_pem() + _key_pem(self.root_key))
        _write_secret(
            folder / "authority-intermediate.pem", self.intermediate_pem() + _key_pem(self.intermediate_key)
        )

    def _validity(self, fault: Fault | None) -> tuple[datetime, datetime]:
        starts = {
            "expired": self.now - _LEAF_LIFETIME - timedelta(days=10),
            "expiring_soon": self.now - _LEAF_LIFETIME + timedelta(days=10),
            "not_yet_valid": self.now + timedelta(days=10),
            "expired_generation": _PRE_G4_END - _LEAF_LIFETIME,
        }
        start = starts.get(fault or "", self.now - timedelta(days=1))
        return start, start + _LEAF_LIFETIME

    def _issuer(self, fault: Fault | None) -> tuple[x509.Certificate, shape.CertificateAuthorityKey]:
        if fault == "expired_generation":
            old_key = shape.rsa_key()
            subject = shape.intermediate_subject("Emulated Worldwide Developer Relations")
            end = _PRE_G4_END
            return shape.intermediate(
                subject, old_key, self.root, self.root_key, (end - timedelta(days=3652), end)
            ), old_key
        if fault == "ecdsa_generation":
            ecdsa_key = ec.generate_private_key(ec.SECP384R1())
            start = self.now - timedelta(days=700)
            end = self.now + timedelta(days=3000)
            return shape.intermediate(
                shape.intermediate_subject("G6"), ecdsa_key, self.root, self.root_key, (start, end)
            ), ecdsa_key
        if fault == "forged_issuer":
            return self.intermediate, shape.rsa_key()
        return self.intermediate, self.intermediate_key


def create_authority(now: datetime | None = None) -> Authority:
    """A fresh authority; ``now`` is the instant its certificates are valid around, by default the present."""
    instant = (now or datetime.now(UTC)).replace(microsecond=0)
    root_key, intermediate_key = shape.rsa_key(), shape.rsa_key()
    validity = instant - timedelta(days=3652), instant + timedelta(days=3652)
    root = shape.self_signed_root(root_key, validity)
    intermediate = shape.intermediate(shape.intermediate_subject("G4"), intermediate_key, root, root_key, validity)
    return Authority(root, root_key, intermediate, intermediate_key, instant)


def load_authority(folder: Path, now: datetime | None = None) -> Authority:
    """The authority that ``Authority.save`` kept in this folder."""
    instant = (now or datetime.now(UTC)).replace(microsecond=0)
    root, root_key = _read_pair(folder / "authority-root.pem")
    intermediate, intermediate_key = _read_pair(folder / "authority-intermediate.pem")
    return Authority(root, root_key, intermediate, intermediate_key, instant)


def _read_pair(path: Path) -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
    content = path.read_bytes()
    key = load_pem_private_key(content, None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(f"{path.name} holds no RSA key; delete it and create the authority anew.")
    return x509.load_pem_x509_certificate(content), key


def _key_pem(key: rsa.RSAPrivateKey, password: str | None = None) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, _encryption(password))


def _encryption(password: str | None) -> KeySerializationEncryption:
    return BestAvailableEncryption(password.encode()) if password else NoEncryption()


def _write_secret(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_bytes(content)
