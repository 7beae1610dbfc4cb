"""Facts: announced inside the transaction that makes them true, kept in one append-only log.

``announce`` tells the subscribers at once, in the same transaction (a card that must change changes with the
balance or not at all), and the log is written in one statement just before the commit. What talks to the
outside enqueues a job instead (kit/jobs.py).
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Final, TypeVar
from uuid import UUID

import orjson

from passerelle.kit import clock
from passerelle.kit.db import Row, Tx
from passerelle.kit.ids import new_id

E = TypeVar("E", bound="Event")
Subscriber = Callable[[Tx, Any], Awaitable[None]]


# The names of a fact's values by its class, asked once: a night may tell a million facts.
_names: Final[dict[type[Any], tuple[str, ...]]] = {}


@dataclass(frozen=True, slots=True)
class Event:
    """Base of every fact: frozen, past tense, ids and values only. ``name`` is ``object.verb_past``."""

    name: ClassVar[str]

    def payload(self) -> dict[str, Any]:
        """The fact as plain values, for the log and for webhooks."""
        names = _names.get(type(self))
        if names is None:
            names = _names[type(self)] = tuple(field.name for field in fields(self))
        return {name: getattr(self, name) for name in names}


_subscribers: Final[dict[type[Event], list[Subscriber]]] = defaultdict(list)


def subscribe(event: type[E], subscriber: Callable[[Tx, E], Awaitable[None]]) -> None:
    """Have ``subscriber`` called in the announcing transaction; wiring.py is the only caller."""
    if subscriber not in _subscribers[event]:
        _subscribers[event].append(subscriber)


async def announce(tx: Tx, event: Event) -> None:
    """Tell a fact: subscribers now, the log at commit."""
    if not tx.events:
        tx.at_commit.append(_write_events)
    tx.events.append(event)
    tx.told_by.append(tx.turn)
    for subscriber in _subscribers[type(event)]:
        await subscriber(tx, event)


_INSERT: Final = """
INSERT INTO events (organization_id, id, name, actor, occurred_at, payload)
SELECT $1, told.id, told.name, told.actor, $2, told.payload
FROM unnest($3::uuid[], $4::text[], $5::text[], $6::jsonb[]) AS told(id, name, actor, payload)
"""


_SINCE: Final = """
SELECT id, name, occurred_at, payload FROM events
WHERE organization_id = $1 AND id > $2 AND name = ANY($3::text[]) ORDER BY id LIMIT $4
"""


async def logged_since(tx: Tx, after: UUID, names: Sequence[str], limit: int) -> Sequence[Row]:
    """The facts of these names that were logged after an id, oldest first.

    Ids are made just before the commit, so facts of transactions that commit at the same time may show in another
    order than that of their ids: who follows the log looks back a little.
    """
    return await tx.fetch(_SINCE, tx.organization_id, after, list(names), limit)


async def _write_events(tx: Tx) -> None:
    tx.write_last(
        _INSERT,
        tx.organization_id,
        clock.now(),
        [new_id() for _ in tx.events],
        [event.name for event in tx.events],
        [(actor or tx.actor).label for actor in tx.told_by],
        [orjson.dumps(event.payload(), default=_plain).decode() for event in tx.events],
    )


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise TypeError(type(value).__name__)
