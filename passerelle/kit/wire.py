"""Shapes that every domain's schemas share: strict input, names, numbers and times, pages of a list."""

import unicodedata
import warnings
from datetime import UTC, date, datetime
from typing import Annotated, Final, Generic, TypeVar
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, Strict, StringConstraints
from pydantic.warnings import UnsupportedFieldAttributeWarning

from passerelle.kit.ids import ABOVE_ALL, decode, encode

T = TypeVar("T")
# The framework builds its fields without this warning, of which only it can rid itself; they are built later now.
warnings.filterwarnings("ignore", category=UnsupportedFieldAttributeWarning)
NO_NUL: Final = r"^[^\x00]*$"  # the one character PostgreSQL cannot store
_FIRST_INSTANT: Final = datetime(1900, 1, 1, tzinfo=UTC)
_END_OF_INSTANTS: Final = datetime(2201, 1, 1, tzinfo=UTC)


def require_visible(text: str) -> str:
    """The text; raises ValueError when all of it is space, control or format characters (such as U+200B)."""
    if all(unicodedata.category(letter)[0] in "CZ" for letter in text):
        raise ValueError("A name needs at least one visible character.")
    return text


def _instant(given: datetime) -> datetime:
    # Compared before it is moved: at the edge of the calendar, moving it to UTC overflows.
    if not _FIRST_INSTANT <= given < _END_OF_INSTANTS:
        raise ValueError("A time must lie between the years 1900 and 2200.")
    return given.astimezone(UTC)


Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=NO_NUL),
    AfterValidator(require_visible),
]
Reference = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[\x21-\x7e]+$")]
"""What a caller's own program calls something, so that it may be told again."""
ReasonText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=NO_NUL)]
"""Why somebody did something, in their words."""
Instant = Annotated[AwareDatetime, AfterValidator(_instant)]
"""A point in time that comes in: with its offset, of the years 1900 to 2200; inside it is in UTC."""
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2200, 12, 31))]
"""A day that comes in, as instants do: further away, a calendar has no day before or after."""
WholeNumber = Annotated[int, Strict()]
"""An integer as JSON writes it: neither ``true`` nor "450" nor 450.0, which would be taken for one otherwise."""
MOST_PER_PAGE: Final = 200
PageSize = Annotated[int, Field(ge=1, le=MOST_PER_PAGE, description="Items on a page.")]
Cursor = Annotated[str | None, Field(max_length=60, description="“next” of the page before.")]


class Outbound(BaseModel):
    """Base of what goes out. Validators are built when they are first needed, for no process needs all of them."""

    model_config = ConfigDict(defer_build=True)


class Wire(Outbound):
    """Base of what comes in: a field that nobody knows is a spelling mistake, and is refused."""

    model_config = ConfigDict(extra="forbid")


class Page(Outbound, Generic[T]):
    """One page of a list, newest first; ``next`` is the cursor of the following page, absent on the last."""

    items: list[T]
    next: Annotated[str | None, Field(description="Cursor of the following page.")] = None


def cursor_of(last_id: UUID) -> str:
    """The cursor that continues after a row."""
    return encode("cur", last_id)


def after(cursor: str | None) -> UUID:
    """The id that a page continues below; without a cursor, above all ids. Raises InvalidId."""
    return decode("cur", cursor) if cursor else ABOVE_ALL
