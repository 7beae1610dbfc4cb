"""The check of finished passes: archive, manifest and signature, each broken in turn."""

import io
import json
import struct
import subprocess
import zipfile
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from passerelle.emulators.apple_ca import Authority, Fault, IssuedCertificate, create_authority
from passerelle.kit import clock
from passerelle.passes.wallets.apple import der, wwdr
from passerelle.passes.wallets.apple.signing import Signer
from passerelle.passes.wallets.apple.verify import archive, cms, judge
from tests.passes.wallets.apple.conftest import (
    PASS_TYPE,
    TEAM,
    Issuer,
    codes,
    manifest_of,
    picture,
    plain_images,
    png,
    store_card,
    zipped,
)

Files = dict[str, bytes]
INSTANT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


class TestSound:
    """Passes without fault, of many makes."""

    @pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
    def test_stored_and_deflated(self, issuer: Issuer, method: int) -> None:
        data = zipped(issuer.files(store_card()), method)
        verdict = judge(data, trust=[issuer.authority.root])
        assert verdict.findings == ()
        assert verdict.is_valid
        assert (verdict.style, verdict.pass_type_identifier, verdict.team_identifier) == (
            "storeCard",
            PASS_TYPE,
            TEAM,
        )
        assert verdict.signed_at is not None

    def test_unknown_keys_are_fine(self, issuer: Issuer) -> None:
        document = store_card(futureKey={"a": [1, None]}, userInfo=[1, "x"])
        document["storeCard"]["headerFields"][0]["futureFieldKey"] = True
        assert codes(issuer.judge_document(document)) == []

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
    def test_strings_of_any_encoding(self, issuer: Issuer, encoding: str) -> None:
        strings = '/* x */ "points" = "Points fidélité";'.encode(encoding)
        assert codes(issuer.judge_document(store_card(), {"fr.lproj/pass.strings": strings})) == []

    def test_a_byte_order_mark_before_the_json(self, issuer: Issuer) -> None:
        assert codes(issuer.judge_document(b"\xef\xbb\xbf" + json.dumps(store_card()).encode())) == []

    def test_bytes_before_the_archive_and_a_comment_behind(self, issuer: Issuer) -> None:
        content = io.BytesIO(b"#!stub\n")
        with zipfile.ZipFile(content, "a") as opened:
            opened.comment = b"made by hand"
            for name, data in issuer.files(store_card()).items():
                opened.writestr(name, data)
            opened.mkdir("fr.lproj")
        assert codes(judge(content.getvalue(), trust=[issuer.authority.root])) == []

    def test_an_entry_whose_sizes_follow_it(self, issuer: Issuer) -> None:
        class Pipe(io.RawIOBase):
            """A target without a way back, for which zipfile writes data descriptors."""

            def __init__(self) -> None:
                self.content = b""

            def writable(self) -> bool:
                return True

            def write(self, data: object) -> int:
                self.content += bytes(data)  # type: ignore[call-overload]  # any buffer
                return len(bytes(data))  # type: ignore[call-overload]  # any buffer

        pipe = Pipe()
        with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as opened:
            for name, data in issuer.files(store_card()).items():
                opened.writestr(name, data)
        assert codes(judge(pipe.content, trust=[issuer.authority.root])) == []

    def test_signed_by_the_openssl_command(self, issued: IssuedCertificate, issuer: Issuer, tmp_path: Path) -> None:
        files = {"pass.json": json.dumps(store_card()).encode(), **plain_images()}
        (tmp_path / "manifest.json").write_bytes(manifest_of(files))
        (tmp_path / "leaf.pem").write_bytes(issued.certificate_pem())
        (tmp_path / "key.pem").write_bytes(issued.key_pem())
        (tmp_path / "wwdr.pem").write_bytes(issuer.authority.intermediate_pem())
        command = (
            "openssl smime -binary -sign -certfile wwdr.pem -signer leaf.pem -inkey key.pem"
            " -in manifest.json -out signature -outform DER -md sha256"
        )
        subprocess.run(command.split(), cwd=tmp_path, check=True, capture_output=True, timeout=10)
        for name in ("manifest.json", "signature"):
            files[name] = (tmp_path / name).read_bytes()
        assert codes(issuer.judge(files)) == []

    def test_signed_with_a_ber_encoding(self, issuer: Issuer) -> None:
        """As BouncyCastle writes it: the outer lengths left open."""
        files = issuer.files(store_card())
        content_type, content = der.read(files["signature"]).children()
        (signed_data,) = content.children()
        opened = b"\x30\x80" + signed_data.content + b"\0\0"
        files["signature"] = b"\x30\x80" + content_type.encoding + b"\xa0\x80" + opened + b"\0\0" + b"\0\0"
        assert codes(issuer.judge(files)) == []


class TestArchive:
    """What is wrong with the zip itself."""

    @pytest.mark.parametrize("data", [b"", b"PK", b"hello", b"\0" * 5_000, b"PK\x05\x06"])
    def test_no_zip(self, data: bytes) -> None:
        assert codes(judge(data)) == ["not_a_zip"]

    @pytest.mark.parametrize("name", ["pass.json", "manifest.json", "signature"])
    def test_required_files(self, issuer: Issuer, name: str) -> None:
        files = issuer.files(store_card())
        del files[name]
        assert "file_missing" in codes(issuer.judge(files), "error")

    def test_the_folder_was_zipped(self, issuer: Issuer) -> None:
        files = {f"card.pass/{name}": data for name, data in issuer.files(store_card()).items()}
        assert codes(issuer.judge(files))[0] == "files_in_folder"

    @pytest.mark.parametrize(
        "name", ["../evil.png", "/etc/passwd", "a/../../b.png", "C:/x.png", "a\\b.png", "./a.png"]
    )
    def test_paths_that_leave_the_pass(self, issuer: Issuer, name: str) -> None:
        assert "unsafe_path" in codes(issuer.judge({**issuer.files(store_card()), name: b"x"}), "error")

    def test_symbolic_links(self, issuer: Issuer) -> None:
        content = io.BytesIO(zipped(issuer.files(store_card())))
        with zipfile.ZipFile(content, "a") as opened:
            link = zipfile.ZipInfo("logo.png")
            link.external_attr = 0o120777 << 16
            opened.writestr(link, "/etc/passwd")
        assert "unsafe_path" in codes(judge(content.getvalue()), "error")

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_the_same_name_twice(self, issuer: Issuer) -> None:
        content = io.BytesIO(zipped(issuer.files(store_card())))
        with zipfile.ZipFile(content, "a") as opened:
            opened.writestr("pass.json", b"{}")
        assert "duplicate_file" in codes(judge(content.getvalue(), trust=[issuer.authority.root]), "error")

    def test_more_entries_than_a_pass_has(self) -> None:
        files = {f"{number}.png": b"" for number in range(archive.ENTRY_LIMIT + 1)}
        assert codes(judge(zipped(files))) == ["package_too_many_files"]

    def test_a_bomb_is_not_unpacked(self) -> None:
        bomb = zipped({f"{number}.png": b"\0" * 30_000_000 for number in range(4)})
        assert len(bomb) < 200_000
        assert "package_bomb" in codes(judge(bomb))

    def test_a_bomb_that_lies_about_its_size(self, issuer: Issuer) -> None:
        honest = zipped({"logo.png": b"\0" * 1_000_000, **issuer.files(store_card())})
        lying = honest.replace(struct.pack("<I", 1_000_000), struct.pack("<I", 10))
        assert "zip_entry_damaged" in codes(judge(lying))

    def test_entries_that_share_their_bytes(self) -> None:
        data = bytearray(zipped({"a.png": b"x" * 10_000, "b.png": b"y"}, zipfile.ZIP_STORED))
        second = data.rfind(b"PK\x01\x02")
        data[second + 20 : second + 28] = struct.pack("<II", 10_000, 10_000)
        data[second + 42 : second + 46] = struct.pack("<I", 0)
        assert codes(judge(bytes(data))) == ["zip_damaged"]

    def test_too_large_to_open(self) -> None:
        assert codes(judge(b"\0" * (archive.SIZE_LIMIT_BYTES + 1))) == ["package_too_large"]

    @pytest.mark.parametrize(
        ("flag", "method", "code"), [(1, 8, "zip_entry_encrypted"), (0, 12, "zip_method_unsupported")]
    )
    def test_kinds_of_entries(self, issuer: Issuer, flag: int, method: int, code: str) -> None:
        data = bytearray(zipped(issuer.files(store_card())))
        first = data.find(b"PK\x01\x02")
        data[first + 8 : first + 12] = struct.pack("<HH", flag, method)
        assert code in codes(judge(bytes(data)), "error")

    def test_a_damaged_entry(self, issuer: Issuer) -> None:
        data = zipped(issuer.files(store_card()), zipfile.ZIP_STORED)
        assert "zip_entry_damaged" in codes(judge(data.replace(b"Loyalty card", b"Loyalty cart")), "error")

    @pytest.mark.parametrize("cut", [10, 50, 200, 2_000])
    def test_a_cut_download(self, issuer: Issuer, cut: int) -> None:
        data = zipped(issuer.files(store_card()))
        assert codes(judge(data[:-cut]), "error")
        assert codes(judge(data[cut:]), "error")


class TestManifest:
    """Manifest and files must say the same."""

    @staticmethod
    def altered(issuer: Issuer, change: Callable[[dict[str, str]], object]) -> Files:
        files = issuer.files(store_card())
        listed = json.loads(files["manifest.json"])
        change(listed)
        files["manifest.json"] = json.dumps(listed).encode()
        return {**files, "signature": issuer.signer.sign_detached(files["manifest.json"])}

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            (lambda listed: listed.update({"logo.png": "0" * 40}), "manifest_file_absent"),
            (lambda listed: listed.pop("icon@2x.png"), "manifest_file_unlisted"),
            (lambda listed: listed.update({"icon.png": "0" * 40}), "manifest_hash_wrong"),
            (lambda listed: listed.update({"icon.png": "0" * 64}), "manifest_hash_sha256"),
            (lambda listed: listed.update({"icon.png": "zz"}), "manifest_hash_unreadable"),
            (lambda listed: listed.update({"icon.png": 5}), "manifest_hash_unreadable"),
        ],
    )
    def test_one_fault(self, issuer: Issuer, change: Callable[[dict[str, str]], object], code: str) -> None:
        assert codes(issuer.judge(self.altered(issuer, change)), "error") == [code]

    def test_capitals_and_its_own_name_do_no_harm(self, issuer: Issuer) -> None:
        def change(listed: dict[str, str]) -> None:
            listed["icon.png"] = listed["icon.png"].upper()
            listed["manifest.json"] = "0" * 40

        assert codes(issuer.judge(self.altered(issuer, change))) == []

    def test_changed_after_signing(self, issuer: Issuer) -> None:
        files = issuer.files(store_card())
        files["manifest.json"] += b" "
        assert codes(issuer.judge(files), "error") == ["manifest_changed"]

    def test_a_file_changed_after_signing(self, issuer: Issuer) -> None:
        files = issuer.files(store_card())
        files["pass.json"] = files["pass.json"].replace(b"120", b"999")
        assert codes(issuer.judge(files), "error") == ["manifest_hash_wrong"]

    @pytest.mark.parametrize("manifest", [b"", b"[]", b"{", b'{"a": NaN}', b"[" * 100_000])
    def test_no_manifest_at_all(self, issuer: Issuer, manifest: bytes) -> None:
        files = issuer.files(store_card())
        files["manifest.json"] = manifest
        assert "not_json" in codes(issuer.judge(files), "error")


class TestSignature:
    """By whom, over what and when."""

    @pytest.mark.parametrize(
        "signature", [b"", b"x", b"\x30\x00", b"-----BEGIN PKCS7-----", b"\x30\x80" * 100, b"\x30" * 600_000]
    )
    def test_no_signature_at_all(self, issuer: Issuer, signature: bytes) -> None:
        files = {**issuer.files(store_card()), "signature": signature}
        assert codes(issuer.judge(files), "error") == ["signature_unreadable"]

    def test_a_signature_of_another_key(self, authority: Authority) -> None:
        forger = authority.issue_pass_certificate(PASS_TYPE, TEAM, fault="key_mismatch")
        signer = Signer(forger.key, forger.certificate, forger.issuer)
        assert codes(Issuer(authority, signer).judge_document(store_card()), "error") == ["signature_wrong"]

    def test_a_stranger_is_not_trusted(self, issuer: Issuer) -> None:
        assert codes(judge(zipped(issuer.files(store_card()))), "error") == ["issuer_untrusted"]
        other = create_authority().root
        assert codes(judge(zipped(issuer.files(store_card())), trust=[other]), "error") == ["issuer_untrusted"]

    @pytest.mark.parametrize(
        ("fault", "errors", "warnings"),
        [
            ("forged_issuer", ["issuer_signature_wrong"], []),
            ("ecdsa_generation", ["wwdr_ecdsa_generation"], []),
            ("expired", ["signed_outside_validity"], []),
            ("not_yet_valid", ["signed_outside_validity"], []),
            ("wrong_team", ["team_not_certified"], []),
            ("wrong_pass_type", ["pass_type_not_certified"], []),
            ("expired_generation", ["signed_outside_validity", "wwdr_expired", "intermediate_expired"], []),
            ("no_pass_extension", [], ["certificate_not_for_passes"]),
            ("no_pass_usage", [], ["certificate_usage_missing"]),
        ],
    )
    def test_certificates(
        self, authority: Authority, issued: IssuedCertificate, fault: Fault, errors: list[str], warnings: list[str]
    ) -> None:
        leaf = authority.issue_pass_certificate(PASS_TYPE, TEAM, fault=fault, key=issued.key)
        issuer = Issuer(authority, Signer(leaf.key, leaf.certificate, leaf.issuer))
        verdict = issuer.judge_document(store_card())
        assert codes(verdict, "error") == errors
        assert codes(verdict, "warning") == warnings

    def test_without_the_intermediate(self, authority: Authority, issued: IssuedCertificate) -> None:
        alone = Issuer(authority, Signer(issued.key, issued.certificate, issued.certificate))
        files = zipped(alone.files(store_card()))
        assert codes(judge(files, trust=[authority.root]), "error") == ["issuer_untrusted"]
        known = judge(files, trust=[authority.root, authority.intermediate])
        assert codes(known, "error") == ["intermediate_missing"]

    def test_without_the_leaf(self, issued: IssuedCertificate, issuer: Issuer) -> None:
        files = issuer.files(store_card())
        leaf = issued.certificate.public_bytes(serialization.Encoding.DER)
        wwdr = issued.issuer.public_bytes(serialization.Encoding.DER)
        signed_data = der.read(files["signature"]).children()[1].children()[0]
        version, digests, content, _, signers = signed_data.children()
        assert leaf in files["signature"]
        parts = (version.encoding, digests.encoding, content.encoding, der.element(der.CONTEXT_0, wwdr))
        changed = der.element(der.SEQUENCE, *parts, signers.encoding)
        files["signature"] = der.element(
            der.SEQUENCE, der.object_identifier("1.2.840.113549.1.7.2"), der.element(der.CONTEXT_0, changed)
        )
        assert codes(issuer.judge(files), "error") == ["signer_certificate_missing"]

    @pytest.mark.parametrize(
        ("options", "expected"),
        [
            ([PKCS7Options.Binary], ["signature_not_detached"]),
            (
                [PKCS7Options.Binary, PKCS7Options.DetachedSignature, PKCS7Options.NoAttributes],
                ["signed_attributes_missing"],
            ),
        ],
    )
    def test_other_ways_to_sign(
        self, issuer: Issuer, issued: IssuedCertificate, options: list[PKCS7Options], expected: list[str]
    ) -> None:
        files = issuer.files(store_card())
        files["signature"] = (
            PKCS7SignatureBuilder()
            .set_data(files["manifest.json"])
            .add_signer(issued.certificate, issued.key, hashes.SHA256())
            .add_certificate(issued.issuer)
            .sign(serialization.Encoding.DER, options)
        )
        assert codes(issuer.judge(files), "error") == expected

    def test_without_signing_time(self, issuer: Issuer, issued: IssuedCertificate) -> None:
        files = issuer.files(store_card())
        signature = _signed_again(files["signature"], issued, leave_out="1.2.840.113549.1.9.5")
        assert codes(issuer.judge({**files, "signature": signature}), "error") == ["signing_time_missing"]

    def test_without_digest(self, issuer: Issuer, issued: IssuedCertificate) -> None:
        files = issuer.files(store_card())
        signature = _signed_again(files["signature"], issued, leave_out="1.2.840.113549.1.9.4")
        assert codes(issuer.judge({**files, "signature": signature}), "error") == ["signed_attributes_missing"]

    def test_sha1_is_old_but_read(self, issuer: Issuer, issued: IssuedCertificate, tmp_path: Path) -> None:
        files = issuer.files(store_card())
        for name, content in {
            "m": files["manifest.json"],
            "leaf.pem": issued.certificate_pem(),
            "key.pem": issued.key_pem(),
            "wwdr.pem": issuer.authority.intermediate_pem(),
        }.items():
            (tmp_path / name).write_bytes(content)
        command = "openssl smime -binary -sign -certfile wwdr.pem -signer leaf.pem -inkey key.pem -md sha1"
        made = subprocess.run(
            [*command.split(), "-in", "m", "-outform", "DER"],
            cwd=tmp_path,
            check=True,
            capture_output=True,
            timeout=10,
        )
        verdict = issuer.judge({**files, "signature": made.stdout})
        assert (codes(verdict, "error"), codes(verdict, "warning")) == ([], ["signature_sha1"])

    @pytest.mark.parametrize("apples", [True, False])
    def test_old_certificates_signed_with_sha1(
        self,
        authority: Authority,
        issued: IssuedCertificate,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        apples: bool,  # noqa: FBT001  a parameter of the test
    ) -> None:
        """Only Apple's former issuers, known by fingerprint, are believed with SHA-1."""
        leaf = x509.load_pem_x509_certificate(_certified_with_sha1(authority, issued, tmp_path))
        if apples:
            monkeypatch.setattr(wwdr, "_EXPIRED_ISSUERS", {wwdr.fingerprint(authority.intermediate)})
            monkeypatch.setattr(wwdr, "_APPLE_ISSUERS", {wwdr.fingerprint(authority.intermediate)})
        verdict = Issuer(authority, Signer(issued.key, leaf, issued.issuer)).judge_document(store_card())
        assert codes(verdict) == (["signed_below_expired_wwdr"] if apples else ["issuer_signature_wrong"])

    def test_expired_since(self, issuer: Issuer, issued: IssuedCertificate) -> None:
        files = issuer.files(store_card())
        with clock.frozen(issued.certificate.not_valid_after_utc + timedelta(days=1)):
            verdict = issuer.judge(files)
        assert codes(verdict) == ["certificate_expired_since"]
        assert verdict.is_valid

    def test_signed_ahead_of_time(self, issuer: Issuer) -> None:
        with clock.frozen(clock.now() + timedelta(days=3)):
            files = issuer.files(store_card())
        assert codes(issuer.judge(files)) == ["signing_time_ahead"]

    def test_names_must_be_the_certificates(self, issuer: Issuer) -> None:
        document = store_card(passTypeIdentifier="pass.other", teamIdentifier="OTHER00000")
        assert codes(issuer.judge_document(document)) == ["pass_type_not_certified", "team_not_certified"]


def _certified_with_sha1(authority: Authority, issued: IssuedCertificate, folder: Path) -> bytes:
    extensions = f"extendedKeyUsage=1.2.840.113635.100.4.14\n1.2.840.113635.100.6.1.16=ASN1:UTF8String:{PASS_TYPE}\n"
    key = authority.intermediate_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for name, content in {
        "ca.pem": authority.intermediate_pem() + key,
        "key.pem": issued.key_pem(),
        "extensions": extensions.encode(),
    }.items():
        (folder / name).write_bytes(content)
    request = [
        "openssl",
        "req",
        "-new",
        "-key",
        "key.pem",
        "-out",
        "csr",
        "-subj",
        f"/UID={PASS_TYPE}/OU={TEAM}/CN=x",
    ]
    subprocess.run(request, cwd=folder, check=True, capture_output=True, timeout=10)
    sign = "openssl x509 -req -in csr -sha1 -CA ca.pem -set_serial 5 -days 30 -extfile extensions"
    return subprocess.run(sign.split(), cwd=folder, check=True, capture_output=True, timeout=10).stdout


def _signed_again(signature: bytes, issued: IssuedCertificate, leave_out: str) -> bytes:
    """The signature made anew without one of its attributes."""
    content_type, content = der.read(signature).children()
    *before, signers = content.children()[0].children()
    version, identifier, digest, attributes, algorithm, _ = signers.children()[0].children()
    kept = [
        each.encoding for each in attributes.children() if der.read_object_identifier(each.children()[0]) != leave_out
    ]
    made = issued.key.sign(der.element(der.SET, *kept), padding.PKCS1v15(), hashes.SHA256())
    signer = der.element(
        der.SEQUENCE,
        version.encoding,
        identifier.encoding,
        digest.encoding,
        der.element(der.CONTEXT_0, *kept),
        algorithm.encoding,
        der.element(der.OCTET_STRING, made),
    )
    signed_data = der.element(der.SEQUENCE, *(each.encoding for each in before), der.element(der.SET, signer))
    return der.element(der.SEQUENCE, content_type.encoding, der.element(der.CONTEXT_0, signed_data))


class TestImages:
    """Images that other programs made."""

    @pytest.mark.parametrize(
        ("images", "severity", "expected"),
        [
            ({"logo.png": picture(100, 50, "JPEG")}, "warning", ["image_not_png"]),
            ({"logo.png": b"not an image"}, "error", ["image_unreadable"]),
            ({"logo.png": png(100, 50)[:60]}, "error", ["image_unreadable"]),
            ({"logo@2x.png": png(321, 100)}, "warning", ["image_too_large"]),
            ({"logo@3x.png": png(480, 150), "fr.lproj/logo.png": png(160, 50)}, "warning", []),
            ({"thumbnail.png": png(90, 90)}, "warning", ["image_not_shown"]),
            ({"fr.lproj/background.png": png(10, 10)}, "warning", ["image_not_shown"]),
            ({"custom.png": png(5, 5), "notes.txt": b"x"}, "warning", []),
        ],
    )
    def test_one_image(self, issuer: Issuer, images: Files, severity: str, expected: list[str]) -> None:
        assert codes(issuer.judge_document(store_card(), images)) == expected
        assert codes(issuer.judge_document(store_card(), images), severity) == expected

    def test_a_color_profile_does_no_harm(self, issuer: Issuer) -> None:
        content = io.BytesIO()
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        Image.new("RGB", (100, 50)).save(content, "PNG", icc_profile=profile)
        assert codes(issuer.judge_document(store_card(), {"logo.png": content.getvalue()})) == []

    @pytest.mark.parametrize(("side", "expected"), [(8_000, "image_too_many_pixels"), (60_000, "image_unreadable")])
    def test_an_image_of_monstrous_size(self, issuer: Issuer, side: int, expected: str) -> None:
        header = b"IHDR" + struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
        chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
        monster = b"\x89PNG\r\n\x1a\n" + chunk + png(1, 1)[33:]
        assert codes(issuer.judge_document(store_card(), {"logo.png": monster}), "error") == [expected]

    def test_the_icon(self, issuer: Issuer) -> None:
        files = issuer.files(store_card())
        without = {name: data for name, data in files.items() if not name.startswith("icon")}
        verdict = issuer.judge(issuer.signed(without))
        assert codes(verdict) == ["icon_missing", "icon_scale_missing", "icon_scale_missing"]
        assert not verdict.is_valid


class TestAnything:
    """Whatever the bytes are, there is a verdict."""

    @settings(max_examples=200, deadline=None)
    @given(st.binary(max_size=500))
    def test_garbage(self, data: bytes) -> None:
        assert not judge(data).is_valid

    @settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=8))
    def test_damaged_passes(self, issuer: Issuer, changes: list[tuple[int, int]]) -> None:
        with clock.frozen(INSTANT + timedelta(days=1)):
            data = bytearray(zipped(issuer.files(store_card()), zipfile.ZIP_STORED))
            for place, byte in changes:
                data[place % len(data)] = byte
            judge(bytes(data), trust=[issuer.authority.root])

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=4))
    def test_damaged_signatures_never_pass(self, issuer: Issuer, changes: list[tuple[int, int]]) -> None:
        files = issuer.files(store_card())
        damaged = bytearray(files["signature"])
        for place, byte in changes:
            damaged[place % len(damaged)] = byte
        verdict = issuer.judge({**files, "signature": bytes(damaged)})
        signed_parts = _signed_parts(bytes(damaged))
        if signed_parts != _signed_parts(files["signature"]):
            assert not verdict.is_valid

    JSON = st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
        max_leaves=12,
    )

    @settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.data())
    def test_any_value_under_any_key(self, issuer: Issuer, data: st.DataObject) -> None:
        document = store_card()
        keys = ["storeCard", "barcodes", "barcode", "nfc", "semantics", "relevantDates", "locations", "maxDistance",
                "webServiceURL", "authenticationToken", "preferredStyleSchemes", "eventTicket", "expirationDate",
                "featuredActions", "formatVersion", "beacons", "passTypeIdentifier"]  # fmt: skip
        for key in data.draw(st.lists(st.sampled_from(keys), min_size=1, max_size=4)):
            document[key] = data.draw(self.JSON)
        fields = data.draw(st.lists(st.dictionaries(
            st.sampled_from(["key", "value", "changeMessage", "dateStyle", "currencyCode", "attributedValue", "row"]),
            self.JSON, max_size=4), max_size=3))  # fmt: skip
        if isinstance(document["storeCard"], dict):
            document["storeCard"]["primaryFields"] = fields
        issuer.judge_document(document, {"personalization.json": json.dumps(data.draw(self.JSON)).encode()})


def _signed_parts(signature: bytes) -> object:
    """What the verdict rests on: who signed, the attributes and the signature value; None when unreadable."""
    try:
        found = cms.read_cms(signature)
    except der.MalformedAsn1:
        return None
    return found.signer, found.attributes_encoding, found.signature, found.digest_algorithm, found.detached
