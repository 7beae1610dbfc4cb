"""Facts of feedback; what customers wrote stays in it."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class FeedbackGiven(Event):
    name = "feedback.given"
    feedback_id: UUID
    customer_id: UUID
    location_id: UUID | None
    stars: int


@dataclass(frozen=True, slots=True)
class FeedbackChanged(Event):
    """Within the day that a customer has for that."""

    name = "feedback.changed"
    feedback_id: UUID
    customer_id: UUID
    location_id: UUID | None
    stars: int


@dataclass(frozen=True, slots=True)
class FeedbackReplied(Event):
    """Staff wrote a mail about it."""

    name = "feedback.replied"
    feedback_id: UUID
    customer_id: UUID


@dataclass(frozen=True, slots=True)
class FeedbackDealtWith(Event):
    name = "feedback.dealt_with"
    feedback_id: UUID
    customer_id: UUID


@dataclass(frozen=True, slots=True)
class FeedbackSettingsChanged(Event):
    """``fields`` are those that are other than before, sorted."""

    name = "feedback_settings.changed"
    fields: tuple[str, ...]
