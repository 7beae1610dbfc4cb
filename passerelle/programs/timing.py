"""When units become usable and when they lapse: the policy of a unit, and what it says of one accrual. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import ConfigDict, Field

from passerelle.kit.wire import WholeNumber, Wire


class Timing(Wire):
    """The policy of a unit, or of a rule that overrides it. Units are pending first, then usable, then they lapse."""

    model_config = ConfigDict(frozen=True)

    pending_days: Annotated[WholeNumber, Field(ge=0, le=365)] = 0
    expires_after_days: Annotated[WholeNumber, Field(ge=1, le=36_500)] | None = None


@dataclass(frozen=True, slots=True)
class Times:
    """Usable in ``[activates_at, expires_at)``; None is at once, and never."""

    activates_at: datetime | None = None
    expires_at: datetime | None = None


def times_of(timing: Timing, earned_at: datetime, time_zone: str) -> Times:  # noqa: ARG001  calendar days come with it
    """What a policy says of units earned at an instant; the time to lapse begins when they become active."""
    activates_at = earned_at + timedelta(days=timing.pending_days) if timing.pending_days else None
    if timing.expires_after_days is None:
        return Times(activates_at)
    return Times(activates_at, (activates_at or earned_at) + timedelta(days=timing.expires_after_days))
