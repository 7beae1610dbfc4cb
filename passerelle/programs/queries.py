"""Every SQL text of programs but that of budgets (budget_queries.py); the tenant always."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from passerelle.kit.db import Tx
from passerelle.programs.earning_rules import Figure
from passerelle.programs.errors import MembershipNotFound, ProgramNotFound
from passerelle.programs.models import EarningRuleRow, ProgramRow, UnitRow
from passerelle.programs.periods import PERIODS, Period
from passerelle.programs.plan import Reach
from passerelle.programs.values import LockedSeat, Seat

_MEMBERSHIP: Final = (
    "m.id, m.program_id, m.customer_id, m.state, m.source, m.location_id, m.joined_at, m.tier_ids, m.household_id,"
    " m.valid_from, m.valid_until"
)
_SEATS: Final = f"""
SELECT {_MEMBERSHIP}, p.version FROM memberships m
JOIN programs p ON p.organization_id = m.organization_id AND p.id = m.program_id
WHERE m.organization_id = $1
"""
_SEATS_BY_ID: Final = f"{_SEATS} AND m.id = ANY($2) ORDER BY m.id"
_SEATS_OF_CUSTOMER: Final = f"{_SEATS} AND m.customer_id = $2 AND m.state <> 'ended' ORDER BY m.id"
# The lock makes two tills count one after the other; what they then read of past accruals is complete.
_TOLD: Final = "EXISTS (SELECT 1 FROM accruals a WHERE a.organization_id = $1 AND a.reference = $3) AS told"
_LOCK: Final = "FOR NO KEY UPDATE OF m"
_SEATS_OF_CUSTOMER_FOR_UPDATE: Final = f"{_SEATS_OF_CUSTOMER} {_LOCK}".replace("p.version", f"p.version, {_TOLD}")
_SEATS_OF_CUSTOMERS_FOR_UPDATE: Final = (
    f"{_SEATS} AND m.customer_id = ANY($2::uuid[]) AND m.state <> 'ended' ORDER BY m.id {_LOCK}"
)
_SEAT_FOR_UPDATE: Final = f"{_SEATS_BY_ID} {_LOCK}".replace("p.version", f"p.version, {_TOLD}")
_PROGRAMS: Final = """
SELECT p.id, p.version, p.name, p.names, p.kind, p.currency, p.time_zone, p.state, p.goal, p.starts_at, p.ends_at,
       p.template_id, p.settings, p.created_at,
       (SELECT coalesce(jsonb_agg(to_jsonb(u) ORDER BY u.position, u.id), '[]') FROM units u
        WHERE u.organization_id = p.organization_id AND u.program_id = p.id) AS units,
       (SELECT coalesce(jsonb_agg(to_jsonb(r) ORDER BY r.position, r.id), '[]') FROM earning_rules r
        WHERE r.organization_id = p.organization_id AND r.program_id = p.id AND r.retired_at IS NULL) AS rules,
       (SELECT coalesce(jsonb_agg(to_jsonb(o) ORDER BY o.id), '[]') FROM promotions o
        WHERE o.organization_id = p.organization_id AND o.program_id = p.id AND o.state = 'active') AS promotions,
       (SELECT coalesce(jsonb_object_agg(t.id, t.timing), '{}') FROM tiers t
        JOIN tier_sets s ON s.organization_id = t.organization_id AND s.id = t.tier_set_id
        WHERE t.organization_id = p.organization_id AND s.program_id = p.id AND s.retired_at IS NULL
          AND t.retired_at IS NULL AND t.timing IS NOT NULL) AS tier_timings
FROM programs p WHERE p.organization_id = $1
"""
_PROGRAMS_BY_ID: Final = f"{_PROGRAMS} AND p.id = ANY($2)"
_PROGRAMS_PAGE: Final = f"{_PROGRAMS} AND p.id < $2 ORDER BY p.id DESC LIMIT $3"
# One row of figures for each rule (or bonus) of a membership. What was recorded at $5 or later is left out: nothing,
# unless the past is being tried again. $6 onwards are the bounds of the periods that are asked for.
_HISTORY: Final = """
SELECT a.membership_id, a.rule_id, a.unit_id, NULL::uuid AS promotion_id, NULL::bigint AS uses,
       max(a.occurred_at) FILTER (WHERE a.occurred_at <= {instant}) AS before,
       min(a.occurred_at) FILTER (WHERE a.occurred_at > {instant}) AS after{figures}
FROM {accruals} a.undone_at IS NULL AND a.id < $5 AND (a.rule_id IS NOT NULL OR a.promotion_id IS NOT NULL)
GROUP BY a.membership_id, a.rule_id, a.unit_id
"""
_UNITS: Final = "(sum(a.amount - a.undone_amount) FILTER (WHERE {within}))::bigint AS units_{period}"
_TIMES: Final = "count(*) FILTER (WHERE {within}) AS times_{period}"
_USES: Final = """
UNION ALL
SELECT u.membership_id, NULL, NULL, u.promotion_id, count(*), NULL, NULL{nulls} FROM promotion_uses u
WHERE u.organization_id = $1 AND u.membership_id = {whose} AND u.promotion_id = ANY({promotions}) AND u.id < $5
  AND u.undone_at IS NULL
GROUP BY u.membership_id, u.promotion_id
"""
_ACCRUALS_OF: Final = """
SELECT membership_id, rule_id, promotion_id, unit_id, amount, reasons, transfer_id FROM accruals
WHERE organization_id = $1 AND reference = $2 AND undone_at IS NULL ORDER BY id
"""
_MEMBERS: Final = f"""
SELECT {_MEMBERSHIP} FROM memberships m WHERE m.organization_id = $1 AND m.program_id = $2 AND m.id < $3
ORDER BY m.id DESC LIMIT $4
"""
_ENDING: Final = f"""
SELECT {_MEMBERSHIP} FROM memberships m
WHERE m.organization_id = $1 AND m.program_id = $2 AND m.id < $3
  AND m.valid_until >= $5 AND m.valid_until < $6 AND m.valid_from < m.valid_until AND m.state <> 'ended'
ORDER BY m.id DESC LIMIT $4
"""
_MEMBER: Final = f"SELECT {_MEMBERSHIP} FROM memberships m WHERE m.organization_id = $1 AND m.id = $2"
_MEMBERS_AMONG: Final = """
SELECT customer_id FROM memberships WHERE organization_id = $1 AND program_id = $2 AND customer_id = ANY($3)
"""
_MEMBERSHIPS_OF: Final = f"""
SELECT {_MEMBERSHIP} FROM memberships m WHERE m.organization_id = $1 AND m.customer_id = $2 ORDER BY m.id
"""
# One statement for somebody new or somebody known; only a race with another enrolment needs MEMBERSHIP_IN.
ENROLL: Final = """
WITH made AS (
    INSERT INTO memberships (organization_id, id, program_id, customer_id, source, location_id, joined_at)
    SELECT p.organization_id, $4, p.id, $3, $5, $6, $7 FROM programs p
    WHERE p.organization_id = $1 AND p.id = $2 AND p.state = 'active'
      AND (p.starts_at IS NULL OR p.starts_at <= $7) AND (p.ends_at IS NULL OR $7 < p.ends_at)
    ON CONFLICT (organization_id, program_id, customer_id) DO NOTHING RETURNING id
)
SELECT p.name, p.state AS program_state, p.version, p.time_zone, p.settings->'term' AS term, made.id AS made_id,
       m.id, m.state
FROM programs p
LEFT JOIN made ON true
LEFT JOIN memberships m ON m.organization_id = p.organization_id AND m.program_id = p.id AND m.customer_id = $3
WHERE p.organization_id = $1 AND p.id = $2
"""
_MEMBERSHIP_IN: Final = """
SELECT id, state FROM memberships WHERE organization_id = $1 AND program_id = $2 AND customer_id = $3
"""
CHANGE_MEMBERSHIP: Final = f"""
UPDATE memberships m SET state = $3 WHERE m.organization_id = $1 AND m.id = $2 AND m.state <> $3
RETURNING {_MEMBERSHIP}
"""
_MEMBERSHIPS_FOR_UPDATE: Final = f"{_SEATS} AND m.customer_id = ANY($2) ORDER BY m.id {_LOCK}"
_MEMBERSHIPS_AMONG: Final = f"""
SELECT {_MEMBERSHIP} FROM memberships m WHERE m.organization_id = $1 AND m.customer_id = ANY($2) ORDER BY m.id
"""
MOVE_EVENTS: Final = "UPDATE custom_events SET customer_id = $2 WHERE organization_id = $1 AND customer_id = $3"
MOVE_MEMBERSHIPS: Final = """
UPDATE memberships SET customer_id = $2 WHERE organization_id = $1 AND customer_id = $3 AND NOT id = ANY($4)
"""
_LAST_VISITS: Final = """
SELECT m.customer_id, max(a.occurred_at) AS visited_at FROM memberships m
JOIN LATERAL (
    SELECT occurred_at FROM accruals
    WHERE organization_id = $1 AND membership_id = m.id AND reference LIKE 'scan:%' AND undone_at IS NULL
    ORDER BY occurred_at DESC LIMIT 1
) a ON true
WHERE m.organization_id = $1 AND m.customer_id = ANY($2) GROUP BY m.customer_id
"""
_ACCRUALS_PAGE: Final = """
SELECT a.id, a.membership_id, a.rule_id, a.promotion_id, a.unit_id, a.amount, a.reasons, a.reference, a.occurred_at,
       a.undone_at, a.undone_amount
FROM accruals a
JOIN memberships m ON m.organization_id = a.organization_id AND m.id = a.membership_id
WHERE a.organization_id = $1 AND m.customer_id = $2 AND a.id < $3 ORDER BY a.id DESC LIMIT $4
"""
KEEP_ACCRUALS: Final = """
INSERT INTO accruals (organization_id, id, membership_id, rule_id, promotion_id, unit_id, amount, reasons, reference,
                      transfer_id, location_id, occurred_at)
SELECT $1, given.*
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::bigint[], $8::jsonb[], $9::text[],
            $10::uuid[], $11::uuid[], $12::timestamptz[]) AS given
"""
_PROMOTIONS_BY_ID: Final = """
SELECT o.* FROM promotions o WHERE o.organization_id = $1 AND o.program_id = $2 AND o.id = ANY($3)
"""
RECORD_EVENT: Final = """
INSERT INTO custom_events (organization_id, id, name, reference, customer_id, membership_id, attributes, location_id,
                           actor, occurred_at, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (organization_id, reference) DO NOTHING RETURNING id
"""
_EVENT: Final = """
SELECT id, name, customer_id, membership_id, attributes, occurred_at, recorded_at FROM custom_events
WHERE organization_id = $1 AND reference = $2
"""
_EVENTS_OF: Final = """
SELECT id, name, reference, membership_id, attributes, location_id, occurred_at FROM custom_events
WHERE organization_id = $1 AND customer_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4
"""
FORGET_EVENTS: Final = """
UPDATE custom_events SET attributes = '{}', reference = id::text WHERE organization_id = $1 AND customer_id = $2
"""
_SHARERS: Final = """
SELECT h.household_id, h.membership_id, h.role, h.joined_at, m.state FROM household_members h
JOIN memberships m ON m.organization_id = h.organization_id AND m.id = h.membership_id
WHERE h.organization_id = $1 AND h.household_id = ANY($2) AND h.left_at IS NULL ORDER BY h.membership_id
"""
_TIERS: Final = """
SELECT t.id FROM tier_sets s JOIN tiers t ON t.organization_id = s.organization_id AND t.tier_set_id = s.id
WHERE s.organization_id = $1 AND s.program_id = $2 AND s.retired_at IS NULL AND t.retired_at IS NULL
"""
_COVERED: Final = """
SELECT DISTINCT t.membership_id FROM membership_terms t
JOIN unnest($2::uuid[], $3::timestamptz[]) AS asked (membership_id, instant) ON asked.membership_id = t.membership_id
WHERE t.organization_id = $1 AND t.voided_at IS NULL AND NOT t.set_aside
  AND t.starts_at <= asked.instant AND asked.instant < t.ends_at
"""
TOUCH: Final = "UPDATE programs SET version = $3 WHERE organization_id = $1 AND id = $2 RETURNING id"
_PROGRAM_IDS: Final = "SELECT id FROM programs WHERE organization_id = $1 ORDER BY id"
_PROGRAMS_OF_CUSTOMERS: Final = """
SELECT customer_id, array_agg(program_id ORDER BY program_id) AS program_ids FROM memberships
WHERE organization_id = $1 AND customer_id = ANY($2::uuid[]) GROUP BY customer_id
"""


async def seats_by_id(tx: Tx, membership_ids: Sequence[UUID]) -> Sequence[Any]:
    """Memberships with the version of their program; those that are not there are left out."""
    return await tx.fetch(_SEATS_BY_ID, tx.organization_id, list(membership_ids))


async def seats_of_customer(tx: Tx, customer_id: UUID) -> Sequence[Any]:
    """A customer's memberships that have not ended, with the version of their program."""
    return await tx.fetch(_SEATS_OF_CUSTOMER, tx.organization_id, customer_id)


async def seats_of_customer_for_update(tx: Tx, customer_id: UUID, reference: str) -> Sequence[Any]:
    """The same, locked in the order of ids; ``told`` when something was given under the reference before."""
    rows = await tx.fetch(_SEATS_OF_CUSTOMER_FOR_UPDATE, tx.organization_id, customer_id, reference)
    tx.locked[customer_id] = tuple(row["id"] for row in rows)
    _note_locked(tx, rows)
    return rows


async def seats_of_customers_for_update(tx: Tx, customer_ids: Collection[UUID]) -> Sequence[Any]:
    """The same for many, for something that was not told before."""
    rows = await tx.fetch(_SEATS_OF_CUSTOMERS_FOR_UPDATE, tx.organization_id, list(customer_ids))
    for customer_id in customer_ids:
        tx.locked[customer_id] = tuple(row["id"] for row in rows if row["customer_id"] == customer_id)
    _note_locked(tx, rows)
    return rows


async def seat_for_update(tx: Tx, membership_id: UUID, reference: str) -> Any:
    """One membership, locked, with ``told``; raises MembershipNotFound."""
    rows = await tx.fetch(_SEAT_FOR_UPDATE, tx.organization_id, [membership_id], reference)
    if not rows:
        raise MembershipNotFound
    _note_locked(tx, rows)
    return rows[0]


async def seats_for_update(tx: Tx, membership_ids: Sequence[UUID]) -> Sequence[Any]:
    """Several memberships, locked in the order of ids; those that are not there are left out."""
    rows = await tx.fetch(_SEAT_FOR_UPDATE, tx.organization_id, list(membership_ids), "")
    _note_locked(tx, rows)
    return rows


async def sharers_of(tx: Tx, household_ids: Sequence[UUID]) -> Sequence[Any]:
    """Present members of households, in the order of ids."""
    return await tx.fetch(_SHARERS, tx.organization_id, list(household_ids))


async def tier_ids_of(tx: Tx, program_id: UUID) -> frozenset[UUID]:
    """The tiers that a program has now, of all its sets."""
    return frozenset(row["id"] for row in await tx.fetch(_TIERS, tx.organization_id, program_id))


async def list_program_ids(tx: Tx) -> list[UUID]:
    """Of all programs, in order."""
    return [row["id"] for row in await tx.fetch(_PROGRAM_IDS, tx.organization_id)]


async def programs_by_id(tx: Tx, program_ids: Sequence[UUID]) -> Sequence[Any]:
    """Whole programs: each with its units and its rules that are not retired."""
    return await tx.fetch(_PROGRAMS_BY_ID, tx.organization_id, list(program_ids))


async def list_programs(tx: Tx, before: UUID, limit: int) -> Sequence[Any]:
    return await tx.fetch(_PROGRAMS_PAGE, tx.organization_id, before, limit)


async def history(
    tx: Tx, figures: Sequence[Figure], reaches: Sequence[Reach], recorded_before: UUID
) -> Sequence[Any]:
    """What rules and bonuses gave memberships, by rule, less what was taken back, in one statement.

    For promotions that are limited, also how often they gave something.
    """
    limited = [promotion_id for reach in reaches for promotion_id in reach.limited]
    sql, periods = _history_sql(tuple(figures), alone=len(reaches) == 1, limited=bool(limited))
    columns: list[Any] = [
        [reach.membership_id for reach in reaches],
        [reach.instant for reach in reaches],
        [reach.since for reach in reaches],
    ]
    for period in periods:
        spans = [reach.spans.get(period, (None, None)) for reach in reaches]
        columns += [[start for start, _ in spans], [end for _, end in spans]]
    if len(reaches) == 1:
        columns = [value for [value] in columns]
    whose, instant, since, *bounds = columns
    asked = [limited] if limited else []
    return await tx.fetch(sql, tx.organization_id, whose, instant, since, recorded_before, *bounds, *asked)


@lru_cache(maxsize=256)
def _history_sql(figures: tuple[Figure, ...], *, alone: bool, limited: bool) -> tuple[str, list[Period]]:
    """The statement for these figures, of one membership or of several; and the periods whose bounds it takes."""
    periods: list[Period] = [
        period for period in PERIODS if period != "ever" and any(period == asked for _, asked in figures)
    ]
    places = [f"${6 + place}" for place in range(2 * len(periods))]
    if alone:
        bounds = places
        accruals = "accruals a WHERE a.organization_id = $1 AND a.membership_id = $2 AND a.occurred_at >= $4 AND"
    else:
        bounds = [f"k.bound_{place}" for place in range(len(places))]
        arrays = [f"{place}::timestamptz[]" for place in ("$3", "$4", *places)]
        given = ", ".join(["$2::uuid[]", *arrays])
        names = ", ".join(["membership_id", "instant", "since", *(f"bound_{place}" for place in range(len(places)))])
        accruals = (
            f"(SELECT * FROM unnest({given}) AS k({names}) LIMIT (SELECT NULL::bigint)) AS k JOIN accruals a"
            " ON a.organization_id = $1 AND a.membership_id = k.membership_id AND a.occurred_at >= k.since WHERE"
        )
    within = {"ever": "true"} | {
        period: f"a.occurred_at >= {start} AND a.occurred_at < {end}"
        for period, start, end in zip(periods, bounds[::2], bounds[1::2], strict=True)
    }
    columns = "".join(
        ",\n       " + (_UNITS if what == "units" else _TIMES).format(within=within[period], period=period)
        for what, period in figures
    )
    sql = _HISTORY.format(figures=columns, accruals=accruals, instant="$3" if alone else "k.instant")
    if limited:
        whose, promotions = "$2" if alone else "ANY($2)", f"${6 + len(places)}"
        sql += _USES.format(nulls=", NULL" * len(figures), whose=whose, promotions=promotions)
    return sql, periods


async def accruals_of(tx: Tx, reference: str) -> Sequence[Any]:
    return await tx.fetch(_ACCRUALS_OF, tx.organization_id, reference)


async def list_accruals(tx: Tx, customer_id: UUID, before: UUID, limit: int) -> Sequence[Any]:
    """All that rules and cashiers gave a customer, newest first, undone ones, too."""
    return await tx.fetch(_ACCRUALS_PAGE, tx.organization_id, customer_id, before, limit)


async def promotions_by_id(tx: Tx, program_id: UUID, promotion_ids: Sequence[UUID]) -> Sequence[Any]:
    """Promotions of one program in every state; those of others are left out."""
    return await tx.fetch(_PROMOTIONS_BY_ID, tx.organization_id, program_id, list(promotion_ids))


async def get_event(tx: Tx, reference: str) -> Any:
    """The custom event that took this reference first; only asked when there is one."""
    return await tx.fetchrow(_EVENT, tx.organization_id, reference)


async def list_events(tx: Tx, customer_id: UUID, before: UUID, limit: int) -> Sequence[Any]:
    """Custom events of a customer, newest first."""
    return await tx.fetch(_EVENTS_OF, tx.organization_id, customer_id, before, limit)


async def get_membership(tx: Tx, membership_id: UUID) -> Any:
    row = await tx.fetchrow(_MEMBER, tx.organization_id, membership_id)
    if row is None:
        raise MembershipNotFound
    return row


async def membership_in(tx: Tx, program_id: UUID, customer_id: UUID) -> Any:
    """Id and state of the membership that is known to be there."""
    return await tx.fetchrow(_MEMBERSHIP_IN, tx.organization_id, program_id, customer_id)


async def list_members(tx: Tx, program_id: UUID, before: UUID, limit: int) -> Sequence[Any]:
    return await tx.fetch(_MEMBERS, tx.organization_id, program_id, before, limit)


async def covered_then(tx: Tx, asked: Collection[tuple[Seat, datetime]]) -> set[UUID]:
    """Which memberships had a term at an instant before the span that their row keeps.

    For what is told late; without a statement when nothing is.
    """
    late = [
        (seat.membership.id, instant)
        for seat, instant in asked
        if seat.membership.valid_from is not None and instant < seat.membership.valid_from
    ]
    if not late:
        return set()
    ids, instants = zip(*late, strict=True)
    rows = await tx.fetch(_COVERED, tx.organization_id, list(ids), list(instants))
    return {row["membership_id"] for row in rows}


async def list_ending(
    tx: Tx, program_id: UUID, before: UUID, limit: int, span: tuple[datetime, datetime]
) -> Sequence[Any]:
    """Members whose term ends in a half-open span."""
    return await tx.fetch(_ENDING, tx.organization_id, program_id, before, limit, *span)


async def members_among(tx: Tx, program_id: UUID, customer_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these customers are members of a program, or were."""
    rows = await tx.fetch(_MEMBERS_AMONG, tx.organization_id, program_id, list(customer_ids))
    return {row["customer_id"] for row in rows}


async def memberships_of(tx: Tx, customer_id: UUID) -> Sequence[Any]:
    return await tx.fetch(_MEMBERSHIPS_OF, tx.organization_id, customer_id)


async def programs_of_customers(tx: Tx, customer_ids: Sequence[UUID]) -> Sequence[Any]:
    return await tx.fetch(_PROGRAMS_OF_CUSTOMERS, tx.organization_id, list(customer_ids))


async def memberships_for_update(tx: Tx, customer_ids: Sequence[UUID]) -> Sequence[Any]:
    """Memberships of these customers in every state, locked in the order of ids, with the programs' versions."""
    return await tx.fetch(_MEMBERSHIPS_FOR_UPDATE, tx.organization_id, list(customer_ids))


async def memberships_among(tx: Tx, customer_ids: Sequence[UUID]) -> Sequence[Any]:
    return await tx.fetch(_MEMBERSHIPS_AMONG, tx.organization_id, list(customer_ids))


async def last_visits(tx: Tx, customer_ids: Sequence[UUID]) -> Sequence[Any]:
    """customer_id, visited_at of those who came for a visit without an amount that was not undone."""
    return await tx.fetch(_LAST_VISITS, tx.organization_id, list(customer_ids))


async def count_programs(tx: Tx) -> int:
    """Programs that have not ended."""
    query = select(func.count()).where(ProgramRow.organization_id == tx.organization_id, ProgramRow.state != "ended")
    return (await tx.session.execute(query)).scalar_one()


async def program_for_update(tx: Tx, program_id: UUID) -> ProgramRow:
    query = (
        select(ProgramRow)
        .where(ProgramRow.organization_id == tx.organization_id, ProgramRow.id == program_id)
        .with_for_update()
    )
    program = (await tx.session.execute(query)).scalar_one_or_none()
    if program is None:
        raise ProgramNotFound
    return program


async def units_of(tx: Tx, program_id: UUID) -> Sequence[UnitRow]:
    query = (
        select(UnitRow)
        .where(UnitRow.organization_id == tx.organization_id, UnitRow.program_id == program_id)
        .order_by(UnitRow.position)
    )
    return (await tx.session.execute(query)).scalars().all()


async def rules_of(tx: Tx, program_id: UUID) -> Sequence[EarningRuleRow]:
    """Rules that are not retired."""
    query = select(EarningRuleRow).where(
        EarningRuleRow.organization_id == tx.organization_id,
        EarningRuleRow.program_id == program_id,
        EarningRuleRow.retired_at.is_(None),
    )
    return (await tx.session.execute(query)).scalars().all()


def _note_locked(tx: Tx, rows: Sequence[Any]) -> None:
    for row in rows:
        tx.locked[row["id"]] = LockedSeat(row["id"], row["program_id"], row["customer_id"], row["version"])
