"""The reconciler: brings what wallets were told to what cards are.

The queue is a table of cards that may be behind (``pass_updates``), written in the transaction that changes a
card. A worker claims due rows for a while (a lease, so that a crash loses nothing), tells the wallets outside
of any transaction, and records what it told. Many changes of a card before the claim are one row and make one
push; a change after the claim makes the row due again, for the phone may have asked in between.

Rows are polled for, not announced: NOTIFY would serialize the commits of all tills (docs/adr/0004).
"""

import asyncio
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Database, Row
from passerelle.kit.events import announce
from passerelle.kit.log import logger
from passerelle.passes.events import PassRemoved
from passerelle.passes.wallets.apple.apns_results import NOT_SENT, Outcome, Push, PushResult, backoff_seconds

if TYPE_CHECKING:
    from passerelle.passes.pushing import Pushers  # loads libcurl, which only the worker needs
    from passerelle.passes.wallets.apple.apns import ApnsClient

_log: Final = logger(__name__)

LEASE: Final = timedelta(seconds=60)
BATCH: Final = 1_000
IDLE_SECONDS: Final = 0.04
# A round costs about the same for one card as for twenty, so under load more of them go together. But phones that are
# told together come together, and the tills wait for them: so not while there are few.
_REST_PER_CARD_SECONDS: Final = 0.005
_LONGEST_REST_SECONDS: Final = 0.1
# A phone that was told a moment ago and has not fetched yet is on its way, and fetches the newest version anyway.
COMING: Final = timedelta(seconds=1)
_LOOK_AGAIN: Final = timedelta(seconds=0.2)
_REFUSED_FIRST: Final = timedelta(seconds=15)
_REFUSED_LONGEST: Final = timedelta(minutes=15)

_CLAIM: Final = """
UPDATE pass_updates u SET due_at = $2::timestamptz + $3::interval, attempts = attempts + 1
FROM (
    SELECT organization_id, pass_id FROM pass_updates
    WHERE wallet = $1 AND due_at <= $2 AND (NOT bulk OR NOT $5)
    ORDER BY bulk, due_at LIMIT $4 FOR UPDATE SKIP LOCKED
) due
WHERE u.organization_id = due.organization_id AND u.pass_id = due.pass_id AND u.wallet = $1
RETURNING u.organization_id, u.pass_id, u.version, u.attempts, u.bulk
"""
_BACKLOG: Final = """
SELECT wallet, count(*) AS cards,
    greatest(0, extract(epoch FROM $1::timestamptz - min(due_at)))::float AS oldest_seconds
FROM pass_updates GROUP BY wallet ORDER BY wallet
"""
_BEHIND: Final = """
SELECT i.id, i.pass_id, d.id AS device_id, d.push_token, d.pass_type_identifier, p.customer_id,
    coalesce(i.told_version > i.fetched_version AND i.told_at > $3, false) AS is_coming
FROM installations i
JOIN passes p ON p.organization_id = $1 AND p.id = i.pass_id
JOIN apple_devices d ON d.organization_id = $1 AND d.id = i.device_id
WHERE i.organization_id = $1 AND i.pass_id = ANY($2::uuid[]) AND i.removed_at IS NULL AND i.told_version < p.version
"""
# Rows that a change holds right now are left out: that change makes its card due again anyway.
_TOLD: Final = """
UPDATE installations i SET told_version = greatest(i.told_version, t.version), told_at = $3, last_error = NULL
FROM (
    SELECT f.id, x.version FROM installations f
    JOIN unnest($2::uuid[], $4::bigint[]) AS x (id, version) ON x.id = f.id
    WHERE f.organization_id = $1 ORDER BY f.id FOR UPDATE OF f SKIP LOCKED
) t
WHERE i.organization_id = $1 AND i.id = t.id
"""
_FAILED: Final = """
UPDATE installations SET last_error = $3 WHERE organization_id = $1 AND id = ANY($2::uuid[])
"""
# A phone that registered again after the instant that APNs names is alive.
_GONE: Final = """
UPDATE installations i SET removed_at = $3, last_error = 'gone' FROM apple_devices d
WHERE i.organization_id = $1 AND i.device_id = $2 AND i.removed_at IS NULL
    AND d.organization_id = $1 AND d.id = i.device_id AND d.push_token = $4
    AND ($5::timestamptz IS NULL OR d.registered_at <= $5)
RETURNING i.pass_id,
    (SELECT p.customer_id FROM passes p WHERE p.organization_id = $1 AND p.id = i.pass_id) AS customer_id
"""
_DONE: Final = """
DELETE FROM pass_updates u USING (
    SELECT f.organization_id, f.pass_id, f.wallet FROM pass_updates f
    JOIN unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS x (organization_id, pass_id, version)
        ON f.organization_id = x.organization_id AND f.pass_id = x.pass_id AND f.version = x.version
    WHERE f.wallet = $4 ORDER BY f.pass_id FOR UPDATE OF f SKIP LOCKED
) t
WHERE u.organization_id = t.organization_id AND u.pass_id = t.pass_id AND u.wallet = t.wallet
"""
# Waiting for a phone is no attempt.
_WAIT: Final = """
UPDATE pass_updates u SET due_at = $4, attempts = greatest(u.attempts - 1, 0)
FROM unnest($2::uuid[], $3::bigint[]) AS w (pass_id, version)
WHERE u.organization_id = $1 AND u.pass_id = w.pass_id AND u.version = w.version AND u.wallet = 'apple'
"""
_LATER: Final = """
UPDATE pass_updates SET due_at = $4
WHERE organization_id = $1 AND pass_id = $2 AND wallet = $5 AND version = $3
"""


@dataclass(frozen=True, slots=True)
class Due:
    """A claimed card: bring its wallet to ``version``; ``attempts`` counts this claim."""

    organization_id: UUID
    pass_id: UUID
    version: int
    attempts: int
    bulk: bool


@dataclass(frozen=True, slots=True)
class Backlog:
    """Cards that wait to be told to a wallet, and how many seconds the oldest has been due."""

    wallet: str
    cards: int
    oldest_seconds: float


async def claim(database: Database, wallet: str, limit: int, *, interactive_only: bool = False) -> list[Due]:
    """Take due cards for the length of the lease, those that a person waits for first."""
    async with database.unscoped() as connection:
        rows = await connection.fetch(_CLAIM, wallet, clock.now(), LEASE, limit, interactive_only)
    return [Due(**row) for row in rows]


async def backlog(database: Database) -> list[Backlog]:
    """How much is due per wallet, for metrics."""
    async with database.unscoped() as connection:
        return [Backlog(**row) for row in await connection.fetch(_BACKLOG, clock.now())]


def after_refusal(attempts: int) -> timedelta:
    """How long to leave a card that was refused for a reason that a person must mend; found mended soon after."""
    doubled: timedelta = _REFUSED_FIRST * (1 << min(attempts - 1, 10))
    return min(doubled, _REFUSED_LONGEST)


async def finish(database: Database, wallet: str, done: Sequence[Due]) -> None:
    """Strike out what was told, unless it changed again meanwhile."""
    if done:
        columns = (
            [due.organization_id for due in done],
            [due.pass_id for due in done],
            [due.version for due in done],
        )
        async with database.unscoped() as connection:
            await connection.execute(_DONE, *columns, wallet)


async def postpone(database: Database, wallet: str, due: Due, delay: timedelta) -> None:
    """Try again later, unless it changed meanwhile and is due anyway."""
    async with database.unscoped() as connection:
        at = clock.now() + delay
        await connection.execute(_LATER, due.organization_id, due.pass_id, due.version, at, wallet)


@dataclass(slots=True)
class _Answers:
    """What came back for one organization's pushes."""

    told: list[Row] = field(default_factory=list)
    gone: list[tuple[Row, PushResult]] = field(default_factory=list)
    failed: list[tuple[Row, PushResult]] = field(default_factory=list)


class AppleReconciler:
    """Tells phones through APNs: one push per phone and pass type, however many of its cards changed."""

    def __init__(self, database: Database, pushers: "Pushers", *, rng: random.Random | None = None) -> None:
        self._database = database
        self._pushers = pushers
        self._rng = rng or random.Random()  # noqa: S311  jitter, not a secret

    async def round(self, limit: int = BATCH) -> int:
        """Claim, tell, record; returns how many cards were claimed."""
        claimed = await claim(self._database, "apple", limit)
        by_organization: dict[UUID, list[Due]] = defaultdict(list)
        for due in claimed:
            by_organization[due.organization_id].append(due)
        await asyncio.gather(*(self._tell(organization, dues) for organization, dues in by_organization.items()))
        return len(claimed)

    async def _tell(self, organization_id: UUID, dues: list[Due]) -> None:
        versions = {due.pass_id: due.version for due in dues}
        async with self._database.transaction(organization_id) as tx:
            behind = await tx.fetch(_BEHIND, organization_id, list(versions), clock.now() - COMING)
            rows = [row for row in behind if not row["is_coming"]]
            clients = await self._pushers.clients(tx, (row["pass_type_identifier"] for row in rows))
        phones: dict[UUID, list[Row]] = defaultdict(list)
        for row in rows:
            phones[row["device_id"]].append(row)
        pushes = [Push(of[0]["push_token"], of[0]["pass_type_identifier"]) for of in phones.values()]
        answers = _sorted_answers(zip(phones.values(), await _push(clients, pushes), strict=True))
        await self._record(organization_id, versions, answers)
        retries = {row["pass_id"]: result for row, result in answers.failed}
        coming = {row["pass_id"] for row in behind if row["is_coming"]} - retries.keys()
        await self._wait(organization_id, {pass_id: versions[pass_id] for pass_id in coming})
        kept = retries.keys() | coming
        await finish(self._database, "apple", [due for due in dues if due.pass_id not in kept])
        for due in dues:
            if due.pass_id in retries:
                await postpone(self._database, "apple", due, self._delay(retries[due.pass_id], due.attempts))

    async def _wait(self, organization_id: UUID, versions: Mapping[UUID, int]) -> None:
        """Look soon whether the phones that are on their way have fetched these versions."""
        if versions:
            async with self._database.unscoped() as connection:
                again_at = clock.now() + _LOOK_AGAIN
                await connection.execute(_WAIT, organization_id, list(versions), list(versions.values()), again_at)

    def _delay(self, result: PushResult, attempts: int) -> timedelta:
        if result.outcome is Outcome.REFUSED:
            return after_refusal(attempts)
        wanted = result.retry_after_seconds or 0
        pause = backoff_seconds(attempts - 1, self._rng, answered=result.status != NOT_SENT)
        return timedelta(seconds=max(wanted, pause))

    async def _record(self, organization_id: UUID, versions: Mapping[UUID, int], answers: _Answers) -> None:
        now = clock.now()
        # Losing this mark in a crash costs one more push, so the commit need not wait for the disk.
        async with self._database.transaction(organization_id, durable=False) as tx:
            if answers.told:
                ids = [row["id"] for row in answers.told]
                await tx.execute(_TOLD, organization_id, ids, now, [versions[row["pass_id"]] for row in answers.told])
            for row, result in answers.failed:
                await tx.execute(_FAILED, organization_id, [row["id"]], result.reason)
                _log.warning("push_failed", outcome=result.outcome, status=result.status, reason=result.reason)
            for device_id, result in {row["device_id"]: result for row, result in answers.gone}.items():
                place = (organization_id, device_id, now, result.token, result.inactive_since)
                for removed in await tx.fetch(_GONE, *place):
                    await announce(tx, PassRemoved(wallet="apple", reason="gone", **removed))


async def _push(clients: "Mapping[str, ApnsClient]", pushes: Sequence[Push]) -> list[PushResult]:
    """Each push by the client of its pass type; what nobody has a certificate for is refused by ourselves."""
    results: dict[int, PushResult] = {}
    for pass_type in {push.topic for push in pushes}:
        numbers = [number for number, push in enumerate(pushes) if push.topic == pass_type]
        if pass_type in clients:
            told = await clients[pass_type].push([pushes[number] for number in numbers])
        else:
            told = [
                PushResult(pushes[number].token, NOT_SENT, "NoCertificate", Outcome.REFUSED) for number in numbers
            ]
        results.update(zip(numbers, told, strict=True))
    return [results[number] for number in range(len(pushes))]


def _sorted_answers(answered: Any) -> _Answers:
    answers = _Answers()
    for rows, result in answered:
        if result.outcome is Outcome.DELIVERED:
            answers.told += rows
        elif result.outcome is Outcome.GONE:
            answers.gone += [(row, result) for row in rows]
        else:
            answers.failed += [(row, result) for row in rows]
    return answers


async def run_forever(rounds: Callable[[], Awaitable[int]], stop: asyncio.Event) -> None:
    """Repeat rounds until told to stop, with a short rest after each but a full one.

    A failing database must not end the worker: the fault is logged and the round tried again.
    """
    failed_seconds = IDLE_SECONDS
    while not stop.is_set():
        try:
            worked = await rounds()
            pause = min(max(IDLE_SECONDS, worked * _REST_PER_CARD_SECONDS), _LONGEST_REST_SECONDS)
            failed_seconds = IDLE_SECONDS
        except Exception:  # noqa: BLE001  see above
            _log.exception("reconcile_round_failed")
            worked = 0
            pause = failed_seconds = min(failed_seconds * 2, 5.0)
        if worked < BATCH:
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)
