"""Opens a ``.pkpass`` that a stranger made: within limits, without writing anything, and never failing.

The zip directory is read here and not with ``zipfile``, which reads all of it before anyone can say that it is
too large, and which follows the sizes that a local entry claims.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from passerelle.passes.wallets.apple.findings import Finding, Rule

SIZE_LIMIT_BYTES: Final = 60_000_000
UNPACKED_LIMIT_BYTES: Final = 100_000_000
ENTRY_LIMIT: Final = 1_000

_END: Final = struct.Struct("<IHHHHIIH")
_CENTRAL: Final = struct.Struct("<IHHHHHHIIIHHHHHII")
_LOCAL: Final = struct.Struct("<IHHHHHIIIHH")
_END_MARK: Final = b"PK\x05\x06"
_CENTRAL_MARK: Final = 0x02014B50
_LOCAL_MARK: Final = 0x04034B50
_COMMENT_LIMIT: Final = 65_535
_STORED: Final = 0
_DEFLATED: Final = 8
_ENCRYPTED: Final = 0x0001
_FILE_KIND: Final = 0o170000
_SYMBOLIC_LINK: Final = 0o120000
_DRIVE: Final = re.compile(r"[A-Za-z]:")

NOT_A_ZIP: Final = Rule(
    "error",
    "not_a_zip",
    "This is not a zip archive, so it is not a pass. Give the .pkpass file itself.",
    "Ce n'est pas une archive zip, donc pas une carte. Donnez le fichier .pkpass lui-même.",
    "هذا ليس أرشيف zip، فهو إذن ليس بطاقة. قدّم ملف pkpass نفسه.",
)
TOO_LARGE: Final = Rule(
    "error",
    "package_too_large",
    "The pass is larger than {limit} bytes and was not opened. Use smaller images.",
    "La carte dépasse {limit} octets et n'a pas été ouverte. Utilisez des images plus petites.",
    "حجم البطاقة يتجاوز {limit} بايت ولم تُفتح. استخدم صورًا أصغر.",
)
TOO_MANY_ENTRIES: Final = Rule(
    "error",
    "package_too_many_files",
    "The archive lists more than {limit} files and was not opened. A pass holds a few dozen.",
    "L'archive annonce plus de {limit} fichiers et n'a pas été ouverte. Une carte en contient quelques dizaines.",
    "يسرد الأرشيف أكثر من {limit} ملف ولم يُفتح. تحتوي البطاقة على بضع عشرات.",
)
UNPACKS_TOO_LARGE: Final = Rule(
    "error",
    "package_bomb",
    "The archive unpacks to more than {limit} bytes, so it was not read to the end. Build it again from its images.",
    "L'archive se décompresse en plus de {limit} octets ; sa lecture a été arrêtée. Reconstruisez-la à partir de"
    " ses images.",
    "يتجاوز حجم الأرشيف بعد فك الضغط {limit} بايت فتوقفت قراءته. أعد بناءه من صوره.",
)
DAMAGED: Final = Rule(
    "error",
    "zip_damaged",
    "The archive's directory is damaged. Download or build the pass again, without changing the file on the way.",
    "Le répertoire de l'archive est endommagé. Téléchargez ou reconstruisez la carte, sans modifier le fichier en"
    " chemin.",
    "فهرس الأرشيف تالف. نزّل البطاقة أو ابنِها من جديد دون تغيير الملف في الطريق.",
)
ENTRY_DAMAGED: Final = Rule(
    "error",
    "zip_entry_damaged",
    "The file {name} in the archive is damaged: its content does not match its size or checksum. Build the pass"
    " again.",
    "Le fichier {name} de l'archive est endommagé : son contenu ne correspond pas à sa taille ou à sa somme de"
    " contrôle. Reconstruisez la carte.",
    "الملف {name} في الأرشيف تالف: محتواه لا يطابق حجمه أو مجموعه الاختباري. ابنِ البطاقة من جديد.",
)
ENTRY_ENCRYPTED: Final = Rule(
    "error",
    "zip_entry_encrypted",
    "The file {name} is encrypted; Wallet opens no encrypted archives. Build the pass without a password.",
    "Le fichier {name} est chiffré ; Wallet n'ouvre pas d'archives chiffrées. Construisez la carte sans mot de"
    " passe.",
    "الملف {name} مشفّر؛ لا يفتح Wallet أرشيفات مشفّرة. ابنِ البطاقة بدون كلمة مرور.",
)
METHOD_UNKNOWN: Final = Rule(
    "error",
    "zip_method_unsupported",
    "The file {name} is compressed with method {method}. Use deflate, or no compression.",
    "Le fichier {name} est compressé avec la méthode {method}. Utilisez deflate, ou aucune compression.",
    "الملف {name} مضغوط بالطريقة {method}. استخدم deflate أو لا تضغط.",
)
UNSAFE_NAME: Final = Rule(
    "error",
    "unsafe_path",
    "The path {name} leaves the pass or is not a plain file. Use relative paths without .. and without links.",
    "Le chemin {name} sort de la carte ou n'est pas un fichier ordinaire. Utilisez des chemins relatifs, sans .. ni"
    " liens.",
    "المسار {name} يخرج من البطاقة أو ليس ملفًا عاديًا. استخدم مسارات نسبية بلا .. وبلا روابط.",
)
DUPLICATE: Final = Rule(
    "error",
    "duplicate_file",
    "The archive holds {name} twice. Keep one; readers differ in which they take.",
    "L'archive contient {name} deux fois. N'en gardez qu'un ; les lecteurs ne prennent pas tous le même.",
    "يحتوي الأرشيف على {name} مرتين. احتفظ بواحد؛ فالقارئات تختلف في أيهما تأخذ.",
)
WRAPPED: Final = Rule(
    "error",
    "files_in_folder",
    "The files lie in the folder {name} inside the archive. Zip the files themselves, not the folder around them.",
    "Les fichiers se trouvent dans le dossier {name} de l'archive. Compressez les fichiers, pas le dossier qui les"
    " contient.",
    "الملفات موجودة داخل المجلد {name} في الأرشيف. اضغط الملفات نفسها لا المجلد الذي يحويها.",
)
FILE_MISSING: Final = Rule(
    "error",
    "file_missing",
    "The pass has no {name}. Every pass needs it at the top of the archive.",
    "La carte n'a pas de {name}. Toute carte en a besoin à la racine de l'archive.",
    "لا تحتوي البطاقة على {name}. كل بطاقة تحتاج إليه في جذر الأرشيف.",
)

REQUIRED: Final = ("pass.json", "manifest.json", "signature")


@dataclass(frozen=True, slots=True)
class OpenedPackage:
    """The files of an archive that could be read, by path, and what was wrong with the others."""

    files: dict[str, bytes] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    flags: int
    method: int
    crc: int
    packed_bytes: int
    size_bytes: int
    kind: int
    offset: int


def open_package(data: bytes) -> OpenedPackage:
    """Unpack into memory; what cannot or may not be unpacked is a finding."""
    opened = OpenedPackage()
    if len(data) > SIZE_LIMIT_BYTES:
        opened.findings.append(TOO_LARGE.at(limit=SIZE_LIMIT_BYTES))
        return opened
    directory = _find_directory(data)
    if isinstance(directory, Finding):
        opened.findings.append(directory)
        return opened
    entries, base = directory
    opened.findings.extend(_unpack_all(data, entries, base, opened.files))
    if not opened.findings:
        opened.findings.extend(_missing(opened.files))
    return opened


def _find_directory(data: bytes) -> tuple[list[_Entry], int] | Finding:
    """The directory's entries, and how many bytes stand before the archive (PKWARE APPNOTE §4.3.16)."""
    position = data.rfind(_END_MARK, max(0, len(data) - _END.size - _COMMENT_LIMIT))
    if position < 0 or position + _END.size > len(data):
        return NOT_A_ZIP.at()
    _, _, _, _, count, size_bytes, offset, _ = _END.unpack_from(data, position)
    if count > ENTRY_LIMIT:
        return TOO_MANY_ENTRIES.at(limit=ENTRY_LIMIT)
    base = position - size_bytes - offset
    if base < 0:
        return DAMAGED.at()
    entries: list[_Entry] = []
    start = position - size_bytes
    for _ in range(count):
        if start + _CENTRAL.size > position:
            return DAMAGED.at()
        fields = _CENTRAL.unpack_from(data, start)
        name_end = start + _CENTRAL.size + fields[10]
        if fields[0] != _CENTRAL_MARK or name_end > position:
            return DAMAGED.at()
        entries.append(_entry(fields, data[start + _CENTRAL.size : name_end]))
        start = name_end + fields[11] + fields[12]
    return (entries, base) if start == position else DAMAGED.at()


def _entry(fields: tuple[int, ...], name: bytes) -> _Entry:
    try:
        text = name.decode()  # many archivers write UTF-8 without saying so
    except UnicodeDecodeError:
        text = name.decode("cp437")
    return _Entry(
        name=text,
        flags=fields[3],
        method=fields[4],
        crc=fields[7],
        packed_bytes=fields[8],
        size_bytes=fields[9],
        kind=fields[15] >> 16 & _FILE_KIND,
        offset=fields[16],
    )


def _unpack_all(data: bytes, entries: list[_Entry], base: int, files: dict[str, bytes]) -> Iterator[Finding]:
    if sum(entry.packed_bytes for entry in entries) > len(data):
        yield DAMAGED.at()  # entries that share bytes are how an archive grows without limit
        return
    left = UNPACKED_LIMIT_BYTES
    for entry in entries:
        if refusal := _refusal(entry, files):
            yield refusal
            continue
        if entry.name.endswith("/"):
            continue
        if entry.size_bytes > left:
            yield UNPACKS_TOO_LARGE.at(limit=UNPACKED_LIMIT_BYTES)
            return
        content = _unpack(data, entry, base)
        if content is None:
            yield ENTRY_DAMAGED.at(entry.name, name=entry.name)
            continue
        left -= len(content)
        files[entry.name] = content


def _refusal(entry: _Entry, files: dict[str, bytes]) -> Finding | None:
    parts = entry.name.removesuffix("/").split("/")
    outside = any(part in {"", ".", ".."} for part in parts) or _DRIVE.match(entry.name)
    unprintable = "\\" in entry.name or any(ord(character) < 0x20 for character in entry.name)
    if outside or unprintable or entry.kind == _SYMBOLIC_LINK:
        return UNSAFE_NAME.at(name=entry.name)
    if entry.name in files:
        return DUPLICATE.at(entry.name, name=entry.name)
    if entry.flags & _ENCRYPTED:
        return ENTRY_ENCRYPTED.at(entry.name, name=entry.name)
    if entry.method not in {_STORED, _DEFLATED}:
        return METHOD_UNKNOWN.at(entry.name, name=entry.name, method=entry.method)
    return None


def _unpack(data: bytes, entry: _Entry, base: int) -> bytes | None:
    start = base + entry.offset
    if start + _LOCAL.size > len(data):
        return None
    mark, *_, name_bytes, extra_bytes = _LOCAL.unpack_from(data, start)
    start += _LOCAL.size + name_bytes + extra_bytes
    packed = data[start : start + entry.packed_bytes]
    if mark != _LOCAL_MARK or len(packed) != entry.packed_bytes:
        return None
    content = packed
    if entry.method == _DEFLATED:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            # One byte more than promised is enough to see that the promise was wrong.
            content = inflater.decompress(packed, entry.size_bytes + 1)
        except zlib.error:
            return None
    sound = len(content) == entry.size_bytes and zlib.crc32(content) == entry.crc
    return content if sound else None


def _missing(files: dict[str, bytes]) -> Iterator[Finding]:
    folder = next((name[: -len("pass.json")] for name in files if name.endswith("/pass.json")), None)
    if "pass.json" not in files and folder is not None:
        yield WRAPPED.at(folder, name=folder)
        return
    yield from (FILE_MISSING.at(name, name=name) for name in REQUIRED if name not in files)
