"""The ``.pkpass`` archive: what all cards of a template share is hashed and packed once.

A pass is a zip of ``pass.json``, images, translations, ``manifest.json`` (SHA-1 of each file) and
``signature``. Of these only three differ from card to card. ``StaticArchive`` keeps the zip entries, their
directory and their manifest lines of all others as ready bytes, so that ``pack`` hashes and copies little.
The zip is written here and not with ``zipfile``, which would compress and check every image for every card.
"""

import hashlib
import json
import re
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import orjson

from passerelle.passes.wallets.apple.errors import (
    BundleSizeRefused,
    FileNameRefused,
    FilesTooLarge,
    FileTwiceInPackage,
    TooManyFiles,
)
from passerelle.passes.wallets.apple.localization import pass_strings
from passerelle.passes.wallets.apple.signing import Signer

__all__ = ["MIME_TYPE", "MIME_TYPE_BUNDLE", "StaticArchive", "StaticFile", "bundle", "pass_strings"]

MIME_TYPE: Final = "application/vnd.apple.pkpass"
MIME_TYPE_BUNDLE: Final = "application/vnd.apple.pkpasses"

ENTRY_LIMIT: Final = 1_000
SIZE_LIMIT_BYTES: Final = 20_000_000
BUNDLE_PASS_LIMIT: Final = 10
BUNDLE_SIZE_LIMIT_BYTES: Final = 150_000_000

_MADE_PER_PASS: Final = frozenset({"pass.json", "manifest.json", "signature"})
_NAME_PART: Final = r"(?!\.{1,2}(?:/|$))[^\x00-\x1f/\\:\ud800-\udfff]+"  # no dots alone, no separators, Unicode
_NAME: Final = re.compile(f"{_NAME_PART}(?:/{_NAME_PART})*")
_NAME_LIMIT_BYTES: Final = 200

# Zip structures (PKWARE APPNOTE 6.3.10 §4.3.7, §4.3.12, §4.3.16), without the names that follow them.
_LOCAL: Final = struct.Struct("<IHHHHHIIIHH")
_CENTRAL: Final = struct.Struct("<IHHHHHHIIIHHHHHI")
_OFFSET: Final = struct.Struct("<I")
_END: Final = struct.Struct("<IHHHHIIH")
_UTF8_NAME: Final = 0x0800
_STORED: Final = 0
_DEFLATED: Final = 8
_MIDNIGHT: Final = 0
_FIRST_OF_JANUARY_1980: Final = 0x0021  # one fixed date, so that equal content is equal bytes
_READABLE_FILE: Final = 0o100644 << 16
_UNIX: Final = 3 << 8
_VERSION: Final = 20


class StaticFile:
    """One file ready for any number of passes: hashed, compressed where that pays, its zip entry built.

    Keep and share it: the strip that shows seven stamps is prepared once for all cards with seven stamps.
    """

    __slots__ = ("central_head", "central_tail", "local", "manifest_line", "name", "size_bytes")

    def __init__(self, name: str, data: bytes) -> None:
        """Prepare a file; raises FileNameRefused for a name that no pass may hold, FilesTooLarge."""
        if not _NAME.fullmatch(name) or len(name.encode()) > _NAME_LIMIT_BYTES or name in _MADE_PER_PASS:
            raise FileNameRefused(name=ascii(name[:80]))
        _check_size(len(data))
        self.name = name
        self.size_bytes = len(data)
        self.manifest_line = _manifest_line(name, data)
        packed = zlib.compress(data, 9, -zlib.MAX_WBITS)
        # Images hardly shrink; a tenth saved is worth the work of every reader.
        if len(packed) < len(data) * 0.9:
            entry = _entry(name, data, packed, _DEFLATED)
        else:
            entry = _entry(name, data, data, _STORED)
        self.local, self.central_head, self.central_tail = entry

    def __repr__(self) -> str:
        return f"StaticFile({self.name!r}, {self.size_bytes} bytes)"


class StaticArchive:
    """The files that every card of one template version shares, as ready bytes."""

    def __init__(self, files: Iterable[StaticFile]) -> None:
        """Lay the files out; raises FileTwiceInPackage, TooManyFiles or FilesTooLarge."""
        members = list(files)
        self._files = {each.name: each for each in members}
        self._without: dict[frozenset[str], StaticArchive] = {}
        _check_no_duplicate(members)
        if len(members) > ENTRY_LIMIT:
            raise TooManyFiles(limit=ENTRY_LIMIT, count=len(members))
        _check_size(sum(each.size_bytes for each in members))
        self._locals = b"".join(each.local for each in members)
        self._manifest = b"".join(each.manifest_line for each in members)
        centrals: list[bytes] = []
        offset = 0
        for each in members:
            centrals += (each.central_head, _OFFSET.pack(offset), each.central_tail)
            offset += len(each.local)
        self._centrals = b"".join(centrals)

    @classmethod
    def build(cls, files: Mapping[str, bytes]) -> "StaticArchive":
        """Prepare images and ``xx.lproj/pass.strings`` by their paths in the pass."""
        return cls(StaticFile(name, data) for name, data in files.items())

    @property
    def names(self) -> frozenset[str]:
        """The paths that the archive holds."""
        return frozenset(self._files)

    def pack(
        self,
        pass_json: bytes | Mapping[str, Any],
        signer: Signer,
        extra_files: Sequence[StaticFile] | None = None,
    ) -> bytes:
        """The signed ``.pkpass`` of one card.

        ``pass_json`` goes in as it is, unchecked: this runs for every card. A file of ``extra_files`` takes
        the place of the archive's file by the same name.
        """
        extras = extra_files or ()
        _check_no_duplicate(extras)
        if not self._files.keys().isdisjoint(each.name for each in extras):
            return self._replacing(extras).pack(pass_json, signer, extras)
        content = pass_json if isinstance(pass_json, bytes) else orjson.dumps(pass_json)
        manifest = b"".join(
            (
                b"{",
                self._manifest,
                *(each.manifest_line for each in extras),
                b'"pass.json":"',
                hashlib.sha1(content, usedforsecurity=False).hexdigest().encode(),
                b'"}',
            )
        )
        signature = signer.sign_detached(manifest)
        entries = [(each.local, each.central_head, each.central_tail) for each in extras]
        entries += [
            _entry("pass.json", content, content, _STORED),
            _entry("manifest.json", manifest, manifest, _STORED),
            _entry("signature", signature, signature, _STORED),
        ]
        return _zip(
            entries, locals_before=self._locals, centrals_before=self._centrals, count_before=len(self._files)
        )

    def _replacing(self, extra_files: Sequence[StaticFile]) -> "StaticArchive":
        names = frozenset(each.name for each in extra_files) & self.names
        if names not in self._without:
            self._without[names] = StaticArchive(each for name, each in self._files.items() if name not in names)
        return self._without[names]


def bundle(passes: Sequence[bytes]) -> bytes:
    """Several passes in one ``.pkpasses`` file, which Wallet offers to add together.

    Raises BundleSizeRefused beyond Apple's limits: ten passes, 150 MB.
    """
    size_bytes = sum(len(each) for each in passes)
    if not 1 <= len(passes) <= BUNDLE_PASS_LIMIT or size_bytes > BUNDLE_SIZE_LIMIT_BYTES:
        raise BundleSizeRefused(
            limit=BUNDLE_PASS_LIMIT, limit_bytes=BUNDLE_SIZE_LIMIT_BYTES, count=len(passes), size_bytes=size_bytes
        )
    return _zip(
        [_entry(f"pass-{number:02d}.pkpass", each, each, _STORED) for number, each in enumerate(passes, start=1)]
    )


def _check_no_duplicate(members: Sequence[StaticFile]) -> None:
    names: set[str] = set()
    for each in members:
        if each.name in names:
            raise FileTwiceInPackage(name=each.name)
        names.add(each.name)


def _check_size(size_bytes: int) -> None:
    if size_bytes > SIZE_LIMIT_BYTES:
        raise FilesTooLarge(limit_bytes=SIZE_LIMIT_BYTES, size_bytes=size_bytes)


def _manifest_line(name: str, data: bytes) -> bytes:
    digest = hashlib.sha1(data, usedforsecurity=False).hexdigest()
    return f'{json.dumps(name, ensure_ascii=False)}:"{digest}",'.encode()


def _entry(name: str, data: bytes, packed: bytes, method: int) -> tuple[bytes, bytes, bytes]:
    """The local entry, and its directory record cut where the entry's offset goes."""
    name_bytes = name.encode()
    flags = 0 if name.isascii() else _UTF8_NAME
    crc = zlib.crc32(data)
    local = _LOCAL.pack(
        0x04034B50, _VERSION, flags, method, _MIDNIGHT, _FIRST_OF_JANUARY_1980,
        crc, len(packed), len(data), len(name_bytes), 0,
    )  # fmt: skip
    central = _CENTRAL.pack(
        0x02014B50, _UNIX | _VERSION, _VERSION, flags, method, _MIDNIGHT, _FIRST_OF_JANUARY_1980,
        crc, len(packed), len(data), len(name_bytes), 0, 0, 0, 0, _READABLE_FILE,
    )  # fmt: skip
    return b"".join((local, name_bytes, packed)), central, name_bytes


def _zip(
    entries: Sequence[tuple[bytes, bytes, bytes]],
    *,
    locals_before: bytes = b"",
    centrals_before: bytes = b"",
    count_before: int = 0,
) -> bytes:
    pieces = [locals_before, *(local for local, _, _ in entries), centrals_before]
    offset = len(locals_before)
    directory_bytes = len(centrals_before)
    for local, central_head, central_tail in entries:
        pieces += (central_head, _OFFSET.pack(offset), central_tail)
        offset += len(local)
        directory_bytes += len(central_head) + _OFFSET.size + len(central_tail)
    count = count_before + len(entries)
    pieces.append(_END.pack(0x06054B50, 0, 0, count, count, directory_bytes, offset, 0))
    return b"".join(pieces)
