"""Every SQL text of coupons; the tenant always.

Whoever uses, holds or gives back a coupon takes locks in this order: order reference, customer, coupon, redemption,
counts in the order of their keys, membership, accounts. docs/algorithms/coupons.md says why.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import func, select

from passerelle.kit.db import Tx
from passerelle.rewards.coupons.errors import BatchNotFound, CampaignNotFound
from passerelle.rewards.coupons.models import CouponBatchRow, CouponCampaignRow
from passerelle.rewards.coupons.values import WHOLE_CAMPAIGN, Count, CountKey, GivenSoFar

Lock = Literal["none", "wait", "skip"]

_COUPON: Final = """c.id, c.campaign_id, c.code, c.customer_id, c.state, c.uses, c.starts_at, c.expires_at,
    c.issued_at, c.purchase_id, c.given_on, c.withdrawn_at"""
_CAMPAIGN: Final = """k.name, k.names, k.state AS campaign_state, k.program_id, k.currency, k.time_zone,
    k.starts_at AS campaign_starts_at, k.ends_at AS campaign_ends_at, k.ended_at, k.pattern, k.terms, k.created_at,
    k.template_id, k.after_purchase"""
_JOINED: Final = """coupons c
JOIN coupon_campaigns k ON k.organization_id = c.organization_id AND k.id = c.campaign_id
WHERE c.organization_id = $1"""
_BY_CODE: Final = f"SELECT {_COUPON}, {_CAMPAIGN} FROM {_JOINED} AND c.code_index = $2"
_BY_ID: Final = f"SELECT {_COUPON}, {_CAMPAIGN} FROM {_JOINED} AND c.id = $2"
# A campaign cannot be changed while one of its coupons is being used; any number may be used at once.
_BY_ID_FOR_UPDATE: Final = f"{_BY_ID} FOR UPDATE OF c FOR KEY SHARE OF k"
_BY_IDS: Final = f"SELECT {_COUPON}, {_CAMPAIGN} FROM {_JOINED} AND c.id = ANY($2::uuid[])"
_BY_REFERENCE: Final = f"SELECT {_COUPON}, {_CAMPAIGN} FROM {_JOINED} AND c.campaign_id = $2 AND c.reference = $3"
_OF_CUSTOMER: Final = f"""
SELECT {_COUPON}, {_CAMPAIGN} FROM {_JOINED} AND c.customer_id = $2 AND c.id < $3 ORDER BY c.id DESC LIMIT $4
"""
_OF_CAMPAIGN: Final = f"""
SELECT {_COUPON} FROM coupons c WHERE c.organization_id = $1 AND c.campaign_id = $2 AND c.id < $3
ORDER BY c.id DESC LIMIT $4
"""
# A code may be there already, by chance or because somebody imported it: the index decides, and the rest is made.
MAKE: Final = """
INSERT INTO coupons (organization_id, id, campaign_id, code_index, code, starts_at, expires_at, issued_at)
SELECT $1, made.id, $2, made.code_index, made.code, $6, $7, $8
FROM unnest($3::uuid[], $4::bytea[], $5::bytea[]) AS made (id, code_index, code)
ON CONFLICT (organization_id, code_index) DO NOTHING RETURNING code_index
"""
ISSUE: Final = """
INSERT INTO coupons (organization_id, id, campaign_id, code_index, code, customer_id, reference, starts_at,
                     expires_at, issued_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT DO NOTHING RETURNING id
"""
# The same for purchases of many customers: each with a code of its own, and none twice.
GIVE: Final = """
INSERT INTO coupons (organization_id, id, campaign_id, code_index, code, customer_id, reference, starts_at,
                     expires_at, purchase_id, given_on, issued_at)
SELECT $1, made.*, $12 FROM unnest($2::uuid[], $3::uuid[], $4::bytea[], $5::bytea[], $6::uuid[], $7::text[],
    $8::timestamptz[], $9::timestamptz[], $10::uuid[], $11::date[]) AS made
ON CONFLICT DO NOTHING RETURNING id
"""
# Every campaign that ever gave codes after purchases, for the memory of giving.py.
_GIVING: Final = f"""
SELECT k.id AS campaign_id, {_CAMPAIGN} FROM coupon_campaigns k
WHERE k.organization_id = $1 AND k.after_purchase IS NOT NULL ORDER BY k.id
"""
# What was taken back unused counts as never given.
_GIVEN_SO_FAR: Final = """
SELECT asked.customer_id, asked.campaign_id, count(c.id) AS in_all,
       count(c.id) FILTER (WHERE c.given_on = asked.day) AS on_day,
       count(c.id) FILTER (WHERE c.state = 'active' AND (c.expires_at IS NULL OR c.expires_at > $6)
                           AND (asked.uses_per_code IS NULL OR c.uses < asked.uses_per_code)) AS usable
FROM unnest($2::uuid[], $3::uuid[], $4::date[], $5::bigint[]) AS asked (customer_id, campaign_id, day, uses_per_code)
JOIN coupons c ON c.organization_id = $1 AND c.customer_id = asked.customer_id AND c.campaign_id = asked.campaign_id
WHERE c.purchase_id IS NOT NULL AND NOT (c.state = 'voided' AND c.withdrawn_at IS NOT NULL)
GROUP BY asked.customer_id, asked.campaign_id
"""
_STOCK: Final = """
SELECT id, given FROM coupon_campaigns WHERE organization_id = $1 AND id = ANY($2::uuid[]) ORDER BY id
"""
_STOCK_FOR_UPDATE: Final = f"{_STOCK} FOR NO KEY UPDATE"
TAKE_STOCK: Final = """
UPDATE coupon_campaigns k SET given = k.given + taken.number
FROM unnest($2::uuid[], $3::int[]) AS taken (campaign_id, number)
WHERE k.organization_id = $1 AND k.id = taken.campaign_id
"""
RETURN_STOCK: Final = """
UPDATE coupon_campaigns SET given = greatest(given - 1, 0) WHERE organization_id = $1 AND id = $2
"""
COUNT_GIVEN: Final = """
SELECT count(*) FROM coupons WHERE organization_id = $1 AND campaign_id = $2 AND purchase_id IS NOT NULL
  AND NOT (state = 'voided' AND withdrawn_at IS NOT NULL)
"""
_OF_PURCHASE: Final = f"SELECT {_COUPON}, {_CAMPAIGN} FROM {_JOINED} AND c.purchase_id = $2 ORDER BY c.id"
_OF_PURCHASE_FOR_UPDATE: Final = f"{_OF_PURCHASE} FOR UPDATE OF c"
WITHDRAW: Final = """
UPDATE coupons SET withdrawn_at = $3, state = CASE WHEN uses = 0 THEN 'voided' ELSE state END
WHERE organization_id = $1 AND id = $2
"""
VOID: Final = "UPDATE coupons SET state = 'voided' WHERE organization_id = $1 AND id = $2 AND state <> 'voided'"
VOID_OF_CUSTOMER: Final = """
UPDATE coupons SET state = 'voided' WHERE organization_id = $1 AND customer_id = $2 AND state = 'active'
RETURNING id, campaign_id
"""
EXPIRE: Final = """
UPDATE coupons c SET state = 'expired' FROM coupon_campaigns k
WHERE c.organization_id = $1 AND c.customer_id IS NOT NULL AND c.state = 'active'
  AND k.organization_id = c.organization_id AND k.id = c.campaign_id
  AND (c.expires_at <= $2 OR k.ends_at <= $2 OR k.ended_at <= $2)
  AND (k.terms ->> 'uses_per_code' IS NULL OR c.uses < (k.terms ->> 'uses_per_code')::bigint)
RETURNING c.id, c.campaign_id, c.customer_id
"""
USE: Final = "UPDATE coupons SET uses = uses + 1 WHERE organization_id = $1 AND id = $2"
# A code whose purchase was taken back meanwhile goes with its last use.
UNUSE: Final = """
UPDATE coupons SET uses = uses - 1,
    state = CASE WHEN uses = 1 AND withdrawn_at IS NOT NULL THEN 'voided' ELSE state END
WHERE organization_id = $1 AND id = $2 RETURNING uses = 0 AND withdrawn_at IS NOT NULL
"""
ADD_CODES: Final = """
UPDATE coupon_campaigns SET codes = codes + $3 WHERE organization_id = $1 AND id = $2 RETURNING codes
"""
_REDEMPTION: Final = """r.id, r.campaign_id, r.coupon_id, r.customer_id, r.membership_id, r.reference,
    r.order_reference, r.request_digest, r.state, r.stacking, r.basket_digest, r.basket_minor, r.discount_minor,
    r.spread, r.units, r.currency, r.location_id, r.channel, r.actor, r.counted_at, r.held_until,
    r.redeemed_at, r.undone_at"""
_REDEMPTIONS: Final = f"SELECT {_REDEMPTION} FROM coupon_redemptions r WHERE r.organization_id = $1"
_REDEMPTION_BY_REFERENCE: Final = f"{_REDEMPTIONS} AND r.reference = $2"
_REDEMPTION_BY_ID: Final = f"{_REDEMPTIONS} AND r.id = $2"
_REDEMPTIONS_OF_ORDER: Final = f"""
{_REDEMPTIONS} AND r.order_reference = $2 AND (r.state = 'redeemed' OR (r.state = 'held' AND r.held_until > $3))
"""
_REDEMPTIONS_OF_CUSTOMER: Final = f"{_REDEMPTIONS} AND r.customer_id = $2 AND r.id < $3 ORDER BY r.id DESC LIMIT $4"
_REDEMPTIONS_OF_CAMPAIGN: Final = f"{_REDEMPTIONS} AND r.campaign_id = $2 AND r.id < $3 ORDER BY r.id DESC LIMIT $4"
_REDEMPTIONS_OF_COUPON: Final = f"{_REDEMPTIONS} AND r.coupon_id = $2 ORDER BY r.id DESC LIMIT $3"
_LAPSED: Final = f"{_REDEMPTIONS} AND r.campaign_id = $2 AND r.state = 'held' AND r.held_until <= $3"
KEEP: Final = """
INSERT INTO coupon_redemptions (organization_id, id, campaign_id, coupon_id, customer_id, membership_id, reference,
    order_reference, request_digest, state, stacking, basket_digest, basket_minor, discount_minor, spread, units,
    currency, location_id, channel, actor, counted_at, held_until, redeemed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)
ON CONFLICT (organization_id, reference) DO NOTHING RETURNING id
"""
# The reference of a checkout that was given up before it was paid is free again; the old row keeps its story.
FREE_REFERENCE: Final = """
UPDATE coupon_redemptions SET reference = reference || ':' || id
WHERE organization_id = $1 AND id = $2 AND state IN ('undone', 'lapsed') AND redeemed_at IS NULL
"""
CONFIRM: Final = f"""
UPDATE coupon_redemptions r SET state = 'redeemed', redeemed_at = $3
WHERE r.organization_id = $1 AND r.id = $2 AND r.state = 'held' RETURNING {_REDEMPTION}
"""
GIVE_BACK: Final = f"""
UPDATE coupon_redemptions r SET state = $3, undone_at = $4
WHERE r.organization_id = $1 AND r.id = $2 AND r.state IN ('held', 'redeemed') RETURNING {_REDEMPTION}
"""
LAPSE: Final = f"""
UPDATE coupon_redemptions r SET state = 'lapsed', undone_at = $3
WHERE r.organization_id = $1 AND r.id = $2 AND r.state = 'held' AND r.held_until <= $3 RETURNING {_REDEMPTION}
"""
LOCK_ORDER: Final = "SELECT pg_advisory_xact_lock(hashtextextended('coupon order ' || $1::text || $2::text, 0))"
_KEYS: Final = "unnest($3::uuid[], $4::text[], $5::date[]) AS key (customer_id, period, starts_on)"
_OPEN_COUNTS: Final = f"""
INSERT INTO coupon_counts (organization_id, campaign_id, customer_id, period, starts_on)
SELECT $1, $2, key.* FROM {_KEYS} ORDER BY 3, 4, 5 ON CONFLICT DO NOTHING
"""
_COUNTS: Final = f"""
SELECT c.customer_id, c.period, c.starts_on, c.uses, c.discount_minor FROM coupon_counts c
JOIN {_KEYS} USING (customer_id, period, starts_on)
WHERE c.organization_id = $1 AND c.campaign_id = $2 ORDER BY c.customer_id, c.period, c.starts_on
"""
_COUNTS_FOR_UPDATE: Final = f"{_COUNTS} FOR UPDATE OF c"
_ADD_TO_COUNTS: Final = f"""
UPDATE coupon_counts c SET uses = c.uses + $6, discount_minor = c.discount_minor + $7 FROM {_KEYS}
WHERE c.organization_id = $1 AND c.campaign_id = $2
  AND c.customer_id = key.customer_id AND c.period = key.period AND c.starts_on = key.starts_on
"""
MERGE: Final = (
    "UPDATE coupons SET customer_id = $2 WHERE organization_id = $1 AND customer_id = $3",
    "UPDATE coupon_redemptions SET customer_id = $2 WHERE organization_id = $1 AND customer_id = $3",
    """
    INSERT INTO coupon_counts AS c
        (organization_id, campaign_id, customer_id, period, starts_on, uses, discount_minor)
    SELECT organization_id, campaign_id, $2, period, starts_on, uses, discount_minor FROM coupon_counts
    WHERE organization_id = $1 AND customer_id = $3 ORDER BY campaign_id, period, starts_on
    ON CONFLICT (organization_id, campaign_id, customer_id, period, starts_on) DO UPDATE
    SET uses = c.uses + excluded.uses, discount_minor = c.discount_minor + excluded.discount_minor
    """,
    "DELETE FROM coupon_counts WHERE organization_id = $1 AND customer_id = $3 AND $2::uuid IS NOT NULL",
)
FORGET_COUNTS: Final = "DELETE FROM coupon_counts WHERE organization_id = $1 AND campaign_id = $2"
RECOUNT: Final = """
INSERT INTO coupon_counts (organization_id, campaign_id, customer_id, period, starts_on, uses, discount_minor)
SELECT $1, $2, counted.who, $3, counted.starts_on, count(*), sum(counted.discount_minor)
FROM (SELECT CASE WHEN $4 THEN r.customer_id ELSE '00000000-0000-0000-0000-000000000000'::uuid END AS who,
             CASE WHEN $3 = 'ever' THEN DATE '1970-01-01'
                  ELSE date_trunc($3, r.counted_at AT TIME ZONE $5)::date END AS starts_on,
             r.discount_minor
      FROM coupon_redemptions r
      WHERE r.organization_id = $1 AND r.campaign_id = $2 AND r.state IN ('held', 'redeemed')) AS counted
WHERE counted.who IS NOT NULL GROUP BY counted.who, counted.starts_on
"""
_ATTEMPTS: Final = """
SELECT subject, failures, since, blocked_until FROM coupon_attempts
WHERE organization_id = $1 AND subject = ANY($2) ORDER BY subject
"""
_ATTEMPTS_FOR_UPDATE: Final = f"{_ATTEMPTS} FOR UPDATE"
OPEN_ATTEMPTS: Final = """
INSERT INTO coupon_attempts (organization_id, subject, failures, since)
SELECT $1, subject, 0, $3 FROM unnest($2::text[]) AS subject ORDER BY subject ON CONFLICT DO NOTHING
"""
KEEP_ATTEMPTS: Final = """
UPDATE coupon_attempts SET failures = $3, since = $4, blocked_until = $5 WHERE organization_id = $1 AND subject = $2
"""


async def find_coupon_by_code(tx: Tx, code_index: bytes) -> Any:
    """A coupon with its campaign; the campaign's columns that clash are ``campaign_…``."""
    return await tx.fetchrow(_BY_CODE, tx.organization_id, code_index)


async def get_coupon(tx: Tx, coupon_id: UUID, *, for_update: bool = False) -> Any:
    """A coupon that is known to be there, with its campaign."""
    return await tx.fetchrow(_BY_ID_FOR_UPDATE if for_update else _BY_ID, tx.organization_id, coupon_id)


async def list_coupons_by_id(tx: Tx, coupon_ids: Sequence[UUID]) -> Sequence[Any]:
    """With their campaigns, in no order."""
    return await tx.fetch(_BY_IDS, tx.organization_id, list(coupon_ids))


async def find_coupon_by_reference(tx: Tx, campaign_id: UUID, reference: str) -> Any:
    return await tx.fetchrow(_BY_REFERENCE, tx.organization_id, campaign_id, reference)


async def giving_campaigns(tx: Tx) -> Sequence[Any]:
    """Campaigns whose codes purchases give, or gave."""
    return await tx.fetch(_GIVING, tx.organization_id)


async def given_so_far(
    tx: Tx, asked: Sequence[tuple[UUID, UUID, date, int | None]], now: datetime
) -> dict[tuple[UUID, UUID], GivenSoFar]:
    """What purchases gave customers of campaigns; each is asked with a day and with the uses of one code."""
    columns = [list(column) for column in zip(*asked, strict=True)]
    rows = await tx.fetch(_GIVEN_SO_FAR, tx.organization_id, *columns, now)
    return {
        (row["customer_id"], row["campaign_id"]): GivenSoFar(row["in_all"], row["on_day"], row["usable"])
        for row in rows
    }


async def given_of(tx: Tx, campaign_ids: Sequence[UUID], *, for_update: bool) -> dict[UUID, int]:
    """How many codes of campaigns with a stock were given; with ``for_update`` locked in the order of their ids."""
    statement = _STOCK_FOR_UPDATE if for_update else _STOCK
    return {row["id"]: row["given"] for row in await tx.fetch(statement, tx.organization_id, list(campaign_ids))}


async def coupons_of_purchase(tx: Tx, purchase_id: UUID, *, lock: Lock = "none") -> Sequence[Any]:
    """What a purchase gave, with their campaigns; those that somebody else has locked may be left out."""
    statement = {
        "none": _OF_PURCHASE,
        "wait": _OF_PURCHASE_FOR_UPDATE,
        "skip": f"{_OF_PURCHASE_FOR_UPDATE} SKIP LOCKED",
    }[lock]
    return await tx.fetch(statement, tx.organization_id, purchase_id)


async def list_coupons_of_customer(tx: Tx, customer_id: UUID, before: UUID, limit: int) -> Sequence[Any]:
    """With their campaigns, newest first."""
    return await tx.fetch(_OF_CUSTOMER, tx.organization_id, customer_id, before, limit)


async def list_coupons(tx: Tx, campaign_id: UUID, before: UUID, limit: int) -> Sequence[Any]:
    """Codes of a campaign, newest first."""
    return await tx.fetch(_OF_CAMPAIGN, tx.organization_id, campaign_id, before, limit)


async def find_redemption(tx: Tx, reference: str) -> Any:
    return await tx.fetchrow(_REDEMPTION_BY_REFERENCE, tx.organization_id, reference)


async def find_redemption_by_id(tx: Tx, redemption_id: UUID) -> Any:
    return await tx.fetchrow(_REDEMPTION_BY_ID, tx.organization_id, redemption_id)


async def redemptions_of_order(tx: Tx, order_reference: str, now: datetime) -> Sequence[Any]:
    """The live ones: redeemed, or held and not lapsed."""
    return await tx.fetch(_REDEMPTIONS_OF_ORDER, tx.organization_id, order_reference, now)


async def list_redemptions(
    tx: Tx, before: UUID, limit: int, *, customer_id: UUID | None = None, campaign_id: UUID | None = None
) -> Sequence[Any]:
    """Of a customer or of a campaign, newest first."""
    statement = _REDEMPTIONS_OF_CUSTOMER if customer_id is not None else _REDEMPTIONS_OF_CAMPAIGN
    return await tx.fetch(statement, tx.organization_id, customer_id or campaign_id, before, limit)


async def redemptions_of_coupon(tx: Tx, coupon_id: UUID, limit: int) -> Sequence[Any]:
    """The last uses of one code, newest first."""
    return await tx.fetch(_REDEMPTIONS_OF_COUPON, tx.organization_id, coupon_id, limit)


async def lapsed_holds(tx: Tx, campaign_id: UUID, now: datetime) -> Sequence[Any]:
    """Holds whose time is over and that still count in the stored numbers."""
    return await tx.fetch(_LAPSED, tx.organization_id, campaign_id, now)


async def read_counts(
    tx: Tx, campaign_id: UUID, customer_id: UUID | None, keys: Iterable[CountKey], *, for_update: bool
) -> dict[CountKey, Count]:
    """Stored counts; with ``for_update`` they are opened when missing, and locked in the order of their keys."""
    wanted = _columns(keys, customer_id)
    if not wanted[0]:
        return {}
    place = (tx.organization_id, campaign_id, *wanted)
    if for_update:
        await tx.execute(_OPEN_COUNTS, *place)
    rows = await tx.fetch(_COUNTS_FOR_UPDATE if for_update else _COUNTS, *place)
    return {
        CountKey(
            "campaign" if row["customer_id"] == WHOLE_CAMPAIGN else "customer", row["period"], row["starts_on"]
        ): (Count(row["uses"], row["discount_minor"]))
        for row in rows
    }


async def add_to_counts(
    tx: Tx, campaign_id: UUID, customer_id: UUID | None, keys: Iterable[CountKey], *, uses: int, discount_minor: int
) -> None:
    """Move those counts that are kept; they must be locked."""
    wanted = _columns(keys, customer_id)
    if wanted[0]:
        await tx.execute(_ADD_TO_COUNTS, tx.organization_id, campaign_id, *wanted, uses, discount_minor)


async def read_attempts(tx: Tx, subjects: Sequence[str], *, for_update: bool = False) -> Sequence[Any]:
    statement = _ATTEMPTS_FOR_UPDATE if for_update else _ATTEMPTS
    return await tx.fetch(statement, tx.organization_id, list(subjects))


async def get_campaign(tx: Tx, campaign_id: UUID, *, for_update: bool = False) -> CouponCampaignRow:
    query = select(CouponCampaignRow).where(
        CouponCampaignRow.organization_id == tx.organization_id, CouponCampaignRow.id == campaign_id
    )
    if for_update:
        query = query.with_for_update()
    campaign = (await tx.session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()
    if campaign is None:
        raise CampaignNotFound
    return campaign


async def campaign_to_count(tx: Tx, campaign_id: UUID) -> CouponCampaignRow:
    """A campaign whose number of codes is about to grow: locked, but in nobody's way who uses one of its codes."""
    query = select(CouponCampaignRow).where(
        CouponCampaignRow.organization_id == tx.organization_id, CouponCampaignRow.id == campaign_id
    )
    query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    campaign = (await tx.session.execute(query)).scalar_one_or_none()
    if campaign is None:
        raise CampaignNotFound
    return campaign


async def list_campaigns(tx: Tx, before: UUID, limit: int) -> Sequence[CouponCampaignRow]:
    query = select(CouponCampaignRow).where(
        CouponCampaignRow.organization_id == tx.organization_id, CouponCampaignRow.id < before
    )
    return (await tx.session.execute(query.order_by(CouponCampaignRow.id.desc()).limit(limit))).scalars().all()


async def count_open_campaigns(tx: Tx) -> int:
    query = select(func.count()).where(
        CouponCampaignRow.organization_id == tx.organization_id, CouponCampaignRow.state != "ended"
    )
    return (await tx.session.execute(query)).scalar_one()


async def get_batch(tx: Tx, batch_id: UUID, *, for_update: bool = False) -> CouponBatchRow:
    query = select(CouponBatchRow).where(
        CouponBatchRow.organization_id == tx.organization_id, CouponBatchRow.id == batch_id
    )
    if for_update:
        query = query.with_for_update()
    batch = (await tx.session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()
    if batch is None:
        raise BatchNotFound
    return batch


async def list_batches(tx: Tx, campaign_id: UUID, before: UUID, limit: int) -> Sequence[CouponBatchRow]:
    query = select(CouponBatchRow).where(
        CouponBatchRow.organization_id == tx.organization_id,
        CouponBatchRow.campaign_id == campaign_id,
        CouponBatchRow.id < before,
    )
    return (await tx.session.execute(query.order_by(CouponBatchRow.id.desc()).limit(limit))).scalars().all()


def _columns(keys: Iterable[CountKey], customer_id: UUID | None) -> tuple[list[UUID], list[str], list[Any]]:
    """Keys as columns; counts of a customer are left out when nobody is known."""
    known = [key for key in keys if key.of == "campaign" or customer_id is not None]
    owners = [customer_id if key.of == "customer" and customer_id else WHOLE_CAMPAIGN for key in known]
    return owners, [key.period for key in known], [key.starts_on for key in known]
