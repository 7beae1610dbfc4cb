"""Customers who do not exist, to look at a card with while it is designed.

Each is the regular of ``facts.SAMPLES`` with a few differences: what a card must still look good with.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final, Literal

from passerelle.templates.facts import SAMPLES, Facts, FactValue

SampleKey = Literal["regular", "new", "ready", "long"]

_READY: Final = True
CUSTOMERS: Final[Mapping[SampleKey, Facts]] = {
    "regular": SAMPLES,
    "new": {
        **SAMPLES,
        "customer.first_name": "Sam",
        "customer.last_name": "",
        "customer.full_name": "Sam",
        "balance.points": 0,
        "balance.stamps": 0,
        "stamps.count": 0,
        "stamps.left": 10,
        "reward.missing": 200,
        "tier.name": None,
        "location.name": None,
    },
    "ready": {
        **SAMPLES,
        "balance.points": 260,
        "balance.stamps": 10,
        "stamps.count": 10,
        "stamps.left": 0,
        "reward.ready": _READY,
        "reward.ready_count": 1,
        "reward.missing": 0,
    },
    "long": {
        **SAMPLES,
        "customer.first_name": "Maximiliane-Josephine",
        "customer.last_name": "von und zu Hohenstein-Benabdallah",
        "customer.full_name": "Maximiliane-Josephine von und zu Hohenstein-Benabdallah",
        "balance.points": 1_284_500,
        "balance.stamps": 999,
        "reward.price": 1_500_000,
        "reward.missing": 215_500,
        "reward.name": "Breakfast for two with fresh juice and a pastry of the day",
        "location.name": "Boulevard Mohammed V, Casablanca",
        "tier.name": "Platinum Elite",
        "ticket.type": "Adult with two children",
    },
}


def on_the_wire(facts: Facts) -> dict[str, str | int | bool | None]:
    """Facts as JSON: days and instants in ISO 8601."""
    return {name: _wire(value) for name, value in facts.items()}


def _wire(value: FactValue) -> str | int | bool | None:
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | bool) else str(value)
