"""Achievements between the parts of programs and on the wire."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from passerelle.kit.i18n import Language
from passerelle.kit.ids import WireId
from passerelle.kit.wire import Outbound, WholeNumber, Wire
from passerelle.programs.accrual_base import Text64
from passerelle.programs.achievements.rules import Definition, Goal, Metric, Streak, StreakUnit, Window
from passerelle.programs.prizes import Prize
from passerelle.programs.schemas import Label, ProgramId, Translations

AchievementId = Annotated[UUID, WireId("ach")]


class GoalIn(Wire):
    """``target`` of a metric within a calendar window; ``spend`` is in minor units.

    ``skus`` and ``categories`` are for ``items``; with neither, every item counts.
    """

    type: Literal["goal"]
    metric: Metric
    target: Annotated[WholeNumber, Field(ge=1, le=10**12)]
    window: Window = "ever"
    skus: Annotated[list[Text64], Field(default_factory=list, max_length=500)]
    categories: Annotated[list[Text64], Field(default_factory=list, max_length=100)]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.metric != "items" and (self.skus or self.categories):
            raise ValueError("skus and categories belong to the metric “items”.")
        return self


class StreakIn(Wire):
    """At least one visit in each of ``length`` consecutive days, ISO weeks or months."""

    type: Literal["streak"]
    unit: StreakUnit
    length: Annotated[WholeNumber, Field(ge=2, le=366)]


DefinitionIn = Annotated[GoalIn | StreakIn, Field(discriminator="type")]


class AchievementIn(Wire):
    """A new goal. Its definition never changes; take it out and make another instead."""

    name: Label
    names: Annotated[Translations, Field(default_factory=dict)]
    definition: DefinitionIn
    repeatable: bool = False
    prize: Prize = Prize(amount=0)
    badge: Label | None = None
    badges: Annotated[Translations, Field(default_factory=dict)]

    @model_validator(mode="after")
    def _worth_it(self) -> Self:
        if self.prize.amount == 0 and self.badge is None:
            raise ValueError("An achievement gives units, a badge, or both.")
        return self


class AchievementChange(Wire):
    """Fields left out stay as they are. What is not active counts nothing until it is active again."""

    name: Label | None = None
    names: Translations | None = None
    badge: Label | None = None
    badges: Translations | None = None
    active: bool | None = None


@dataclass(frozen=True, slots=True)
class Achievement:
    """A goal of a program as it is remembered; as models.AchievementRow."""

    id: UUID
    program_id: UUID
    name: str
    names: Mapping[str, str]
    definition: Definition
    repeatable: bool
    unit_id: UUID | None
    amount: int
    badge: str | None
    badges: Mapping[str, str]
    active: bool
    created_at: datetime

    def name_in(self, language: str) -> str:
        """The name for a reader, or the name as the shop gave it."""
        return self.names.get(language, self.name)

    def badge_in(self, language: str) -> str | None:
        """The badge for a reader."""
        return self.badges.get(language, self.badge) if self.badge is not None else None


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a member stands with one goal in the present window; ``best`` is of streaks."""

    achievement: Achievement
    current: int
    target: int
    best: int | None
    times: int
    last_awarded_at: datetime | None


class AchievementOut(Outbound):
    id: AchievementId
    program_id: ProgramId
    name: str
    names: dict[str, str]
    definition: DefinitionIn
    repeatable: bool
    unit: str | None
    amount: int
    badge: str | None
    badges: dict[str, str]
    active: bool
    created_at: datetime


class ProgressOut(Outbound):
    """``current`` of ``target``; a streak counts while its last day, week or month is the present one or the last.

    ``times`` is how often it was reached, ``best`` the longest streak so far.
    """

    achievement_id: AchievementId
    name: str
    badge: str | None
    definition: DefinitionIn
    current: int
    target: int
    best: int | None
    times: int
    last_awarded_at: datetime | None

    @classmethod
    def of(cls, progress: Progress, language: Language) -> Self:
        """Progress in a reader's language."""
        achievement = progress.achievement
        return cls(
            achievement_id=achievement.id,
            name=achievement.name_in(language),
            badge=achievement.badge_in(language),
            definition=definition_out(achievement.definition),
            current=progress.current,
            target=progress.target,
            best=progress.best,
            times=progress.times,
            last_awarded_at=progress.last_awarded_at,
        )


class ProgressList(Outbound):
    """All active goals of the member's program."""

    items: list[ProgressOut]


def definition_of(kept: Mapping[str, Any]) -> Definition:
    """The typed part of an achievement, from the row."""
    if kept["type"] == "streak":
        return Streak(kept["unit"], kept["length"])
    return Goal(
        kept["metric"], kept["target"], kept["window"], frozenset(kept["skus"]), frozenset(kept["categories"])
    )


def definition_out(definition: Definition) -> GoalIn | StreakIn:
    """The typed part on the wire."""
    if isinstance(definition, Streak):
        return StreakIn(type="streak", unit=definition.unit, length=definition.length)
    return GoalIn(
        type="goal",
        metric=definition.metric,
        target=definition.target,
        window=definition.window,
        skus=sorted(definition.skus),
        categories=sorted(definition.categories),
    )
