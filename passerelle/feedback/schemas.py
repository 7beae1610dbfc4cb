"""Feedback between domains and on the wire."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from passerelle.customers.schemas import CustomerId
from passerelle.kit.ids import WireId
from passerelle.kit.wire import NO_NUL, Outbound, WholeNumber, Wire, require_visible
from passerelle.organizations.schemas import LocationId

FeedbackId = Annotated[UUID, WireId("fbk")]
AskedOccasion = Literal["purchase", "visit", "check_in"]
FeedbackFilter = Literal["answered", "waiting", "low", "low_open"]
Stars = Annotated[WholeNumber, Field(ge=1, le=5)]
MailState = Literal["queued", "no_consent", "no_address"]
_Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000, pattern=NO_NUL),
    AfterValidator(require_visible),
]


class FeedbackSettings(Wire):
    """What is asked about: ``delay_minutes`` after it happened, one customer at most every ``every_days`` days.

    ``by_mail``: customers who agreed to mails get one; all others find the question on their page and card.
    """

    model_config = ConfigDict(frozen=True)

    enabled: bool = False
    occasions: Annotated[tuple[AskedOccasion, ...], Field(min_length=1, max_length=3)] = ("purchase", "visit")
    delay_minutes: Annotated[WholeNumber, Field(ge=0, le=10_080)] = 120
    every_days: Annotated[WholeNumber, Field(ge=1, le=365)] = 30
    by_mail: bool = True


class AnswerIn(Wire):
    """What a customer says: stars, and words of up to 1,000 characters."""

    model_config = ConfigDict(hide_input_in_errors=True)

    stars: Stars
    words: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=1_000, pattern=NO_NUL), Field(repr=False)
    ] = ""


class ReplyIn(Wire):
    """A mail to the customer: plain text of up to 2,000 characters."""

    model_config = ConfigDict(hide_input_in_errors=True)

    text: Annotated[_Text, Field(repr=False)]


class DealIn(Wire):
    """It was dealt with; ``note`` is kept among the notes about the customer."""

    model_config = ConfigDict(hide_input_in_errors=True)

    note: Annotated[_Text | None, Field(repr=False)] = None


class FeedbackOut(Outbound):
    """A visit that was asked about; without ``stars`` nobody answered yet.

    ``mail``: a mail that asks was queued, or why not; null when mails were not used. ``dealt_at``: somebody has seen
    to a low answer.
    """

    id: FeedbackId
    customer_id: CustomerId
    location_id: LocationId | None
    occasion: AskedOccasion
    happened_at: datetime
    due_at: datetime
    open_until: datetime
    mail: MailState | None
    stars: int | None
    words: Annotated[str | None, Field(repr=False)]
    answered_at: datetime | None
    changed_at: datetime | None
    reply: Annotated[str | None, Field(repr=False)]
    replied_at: datetime | None
    dealt_at: datetime | None
    dealt_by: str | None


class FeedbackFigures(Outbound):
    """One location in one week: how many visits were asked about, how many answered, and the mean of the stars.

    ``week`` is its Monday. ``mean_hundredths`` is null without answers, 437 is 4.37 stars.
    """

    week: date
    location_id: LocationId | None
    asked: int
    answered: int
    low: int
    mean_hundredths: int | None


class FeedbackFiguresOut(Outbound):
    """Weeks, latest first; within a week by location."""

    items: list[FeedbackFigures]


@dataclass(frozen=True, slots=True)
class VisitAsked:
    """A question as pages show it, with the address that answers it; ``stars`` and ``words`` are those so far."""

    id: UUID
    customer_id: UUID
    path: str
    location: str | None
    happened_at: datetime
    stars: int | None
    words: str
    may_answer: bool
