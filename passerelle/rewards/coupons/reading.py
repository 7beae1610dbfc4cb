"""From rows to values, and from a typed code to its coupon."""

from collections.abc import Mapping
from typing import Any, Final

from passerelle.kit.crypto import TenantKeys
from passerelle.kit.db import Tx
from passerelle.rewards.coupons import codes, guessing, queries
from passerelle.rewards.coupons.errors import CouponUnknown
from passerelle.rewards.coupons.models import CouponCampaignRow
from passerelle.rewards.coupons.terms import AfterPurchase, Terms
from passerelle.rewards.coupons.values import Campaign, Coupon, Redemption

_SEALED_FOR: Final = "coupons.code"
_INDEX_BYTES: Final = 16


def index_of(keys: TenantKeys, canonical: str) -> bytes:
    """Where a code is found: 128 bits that only this organization's key can compute."""
    return keys.blind_index("coupon", canonical)[:_INDEX_BYTES]


def seal(keys: TenantKeys, written: str) -> bytes:
    """A code as it is stored."""
    return keys.encrypt(written, _SEALED_FOR)


def unseal(keys: TenantKeys, sealed: bytes) -> str:
    """A code as it is written."""
    return keys.decrypt(sealed, _SEALED_FOR)


async def coupon_by_code(tx: Tx, typed: str) -> tuple[Campaign, Coupon]:
    """The coupon behind a code, looked up by its digest, so that the time it takes tells nothing of other codes.

    Raises TooManyAttempts, and CouponUnknown, which is counted.
    """
    await guessing.require_patience(tx)
    canonical = codes.canonical(typed)
    keys = await tx.vault.keys(tx)
    row = None
    if canonical is not None:
        row = await queries.find_coupon_by_code(tx, index_of(keys, canonical))
    if row is None:
        guessing.count_failure(tx)
        raise CouponUnknown
    return campaign_beside(row), coupon_of(keys, row)


def coupon_of(keys: TenantKeys, row: Any) -> Coupon:
    """The coupon of a row."""
    return Coupon(
        id=row["id"],
        campaign_id=row["campaign_id"],
        code=unseal(keys, row["code"]),
        customer_id=row["customer_id"],
        state=row["state"],
        uses=row["uses"],
        starts_at=row["starts_at"],
        expires_at=row["expires_at"],
        issued_at=row["issued_at"],
        purchase_id=row["purchase_id"],
        given_on=row["given_on"],
        withdrawn_at=row["withdrawn_at"],
    )


def campaign_beside(row: Any) -> Campaign:
    """The campaign of a row that joins it to its coupon."""
    return _campaign(
        {
            **row,
            "id": row["campaign_id"],
            "state": row["campaign_state"],
            "starts_at": row["campaign_starts_at"],
            "ends_at": row["campaign_ends_at"],
        }
    )


def campaign_of(row: CouponCampaignRow) -> Campaign:
    """The campaign of a row of the back office."""
    return _campaign(vars(row))


def redemption_of(row: Any) -> Redemption:
    """The redemption of a row."""
    return Redemption(**{**row, "spread": tuple(row["spread"])})


def _campaign(fields: Mapping[str, Any]) -> Campaign:
    return Campaign(
        id=fields["id"],
        name=fields["name"],
        names=fields["names"],
        state=fields["state"],
        program_id=fields["program_id"],
        currency=fields["currency"],
        time_zone=fields["time_zone"],
        starts_at=fields["starts_at"],
        ends_at=fields["ends_at"],
        ended_at=fields["ended_at"],
        pattern=codes.CodePattern(**fields["pattern"]),
        terms=Terms.model_validate(fields["terms"]),
        created_at=fields["created_at"],
        template_id=fields["template_id"],
        after_purchase=None
        if fields["after_purchase"] is None
        else AfterPurchase.model_validate(fields["after_purchase"]),
    )
