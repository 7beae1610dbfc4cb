"""What coupons hold of a person: codes that were issued to them, and codes that they used.

After erasure the rows stay under the pseudonym; codes they still held are blocked.
"""

from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.kit.ids import ABOVE_ALL
from passerelle.rewards.coupons import queries, service

tables: Final = frozenset({"coupons", "coupon_redemptions", "coupon_counts"})
_NOT_TOLD: Final = frozenset({"request_digest", "basket_digest"})
_PAGE: Final = 200


async def export(tx: Tx, customer_id: UUID) -> dict[str, Any]:
    """Every coupon issued to them and every use, newest first; counts only repeat the uses."""
    issued: list[dict[str, Any]] = []
    before = ABOVE_ALL
    while coupons := await service.list_coupons_of(tx, customer_id, before, _PAGE):
        issued += [{"campaign": campaign.name, **asdict(coupon)} for campaign, coupon in coupons]
        before = coupons[-1][1].id
    used: list[dict[str, Any]] = []
    before = ABOVE_ALL
    while page := await service.list_redemptions(tx, before, _PAGE, customer_id=customer_id):
        used += [{name: value for name, value in asdict(one).items() if name not in _NOT_TOLD} for one in page]
        before = page[-1].id
    return {"coupons": issued, "coupon_redemptions": used}


async def erase(tx: Tx, customer_id: UUID) -> None:
    """Block the codes they still held; nothing else here tells who somebody is."""
    await service.forget_customer(tx, customer_id)


async def merge(tx: Tx, kept_id: UUID, merged_id: UUID) -> None:
    """What both were given and used, one person was and did, for the limits of campaigns as well."""
    for statement in queries.MERGE:
        await tx.execute(statement, tx.organization_id, kept_id, merged_id)
