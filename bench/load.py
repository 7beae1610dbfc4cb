"""Tills that scan: on a fixed schedule, or each as soon as its last card has changed in the customer's hand."""

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Final

from bench.cards import Card
from passerelle.emulators.apple_device import HttpClient
from passerelle.emulators.apple_device.http1 import HttpFailure, Origin

_TARGET: Final = "/api/v1/scans/purchases"
_ARRIVAL_LIMIT_S: Final = 30.0
_POINTS: Final = 7
_MINOR_UNITS_A_POINT: Final = 100  # the rule of a new points program: 1 point per 1.00


@dataclass(slots=True)
class Timings:
    """Of one phase, in seconds: until the till had its answer, until the phone held the new version, and when.

    ``refused``: scans without a good answer. ``late``: updates that did not arrive within half a minute.
    """

    answers: list[float] = field(default_factory=list)
    updates: list[float] = field(default_factory=list)
    arrived_at: list[float] = field(default_factory=list)
    refused: int = 0
    late: int = 0

    def updates_between(self, start: float, end: float) -> int:
        """How many new versions arrived in ``[start, end)``."""
        return sum(1 for at in self.arrived_at if start <= at < end)


class Tills:
    """All tills of a shop; the cards take turns, so that each is scanned again only when all others were."""

    def __init__(self, http: HttpClient, origin: Origin, api_key: str, cards: Sequence[Card]) -> None:
        self._http = http
        self._origin = origin
        self._headers = f"Authorization: Bearer {api_key}\r\nContent-Type: application/json\r\n"
        self._cards: Iterator[Card] = cycle(cards)

    async def on_schedule(self, scans_per_s: float, seconds: float) -> Timings:
        """Scan at a fixed rate whatever the server does.

        Times count from the instant at which the schedule has the scan, so a server that falls behind shows it.
        """
        timings = Timings()
        start = time.perf_counter()
        running: set[asyncio.Task[None]] = set()
        for number in range(round(scans_per_s * seconds)):
            due = start + number / scans_per_s
            if (early := due - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            task = asyncio.create_task(self._update(next(self._cards), due, timings))
            running.add(task)
            task.add_done_callback(running.discard)
        if running:
            await asyncio.gather(*running)
        return timings

    async def one_after_another(self, at_once: int, seconds: float) -> Timings:
        """Keep so many updates under way: whoever's card has changed scans the next one."""
        timings = Timings()
        end = time.perf_counter() + seconds

        async def till() -> None:
            while (now := time.perf_counter()) < end:
                await self._update(next(self._cards), now, timings)

        await asyncio.gather(*(till() for _ in range(at_once)))
        return timings

    async def _update(self, card: Card, since: float, timings: Timings) -> None:
        """Scan a card and wait until its phone shows the points."""
        arrival = card.expect(_POINTS)
        body = json.dumps({"code": card.code, "amount_minor": _POINTS * _MINOR_UNITS_A_POINT}).encode()
        try:
            answer = await self._http.request("POST", self._origin, _TARGET, self._headers, body)
        except HttpFailure:
            timings.refused += 1  # booked or not: the audit of the balances tells
            return
        if answer.status != 201:
            timings.refused += 1
            card.refuse(_POINTS, arrival)
            return
        timings.answers.append(time.perf_counter() - since)
        _, late = await asyncio.wait([arrival], timeout=_ARRIVAL_LIMIT_S)
        now = time.perf_counter()
        timings.updates.append(now - since)  # a late one took at least so long: left out, it would flatter
        if late:
            timings.late += 1
        else:
            timings.arrived_at.append(now)
