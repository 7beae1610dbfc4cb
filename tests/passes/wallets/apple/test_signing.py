"""The hand-written CMS is what OpenSSL accepts and what a reader of RFC 5652 finds in it."""

import subprocess
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import (
    PKCS7Options,
    PKCS7SignatureBuilder,
    load_der_pkcs7_certificates,
)

from passerelle.emulators.apple_ca import Authority, IssuedCertificate
from passerelle.kit import clock
from passerelle.passes.wallets.apple import der
from passerelle.passes.wallets.apple.certificates import AppleIdentity
from passerelle.passes.wallets.apple.verify import cms

MANIFEST = b'{"pass.json":"0a4d55a8d778e5022fab701977c5d840bbc486d0"}'
INSTANT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def verify_with_openssl(
    folder: Path, signature: bytes, content: bytes, root: bytes
) -> subprocess.CompletedProcess[str]:
    (folder / "signature").write_bytes(signature)
    (folder / "manifest.json").write_bytes(content)
    (folder / "root.pem").write_bytes(root)
    command = "openssl cms -verify -binary -inform DER -in signature -content manifest.json -CAfile root.pem"
    return subprocess.run(
        [*command.split(), "-purpose", "any", "-out", "verified"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=10,
    )


def test_openssl_accepts_the_signature(identity: AppleIdentity, authority: Authority, tmp_path: Path) -> None:
    signature = identity.signer().sign_detached(MANIFEST)
    assert verify_with_openssl(tmp_path, signature, MANIFEST, authority.root_pem()).returncode == 0
    assert (tmp_path / "verified").read_bytes() == MANIFEST


@pytest.mark.parametrize("change", [b"", b"x", MANIFEST + b" "])
def test_openssl_refuses_it_for_other_content(
    identity: AppleIdentity, authority: Authority, tmp_path: Path, change: bytes
) -> None:
    signature = identity.signer().sign_detached(MANIFEST)
    assert verify_with_openssl(tmp_path, signature, change, authority.root_pem()).returncode != 0


def test_structure(identity: AppleIdentity) -> None:
    with clock.frozen(INSTANT):
        found = cms.read_cms(identity.signer().sign_detached(MANIFEST))
    assert found.detached
    assert found.signing_time == INSTANT
    assert found.message_digest == sha256(MANIFEST).digest()
    assert found.content_type == cms.DATA
    assert found.signer == identity.certificate
    assert set(found.certificates) == {identity.certificate, identity.intermediate}
    assert found.signature_algorithm == "1.2.840.113549.1.1.1"
    assert cms.verifies(found, MANIFEST)


def test_same_structure_as_the_library_makes(identity: AppleIdentity, issued: IssuedCertificate) -> None:
    """Element by element like PKCS7SignatureBuilder, but for the S/MIME capabilities that passes do not need."""
    with clock.frozen(INSTANT):
        ours = identity.signer().sign_detached(MANIFEST)
    theirs = (
        PKCS7SignatureBuilder()
        .set_data(MANIFEST)
        .add_signer(issued.certificate, issued.key, hashes.SHA256())
        .add_certificate(issued.issuer)
        .sign(Encoding.DER, [PKCS7Options.DetachedSignature, PKCS7Options.Binary, PKCS7Options.NoCapabilities])
    )
    assert skeleton(der.read(ours)) == skeleton(der.read(theirs))
    assert set(load_der_pkcs7_certificates(ours)) == set(load_der_pkcs7_certificates(theirs))


def skeleton(element: der.Element) -> object:
    """Tags all the way down, and the content of what is the same whenever it is signed."""
    if element.tag & der.CONSTRUCTED:
        inner = [skeleton(each) for each in element.children()]
        return element.tag, sorted(inner, key=repr) if element.tag == der.CONTEXT_0 else inner
    varies = element.tag in {der.UTC_TIME, der.OCTET_STRING}
    return element.tag, len(element.content) if varies else element.content


def test_the_signing_time_is_the_only_difference(identity: AppleIdentity) -> None:
    signer = identity.signer()
    with clock.frozen(INSTANT):
        assert signer.sign_detached(MANIFEST) == signer.sign_detached(MANIFEST)
        first = signer.sign_detached(MANIFEST)
    with clock.frozen(INSTANT.replace(second=1)):
        assert signer.sign_detached(MANIFEST) != first


def test_signing_after_2049(identity: AppleIdentity) -> None:
    late = datetime(2051, 1, 1, tzinfo=UTC)
    with clock.frozen(late):
        assert cms.read_cms(identity.signer().sign_detached(MANIFEST)).signing_time == late


def test_identity_and_signer_show_no_key(identity: AppleIdentity) -> None:
    assert "RSAPrivateKey" not in repr(identity) + repr(identity.signer())
