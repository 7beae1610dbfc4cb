"""Whether members of a program may give units to each other; part of the program's settings."""

from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from passerelle.kit.wire import WholeNumber, Wire
from passerelle.programs.prizes import UnitCode

Amount = Annotated[WholeNumber, Field(ge=1, le=10**9)]


class TransferSettings(Wire):
    """Limits of one transfer and of what one member gives in a local day; ``units``: all spendable ones when empty."""

    model_config = ConfigDict(frozen=True)

    minimum: Amount = 1
    maximum: Amount | None = None
    maximum_per_day: Amount | None = None
    units: Annotated[tuple[UnitCode, ...], Field(max_length=20)] = ()

    @model_validator(mode="after")
    def _possible(self) -> Self:
        least = min(limit for limit in (self.maximum, self.maximum_per_day, 10**9) if limit is not None)
        if self.minimum > least:
            raise ValueError("The minimum of a transfer is above its maximum, so none could be made.")
        return self
