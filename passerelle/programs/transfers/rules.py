"""Decisions of transfers; written in prose, with a table, in docs/algorithms/community.md."""

from typing import Literal

from passerelle.programs.community_settings import TransferSettings

Fault = Literal["out_of_bounds", "day_limit"]


def fault_of(settings: TransferSettings, amount: int, given_today: int) -> Fault | None:
    """Why an amount cannot be given; limits are met by an equal amount."""
    if amount < settings.minimum or (settings.maximum is not None and amount > settings.maximum):
        return "out_of_bounds"
    if settings.maximum_per_day is not None and given_today + amount > settings.maximum_per_day:
        return "day_limit"
    return None
