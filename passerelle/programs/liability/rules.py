"""Decisions of liability: what units are worth, rounded once, and what revenue waits for them (IFRS 15). Pure.

Whole numbers only: a cost is millionths of a minor unit, a share is millionths. The prose and the tables are in
docs/algorithms/liability.md; the tests read those tables.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from passerelle.programs.values import Unit

MILLION: Final = 1_000_000
_DENOMINATOR: Final = MILLION * MILLION
MAX_MINOR: Final = 10**15


@dataclass(frozen=True, slots=True)
class Allocation:
    """A price split between what was sold and the units that came with it."""

    stand_alone_units_minor: int
    goods_minor: int
    units_minor: int


@dataclass(frozen=True, slots=True)
class Redeemed:
    """What happened in one period: units redeemed in it, and how many are expected to be redeemed in all."""

    redeemed: int
    expected_total: int


@dataclass(frozen=True, slots=True)
class Recognised:
    """What one period recognises, what was recognised until its end, and what is left on the books."""

    revenue_minor: int
    recognised_minor: int
    deferred_minor: int


def cost_of(unit: Unit) -> int:
    """What one unit costs, in millionths of a minor unit. Money counts at face value unless a cost was set."""
    return unit.cost_micros or (MILLION if unit.kind == "money" else 0)


def weight(amount: int, cost_micros: int, breakage_ppm: int) -> int:
    """What an amount of units is worth, exactly: in millionths of millionths of a minor unit."""
    return amount * cost_micros * (MILLION - breakage_ppm)


def rounded_rows(weights: Sequence[int]) -> list[int]:
    """Exact values as minor units whose sum is the rounded sum: the largest remainders are rounded up.

    The sum is rounded half up, once. Of equal remainders the earlier row goes first.
    """
    total = rounded(sum(weights), _DENOMINATOR)
    rows = [value // _DENOMINATOR for value in weights]
    order = sorted(range(len(weights)), key=lambda index: (-(weights[index] % _DENOMINATOR), index))
    for index in order[: total - sum(rows)]:
        rows[index] += 1
    return rows


def rounded(numerator: int, denominator: int) -> int:
    """A quotient of whole numbers, half away from zero; the denominator is positive."""
    quotient = (2 * abs(numerator) + denominator) // (2 * denominator)
    return quotient if numerator >= 0 else -quotient


def allocate(
    price_minor: int, goods_minor: int, units: int, *, cost_micros: int, expected_ppm: int, round_to_minor: int = 1
) -> Allocation:
    """Split a price by relative stand-alone values (IFRS 15 B39 to B42, 76).

    ``goods_minor`` is what the goods sell for alone. The units stand alone at their worth times the share that is
    expected to be used. What is allocated to them is rounded to ``round_to_minor``; the goods have the rest.
    """
    alone = rounded(units * cost_micros * expected_ppm, _DENOMINATOR)
    if goods_minor + alone == 0:
        return Allocation(alone, price_minor, 0)
    to_units = rounded(price_minor * alone, (goods_minor + alone) * round_to_minor) * round_to_minor
    to_units = min(to_units, price_minor)
    return Allocation(alone, price_minor - to_units, to_units)


def recognise(units_minor: int, periods: Sequence[Redeemed]) -> list[Recognised]:
    """What each period recognises of what was allocated to units: by units redeemed so far over those expected.

    A changed estimate counts from its period on, for all that was redeemed so far; the difference is that period's.
    When nothing more is expected to be redeemed, all is recognised.
    """
    results: list[Recognised] = []
    redeemed = before = 0
    for period in periods:
        redeemed += period.redeemed
        expected = max(period.expected_total, redeemed)
        so_far = rounded(units_minor * redeemed, expected) if expected else units_minor
        results.append(Recognised(so_far - before, so_far, units_minor - so_far))
        before = so_far
    return results
