"""What a program does beside earning: referral, birthdays, transfers and households; parts of its settings."""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from passerelle.kit.wire import WholeNumber, Wire
from passerelle.programs.prizes import Prize, UnitCode

CapPeriod = Literal["month", "quarter", "year"]
Count = Annotated[WholeNumber, Field(ge=1, le=10_000)]
LeapDay = Literal["feb_28", "mar_1"]
Amount = Annotated[WholeNumber, Field(ge=1, le=10**9)]
OnLeave = Literal["keep", "forfeit"]


class Milestone(Wire):
    """An extra for the referrer when the ``friends``-th friend was rewarded."""

    model_config = ConfigDict(frozen=True)

    friends: Annotated[WholeNumber, Field(ge=1, le=1_000)]
    prize: Prize


class ReferralSettings(Wire):
    """Both sides are rewarded after the friend's qualifying purchase; either side may get zero.

    The purchase has at least ``minimum_amount_minor`` and happens within ``within_days`` of joining; with
    ``first_purchase_only`` only the first one can qualify. What is given is pending for ``refund_days``. A referrer
    over a cap gets nothing for that friend; ``cap_period`` is the calendar period that ``max_per_period`` counts.
    """

    model_config = ConfigDict(frozen=True)

    referrer: Prize = Prize(amount=0)
    friend: Prize = Prize(amount=0)
    minimum_amount_minor: Annotated[WholeNumber, Field(ge=0, le=10**12)] = 0
    within_days: Annotated[WholeNumber, Field(ge=1, le=365)] = 30
    first_purchase_only: bool = True
    refund_days: Annotated[WholeNumber, Field(ge=0, le=365)] = 14
    max_per_referrer: Count | None = None
    max_per_period: Count | None = None
    cap_period: CapPeriod = "month"
    refuse_household: bool = True
    milestones: Annotated[tuple[Milestone, ...], Field(max_length=10)] = ()

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        counts = [milestone.friends for milestone in self.milestones]
        if counts != sorted(set(counts)):
            raise ValueError("Milestones are listed by their number of friends, each number once.")
        if self.max_per_referrer is not None and counts and counts[-1] > self.max_per_referrer:
            raise ValueError("A milestone is above max_per_referrer, so nobody could reach it. Lower it.")
        return self


class BirthdaySettings(Wire):
    """Given at ``send_hour`` of the day in the program's time zone; a prize of zero only announces the day.

    ``leap_day``: when people of 29 February have their day in other years. ``settled_days``: a date that was set or
    edited less than so many days before the day gives nothing.
    """

    model_config = ConfigDict(frozen=True)

    prize: Prize = Prize(amount=0)
    send_hour: Annotated[WholeNumber, Field(ge=0, le=23)] = 9
    leap_day: LeapDay = "feb_28"
    settled_days: Annotated[WholeNumber, Field(ge=0, le=365)] = 30


class TransferSettings(Wire):
    """Limits of one transfer and of what a member gives in a local day; ``units``: all spendable ones when empty."""

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


class HouseholdSettings(Wire):
    """``units`` are those that are pooled, all when empty. ``on_leave``: what a member who leaves has with them."""

    model_config = ConfigDict(frozen=True)

    max_members: Annotated[WholeNumber, Field(ge=2, le=20)] = 6
    on_leave: OnLeave = "keep"
    units: Annotated[tuple[UnitCode, ...], Field(max_length=20)] = ()
