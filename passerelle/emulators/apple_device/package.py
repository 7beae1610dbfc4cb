"""Opens a ``.pkpass``: zip, manifest with SHA-1 hashes, signature, and the rules of ``pass.json`` itself."""

import hashlib
import io
import json
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from passerelle.emulators.apple_device.signature import SignatureRefused, Trust
from passerelle.emulators.apple_device.strings import read_strings

STYLES: Final = ("boardingPass", "coupon", "eventTicket", "generic", "storeCard", "posterGeneric")
FIELD_GROUPS: Final = (
    "headerFields",
    "primaryFields",
    "secondaryFields",
    "auxiliaryFields",
    "backFields",
    "additionalInfoFields",
    "footerFields",
)
_REQUIRED: Final = ("passTypeIdentifier", "serialNumber", "teamIdentifier", "organizationName", "description")
_UNSIGNED: Final = frozenset({"manifest.json", "signature"})
_MAX_PACKAGE_BYTES: Final = 20 * 1024 * 1024
_MAX_UNPACKED_BYTES: Final = 50 * 1024 * 1024
_MAX_FILES: Final = 500
_MIN_TOKEN_CHARACTERS: Final = 16
_IMAGE: Final = re.compile(r"(?:.*/)?[^/]+\.png", re.IGNORECASE)


class PassRefused(Exception):
    """The device does not take this pass; the message is the rule."""


@dataclass(frozen=True, slots=True)
class PassPackage:
    """A pass that the device accepted, or whose ``pass.json`` it read when told not to look closer."""

    pass_json: dict[str, Any]
    files: dict[str, bytes] = field(repr=False)
    manifest: bytes = field(repr=False)
    translations: dict[str, dict[str, str]] = field(repr=False)

    @property
    def pass_type_identifier(self) -> str:
        return str(self.pass_json["passTypeIdentifier"])

    @property
    def serial_number(self) -> str:
        return str(self.pass_json["serialNumber"])

    @property
    def authentication_token(self) -> str | None:
        token = self.pass_json.get("authenticationToken")
        return str(token) if token is not None else None

    @property
    def web_service_url(self) -> str | None:
        url = self.pass_json.get("webServiceURL")
        return str(url).rstrip("/") if url is not None else None

    @property
    def style(self) -> str:
        return next(style for style in STYLES if style in self.pass_json)

    @property
    def images(self) -> dict[str, bytes]:
        return {name: data for name, data in self.files.items() if _IMAGE.fullmatch(name)}

    def fields(self) -> dict[str, dict[str, Any]]:
        """All fields by key, in the order of the groups."""
        content = self.pass_json[self.style]
        found = [each for group in FIELD_GROUPS for each in content.get(group) or []]
        return {str(each["key"]): each for each in found}

    def translate(self, text: str, language: str) -> str:
        """The text in the device's language, or as it is when there is no translation."""
        for tag in (language, language.partition("-")[0]):
            translated = self.translations.get(tag.lower(), {}).get(text)
            if translated is not None:
                return translated
        return text


def open_package(data: bytes, trust: Trust, now: datetime, *, allow_http: bool = True) -> PassPackage:
    """Check all that the device checks when a pass is added; ``PassRefused`` names the first broken rule.

    ``allow_http`` is the developer setting of the same name: web services without TLS.
    """
    files = _unpack(data)
    manifest = _check_manifest(files)
    pass_json = _read_pass(files.get("pass.json"))
    _check_pass(pass_json, files, allow_http=allow_http)
    try:
        signer = trust.verify(files["signature"], manifest, now)
    except SignatureRefused as error:
        raise PassRefused(f"signature: {error}") from error
    if signer.pass_type_identifier != pass_json["passTypeIdentifier"]:
        raise PassRefused("signature: the certificate is of another pass type identifier")
    if signer.team_identifier != pass_json["teamIdentifier"]:
        raise PassRefused("signature: the certificate is of another team")
    if "nfc" in pass_json and not signer.may_use_nfc:
        raise PassRefused("nfc: the certificate is not enabled for NFC")
    return PassPackage(pass_json, files, manifest, _translations(files))


def glance(data: bytes) -> PassPackage:
    """Only what ``pass.json`` says, unverified and without files: for load tests with many devices."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            pass_json = _read_pass(_content(archive, archive.getinfo("pass.json")))
            manifest = _content(archive, archive.getinfo("manifest.json"))
    except (zipfile.BadZipFile, KeyError, zlib.error, RuntimeError) as error:
        raise PassRefused("zip: it cannot be read") from error
    return PassPackage(pass_json, {}, manifest, {})


def _unpack(data: bytes) -> dict[str, bytes]:
    if len(data) > _MAX_PACKAGE_BYTES:
        raise PassRefused("zip: the package is too large")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            names = [entry.filename for entry in entries]
            if len(names) != len(set(names)) or len(names) > _MAX_FILES:
                raise PassRefused("zip: too many files, or one twice")
            if sum(entry.file_size for entry in entries) > _MAX_UNPACKED_BYTES:
                raise PassRefused("zip: the content is too large")
            return {entry.filename: _content(archive, entry) for entry in entries}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise PassRefused("zip: it cannot be read") from error


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if entry.file_size > _MAX_UNPACKED_BYTES:
        raise PassRefused("zip: a file is too large")
    with archive.open(entry) as content:
        return content.read(entry.file_size + 1)


def _check_manifest(files: dict[str, bytes]) -> bytes:
    for name in ("pass.json", *sorted(_UNSIGNED)):
        if name not in files:
            raise PassRefused(f"package: {name} is missing")
    listed = _object(files["manifest.json"], "manifest.json")
    present = files.keys() - _UNSIGNED
    if listed.keys() != present:
        different = sorted(listed.keys() ^ present)[:5]
        raise PassRefused(f"manifest.json: files and manifest differ in {', '.join(different)}")
    for name in present:
        if listed[name] != hashlib.sha1(files[name], usedforsecurity=False).hexdigest():
            raise PassRefused(f"manifest.json: the hash of {name} is wrong")
    return files["manifest.json"]


def _read_pass(data: bytes | None) -> dict[str, Any]:
    if data is None:
        raise PassRefused("package: pass.json is missing")
    pass_json = _object(data, "pass.json")
    if pass_json.get("formatVersion") != 1:
        raise PassRefused("pass.json: formatVersion must be 1")
    for key in _REQUIRED:
        if not isinstance(pass_json.get(key), str) or not pass_json[key]:
            raise PassRefused(f"pass.json: {key} is missing")
    styles = [style for style in STYLES if style in pass_json]
    if len(styles) != 1 or not isinstance(pass_json[styles[0]], dict):
        raise PassRefused("pass.json: exactly one style is needed")
    return pass_json


def _check_pass(pass_json: dict[str, Any], files: dict[str, bytes], *, allow_http: bool) -> None:
    if not any(re.fullmatch(r"(?:[^/]+\.lproj/)?icon(?:@[23]x)?\.png", name) for name in files):
        raise PassRefused("package: an icon is missing")
    content = pass_json[next(style for style in STYLES if style in pass_json)]
    fields = [each for group in FIELD_GROUPS for each in content.get(group) or []]
    if not all(isinstance(each, dict) and isinstance(each.get("key"), str) and "value" in each for each in fields):
        raise PassRefused("pass.json: each field needs a key and a value")
    if len({each["key"] for each in fields}) != len(fields):
        raise PassRefused("pass.json: a field key is used twice")
    token, url = pass_json.get("authenticationToken"), pass_json.get("webServiceURL")
    if (token is None) != (url is None):
        raise PassRefused("pass.json: webServiceURL and authenticationToken come together")
    if url is None:
        return
    if not isinstance(token, str) or len(token) < _MIN_TOKEN_CHARACTERS:
        raise PassRefused("pass.json: authenticationToken is shorter than 16 characters")
    if not all(text.isascii() and text.isprintable() and " " not in text for text in (token, str(url))):
        raise PassRefused("pass.json: webServiceURL and authenticationToken are printable ASCII")
    parts = urlsplit(str(url))
    if parts.scheme not in ({"https", "http"} if allow_http else {"https"}) or not parts.hostname:
        raise PassRefused("pass.json: webServiceURL must be an https URL")


def _translations(files: dict[str, bytes]) -> dict[str, dict[str, str]]:
    try:
        return {
            name.split(".lproj/")[0].lower(): read_strings(data)
            for name, data in files.items()
            if name.endswith(".lproj/pass.strings")
        }
    except ValueError as error:
        raise PassRefused(f"pass.strings: {error}") from error


def _object(data: bytes, name: str) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise PassRefused(f"{name}: it is not JSON") from error
    if not isinstance(value, dict):
        raise PassRefused(f"{name}: it is not an object")
    return value
