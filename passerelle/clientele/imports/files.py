"""Reading an uploaded file from a temporary file, row by row, whatever its size and its encoding.

Everything here blocks, so callers run it in a thread. The temporary file has no name: nobody else can open it, and it
is gone with the process.
"""

import codecs
import csv
import hashlib
import io
import itertools
import tempfile
from collections.abc import AsyncIterable, Iterator
from dataclasses import dataclass
from typing import IO, Final, get_args

from passerelle.clientele.imports.errors import (
    EncodingRefused,
    FileEmpty,
    FileIsNotText,
    FileTooLong,
    FileTooWide,
    QuoteNotClosed,
)
from passerelle.clientele.imports.rules import delimiter_of, encoding_of
from passerelle.clientele.imports.schemas import MAX_COLUMNS, Encoding

MAX_ROWS: Final = 200_000
PART_ROWS: Final = 200
_PIECE_BYTES: Final = 1 << 16
_LINE_LETTERS: Final = 100_000
_ROW_LINES: Final = 100
_CELL_LETTERS: Final = 5_000
_SNIFFED_LINES: Final = 20
_CODECS: Final[dict[Encoding, str]] = {
    "utf-8": "utf-8-sig",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "utf-32": "utf-32",
    "windows-1252": "cp1252",
    "windows-1256": "cp1256",
}

Row = tuple[int, list[str]]
"""A row with its number as spreadsheets count: 1 is the header."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a first look at a file found; ``rows`` is how many there are below the header."""

    encoding: Encoding
    delimiter: str
    header: list[str]
    rows: int


async def receive(pieces: AsyncIterable[bytes]) -> tuple[IO[bytes], bytes]:
    """Everything that comes, as a temporary file, with its SHA-256. How much may come is the edge's to limit."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  the caller closes it
    digest = hashlib.sha256()
    try:
        async for piece in pieces:
            digest.update(piece)
            file.write(piece)
    except BaseException:
        file.close()
        raise
    return file, digest.digest()


def look(file: IO[bytes], asked: Encoding | None) -> Opened:
    """Read the whole file once, keeping nothing.

    Raises FileIsNotText, EncodingRefused, QuoteNotClosed, FileTooWide, FileTooLong, FileEmpty.
    """
    encoding = asked or _find_encoding(file)
    if asked is not None:
        _require_encoding(file, asked)
    file.seek(0)
    delimiter = delimiter_of(list(itertools.islice(_lines(file, encoding), _SNIFFED_LINES)))
    rows = _records(file, encoding, delimiter)
    header = [cell.strip() for _, cells in itertools.islice(rows, 1) for cell in cells]
    if len(header) > MAX_COLUMNS:
        raise FileTooWide(columns=len(header), limit=MAX_COLUMNS)
    count = sum(1 for _ in itertools.islice(rows, MAX_ROWS + 1))
    if count > MAX_ROWS:
        raise FileTooLong(limit=MAX_ROWS)
    if count == 0:
        raise FileEmpty
    return Opened(encoding, delimiter, header, count)


def parts(file: IO[bytes], opened: Opened) -> Iterator[list[Row]]:
    """The rows below the header, some at a time."""
    rows = itertools.islice(_records(file, opened.encoding, opened.delimiter), 1, None)
    while part := list(itertools.islice(rows, PART_ROWS)):
        yield part


def _find_encoding(file: IO[bytes]) -> Encoding:
    file.seek(0)
    found = encoding_of(iter(lambda: file.read(_PIECE_BYTES), b""))
    for encoding in get_args(Encoding):
        if found == encoding:
            return encoding  # type: ignore[no-any-return]  # a literal of Encoding
    raise FileIsNotText(kind=found)


def _require_encoding(file: IO[bytes], asked: Encoding) -> None:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(_CODECS[asked])()
    try:
        for piece in iter(lambda: file.read(_PIECE_BYTES), b""):
            if "\x00" in decoder.decode(piece):
                raise EncodingRefused(encoding=asked)
        decoder.decode(b"", final=True)
    except UnicodeError:
        raise EncodingRefused(encoding=asked) from None


def _lines(file: IO[bytes], encoding: Encoding) -> Iterator[str]:
    """Lines with their ends, none longer than a limit; what cannot be decoded becomes U+FFFD."""
    file.seek(0)
    text = io.TextIOWrapper(file, _CODECS[encoding], errors="replace", newline="")
    try:
        first = True
        while line := text.readline(_LINE_LETTERS):
            yield line.removeprefix("\ufeff") if first else line
            first = False
    finally:
        if not file.closed:  # whoever reads only the first lines may be done with the file before we hear of it
            text.detach()


def _records(file: IO[bytes], encoding: Encoding, delimiter: str) -> Iterator[Row]:
    """Rows that are not empty, the header among them.

    A quotation mark that is never closed swallows what follows: it is noticed by the size of what it swallowed, or
    at the end of the file by being one too many.
    """
    taken: list[str] = []

    def lines() -> Iterator[str]:
        for line in _lines(file, encoding):
            taken.append(line)
            if len(taken) > _ROW_LINES:
                return  # whoever reads sees by ``taken`` why
            yield line

    reader = csv.reader(lines(), delimiter=delimiter)
    for number in itertools.count(1):
        try:
            cells = next(reader, None)
        except csv.Error:
            raise QuoteNotClosed(row=number) from None
        swallowed = len(taken) > 1 and sum(line.count('"') for line in taken) % 2 == 1
        if len(taken) > _ROW_LINES or swallowed or (cells and max(map(len, cells)) > _CELL_LETTERS):
            raise QuoteNotClosed(row=number)
        if cells is None:
            return
        taken.clear()
        if any(cell.strip() for cell in cells):
            yield number, [cell.strip() for cell in cells]
