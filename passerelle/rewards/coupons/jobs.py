"""What coupons do without HTTP: make codes, give lapsed holds back, tell of coupons that ended.

And what follows from a purchase that is taken back; wiring.py says which facts are heard.
"""

import asyncio
from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.kit.jobs import JobKind, Work, organization_of
from passerelle.purchases.events import PurchaseRefunded, PurchaseVoided
from passerelle.rewards.coupons import making, redeeming, service, withdrawing

_TIMEOUT_MS: Final = 60_000


async def generate_codes(work: Work, payload: dict[str, Any]) -> None:
    """Make the codes of a batch, chunk by chunk; the next chunk is prepared while the last one is stored."""
    organization_id, batch_id = organization_of(payload), UUID(payload["batch_id"])
    async with work.database.transaction(organization_id) as tx:
        pattern, missing = await service.pattern_of_batch(tx, batch_id)
        keys = await tx.vault.keys(tx)
    if missing == 0:
        return

    async def prepare(count: int) -> making.Prepared:
        return await asyncio.to_thread(service.prepare_codes, keys, pattern, min(making.CHUNK, max(1, count)))

    prepared = await prepare(missing)
    while missing:
        following = asyncio.create_task(prepare(missing - making.CHUNK))
        try:
            async with work.database.transaction(organization_id, timeout_ms=_TIMEOUT_MS) as tx:
                missing = await service.store_codes(tx, batch_id, prepared)
        finally:
            prepared = await following


async def release_hold(work: Work, payload: dict[str, Any]) -> None:
    """Give back the use of a hold whose time is over; until then it is left out of every count."""
    async with work.database.transaction(organization_of(payload)) as tx:
        await service.release_hold(tx, UUID(payload["redemption_id"]))


async def on_purchase_taken_back(tx: Tx, told: PurchaseVoided | PurchaseRefunded) -> None:
    """Codes that a purchase gave go with it."""
    await service.withdraw_given(tx, told.purchase_id)


async def withdraw_given(work: Work, payload: dict[str, Any]) -> None:
    """The same for codes that somebody was using at that moment."""
    async with work.database.transaction(organization_of(payload)) as tx:
        await service.withdraw_given(tx, UUID(payload["purchase_id"]), waits=True)


async def expire_coupons(work: Work, payload: dict[str, Any]) -> None:
    """Tell of coupons that customers held and whose time is over."""
    async with work.database.transaction(organization_of(payload), timeout_ms=_TIMEOUT_MS) as tx:
        await service.expire_coupons(tx)


GENERATE: Final = JobKind(making.GENERATE, generate_codes)
RELEASE_HOLD: Final = JobKind(redeeming.RELEASE_HOLD, release_hold)
WITHDRAW: Final = JobKind(withdrawing.WITHDRAW, withdraw_given)
EXPIRE: Final = JobKind("coupons.expire", expire_coupons, schedule="7 * * * *")
