"""Every SQL text of referral; the tenant always."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.programs.referral.rules import Counted

_COLUMNS: Final = """id, program_id, referrer_id, friend_id, state, reason, purchase_id, settled_purchase_id,
       referrer_amount, friend_amount, milestone, milestone_amount, joined_at, qualified_at, changed_at"""
# Whoever asks second waits for the first, and then finds the code that is there.
ADD_CODE: Final = """
INSERT INTO referral_codes (organization_id, membership_id, program_id, code, created_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING RETURNING code
"""
_CODE_OF: Final = "SELECT code FROM referral_codes WHERE organization_id = $1 AND membership_id = $2"
FORGET_CODE: Final = "DELETE FROM referral_codes WHERE organization_id = $1 AND membership_id = $2"
OPENED: Final = """
UPDATE referral_codes SET opened = opened + 1 WHERE organization_id = $1 AND program_id = $2 AND code = $3
"""
_REFERRER: Final = """
SELECT c.membership_id, m.customer_id, m.program_id, p.version FROM referral_codes c
JOIN memberships m ON m.organization_id = c.organization_id AND m.id = c.membership_id
JOIN programs p ON p.organization_id = m.organization_id AND p.id = m.program_id
WHERE c.organization_id = $1 AND c.program_id = $2 AND c.code = $3 AND m.state <> 'ended'
"""
ADD: Final = f"""
INSERT INTO referrals (organization_id, id, program_id, referrer_id, friend_id, state, reason, joined_at, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
ON CONFLICT (organization_id, friend_id) DO NOTHING RETURNING {_COLUMNS}
"""
_OF_FRIEND: Final = f"SELECT {_COLUMNS} FROM referrals WHERE organization_id = $1 AND friend_id = $2"
_BY_ID: Final = f"SELECT {_COLUMNS} FROM referrals WHERE organization_id = $1 AND id = $2"
_WAITING: Final = """
SELECT r.id, r.friend_id, r.joined_at, m.household_id FROM referrals r
JOIN memberships m ON m.organization_id = r.organization_id AND m.id = r.referrer_id
WHERE r.organization_id = $1 AND r.friend_id = ANY($2) AND r.state = 'joined'
"""
JUDGED: Final = f"""
UPDATE referrals SET state = $3, reason = $4, purchase_id = $5, qualified_at = $6, changed_at = $7
WHERE organization_id = $1 AND id = $2 RETURNING {_COLUMNS}
"""
REOPEN: Final = f"""
UPDATE referrals SET state = 'joined', reason = NULL, purchase_id = NULL, qualified_at = NULL, changed_at = $3
WHERE organization_id = $1 AND purchase_id = $2 AND ($4::uuid[] IS NULL OR id = ANY($4)) RETURNING {_COLUMNS}
"""
QUALIFIED_BY: Final = """
SELECT r.id, r.program_id, p.version FROM referrals r
JOIN programs p ON p.organization_id = r.organization_id AND p.id = r.program_id
WHERE r.organization_id = $1 AND r.purchase_id = $2 AND r.state IN ('qualified', 'rewarded')
"""
UNSETTLE: Final = """
UPDATE referrals SET settled_purchase_id = NULL, referrer_amount = 0, friend_amount = 0,
    milestone = NULL, milestone_amount = 0, changed_at = $3
WHERE organization_id = $1 AND id = $2
"""
SETTLE: Final = """
UPDATE referrals SET state = $3, reason = $4, settled_purchase_id = $5, referrer_amount = $6, friend_amount = $7,
    milestone = $8, milestone_amount = $9, changed_at = $10
WHERE organization_id = $1 AND id = $2
"""
DROP_MILESTONE: Final = """
UPDATE referrals SET milestone = NULL, milestone_amount = 0 WHERE organization_id = $1 AND id = $2
"""
# A friend for whom a cap left the referrer with nothing has a reason and does not count.
_COUNTED: Final = """
SELECT count(*) AS total, count(*) FILTER (WHERE qualified_at >= $3 AND qualified_at < $4) AS in_period
FROM referrals WHERE organization_id = $1 AND referrer_id = $2 AND state = 'rewarded' AND reason IS NULL
"""
_MILESTONES: Final = """
SELECT id, settled_purchase_id, milestone FROM referrals
WHERE organization_id = $1 AND referrer_id = $2 AND milestone > $3 ORDER BY milestone
"""
_FIGURES: Final = """
SELECT (SELECT coalesce(sum(c.opened), 0)::bigint FROM referral_codes c
        WHERE c.organization_id = $1 AND c.{code_owner} = $2) AS invited,
       count(*) FILTER (WHERE state = 'joined') AS joined, count(*) FILTER (WHERE state = 'qualified') AS qualified,
       count(*) FILTER (WHERE state = 'rewarded') AS rewarded, count(*) FILTER (WHERE state = 'refused') AS refused,
       coalesce(sum(referrer_amount + milestone_amount), 0)::bigint AS referrer_amount,
       coalesce(sum(friend_amount), 0)::bigint AS friend_amount
FROM referrals WHERE organization_id = $1 AND {owner} = $2
"""
_FIGURES_OF_MEMBER: Final = _FIGURES.format(code_owner="membership_id", owner="referrer_id")
_FIGURES_OF_PROGRAM: Final = _FIGURES.format(code_owner="program_id", owner="program_id")
_PAGE: Final = f"SELECT {_COLUMNS} FROM referrals WHERE organization_id = $1 AND {{owner}} = $2 AND id < $3"
_PAGE_OF_MEMBER: Final = f"{_PAGE.format(owner='referrer_id')} ORDER BY id DESC LIMIT $4"
_PAGE_OF_PROGRAM: Final = f"{_PAGE.format(owner='program_id')} ORDER BY id DESC LIMIT $4"


async def find_code(tx: Tx, membership_id: UUID) -> str | None:
    code: str | None = await tx.fetchval(_CODE_OF, tx.organization_id, membership_id)
    return code


async def find_referrer(tx: Tx, program_id: UUID, code: str) -> Any:
    """membership_id, customer_id, program_id, version of the member whose code it is."""
    return await tx.fetchrow(_REFERRER, tx.organization_id, program_id, code)


async def find_of_friend(tx: Tx, friend_id: UUID) -> Any:
    return await tx.fetchrow(_OF_FRIEND, tx.organization_id, friend_id)


async def get_referral(tx: Tx, referral_id: UUID, *, for_update: bool = False) -> Any:
    """A referral that is known to be there."""
    sql = f"{_BY_ID} FOR NO KEY UPDATE" if for_update else _BY_ID
    return await tx.fetchrow(sql, tx.organization_id, referral_id)


async def waiting_friends(tx: Tx, membership_ids: Sequence[UUID]) -> Sequence[Any]:
    """Of these members, those who joined by a friend and whose purchase is awaited; ``household_id`` is theirs who
    referred them.
    """
    return await tx.fetch(_WAITING, tx.organization_id, list(membership_ids))


async def counted(tx: Tx, referrer_id: UUID, start: datetime, end: datetime) -> Counted:
    """Friends for whom a referrer was rewarded."""
    row = await tx.fetchrow(_COUNTED, tx.organization_id, referrer_id, start, end)
    return Counted(row["total"], row["in_period"])


async def milestones_above(tx: Tx, referrer_id: UUID, friends: int) -> Sequence[Any]:
    """Referrals by which a referrer reached more than so many friends."""
    return await tx.fetch(_MILESTONES, tx.organization_id, referrer_id, friends)


async def figures_of_member(tx: Tx, membership_id: UUID) -> Any:
    return await tx.fetchrow(_FIGURES_OF_MEMBER, tx.organization_id, membership_id)


async def figures_of_program(tx: Tx, program_id: UUID) -> Any:
    return await tx.fetchrow(_FIGURES_OF_PROGRAM, tx.organization_id, program_id)


async def list_of_member(tx: Tx, membership_id: UUID, before: UUID, limit: int) -> Sequence[Any]:
    return await tx.fetch(_PAGE_OF_MEMBER, tx.organization_id, membership_id, before, limit)


async def list_of_program(tx: Tx, program_id: UUID, before: UUID, limit: int) -> Sequence[Any]:
    return await tx.fetch(_PAGE_OF_PROGRAM, tx.organization_id, program_id, before, limit)
