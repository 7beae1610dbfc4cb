"""Every SQL text of analytics; the tenant always."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from passerelle.analytics.rules import Day
from passerelle.analytics.schemas import Question
from passerelle.kit.db import Row, Tx
from passerelle.kit.ids import first_id_at

# One derivation of an organization at a time: two that cross could leave the older picture.
LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended('visits ' || $1::uuid::text, 0))"
_DERIVATION: Final = """
SELECT o.time_zone, d.time_zone AS derived_in, d.walked_to, d.organization_id IS NOT NULL AS begun,
    EXISTS (SELECT FROM visit_changes c WHERE c.organization_id = $1) AS has_changes
FROM (SELECT $2::text AS time_zone) AS o LEFT JOIN visit_derivations d ON d.organization_id = $1
"""
BEGIN_WALK: Final = """
INSERT INTO visit_derivations (organization_id, time_zone, walked_to) VALUES ($1, $2, $3)
ON CONFLICT (organization_id) DO UPDATE SET time_zone = excluded.time_zone, walked_to = excluded.walked_to
"""
WALK_ON: Final = "UPDATE visit_derivations SET walked_to = $2 WHERE organization_id = $1"
MARK: Final = """
INSERT INTO visit_changes (organization_id, id, customer_id) SELECT $1, * FROM unnest($2::uuid[], $3::uuid[])
"""
DROP_CHANGES: Final = "DELETE FROM visit_changes WHERE organization_id = $1"
MARK_COUNTER_VISITORS: Final = """
INSERT INTO visit_changes (organization_id, id, customer_id)
SELECT $1, gen_random_uuid(), customer_id FROM counter_visits WHERE organization_id = $1 GROUP BY customer_id
"""
TAKE_CHANGES: Final = """
WITH taken AS (
    SELECT id FROM visit_changes WHERE organization_id = $1 ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED
)
DELETE FROM visit_changes c USING taken WHERE c.organization_id = $1 AND c.id = taken.id RETURNING c.customer_id
"""
NOTE_COUNTER_VISIT: Final = """
INSERT INTO counter_visits (organization_id, reference, customer_id, location_id, occurred_at)
VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
"""
FORGET_COUNTER_VISIT: Final = "DELETE FROM counter_visits WHERE organization_id = $1 AND reference = $2"
HAND_OVER_VISITS: Final = "UPDATE counter_visits SET customer_id = $2 WHERE organization_id = $1 AND customer_id = $3"
HAND_OVER_CARDS: Final = "UPDATE card_milestones SET customer_id = $2 WHERE organization_id = $1 AND customer_id = $3"
COUNTER_VISITS_OF: Final = """
SELECT customer_id, location_id, occurred_at FROM counter_visits
WHERE organization_id = $1 AND customer_id = ANY($2::uuid[]) ORDER BY customer_id, occurred_at
"""
_VISIT: Final = """customer_id, day, location_id, purchases, net_minor, previous_day, next_day, returned_after,
    previous_day_here, next_day_here, returned_after_here, program_ids"""
VISITS_OF: Final = f"""
SELECT id, {_VISIT} FROM visits WHERE organization_id = $1 AND customer_id = ANY($2::uuid[])
"""
DROP_VISITS: Final = "DELETE FROM visits WHERE organization_id = $1 AND id = ANY($2::uuid[])"
KEEP_VISITS: Final = f"""
INSERT INTO visits (organization_id, id, {_VISIT})
SELECT $1, gen_random_uuid(), v.c, v.d, v.l, v.n, v.m, v.p, v.x, v.r, v.ph, v.xh, v.rh, v.g::uuid[]
FROM unnest($2::uuid[], $3::date[], $4::uuid[], $5::int[], $6::bigint[], $7::date[], $8::date[], $9::int[],
    $10::date[], $11::date[], $12::int[], $13::text[]) AS v (c, d, l, n, m, p, x, r, ph, xh, rh, g)
"""
# $3 begins the period before, $4 this one; $6 is their length, $7 the days within which a return counts.
_DAYS: Final = """
SELECT day, count(*) AS visits,
    count(*) FILTER (WHERE previous_day{here} IS NULL OR previous_day{here} < CASE WHEN day >= $4 THEN $4 ELSE $3 END)
        AS visitors_new,
    count(*) FILTER (WHERE previous_day{here} IS NULL OR previous_day{here} <= day - $6::int) AS arriving,
    count(*) FILTER (WHERE next_day{here} IS NULL OR next_day{here} >= day + $6::int) AS leaving,
    coalesce(sum(purchases), 0)::bigint AS purchases, coalesce(sum(net_minor), 0)::bigint AS net_minor,
    count(*) FILTER (WHERE previous_day{here} IS NULL) AS newcomers,
    count(*) FILTER (WHERE previous_day{here} IS NULL AND returned_after{here} <= $7::int) AS returned
FROM visits
WHERE organization_id = $1 AND day >= $2::date AND day < $5::date
    {narrowed}
GROUP BY day
"""
NOTE_CARDS: Final = """
INSERT INTO card_milestones AS c (
    organization_id, pass_id, customer_id, program_id, location_id, issued_at, activated_at
) SELECT $1, pass_id, customer_id, program_id, location_id, $2, $3
FROM unnest($4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[]) AS given (pass_id, customer_id, program_id, location_id)
ON CONFLICT (organization_id, pass_id) DO UPDATE SET activated_at = coalesce(c.activated_at, excluded.activated_at)
"""
# A bucket for each day: its midnights were told by the same rules that place visits on days.
_CARDS: Final = """
SELECT width_bucket({instant}, $2::timestamptz[]) - 1 AS day, count(*) AS cards FROM card_milestones
WHERE organization_id = $1 AND {instant} >= $3 AND {instant} < $4
    AND ($5::uuid IS NULL OR location_id = $5) AND ($6::uuid IS NULL OR program_id = $6)
GROUP BY 1
"""
_ISSUED: Final = _CARDS.format(instant="issued_at")
_ACTIVATED: Final = _CARDS.format(instant="activated_at")
_FOLLOWED: Final = """
SELECT count(came.first) AS first_visit, count(*) FILTER (WHERE came.last > came.first) AS returned
FROM card_milestones c, LATERAL (
    SELECT min(v.day) AS first, max(v.day) AS last FROM visits v
    WHERE v.organization_id = $1 AND v.customer_id = c.customer_id
        AND v.day >= $7::date + width_bucket(c.activated_at, $2::timestamptz[]) - 1
) came
WHERE c.organization_id = $1 AND c.activated_at >= $3 AND c.activated_at < $4
    AND ($5::uuid IS NULL OR c.location_id = $5) AND ($6::uuid IS NULL OR c.program_id = $6)
"""
_BEGINNINGS: Final = """
SELECT EXISTS (SELECT FROM card_milestones WHERE organization_id = $1 AND activated_at IS NOT NULL) AS card,
    EXISTS (SELECT FROM visits WHERE organization_id = $1) AS scan
"""
_CARDS_OF: Final = """
SELECT pass_id, issued_at, activated_at FROM card_milestones
WHERE organization_id = $1 AND customer_id = $2 ORDER BY issued_at
"""


# Ids are made when facts are told: a day earlier than the first one is before all that happened in the period.
# Who checked in alone is none of the team.
_DEEDS: Final = """
SELECT actor, name, count(*) AS deeds,
    coalesce(sum((payload ->> 'amount_minor')::bigint) FILTER (WHERE name = 'purchase.recorded'), 0)::bigint
        AS amount_minor
FROM events
WHERE organization_id = $1 AND name = ANY($2::text[]) AND id >= $3 AND occurred_at >= $4 AND occurred_at < $5
    AND (name <> 'check_in.opened' OR payload ->> 'way' = 'staff')
GROUP BY actor, name
"""


async def deeds(tx: Tx, names: Sequence[str], first: datetime, end: datetime) -> Sequence[Row]:
    """How many facts of these names everybody told in a span, and the sum of their purchases."""
    lowest = first_id_at(first - timedelta(days=1))
    return await tx.fetch(_DEEDS, tx.organization_id, list(names), lowest, first, end)


async def derivation(tx: Tx, time_zone: str) -> Row:
    """How far the derivation is, beside the time zone that it should be in."""
    return await tx.fetchrow(_DERIVATION, tx.organization_id, time_zone)


async def days(tx: Tx, about: Question, scanned_from: date) -> Mapping[date, Day]:
    """The days since ``scanned_from`` on which somebody came."""
    period = about.period
    narrowing = (("location_id = ${}", about.location_id), ("${} = ANY(program_ids)", about.program_id))
    asked = [(condition, value) for condition, value in narrowing if value is not None]
    narrowed = "".join(f" AND {condition.format(number)}" for number, (condition, _) in enumerate(asked, start=8))
    rows = await tx.fetch(
        _DAYS.format(here="_here" if about.location_id else "", narrowed=narrowed),
        *(tx.organization_id, scanned_from, period.before.first, period.first, period.end),
        *(period.length, about.return_days, *(value for _, value in asked)),
    )
    return {row["day"]: Day(**{name: row[name] for name in Day.__slots__}) for row in rows}


async def issued_cards(tx: Tx, about: Question, midnights: Sequence[datetime]) -> Sequence[Row]:
    """Cards by the day on which they were issued, as a number counted from the first."""
    return await tx.fetch(_ISSUED, *_within(tx, about, midnights))


async def activated_cards(tx: Tx, about: Question, midnights: Sequence[datetime]) -> Sequence[Row]:
    """Cards by the day on which a wallet first held them."""
    return await tx.fetch(_ACTIVATED, *_within(tx, about, midnights))


async def followed(tx: Tx, about: Question, midnights: Sequence[datetime], first: date) -> Row:
    """Of the cards that came into a wallet: whose members came since, and came again."""
    return await tx.fetchrow(_FOLLOWED, *_within(tx, about, midnights), first)


async def beginnings(tx: Tx) -> Row:
    """Whether anybody has a card in a wallet, and whether anybody came."""
    return await tx.fetchrow(_BEGINNINGS, tx.organization_id)


async def cards_of(tx: Tx, customer_id: UUID) -> Sequence[Row]:
    """When a customer's cards were issued and activated."""
    return await tx.fetch(_CARDS_OF, tx.organization_id, customer_id)


def _within(tx: Tx, about: Question, midnights: Sequence[datetime]) -> tuple[object, ...]:
    place = (about.location_id, about.program_id)
    return (tx.organization_id, list(midnights), midnights[0], midnights[-1], *place)
