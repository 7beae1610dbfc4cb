"""Every SQL text of achievements; the tenant always."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from passerelle.kit.db import Tx
from passerelle.programs.achievements.errors import AchievementNotFound
from passerelle.programs.achievements.models import AchievementRow

_COLUMNS: Final = """id, program_id, name, names, definition, repeatable, unit_id, amount, badge, badges, active,
       created_at"""
_ACTIVE: Final = f"""
SELECT {_COLUMNS} FROM achievements WHERE organization_id = $1 AND program_id = ANY($2) AND active ORDER BY id
"""
_BY_ID: Final = f"SELECT {_COLUMNS} FROM achievements WHERE organization_id = $1 AND id = ANY($2)"
_PAGE: Final = f"""
SELECT {_COLUMNS} FROM achievements WHERE organization_id = $1 AND program_id = $2 AND id < $3
ORDER BY id DESC LIMIT $4
"""
# What a tally is judged by: its own new amount, the other slots of its period, and the awards that stand. The rows
# were written by this very statement, so the other slots are those of before, and complete.
_JUDGED: Final = """
SELECT t.membership_id, t.achievement_id, t.period, t.slot, t.amount,
       (SELECT jsonb_object_agg(o.slot, o.amount) FROM achievement_tallies o
        WHERE o.organization_id = $1 AND o.membership_id = t.membership_id AND o.achievement_id = t.achievement_id
          AND o.period = t.period AND o.slot <> t.slot AND o.amount > 0) AS others,
       coalesce(w.standing, 0) AS standing, coalesce(w.standing_ever, 0) AS standing_ever
FROM tallied t
LEFT JOIN LATERAL (
    SELECT sum(a.times) AS standing_ever, sum(a.times) FILTER (WHERE a.period = t.period) AS standing
    FROM achievement_awards a
    WHERE a.organization_id = $1 AND a.membership_id = t.membership_id AND a.achievement_id = t.achievement_id
      AND a.taken_back_at IS NULL
) w ON true
ORDER BY t.membership_id, t.achievement_id
"""
COUNT: Final = f"""
WITH told AS (
    SELECT * FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::bigint[])
        AS given (membership_id, achievement_id, period, slot, amount)
), stepped AS (
    INSERT INTO achievement_steps (organization_id, membership_id, achievement_id, reference, period, slot, amount)
    SELECT $1, membership_id, achievement_id, $2, period, slot, amount FROM told
    ON CONFLICT DO NOTHING RETURNING membership_id, achievement_id, period, slot, amount
), tallied AS (
    INSERT INTO achievement_tallies AS t (organization_id, membership_id, achievement_id, period, slot, amount)
    SELECT $1, membership_id, achievement_id, period, slot, amount FROM stepped
    ON CONFLICT (organization_id, membership_id, achievement_id, period, slot)
    DO UPDATE SET amount = t.amount + excluded.amount
    RETURNING t.membership_id, t.achievement_id, t.period, t.slot, t.amount
)
{_JUDGED}
"""
TAKE_BACK: Final = f"""
WITH gone AS (
    DELETE FROM achievement_steps WHERE organization_id = $1 AND reference = $2
    RETURNING membership_id, achievement_id, period, slot, amount
), tallied AS (
    UPDATE achievement_tallies t SET amount = t.amount - g.amount FROM gone g
    WHERE t.organization_id = $1 AND t.membership_id = g.membership_id AND t.achievement_id = g.achievement_id
      AND t.period = g.period AND t.slot = g.slot
    RETURNING t.membership_id, t.achievement_id, t.period, t.slot, t.amount
)
{_JUDGED}
"""
LESSEN: Final = f"""
WITH above AS (
    SELECT s.membership_id, s.achievement_id, s.period, s.slot, given.rest, s.amount - given.rest AS amount
    FROM achievement_steps s
    JOIN unnest($3::uuid[], $4::uuid[], $5::bigint[]) AS given (membership_id, achievement_id, rest)
      ON given.membership_id = s.membership_id AND given.achievement_id = s.achievement_id
    WHERE s.organization_id = $1 AND s.reference = $2 AND s.amount > given.rest
), lessened AS (
    UPDATE achievement_steps s SET amount = b.rest FROM above b
    WHERE s.organization_id = $1 AND s.reference = $2 AND s.membership_id = b.membership_id
      AND s.achievement_id = b.achievement_id AND b.rest > 0
), gone AS (
    DELETE FROM achievement_steps s USING above b
    WHERE s.organization_id = $1 AND s.reference = $2 AND s.membership_id = b.membership_id
      AND s.achievement_id = b.achievement_id AND b.rest = 0
), tallied AS (
    UPDATE achievement_tallies t SET amount = t.amount - b.amount FROM above b
    WHERE t.organization_id = $1 AND t.membership_id = b.membership_id AND t.achievement_id = b.achievement_id
      AND t.period = b.period AND t.slot = b.slot
    RETURNING t.membership_id, t.achievement_id, t.period, t.slot, t.amount
)
{_JUDGED}
"""
_STEPS_UNDER: Final = """
SELECT s.membership_id, s.achievement_id, a.definition FROM achievement_steps s
JOIN achievements a ON a.organization_id = s.organization_id AND a.id = s.achievement_id
WHERE s.organization_id = $1 AND s.reference = $2 ORDER BY s.membership_id, s.achievement_id
"""
_STEPPERS: Final = """
SELECT DISTINCT membership_id FROM achievement_steps WHERE organization_id = $1 AND reference = $2
ORDER BY membership_id
"""
_AWARDS_STANDING: Final = """
SELECT id, times, amount FROM achievement_awards
WHERE organization_id = $1 AND membership_id = $2 AND achievement_id = $3 AND period = $4 AND taken_back_at IS NULL
ORDER BY id DESC
"""
ADD_AWARD: Final = """
INSERT INTO achievement_awards (organization_id, id, membership_id, achievement_id, period, times, amount, awarded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
DROP_AWARD: Final = "UPDATE achievement_awards SET taken_back_at = $3 WHERE organization_id = $1 AND id = $2"
_TALLIES: Final = """
SELECT achievement_id, period, slot, amount FROM achievement_tallies
WHERE organization_id = $1 AND membership_id = $2 AND amount > 0
  AND (achievement_id, period) IN (SELECT * FROM unnest($3::uuid[], $4::text[]))
"""
_AWARDS: Final = """
SELECT achievement_id, sum(times)::bigint AS times, max(awarded_at) AS last_awarded_at FROM achievement_awards
WHERE organization_id = $1 AND membership_id = $2 AND taken_back_at IS NULL GROUP BY achievement_id
"""
_ALL_AWARDS: Final = """
SELECT achievement_id, period, times, amount, awarded_at, taken_back_at FROM achievement_awards
WHERE organization_id = $1 AND membership_id = $2 ORDER BY id LIMIT 10000
"""


async def active_of_programs(tx: Tx, program_ids: Sequence[UUID]) -> Sequence[Any]:
    return await tx.fetch(_ACTIVE, tx.organization_id, list(program_ids))


async def achievements_by_id(tx: Tx, achievement_ids: Sequence[UUID]) -> Sequence[Any]:
    """Active or not; those that are not there are left out."""
    return await tx.fetch(_BY_ID, tx.organization_id, list(achievement_ids))


async def list_achievements(tx: Tx, program_id: UUID, before: UUID, limit: int) -> Sequence[Any]:
    return await tx.fetch(_PAGE, tx.organization_id, program_id, before, limit)


async def achievement_for_update(tx: Tx, achievement_id: UUID) -> AchievementRow:
    """Raises AchievementNotFound."""
    row = await tx.session.get(AchievementRow, (tx.organization_id, achievement_id), with_for_update=True)
    if row is None:
        raise AchievementNotFound
    return row


async def count_active(tx: Tx, program_id: UUID) -> int:
    query = select(func.count()).where(
        AchievementRow.organization_id == tx.organization_id,
        AchievementRow.program_id == program_id,
        AchievementRow.active,
    )
    return (await tx.session.execute(query)).scalar_one()


async def steppers(tx: Tx, reference: str) -> list[UUID]:
    """Members to whom something was counted under a reference."""
    return [row["membership_id"] for row in await tx.fetch(_STEPPERS, tx.organization_id, reference)]


async def steps_under(tx: Tx, reference: str) -> Sequence[Any]:
    """What was counted under a reference, with the definitions it was counted by."""
    return await tx.fetch(_STEPS_UNDER, tx.organization_id, reference)


async def awards_standing(tx: Tx, membership_id: UUID, achievement_id: UUID, period: str) -> Sequence[Any]:
    """Awards of one period that were not taken back, newest first."""
    return await tx.fetch(_AWARDS_STANDING, tx.organization_id, membership_id, achievement_id, period)


async def tallies_of(tx: Tx, membership_id: UUID, places: Sequence[tuple[UUID, str]]) -> Sequence[Any]:
    """Tallies of a member by (achievement, period)."""
    achievement_ids, periods = [place[0] for place in places], [place[1] for place in places]
    return await tx.fetch(_TALLIES, tx.organization_id, membership_id, achievement_ids, periods)


async def awards_of(tx: Tx, membership_id: UUID) -> Sequence[Any]:
    """How often a member reached each achievement, and when last."""
    return await tx.fetch(_AWARDS, tx.organization_id, membership_id)


async def all_awards_of(tx: Tx, membership_id: UUID) -> Sequence[Any]:
    """Every award of a member for their export, taken back or not."""
    return await tx.fetch(_ALL_AWARDS, tx.organization_id, membership_id)
