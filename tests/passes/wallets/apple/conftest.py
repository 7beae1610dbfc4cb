"""An emulated Apple, an identity below it, and passes built by hand so that each step can be broken."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from PIL import Image

from passerelle.emulators.apple_ca import Authority, IssuedCertificate, create_authority
from passerelle.passes.wallets.apple.certificates import AppleIdentity, examine
from passerelle.passes.wallets.apple.signing import Signer
from passerelle.passes.wallets.apple.verify import Verdict, judge

PASS_TYPE = "pass.example.loyalty"
TEAM = "ABCDE12345"
NFC_KEY = "MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgADn62Erq4Iu+9/AQAU2CzvagneKwz4cbXODE8dE6WaWTQ="


@cache
def png(width: int, height: int) -> bytes:
    """A one-colored PNG."""
    return picture(width, height, "PNG")


@cache
def picture(width: int, height: int, kind: str) -> bytes:
    """A one-colored image in any format of Pillow."""
    content = io.BytesIO()
    Image.new("RGB", (width, height), (20, 90, 200)).save(content, kind)
    return content.getvalue()


def store_card(**changes: Any) -> dict[str, Any]:
    """A pass.json without fault; a change to None removes the key."""
    document: dict[str, Any] = {
        "formatVersion": 1,
        "passTypeIdentifier": PASS_TYPE,
        "teamIdentifier": TEAM,
        "serialNumber": "0192f0c1",
        "organizationName": "Café Central",
        "description": "Loyalty card",
        "storeCard": {
            "headerFields": [{"key": "points", "label": "Points", "value": 120, "changeMessage": "You have %@."}],
            "backFields": [{"key": "contact", "label": "Contact", "value": "hello@example.com"}],
        },
        "barcodes": [{"format": "PKBarcodeFormatQR", "message": "0192f0c1", "messageEncoding": "iso-8859-1"}],
    }
    document.update(changes)
    return {key: value for key, value in document.items() if value is not None}


def plain_images() -> dict[str, bytes]:
    """The images that every pass needs."""
    return {"icon.png": png(38, 38), "icon@2x.png": png(76, 76), "icon@3x.png": png(114, 114)}


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip made by Python's own library, as another issuer would."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return content.getvalue()


def manifest_of(files: Mapping[str, bytes]) -> bytes:
    """An honest manifest."""
    return json.dumps({name: hashlib.sha1(data).hexdigest() for name, data in files.items()}).encode()  # noqa: S324  Apple's manifests are SHA-1


@dataclass(frozen=True)
class Issuer:
    """Someone who builds passes step by step, and may go wrong at each."""

    authority: Authority
    signer: Signer

    def files(self, document: dict[str, Any] | bytes, extra: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
        """All files of a pass, with an honest manifest and signature."""
        content = document if isinstance(document, bytes) else json.dumps(document).encode()
        return self.signed({"pass.json": content, **plain_images(), **(extra or {})})

    def signed(self, files: dict[str, bytes]) -> dict[str, bytes]:
        """The files with a manifest and a signature made anew."""
        content = {name: data for name, data in files.items() if name not in {"manifest.json", "signature"}}
        manifest = manifest_of(content)
        return {**content, "manifest.json": manifest, "signature": self.signer.sign_detached(manifest)}

    def judge(self, files: Mapping[str, bytes]) -> Verdict:
        """The verdict of someone who trusts this issuer's authority."""
        return judge(zipped(files), trust=[self.authority.root])

    def judge_document(self, document: dict[str, Any] | bytes, extra: Mapping[str, bytes] | None = None) -> Verdict:
        """The verdict on a pass whose only peculiarity is its content."""
        return self.judge(self.files(document, extra))


def codes(verdict: Verdict, *severities: str) -> list[str]:
    """The codes of the findings of these severities, or of all."""
    return [finding.code for finding in verdict.findings if not severities or finding.severity in severities]


@pytest.fixture(scope="session")
def authority() -> Authority:
    return create_authority()


@pytest.fixture(scope="session")
def issued(authority: Authority) -> IssuedCertificate:
    return authority.issue_pass_certificate(PASS_TYPE, TEAM)


@pytest.fixture(scope="session")
def issued_nfc(authority: Authority) -> IssuedCertificate:
    return authority.issue_pass_certificate(PASS_TYPE, TEAM, nfc=True)


@pytest.fixture(scope="session")
def identity(authority: Authority, issued: IssuedCertificate) -> AppleIdentity:
    found = examine([issued.certificate_pem(), issued.key_pem()], trust=[authority.root, authority.intermediate])
    assert found.identity is not None
    return found.identity


@pytest.fixture(scope="session")
def issuer(authority: Authority, identity: AppleIdentity) -> Issuer:
    return Issuer(authority, identity.signer())


@pytest.fixture(scope="session")
def nfc_issuer(authority: Authority, issued_nfc: IssuedCertificate) -> Issuer:
    return Issuer(authority, Signer(issued_nfc.key, issued_nfc.certificate, issued_nfc.issuer))
