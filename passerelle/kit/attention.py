"""What somebody should look at before it becomes a fault: told by each domain, shown on the first page."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from passerelle.kit.db import Tx
from passerelle.kit.i18n import Sentence

Urgency = Literal["now", "soon"]


@dataclass(frozen=True, slots=True)
class Need:
    """One thing to look at. ``scope`` is what mending it takes, ``place`` where that is done, below /app."""

    code: str
    urgency: Urgency
    sentence: Sentence
    scope: str
    place: str


Source = Callable[[Tx], Awaitable[list[Need]]]
"""A domain's part: what this transaction's organization should look at now. Listed in wiring.py."""
