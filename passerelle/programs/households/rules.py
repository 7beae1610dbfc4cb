"""Decisions of households; written in prose, with tables, in docs/algorithms/community.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

Role = Literal["adult", "child"]


@dataclass(frozen=True, slots=True)
class Person:
    """A member as a household sees them."""

    membership_id: UUID
    role: Role
    joined_at: datetime


def heir(people: Sequence[Person], leaving: UUID) -> UUID | None:
    """Who answers for the household when its head leaves: the adult who is in it longest; None when there is none."""
    adults = [person for person in people if person.role == "adult" and person.membership_id != leaving]
    return min(adults, key=lambda person: (person.joined_at, person.membership_id)).membership_id if adults else None
