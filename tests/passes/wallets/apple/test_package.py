"""The archive is a zip that everyone opens, the same bytes for the same card, and refuses what no pass holds."""

import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerelle.kit import clock
from passerelle.kit.errors import Refusal
from passerelle.passes.wallets.apple import package
from passerelle.passes.wallets.apple.certificates import AppleIdentity
from passerelle.passes.wallets.apple.errors import (
    BundleSizeRefused,
    FileNameRefused,
    FilesTooLarge,
    FileTwiceInPackage,
    TooManyFiles,
)
from passerelle.passes.wallets.apple.package import StaticArchive, StaticFile, bundle, pass_strings
from passerelle.passes.wallets.apple.signing import Signer
from passerelle.passes.wallets.apple.verify import judge
from tests.passes.wallets.apple.conftest import Issuer, plain_images, png, store_card

INSTANT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
PASS_JSON = b'{"formatVersion":1}'


@pytest.fixture(scope="module")
def signer(identity: AppleIdentity) -> Signer:
    return identity.signer()


@pytest.fixture(scope="module")
def archive() -> StaticArchive:
    strings = pass_strings({"points": "Points", "balance": "Solde de votre carte", "tier": "Votre niveau actuel"})
    return StaticArchive.build({**plain_images(), "strip.png": png(375, 123), "fr.lproj/pass.strings": strings * 3})


def contents(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        assert opened.testzip() is None
        names = opened.namelist()
        assert len(names) == len(set(names))
        return {name: opened.read(name) for name in names}


def test_python_opens_it(archive: StaticArchive, signer: Signer) -> None:
    found = contents(archive.pack(PASS_JSON, signer))
    assert found.keys() == archive.names | {"pass.json", "manifest.json", "signature"}
    assert found["pass.json"] == PASS_JSON
    assert found["strip.png"] == png(375, 123)


def test_the_manifest_lists_every_file_by_its_sha1(archive: StaticArchive, signer: Signer) -> None:
    found = contents(archive.pack(PASS_JSON, signer))
    listed = json.loads(found.pop("manifest.json"))
    del found["signature"]
    assert listed == {name: hashlib.sha1(data).hexdigest() for name, data in found.items()}  # noqa: S324  Apple's manifests are SHA-1


@pytest.mark.skipif(shutil.which("unzip") is None, reason="unzip is not installed")
def test_unzip_opens_it(archive: StaticArchive, signer: Signer, tmp_path: Path) -> None:
    path = tmp_path / "card.pkpass"
    path.write_bytes(archive.pack(PASS_JSON, signer, [StaticFile("العربية.lproj/logo.png", png(10, 10))]))
    checked = subprocess.run(["unzip", "-t", path], capture_output=True, text=True, check=False, timeout=10)
    assert checked.returncode == 0, checked.stdout
    assert "No errors detected" in checked.stdout


def test_the_same_card_is_the_same_bytes(archive: StaticArchive, signer: Signer) -> None:
    with clock.frozen(INSTANT):
        first = archive.pack(PASS_JSON, signer)
    with clock.frozen(INSTANT.replace(minute=1)):
        later = archive.pack(PASS_JSON, signer)
        assert archive.pack(PASS_JSON, signer) == later
    different = {name for name, data in contents(first).items() if contents(later)[name] != data}
    assert different == {"signature"}


def test_a_ready_mapping_is_written_compactly(archive: StaticArchive, signer: Signer) -> None:
    found = contents(archive.pack({"description": "Café"}, signer))
    assert found["pass.json"] == '{"description":"Café"}'.encode()


def test_texts_are_deflated_and_images_stored(archive: StaticArchive, signer: Signer) -> None:
    noise = StaticFile("logo.png", b"".join(hashlib.sha256(bytes([number])).digest() for number in range(64)))
    with zipfile.ZipFile(io.BytesIO(archive.pack(PASS_JSON, signer, [noise]))) as opened:
        assert opened.getinfo("fr.lproj/pass.strings").compress_type == zipfile.ZIP_DEFLATED
        assert opened.getinfo("logo.png").compress_type == zipfile.ZIP_STORED


def test_a_strip_of_its_own_is_shared_by_cards(archive: StaticArchive, signer: Signer) -> None:
    seven = StaticFile("strip.png", png(375, 100))
    for serial_number in (b"1", b"2"):
        found = contents(archive.pack(b'{"serialNumber":"' + serial_number + b'"}', signer, [seven]))
        assert found["strip.png"] == png(375, 100)
    assert contents(archive.pack(PASS_JSON, signer))["strip.png"] == png(375, 123)


def test_the_checker_finds_nothing(archive: StaticArchive, issuer: Issuer) -> None:
    extra = [StaticFile("logo.png", png(100, 50))]
    verdict = judge(archive.pack(store_card(), issuer.signer, extra), trust=[issuer.authority.root])
    assert verdict.findings == ()


@pytest.mark.parametrize(
    "name",
    [
        "", "/icon.png", "../icon.png", "a/../b.png", "a//b.png", "a/", ".", "a\\b.png", "C:icon.png", "a\nb",
        "pass.json", "manifest.json", "signature", "x" * 201, "\ud800.png",
    ],
)  # fmt: skip
def test_names_that_no_pass_holds(name: str) -> None:
    with pytest.raises(FileNameRefused):
        StaticFile(name, b"")


@pytest.mark.parametrize("name", ["icon.png", "fr.lproj/pass.strings", "a..b.png", ".hidden", "été.png", "...x"])
def test_names_that_a_pass_may_hold(name: str) -> None:
    assert StaticFile(name, b"").name == name


def test_the_same_file_twice(archive: StaticArchive, signer: Signer) -> None:
    logo = StaticFile("logo.png", b"")
    with pytest.raises(FileTwiceInPackage):
        StaticArchive([logo, logo])
    with pytest.raises(FileTwiceInPackage):
        archive.pack(PASS_JSON, signer, [logo, logo])


def test_limits() -> None:
    with pytest.raises(TooManyFiles):
        StaticArchive.build({f"{number}.png": b"" for number in range(package.ENTRY_LIMIT + 1)})
    with pytest.raises(FilesTooLarge):
        StaticFile("icon.png", b"x" * (package.SIZE_LIMIT_BYTES + 1))
    with pytest.raises(FilesTooLarge):
        StaticArchive([StaticFile(f"{number}.png", b"x" * 7_000_000) for number in range(3)])


def test_bundle(archive: StaticArchive, signer: Signer) -> None:
    cards = [archive.pack(PASS_JSON, signer) for _ in range(10)]
    assert list(contents(bundle(cards)).values()) == cards


@pytest.mark.parametrize("cards", [[], [b""] * 11, [b"x" * 80_000_000] * 2])
def test_bundles_beyond_the_limits(cards: list[bytes]) -> None:
    with pytest.raises(BundleSizeRefused):
        bundle(cards)


def test_refusals_speak_every_language() -> None:
    refusal: Refusal = FilesTooLarge(limit_bytes=5, size_bytes=6)
    assert [refusal.sentence(language).count("6") for language in ("en", "fr", "ar")] == [1, 1, 1]


@settings(deadline=None, max_examples=50)
@given(
    st.dictionaries(st.from_regex(r"[a-zé]{1,8}(\.lproj/[a-z]{1,4})?\.png", fullmatch=True), st.binary(max_size=500)),
    st.binary(max_size=2_000),
)
def test_whatever_the_files(identity: AppleIdentity, files: dict[str, bytes], pass_json: bytes) -> None:
    found = contents(StaticArchive.build(files).pack(pass_json, identity.signer()))
    assert {name: found[name] for name in files} == files
    assert found["pass.json"] == pass_json
    assert json.loads(found["manifest.json"]).keys() == {*files, "pass.json"}
