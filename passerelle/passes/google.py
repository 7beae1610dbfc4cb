"""Verbs of Google Wallet: the save link, the save and delete callbacks, and the reconciler's other half.

Google keeps one object per card and shows it on all phones of its holder, so a card has one Google installation.
Everything sent is claimed in one transaction, sent outside of any, and recorded in another.
"""

import asyncio
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Database, Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import new_id
from passerelle.kit.log import logger
from passerelle.passes import queries, ringing
from passerelle.passes.errors import GoogleUnavailable
from passerelle.passes.events import PassInstalled, PassRemoved
from passerelle.passes.identities import Google
from passerelle.passes.own.held import Identities
from passerelle.passes.reconcile import Due, after_refusal, claim, finish, postpone
from passerelle.passes.rendering import GoogleCard, render_google
from passerelle.passes.serials import open_serial_number
from passerelle.passes.wallets.apple.apns_results import backoff_seconds
from passerelle.passes.wallets.google.callbacks import CallbackEvent
from passerelle.passes.wallets.google.pacing import Priority, change_key
from passerelle.passes.wallets.google.results import GoogleOutcome, GoogleResult
from passerelle.passes.wallets.google.savelink import save_link
from passerelle.passes.wallets.google.values import without_nulls

_log: Final = logger(__name__)
IN_FLIGHT: Final = 200
_BULK_IN_FLIGHT: Final = 100

_CLASS_SENT: Final = """
SELECT 1 FROM google_classes
WHERE organization_id = $1 AND template_id = $2 AND event_id = $3 AND template_version >= $4 AND event_version >= $5
"""
_KEEP_CLASS: Final = """
INSERT INTO google_classes (organization_id, template_id, event_id, template_version, event_version, sent_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (organization_id, template_id, event_id) DO UPDATE
    SET template_version = greatest(google_classes.template_version, excluded.template_version),
        event_version = greatest(google_classes.event_version, excluded.event_version),
        sent_at = excluded.sent_at
"""
_NO_EVENT: Final = UUID(int=0)
_NONCE: Final = """
INSERT INTO google_nonces (organization_id, nonce, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING 1
"""
_SAVED: Final = """
INSERT INTO installations AS i (organization_id, id, pass_id, wallet, installed_at) VALUES ($1, $2, $3, 'google', $4)
ON CONFLICT (organization_id, pass_id, device_id) DO UPDATE
    SET installed_at = excluded.installed_at, removed_at = NULL, last_error = NULL, told_version = 0, rung = NULL
    WHERE i.removed_at IS NOT NULL
RETURNING id
"""
_DUE: Final = """
INSERT INTO pass_updates (organization_id, pass_id, wallet, version, bulk, due_at)
SELECT $1, $2, 'google', version, false, $3 FROM passes WHERE organization_id = $1 AND id = $2
ON CONFLICT (organization_id, pass_id, wallet) DO UPDATE SET due_at = excluded.due_at, attempts = 0, bulk = false
"""
_DELETED: Final = """
UPDATE installations SET removed_at = $3
WHERE organization_id = $1 AND pass_id = $2 AND wallet = 'google' AND removed_at IS NULL
RETURNING id
"""
_TOLD: Final = """
UPDATE installations SET told_version = greatest(told_version, $3), told_at = $4, last_error = $5,
    fetched_version = greatest(fetched_version, $3), fetched_at = $4, rung = $6::jsonb
WHERE organization_id = $1 AND pass_id = $2 AND wallet = 'google'
"""
_FAILED: Final = """
UPDATE installations SET last_error = $3 WHERE organization_id = $1 AND pass_id = $2 AND wallet = 'google'
"""
_LIVE: Final = """
SELECT rung FROM installations
WHERE organization_id = $1 AND pass_id = $2 AND wallet = 'google' AND removed_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Bodies:
    """What Google should hold for a card, and whether its class must be sent first.

    ``class_key`` is the class: its template and event, and the versions of both. ``rung`` is what the holder was last
    rung for (ringing.py).
    """

    card: GoogleCard
    class_key: tuple[UUID, UUID, int, int]
    class_is_sent: bool
    version: int
    is_live: bool
    rung: Mapping[str, str] | None


async def read_bodies(tx: Tx, pass_id: UUID, google: Google) -> Bodies:
    """Render a card for Google as it is now."""
    row = await queries.get_pass(tx, pass_id)
    rendered = await render_google(tx, row, google)
    event_id, event_version = _NO_EVENT, 0
    if rendered.occasion is not None:
        event_id, event_version = rendered.occasion.event_id, rendered.occasion.version
    class_key = (row["template_id"], event_id, row["template_version"], event_version)
    live = await tx.fetchrow(_LIVE, tx.organization_id, pass_id)
    return Bodies(
        rendered,
        class_key=class_key,
        class_is_sent=await tx.fetchval(_CLASS_SENT, tx.organization_id, *class_key) is not None,
        version=row["version"],
        is_live=live is not None,
        rung=live["rung"] if live is not None else None,
    )


async def make_save_link(database: Database, google: Google, organization_id: UUID, pass_id: UUID) -> str:
    """The address of Google's save page for a card; class and object are created first when it must be thin.

    Raises GoogleUnavailable when Google does not take them now.
    """
    async with database.transaction(organization_id) as tx:
        bodies = await read_bodies(tx, pass_id, google)
    resources = {bodies.card.object_resource: [without_nulls(bodies.card.object_body)]}
    if not bodies.class_is_sent:
        resources[bodies.card.class_resource] = [without_nulls(bodies.card.class_body)]
    link = save_link(google.account, resources, [google.origin], base_url=google.save_url)
    if link.thin:
        result = await _send(database, google, organization_id, bodies, Priority.INTERACTIVE, notify=False)
        if not result.stored:
            _log.warning("google_refused_card", outcome=result.outcome, status=result.status, reason=result.reason)
            raise GoogleUnavailable
    return link.url


async def take_callback(tx: Tx, pass_id: UUID, event: CallbackEvent) -> None:
    """A card was saved or deleted on a phone; each nonce counts once, and a repeated fact changes nothing."""
    if not await tx.fetchval(_NONCE, tx.organization_id, event.nonce, event.expires_at):
        return
    card = await queries.find_pass(tx, pass_id)
    if card is None:
        return
    now = clock.now()
    if event.event_type == "save":
        if await tx.fetchval(_SAVED, tx.organization_id, new_id(), pass_id, now):
            # What the link carried may be older than the card by now: send it once.
            await tx.execute(_DUE, tx.organization_id, pass_id, now)
            await announce(tx, PassInstalled(pass_id=pass_id, customer_id=card["customer_id"], wallet="google"))
    elif await tx.fetchval(_DELETED, tx.organization_id, pass_id, now):
        gone = PassRemoved(pass_id=pass_id, customer_id=card["customer_id"], wallet="google", reason="removed")
        await announce(tx, gone)


async def forget_nonces(tx: Tx) -> None:
    """Forget nonces whose callbacks have expired: a repetition is refused for its age."""
    query = "DELETE FROM google_nonces WHERE organization_id = $1 AND expires_at < $2"
    await tx.execute(query, tx.organization_id, clock.now())


def place_of(object_id: str) -> tuple[UUID, UUID] | None:
    """Tenant and card of an object's id (``issuer.serial``)."""
    return open_serial_number(object_id.partition(".")[2])


class GoogleReconciler:
    """Brings Google's objects to their cards, at Google's pace, cards that somebody waits for first."""

    def __init__(self, database: Database, identities: Identities, *, rng: random.Random | None = None) -> None:
        self._database = database
        self._identities = identities
        self._rng = rng or random.Random()  # noqa: S311  jitter, not a secret
        self._tasks: set[asyncio.Task[None]] = set()

    async def round(self) -> int:
        """Claim what there is room for and start sending it; returns how many cards were claimed."""
        room = IN_FLIGHT - len(self._tasks)
        if room <= 0:
            await asyncio.wait(self._tasks, timeout=1, return_when=asyncio.FIRST_COMPLETED)
            return 0
        crowded = len(self._tasks) >= _BULK_IN_FLIGHT
        claimed = await claim(
            self._database, "google", room if crowded else min(room, _BULK_IN_FLIGHT), interactive_only=crowded
        )
        for due in claimed:
            task = asyncio.create_task(self._bring(due))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return len(claimed)

    async def drain(self) -> None:
        """Wait for what is under way, for tests and for stopping."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=10)

    async def _bring(self, due: Due) -> None:
        try:
            async with self._database.transaction(due.organization_id) as tx:
                google = (await self._identities.of(tx)).google_or_none
                bodies = await read_bodies(tx, due.pass_id, google) if google is not None else None
            if google is None or bodies is None:
                await postpone(self._database, "google", due, after_refusal(due.attempts))
                return
            if not bodies.is_live:
                await finish(self._database, "google", [due])
                return
            priority = Priority.BULK if due.bulk else Priority.INTERACTIVE
            result = await _send(self._database, google, due.organization_id, bodies, priority, notify=not due.bulk)
            await self._record(due, bodies, result)
        except Exception:  # noqa: BLE001  one card must not stop the others
            # The lease ends by itself, and the card is tried again.
            _log.exception("google_update_failed", pass_id=str(due.pass_id))

    async def _record(self, due: Due, bodies: Bodies, result: GoogleResult) -> None:
        organization_id = due.organization_id
        if result.stored:
            error = "notification_quota" if result.outcome is GoogleOutcome.QUOTA else None
            async with self._database.transaction(organization_id) as tx:
                rung = json.dumps(ringing.rung_by(bodies.card))
                place = (organization_id, due.pass_id, bodies.version, clock.now())
                await tx.execute(_TOLD, *place, error, rung)
            await finish(self._database, "google", [due])
            return
        _log.warning("google_update_refused", outcome=result.outcome, status=result.status, reason=result.reason)
        async with self._database.transaction(organization_id) as tx:
            await tx.execute(_FAILED, organization_id, due.pass_id, result.reason or f"HTTP {result.status}")
        await postpone(self._database, "google", due, self._delay(result, due.attempts))

    def _delay(self, result: GoogleResult, attempts: int) -> timedelta:
        if result.outcome is GoogleOutcome.REFUSED:
            return after_refusal(attempts)
        pause = backoff_seconds(attempts - 1, self._rng, answered=result.status is not None)
        return timedelta(seconds=max(result.retry_after_seconds or 0, pause))


async def _send(
    database: Database, google: Google, organization_id: UUID, bodies: Bodies, priority: Priority, *, notify: bool
) -> GoogleResult:
    """The class when Google has not this version of it, then the object."""
    if not bodies.class_is_sent:
        key = change_key(bodies.card.class_resource, bodies.card.class_body["id"])
        result = await google.queue.submit(key, bodies.card.class_body, priority=priority, exists=False)
        if not result.stored:
            return result
        async with database.transaction(organization_id) as tx:
            await tx.execute(_KEEP_CLASS, organization_id, *bodies.class_key, clock.now())
    tells = notify and bodies.is_live
    rings = await ringing.due(google, bodies.card, bodies.rung, bodies.version, priority) if tells else {}
    key = change_key(bodies.card.object_resource, bodies.card.object_body["id"])
    result = await google.queue.submit(
        key, bodies.card.object_body, priority=priority, notify=notify, exists=bodies.is_live
    )
    return await ringing.ring(google, bodies.card, rings, priority) or result if result.stored else result
