"""The emulated authority's certificates are what OpenSSL verifies and have the shape of Apple's."""

import ssl
import stat
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from passerelle.emulators.apple_ca import Authority, Fault, IssuedCertificate, create_authority, load_authority

PASS_TYPE = "pass.example.loyalty"
TEAM = "ABCDE12345"


@pytest.fixture(scope="module")
def authority() -> Authority:
    return create_authority()


@pytest.fixture(scope="module")
def issued(authority: Authority) -> IssuedCertificate:
    return authority.issue_pass_certificate(PASS_TYPE, TEAM)


def apple_extension(certificate: x509.Certificate, last_arcs: str) -> bytes | None:
    try:
        found = certificate.extensions.get_extension_for_oid(x509.ObjectIdentifier(f"1.2.840.113635.100.{last_arcs}"))
    except x509.ExtensionNotFound:
        return None
    assert isinstance(found.value, x509.UnrecognizedExtension)
    return found.value.value


def openssl_verifies(folder: Path, purpose: str) -> bool:
    command = f"openssl verify -x509_strict -purpose {purpose} -CAfile root.pem -untrusted wwdr.pem leaf.pem"
    return subprocess.run(command.split(), cwd=folder, check=False, capture_output=True, timeout=10).returncode == 0


def test_leaf_has_apples_shape(issued: IssuedCertificate) -> None:
    leaf = issued.certificate
    assert [(each.oid, each.value) for each in leaf.subject] == [
        (NameOID.USER_ID, PASS_TYPE),
        (NameOID.COMMON_NAME, f"Pass Type ID: {PASS_TYPE}"),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, TEAM),
        (NameOID.ORGANIZATION_NAME, "Passerelle Demo"),
        (NameOID.COUNTRY_NAME, "FR"),
    ]
    usages = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usages) == [ExtendedKeyUsageOID.CLIENT_AUTH, x509.ObjectIdentifier("1.2.840.113635.100.4.14")]
    assert apple_extension(leaf, "6.1.16") == b"\x0c" + bytes([len(PASS_TYPE)]) + PASS_TYPE.encode()
    assert apple_extension(leaf, "6.3.2") == b"\x05\x00"
    assert apple_extension(leaf, "6.1.26") is None
    assert (leaf.not_valid_after_utc - leaf.not_valid_before_utc).days == 365


def test_nfc_leaf(authority: Authority) -> None:
    leaf = authority.issue_pass_certificate(PASS_TYPE, TEAM, nfc=True).certificate
    assert apple_extension(leaf, "6.1.26") == apple_extension(leaf, "6.1.16")
    names = leaf.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert names[0].value == f"Pass Type ID with NFC: {PASS_TYPE}"


def test_intermediate_has_apples_shape(authority: Authority) -> None:
    constraints = authority.intermediate.extensions.get_extension_for_class(x509.BasicConstraints)
    assert constraints.critical
    assert (constraints.value.ca, constraints.value.path_length) == (True, 0)
    assert apple_extension(authority.intermediate, "6.2.1") == b"\x05\x00"
    units = authority.intermediate.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
    assert [unit.value for unit in units] == ["G4"]


def test_nothing_claims_to_be_apple(authority: Authority, issued: IssuedCertificate) -> None:
    for certificate in (authority.root, authority.intermediate, issued.certificate):
        assert "Apple" not in certificate.subject.rfc4514_string() + certificate.issuer.rfc4514_string()


def test_openssl_verifies_the_chain(authority: Authority, issued: IssuedCertificate, tmp_path: Path) -> None:
    (tmp_path / "root.pem").write_bytes(authority.root_pem())
    (tmp_path / "wwdr.pem").write_bytes(authority.intermediate_pem())
    (tmp_path / "leaf.pem").write_bytes(issued.certificate_pem())
    assert openssl_verifies(tmp_path, "sslclient")
    assert not openssl_verifies(tmp_path, "sslserver")


def test_server_certificate_is_good_for_tls_on_loopback(authority: Authority, tmp_path: Path) -> None:
    server = authority.issue_server_certificate()
    names = server.certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert [str(address) for address in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1"]
    (tmp_path / "chain.pem").write_bytes(server.chain_pem())
    (tmp_path / "key.pem").write_bytes(server.key_pem())
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(tmp_path / "chain.pem", tmp_path / "key.pem")
    calling = ssl.create_default_context(cadata=authority.root_pem().decode())
    for name in ("localhost", "127.0.0.1"):
        assert _shake_hands(serving, calling, name) == "TLSv1.3"


def _shake_hands(serving: ssl.SSLContext, calling: ssl.SSLContext, name: str) -> str | None:
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = serving.wrap_bio(to_server, to_client, server_side=True)
    client = calling.wrap_bio(to_client, to_server, server_hostname=name)
    for _ in range(3):
        for side in (client, server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    return client.version()


@pytest.mark.parametrize("fault", get_args(Fault))
def test_faults_are_the_only_difference(authority: Authority, issued: IssuedCertificate, fault: Fault) -> None:
    faulty = authority.issue_pass_certificate(PASS_TYPE, TEAM, fault=fault, key=issued.key)
    leaf, now = faulty.certificate, authority.now
    uid = leaf.subject.get_attributes_for_oid(NameOID.USER_ID)[0].value
    unit = leaf.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)[0].value
    usages = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    seen = {
        "expired": leaf.not_valid_after_utc < now and fault != "expired_generation",
        "expiring_soon": 0 < (leaf.not_valid_after_utc - now).days < 30,
        "not_yet_valid": leaf.not_valid_before_utc > now,
        "wrong_team": unit != TEAM,
        "wrong_pass_type": uid != PASS_TYPE,
        "key_mismatch": leaf.public_key() != faulty.key.public_key(),
        "expired_generation": faulty.issuer.not_valid_after_utc < now,
        "ecdsa_generation": isinstance(faulty.issuer.public_key(), ec.EllipticCurvePublicKey),
        "forged_issuer": not _signed_by(leaf, faulty.issuer),
        "no_pass_extension": apple_extension(leaf, "6.1.16") is None,
        "no_pass_usage": len(list(usages)) == 1,
    }
    assert [name for name, present in seen.items() if present] == [fault]


def _signed_by(leaf: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        leaf.verify_directly_issued_by(issuer)
    except Exception:  # noqa: BLE001  InvalidSignature and ValueError both mean no
        return False
    return True


def test_p12(issued: IssuedCertificate) -> None:
    loaded = pkcs12.load_pkcs12(issued.p12("secret", with_issuer=True), b"secret")
    assert loaded.cert is not None
    assert loaded.cert.certificate == issued.certificate
    assert [each.certificate for each in loaded.additional_certs] == [issued.issuer]
    assert pkcs12.load_pkcs12(issued.p12(), None).cert is not None


def test_written_files(authority: Authority, issued: IssuedCertificate, tmp_path: Path) -> None:
    authority.write(tmp_path, issued, password="secret")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pass.p12", "pass.pem", "root.pem", "wwdr.pem"]
    assert load_pem_private_key((tmp_path / "pass.pem").read_bytes(), b"secret")
    for name in ("pass.p12", "pass.pem"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_a_mismatched_pair_is_written_as_pem_only(authority: Authority, tmp_path: Path) -> None:
    authority.write(tmp_path, authority.issue_pass_certificate(PASS_TYPE, TEAM, fault="key_mismatch"), password="x")
    assert not (tmp_path / "pass.p12").exists()
    assert (tmp_path / "pass.pem").exists()


def test_an_authority_is_kept_for_other_processes(authority: Authority, tmp_path: Path) -> None:
    authority.save(tmp_path)
    again = load_authority(tmp_path)
    leaf = again.issue_pass_certificate(PASS_TYPE, TEAM).certificate
    assert _signed_by(leaf, authority.intermediate)
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in tmp_path.iterdir())


def test_around_another_instant() -> None:
    then = datetime(2030, 1, 1, tzinfo=UTC)
    leaf = create_authority(then).issue_pass_certificate(PASS_TYPE, TEAM).certificate
    assert leaf.not_valid_before_utc < then < leaf.not_valid_after_utc


def test_no_key_is_shown(authority: Authority, issued: IssuedCertificate) -> None:
    assert "PrivateKey" not in repr(authority) + repr(issued)
