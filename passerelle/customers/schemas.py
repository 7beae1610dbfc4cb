"""Customers on the wire and between domains. Nothing here shows contact data in its repr or in its errors."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Final, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StringConstraints,
    model_validator,
)

from passerelle.customers import rules
from passerelle.customers.rules import BirthDate, Source
from passerelle.kit.i18n import Language
from passerelle.kit.ids import WireId
from passerelle.kit.wire import NO_NUL, Outbound, WholeNumber, Wire, require_visible

CustomerId = Annotated[UUID, WireId("cus")]

_EXACT: Final = 2**53  # beyond, JSON readers disagree about integers


def _name(text: str) -> str:
    return require_visible(rules.clean_name(text))


def _region(code: str) -> str:
    if not rules.is_region(code):
        raise ValueError("Use a country of ISO 3166 such as MA or FR.")
    return code


PersonName = Annotated[str, StringConstraints(max_length=100), AfterValidator(_name)]
PhoneText = Annotated[str, StringConstraints(min_length=1, max_length=rules.MAX_PHONE_CHARACTERS)]
EmailText = Annotated[str, StringConstraints(min_length=1, max_length=254)]
Region = Annotated[
    str,
    StringConstraints(to_upper=True, min_length=2, max_length=2),
    AfterValidator(_region),
    Field(description="Country whose national phone numbers are meant; by default the organization's."),
]
AttributeName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,49}$")]
AttributeValue = (
    StrictBool
    | Annotated[StrictInt, Field(ge=-_EXACT, le=_EXACT)]
    | Annotated[StrictFloat, Field(ge=-_EXACT, le=_EXACT, allow_inf_nan=False)]
    | Annotated[str, StringConstraints(max_length=500, pattern=NO_NUL)]
)
AttributeChanges = Annotated[dict[AttributeName, AttributeValue | None], Field(max_length=2 * rules.MAX_ATTRIBUTES)]
Attributes = Annotated[dict[AttributeName, AttributeValue], Field(max_length=rules.MAX_ATTRIBUTES)]


def _without_repeats(names: list[str]) -> list[str]:
    return sorted(set(names))


SegmentName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=64, pattern=NO_NUL),
    AfterValidator(require_visible),
]
Segments = Annotated[
    list[SegmentName],
    Field(max_length=rules.MAX_SEGMENTS, description="Static segments, by name; rules of earning can ask for them."),
    AfterValidator(_without_repeats),
]


class Birthday(Wire):
    """Day and month, the year only if you need it; 29 February is allowed without a year."""

    model_config = ConfigDict(hide_input_in_errors=True)

    month: Annotated[WholeNumber, Field(ge=1, le=12, repr=False)]
    day: Annotated[WholeNumber, Field(ge=1, le=31, repr=False)]
    year: Annotated[WholeNumber | None, Field(ge=1900, le=2100, repr=False)] = None

    @model_validator(mode="after")
    def _exists(self) -> Self:
        try:
            self.date()
        except ValueError:
            raise ValueError("This day is not in the calendar.") from None
        return self

    def date(self) -> BirthDate:
        """As the rules know it."""
        return BirthDate(self.month, self.day, self.year)


class _Contact(Wire):
    model_config = ConfigDict(hide_input_in_errors=True)

    first_name: Annotated[PersonName | None, Field(repr=False, description="Or the whole name, asked as one.")] = None
    last_name: Annotated[PersonName | None, Field(repr=False)] = None
    phone: Annotated[PhoneText | None, Field(repr=False, description="As people write it.")] = None
    email: Annotated[EmailText | None, Field(repr=False)] = None
    birthday: Annotated[Birthday | None, Field(repr=False)] = None
    language: Language | None = None
    region: Region | None = None


class NewCustomer(_Contact):
    """A person who comes; every field may be missing, for a card can also be anonymous."""

    attributes: Attributes = Field(default_factory=dict, repr=False)
    segments: Segments = Field(default_factory=list)
    source: Source = "api"


class CustomerChange(_Contact):
    """Fields left out stay as they are, null removes; an attribute set to null is removed, others stay.

    ``segments`` is the whole list.
    """

    attributes: AttributeChanges = Field(default_factory=dict, repr=False)
    segments: Segments | None = None


class CustomerSearch(Wire):
    """One search box: a whole phone number, a whole e-mail address, or whole words of a name."""

    model_config = ConfigDict(hide_input_in_errors=True)

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=254), Field(repr=False)]
    region: Region | None = None


class CustomerOut(Outbound):
    """``phone`` is in E.164 form, ``language`` null when it was never told."""

    id: CustomerId
    first_name: Annotated[str | None, Field(repr=False)]
    last_name: Annotated[str | None, Field(repr=False)]
    phone: Annotated[str | None, Field(repr=False)]
    email: Annotated[str | None, Field(repr=False)]
    birthday: Annotated[Birthday | None, Field(repr=False)]
    language: Language | None
    attributes: Annotated[dict[str, bool | int | float | str], Field(repr=False)]
    segments: list[str]
    source: Source
    created_at: datetime
    changed_at: datetime


class RegisteredOut(Outbound):
    """``created`` is false when a customer with this phone or e-mail was known; they were not changed."""

    id: CustomerId
    created: bool


@dataclass(frozen=True, slots=True)
class Registered:
    """The outcome of ``service.register``."""

    customer_id: UUID
    created: bool


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What a card says about its holder; names are empty texts when unknown or erased."""

    first_name: str = field(repr=False)
    full_name: str = field(repr=False)
    language: Language | None
