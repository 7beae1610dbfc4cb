"""How a program keeps its members' birthdays; part of the program's settings."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from passerelle.kit.wire import WholeNumber, Wire
from passerelle.programs.prizes import Prize

LeapDay = Literal["feb_28", "mar_1"]


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
