"""What an occasion gives beside purchases: a number of units of the program, and how it reaches a member."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from passerelle.kit.wire import WholeNumber, Wire
from passerelle.programs.errors import UnitNotFound, UnitNotNamed

if TYPE_CHECKING:
    from passerelle.programs.values import Program, Unit

UnitCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,29}$")]


class Prize(Wire):
    """``amount`` units; zero gives nothing. ``unit`` may be left out when the program has one unit."""

    model_config = ConfigDict(frozen=True)

    amount: Annotated[WholeNumber, Field(ge=0, le=1_000_000)]
    unit: UnitCode | None = None


def unit_of(prize: Prize, program: "Program") -> UUID:
    """The unit that a prize means; raises UnitNotNamed, UnitNotFound."""
    return named_unit(program, prize.unit).id


def named_unit(program: "Program", code: str | None) -> "Unit":
    """The unit of a code, or the only one when none is named; raises UnitNotNamed, UnitNotFound."""
    unit = program.find_unit(code)
    if unit is not None:
        return unit
    if code is None:
        raise UnitNotNamed(units=", ".join(known.code for known in program.units) or "—")
    raise UnitNotFound


def require_units(program: "Program") -> None:
    """Refuse settings whose prizes name a unit that the program has not; raises UnitNotNamed, UnitNotFound."""
    for prize in _prizes_of(program):
        if prize.amount > 0:
            unit_of(prize, program)
    for code in _named_units(program):
        named_unit(program, code)


def _prizes_of(program: "Program") -> Iterable[Prize]:
    referral, birthday = program.settings.referral, program.settings.birthday
    if referral is not None:
        yield referral.referrer
        yield referral.friend
        yield from (milestone.prize for milestone in referral.milestones)
    if birthday is not None:
        yield birthday.prize


def _named_units(program: "Program") -> Iterable[str]:
    transfers, households = program.settings.transfers, program.settings.households
    if transfers is not None:
        yield from transfers.units
    if households is not None:
        yield from households.units
