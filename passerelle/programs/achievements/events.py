"""Facts of achievements."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class AchievementReached(Event):
    """``times`` is above one when a single purchase reached a repeatable goal several times; ``amount`` in all."""

    name = "achievement.reached"
    award_id: UUID
    achievement_id: UUID
    membership_id: UUID
    program_id: UUID
    times: int
    amount: int


@dataclass(frozen=True, slots=True)
class AchievementTakenBack(Event):
    """What had reached it was undone."""

    name = "achievement.taken_back"
    award_id: UUID
    achievement_id: UUID
    membership_id: UUID
