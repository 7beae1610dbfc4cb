"""Whether members of a program may share balances; part of the program's settings."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from passerelle.kit.wire import WholeNumber, Wire
from passerelle.programs.prizes import UnitCode

OnLeave = Literal["keep", "forfeit"]


class HouseholdSettings(Wire):
    """``units`` are those that are pooled, all when empty. ``on_leave``: what a member who leaves has with them."""

    model_config = ConfigDict(frozen=True)

    max_members: Annotated[WholeNumber, Field(ge=2, le=20)] = 6
    on_leave: OnLeave = "keep"
    units: Annotated[tuple[UnitCode, ...], Field(max_length=20)] = ()
