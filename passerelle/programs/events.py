"""Facts of programs."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class ProgramCreated(Event):
    """Those above complete the program in the same transaction: rewards its first reward, templates its card.

    ``goal`` is the price of the reward in ``unit_id``; ``reward_names`` are its translations.
    """

    name = "program.created"
    program_id: UUID
    kind: str
    unit_id: UUID | None
    goal: int | None
    reward_name: str | None
    reward_names: dict[str, str]


@dataclass(frozen=True, slots=True)
class ProgramChanged(Event):
    """``fields`` are what was given to change, sorted; ``rewards`` stands for the catalogue."""

    name = "program.changed"
    program_id: UUID
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GoalChanged(Event):
    """The card of a program has another number of places; announced before its ProgramChanged."""

    name = "program.goal_changed"
    program_id: UUID
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class MemberEnrolled(Event):
    name = "member.enrolled"
    membership_id: UUID
    program_id: UUID
    customer_id: UUID
    source: str
    location_id: UUID | None


@dataclass(frozen=True, slots=True)
class MemberChanged(Event):
    """A membership was suspended, ended or made active again."""

    name = "member.changed"
    membership_id: UUID
    program_id: UUID
    customer_id: UUID
    state: str


@dataclass(frozen=True, slots=True)
class VisitRecorded(Event):
    """Somebody came without a purchase; ``occurred_at`` is an ISO 8601 instant. Told again with its reference."""

    name = "visit.recorded"
    reference: str
    membership_id: UUID
    program_id: UUID
    customer_id: UUID
    location_id: UUID | None
    occurred_at: str


@dataclass(frozen=True, slots=True)
class VisitUndone(Event):
    name = "visit.undone"
    reference: str
    customer_id: UUID


@dataclass(frozen=True, slots=True)
class CustomEventRecorded(Event):
    """Something that a program of the shop told of a customer; ``event`` is its name. Attributes stay in the row."""

    name = "custom_event.recorded"
    custom_event_id: UUID
    customer_id: UUID
    membership_id: UUID | None
    event: str
    occurred_at: str
