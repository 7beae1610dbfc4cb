"""Requests that come at about the same time, answered together in one transaction.

What a purchase costs is mostly what its messages to the database cost, and most of its statements do for thirty
purchases what they do for one. So an endpoint may name, beside what answers one request, a verb that answers many.
Nobody is kept waiting for company: a request that comes while no other of its organization is under way is answered
at once and alone. The others wait for its place, and who waits then goes together. A place that is kept
for longer than ``_PATIENCE_S`` counts no more, up to ``_MOST_SLOW`` of them: there is another then.

Alone is how everything can be answered, together is how it is done sooner. A verb answers None for what it would
rather leave alone, and when anything goes wrong nothing was done, and each is answered alone.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeAlias, TypeVar
from uuid import UUID

from fastapi import Request, Response
from pydantic import BaseModel

from passerelle.kit.actors import Actor, Unauthenticated
from passerelle.kit.db import Busy, CommitUnheard, Tx
from passerelle.kit.direct import Call
from passerelle.kit.idempotency import InvalidKey, Place, claim_each, keep_each, key_of
from passerelle.kit.log import logger
from passerelle.kit.web import Edge, edge, shown_credential

_log: Final = logger(__name__)
_MOST_SLOW: Final = 7
_PATIENCE_S: Final = 0.1
_LONGEST_S: Final = 5.0  # as long as for a connection
_MOST: Final = 32
_LOCK_TIMEOUT_MS: Final = 250  # alone, each waits for its own lock only
Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
Credential = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request whose caller was let in."""

    request: Request
    body: Any
    actor: Actor


Verb = Callable[[Tx, Sequence[Asked]], Awaitable[Sequence[BaseModel | None]]]


def together(verb: Verb, *, by: Callable[[Any], Hashable]) -> Callable[[Endpoint], Endpoint]:
    """Have requests to an endpoint answered by ``verb`` when several wait; it acts for each actor in turn.

    ``by`` tells from a body what it is about: two about the same are never under way at once.
    """

    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.answer_together = _Together(verb, by).answer  # type: ignore[attr-defined]  # kit/direct.py reads it
        return endpoint

    return mark


@dataclass(slots=True, eq=False)
class _Waiting:
    """A request that waits for a place.

    It hears its answer, or that it goes alone: with a place, or without; or why it cannot be answered.
    """

    call: Call
    credential: Credential
    about: Hashable
    until: float
    heard: "asyncio.Future[_Heard]"

    def hear(self, heard: "_Heard") -> None:
        """Tell it, unless it heard before or went away."""
        if not self.heard.done():
            self.heard.set_result(heard)


class _Place:
    """What at most one has, alone or together with others; nobody counts a place that is kept for long."""


@dataclass(frozen=True, slots=True)
class _Alone:
    place: _Place | None


_Heard: TypeAlias = bytes | _Alone | Busy | CommitUnheard


class _Lane:
    """The place of one organization, and who waits for it; ``serve`` answers several who take it together."""

    def __init__(self, serve: Callable[[Sequence[_Waiting]], Awaitable[None]]) -> None:
        self._serve = serve
        self._place: _Place | None = None
        self._slow = 0
        self._about: set[Hashable] = set()
        self._waiting: list[_Waiting] = []
        self._serving: set[asyncio.Task[None]] = set()
        self._watch: asyncio.TimerHandle | None = None

    @property
    def is_idle(self) -> bool:
        """Whether nobody is here."""
        return not self._about

    async def enter(self, call: Call, credential: Credential, about: Hashable) -> _Heard:
        """Wait for a place, or for what others who have one bring back; who is given a place must leave it."""
        if self._place is None and about not in self._about:
            self._place = _Place()
            self._about.add(about)
            return _Alone(self._place)
        loop = asyncio.get_running_loop()
        waiting = _Waiting(call, credential, about, loop.time() + _LONGEST_S, loop.create_future())
        self._waiting.append(waiting)
        self._watch = self._watch or loop.call_later(_PATIENCE_S, self._look, self._place)
        try:
            return await waiting.heard
        except asyncio.CancelledError:
            if not waiting.heard.cancelled() and isinstance(alone := waiting.heard.result(), _Alone):
                self.leave([about], alone.place)  # its turn came just as it went away
            raise

    def leave(self, about: Iterable[Hashable], place: _Place | None) -> None:
        """Leave the place to those who wait, if this one had it."""
        self._about.difference_update(about)
        if place is not None and place is self._place:
            self._place = None
        elif place is not None:
            self._slow -= 1
        self._go_on()

    def _go_on(self) -> None:
        """Give the place, when it is free, to one who goes alone, or to several who go together."""
        several = self._next() if self._place is None else ()
        if not several:
            return
        self._place = place = _Place()
        if len(several) == 1:
            several[0].hear(_Alone(place))
            return
        serving = asyncio.create_task(self._go(several, place))
        self._serving.add(serving)
        serving.add_done_callback(self._serving.discard)

    def _next(self) -> list[_Waiting]:
        """Those who go now, in the order in which they came; who went away meanwhile is forgotten."""
        several: list[_Waiting] = []
        later: list[_Waiting] = []
        for each in self._waiting:
            if each.heard.done():
                continue
            if len(several) < _MOST and each.about not in self._about:
                self._about.add(each.about)
                several.append(each)
            else:
                later.append(each)
        self._waiting = later
        return several

    async def _go(self, several: Sequence[_Waiting], place: _Place) -> None:
        try:
            await self._serve(several)
        finally:
            over = [each.about for each in several if each.heard.done()]
            for each in several:
                each.hear(_Alone(None))
            self.leave(over, place)

    def _look(self, place: _Place | None) -> None:
        """Have another place when this one is kept for long: whoever waits for a lock keeps nobody else waiting.

        Who waited too long is told so.
        """
        self._watch, now = None, asyncio.get_running_loop().time()
        for each in self._waiting:
            if each.until <= now:
                each.hear(Busy())
        self._waiting = [each for each in self._waiting if not each.heard.done()]
        if not self._waiting:
            return
        if place is not None and place is self._place and self._slow < _MOST_SLOW:
            self._slow += 1
            self._place = None
            self._go_on()
        self._watch = asyncio.get_running_loop().call_later(_PATIENCE_S, self._look, self._place)


class _Together:
    """The requests to one endpoint."""

    def __init__(self, verb: Verb, by: Callable[[Any], Hashable]) -> None:
        self._verb = verb
        self._by = by

    async def answer(self, call: Call) -> Response | None:
        """Answer one request; raises what it raises alone."""
        kind, organization_id, secret = shown_credential(call.request)
        at, place = edge(call.request), (self._verb, organization_id)
        lane: _Lane | None = at.lanes.get(place)
        if lane is None:
            lane = at.lanes[place] = _Lane(partial(self._serve, at, organization_id))
        about = self._by(call.body)
        heard: _Heard | None = None
        try:
            heard = await lane.enter(call, (kind, secret), about)
            if isinstance(heard, Exception):
                raise heard
            return call.response(heard) if isinstance(heard, bytes) else await call.alone()
        finally:
            if isinstance(heard, _Alone):
                lane.leave([about], heard.place)
            if lane.is_idle and at.lanes.get(place) is lane:
                del at.lanes[place]

    async def _serve(self, at: Edge, organization_id: UUID, several: Sequence[_Waiting]) -> None:
        try:
            answers = await self._answers(at, organization_id, several)
        except CommitUnheard as fault:  # alone, it might be done once more
            for each in several:
                each.hear(CommitUnheard(*fault.args))
            return
        except Exception as fault:  # noqa: BLE001  alone, each hears of what concerns it
            _log.info("went_alone", requests=len(several), because=type(fault).__name__)
            return
        for each, answer in answers.items():
            each.hear(answer)

    async def _answers(
        self, at: Edge, organization_id: UUID, several: Sequence[_Waiting]
    ) -> Mapping[_Waiting, bytes]:
        """What to answer those who need not go alone, once all of it is committed."""
        credentials = {each.credential for each in several}
        met = {one: found for one in credentials if at.recall and (found := at.recall(organization_id, *one))}
        conditions = [condition for _, condition in met.values()]
        async with at.database.transaction(
            organization_id, conditions=conditions, lock_timeout_ms=_LOCK_TIMEOUT_MS
        ) as tx:
            actors = {one: actor for one, (actor, _) in met.items()} if tx.condition_held else {}
            for credential in credentials - actors.keys():
                with suppress(Unauthenticated):
                    actors[credential] = await at.authenticate(tx, *credential)
            asked = await _admitted(tx, several, actors)
            results = await self._verb(tx, list(asked.values()))
            answers = {
                each: each.call.render(result)
                for each, result in zip(asked, results, strict=True)
                if result is not None
            }
            kept = {place: answers.get(each) for each, one in asked.items() if (place := _place(one)) is not None}
            await keep_each(tx, kept, status=several[0].call.status)
        return answers


async def _admitted(tx: Tx, several: Sequence[_Waiting], actors: Mapping[Credential, Actor]) -> dict[_Waiting, Asked]:
    """Those who may do what they ask for, and whose Idempotency-Key is new."""
    asked: dict[_Waiting, Asked] = {}
    claimed: dict[Place, _Waiting] = {}
    for each in several:
        actor = actors.get(each.credential)
        if actor is None or not actor.may(each.call.scope):
            continue
        one = Asked(each.call.request, each.call.body, actor)
        with suppress(InvalidKey):
            place = _place(one)
            if place not in claimed:
                asked[each] = one
            if place is not None:
                claimed.setdefault(place, each)
    new = await claim_each(tx, {place: each.call.request for place, each in claimed.items()})
    for place, each in claimed.items():
        if place not in new:
            del asked[each]
    return asked


def _place(one: Asked) -> Place | None:
    key = key_of(one.request)
    return (one.actor.label, key) if key is not None else None
