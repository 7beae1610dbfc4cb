"""Which packages the device takes: each rule broken once, with real certificates and signatures."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerelle.emulators.apple_ca import Authority, create_authority
from passerelle.emulators.apple_device import PassRefused, Trust, open_package
from passerelle.emulators.apple_device.signature import SignatureRefused
from passerelle.emulators.apple_device.strings import read_strings

NOW = datetime.now(UTC) + timedelta(hours=1)  # this is read long before the last test signs something
Make = Callable[..., Any]


def test_a_good_pass_is_taken(signer: Any, trust: Trust, make_pass_json: Make) -> None:
    files = {"logo.png": b"logo", "fr.lproj/pass.strings": '"Points" = "Points de fidélité";'.encode()}
    package = open_package(signer.package(make_pass_json(12), files), trust, NOW)
    assert (package.pass_type_identifier, package.serial_number) == ("pass.example.loyalty", "card-1")
    assert package.style == "storeCard"
    assert package.fields()["points"]["value"] == 12
    assert set(package.images) == {"icon.png", "logo.png"}
    assert package.translate("Points", "fr-MA") == "Points de fidélité"
    assert package.translate("Points", "en") == "Points"
    assert package.web_service_url is None


BAD_JSON: dict[str, tuple[dict[str, Any], str]] = {
    "format version": ({"formatVersion": 2}, "formatVersion"),
    "no serial": ({"serialNumber": ""}, "serialNumber"),
    "no organization": ({"organizationName": None}, "organizationName"),
    "two styles": ({"coupon": {}}, "one style"),
    "url without token": ({"webServiceURL": "https://a.example"}, "come together"),
    "token without url": ({"authenticationToken": "x" * 16}, "come together"),
    "short token": ({"webServiceURL": "https://a.example", "authenticationToken": "x" * 15}, "16 characters"),
    "ftp": ({"webServiceURL": "ftp://a.example", "authenticationToken": "x" * 16}, "https"),
    "token with a line break": (
        {"webServiceURL": "https://a.example", "authenticationToken": "x" * 16 + "\r\n"},
        "ASCII",
    ),
    "field without value": ({"storeCard": {"backFields": [{"key": "a"}]}}, "key and a value"),
    "key twice": (
        {"storeCard": {"backFields": [{"key": "a", "value": 1}], "headerFields": [{"key": "a", "value": 2}]}},
        "used twice",
    ),
    "other pass type": ({"passTypeIdentifier": "pass.example.other"}, "another pass type"),
    "other team": ({"teamIdentifier": "OTHERTEAM1"}, "another team"),
    "nfc without permission": ({"nfc": {"message": "x"}}, "NFC"),
}


@pytest.mark.parametrize(("changes", "rule"), BAD_JSON.values(), ids=BAD_JSON)
def test_pass_json(signer: Any, trust: Trust, make_pass_json: Make, changes: dict[str, Any], rule: str) -> None:
    with pytest.raises(PassRefused, match=rule):
        open_package(signer.package(make_pass_json(**changes)), trust, NOW)


def test_http_is_for_developers(signer: Any, trust: Trust, make_pass_json: Make) -> None:
    data = signer.package(make_pass_json(webServiceURL="http://a.example", authenticationToken="x" * 16))
    assert open_package(data, trust, NOW).web_service_url == "http://a.example"
    with pytest.raises(PassRefused, match="https"):
        open_package(data, trust, NOW, allow_http=False)


def _parts(signer: Any, content: dict[str, Any]) -> dict[str, bytes]:
    files = {"pass.json": json.dumps(content).encode(), "icon.png": b"icon"}
    hashes = {name: hashlib.sha1(data).hexdigest() for name, data in files.items()}  # noqa: S324  Apple's manifest is SHA-1
    manifest = json.dumps(hashes).encode()
    return {**files, "manifest.json": manifest, "signature": signer.sign(manifest)}


BREAKS: dict[str, tuple[Callable[[dict[str, bytes]], object], str]] = {
    "no pass.json": (lambda files: files.pop("pass.json"), "pass.json is missing"),
    "no manifest": (lambda files: files.pop("manifest.json"), "manifest.json is missing"),
    "no signature": (lambda files: files.pop("signature"), "signature is missing"),
    "file not in manifest": (lambda files: files.update({"extra.png": b"x"}), "differ in extra.png"),
    "file gone": (lambda files: files.pop("icon.png"), "differ in icon.png"),
    "file changed": (lambda files: files.update({"icon.png": b"other"}), "hash of icon.png"),
    "manifest changed": (
        lambda files: files.update({"manifest.json": files["manifest.json"] + b" "}),
        "another manifest",
    ),
    "signature is text": (lambda files: files.update({"signature": b"signed"}), "signature"),
    "signature is empty": (lambda files: files.update({"signature": b""}), "signature"),
    "signature cut": (lambda files: files.update({"signature": files["signature"][:-1]}), "signature"),
    "signature changed": (
        lambda files: files.update({"signature": files["signature"][:-1] + bytes([files["signature"][-1] ^ 1])}),
        "does not match",
    ),
    "manifest is a list": (lambda files: files.update({"manifest.json": b"[]"}), "not an object"),
}


@pytest.mark.parametrize(("break_it", "rule"), BREAKS.values(), ids=BREAKS)
def test_package(
    *,
    signer: Any,
    trust: Trust,
    make_pass_json: Make,
    make_zip: Make,
    break_it: Callable[[dict[str, bytes]], object],
    rule: str,
) -> None:
    files = _parts(signer, make_pass_json())
    assert open_package(make_zip(files), trust, NOW)
    break_it(files)
    with pytest.raises(PassRefused, match=rule):
        open_package(make_zip(files), trust, NOW)


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip", b"x" * (21 * 1024 * 1024)], ids=len)
def test_what_is_no_zip(trust: Trust, data: bytes) -> None:
    with pytest.raises(PassRefused, match="zip"):
        open_package(data, trust, NOW)


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        ("expired", "not valid"),
        ("not_yet_valid", "not valid"),
        ("wrong_team", "another team"),
        ("wrong_pass_type", "another pass type"),
        ("key_mismatch", "does not match"),
        ("forged_issuer", "trusted root"),
        ("no_pass_extension", "not a Pass Type ID"),
        ("no_pass_usage", "may not sign"),
    ],
)
def test_certificates(
    *, apple: Authority, trust: Trust, make_signer: Make, make_pass_json: Make, fault: Any, rule: str
) -> None:
    signer = make_signer(apple.issue_pass_certificate("pass.example.loyalty", "TEAM123456", fault=fault))
    with pytest.raises(PassRefused, match=rule):
        open_package(signer.package(make_pass_json()), trust, NOW)


def test_nfc_needs_a_certificate_for_it(
    apple: Authority, trust: Trust, make_signer: Make, make_pass_json: Make
) -> None:
    signer = make_signer(apple.issue_pass_certificate("pass.example.loyalty", "TEAM123456", nfc=True))
    assert open_package(signer.package(make_pass_json(nfc={"message": "x"})), trust, NOW)


def test_another_root_is_not_trusted(signer: Any, make_pass_json: Make) -> None:
    other = Trust.from_pem(create_authority().root_pem())
    with pytest.raises(PassRefused, match="trusted root"):
        open_package(signer.package(make_pass_json()), other, NOW)


def test_the_intermediate_must_be_embedded(signer: Any, trust: Trust, make_pass_json: Make, make_zip: Make) -> None:
    files = _parts(signer, make_pass_json())
    files["signature"] = signer.sign(files["manifest.json"], embed=False)
    with pytest.raises(PassRefused, match="intermediate"):
        open_package(make_zip(files), trust, NOW)


def test_a_signature_from_the_future(signer: Any, trust: Trust, make_pass_json: Make) -> None:
    with pytest.raises(PassRefused, match="future"):
        open_package(signer.package(make_pass_json()), trust, NOW - timedelta(days=1))


@pytest.mark.filterwarnings("ignore:Parsed a serial number")  # a damaged one may be negative
@settings(max_examples=300)
@given(st.data())
def test_a_damaged_signature_is_refused_and_nothing_else_happens(
    signer: Any, trust: Trust, data: st.DataObject
) -> None:
    manifest = b'{"pass.json": "0"}'
    signature = bytearray(_signature_of(signer, manifest))
    position = data.draw(st.integers(0, len(signature) - 1))
    signature[position] ^= data.draw(st.integers(1, 255))
    try:
        trust.verify(bytes(signature), manifest, NOW)
    except SignatureRefused:
        return
    # Some bytes carry no meaning here: the digest list, the algorithm's NULL, the unused certificate.
    assert trust.verify(bytes(signature), manifest, NOW).pass_type_identifier == "pass.example.loyalty"


_SIGNATURES: dict[bytes, bytes] = {}


def _signature_of(signer: Any, manifest: bytes) -> bytes:
    if manifest not in _SIGNATURES:
        _SIGNATURES[manifest] = signer.sign(manifest)
    return _SIGNATURES[manifest]


STRINGS: list[tuple[bytes, dict[str, str]]] = [
    (b"", {}),
    (b'"a" = "b";', {"a": "b"}),
    ('"clé" = "été";'.encode(), {"clé": "été"}),
    ('"a" = "نقاط";'.encode("utf-16"), {"a": "نقاط"}),
    ('"a" = "نقاط";'.encode("utf-16-be"), {"a": "نقاط"}),
    ('"a" = "نقاط";'.encode("utf-16-le"), {"a": "نقاط"}),
    (b'/* one */ "a"="b" ;\n// two\n"c" = "d";\n/* end */', {"a": "b", "c": "d"}),
    (rb'"q\"uote" = "line\nbreak \\ \U0041";', {'q"uote': "line\nbreak \\ A"}),
]


@pytest.mark.parametrize(("data", "entries"), STRINGS)
def test_strings_files(data: bytes, entries: dict[str, str]) -> None:
    assert read_strings(data) == entries


@pytest.mark.parametrize("data", [b'"a" = "b"', b"a = b;", b'"a" "b";', b'"a" = "b"; x', b"\xff\xff\xff"])
def test_strings_files_that_cannot_be_read(data: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_strings(data)


def test_a_pass_with_unreadable_strings_is_refused(signer: Any, trust: Trust, make_pass_json: Make) -> None:
    with pytest.raises(PassRefused, match=r"pass\.strings"):
        open_package(signer.package(make_pass_json(), {"fr.lproj/pass.strings": b"nonsense"}), trust, NOW)
