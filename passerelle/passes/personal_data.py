"""What passes know of a person: their cards and where they were installed."""

from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.kit.ids import encode, new_code
from passerelle.passes import service
from passerelle.programs import service as programs

tables: Final = frozenset({"passes"})

_CARDS: Final = """
SELECT p.id, p.subject_kind, p.serial_number, p.state, p.created_at,
    (SELECT jsonb_agg(jsonb_build_object('wallet', i.wallet, 'installed_at', i.installed_at,
        'removed_at', i.removed_at) ORDER BY i.id)
     FROM installations i WHERE i.organization_id = $1 AND i.pass_id = p.id) AS installations
FROM passes p WHERE p.organization_id = $1 AND p.customer_id = $2 ORDER BY p.id
"""
# The card stays as the ledger's pseudonym, blocked and under a code that nobody has.
_BLOCK: Final = """
UPDATE passes SET state = 'revoked', code = CASE WHEN code IS NOT NULL THEN $3 END
WHERE organization_id = $1 AND id = $2 AND subject_kind <> 'gift_card'
"""
# A gift card is money that is owed to whoever holds it: only the name goes.
_UNNAME: Final = """
UPDATE passes SET customer_id = NULL WHERE organization_id = $1 AND customer_id = $2 AND subject_kind = 'gift_card'
RETURNING id
"""
_MERGE: Final = "UPDATE passes SET customer_id = $2 WHERE organization_id = $1 AND customer_id = $3"
_IDS: Final = "SELECT id FROM passes WHERE organization_id = $1 AND customer_id = $2 ORDER BY id FOR UPDATE"


async def export(tx: Tx, customer_id: UUID) -> dict[str, Any]:
    """The person's cards and their installations."""
    rows = await tx.fetch(_CARDS, tx.organization_id, customer_id)
    return {"passes": [{**row, "id": encode("pas", row["id"])} for row in rows]}


async def erase(tx: Tx, customer_id: UUID) -> None:
    """Block the person's cards. Wallets are told, so that the name leaves them; phones are forgotten later."""
    for row in await tx.fetch(_IDS, tx.organization_id, customer_id):
        await tx.execute(_BLOCK, tx.organization_id, row["id"], new_code())
    unnamed = await tx.fetch(_UNNAME, tx.organization_id, customer_id)
    await service.mark_passes_changed(tx, {row["id"] for row in unnamed})
    tx.defer(service.mark_customers_changed, customer_id)
    await service.forget_phones_later(tx, customer_id)


async def merge(tx: Tx, kept_id: UUID, merged_id: UUID) -> None:
    """Where both are members one card stays valid: the kept one's, or the other's when there is no other."""
    for shared in await programs.shared_programs(tx, kept_id, merged_id):
        await service.hand_over_card(tx, shared.merged.id, shared.kept.id)
    await tx.execute(_MERGE, tx.organization_id, kept_id, merged_id)
    tx.defer(service.mark_customers_changed, kept_id)
