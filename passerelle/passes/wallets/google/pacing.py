"""The pace of one issuer: at most 20 requests in any second, interactive changes first, repeated changes folded.

Google allows 20 requests per second and issuer. There are 20 *places*: a request holds one from before it starts
until its answer is here, and the place is free again one second after that. Whenever Google counted the request,
the next one in the same place is more than a second later, so uneven travel times and slow connections cannot
squeeze a 21st into any second. The price is 20 / (1 s + time of an answer) requests per second, and never more
than 20 at once. Where several processes call for one issuer, each leases some of the places while it needs them.

The order in which a free place is given away:

1. further requests of a change that is under way (an insert after a 404, a silent message after a full quota);
2. interactive changes, oldest first;
3. bulk changes, oldest first - and every tenth place while interactive changes keep coming, so that a campaign
   advances even on a busy day.

Changes of one key fold while they wait: the newest body is sent, it notifies if any of them should, and all
callers get the same result. While a change of a key is under way, the next one of that key waits for its end, so
that an older body never overwrites a newer one.
"""

import asyncio
import heapq
import math
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from passerelle.kit.log import logger
from passerelle.passes.wallets.google.client import GoogleWallet, Turn
from passerelle.passes.wallets.google.errors import GoogleQueueFull
from passerelle.passes.wallets.google.names import Resource
from passerelle.passes.wallets.google.results import GoogleResult

_log: Final = logger(__name__)
PLACES: Final = 20
WINDOW_SECONDS: Final = 1.01
_BULK_EVERY: Final = 10
# What one process alone may lease, so that another finds a place at once when somebody waits for it there.
_MOST: Final = 18
_MOST_FOR_BULK: Final = 16
_RENEW_SECONDS: Final = 1.0
_UNSTATED_PAUSE_SECONDS: Final = 1.0
_LONGEST_PAUSE_SECONDS: Final = 60.0

Body = Mapping[str, Any]
Call = Callable[[Turn], Awaitable[GoogleResult]]


class Priority(Enum):
    """Who waits for it: a person, or nobody in particular."""

    INTERACTIVE = "interactive"
    BULK = "bulk"


@dataclass(frozen=True, slots=True)
class Change:
    """What is sent for one key once its place has come."""

    key: str
    body: Body
    notify: bool
    exists: bool


Send = Callable[[Change, Turn], Awaitable[GoogleResult]]


@dataclass(frozen=True, slots=True)
class Need:
    """What a process asks places for: requests that wait or are sent; ``held`` ones it cannot give up now."""

    held: int
    interactive: int
    bulk: int


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another process with a lease: its places, and what somebody waits for there."""

    places: int
    interactive: int


@dataclass(frozen=True, slots=True)
class Granted:
    """Places that may be used until an instant of the monotonic clock."""

    places: int
    until: float


Renew = Callable[[Need], Awaitable[Granted]]


def share_of(need: Need, others: Sequence[Neighbour], limit: int) -> int:
    """How many of the places a process gets: what it can use, of what the others do not hold.

    What somebody waits for comes first, here and elsewhere, in even parts of all places but one; room is left for
    what is missing of those. Bulk has the rest, and one place at least. What cannot be given up is kept.
    """
    free = limit - sum(other.places for other in others)
    wants = [min(interactive, _MOST) for interactive in (need.interactive, *(other.interactive for other in others))]
    own, *parts = _even_parts(wants, limit - 1)
    missing = sum(max(0, part - other.places) for part, other in zip(parts, others, strict=True))
    wanted = min(need.interactive + need.bulk, _MOST if need.interactive else _MOST_FOR_BULK)
    return max(need.held, min(wanted, free, max(own, 1, free - missing)))


def _even_parts(wants: Sequence[int], limit: int) -> list[int]:
    """What each gets when nobody gets more than they want, or more than another who wants more."""
    parts, left = [0] * len(wants), limit
    for served, number in enumerate(sorted(range(len(wants)), key=wants.__getitem__)):
        parts[number] = min(wants[number], left // (len(wants) - served))
        left -= parts[number]
    return parts


def change_key(resource: Resource, resource_id: str) -> str:
    """The key under which changes of one resource fold."""
    return f"{resource.value}/{resource_id}"


def send_with(client: GoogleWallet) -> Send:
    """Send changes whose key is ``change_key(...)`` by ``insert_or_patch``."""

    async def send(change: Change, turn: Turn) -> GoogleResult:
        resource = Resource(change.key.partition("/")[0])
        return await client.insert_or_patch(
            resource, change.body, exists=change.exists, notify=change.notify, turn=turn
        )

    return send


class Places:
    """The places of one issuer; times are those of a monotonic clock, in seconds."""

    def __init__(self, count: int, *, until: float = math.inf) -> None:
        self._free_at = [-math.inf] * count
        self._taken = 0
        self._frozen = False
        self._until = until
        self._paused_until = -math.inf

    def held(self, now: float) -> int:
        """How many cannot be given up: in use, or not long enough ago."""
        return self._taken + sum(free_at > now for free_at in self._free_at)

    def freeze(self) -> None:
        """Let nobody take a place until the lease is renewed."""
        self._frozen = True

    def thaw(self) -> None:
        """Go on with the lease that there is."""
        self._frozen = False

    def lease(self, granted: Granted, now: float) -> None:
        """Have so many from now on until the end of the lease; those that cannot be given up are among them."""
        self.thaw()
        self._until = granted.until
        while len(self._free_at) + self._taken < granted.places:
            heapq.heappush(self._free_at, -math.inf)
        while len(self._free_at) + self._taken > granted.places and self._free_at and self._free_at[0] <= now:
            heapq.heappop(self._free_at)

    def delay(self, now: float) -> float:
        """Seconds until a place can be taken: 0 when one is free, infinity while nobody knows when one will be."""
        if not self._free_at or self._frozen:
            return math.inf
        free_at = max(now, self._free_at[0], self._paused_until)
        return free_at - now if free_at < self._until else math.inf

    def take(self) -> None:
        """Take the place that is free first; only when ``delay`` is 0."""
        heapq.heappop(self._free_at)
        self._taken += 1

    def give_back(self, free_at: float) -> None:
        """Give a place back that can be taken again then."""
        heapq.heappush(self._free_at, free_at)
        self._taken -= 1

    def pause(self, until: float) -> None:
        """Let nobody take a place before then."""
        self._paused_until = max(self._paused_until, until)


@dataclass(slots=True, eq=False)
class _Entry:
    """Something that waits for its place, or is under way; ``call`` is what to do then."""

    key: object
    priority: Priority
    result: asyncio.Future[GoogleResult]
    call: Call | None = None
    body: Body | Callable[[], Body] | None = None
    notify: bool = False
    exists: bool = False
    callers: int = 0
    task: asyncio.Task[None] | None = None


class IssuerQueue:
    """The one way to Google for one issuer in this process. Use it on a single event loop; close it at the end."""

    def __init__(
        self,
        send: Send,
        *,
        limit: int = PLACES,
        renew: Renew | None = None,
        window_seconds: float = WINDOW_SECONDS,
        capacity: int = 10_000,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._send = send
        self._now = now
        self._sleep = sleep
        self._capacity = capacity
        self._window_seconds = window_seconds
        self._places = Places(limit) if renew is None else Places(0, until=-math.inf)
        self._renew = renew
        self._renewing: asyncio.Task[None] | None = None
        self._lanes: dict[Priority, dict[object, _Entry]] = {priority: {} for priority in Priority}
        self._held: dict[object, _Entry] = {}
        self._under_way: dict[object, _Entry] = {}
        self._further: deque[asyncio.Future[None]] = deque()
        self._interactive_in_a_row = 0
        self._changed = asyncio.Event()
        self._giving: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def waiting(self) -> int:
        """How many keys and calls wait for their place, for metrics."""
        return len(self._held) + sum(map(len, self._lanes.values()))

    async def submit(
        self,
        key: str,
        body: Body | Callable[[], Body],
        *,
        priority: Priority = Priority.BULK,
        notify: bool = False,
        exists: bool = True,
    ) -> GoogleResult:
        """Send a change when its place comes, folded with the others of its key.

        ``body`` is the whole state, or a quick function that gives it when it is about to be sent. ``exists`` says
        whether Google is believed to know the resource. A caller that is cancelled leaves its change to the
        others; the last one takes it out of the queue, unless it is under way. Raises GoogleQueueFull.
        """
        entry = self._waiting_entry(key)
        if entry is None:
            entry = self._enter(_Entry(key, priority, asyncio.get_running_loop().create_future()))
        elif priority is Priority.INTERACTIVE:
            self._promote(entry)
        entry.body = body
        entry.notify |= notify
        entry.exists |= exists
        return await self._outcome(entry)

    async def run(self, call: Call, *, priority: Priority = Priority.BULK) -> GoogleResult:
        """Make any other call in its turn, such as a message or a read; these never fold."""
        entry = _Entry(object(), priority, asyncio.get_running_loop().create_future(), call)
        return await self._outcome(self._enter(entry))

    async def aclose(self) -> None:
        """Stop: what waits or is under way is cancelled, and so are its callers."""
        self._closed = True
        tasks = [
            task
            for task in (self._giving, self._renewing, *(entry.task for entry in self._under_way.values()))
            if task
        ]
        for place in (self._held, *self._lanes.values(), self._under_way):
            for entry in [*place.values()]:
                entry.result.cancel()
                self._drop(entry)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._renew is not None and self._renewing is not None:
            try:
                await self._renew(Need(self._places.held(self._now()), 0, 0))
            except Exception:  # noqa: BLE001  the lease ends by itself
                _log.exception("google_lease_failed")

    def _waiting_entry(self, key: object) -> _Entry | None:
        places = (self._held, *self._lanes.values())
        return next((place[key] for place in places if key in place), None)

    def _enter(self, entry: _Entry) -> _Entry:
        assert not self._closed, "A closed queue takes no changes."
        if self.waiting >= self._capacity:
            raise GoogleQueueFull
        if entry.key in self._under_way:
            self._held[entry.key] = entry
        else:
            self._lanes[entry.priority][entry.key] = entry
        entry.result.add_done_callback(_mark_seen)
        self._wake()
        return entry

    def _promote(self, entry: _Entry) -> None:
        if self._lanes[Priority.BULK].pop(entry.key, None) is not None:
            self._lanes[Priority.INTERACTIVE][entry.key] = entry
        entry.priority = Priority.INTERACTIVE

    def _drop(self, entry: _Entry) -> None:
        for place in (self._held, *self._lanes.values()):
            if place.get(entry.key) is entry:
                del place[entry.key]

    async def _outcome(self, entry: _Entry) -> GoogleResult:
        entry.callers += 1
        try:
            return await asyncio.shield(entry.result)
        finally:
            entry.callers -= 1
            if entry.callers == 0:
                self._drop(entry)

    def _wake(self) -> None:
        self._changed.set()
        if self._closed:
            return
        if self._giving is None or self._giving.done():
            self._giving = asyncio.create_task(self._give_places())
        if self._renew is not None and (self._renewing is None or self._renewing.done()):
            self._renewing = asyncio.create_task(self._keep_lease(self._renew))

    async def _keep_lease(self, renew: Renew) -> None:
        """Lease places every second while there is something to send, and give them back after that."""
        while True:
            # What is asked for must still be true when it is granted, so no place is taken meanwhile.
            self._places.freeze()
            try:
                granted = await renew(self._need())
            except Exception:  # noqa: BLE001  without the database the lease ends by itself; it is asked for again
                _log.exception("google_lease_failed")
                self._places.thaw()
            else:
                self._places.lease(granted, self._now())
                if not (granted.places or self._under_way or self.waiting):
                    return
            self._changed.set()
            await self._sleep(_RENEW_SECONDS)

    def _need(self) -> Need:
        waiting = {priority: len(lane) for priority, lane in self._lanes.items()}
        for entry in (*self._under_way.values(), *self._held.values()):
            waiting[entry.priority] += 1
        return Need(self._places.held(self._now()), waiting[Priority.INTERACTIVE], waiting[Priority.BULK])

    async def _give_places(self) -> None:
        """Give away places while anyone waits. Who is next is decided when a place is free, not before."""
        while self._further or any(self._lanes.values()):
            delay = self._places.delay(self._now())
            if delay == 0:
                self._give_place()
            elif delay < math.inf:
                await self._sleep(delay)
            else:
                self._changed.clear()
                await self._changed.wait()

    def _give_place(self) -> None:
        while self._further:
            further = self._further.popleft()
            if not further.done():
                self._places.take()
                further.set_result(None)
                return
        entry = self._next_entry()
        if entry is not None:
            self._places.take()
            self._under_way[entry.key] = entry
            entry.task = asyncio.create_task(self._carry_out(entry))

    def _next_entry(self) -> _Entry | None:
        interactive, bulk = self._lanes[Priority.INTERACTIVE], self._lanes[Priority.BULK]
        bulk_is_due = bulk and self._interactive_in_a_row >= _BULK_EVERY - 1
        lane = bulk if bulk_is_due or not interactive else interactive
        self._interactive_in_a_row = self._interactive_in_a_row + 1 if lane is interactive else 0
        return lane.pop(next(iter(lane))) if lane else None

    async def _carry_out(self, entry: _Entry) -> None:
        try:
            result = await self._called(entry)
        except asyncio.CancelledError:
            entry.result.cancel()
            raise
        except Exception as error:  # noqa: BLE001  whatever it is belongs to the callers, not to the queue
            if not entry.result.done():
                entry.result.set_exception(error)
        else:
            self._slow_down(result)
            if not entry.result.done():
                entry.result.set_result(result)
        finally:
            del self._under_way[entry.key]
            held = self._held.pop(entry.key, None)
            if held is not None:
                self._lanes[held.priority][held.key] = held
            self._wake()

    async def _called(self, entry: _Entry) -> GoogleResult:
        place_is_unused = True

        @asynccontextmanager
        async def turn() -> AsyncIterator[None]:
            nonlocal place_is_unused
            if not place_is_unused:
                await self._further_place()
            place_is_unused = False
            try:
                yield
            finally:
                self._give_back(self._now() + self._window_seconds)

        try:
            if entry.call is not None:
                return await entry.call(turn)
            body = entry.body() if callable(entry.body) else entry.body
            return await self._send(Change(str(entry.key), body or {}, entry.notify, entry.exists), turn)
        finally:
            if place_is_unused:
                self._give_back(self._now())

    async def _further_place(self) -> None:
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._further.append(place)
        self._wake()
        try:
            await place
        except asyncio.CancelledError:
            if not place.cancelled():
                self._give_back(self._now())
            raise

    def _give_back(self, free_at: float) -> None:
        self._places.give_back(free_at)
        self._wake()

    def _slow_down(self, result: GoogleResult) -> None:
        """When Google says too many, the whole issuer waits, as long as Google says."""
        if result.is_rate_limited:
            seconds = result.retry_after_seconds or _UNSTATED_PAUSE_SECONDS
            self._places.pause(self._now() + min(seconds, _LONGEST_PAUSE_SECONDS))


def _mark_seen(result: asyncio.Future[GoogleResult]) -> None:
    """A failure whose callers have all left is not worth a warning."""
    if not result.cancelled():
        result.exception()
