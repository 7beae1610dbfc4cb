"""Shapes that every domain's schemas share: strict input, pages of a list."""

from typing import Annotated, Generic, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from passerelle.kit.ids import decode, encode

T = TypeVar("T")
# PostgreSQL cannot store U+0000.
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=r"^[^\x00]*$")]
PageSize = Annotated[int, Query(ge=1, le=200, description="Items on a page.")]
Cursor = Annotated[str | None, Query(max_length=60, description="“next” of the page before.")]


class Wire(BaseModel):
    """Base of what comes in: a field that nobody knows is a spelling mistake, and is refused."""

    model_config = ConfigDict(extra="forbid")


class Page(BaseModel, Generic[T]):
    """One page of a list, newest first; ``next`` is the cursor of the following page, absent on the last."""

    items: list[T]
    next: Annotated[str | None, Field(description="Cursor of the following page.")] = None


def cursor_of(last_id: UUID) -> str:
    """The cursor that continues after a row."""
    return encode("cur", last_id)


def after(cursor: str | None) -> UUID:
    """The id that a page continues below; without a cursor, above all ids. Raises InvalidId."""
    return decode("cur", cursor) if cursor else UUID(int=(1 << 128) - 1)
