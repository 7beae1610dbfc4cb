"""Cells of CSV files that people open in spreadsheets: nothing in them becomes a formula.

A spreadsheet runs a cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a return (OWASP, “CSV injection”), so
such a text goes out behind an apostrophe, which spreadsheets take for “this is text”. A phone number in E.164 form is
``+`` and digits, which computes nothing, and stays as it is so that other programs can read it. What comes in loses
the apostrophe again.
"""

import csv
import io
import re
from collections.abc import Iterable
from typing import Final

_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_HARMLESS: Final = re.compile(r"\+[0-9]{5,15}|-?[0-9]+")
BYTE_ORDER_MARK: Final = "\ufeff"
"""Written first, for spreadsheets take a file without it for one of their own country's encoding."""


def guarded(text: str) -> str:
    """The text as it goes out."""
    return f"'{text}" if text.startswith(_STARTS) and not _HARMLESS.fullmatch(text) else text


def unguarded(cell: str) -> str:
    """The text as it was before it went out."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_STARTS) else cell


def csv_lines(rows: Iterable[Iterable[str]]) -> str:
    """Rows as text, every cell guarded (RFC 4180: commas, CRLF)."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([[guarded(cell) for cell in row] for row in rows])
    return out.getvalue()
