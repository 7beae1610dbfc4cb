"""When a rule or a promotion applies: conditions on the wire, and prepared for quick matching. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, Literal, TypeAlias
from uuid import UUID

from pydantic import ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StringConstraints

from passerelle.kit.ids import WireId
from passerelle.kit.wire import NO_NUL, Instant, Wire
from passerelle.organizations.schemas import LocationId
from passerelle.programs.accrual_base import AccrualBase, Counted, Occasion, Text64, counted
from passerelle.programs.periods import LocalMoment, is_within, local_moment
from passerelle.programs.rules import ReasonCode
from passerelle.purchases.schemas import Channel

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: Final[tuple[Weekday, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ClockTime = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
TierId = Annotated[UUID, WireId("tir")]
AttributeName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,49}$")]
_EXACT: Final = 2**53  # beyond, JSON readers disagree about integers
Number = (
    Annotated[StrictInt, Field(ge=-_EXACT, le=_EXACT)]
    | Annotated[StrictFloat, Field(ge=-_EXACT, le=_EXACT, allow_inf_nan=False)]
)
AttributeValue: TypeAlias = StrictBool | Number | Annotated[str, StringConstraints(max_length=500, pattern=NO_NUL)]


class Hours(Wire):
    """Local hours ``[from, to)``; an end before the start is on the next day."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    from_: Annotated[ClockTime, Field(alias="from")]
    to: ClockTime

    @property
    def minutes(self) -> tuple[int, int]:
        """Both ends in minutes from midnight."""
        return _minutes(self.from_), _minutes(self.to)


class AttributeCondition(Wire):
    """What an attribute of a custom event must be; with the name alone, it must be there."""

    model_config = ConfigDict(frozen=True)

    name: AttributeName
    equals: AttributeValue | None = None
    one_of: Annotated[list[AttributeValue], Field(max_length=50)] | None = None
    at_least: Number | None = None
    at_most: Number | None = None

    def is_met(self, attributes: Mapping[str, Any]) -> bool:
        """Whether the attribute is there and fits; numbers are compared with numbers only."""
        if self.name not in attributes:
            return False
        value = attributes[self.name]
        if self.equals is not None and not _same(value, self.equals):
            return False
        if self.one_of is not None and not any(_same(value, each) for each in self.one_of):
            return False
        if self.at_least is None and self.at_most is None:
            return True
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return (self.at_least is None or value >= self.at_least) and (self.at_most is None or value <= self.at_most)


class Conditions(Wire):
    """When a rule or promotion applies; all that are given must hold, and of a list one entry.

    ``starts_at`` and ``ends_at`` bound the instant of the purchase, half-open. ``weekdays`` and ``hours`` are those
    of the program's time zone.
    """

    model_config = ConfigDict(frozen=True)

    locations: Annotated[list[LocationId], Field(max_length=100)] | None = None
    weekdays: Annotated[list[Weekday], Field(max_length=7)] | None = None
    hours: Annotated[list[Hours], Field(max_length=10)] | None = None
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    tiers: Annotated[list[TierId], Field(max_length=20)] | None = None
    segments: Annotated[list[Text64], Field(max_length=50)] | None = None
    first_purchase: bool = False
    channels: Annotated[list[Channel], Field(max_length=3)] | None = None
    attributes: Annotated[list[AttributeCondition], Field(max_length=10)] | None = None


NO_CONDITIONS: Final = Conditions()


class Facts:
    """What conditions and rules look at, read once per occasion and member; counted parts are remembered by base."""

    __slots__ = ("_counted", "is_first_purchase", "moment", "occasion", "segments", "tier_ids")

    def __init__(
        self,
        occasion: Occasion,
        time_zone: str = "UTC",
        *,
        tier_ids: frozenset[UUID] = frozenset(),
        segments: frozenset[str] = frozenset(),
        is_first_purchase: bool = False,
    ) -> None:
        self.occasion = occasion
        self.moment: LocalMoment = local_moment(occasion.occurred_at, time_zone)
        self.tier_ids = tier_ids
        self.segments = segments
        self.is_first_purchase = is_first_purchase
        self._counted: list[tuple[AccrualBase, Counted]] = []

    def counted(self, base: AccrualBase) -> Counted:
        """What counts under a base; the bases of a program are few, so a list finds it quicker than a hash."""
        for known, answer in self._counted:
            if known is base:
                return answer
        answer = counted(self.occasion, base)
        self._counted.append((base, answer))
        return answer


@dataclass(frozen=True, slots=True)
class Matcher:
    """Conditions made ready: sets and numbers instead of lists and texts. Empty means that all pass."""

    locations: frozenset[UUID]
    weekdays: frozenset[int]
    hours: tuple[tuple[int, int], ...]
    starts_at: datetime | None
    ends_at: datetime | None
    tiers: frozenset[UUID]
    segments: frozenset[str]
    first_purchase: bool
    channels: frozenset[str]
    attributes: tuple[AttributeCondition, ...]

    @classmethod
    def of(cls, conditions: Conditions) -> "Matcher":
        """Prepare conditions, once per version of a program."""
        return cls(
            locations=frozenset(conditions.locations or ()),
            weekdays=frozenset(WEEKDAYS.index(day) for day in conditions.weekdays or ()),
            hours=tuple(span.minutes for span in conditions.hours or ()),
            starts_at=conditions.starts_at,
            ends_at=conditions.ends_at,
            tiers=frozenset(conditions.tiers or ()),
            segments=frozenset(conditions.segments or ()),
            first_purchase=conditions.first_purchase,
            channels=frozenset(conditions.channels or ()),
            attributes=tuple(conditions.attributes or ()),
        )

    def unmet(self, facts: Facts) -> ReasonCode | None:
        """The first condition that does not hold, in the order in which a cashier could check them."""
        occasion = facts.occasion
        if (self.starts_at is not None and occasion.occurred_at < self.starts_at) or (
            self.ends_at is not None and occasion.occurred_at >= self.ends_at
        ):
            return "outside_dates"
        if (self.weekdays or self.hours) and not is_within(facts.moment, self.weekdays, self.hours):
            return "other_hours"
        if self.locations and occasion.location_id not in self.locations:
            return "other_location"
        if self.channels and occasion.channel not in self.channels:
            return "other_channel"
        return self._unmet_by_member(facts)

    def _unmet_by_member(self, facts: Facts) -> ReasonCode | None:
        if self.tiers and self.tiers.isdisjoint(facts.tier_ids):
            return "other_tier"
        if self.segments and self.segments.isdisjoint(facts.segments):
            return "other_segment"
        if self.first_purchase and not facts.is_first_purchase:
            return "not_first_purchase"
        if self.attributes and not all(each.is_met(facts.occasion.attributes) for each in self.attributes):
            return "other_attributes"
        return None


def _minutes(clock_time: str) -> int:
    return 60 * int(clock_time[:2]) + int(clock_time[3:])


def _same(one: object, other: object) -> bool:
    """Equal as JSON sees it: true is not 1."""
    return isinstance(one, bool) == isinstance(other, bool) and one == other
