"""Households between the parts of programs and on the wire."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import StringConstraints

from passerelle.kit.i18n import Language
from passerelle.kit.ids import WireId
from passerelle.kit.wire import NO_NUL, Outbound, Wire
from passerelle.programs.households.rules import Role
from passerelle.programs.schemas import Label, MembershipId, ProgramId
from passerelle.programs.values import Program

HouseholdId = Annotated[UUID, WireId("hh")]
HouseholdCode = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=NO_NUL)]


class HouseholdIn(Wire):
    name: Label


class JoinIn(Wire):
    """``code`` is the household's present one. A child earns into the pool and does not spend from it."""

    code: HouseholdCode
    role: Role = "adult"


class HouseholdChange(Wire):
    """Fields left out stay as they are; ``new_code`` makes the present invitation worthless."""

    name: Label | None = None
    head_id: MembershipId | None = None
    new_code: bool = False


class RoleIn(Wire):
    role: Role


@dataclass(frozen=True, slots=True)
class Sharer:
    """A member of a household; ``state`` is the membership's."""

    membership_id: UUID
    role: Role
    joined_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class Household:
    """A household with its present members and what they have together, by unit."""

    id: UUID
    program: Program
    name: str
    head_id: UUID
    code: str
    created_at: datetime
    ended_at: datetime | None
    sharers: Sequence[Sharer]
    pooled: Mapping[UUID, int]


class SharerOut(Outbound):
    membership_id: MembershipId
    role: Role
    is_head: bool
    joined_at: datetime


class PooledOut(Outbound):
    """``active`` is what all members have and can spend together."""

    unit: str
    name: str
    active: int


class HouseholdOut(Outbound):
    id: HouseholdId
    program_id: ProgramId
    name: str
    head_id: MembershipId
    code: str
    created_at: datetime
    ended_at: datetime | None
    members: list[SharerOut]
    pooled: list[PooledOut]

    @classmethod
    def of(cls, household: Household, language: Language) -> Self:
        """A household in a reader's language."""
        return cls(
            id=household.id,
            program_id=household.program.id,
            name=household.name,
            head_id=household.head_id,
            code=household.code,
            created_at=household.created_at,
            ended_at=household.ended_at,
            members=[
                SharerOut(
                    membership_id=each.membership_id,
                    role=each.role,
                    is_head=each.membership_id == household.head_id,
                    joined_at=each.joined_at,
                )
                for each in household.sharers
            ],
            pooled=[
                PooledOut(unit=unit.code, name=unit.name(household.pooled[unit.id], language), active=amount)
                for unit in household.program.units
                if (amount := household.pooled.get(unit.id)) is not None
            ],
        )
