"""The proof of the books: every stored figure recomputed from the entries, set-based, one tenant at a time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.ledger.schemas import Fault

MAX_FAULTS: Final = 100
"""Faults of one rule that are told; the first few show what went wrong, and the rest would fill a screen."""

# Each query yields (subject, expected, found) for what is wrong; none for sound books.
_FAULTS: Final[Mapping[str, str]] = {
    "a lot's remainder is the sum of its entries": """
SELECT l.id::text, coalesce(e.amount, 0)::bigint, l.remaining FROM ledger_lots l
LEFT JOIN (SELECT lot_id, sum(amount) AS amount FROM ledger_entries WHERE organization_id = $1 GROUP BY 1) e
    ON e.lot_id = l.id
WHERE l.organization_id = $1 AND l.remaining <> coalesce(e.amount, 0)
""",
    "a lot's amount is what its transfer credited": """
SELECT l.id::text, coalesce(e.amount, 0)::bigint, l.amount FROM ledger_lots l
LEFT JOIN ledger_entries e ON e.organization_id = l.organization_id AND e.lot_id = l.id
    AND e.transfer_id = l.transfer_id AND e.account IN ('issued', 'adjusted', 'moved', 'owed') AND e.amount > 0
WHERE l.organization_id = $1 AND l.amount <> coalesce(e.amount, 0)
""",
    "an account's figures are the sums of its entries": """
SELECT f.owner_id || '/' || f.unit_id || ' ' || f.name, f.expected, f.found FROM (
    SELECT a.owner_id, a.unit_id, v.name, v.expected, v.found FROM ledger_accounts a
    LEFT JOIN (
        SELECT owner_id, unit_id,
               sum(amount) FILTER (WHERE account = 'issued' AND amount > 0) AS earned,
               -sum(amount) FILTER (WHERE account = 'issued' AND amount < 0) AS reversed,
               -sum(amount) FILTER (WHERE account = 'redeemed') AS spent,
               -sum(amount) FILTER (WHERE account = 'expired') AS expired,
               sum(amount) FILTER (WHERE account IN ('adjusted', 'forgiven', 'moved')) AS adjusted,
               sum(amount) FILTER (WHERE account = 'owed') AS owed,
               -sum(amount) FILTER (WHERE account = 'set_aside') AS held
        FROM ledger_entries WHERE organization_id = $1 GROUP BY 1, 2
    ) e ON e.owner_id = a.owner_id AND e.unit_id = a.unit_id,
    LATERAL (VALUES
        ('earned', coalesce(e.earned, 0)::bigint, a.earned),
        ('reversed', coalesce(e.reversed, 0)::bigint, a.reversed),
        ('spent', coalesce(e.spent, 0)::bigint, a.spent),
        ('expired', coalesce(e.expired, 0)::bigint, a.expired),
        ('adjusted', coalesce(e.adjusted, 0)::bigint, a.adjusted),
        ('owed', coalesce(e.owed, 0)::bigint, a.owed),
        ('held', coalesce(e.held, 0)::bigint, a.held)) AS v(name, expected, found)
    WHERE a.organization_id = $1 AND v.expected <> v.found
) f
""",
    "a transfer has the entries of its kind": """
SELECT t.id::text, 0, count(*) FROM ledger_transfers t
JOIN ledger_entries e ON e.organization_id = t.organization_id AND e.transfer_id = t.id
WHERE t.organization_id = $1 AND NOT CASE t.kind
    WHEN 'expiry' THEN e.account = 'expired' AND e.amount < 0
    WHEN 'settlement' THEN
        (e.account = 'set_aside' AND e.amount > 0) OR (e.account IN ('expired', 'owed') AND e.amount < 0)
    WHEN 'release' THEN
        (e.account = 'set_aside' AND e.amount > 0) OR (e.account IN ('expired', 'owed') AND e.amount < 0)
    WHEN 'hold' THEN e.account = 'set_aside' AND e.amount < 0
    WHEN 'move' THEN e.account = 'moved' OR (e.account = 'owed' AND e.amount < 0)
    WHEN 'adjustment' THEN e.account IN ('adjusted', 'owed')
    WHEN 'reversal' THEN e.account NOT IN ('expired', 'set_aside')
    WHEN 'refund' THEN
        e.account NOT IN ('expired', 'set_aside', 'moved') AND (e.account <> 'redeemed' OR e.amount > 0)
    ELSE (e.account = 'issued' AND e.amount > 0) OR (e.account IN ('redeemed', 'owed') AND e.amount < 0)
         OR (e.account = 'set_aside' AND e.amount > 0 AND t.kind = 'redemption') END
GROUP BY t.id
""",
    "a transfer that is no reversal has entries": """
SELECT t.id::text, 1, 0 FROM ledger_transfers t
WHERE t.organization_id = $1 AND t.reverses IS NULL AND NOT EXISTS (
    SELECT 1 FROM ledger_entries e WHERE e.organization_id = t.organization_id AND e.transfer_id = t.id)
""",
    "no more is taken back than was given": """
SELECT o.id::text, o.amount, b.amount FROM (
    SELECT t.id, e.owner_id, e.unit_id, sum(e.amount)::bigint AS amount FROM ledger_transfers t
    JOIN ledger_entries e ON e.organization_id = t.organization_id AND e.transfer_id = t.id AND e.amount > 0
        AND e.account IN ('issued', 'adjusted', 'moved')
    WHERE t.organization_id = $1 AND t.reverses IS NULL GROUP BY 1, 2, 3
) o JOIN (
    SELECT t.reverses, e.owner_id, e.unit_id, -sum(e.amount)::bigint AS amount FROM ledger_transfers t
    JOIN ledger_entries e ON e.organization_id = t.organization_id AND e.transfer_id = t.id
    WHERE t.organization_id = $1 AND t.reverses IS NOT NULL AND e.amount < 0
        AND e.account IN ('issued', 'adjusted', 'moved')
    GROUP BY 1, 2, 3
) b ON b.reverses = o.id AND b.owner_id = o.owner_id AND b.unit_id = o.unit_id
WHERE b.amount > o.amount
""",
    "what is moved leaves one owner for another": """
SELECT e.transfer_id::text || ' ' || e.unit_id, 0, sum(e.amount)::bigint FROM ledger_entries e
WHERE e.organization_id = $1 AND e.account = 'moved' GROUP BY e.transfer_id, e.unit_id HAVING sum(e.amount) <> 0
""",
    "an account holds what its open holds set aside": """
SELECT a.owner_id || '/' || a.unit_id, coalesce(h.amount, 0)::bigint, a.held FROM ledger_accounts a
LEFT JOIN (SELECT owner_id, unit_id, sum(amount) AS amount FROM ledger_holds
           WHERE organization_id = $1 AND ended_by IS NULL GROUP BY 1, 2) h
    ON h.owner_id = a.owner_id AND h.unit_id = a.unit_id
WHERE a.organization_id = $1 AND a.held <> coalesce(h.amount, 0)
""",
    "who owes has nothing that could pay": """
SELECT a.owner_id || '/' || a.unit_id, 0, sum(l.remaining)::bigint FROM ledger_accounts a
JOIN ledger_lots l ON l.organization_id = a.organization_id AND l.owner_id = a.owner_id AND l.unit_id = a.unit_id
WHERE a.organization_id = $1 AND a.owed > 0 AND l.remaining > 0 AND NOT l.waiting
GROUP BY a.owner_id, a.unit_id
""",
    "no more is given back than was taken": """
SELECT o.transfer_id::text, -o.amount, b.amount FROM ledger_entries o
JOIN (
    SELECT t.reverses, e.lot_id, sum(e.amount)::bigint AS amount FROM ledger_transfers t
    JOIN ledger_entries e ON e.organization_id = t.organization_id AND e.transfer_id = t.id
    WHERE t.organization_id = $1 AND t.reverses IS NOT NULL AND e.account = 'redeemed' AND e.amount > 0
    GROUP BY 1, 2
) b ON b.reverses = o.transfer_id AND b.lot_id = o.lot_id
WHERE o.organization_id = $1 AND o.account = 'redeemed' AND b.amount > -o.amount
""",
    "a pending lot waits for its activation": """
SELECT l.id::text, 1, 0 FROM ledger_lots l
WHERE l.organization_id = $1 AND l.remaining > 0 AND NOT l.waiting AND l.activates_at > l.earned_at
  AND l.activates_at > (SELECT now FROM asked)
""",
}
# One statement, hence one snapshot: tills may go on while the books are checked. It may begin some time after the
# instant that was asked for; a lot that a till opened meanwhile was active at once.
_ASKED: Final = "WITH asked AS (SELECT $2::timestamptz AS now, $4::text[] AS rules)"
_OF_RULE: Final = (
    "(SELECT (SELECT rules[{number}] FROM asked), f.* FROM ({sql}) AS f(subject, expected, found) LIMIT $3)"
)
_CHECK: Final = _ASKED + " UNION ALL ".join(
    _OF_RULE.format(number=number, sql=sql) for number, sql in enumerate(_FAULTS.values(), 1)
)
_TRIAL_BALANCE: Final = """
SELECT unit_id, account, -sum(amount)::bigint AS amount FROM ledger_entries WHERE organization_id = $1 GROUP BY 1, 2
UNION ALL
SELECT unit_id, 'held', sum(remaining)::bigint FROM ledger_lots WHERE organization_id = $1 GROUP BY 1
"""


async def check_books(tx: Tx, now: datetime) -> list[Fault]:
    """Faults of this tenant's books, up to MAX_FAULTS of each rule."""
    rows = await tx.fetch(_CHECK, tx.organization_id, now, MAX_FAULTS, list(_FAULTS))
    return [Fault(*row) for row in rows]


async def trial_balance(tx: Tx) -> dict[UUID, dict[str, int]]:
    """What each system account holds by the entries, and owners (``held``) by the lots."""
    units: dict[UUID, dict[str, int]] = {}
    for row in await tx.fetch(_TRIAL_BALANCE, tx.organization_id):
        units.setdefault(row["unit_id"], {})[row["account"]] = row["amount"]
    return units
