"""The verbs of coupons; with the modules that it gives out, the only writer of their tables."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from passerelle.customers import service as customers
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.i18n import Language
from passerelle.rewards.coupons import queries, rules
from passerelle.rewards.coupons.campaigns import (
    change_campaign,
    create_campaign,
    get_campaign,
    get_campaign_value,
    hold_campaign_design,
    list_campaigns,
    set_campaign_design,
)
from passerelle.rewards.coupons.errors import (
    CouponUnknown,
)
from passerelle.rewards.coupons.events import CouponExpired as CouponHasExpired
from passerelle.rewards.coupons.events import (
    CouponVoided,
)
from passerelle.rewards.coupons.giving import (
    give_after_claim,
    give_after_purchase,
    give_after_purchases,
    promise_after_purchase,
)
from passerelle.rewards.coupons.issuing import (
    find_handed_out,
    hand_out_coupon,
    issue_coupon,
    require_handing_out,
)
from passerelle.rewards.coupons.making import (
    cancel_batch,
    export_codes,
    generate_codes,
    get_batch,
    import_codes,
    list_batches,
    pattern_of_batch,
    prepare_codes,
    rows_of_csv,
    store_codes,
)
from passerelle.rewards.coupons.reading import (
    campaign_beside,
    campaign_of,
    coupon_by_code,
    coupon_of,
    redemption_of,
)
from passerelle.rewards.coupons.redeeming import (
    get_redemption,
    hold_coupon,
    quote_coupon,
    redeem_coupon,
    release_hold,
    undo_redemption,
    undo_redemption_by_id,
)
from passerelle.rewards.coupons.schemas import (
    CouponOut,
    FoundCouponOut,
    GivenCouponOut,
    HeldCouponOut,
    PromisedCouponOut,
    RedemptionOut,
)
from passerelle.rewards.coupons.values import Campaign, Coupon, CouponState, Promised, Redemption
from passerelle.rewards.coupons.withdrawing import withdraw_given, withdrawn_since
from passerelle.rewards.coupons.wording import FREE_ITEM, benefit_of, next_time

__all__ = [
    "FREE_ITEM",
    "benefit_of",
    "cancel_batch",
    "change_campaign",
    "coupon_by_code",
    "coupon_out",
    "coupon_state",
    "coupons_among",
    "create_campaign",
    "expire_coupons",
    "export_codes",
    "find_code",
    "find_handed_out",
    "forget_customer",
    "found_coupon_out",
    "generate_codes",
    "get_batch",
    "get_campaign",
    "get_campaign_value",
    "get_coupon",
    "get_redemption",
    "give_after_claim",
    "give_after_purchase",
    "give_after_purchases",
    "given_coupon_out",
    "hand_out_coupon",
    "held_coupon_out",
    "hold_campaign_design",
    "hold_coupon",
    "import_codes",
    "issue_coupon",
    "list_batches",
    "list_campaign_redemptions",
    "list_campaigns",
    "list_codes",
    "list_coupons_of",
    "list_redemptions",
    "pattern_of_batch",
    "prepare_codes",
    "promise_after_purchase",
    "promised_coupon_out",
    "quote_coupon",
    "redeem_coupon",
    "release_hold",
    "require_handing_out",
    "rows_of_csv",
    "set_campaign_design",
    "store_codes",
    "undo_redemption",
    "undo_redemption_by_id",
    "void_coupon",
    "window_of",
    "withdraw_given",
    "withdrawn_since",
]

_LAST_USES: Final = 20


async def get_coupon(tx: Tx, coupon_id: UUID) -> tuple[Campaign, Coupon]:
    """A coupon by its id; raises CouponUnknown."""
    found = await coupons_among(tx, [coupon_id])
    if coupon_id not in found:
        raise CouponUnknown
    return found[coupon_id]


async def coupons_among(tx: Tx, coupon_ids: Sequence[UUID]) -> dict[UUID, tuple[Campaign, Coupon]]:
    """Coupons by their ids, in one statement; unknown ids are left out."""
    keys = await tx.vault.keys(tx)
    rows = await queries.list_coupons_by_id(tx, coupon_ids)
    return {row["id"]: (campaign_beside(row), coupon_of(keys, row)) for row in rows}


async def void_coupon(tx: Tx, code: str) -> tuple[Campaign, Coupon]:
    """Block a code for good; harmless when it is blocked. Raises CouponUnknown, TooManyAttempts."""
    campaign, coupon = await coupon_by_code(tx, code)
    if coupon.state != "voided":
        await tx.execute(queries.VOID, tx.organization_id, coupon.id)
        await announce(tx, CouponVoided(coupon_id=coupon.id, campaign_id=campaign.id, customer_id=coupon.customer_id))
    row = await queries.get_coupon(tx, coupon.id)
    return campaign, coupon_of(await tx.vault.keys(tx), row)


async def list_codes(tx: Tx, campaign_id: UUID, before: UUID, limit: int) -> list[CouponOut]:
    """Codes of a campaign, newest first; raises CampaignNotFound."""
    campaign = campaign_of(await queries.get_campaign(tx, campaign_id))
    keys = await tx.vault.keys(tx)
    rows = await queries.list_coupons(tx, campaign_id, before, limit)
    return [coupon_out(campaign, coupon_of(keys, row)) for row in rows]


async def list_coupons_of(tx: Tx, customer_id: UUID, before: UUID, limit: int) -> list[tuple[Campaign, Coupon]]:
    """What was issued to a customer, newest first, used and ended ones, too.

    Raises CustomerNotFound, CustomerGone.
    """
    await customers.require_customer(tx, customer_id)
    keys = await tx.vault.keys(tx)
    rows = await queries.list_coupons_of_customer(tx, customer_id, before, limit)
    return [(campaign_beside(row), coupon_of(keys, row)) for row in rows]


async def list_redemptions(
    tx: Tx, before: UUID, limit: int, *, customer_id: UUID | None = None, campaign_id: UUID | None = None
) -> list[Redemption]:
    """Uses by a customer or of a campaign, newest first, those given back, too."""
    rows = await queries.list_redemptions(tx, before, limit, customer_id=customer_id, campaign_id=campaign_id)
    return [redemption_of(row) for row in rows]


async def find_code(tx: Tx, code: str) -> tuple[Campaign, Coupon, list[Redemption]]:
    """The coupon behind a code with its last uses; raises CouponUnknown, TooManyAttempts."""
    campaign, coupon = await coupon_by_code(tx, code)
    rows = await queries.redemptions_of_coupon(tx, coupon.id, _LAST_USES)
    return campaign, coupon, [redemption_of(row) for row in rows]


async def list_campaign_redemptions(
    tx: Tx, campaign_id: UUID, before: UUID, limit: int
) -> list[tuple[Campaign, Redemption]]:
    """Uses of a campaign's codes, newest first, those given back, too; raises CampaignNotFound."""
    campaign = campaign_of(await queries.get_campaign(tx, campaign_id))
    return [(campaign, each) for each in await list_redemptions(tx, before, limit, campaign_id=campaign_id)]


async def expire_coupons(tx: Tx) -> None:
    """Tell of coupons that customers held and whose time is over; a till refuses them from the instant itself."""
    for row in await tx.fetch(queries.EXPIRE, tx.organization_id, clock.now()):
        await announce(
            tx,
            CouponHasExpired(coupon_id=row["id"], campaign_id=row["campaign_id"], customer_id=row["customer_id"]),
        )


async def forget_customer(tx: Tx, customer_id: UUID) -> None:
    """Block the coupons that somebody who is erased still held."""
    for row in await tx.fetch(queries.VOID_OF_CUSTOMER, tx.organization_id, customer_id):
        await announce(tx, CouponVoided(coupon_id=row["id"], campaign_id=row["campaign_id"], customer_id=customer_id))


async def promised_coupon_out(tx: Tx, promised: Promised, language: Language) -> PromisedCouponOut:
    """What a purchase would give, for a reader."""
    return PromisedCouponOut(**await _given_fields(tx, promised.campaign, promised, language))


async def given_coupon_out(tx: Tx, campaign: Campaign, coupon: Coupon, language: Language) -> GivenCouponOut:
    """What a purchase gave, for a reader."""
    fields = await _given_fields(tx, campaign, coupon, language)
    return GivenCouponOut(**fields, coupon_id=coupon.id, code=coupon.code)


def window_of(campaign: Campaign, coupon: Coupon) -> tuple[datetime | None, datetime | None]:
    """``[starts, ends)`` of a code."""
    return rules.window(campaign, coupon)


def coupon_state(campaign: Campaign, coupon: Coupon) -> CouponState:
    """What a code is now, for people to read."""
    return rules.state_of(campaign, coupon, clock.now())


def coupon_out(campaign: Campaign, coupon: Coupon) -> CouponOut:
    """A code on the wire."""
    return CouponOut(**_coupon_fields(campaign, coupon))


def found_coupon_out(
    campaign: Campaign, coupon: Coupon, redemptions: list[Redemption], language: Language
) -> FoundCouponOut:
    """A code on the wire with its last uses."""
    uses = [RedemptionOut.of(campaign, each, language) for each in redemptions]
    return FoundCouponOut(**dict(held_coupon_out(campaign, coupon, language)), redemptions=uses)


def held_coupon_out(campaign: Campaign, coupon: Coupon, language: str) -> HeldCouponOut:
    """A code on the wire with what it gives."""
    return HeldCouponOut(
        **_coupon_fields(campaign, coupon),
        name=campaign.name_in(language),
        effect=campaign.terms.effect,
        uses_per_code=campaign.terms.uses_per_code,
    )


async def _given_fields(tx: Tx, campaign: Campaign, one: Coupon | Promised, language: Language) -> dict[str, Any]:
    starts_at, expires_at = rules.window(campaign, one)
    benefit = await benefit_of(tx, campaign, language)
    return {
        "campaign_id": campaign.id,
        "name": campaign.name_in(language),
        "effect": campaign.terms.effect,
        "benefit": benefit,
        "starts_at": starts_at,
        "expires_at": expires_at,
        "text": next_time(benefit, (starts_at, expires_at), campaign.time_zone, language),
    }


def _coupon_fields(campaign: Campaign, coupon: Coupon) -> dict[str, Any]:
    starts_at, expires_at = rules.window(campaign, coupon)
    return {
        "id": coupon.id,
        "campaign_id": coupon.campaign_id,
        "code": coupon.code,
        "customer_id": coupon.customer_id,
        "state": rules.state_of(campaign, coupon, clock.now()),
        "uses": coupon.uses,
        "starts_at": starts_at,
        "expires_at": expires_at,
        "issued_at": coupon.issued_at,
        "purchase_id": coupon.purchase_id,
        "given_on": coupon.given_on,
    }
