"""Decisions of refunds: how much of what a purchase earned goes back. The tests read docs/algorithms/refunds.md.

Every figure is the total after all slices so far; a slice moves the difference to the total before it. So rounding
cannot drift, and the last slice makes the totals whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from passerelle.programs.earning_rules import Item, PerItem, PerVisit, matches

Returns = Literal["share", "whole"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a purchase has been refunded: by money, and by items where the slices named them.

    ``unnamed_minor`` is the part of ``refunded_minor`` of slices without items.
    """

    amount_minor: int
    refunded_minor: int
    unnamed_minor: int = 0
    bought: Sequence[Item] = ()
    returned: Sequence[Item] = ()

    @property
    def complete(self) -> bool:
        """Whether nothing is left."""
        return self.refunded_minor == self.amount_minor


def share(whole: int, part_minor: int, total_minor: int) -> int:
    """The part of ``whole`` that goes with a part of an amount; half a unit goes up. Exact, without a float."""
    return (2 * whole * part_minor + total_minor) // (2 * total_minor)


def taken_back(earned: int, earning: Any, progress: Progress) -> int:
    """How much of what a rule gave is taken back after these refunds.

    ``earning`` is what the rule gives for, None when that is not known any more. A visit stays a visit until nothing
    is left of the purchase; items go back as items; all else goes with the money.
    """
    if progress.complete:
        return earned
    if isinstance(earning, PerVisit):
        return 0
    if isinstance(earning, PerItem):
        return _by_items(earned, earning, progress)
    return share(earned, progress.refunded_minor, progress.amount_minor)


def given_back(spent: int, returns: Returns, progress: Progress) -> int:
    """How much of what was spent on a purchase comes back after these refunds."""
    if returns == "whole":
        return spent if progress.complete else 0
    return share(spent, progress.refunded_minor, progress.amount_minor)


def _by_items(earned: int, earning: PerItem, progress: Progress) -> int:
    """Items that came back count as items, slices without items as money; both are parts of the same whole."""
    bought = sum(item.quantity for item in progress.bought if matches(earning, item))
    if bought == 0:  # the rule was changed since
        return share(earned, progress.refunded_minor, progress.amount_minor)
    returned = sum(item.quantity for item in progress.returned if matches(earning, item))
    part = returned * progress.amount_minor + bought * progress.unnamed_minor
    return min(earned, share(earned, part, bought * progress.amount_minor))
