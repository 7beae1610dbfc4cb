"""The figures that the bench gives, in the order of the table, each with its goal on two cores where it has one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound that a figure must keep."""

    limit: float
    is_least: bool = False

    def is_met(self, value: float) -> bool:
        """Whether a measured value keeps the bound."""
        return value >= self.limit if self.is_least else value <= self.limit

    def __str__(self) -> str:
        return f"{'≥' if self.is_least else '≤'} {self.limit:,g}"


GOALS: Final[Mapping[str, Goal]] = {
    "updates_per_minute": Goal(30_000, is_least=True),
    "update_seconds_p95": Goal(1),
    "updates_lost": Goal(0),
    "update_violations": Goal(0),
    "updates_late": Goal(0),
    "scans_refused": Goal(0),
    "scan_ms_p99": Goal(25),
    "startup_seconds": Goal(3),
    "rss_mb_api": Goal(150),
    "rss_mb_worker": Goal(150),
    "expire_lots_per_s": Goal(16_667, is_least=True),  # a million within a minute
    "expire_till_ms_p99": Goal(100),
    "expire_till_refused": Goal(0),
    "purchase_50_rules_per_s": Goal(600, is_least=True),
    "purchase_cost_growth_10k_to_1m": Goal(1.2),
    "coupons_generated_per_s": Goal(33_334, is_least=True),
    "admin_first_load_kb": Goal(300),
    "join_first_load_kb": Goal(50),
    "card_first_load_kb": Goal(50),
    "designer_preview_ms_p95": Goal(50),
    "axe_violations": Goal(0),
    **{
        f"lighthouse_{page}_{category}": Goal(95, is_least=True)
        for page in ("join", "card", "home")
        for category in ("performance", "accessibility")
    },
}


def show(figures: Mapping[str, float]) -> None:
    """Print one table: figure, value, goal, met or not."""
    table = Table("figure", "value", "goal", "met")
    for column in table.columns[1:]:
        column.justify = "right"
    for name, value in figures.items():
        goal = GOALS.get(name)
        verdict = "" if goal is None else "yes" if goal.is_met(value) else "no"
        table.add_row(name, _written(value), "" if goal is None else str(goal), verdict)
    Console().print(table)


def _written(value: float) -> str:
    """Three digits or more, as a person reads them."""
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"
