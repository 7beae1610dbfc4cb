# ruff: noqa: RUF001  amounts and titles of columns are written in the letters of their languages
"""Decisions of imports: in which letters a file is written, what separates its cells, what its columns hold."""

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final, Literal

from passerelle.clientele.imports.schemas import Encoding, FieldName, MappedColumn

FileKind = Literal["workbook", "archive", "pdf", "binary"]

_MARKS: Final[tuple[tuple[bytes, Encoding], ...]] = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_OTHER_FILES: Final[tuple[tuple[bytes, FileKind], ...]] = (
    (b"PK\x03\x04", "workbook"),  # .xlsx and .ods are archives; nobody uploads another archive as often
    (b"\xd0\xcf\x11\xe0", "workbook"),
    (b"%PDF", "pdf"),
    (b"\x1f\x8b", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"Rar!", "archive"),
)
_UTF8: Final = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH: Final = re.compile(rb"[\x80-\xff]+")
# What Windows-1252 has no letter for, and Windows-1256 has.
_NOT_1252: Final = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
# One stray byte among a hundred letters is a damaged file in UTF-8, not a file in another encoding.
_MOSTLY: Final = 20


@dataclass(slots=True)
class _Letters:
    """Bytes above ASCII, counted over a whole file."""

    as_utf8: int = 0
    stray: int = 0
    in_runs: int = 0
    alone: int = 0
    not_1252: bool = False

    def count(self, piece: bytes) -> None:
        utf8 = sum(len(found) for found in _UTF8.findall(piece))
        runs = [len(found) for found in _HIGH.findall(piece)]
        self.as_utf8 += utf8
        self.stray += sum(runs) - utf8
        self.in_runs += sum(length for length in runs if length > 1)
        self.alone += sum(1 for length in runs if length == 1)
        self.not_1252 |= _NOT_1252.search(piece) is not None

    def encoding(self) -> Encoding:
        """Accents stand alone between plain letters; Arabic words are runs of letters above ASCII."""
        if self.stray == 0 or self.as_utf8 > _MOSTLY * self.stray:
            return "utf-8"
        return "windows-1256" if self.in_runs > self.alone or self.not_1252 else "windows-1252"


def encoding_of(pieces: Iterable[bytes]) -> Encoding | FileKind:
    """The encoding of a text file that comes in pieces, or what kind of file it is instead.

    A mark at the start decides; then zero bytes, which only UTF-16 has, at every other place; then whether
    everything above ASCII is UTF-8; at last whether it looks like Arabic or like accents. Windows-1256 has the
    small French letters at the same places as Windows-1252, so that French with few accents is read right by both.
    """
    letters = _Letters()
    for position, piece in enumerate(pieces):
        if position == 0 and (decided := _by_start(piece)) is not None:
            return decided
        if b"\x00" in piece:
            return "binary"
        letters.count(piece)
    return letters.encoding()


def _by_start(piece: bytes) -> Encoding | FileKind | None:
    for mark, encoding in _MARKS:
        if piece.startswith(mark):
            return encoding
    for start, kind in _OTHER_FILES:
        if piece.startswith(start):
            return kind
    zeros = piece.count(0)
    if not zeros:
        return None
    # A comma or a digit in UTF-16 has a zero beside it, before or after by the order of bytes.
    even, odd = piece[::2].count(0), piece[1::2].count(0)
    if zeros * _MOSTLY >= len(piece) and min(even, odd) * _MOSTLY <= max(even, odd):
        return "utf-16-le" if odd > even else "utf-16-be"
    return "binary"


def delimiter_of(lines: Sequence[str]) -> str:
    """Comma, semicolon, tab or bar: the one that gives most rows the same number of cells, the more the better."""
    best, best_score = ",", (0, 0)
    for candidate in (",", ";", "\t", "|"):
        widths = _widths(lines, candidate)
        width = widths[0] if widths else 0
        if width > 1 and (score := (widths.count(width) * 10 // len(widths), width)) > best_score:
            best, best_score = candidate, score
    return best


def _widths(lines: Sequence[str], delimiter: str) -> list[int]:
    try:
        return [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:  # a quotation mark that is never closed; whoever reads the rows says where
        return []


# Compared without case, accents and anything but letters and digits.
_NAMES: Final[Mapping[FieldName, tuple[str, ...]]] = {
    "first_name": (
        *("first name", "given name", "forename", "name", "full name", "customer", "customer name"),
        *("prénom", "nom complet", "nom et prénom", "client", "الاسم", "الاسم الأول", "الاسم الكامل", "اسم الزبون"),
    ),
    "last_name": ("last name", "surname", "family name", "nom", "nom de famille", "اللقب", "اسم العائلة", "النسب"),
    "phone": (
        *("phone", "phone number", "mobile", "mobile number", "mobile phone", "cell", "tel", "telephone", "whatsapp"),
        *("téléphone", "portable", "numéro", "numéro de téléphone", "n° de téléphone", "gsm"),
        *("الهاتف", "رقم الهاتف", "الجوال", "رقم الجوال", "الموبايل", "المحمول"),
    ),
    "email": (
        *("email", "e-mail", "mail", "email address", "e-mail address", "courriel", "adresse e-mail", "adresse mail"),
        *("البريد", "البريد الإلكتروني", "الإيميل"),
    ),
    "birthday": (
        *("birthday", "birth date", "date of birth", "dob", "born", "anniversaire", "date de naissance", "naissance"),
        *("تاريخ الميلاد", "الميلاد", "تاريخ الازدياد"),
    ),
    "language": ("language", "lang", "locale", "langue", "اللغة"),
    "balance": (
        *("balance", "points", "opening balance", "stamps", "credit", "solde", "tampons", "cagnotte"),
        *("الرصيد", "النقاط", "رصيد", "نقاط", "الأختام"),
    ),
}
_ATTRIBUTE: Final = re.compile(r"attribute\.([a-z][a-z0-9_]{0,49})")


def suggested_columns(header: Sequence[str]) -> list[MappedColumn]:
    """What the names of columns say that they hold: each field once, and attributes as the export names them."""
    names = {_plain(name): field for field, several in _NAMES.items() for name in several}
    columns: list[MappedColumn] = []
    taken: set[str] = set()
    for position, title in enumerate(header):
        named = _ATTRIBUTE.fullmatch(title.strip().lower())
        field = names.get(_plain(title))
        if named is not None and title not in taken:
            columns.append(MappedColumn(column=position, field="attribute", attribute=named[1]))
            taken.add(title)
        elif field is not None and field not in taken:
            columns.append(MappedColumn(column=position, field=field))
            taken.add(field)
    return columns


def _plain(title: str) -> str:
    letters = unicodedata.normalize("NFKD", title).casefold()
    return "".join(letter for letter in letters if letter.isalnum())


_DAY: Final = re.compile(r"([0-9]{1,4})[-/. ]([0-9]{1,2})(?:[-/. ]([0-9]{1,4}))?")


def birthday_of(text: str, today: date, *, day_first: bool) -> tuple[int, int, int | None] | None:
    """Month, day and year as people write them: 1990-02-28, 28/02/1990, 28.2., --02-28; None for anything else.

    A year of two digits is the one of the past hundred years. The year may be missing.
    """
    digits = "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text)
    found = _DAY.fullmatch(digits.removeprefix("--").removesuffix(".").removesuffix(" 00:00:00"))
    if found is None:
        return None
    first, second, third = found[1], int(found[2]), found[3]
    if len(first) > 2:
        if third is None:
            return None
        year, month, day = int(first), second, int(third)
        return _existing(month, day, year, today)
    month, day = (second, int(first)) if day_first and not digits.startswith("--") else (int(first), second)
    return _existing(month, day, _year(third, today) if third else None, today)


def _year(text: str, today: date) -> int:
    if len(text) > 2:
        return int(text)
    year = today.year // 100 * 100 + int(text)
    return year if year <= today.year else year - 100


def _existing(month: int, day: int, year: int | None, today: date) -> tuple[int, int, int | None] | None:
    try:
        exact = date(year or 2000, month, day)
    except ValueError:
        return None
    return None if year is not None and not date(1900, 1, 1) <= exact <= today else (month, day, year)


MAX_BALANCE: Final = 10**9
_GROUPS: Final = re.compile(r"(?<=[0-9])[ \u00a0\u202f\u2009'’](?=[0-9]{3})")
_AMOUNT: Final = re.compile(r"[0-9]{1,12}(?:[.,٫][0-9]{1,4})?")


def balance_of(text: str, decimals: int) -> int | None:
    """Whole units of an amount as people write it: “1 250” is 1250, “12,50” with two decimals is 1250.

    None for anything else: a negative amount, too many decimals, more than ``MAX_BALANCE``.
    """
    digits = "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text)
    plain = _GROUPS.sub("", digits)
    if _AMOUNT.fullmatch(plain) is None:
        return None
    try:
        units = Decimal(plain.replace(",", ".").replace("٫", ".")).scaleb(decimals)
    except InvalidOperation:
        return None
    return int(units) if units == units.to_integral_value() and units <= MAX_BALANCE else None


_TRUE: Final = frozenset({"true", "yes", "y", "1", "oui", "o", "vrai", "x", "نعم"})
_FALSE: Final = frozenset({"false", "no", "n", "0", "non", "faux", "لا"})


def attribute_of(text: str, kind: Literal["text", "number", "boolean"]) -> bool | int | float | str | None:
    """The value of a custom attribute; None when the text is none of its kind."""
    if kind == "text":
        return text if len(text) <= 500 and "\0" not in text else None
    if kind == "boolean":
        word = text.casefold()
        return True if word in _TRUE else False if word in _FALSE else None
    try:
        number = Decimal(_GROUPS.sub("", text).replace(",", "."))
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) > 2**53:
        return None
    return int(number) if number == number.to_integral_value() else float(number)
