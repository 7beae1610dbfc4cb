"""Every SQL text of rewards; the tenant always. What is read of issued rewards is as of the instant ``$2``."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeAlias
from uuid import UUID

from sqlalchemy import func, select

from passerelle.kit.db import Tx
from passerelle.rewards.errors import IssuedRewardNotFound, RewardNotFound
from passerelle.rewards.models import RewardRow
from passerelle.rewards.rules import PERIODS, Period

Spans: TypeAlias = Mapping[Period, tuple[datetime, datetime]]
"""The periods around an instant, each ``[first instant, first instant after it)``."""

_DISTRIBUTED: Final = """
SELECT width_bucket(i.issued_at, $2::timestamptz[]) - 1 AS day, count(*) AS issued,
    count(*) FILTER (WHERE i.state = 'redeemed') AS redeemed
FROM issued_rewards i
WHERE i.organization_id = $1 AND i.issued_at >= $3 AND i.issued_at < $4
    AND i.state NOT IN ('undone', 'cancelled') AND ($5::uuid IS NULL OR i.location_id = $5)
    AND ($6::uuid IS NULL OR i.reward_id IN (
        SELECT r.id FROM rewards r WHERE r.organization_id = $1 AND r.program_id = $6))
GROUP BY 1
"""
_LOW_IN_STOCK: Final = """
SELECT id, name, names, stock FROM rewards WHERE organization_id = $1 AND active AND stock <= $2
ORDER BY stock, id LIMIT $3
"""
_CATALOGUE: Final = """
SELECT (SELECT coalesce(jsonb_agg(to_jsonb(r) ORDER BY r.price NULLS LAST, r.id), '[]') FROM rewards r
        WHERE r.organization_id = $1 AND r.program_id = $2 AND (r.active OR r.ever_issued)) AS rewards,
       (SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]') FROM spending_terms t
        WHERE t.organization_id = $1 AND t.program_id = $2) AS terms
"""
# The one place that says what time alone does to an issued reward; the job books it afterwards.
_STATE: Final = """
CASE WHEN i.state IN ('issued', 'held') AND i.expires_at <= $2 THEN 'expired'
     WHEN i.state = 'held' AND i.held_until <= $2 THEN 'issued' ELSE i.state END
"""
_OPEN: Final = "i.state IN ('issued', 'held') AND (i.expires_at IS NULL OR i.expires_at > $2)"
# Each period of the instant ``$2`` is ``[$5, $6)``: what a till tells late is counted where it happened.
_WITHIN: Final[dict[Period, str]] = {
    period: f">= ($5::timestamptz[])[{number}] AND {{0}} < ($6::timestamptz[])[{number}]"
    for number, period in enumerate(PERIODS, start=1)
}
_COUNTS: Final = ", ".join(
    f'count(*) FILTER (WHERE i.issued_at {within.format("i.issued_at")}) AS "{period}"'
    for period, within in _WITHIN.items()
)
_SUMS: Final = ", ".join(
    f'coalesce(sum(s.units) FILTER (WHERE s.spent_at {within.format("s.spent_at")}), 0)::bigint AS "{period}"'
    for period, within in _WITHIN.items()
)
# Gifts are nobody's turn; what was undone, cancelled or has lapsed gives the turn back.
_COUNTED: Final = f"i.transfer_id IS NOT NULL AND (i.state = 'redeemed' OR {_OPEN})"
_LIMITS: Final = f"""
SELECT r.id, r.stock, t.* FROM rewards r, LATERAL (
    SELECT count(*) AS total, {_COUNTS} FROM issued_rewards i
    WHERE i.organization_id = $1 AND i.membership_id = $3 AND i.reward_id = r.id AND {_COUNTED}) t
WHERE r.organization_id = $1 AND r.id = ANY($4)
"""
_SPENT: Final = f"""
SELECT s.unit_id, {_SUMS} FROM (
    SELECT i.unit_id, i.price AS units, i.issued_at AS spent_at FROM issued_rewards i
    WHERE i.organization_id = $1 AND i.membership_id = $3 AND i.unit_id = ANY($4) AND {_COUNTED}
    UNION ALL
    SELECT p.unit_id, p.units, p.made_at FROM payments p
    WHERE p.organization_id = $1 AND p.membership_id = $3 AND p.unit_id = ANY($4) AND p.state = 'made') s
GROUP BY s.unit_id
"""
TAKE_FROM_STOCK: Final = """
UPDATE rewards SET stock = stock - 1 WHERE organization_id = $1 AND id = $2 AND stock > 0 RETURNING stock
"""
PUT_BACK_IN_STOCK: Final = """
UPDATE rewards SET stock = stock + 1 WHERE organization_id = $1 AND id = $2 AND stock IS NOT NULL
"""
MARK_EVER_ISSUED: Final = "UPDATE rewards SET ever_issued = true WHERE organization_id = $1 AND id = $2"
FOLLOW_GOAL: Final = """
UPDATE rewards SET price = $4 WHERE organization_id = $1 AND program_id = $2 AND price = $3 RETURNING id
"""
_KEPT: Final = """id, reward_id, membership_id, customer_id, price, unit_id, source, reference, transfer_id, state,
    reason, actor, issued_at, expires_at, redeemed_at, redeemed_by, location_id, discount_minor, fulfilment"""
KEPT: Final = tuple(_KEPT.replace("\n", "").replace(" ", "").split(","))
KEEP: Final = f"""
INSERT INTO issued_rewards (organization_id, {_KEPT}, fulfilment_steps)
VALUES ($1, {", ".join(f"${position}" for position in range(2, len(KEPT) + 2))}, ${len(KEPT) + 2}::jsonb)
"""
_ISSUED: Final = f"""i.id, i.reward_id, r.name, r.names, r.benefit, i.membership_id, i.customer_id, i.price,
       i.unit_id, i.source, i.reference, i.transfer_id, {_STATE} AS state, i.reason, i.actor, i.issued_at,
       i.expires_at, CASE WHEN i.held_until > $2 THEN i.held_until END AS held_until, i.redeemed_at, i.redeemed_by,
       i.location_id, i.discount_minor, i.undone_at, i.ended_at, i.ended_by, i.ended_reason, i.fulfilment, i.tracking,
       i.fulfilment_steps"""
_JOINED: Final = """issued_rewards i
JOIN rewards r ON r.organization_id = i.organization_id AND r.id = i.reward_id
WHERE i.organization_id = $1"""
_GET_ISSUED: Final = f"SELECT {_ISSUED} FROM {_JOINED} AND i.id = $3"
_BY_REFERENCE: Final = f"SELECT {_ISSUED} FROM {_JOINED} AND i.reference = $3"
_BY_HOLD: Final = f"SELECT {_ISSUED} FROM {_JOINED} AND i.hold_digest = $3"
_OPEN_OF_MEMBER: Final = f"""
SELECT {_ISSUED} FROM {_JOINED} AND i.membership_id = $3 AND {_OPEN}
ORDER BY i.expires_at NULLS LAST, i.id LIMIT 200
"""
_WAS_REDEEMED: Final = """
SELECT EXISTS (SELECT 1 FROM issued_rewards
               WHERE organization_id = $1 AND membership_id = $2 AND state = 'redeemed'
                 AND (reference = $3 OR starts_with(reference, $3 || ':')))
"""
_OPEN_AUTOMATIC: Final = f"""
SELECT {_ISSUED} FROM {_JOINED} AND i.membership_id = $3 AND i.unit_id = $4 AND i.source = 'automatic' AND {_OPEN}
ORDER BY i.id DESC LIMIT 200
"""
_PAGE: Final = f"""
SELECT {_ISSUED} FROM {_JOINED} AND i.id < $3
  AND ($4::uuid IS NULL OR i.customer_id = $4) AND ($5::uuid IS NULL OR i.membership_id = $5)
  AND ($6::text IS NULL OR {_STATE} = $6) AND ($7::text IS NULL OR i.fulfilment = $7)
ORDER BY i.id DESC LIMIT $8
"""
_SET: Final = """UPDATE issued_rewards i SET {changes} FROM rewards r
WHERE i.organization_id = $1 AND i.id = $3 AND r.organization_id = i.organization_id AND r.id = i.reward_id
  AND {condition} RETURNING """
HOLD: Final = (
    _SET.format(
        changes="state = 'held', held_until = least(coalesce(i.expires_at, $4), $4), hold_digest = $5",
        condition=_OPEN,
    )
    + _ISSUED
)
REDEEM: Final = (
    _SET.format(
        changes="""state = 'redeemed', held_until = NULL, redeemed_at = $2, redeemed_by = $4, location_id = $5,
    discount_minor = $6, fulfilment = $7, fulfilment_steps = i.fulfilment_steps || $8::jsonb""",
        condition=f"{_OPEN} AND ($9::bytea IS NULL OR i.hold_digest = $9 AND i.held_until > $2)",
    )
    + _ISSUED
)
CANCEL: Final = (
    _SET.format(
        changes="state = 'cancelled', held_until = NULL, ended_at = $2, ended_by = $4, ended_reason = $5",
        condition=_OPEN,
    )
    + _ISSUED
)
EXPIRE: Final = (
    _SET.format(
        changes="state = 'expired', held_until = NULL, ended_at = $2, ended_by = $4",
        condition="i.state IN ('issued', 'held') AND i.expires_at <= $2",
    )
    + _ISSUED
)
# A gift has no price to give back: it can be redeemed again.
UNDO: Final = (
    _SET.format(
        changes="""state = 'undone', undone_at = $2,
    fulfilment_steps = CASE WHEN i.fulfilment IS NULL THEN '[]' ELSE i.fulfilment_steps || $4::jsonb END,
    fulfilment = CASE WHEN i.fulfilment IN ('shipped', 'handed_over', 'returned') THEN 'returned'
                      WHEN i.fulfilment IS NOT NULL THEN 'cancelled' END""",
        condition="i.state = 'redeemed' AND i.transfer_id IS NOT NULL",
    )
    + _ISSUED
)
TAKE_GIFT_BACK: Final = (
    _SET.format(
        changes="""state = 'issued', redeemed_at = NULL, redeemed_by = NULL, location_id = NULL,
    discount_minor = NULL, fulfilment = NULL,
    fulfilment_steps = CASE WHEN i.fulfilment IS NULL THEN '[]' ELSE i.fulfilment_steps || $4::jsonb END""",
        condition="i.state = 'redeemed' AND i.transfer_id IS NULL",
    )
    + _ISSUED
)
FULFIL: Final = (
    _SET.format(
        changes="""fulfilment = $5, tracking = coalesce($6, i.tracking),
    fulfilment_steps = i.fulfilment_steps || $7::jsonb""",
        condition="i.state = 'redeemed' AND i.fulfilment = $4",
    )
    + _ISSUED
)
_EXPIRED: Final = """
SELECT id FROM issued_rewards WHERE organization_id = $1 AND state IN ('issued', 'held') AND expires_at <= $2
ORDER BY expires_at LIMIT $3
"""
END_HOLDS: Final = """
UPDATE issued_rewards SET state = 'issued', held_until = NULL
WHERE organization_id = $1 AND state = 'held' AND held_until <= $2 AND (expires_at IS NULL OR expires_at > $2)
"""

MERGE: Final = "UPDATE issued_rewards SET customer_id = $2 WHERE organization_id = $1 AND customer_id = $3"
FORGET: Final = """
UPDATE issued_rewards SET reason = NULL, ended_reason = NULL, tracking = NULL
WHERE organization_id = $1 AND customer_id = $2 AND num_nonnulls(reason, ended_reason, tracking) > 0
"""
_PAID_BY: Final = """
SELECT id FROM issued_rewards
WHERE organization_id = $1 AND membership_id = $2 AND transfer_id = $3 AND state = 'redeemed'
"""


async def get_catalogue(tx: Tx, program_id: UUID) -> Any:
    """The rewards of a program that are offered or were ever issued, cheapest first, and its terms of spending."""
    return await tx.fetchrow(_CATALOGUE, tx.organization_id, program_id)


async def limits_of(
    tx: Tx, at: datetime, membership_id: UUID, reward_ids: Sequence[UUID], spans: Spans
) -> dict[UUID, Any]:
    """By reward: the stock left, and how often this member took it in ``total`` and in each period."""
    rows = await tx.fetch(_LIMITS, tx.organization_id, at, membership_id, list(reward_ids), *_bounds(spans))
    return {row["id"]: row for row in rows}


async def spent_of(
    tx: Tx, at: datetime, membership_id: UUID, unit_ids: Sequence[UUID], spans: Spans
) -> dict[UUID, Any]:
    """By unit: how many this member spent on rewards and payments in each period."""
    rows = await tx.fetch(_SPENT, tx.organization_id, at, membership_id, list(unit_ids), *_bounds(spans))
    return {row["unit_id"]: row for row in rows}


def _bounds(spans: Spans) -> tuple[list[datetime], list[datetime]]:
    return [spans[period][0] for period in PERIODS], [spans[period][1] for period in PERIODS]


async def find_paid_by(tx: Tx, membership_id: UUID, transfer_id: UUID) -> UUID | None:
    """The redeemed reward that a transfer paid for."""
    found: UUID | None = await tx.fetchval(_PAID_BY, tx.organization_id, membership_id, transfer_id)
    return found


async def get_issued_reward(tx: Tx, now: datetime, issued_reward_id: UUID) -> Any:
    row = await tx.fetchrow(_GET_ISSUED, tx.organization_id, now, issued_reward_id)
    if row is None:
        raise IssuedRewardNotFound
    return row


async def find_issued_reward_by_reference(tx: Tx, now: datetime, reference: str) -> Any:
    return await tx.fetchrow(_BY_REFERENCE, tx.organization_id, now, reference)


async def find_issued_reward_by_hold(tx: Tx, now: datetime, hold_digest: bytes) -> Any:
    """The reward that was last held under a code, whatever became of it."""
    return await tx.fetchrow(_BY_HOLD, tx.organization_id, now, hold_digest)


async def open_issued_rewards(tx: Tx, now: datetime, membership_id: UUID) -> Sequence[Any]:
    """What a member may redeem now, soonest to lapse first."""
    return await tx.fetch(_OPEN_OF_MEMBER, tx.organization_id, now, membership_id)


async def was_redeemed(tx: Tx, membership_id: UUID, reference: str) -> bool:
    """Whether what was issued under a reference, or under one that goes on after it with a colon, was redeemed."""
    return bool(await tx.fetchval(_WAS_REDEEMED, tx.organization_id, membership_id, reference))


async def open_automatic(tx: Tx, now: datetime, membership_id: UUID, unit_id: UUID) -> Sequence[Any]:
    """What was issued to a member by itself for units of a kind and is not redeemed, the last issued first."""
    return await tx.fetch(_OPEN_AUTOMATIC, tx.organization_id, now, membership_id, unit_id)


async def list_issued_rewards(
    tx: Tx,
    now: datetime,
    before: UUID,
    limit: int,
    *,
    customer_id: UUID | None,
    membership_id: UUID | None,
    state: str | None,
    fulfilment: str | None,
) -> Sequence[Any]:
    wanted = (customer_id, membership_id, state, fulfilment)
    return await tx.fetch(_PAGE, tx.organization_id, now, before, *wanted, limit)


async def list_expired(tx: Tx, now: datetime, limit: int) -> list[UUID]:
    """Issued rewards whose time is over and which the books still show as open."""
    return [row["id"] for row in await tx.fetch(_EXPIRED, tx.organization_id, now, limit)]


async def get_reward(tx: Tx, reward_id: UUID, *, for_update: bool = False) -> RewardRow:
    query = select(RewardRow).where(RewardRow.organization_id == tx.organization_id, RewardRow.id == reward_id)
    if for_update:
        query = query.with_for_update()
    reward = (await tx.session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()
    if reward is None:
        raise RewardNotFound
    return reward


async def list_rewards(tx: Tx, program_id: UUID | None, before: UUID, limit: int) -> Sequence[RewardRow]:
    query = select(RewardRow).where(RewardRow.organization_id == tx.organization_id, RewardRow.id < before)
    if program_id is not None:
        query = query.where(RewardRow.program_id == program_id)
    return (await tx.session.execute(query.order_by(RewardRow.id.desc()).limit(limit))).scalars().all()


async def count_active(tx: Tx, program_id: UUID) -> int:
    query = select(func.count()).where(
        RewardRow.organization_id == tx.organization_id, RewardRow.program_id == program_id, RewardRow.active
    )
    return (await tx.session.execute(query)).scalar_one()


async def distributed(
    tx: Tx, midnights: Sequence[datetime], location_id: UUID | None, program_id: UUID | None
) -> Sequence[Any]:
    place = (midnights[0], midnights[-1], location_id, program_id)
    return await tx.fetch(_DISTRIBUTED, tx.organization_id, list(midnights), *place)


async def low_in_stock(tx: Tx, at_most: int, limit: int) -> Sequence[Any]:
    return await tx.fetch(_LOW_IN_STOCK, tx.organization_id, at_most, limit)
