"""What privacy itself holds of a person: what they consented to."""

from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.privacy import service

tables: Final = frozenset({"consents", "consent_evidence"})


async def export(tx: Tx, customer_id: UUID) -> dict[str, Any]:
    """Every consent and withdrawal with its wording, newest first."""
    return {"consents": await service.all_consents(tx, customer_id)}


async def erase(tx: Tx, customer_id: UUID) -> None:
    """End every consent, keep the pseudonymous records, delete the evidence."""
    await service.withdraw_for_erasure(tx, customer_id)


async def merge(tx: Tx, kept_id: UUID, merged_id: UUID) -> None:
    """What both said, one person said; the last word counts, whoever's entry it was recorded under."""
    await service.repeat_consents(tx, kept_id, merged_id)
