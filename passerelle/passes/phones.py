"""What iPhones ask by the thousand, answered for many at once: which cards changed, and the cards themselves.

Each message to the database wakes another process, so a busy server asks once for all phones of a tenant that
wait (kit/gathering.py). Signing is done after that, outside the transaction.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from passerelle.kit import clock, directory
from passerelle.kit.crypto import TenantKeys
from passerelle.kit.db import Database, Row, Tx
from passerelle.kit.gathering import Gathered
from passerelle.passes import apple
from passerelle.passes.faces import Face, read_faces
from passerelle.templates.service import CompiledTemplate
from passerelle.templates.service import published as published_template

_AT_ONCE: Final = 64
_TENANTS: Final = 1_000
_LOOKS: Final = 3  # at a card that changes while it is read; then it is given with what may be of the next version
# Changed since the tag, or never fetched since: the latter covers a registration that crossed a change. A tag that
# is ahead of ours is not ours, and asks for everything.
_CHANGED: Final = """
SELECT a.number, d.update_tag, p.serial_number
FROM (
    -- The LIMIT limits nothing; it has the planner expect one row, and look everything up by its key.
    SELECT * FROM unnest($2::text[], $3::text[], $4::bigint[]) WITH ORDINALITY
        AS a (device, pass_type, since, number) LIMIT (SELECT NULL::bigint)
) a
JOIN apple_devices d ON d.organization_id = $1 AND d.device_library_identifier = a.device
    AND d.pass_type_identifier = a.pass_type
LEFT JOIN (
    installations i JOIN passes p ON p.organization_id = $1 AND p.id = i.pass_id
) ON i.organization_id = $1 AND i.device_id = d.id AND i.removed_at IS NULL
    AND (i.update_tag > a.since OR a.since > d.update_tag OR i.fetched_version < p.version)
"""
# The phone that shows the Last-Modified of the version it holds is the one that fetches; of several that hold
# the same version, any will do, for each fetch marks one of them. What somebody else holds at this instant is told
# apart and marked afterwards, by itself: waiting for it here would keep the others waiting, or end in a circle.
_FETCH: Final = """
WITH asked AS (
    SELECT * FROM unnest($2::uuid[], $4::timestamptz[]) AS a (pass_id, holds) LIMIT (SELECT NULL::bigint)
), card AS (
    SELECT p.id, p.subject_kind, p.subject_id, p.customer_id, p.template_id, p.template_version, p.serial_number,
        p.code, p.state, p.version, p.changed_at, p.expires_at, p.created_at, a.holds,
        (SELECT r.code_kind FROM code_rules r
            WHERE r.organization_id = $1 AND r.program_id = p.program_id) AS code_kind
    FROM asked a JOIN passes p ON p.organization_id = $1 AND p.id = a.pass_id
), holder AS (
    SELECT c.id AS pass_id, c.version, c.changed_at, f.id FROM card c, LATERAL (
        SELECT i.id FROM installations i
        WHERE i.organization_id = $1 AND i.pass_id = c.id AND i.wallet = 'apple' AND i.removed_at IS NULL
            AND i.fetched_version < c.version
        ORDER BY (i.fetched_modified IS NOT DISTINCT FROM c.holds) DESC, i.id LIMIT 1
    ) f
), held AS (
    SELECT h.* FROM holder h JOIN installations i ON i.organization_id = $1 AND i.id = h.id
    ORDER BY i.id FOR UPDATE OF i SKIP LOCKED
), fetched AS (
    UPDATE installations i SET fetched_version = h.version, fetched_modified = h.changed_at, fetched_at = $3,
        last_error = NULL,
        -- Which of several phones fetched is a guess, and a guess must not keep the other from being told.
        told_version = CASE WHEN (
            SELECT count(*) FROM installations o
            WHERE o.organization_id = $1 AND o.pass_id = h.pass_id AND o.wallet = 'apple' AND o.removed_at IS NULL
        ) = 1 THEN greatest(i.told_version, h.version) ELSE i.told_version END
    FROM held h
    WHERE i.organization_id = $1 AND i.id = h.id
)
SELECT c.*, h.id AS unmarked FROM card c
LEFT JOIN holder h ON h.pass_id = c.id AND NOT EXISTS (SELECT 1 FROM held WHERE held.id = h.id)
"""
_MOVED: Final = """
SELECT p.id FROM unnest($2::uuid[], $3::bigint[]) AS shown (id, version)
JOIN passes p ON p.organization_id = $1 AND p.id = shown.id AND p.version > shown.version
"""
_MARK: Final = """
UPDATE installations SET fetched_version = $3, fetched_modified = $4, fetched_at = $5, last_error = NULL
WHERE organization_id = $1 AND id = $2 AND fetched_version < $3 AND removed_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Changes:
    """Serial numbers that changed since a tag, and the tag to ask with next time."""

    serial_numbers: list[str]
    tag: str


class Asked(NamedTuple):
    """A phone, and the counter that it knows of one tenant."""

    device: str
    pass_type: str
    since: int


class Fetch(NamedTuple):
    """A card, and the Last-Modified that the phone holds of it."""

    pass_id: UUID
    holds: datetime | None


class Fetched(NamedTuple):
    """A card as it is; template and face when it is newer than what the phone holds."""

    row: Row
    content: tuple[CompiledTemplate, Face] | None


class Phones:
    """The answers of one process.

    ``signing`` is held by who signs a card, until the loop has turned once. A signature keeps the processor for
    half a millisecond, and those who were answered together would all make theirs before a till is heard.
    """

    def __init__(self, database: Database) -> None:
        self.signing = asyncio.Lock()
        self._database = database
        self._tenants: Gathered[bytes, list[UUID]] = Gathered(self._find_tenants, most=_AT_ONCE)
        self._lists: dict[UUID, Gathered[Asked, list[Row]]] = {}
        self._fetches: dict[UUID, Gathered[Fetch, Fetched | None]] = {}

    async def keys(self, organization_id: UUID) -> TenantKeys:
        """The keys of a tenant; raises TenantUnknown."""
        known = self._database.vault.known(organization_id)
        if known is None:
            async with self._database.transaction(organization_id) as tx:
                known = await tx.vault.keys(tx)
        return known

    async def list_changes(self, device: str, pass_type: str, since: str | None) -> Changes | None:
        """Every card of the phone that changed since the tag; None when nothing did or the phone is unknown.

        One phone may hold cards of several organizations under one pass type. Each counts for itself, so the tag
        is their counters joined by dots, in the order in which the phone came to know them.
        """
        key = apple.directory_key(device, pass_type)
        known = _counters(since)
        serial_numbers: list[str] = []
        tags: list[str] = []
        for position, organization_id in enumerate(await self._tenants.ask(key, key)):
            last = known[position] if position < len(known) else -1
            asked = Asked(device, pass_type, last)
            rows = await self._list_of(organization_id).ask(asked, asked)
            tags.append(str(rows[0]["update_tag"] if rows else 0))
            serial_numbers += [row["serial_number"] for row in rows if row["serial_number"]]
        return Changes(serial_numbers, ".".join(tags)) if serial_numbers else None

    async def fetch(self, organization_id: UUID, pass_id: UUID, holds: datetime | None) -> Fetched | None:
        """The card as it is, with a mark that the phone that holds ``holds`` has it now; None for no such card."""
        return await self._fetch_of(organization_id).ask(pass_id, Fetch(pass_id, holds))

    def _list_of(self, organization_id: UUID) -> Gathered[Asked, list[Row]]:
        if organization_id not in self._lists:
            _keep_busy(self._lists)
            self._lists[organization_id] = Gathered(lambda asked: self._list(organization_id, asked), most=_AT_ONCE)
        return self._lists[organization_id]

    def _fetch_of(self, organization_id: UUID) -> Gathered[Fetch, Fetched | None]:
        if organization_id not in self._fetches:
            _keep_busy(self._fetches)
            self._fetches[organization_id] = Gathered(
                lambda asked: self._fetch(organization_id, asked), most=_AT_ONCE
            )
        return self._fetches[organization_id]

    async def _find_tenants(self, keys: Sequence[bytes]) -> list[list[UUID]]:
        found = await directory.find_many(self._database, apple.DIRECTORY, keys)
        return [found.get(key, []) for key in keys]

    async def _list(self, organization_id: UUID, asked: Sequence[Asked]) -> list[list[Row]]:
        async with self._database.transaction(organization_id, durable=False) as tx:
            rows = await tx.fetch(_CHANGED, organization_id, *(list(column) for column in zip(*asked, strict=True)))
        answers: list[list[Row]] = [[] for _ in asked]
        for row in rows:
            answers[row["number"] - 1].append(row)
        return answers

    async def _fetch(self, organization_id: UUID, asked: Sequence[Fetch]) -> list[Fetched | None]:
        found: dict[UUID, Fetched] = {}
        again = asked
        for _ in range(_LOOKS):
            # Only the mark “fetched” is written; losing it in a crash costs one push. A row that is marked twice in
            # one transaction would have PostgreSQL look up its card under a lock, so each look is one.
            async with self._database.transaction(organization_id, durable=False) as tx:
                cards = await _as_they_are(tx, again)
                moved = await _moved(tx, cards)
            found |= {each.row["id"]: each for each in cards}
            again = [Fetch(each.row["id"], each.row["changed_at"]) for each in cards if each.row["id"] in moved]
            if not again:
                break
        for each in found.values():
            if each.row["unmarked"] is not None:
                await self._mark(organization_id, each.row)
        return [found.get(each.pass_id) for each in asked]

    async def _mark(self, organization_id: UUID, row: Row) -> None:
        """Note that a phone fetched the version that it gets, once nobody holds the row any more."""
        async with self._database.transaction(organization_id, durable=False) as tx:
            place = (organization_id, row["unmarked"], row["version"], row["changed_at"])
            await tx.execute(_MARK, *place, clock.now())


async def _as_they_are(tx: Tx, asked: Sequence[Fetch]) -> list[Fetched]:
    """The cards that are there, marked as fetched."""
    place = (tx.organization_id, [each.pass_id for each in asked], clock.now(), [each.holds for each in asked])
    rows = await tx.fetch(_FETCH, *place)
    newer = [row for row in rows if row["holds"] is None or row["changed_at"] > row["holds"]]
    templates = [await published_template(tx, row["template_id"], row["template_version"]) for row in newer]
    cards = list(zip(newer, templates, strict=True))
    content = {
        row["id"]: (template, face) for (row, template), face in zip(cards, await read_faces(tx, cards), strict=True)
    }
    return [Fetched(row, content.get(row["id"])) for row in rows]


async def _moved(tx: Tx, found: Sequence[Fetched]) -> set[UUID]:
    """Which cards changed while they were read: what is shown of them may be of a version after the one they name."""
    shown = [each.row for each in found if each.content is not None]
    if not shown:
        return set()
    versions = [row["id"] for row in shown], [row["version"] for row in shown]
    moved = await tx.fetch(_MOVED, tx.organization_id, *versions)
    return {row["id"] for row in moved}


def _keep_busy(
    gathered: "dict[UUID, Gathered[Asked, list[Row]]] | dict[UUID, Gathered[Fetch, Fetched | None]]",
) -> None:
    """Forget tenants whose phones are quiet, once there are many."""
    if len(gathered) >= _TENANTS:
        for organization_id in [key for key, each in gathered.items() if each.is_idle]:
            del gathered[organization_id]


def _counters(tag: str | None) -> list[int]:
    """The counters of a tag; a tag that is not ours asks for everything."""
    parts = (tag or "").split(".")
    if not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
        return []
    return [int(part) for part in parts]
