"""What passes know of a person: their cards and where they were installed."""

from typing import Any, Final
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.ids import encode, new_code

tables: Final = frozenset({"passes"})

_CARDS: Final = """
SELECT p.id, p.serial_number, p.state, p.created_at,
    (SELECT jsonb_agg(jsonb_build_object('wallet', i.wallet, 'installed_at', i.installed_at,
        'removed_at', i.removed_at) ORDER BY i.id)
     FROM installations i WHERE i.organization_id = $1 AND i.pass_id = p.id) AS installations
FROM passes p WHERE p.organization_id = $1 AND p.customer_id = $2 ORDER BY p.id
"""
# The card stays as the ledger's pseudonym, blocked and with another code; phones are forgotten.
_BLOCK: Final = """
UPDATE passes SET state = 'revoked', code = $3, version = version + 1
WHERE organization_id = $1 AND id = $2
"""
_IDS: Final = "SELECT id FROM passes WHERE organization_id = $1 AND customer_id = $2 ORDER BY id FOR UPDATE"
_FORGET: Final = """
UPDATE installations SET removed_at = coalesce(removed_at, $3), last_error = NULL
WHERE organization_id = $1 AND pass_id = $2
"""
_PHONES: Final = """
DELETE FROM apple_devices d WHERE d.organization_id = $1 AND NOT EXISTS (
    SELECT 1 FROM installations i WHERE i.organization_id = $1 AND i.device_id = d.id AND i.removed_at IS NULL
) AND d.id = ANY($2::uuid[])
"""
_PHONES_OF: Final = """
SELECT DISTINCT device_id FROM installations i JOIN passes p ON p.organization_id = $1 AND p.id = i.pass_id
WHERE i.organization_id = $1 AND p.customer_id = $2 AND device_id IS NOT NULL
"""
_UNLINK: Final = (
    "DELETE FROM installations WHERE organization_id = $1 AND device_id = ANY($2::uuid[]) AND removed_at IS NOT NULL"
)


async def export(tx: Tx, customer_id: UUID) -> dict[str, Any]:
    """The person's cards and their installations."""
    rows = await tx.fetch(_CARDS, tx.organization_id, customer_id)
    return {"passes": [{**row, "id": encode("pas", row["id"])} for row in rows]}


async def erase(tx: Tx, customer_id: UUID) -> None:
    """Block the person's cards under codes that nobody has, and forget their phones."""
    now = clock.now()
    phones = [row["device_id"] for row in await tx.fetch(_PHONES_OF, tx.organization_id, customer_id)]
    for row in await tx.fetch(_IDS, tx.organization_id, customer_id):
        await tx.execute(_BLOCK, tx.organization_id, row["id"], new_code())
        await tx.execute(_FORGET, tx.organization_id, row["id"], now)
    await tx.execute(_UNLINK, tx.organization_id, phones)
    await tx.execute(_PHONES, tx.organization_id, phones)
