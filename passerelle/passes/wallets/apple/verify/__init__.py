"""Judges a finished ``.pkpass``, one's own or a stranger's, as strictly as Wallet and more talkatively.

Apple's own checks stand here as Apple has them (errors and warnings of its open-source pass builder), beside
the signature, the manifest and the limits of the format. Whatever the bytes are, the answer is a verdict.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cryptography import x509

from passerelle.kit import clock
from passerelle.passes.wallets.apple import leaf
from passerelle.passes.wallets.apple.findings import Finding, Rule
from passerelle.passes.wallets.apple.localization import MalformedStrings, read_pass_strings
from passerelle.passes.wallets.apple.schema import PassDocument, Personalization
from passerelle.passes.wallets.apple.verify.archive import open_package
from passerelle.passes.wallets.apple.verify.barcodes import check_barcodes
from passerelle.passes.wallets.apple.verify.cms import CmsSignature
from passerelle.passes.wallets.apple.verify.document import check_document, style_of
from passerelle.passes.wallets.apple.verify.fields import check_fields
from passerelle.passes.wallets.apple.verify.images import check_images, images_in
from passerelle.passes.wallets.apple.verify.key_types import check_types
from passerelle.passes.wallets.apple.verify.layouts import check_layouts
from passerelle.passes.wallets.apple.verify.manifest import check_manifest
from passerelle.passes.wallets.apple.verify.nfc import check_nfc, check_personalization
from passerelle.passes.wallets.apple.verify.reading import read_json, text
from passerelle.passes.wallets.apple.verify.signature import (
    UNREADABLE,
    check_names,
    check_signature,
    read_signature,
)

__all__ = ["Verdict", "check_content", "judge"]

STRINGS_UNREADABLE: Final = Rule(
    "error",
    "strings_unreadable",
    '{name} cannot be read: write lines of the form "key" = "value"; in UTF-8 or UTF-16.',
    '{name} est illisible : écrivez des lignes de la forme "clé" = "valeur"; en UTF-8 ou UTF-16.',
    'لا يمكن قراءة {name}: اكتب أسطرًا بالصيغة "key" = "value"; بترميز UTF-8 أو UTF-16.',
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a pass is, as far as it could be read, and everything that was found."""

    findings: tuple[Finding, ...]
    style: str | None = None
    pass_type_identifier: str | None = None
    team_identifier: str | None = None
    serial_number: str | None = None
    description: str | None = None
    signed_at: datetime | None = None
    file_names: tuple[str, ...] = ()

    @property
    def is_valid(self) -> bool:
        """Whether nothing was found that makes Wallet refuse the pass; warnings may remain."""
        return not any(finding.severity == "error" for finding in self.findings)


def judge(data: bytes, *, trust: Sequence[x509.Certificate] = ()) -> Verdict:
    """The verdict on the bytes of a ``.pkpass``; never raises for what is in them.

    ``trust`` holds authorities beside Apple's whose passes are to be believed, such as the emulator's root.
    """
    opened = open_package(data)
    findings, files, now = list(opened.findings), opened.files, clock.now()
    signature = read_signature(files["signature"]) if "signature" in files else None
    if "signature" in files and signature is None:
        findings.append(UNREADABLE.at("signature"))
    manifest = _read("manifest.json", files, findings)
    document = _read("pass.json", files, findings)
    if manifest is not None:
        findings += check_manifest(manifest, files)
    if signature is not None and "manifest.json" in files:
        findings += check_signature(signature, files["manifest.json"], trust=trust, now=now)
    findings += _check_strings(files)
    if document is None:
        return Verdict(tuple(findings), signed_at=_signed_at(signature), file_names=tuple(files))
    findings += check_content(document, files, now=now, certificate_allows_nfc=_allows_nfc(signature))
    if signature is not None and signature.signer is not None:
        findings += check_names(signature.signer, document)
    personalization = _read("personalization.json", files, findings)
    if personalization is not None:
        findings += check_types("personalization.json", personalization, Personalization)
        findings += check_personalization(personalization, document, files)
    return Verdict(
        findings=tuple(findings),
        style=style_of(document),
        pass_type_identifier=text(document, "passTypeIdentifier"),
        team_identifier=text(document, "teamIdentifier"),
        serial_number=text(document, "serialNumber"),
        description=text(document, "description"),
        signed_at=_signed_at(signature),
        file_names=tuple(files),
    )


def check_content(
    document: dict[str, Any],
    files: Mapping[str, bytes],
    *,
    now: datetime,
    certificate_allows_nfc: bool | None = None,
) -> list[Finding]:
    """The rules of pass.json with its images, without archive and signature: for a template before it is used."""
    return [
        *check_types("pass.json", document, PassDocument),
        *check_document(document, now),
        *check_fields(document),
        *check_barcodes(document),
        *check_nfc(document, certificate_allows=certificate_allows_nfc),
        *check_layouts(document, images_in(files)),
        *check_images(files, document),
    ]


def _read(name: str, files: Mapping[str, bytes], findings: list[Finding]) -> dict[str, Any] | None:
    if name not in files:
        return None
    content, faults = read_json(name, files[name])
    findings += faults
    return content


def _check_strings(files: Mapping[str, bytes]) -> Iterator[Finding]:
    for name, data in files.items():
        if name.endswith(".lproj/pass.strings"):
            try:
                read_pass_strings(data)
            except MalformedStrings:
                yield STRINGS_UNREADABLE.at(name, name=name)


def _allows_nfc(signature: CmsSignature | None) -> bool | None:
    if signature is None or signature.signer is None:
        return None
    return leaf.is_nfc_capable(signature.signer)


def _signed_at(signature: CmsSignature | None) -> datetime | None:
    return None if signature is None else signature.signing_time
