"""Facts of birthdays."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class BirthdayReached(Event):
    """A member has their birthday, for the first time in this year; ``amount`` is what the program gave."""

    name = "birthday.reached"
    membership_id: UUID
    program_id: UUID
    customer_id: UUID
    year: int
    amount: int
