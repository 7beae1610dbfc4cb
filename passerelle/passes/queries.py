"""Every statement of passes. Those of the hot path (a change, a device's list and fetch) are SQL text."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Row, Tx
from passerelle.passes.errors import PassNotFound

_NAMES: Final = (
    *("id", "subject_kind", "subject_id", "customer_id", "program_id", "offering_id", "template_id"),
    *("template_version", "serial_number", "code", "state", "version", "changed_at", "expires_at", "created_at"),
)
_COLUMNS: Final = ", ".join(_NAMES)

_CODE_KIND: Final = """(SELECT r.code_kind FROM code_rules r
    WHERE r.organization_id = p.organization_id AND r.program_id = p.program_id) AS code_kind"""

INSERT: Final = """
INSERT INTO passes (organization_id, id, subject_kind, subject_id, customer_id, program_id, offering_id, template_id,
    template_version, serial_number, code, changed_at, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, date_trunc('second', $12::timestamptz), $12)
ON CONFLICT (organization_id, subject_id) DO NOTHING
RETURNING id
"""
INSERT_MEMBERS: Final = """
INSERT INTO passes (organization_id, id, subject_kind, subject_id, customer_id, program_id, template_id,
    template_version, serial_number, code, changed_at, created_at)
SELECT $1, new.id, 'membership', new.membership_id, new.customer_id, $2, $3, $4, new.serial_number, new.code,
    date_trunc('second', $5::timestamptz), $5
FROM unnest($6::uuid[], $7::uuid[], $8::uuid[], $9::text[], $10::text[])
    AS new (id, membership_id, customer_id, serial_number, code)
ON CONFLICT (organization_id, subject_id) DO NOTHING
RETURNING id, subject_id
"""
_GET: Final = f"SELECT {_COLUMNS}, {_CODE_KIND} FROM passes p WHERE organization_id = $1 AND id = $2"
# What the program asks of codes comes with the card, for a scan must not become two messages.
_READ: Final = f"""
SELECT {", ".join(f"p.{name}" for name in _NAMES)}, r.code_kind, r.copies_may, r.single_use FROM passes p
LEFT JOIN code_rules r ON r.organization_id = p.organization_id AND r.program_id = p.program_id
WHERE p.organization_id = $1 AND p.code = """
_BY_CODE: Final = f"{_READ} $2"
_BY_CODES: Final = f"{_READ} ANY($2::text[])"
_BY_SUBJECT: Final = f"SELECT {_COLUMNS} FROM passes WHERE organization_id = $1 AND subject_id = $2"
_OF_HOLDER: Final = f"""
SELECT {_COLUMNS} FROM passes WHERE organization_id = $1 AND customer_id = $2 AND offering_id = $3
ORDER BY id DESC LIMIT 1
"""
IDS_OF_SUBJECTS: Final = (
    "SELECT id, subject_id FROM passes WHERE organization_id = $1 AND subject_id = ANY($2::uuid[])"
)
_LIST: Final = f"""
SELECT {_COLUMNS},
    (SELECT count(*) FROM installations i WHERE i.organization_id = p.organization_id AND i.pass_id = p.id
        AND i.removed_at IS NULL) AS installed
FROM passes p
WHERE organization_id = $1 AND id < $2
    AND ($3::uuid IS NULL OR customer_id = $3) AND ($4::uuid IS NULL OR program_id = $4)
    AND ($6::text IS NULL OR subject_kind = $6)
ORDER BY id DESC LIMIT $5
"""
_INSTALLATIONS: Final = """
SELECT id, wallet, told_version, told_at, fetched_version, fetched_at, last_error, installed_at, removed_at
FROM installations WHERE organization_id = $1 AND pass_id = $2 ORDER BY id
"""

# A change: the version grows, Last-Modified moves on by at least a second, each phone's tag grows under its
# row's lock, and the card is due for the reconciler in each wallet that holds it. Rows are locked in the order
# of their ids: two changes that meet wait for each other instead of deadlocking. A phone that registers at this
# very moment is not seen here, hence a card that was just downloaded is due whether or not anybody holds it.
CHANGE: Final = """
WITH picked AS (
    SELECT id FROM passes WHERE organization_id = $1 AND {which} ORDER BY id FOR UPDATE
), changed AS (
    UPDATE passes p SET version = version + 1, template_version = coalesce($5, template_version),
        changed_at = greatest(date_trunc('second', $3::timestamptz), changed_at + interval '1 second')
    FROM picked WHERE p.organization_id = $1 AND p.id = picked.id
    RETURNING p.id, p.version, p.downloaded_at
), live AS (
    SELECT i.id, i.pass_id, i.device_id, i.wallet, c.version FROM changed c
    JOIN installations i ON i.organization_id = $1 AND i.pass_id = c.id AND i.removed_at IS NULL
), locked AS (
    SELECT d.id FROM apple_devices d
    WHERE d.organization_id = $1 AND d.id IN (SELECT device_id FROM live)
    ORDER BY d.id FOR UPDATE
), tagged AS (
    UPDATE apple_devices d SET update_tag = d.update_tag + 1 FROM locked
    WHERE d.organization_id = $1 AND d.id = locked.id
    RETURNING d.id, d.update_tag
), marked AS (
    UPDATE installations i SET update_tag = t.update_tag FROM live l JOIN tagged t ON t.id = l.device_id
    WHERE i.organization_id = $1 AND i.id = l.id
)
INSERT INTO pass_updates (organization_id, pass_id, wallet, version, bulk, due_at)
SELECT $1::uuid, pass_id, wallet, version, $4::boolean, $3::timestamptz FROM (
    SELECT pass_id, wallet, version FROM live
    UNION SELECT id, 'apple', version FROM changed WHERE downloaded_at > $3::timestamptz - interval '10 minutes'
) wanted ORDER BY pass_id, wallet
ON CONFLICT (organization_id, pass_id, wallet) DO UPDATE
    SET version = excluded.version, due_at = excluded.due_at, attempts = 0, bulk = pass_updates.bulk AND excluded.bulk
"""
CHANGE_OF_SUBJECTS: Final = CHANGE.format(which="subject_id = ANY($2::uuid[])")
CHANGE_OF_PASSES: Final = CHANGE.format(which="id = ANY($2::uuid[])")
CHANGE_OF_CUSTOMERS: Final = CHANGE.format(which="customer_id = ANY($2::uuid[])")

BEHIND_TEMPLATE: Final = """
SELECT id FROM passes WHERE organization_id = $1 AND template_id = $2 AND template_version < $3 ORDER BY id LIMIT $4
"""
_ROLLOUT: Final = """
SELECT count(*) AS cards, count(*) FILTER (WHERE p.template_version = $3) AS adopted,
    coalesce(sum(w.wallets), 0)::bigint AS wallets,
    coalesce(sum(w.told) FILTER (WHERE p.template_version = $3), 0)::bigint AS told,
    coalesce(sum(w.fetched) FILTER (WHERE p.template_version = $3), 0)::bigint AS fetched
FROM passes p
CROSS JOIN LATERAL (
    SELECT count(*) AS wallets, count(*) FILTER (WHERE i.told_version >= p.version) AS told,
        count(*) FILTER (WHERE i.fetched_version >= p.version) AS fetched
    FROM installations i WHERE i.organization_id = $1 AND i.pass_id = p.id AND i.removed_at IS NULL
) w
WHERE p.organization_id = $1 AND p.template_id = $2
"""
OF_PROGRAM: Final = """
SELECT id FROM passes WHERE organization_id = $1 AND program_id = $2 AND id > $3 ORDER BY id LIMIT $4
"""
OF_OFFERING: Final = """
SELECT id FROM passes WHERE organization_id = $1 AND offering_id = $2 AND id > $3 ORDER BY id LIMIT $4
"""
SET_HOLDER: Final = """
UPDATE passes SET customer_id = $3 WHERE organization_id = $1 AND id = $2 AND customer_id IS DISTINCT FROM $3
RETURNING id
"""
NOTE_DOWNLOAD: Final = """
UPDATE passes SET downloaded_version = version, downloaded_at = $3 WHERE organization_id = $1 AND id = $2
"""
PHONES_OF: Final = """
SELECT DISTINCT i.device_id FROM installations i
JOIN passes p ON p.organization_id = $1 AND p.id = i.pass_id
WHERE i.organization_id = $1 AND p.customer_id = $2 AND i.device_id IS NOT NULL
"""
END_INSTALLATIONS: Final = """
UPDATE installations i SET removed_at = coalesce(i.removed_at, $3), last_error = NULL FROM passes p
WHERE i.organization_id = $1 AND p.organization_id = $1 AND p.id = i.pass_id AND p.customer_id = $2
"""
UNLINK_PHONES: Final = """
DELETE FROM installations WHERE organization_id = $1 AND device_id = ANY($2::uuid[]) AND removed_at IS NOT NULL
"""
DELETE_PHONES: Final = """
DELETE FROM apple_devices d WHERE d.organization_id = $1 AND d.id = ANY($2::uuid[]) AND NOT EXISTS (
    SELECT 1 FROM installations i WHERE i.organization_id = $1 AND i.device_id = d.id
)
"""
# Cards that change all the time are due all the time; what was tried three times in vain is another matter.
_LATE: Final = """
SELECT wallet, count(*) AS cards, count(*) FILTER (WHERE attempts >= 3) AS failing, min(due_at) AS due_since
FROM pass_updates WHERE organization_id = $1 GROUP BY wallet ORDER BY wallet
"""
HAND_OVER: Final = "UPDATE passes SET subject_id = $3 WHERE organization_id = $1 AND id = $2"
_COUNTS: Final = """
SELECT p.customer_id, count(DISTINCT p.id) AS active, count(i.id) AS installed FROM passes p
LEFT JOIN installations i ON i.organization_id = p.organization_id AND i.pass_id = p.id AND i.removed_at IS NULL
WHERE p.organization_id = $1 AND p.customer_id = ANY($2) AND p.state = 'active' AND p.subject_kind = 'membership'
GROUP BY p.customer_id
"""
_INSTALLED: Final = """
SELECT i.id, i.pass_id, p.subject_kind AS kind, p.program_id, i.wallet, i.installed_at, i.removed_at FROM passes p
JOIN installations i ON i.organization_id = p.organization_id AND i.pass_id = p.id
WHERE p.organization_id = $1 AND p.customer_id = $2 ORDER BY i.id LIMIT 1000
"""
RENEW_CODE: Final = """
UPDATE passes SET code = $3 WHERE organization_id = $1 AND id = $2 AND subject_kind = 'membership' RETURNING id
"""
_RULE: Final = (
    "SELECT code_kind, copies_may, single_use FROM code_rules WHERE organization_id = $1 AND program_id = $2"
)
SET_RULE: Final = """
INSERT INTO code_rules (organization_id, program_id, code_kind, copies_may, single_use) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (organization_id, program_id) DO UPDATE
    SET code_kind = excluded.code_kind, copies_may = excluded.copies_may, single_use = excluded.single_use
"""
# Another till waits here for the first to commit, and then finds its row. Nothing comes back: somebody else's.
SPEND_CODE: Final = """
INSERT INTO spent_codes AS s (organization_id, pass_id, step, spent_by, reference, spent_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (organization_id, pass_id, step) DO UPDATE SET spent_at = s.spent_at
    WHERE s.spent_by = excluded.spent_by OR s.reference = excluded.reference
RETURNING 1
"""
FORGET_SPENT: Final = "DELETE FROM spent_codes WHERE organization_id = $1 AND spent_at < $2"
SET_STATE: Final = "UPDATE passes SET state = $3 WHERE organization_id = $1 AND id = $2 AND state <> $3 RETURNING id"
_ADDED: Final = """
SELECT count(*) FROM passes p WHERE p.organization_id = $1 AND p.offering_id = $2 AND p.subject_id <> ALL($3::uuid[])
AND EXISTS (SELECT 1 FROM installations i WHERE i.organization_id = $1 AND i.pass_id = p.id)
"""


async def find_pass(tx: Tx, pass_id: UUID) -> Row:
    return await tx.fetchrow(_GET, tx.organization_id, pass_id)


async def get_pass(tx: Tx, pass_id: UUID) -> Row:
    row = await find_pass(tx, pass_id)
    if row is None:
        raise PassNotFound
    return row


async def find_pass_by_code(tx: Tx, code: str) -> Row:
    return await tx.fetchrow(_BY_CODE, tx.organization_id, code)


async def find_code_rule(tx: Tx, program_id: UUID) -> Row:
    """code_kind, copies_may, single_use of a program, or None for one that never chose."""
    return await tx.fetchrow(_RULE, tx.organization_id, program_id)


async def find_passes_by_code(tx: Tx, codes: Sequence[str]) -> Sequence[Row]:
    return await tx.fetch(_BY_CODES, tx.organization_id, list(codes))


async def find_pass_by_subject(tx: Tx, subject_id: UUID) -> Row:
    return await tx.fetchrow(_BY_SUBJECT, tx.organization_id, subject_id)


async def find_last_pass_of_holder(tx: Tx, customer_id: UUID, offering_id: UUID) -> Row:
    return await tx.fetchrow(_OF_HOLDER, tx.organization_id, customer_id, offering_id)


async def list_passes(
    tx: Tx, before: UUID, limit: int, *, customer_id: UUID | None, program_id: UUID | None, kind: str | None
) -> Any:
    return await tx.fetch(_LIST, tx.organization_id, before, customer_id, program_id, limit, kind)


async def count_cards(tx: Tx, customer_ids: Sequence[UUID]) -> Any:
    return await tx.fetch(_COUNTS, tx.organization_id, list(customer_ids))


async def count_added(tx: Tx, offering_id: UUID, without: Sequence[UUID]) -> int:
    """Cards of a campaign, product or event that were ever on a phone, but those of some subjects."""
    count: int = await tx.fetchval(_ADDED, tx.organization_id, offering_id, list(without))
    return count


async def list_installed(tx: Tx, customer_id: UUID) -> Any:
    return await tx.fetch(_INSTALLED, tx.organization_id, customer_id)


async def list_installations(tx: Tx, pass_id: UUID) -> Any:
    return await tx.fetch(_INSTALLATIONS, tx.organization_id, pass_id)


async def late_updates(tx: Tx) -> Any:
    return await tx.fetch(_LATE, tx.organization_id)


async def rollout(tx: Tx, template_id: UUID, version: int | None) -> Row:
    """cards, adopted, wallets, told, fetched of a template's cards for a version."""
    return await tx.fetchrow(_ROLLOUT, tx.organization_id, template_id, version)
