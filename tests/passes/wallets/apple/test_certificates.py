"""What developers export is read, whatever made it, and each fault is named by itself."""

import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from passerelle.emulators.apple_ca import Authority, Fault, IssuedCertificate
from passerelle.kit import clock
from passerelle.passes.wallets.apple import der, wwdr
from passerelle.passes.wallets.apple.certificates import (
    AppleIdentity,
    Examination,
    check_identity,
    examine,
    restore_identity,
)
from tests.passes.wallets.apple.conftest import PASS_TYPE, TEAM

HERE = Path(__file__).parent
PASSWORD = "pass wörd"
NO_NFC = "certificate_without_nfc"


def found(examination: Examination) -> list[str]:
    return [finding.code for finding in examination.findings if finding.code != NO_NFC]


@pytest.fixture(scope="module")
def exported(issued: IssuedCertificate, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], bytes]:
    """What ``openssl pkcs12 -export`` makes of the identity with these options."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed; the committed legacy file is still tried")
    folder = tmp_path_factory.mktemp("exports")
    (folder / "leaf.pem").write_bytes(issued.certificate_pem())
    (folder / "key.pem").write_bytes(issued.key_pem())

    def export(options: str) -> bytes:
        command = ["openssl", "pkcs12", "-export", "-inkey", "key.pem", "-in", "leaf.pem", "-out", "out.p12"]
        subprocess.run([*command, *options.split("|")], cwd=folder, check=True, capture_output=True, timeout=10)
        return (folder / "out.p12").read_bytes()

    return export


class TestP12:
    """PKCS#12 from OpenSSL 3, from Keychain, with and without a password."""

    @pytest.mark.parametrize(
        ("options", "password"),
        [
            (f"-passout|pass:{PASSWORD}", PASSWORD),
            (f"-legacy|-passout|pass:{PASSWORD}", PASSWORD),
            ("-passout|pass:", None),
            ("-legacy|-passout|pass:", None),
            ("-keypbe|NONE|-certpbe|NONE|-nomac|-passout|pass:", None),
            (f"-legacy|-descert|-passout|pass:{PASSWORD}", PASSWORD),
            (f"-keypbe|AES-128-CBC|-certpbe|AES-128-CBC|-macalg|SHA1|-passout|pass:{PASSWORD}", PASSWORD),
        ],
    )
    def test_made_by_openssl(
        self, exported: Callable[[str], bytes], authority: Authority, options: str, password: str | None
    ) -> None:
        examination = examine([exported(options)], password, trust=[authority.root, authority.intermediate])
        assert found(examination) == []
        assert examination.identity is not None
        assert examination.identity.pass_type_identifier == PASS_TYPE

    def test_made_by_keychain_with_rc2_and_3des(self) -> None:
        """The committed file is encrypted as Keychain does: RC2-40 for certificates, 3DES for the key."""
        root = x509.load_pem_x509_certificate((HERE / "legacy-rc2-root.pem").read_bytes())
        with clock.frozen(datetime(2026, 12, 1, tzinfo=UTC)):
            examination = examine([(HERE / "legacy-rc2.p12").read_bytes()], "keychain", trust=[root])
        assert examination.findings == ()
        assert examination.identity is not None
        assert examination.identity.nfc_capable

    @pytest.mark.parametrize(("password", "code"), [("wrong", "passphrase_wrong"), (None, "passphrase_missing")])
    def test_passwords_that_do_not_open_it(self, password: str | None, code: str) -> None:
        examination = examine([(HERE / "legacy-rc2.p12").read_bytes()], password)
        assert [each.code for each in examination.findings] == [code]
        assert examination.identity is None

    def test_made_by_the_emulator(self, issued: IssuedCertificate, authority: Authority) -> None:
        bundle = issued.p12(PASSWORD, with_issuer=True)
        assert found(examine([bundle], PASSWORD, trust=[authority.root])) == []
        assert found(examine([bundle], "wrong", trust=[authority.root])) == ["passphrase_wrong"]

    def test_costly_derivations_are_not_even_begun(self, exported: Callable[[str], bytes]) -> None:
        sound = exported(f"-iter|2048|-passout|pass:{PASSWORD}")
        costly = _with_mac_rounds(sound, b"\x02\x04\x7f\xff\xff\xff")
        assert found(examine([costly], PASSWORD)) == ["key_derivation_too_costly"]


def _with_mac_rounds(p12: bytes, rounds: bytes) -> bytes:
    """The file with other MAC rounds: the last element of its last element."""
    version, content, mac = der.read(p12).children()
    *parts, _ = mac.children()
    changed = der.element(der.SEQUENCE, *(part.encoding for part in parts), rounds)
    return der.element(der.SEQUENCE, version.encoding, content.encoding, changed)


class TestPem:
    """PEM and DER, in one file or several, in any order."""

    def test_any_order(self, issued: IssuedCertificate, authority: Authority) -> None:
        pieces = [issued.certificate_pem(), issued.key_pem(PASSWORD), authority.intermediate_pem()]
        for order in permutations(pieces):
            assert found(examine(order, PASSWORD, trust=[authority.root])) == []
            assert found(examine([b"Bag Attributes\n" + b"\n".join(order)], PASSWORD, trust=[authority.root])) == []

    @pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
    @pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
    @pytest.mark.parametrize("password", [None, PASSWORD])
    def test_forms_of_keys(
        self,
        issued: IssuedCertificate,
        authority: Authority,
        form: PrivateFormat,
        encoding: Encoding,
        password: str | None,
    ) -> None:
        if password and (form, encoding) == (PrivateFormat.TraditionalOpenSSL, Encoding.DER):
            return  # there is no such form
        protection = BestAvailableEncryption(password.encode()) if password else NoEncryption()
        key = issued.key.private_bytes(encoding, form, protection)
        trust = [authority.root, authority.intermediate]
        assert found(examine([key, issued.certificate_pem()], password, trust=trust)) == []
        if password:
            assert found(examine([key, issued.certificate_pem()], "wrong", trust=trust)) == ["passphrase_wrong"]
            assert found(examine([key, issued.certificate_pem()], None, trust=trust)) == ["passphrase_missing"]

    def test_a_needless_password_does_no_harm(self, issued: IssuedCertificate, authority: Authority) -> None:
        trust = [authority.root, authority.intermediate]
        pieces = [issued.key_pem(), issued.certificate.public_bytes(Encoding.DER)]
        assert found(examine(pieces, PASSWORD, trust=trust)) == []

    def test_the_leaf_is_found_among_others(
        self, issued: IssuedCertificate, issued_nfc: IssuedCertificate, authority: Authority
    ) -> None:
        pieces = [issued_nfc.certificate_pem(), issued.certificate_pem(), authority.root_pem(), issued.key_pem()]
        examination = examine(pieces, trust=[authority.root, authority.intermediate])
        assert examination.identity is not None
        assert examination.identity.certificate == issued.certificate


class TestFaults:
    """Each mistake of a developer has a finding of its own."""

    @pytest.mark.parametrize(
        ("fault", "code", "usable"),
        [
            ("expired", "certificate_expired", False),
            ("expiring_soon", "certificate_expires_soon", True),
            ("not_yet_valid", "certificate_not_yet_valid", False),
            ("wrong_team", "team_mismatch", False),
            ("wrong_pass_type", "pass_type_mismatch", False),
            ("key_mismatch", "key_mismatch", False),
            ("ecdsa_generation", "wwdr_ecdsa_generation", False),
            ("forged_issuer", "issuer_signature_wrong", False),
            ("no_pass_extension", "certificate_not_for_passes", False),
            ("no_pass_usage", "certificate_usage_missing", False),
        ],
    )
    def test_one_fault(
        self,
        authority: Authority,
        issued: IssuedCertificate,
        fault: Fault,
        code: str,
        usable: bool,  # noqa: FBT001  a column of the table
    ) -> None:
        leaf = authority.issue_pass_certificate(PASS_TYPE, TEAM, fault=fault, key=issued.key)
        examination = examine(
            [leaf.key_pem(), leaf.chain_pem()],
            expected_pass_type_identifier=PASS_TYPE,
            expected_team_identifier=TEAM,
            trust=[authority.root],
        )
        assert found(examination) == [code]
        assert (examination.identity is not None) == usable

    def test_the_expired_wwdr(self, authority: Authority) -> None:
        issued = authority.issue_pass_certificate(PASS_TYPE, TEAM, fault="expired_generation")
        examination = examine([issued.key_pem(), issued.chain_pem()], trust=[authority.root])
        assert found(examination) == ["wwdr_expired", "certificate_expired", "intermediate_expired"]
        with clock.frozen(datetime(2022, 6, 1, tzinfo=UTC)):
            before = examine([issued.key_pem(), issued.chain_pem()], trust=[authority.root])
        assert found(before) == ["wwdr_expired"]

    def test_an_expired_wwdr_beside_a_good_certificate(self, issued: IssuedCertificate, authority: Authority) -> None:
        old = authority.issue_pass_certificate(PASS_TYPE, TEAM, fault="expired_generation").issuer
        pieces = [issued.key_pem(), issued.chain_pem(), old.public_bytes(Encoding.PEM)]
        examination = examine(pieces, trust=[authority.root])
        assert found(examination) == ["wwdr_given_expired"]
        assert examination.identity is not None
        assert examination.identity.intermediate == issued.issuer

    def test_an_authority_that_is_not_apple(self, issued: IssuedCertificate) -> None:
        assert found(examine([issued.key_pem(), issued.chain_pem()])) == ["issuer_untrusted"]

    def test_only_half_of_it(self, issued: IssuedCertificate, authority: Authority) -> None:
        trust = [authority.root, authority.intermediate]
        assert found(examine([issued.certificate_pem()], trust=trust)) == ["private_key_missing"]
        assert found(examine([issued.key_pem()], trust=trust)) == ["certificate_missing"]
        assert found(examine([], trust=trust)) == ["certificate_missing"]

    @pytest.mark.parametrize(
        ("subject", "code"),
        [
            ([(NameOID.ORGANIZATIONAL_UNIT_NAME, TEAM)], "certificate_without_pass_type"),
            ([(NameOID.USER_ID, PASS_TYPE)], "certificate_without_team"),
        ],
    )
    def test_subjects(
        self, authority: Authority, subject: list[tuple[x509.ObjectIdentifier, str]], code: str
    ) -> None:
        pieces = _leaf_of(authority, subject, rsa.generate_private_key(65_537, 2048))
        assert code in found(examine(pieces, trust=[authority.root, authority.intermediate]))

    @pytest.mark.parametrize(
        "key",
        [ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65_537, 1024)],  # noqa: S505  the fault
        ids=["ec", "1024"],
    )
    def test_keys_that_do_not_sign_passes(
        self, authority: Authority, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    ) -> None:
        names = [(NameOID.USER_ID, PASS_TYPE), (NameOID.ORGANIZATIONAL_UNIT_NAME, TEAM)]
        pieces = _leaf_of(authority, names, key)
        assert "key_not_rsa" in found(examine(pieces, trust=[authority.root, authority.intermediate]))

    def test_a_mark_for_another_pass_type(self, authority: Authority) -> None:
        names = [(NameOID.USER_ID, PASS_TYPE), (NameOID.ORGANIZATIONAL_UNIT_NAME, TEAM)]
        mark = x509.UnrecognizedExtension(
            x509.ObjectIdentifier("1.2.840.113635.100.6.1.16"), der.element(der.UTF8_STRING, b"pass.other")
        )
        pieces = _leaf_of(authority, names, rsa.generate_private_key(65_537, 2048), mark)
        trust = [authority.root, authority.intermediate]
        assert "certificate_pass_types_differ" in found(examine(pieces, trust=trust))

    def test_a_signing_request(self, issued: IssuedCertificate) -> None:
        request = x509.CertificateSigningRequestBuilder().subject_name(issued.certificate.subject)
        pem = request.sign(issued.key, hashes.SHA256()).public_bytes(Encoding.PEM)
        assert found(examine([pem])) == ["certificate_is_a_request"]

    @pytest.mark.parametrize("pieces", [[b""], [b"hello"], [b"\x30\x03\x02\x01\x03"], [b"\x30\x80"]])
    def test_other_files(self, pieces: list[bytes]) -> None:
        assert found(examine(pieces))[0] in {"key_file_unreadable", "passphrase_missing"}

    @pytest.mark.parametrize("pieces", [[b"x"] * 11, [b"x" * 300_000]])
    def test_too_much(self, pieces: list[bytes]) -> None:
        assert found(examine(pieces)) == ["key_files_too_large"]


def _leaf_of(
    authority: Authority,
    subject: list[tuple[x509.ObjectIdentifier, str]],
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
    *extensions: x509.ExtensionType,
) -> list[bytes]:
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(oid, value) for oid, value in subject]))
        .issuer_name(authority.intermediate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(authority.now - timedelta(days=1))
        .not_valid_after(authority.now + timedelta(days=300))
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    certificate = builder.sign(authority.intermediate_key, hashes.SHA256())
    return [
        certificate.public_bytes(Encoding.PEM),
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    ]


class TestIdentity:
    """What an identity says of itself, and what the doctor says of it later."""

    def test_facts(self, identity: AppleIdentity, issued: IssuedCertificate) -> None:
        assert identity.team_identifier == TEAM
        assert not identity.nfc_capable
        assert identity.expires_at == issued.certificate.not_valid_after_utc

    @pytest.mark.parametrize(
        ("days_before_the_end", "expected"),
        [
            (31, []),
            (29, ["certificate_expires_soon"]),
            (0, ["certificate_expires_soon"]),
            (-1, ["certificate_expired"]),
        ],
    )
    def test_doctor(
        self, identity: AppleIdentity, authority: Authority, days_before_the_end: int, expected: list[str]
    ) -> None:
        with clock.frozen(identity.expires_at - timedelta(days=days_before_the_end)):
            findings = check_identity(identity, trust=[authority.root])
        assert [each.code for each in findings if each.code != NO_NFC] == expected

    def test_kept_and_restored(self, identity: AppleIdentity) -> None:
        restored = restore_identity(identity.to_pem())
        assert (restored.certificate, restored.intermediate) == (identity.certificate, identity.intermediate)
        assert restored.key.private_numbers() == identity.key.private_numbers()
        with clock.frozen(identity.expires_at + timedelta(days=1)):
            assert restore_identity(identity.to_pem()).expires_at == identity.expires_at

    @pytest.mark.parametrize("pem", [b"", b"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----", b"x"])
    def test_nothing_else_is_restored(self, pem: bytes) -> None:
        with pytest.raises(ValueError, match="stored identity"):
            restore_identity(pem)

    def test_doctor_without_trust(self, identity: AppleIdentity) -> None:
        assert "issuer_untrusted" in [each.code for each in check_identity(identity)]


def test_the_bundled_intermediate_is_apples_g4() -> None:
    bundled = wwdr.bundled_g4()
    assert wwdr.fingerprint(bundled) == wwdr.G4_SHA256
    assert wwdr.generation(bundled.subject) == "G4"
    assert wwdr.is_apple(bundled)
    assert bundled.not_valid_after_utc == datetime(2030, 12, 10, tzinfo=UTC)


def test_findings_are_printable(issued: IssuedCertificate, authority: Authority) -> None:
    hostile = authority.issue_pass_certificate("pass.\x1b[31mred" + "x" * 40, TEAM)
    (finding,) = (
        each
        for each in examine(
            [hostile.key_pem(), hostile.chain_pem()],
            expected_pass_type_identifier=PASS_TYPE,
            trust=[authority.root],
        ).findings
        if each.code == "pass_type_mismatch"
    )
    assert "\x1b" not in "".join(str(text) for text in finding.sentence.values())


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.none() | st.just("x"))
def test_examining_never_fails(data: bytes, passphrase: str | None) -> None:
    assert examine([data], passphrase).identity is None


@settings(max_examples=100, deadline=None)
@given(st.booleans(), st.integers(0, 10_000), st.integers(0, 255))
def test_examining_damaged_files_never_fails(issued: IssuedCertificate, p12: bool, place: int, byte: int) -> None:  # noqa: FBT001  hypothesis draws it
    damaged = bytearray(issued.p12() if p12 else issued.chain_pem() + issued.key_pem())
    damaged[place % len(damaged)] = byte
    assert examine([bytes(damaged)]).identity is None  # not even undamaged, for this authority is not trusted
