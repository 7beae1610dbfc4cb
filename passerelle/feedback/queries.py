"""Every SQL text of feedback; the tenant always."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx

_COLUMNS: Final = """id, customer_id, location_id, occasion, happened_at, due_at, open_until, mail, stars, words,
       answered_at, changed_at, reply, replied_at, dealt_at, dealt_by"""
# Once per visit, and not within so many days of another visit of the customer that was asked about.
ASK: Final = """
INSERT INTO feedback (organization_id, id, customer_id, location_id, occasion, reference, happened_at, due_at,
                      open_until)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9
WHERE NOT EXISTS (
    SELECT 1 FROM feedback WHERE organization_id = $1 AND customer_id = $3
      AND happened_at > $10 AND happened_at < $11
)
ON CONFLICT (organization_id, reference) DO NOTHING
"""
WITHDRAW: Final = "DELETE FROM feedback WHERE organization_id = $1 AND reference = $2 AND answered_at IS NULL"
ANSWER: Final = f"""
UPDATE feedback SET stars = $3, words = $4, answered_at = coalesce(answered_at, $5),
    changed_at = CASE WHEN answered_at IS NULL THEN NULL ELSE $5 END
WHERE organization_id = $1 AND id = $2 RETURNING {_COLUMNS}
"""
REPLY: Final = f"""
UPDATE feedback SET reply = $3, replied_at = $4 WHERE organization_id = $1 AND id = $2 RETURNING {_COLUMNS}
"""
DEAL: Final = f"""
UPDATE feedback SET dealt_at = $3, dealt_by = $4
WHERE organization_id = $1 AND id = $2 AND dealt_at IS NULL RETURNING {_COLUMNS}
"""
_GET: Final = f"SELECT {_COLUMNS} FROM feedback WHERE organization_id = $1 AND id = $2"
_GET_FOR_UPDATE: Final = f"{_GET} FOR NO KEY UPDATE"
_LIST: Final = f"""
SELECT {_COLUMNS} FROM feedback WHERE organization_id = $1 AND id < $2 AND due_at <= $4
  AND ($5::uuid IS NULL OR location_id = $5) AND ($6::int IS NULL OR stars = $6)
  AND ($7::uuid IS NULL OR customer_id = $7)
  AND CASE $8::text WHEN 'answered' THEN stars IS NOT NULL WHEN 'waiting' THEN stars IS NULL
      WHEN 'low' THEN stars <= 2 WHEN 'low_open' THEN stars <= 2 AND dealt_at IS NULL ELSE true END
ORDER BY id DESC LIMIT $3
"""
_ASKED: Final = f"""
SELECT {_COLUMNS} FROM feedback WHERE organization_id = $1 AND customer_id = $2 AND due_at <= $3
  AND answered_at IS NULL AND open_until > $3
ORDER BY happened_at DESC LIMIT 3
"""
_OF_CUSTOMER: Final = f"""
SELECT {_COLUMNS} FROM feedback WHERE organization_id = $1 AND customer_id = $2 ORDER BY id
"""
_UNMAILED: Final = """
SELECT id, customer_id FROM feedback
WHERE organization_id = $1 AND due_at <= $2 AND due_at > $3 AND mail IS NULL AND answered_at IS NULL
ORDER BY due_at LIMIT $4 FOR NO KEY UPDATE
"""
MAILED: Final = "UPDATE feedback SET mail = $3 WHERE organization_id = $1 AND id = $2"
_FIGURES: Final = """
SELECT date_trunc('week', due_at AT TIME ZONE $2)::date AS week, location_id, count(*) AS asked,
    count(stars) AS answered, count(*) FILTER (WHERE stars <= 2) AS low,
    round(avg(stars) * 100)::int AS mean_hundredths
FROM feedback WHERE organization_id = $1 AND due_at >= $3 AND due_at < $4 AND ($5::uuid IS NULL OR location_id = $5)
GROUP BY 1, 2 ORDER BY 1 DESC, 2 NULLS LAST
"""
_LOW: Final = """
SELECT count(*) AS low, min(answered_at) AS since FROM feedback
WHERE organization_id = $1 AND stars <= 2 AND dealt_at IS NULL
"""
_SETTINGS: Final = """
SELECT enabled, occasions, delay_minutes, every_days, by_mail, followed_to FROM feedback_settings
WHERE organization_id = $1
"""
_SETTINGS_FOR_UPDATE: Final = f"{_SETTINGS} FOR NO KEY UPDATE"
KEEP_SETTINGS: Final = """
INSERT INTO feedback_settings (organization_id, enabled, occasions, delay_minutes, every_days, by_mail, followed_to)
VALUES ($1, $2, $3::jsonb, $4, $5, $6, $7)
ON CONFLICT (organization_id) DO UPDATE SET enabled = $2, occasions = $3::jsonb, delay_minutes = $4, every_days = $5,
    by_mail = $6, followed_to = CASE WHEN $2 AND NOT feedback_settings.enabled THEN $7
                                ELSE feedback_settings.followed_to END
"""
FOLLOWED: Final = "UPDATE feedback_settings SET followed_to = $2 WHERE organization_id = $1"
PRUNE: Final = "DELETE FROM feedback WHERE organization_id = $1 AND due_at < $2"
FORGET: Final = "DELETE FROM feedback WHERE organization_id = $1 AND customer_id = $2 AND stars IS NULL"
FORGET_WORDS: Final = """
UPDATE feedback SET words = NULL, reply = NULL, replied_at = NULL WHERE organization_id = $1 AND customer_id = $2
"""
MERGE: Final = "UPDATE feedback SET customer_id = $2 WHERE organization_id = $1 AND customer_id = $3"


async def get_feedback(tx: Tx, feedback_id: UUID, *, for_update: bool = False) -> Any:
    """The row, or None."""
    return await tx.fetchrow(_GET_FOR_UPDATE if for_update else _GET, tx.organization_id, feedback_id)


async def list_feedback(
    tx: Tx,
    before: UUID,
    limit: int,
    now: datetime,
    *,
    location_id: UUID | None,
    stars: int | None,
    customer_id: UUID | None,
    which: str | None,
) -> Sequence[Any]:
    wanted = (location_id, stars, customer_id, which)
    return await tx.fetch(_LIST, tx.organization_id, before, limit, now, *wanted)


async def list_asked(tx: Tx, customer_id: UUID, now: datetime) -> Sequence[Any]:
    """What a customer is asked now and has not answered."""
    return await tx.fetch(_ASKED, tx.organization_id, customer_id, now)


async def all_of_customer(tx: Tx, customer_id: UUID) -> Sequence[Any]:
    return await tx.fetch(_OF_CUSTOMER, tx.organization_id, customer_id)


async def list_unmailed(tx: Tx, now: datetime, since: datetime, limit: int) -> Sequence[Any]:
    return await tx.fetch(_UNMAILED, tx.organization_id, now, since, limit)


async def figures(
    tx: Tx, time_zone: str, since: datetime, until: datetime, location_id: UUID | None
) -> Sequence[Any]:
    return await tx.fetch(_FIGURES, tx.organization_id, time_zone, since, until, location_id)


async def low_open(tx: Tx) -> Any:
    return await tx.fetchrow(_LOW, tx.organization_id)


async def get_settings(tx: Tx, *, for_update: bool = False) -> Any:
    return await tx.fetchrow(_SETTINGS_FOR_UPDATE if for_update else _SETTINGS, tx.organization_id)
