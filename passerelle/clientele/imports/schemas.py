"""Imports on the wire."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from passerelle.customers.schemas import AttributeName, Region
from passerelle.kit.ids import WireId
from passerelle.kit.wire import Outbound, WholeNumber, Wire
from passerelle.programs.schemas import ProgramId, UnitCode

ImportId = Annotated[UUID, WireId("imp")]
Encoding = Literal["utf-8", "utf-16-le", "utf-16-be", "utf-32", "windows-1252", "windows-1256"]
ImportState = Literal["uploaded", "checking", "checked", "running", "done", "failed", "cancelled"]
FieldName = Literal["first_name", "last_name", "phone", "email", "birthday", "language", "balance", "attribute"]

MAX_COLUMNS = 100


class MappedColumn(Wire):
    """What a column holds; ``column`` counts from 0. A custom attribute has a name and what its values are."""

    column: Annotated[WholeNumber, Field(ge=0, lt=MAX_COLUMNS)]
    field: FieldName
    attribute: AttributeName | None = None
    type: Literal["text", "number", "boolean"] = "text"

    @model_validator(mode="after")
    def _named(self) -> Self:
        if (self.field == "attribute") != (self.attribute is not None):
            raise ValueError("A column of an attribute, and no other, has the attribute's name.")
        return self


class ImportPlan(Wire):
    """What to make of a file. Columns that are not mapped are left out; empty cells say nothing.

    ``known`` is what happens to customers who are known already: ``fill`` gives them what they have not, ``replace``
    also changes what they have, ``keep`` leaves them as they are. With ``program_id`` everybody becomes a member;
    ``issue_cards`` gives members a card. ``balance`` is an opening balance in ``unit`` of that program, booked once.
    ``day_first``: 03/04 is the third of April. ``region``: the country of national phone numbers, by default the
    organization's.
    """

    columns: Annotated[list[MappedColumn], Field(min_length=1, max_length=MAX_COLUMNS)]
    known: Literal["fill", "replace", "keep"] = "fill"
    program_id: ProgramId | None = None
    unit: UnitCode | None = None
    issue_cards: bool = False
    region: Region | None = None
    day_first: bool = True

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        fields = [one.field if one.attribute is None else f"attribute.{one.attribute}" for one in self.columns]
        if len(set(fields)) != len(fields):
            raise ValueError("Each field is mapped once.")
        if not {"phone", "email"} & set(fields):
            raise ValueError("Map the phone or the e-mail: people are recognised by them.")
        if self.program_id is None and ("balance" in fields or self.issue_cards):
            raise ValueError("An opening balance and cards need a program.")
        return self


class ImportFigures(Outbound):
    """What the check found, or the run did: ``same`` rows change nothing. ``units`` are of the opening balances."""

    rows: int
    faulty: int
    new: int
    changed: int
    same: int
    enrolled: int
    cards: int
    units: int

    @classmethod
    def of(cls, counted: Mapping[str, int]) -> Self:
        """What was counted; the rest is zero."""
        return cls(**{name: counted.get(name, 0) for name in cls.model_fields})


class CustomerImportOut(Outbound):
    """A file and what became of it.

    ``figures.rows`` of ``rows`` are done in the present step. ``sample`` is the first rows as long as they are kept.
    ``suggested`` is what the names of the columns say. ``same_as``: this file was imported before.
    """

    id: ImportId
    state: ImportState
    rows: int
    encoding: Encoding
    delimiter: str
    columns: Annotated[list[str], Field(repr=False)]
    sample: Annotated[list[list[str]], Field(repr=False)]
    suggested: list[MappedColumn]
    plan: ImportPlan | None
    figures: ImportFigures
    failure: str | None
    same_as: ImportId | None
    actor: str
    created_at: datetime
    finished_at: datetime | None


class ImportSummary(Outbound):
    """One line of the list of imports."""

    id: ImportId
    state: ImportState
    rows: int
    figures: ImportFigures
    actor: str
    created_at: datetime
    finished_at: datetime | None


class FaultOut(Outbound):
    """What is wrong with a row; rows count from 1, which is the header, as in a spreadsheet."""

    row: int
    field: str
    code: str
    message: str
