"""Files, cells and places in the history: values in, values out."""

import io
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.clientele.csv_cells import csv_lines, guarded, unguarded
from passerelle.clientele.imports.errors import (
    EncodingRefused,
    FileEmpty,
    FileIsNotText,
    FileTooLong,
    FileTooWide,
    QuoteNotClosed,
)
from passerelle.clientele.imports.faults import RowFault
from passerelle.clientele.imports.files import MAX_ROWS, Row, look, parts
from passerelle.clientele.imports.reading import Circumstances, read_row
from passerelle.clientele.imports.rules import attribute_of, balance_of, birthday_of, encoding_of, suggested_columns
from passerelle.clientele.imports.schemas import ImportPlan, MappedColumn
from passerelle.clientele.timeline.rules import page_of, place_of
from passerelle.kit.i18n import LANGUAGES
from passerelle.kit.ids import new_id
from tests.factories.documents import Document

DOCUMENT: Final = Document("algorithms/imports.md")

HERE = Circumstances(region="FR", today=date(2026, 11, 22), width=3, delimiter=",")


def _read(content: bytes) -> tuple[list[str], list[Row]]:
    file = io.BytesIO(content)
    opened = look(file, None)
    read = [row for part in parts(file, opened) for row in part]
    assert len(read) == opened.rows
    return opened.header, read


@DOCUMENT.each_row("encodings")
def test_encodings(row: dict[str, str]) -> None:
    text = row["text"].replace(" ⏎ ", "\r\n")
    content = text.encode(row["saved as"])
    assert encoding_of([content]) == row["found"]
    header, read = _read(content)
    separator = ";" if ";" in text else ","
    lines = [line.split(separator) for line in text.split("\r\n")]
    assert [header, *(cells for _, cells in read)] == lines


@DOCUMENT.each_row("birthdays")
def test_birthdays(row: dict[str, str]) -> None:
    found = birthday_of(row["cell"], date.fromisoformat(row["read on"]), day_first=row["day first"] == "yes")
    expected = (
        (int(row["month"]), int(row["day"]), int(row["year"]) if row["year"] else None) if row["month"] else None
    )
    assert found == expected


@DOCUMENT.each_row("balances")
def test_balances(row: dict[str, str]) -> None:
    assert balance_of(row["cell"], int(row["decimals"])) == (int(row["units"]) if row["units"] else None)


def test_a_long_file_is_told_apart_by_all_of_it() -> None:
    plain = b"name,phone\n" * 20_000
    pieces = [plain, "Zoé,06\n".encode("cp1252")]
    assert encoding_of(pieces) == "windows-1252"
    assert encoding_of([plain, "Zoé,06\n".encode()]) == "utf-8"


def test_single_damaged_letters_leave_a_file_in_utf_8() -> None:
    content = b"name,phone\n" + "Zoé Ålund,0612345678\n".encode() * 50 + b"Zo\xe9,0612345679\n"
    _, read = _read(content)
    assert read[0] == (2, ["Zoé Ålund", "0612345678"])
    plan = ImportPlan(columns=[MappedColumn(column=0, field="first_name"), MappedColumn(column=1, field="phone")])
    assert [fault.code for fault in read_row(read[-1], plan, HERE).faults] == ["unreadable_characters"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"PK\x03\x04rest", "workbook"),
        (b"\xd0\xcf\x11\xe0rest", "workbook"),
        (b"%PDF-1.7", "pdf"),
        (b"\x1f\x8b\x08", "archive"),
        (b"name\x00\x01\x02,phone" * 10, "binary"),
        (b"name,phone\n" * 9000 + b"\x00", "binary"),
    ],
)
def test_what_is_no_text_is_refused_by_its_name(content: bytes, kind: str) -> None:
    with pytest.raises(FileIsNotText) as refused:
        look(io.BytesIO(content), None)
    assert refused.value.params == {"kind": kind}


@pytest.mark.parametrize(
    ("content", "encoding"),
    [("Zoé".encode("cp1252"), "utf-8"), ("name".encode("utf-16"), "windows-1252"), (b"abc", "utf-16-le")],
)
def test_an_encoding_that_cannot_be_is_refused(content: bytes, encoding: str) -> None:
    with pytest.raises(EncodingRefused):
        look(io.BytesIO(content), encoding)  # type: ignore[arg-type]  # a column of strings


@pytest.mark.parametrize(
    ("content", "row"),
    [
        (b'name,phone\nLina,06\n"Zoe,07\nMax,08\n', 3),
        (b'name,phone\n"' + b"Lina,06\n" * 200, 2),
        (b'name,phone\n"' + b"x" * 200_000, 2),
    ],
)
def test_a_quotation_mark_that_is_never_closed_is_named(content: bytes, row: int) -> None:
    with pytest.raises(QuoteNotClosed) as refused:
        look(io.BytesIO(content), None)
    assert refused.value.params == {"row": row}


def test_quotes_lines_and_empty_rows_are_read_as_spreadsheets_write_them() -> None:
    content = b'name,note\r\n"Lina ""L"" Noor","two\r\nlines"\r\n\r\n , \r\n5" pipe,x\r\n'
    header, read = _read(content)
    assert header == ["name", "note"]
    assert read == [(2, ['Lina "L" Noor', "two\r\nlines"]), (5, ['5" pipe', "x"])]


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", FileEmpty),
        (b"name,phone\n", FileEmpty),
        (b"\n\n\n", FileEmpty),
        (b",".join([b"x"] * 101) + b"\ny", FileTooWide),
        (b"n\n" + b"x\n" * (MAX_ROWS + 1), FileTooLong),
    ],
)
def test_files_of_the_wrong_size_are_refused(content: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        look(io.BytesIO(content), None)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_separator_is_found(delimiter: str) -> None:
    lines = [["name", "phone", "city"], ["Lina, Noor", "06", "Salé"], ["Max", "07; 08", "Rabat"]]
    quoted = "\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
    assert [_read(quoted.encode())[0], *(cells for _, cells in _read(quoted.encode())[1])] == lines


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        (["First name", "Last Name", "Phone number", "E-mail"], ["first_name", "last_name", "phone", "email"]),
        (["Prénom", "Nom", "Téléphone", "Solde"], ["first_name", "last_name", "phone", "balance"]),
        (["PRENOM", "n° de telephone", "Date de naissance"], ["first_name", "phone", "birthday"]),
        (["الاسم الكامل", "رقم الهاتف", "النقاط"], ["first_name", "phone", "balance"]),
        (["Mobile", "Phone", "Shoe size"], ["phone"]),
        (["attribute.shoe_size", "phone"], ["attribute", "phone"]),
    ],
)
def test_columns_are_known_by_their_names(header: list[str], fields: list[str]) -> None:
    assert [column.field for column in suggested_columns(header)] == fields


@pytest.mark.parametrize(
    ("cells", "faults"),
    [
        (["Lina", "7777777", ""], [("phone", "phone_invalid")]),
        (["Lina", "", "nobody"], [("email", "email_invalid")]),
        (["Lina", "06 12 34 56 78", "x@"], [("email", "email_invalid")]),
        (["Lina", "", ""], [("", "contact_missing")]),
        (["x" * 101, "0612345678", ""], [("first_name", "first_name_invalid")]),
        (["\u200b", "0612345678", ""], [("first_name", "first_name_invalid")]),
        (["Lina", "0612345678", "", "more"], [("", "too_many_cells")]),
        (["", "6,12E+08", "n@"], [("phone", "phone_invalid"), ("email", "email_invalid")]),
    ],
)
def test_every_fault_of_a_row_is_told(cells: list[str], faults: list[tuple[str, str]]) -> None:
    plan = ImportPlan(
        columns=[
            MappedColumn(column=0, field="first_name"),
            MappedColumn(column=1, field="phone"),
            MappedColumn(column=2, field="email"),
        ]
    )
    draft = read_row((7, cells), plan, HERE)
    assert [(fault.field, fault.code) for fault in draft.faults] == faults
    assert draft.person is None
    for fault in draft.faults:
        for language in LANGUAGES:
            assert not cells[1] or cells[1] not in fault.sentence(language)


def test_a_row_becomes_a_person() -> None:
    plan = ImportPlan(
        columns=[
            MappedColumn(column=0, field="phone"),
            MappedColumn(column=1, field="birthday"),
            MappedColumn(column=2, field="language"),
            MappedColumn(column=3, field="attribute", attribute="vip", type="boolean"),
            MappedColumn(column=4, field="attribute", attribute="shoe", type="number"),
        ]
    )
    wide = Circumstances(region="MA", today=date(2026, 11, 22), width=5, delimiter=",")
    draft = read_row((2, ["'+212 612 345 678", "29/02", "fr-MA", "oui", "42,5"]), plan, wide)
    assert draft.person is not None
    told = draft.person.model_dump(exclude_defaults=True)
    assert told == {
        "phone": "+212612345678",
        "birthday": {"month": 2, "day": 29},
        "language": "fr",
        "attributes": {"vip": True, "shoe": 42.5},
        "source": "import",
    }


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("0612", "text", "0612"),
        ("x" * 501, "text", None),
        ("1 250", "number", 1250),
        ("12.5", "number", 12.5),
        ("1e400", "number", None),
        ("NaN", "number", None),
        ("نعم", "boolean", True),
        ("NON", "boolean", False),
        ("maybe", "boolean", None),
    ],
)
def test_attributes(text: str, kind: str, value: object) -> None:
    assert attribute_of(text, kind) == value  # type: ignore[arg-type]  # a column of strings


def test_sentences_are_there_in_every_language() -> None:
    fault = RowFault("phone", "phone_invalid", {"region": "FR", "example": "06 12 34 56 78"})
    assert len({fault.sentence(language) for language in LANGUAGES}) == 3


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1+1", "'+1+1"),
        ("-2-3", "'-2-3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("+33612345678", "+33612345678"),
        ("-5", "-5"),
        ("Lina", "Lina"),
        ("", ""),
    ],
)
def test_nothing_becomes_a_formula(text: str, cell: str) -> None:
    assert guarded(text) == cell
    assert unguarded(cell) == text


@given(st.text())
def test_what_goes_out_comes_back(text: str) -> None:
    assert unguarded(guarded(text)) == text or text.startswith("'")


def test_cells_are_quoted_and_guarded() -> None:
    assert csv_lines([["a,b", '=HYPERLINK("x")']]) == '"a,b","\'=HYPERLINK(""x"")"\r\n'


class _Thing:
    def __init__(self, place: UUID) -> None:
        self.place = place


@given(st.lists(st.lists(st.integers(1, 300), max_size=30), min_size=1, max_size=5), st.integers(1, 7))
def test_pages_of_several_lists_tell_everything_once(lists: list[list[int]], limit: int) -> None:
    spread = {(number, position) for position, several in enumerate(lists) for number in several}
    everything = sorted((UUID(int=number * 10 + position) for number, position in spread), reverse=True)
    told: list[UUID] = []
    before: UUID | None = UUID(int=(1 << 128) - 1)
    while before is not None:
        newest = [
            [_Thing(place) for place in everything if place.int % 10 == position and place < before][:limit]
            for position in range(len(lists))
        ]
        page, before = page_of(newest, before, limit)
        told += [one.place for one in page]
    assert told == everything


def test_what_has_no_id_of_its_own_finds_its_place() -> None:
    first, thing, last = new_id(), new_id(), new_id()
    assert first < thing < last
    now = datetime.now(UTC)
    assert place_of(now - timedelta(seconds=5), thing) < first
    assert place_of(now + timedelta(seconds=5), thing) > last
