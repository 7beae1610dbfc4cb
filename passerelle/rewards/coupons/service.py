"""The verbs of coupons: campaigns, and codes for one customer; with ``redeeming`` and ``making`` the only writer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from passerelle.customers import service as customers
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.errors import InvalidInput
from passerelle.kit.events import announce
from passerelle.kit.i18n import Language
from passerelle.kit.ids import new_id
from passerelle.organizations import service as organizations
from passerelle.programs import service as programs
from passerelle.programs.errors import UnitNotFound, UnitNotNamed
from passerelle.programs.schemas import Program, require_window
from passerelle.rewards.coupons import queries, rules
from passerelle.rewards.coupons.errors import (
    CampaignStateRefused,
    CouponUnknown,
    HoursOverlap,
    ProgramNeeded,
    TooManyCampaigns,
)
from passerelle.rewards.coupons.events import (
    CouponCampaignChanged,
    CouponCampaignCreated,
    CouponVoided,
)
from passerelle.rewards.coupons.events import CouponExpired as CouponHasExpired
from passerelle.rewards.coupons.giving import (
    give_after_claim,
    give_after_purchase,
    give_after_purchases,
    promise_after_purchase,
    remember_anew,
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
    require_strength,
    rows_of_csv,
    store_codes,
)
from passerelle.rewards.coupons.models import CouponCampaignRow
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
    CampaignChange,
    CampaignIn,
    CampaignOut,
    CouponOut,
    FoundCouponOut,
    GivenCouponOut,
    HeldCouponOut,
    PromisedCouponOut,
    RedemptionOut,
)
from passerelle.rewards.coupons.terms import AfterPurchase, GrantUnits, Terms
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

MAX_CAMPAIGNS: Final = 1_000
_LAST_USES: Final = 20


async def create_campaign(tx: Tx, new: CampaignIn) -> CampaignOut:
    """Open a campaign; raises TooManyCampaigns, PatternTooWeak, ProgramNotFound, ProgramNeeded, UnitNotFound,
    UnitNotNamed, LocationNotFound, HoursOverlap, InvalidInput.
    """
    if await queries.count_open_campaigns(tx) >= MAX_CAMPAIGNS:
        raise TooManyCampaigns(limit=MAX_CAMPAIGNS)
    require_strength(new.pattern, 1)
    program = await programs.get_program(tx, new.program_id) if new.program_id is not None else None
    await _require_sound(tx, new.terms, program)
    if new.after_purchase is not None:
        await _require_reachable(tx, new.name, new.after_purchase, program)
    home: Any = program or await organizations.get_organization(tx)
    row = CouponCampaignRow(
        organization_id=tx.organization_id,
        id=new_id(),
        currency=home.currency,
        time_zone=home.time_zone,
        pattern=new.pattern.model_dump(),
        terms=new.terms.model_dump(mode="json"),
        after_purchase=_kept(new.after_purchase),
        codes=0,
        given=0,
        created_at=clock.now(),
        **new.model_dump(include={"name", "names", "state", "program_id", "starts_at", "ends_at", "template_id"}),
    )
    tx.session.add(row)
    await tx.flush()
    if row.after_purchase is not None:
        await remember_anew(tx, row.program_id)
    await announce(tx, CouponCampaignCreated(campaign_id=row.id))
    return _out(row)


async def change_campaign(tx: Tx, campaign_id: UUID, change: CampaignChange) -> CampaignOut:
    """Change what was given; waits for uses under way, and counts anew when limits changed.

    Raises CampaignNotFound, CampaignStateRefused, and as ``create_campaign``.
    """
    row = await queries.get_campaign(tx, campaign_id, for_update=True)
    gave = row.after_purchase is not None
    if change.state is not None:
        if not rules.may_become(row.state, change.state):  # type: ignore[arg-type]  # the database checks the states
            raise CampaignStateRefused(state=row.state, wanted=change.state)
        row.state = change.state
        row.ended_at = row.ended_at or (clock.now() if change.state == "ended" else None)
    given = change.model_dump(exclude_unset=True, include={"name", "names", "starts_at", "ends_at", "template_id"})
    for name, value in given.items():
        if value is not None or name in {"starts_at", "ends_at", "template_id"}:
            setattr(row, name, value)
    if change.pattern is not None:
        require_strength(change.pattern, 1)
        row.pattern = change.pattern.model_dump()
    if change.terms is not None:
        await _change_terms(tx, row, change.terms)
    if "after_purchase" in change.model_fields_set:
        await _change_giving(tx, row, change.after_purchase)
    try:
        require_window(row.starts_at, row.ends_at)
    except ValueError as fault:
        raise InvalidInput(detail=str(fault)) from None
    await tx.flush()
    if gave or row.after_purchase is not None:
        await remember_anew(tx, row.program_id)
    fields = tuple(sorted(change.model_fields_set))
    await announce(tx, CouponCampaignChanged(campaign_id=row.id, fields=fields))
    return _out(row)


async def get_campaign(tx: Tx, campaign_id: UUID) -> CampaignOut:
    """A campaign; raises CampaignNotFound."""
    return _out(await queries.get_campaign(tx, campaign_id))


async def list_campaigns(tx: Tx, before: UUID, limit: int) -> list[CampaignOut]:
    """Campaigns, newest first."""
    return [_out(row) for row in await queries.list_campaigns(tx, before, limit)]


async def get_campaign_value(tx: Tx, campaign_id: UUID) -> Campaign:
    """A campaign as services pass it; raises CampaignNotFound."""
    return campaign_of(await queries.get_campaign(tx, campaign_id))


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


async def hold_campaign_design(tx: Tx, campaign_id: UUID) -> Campaign:
    """A campaign whose design is about to be made: held, but in nobody's way who uses one of its codes."""
    return campaign_of(await queries.campaign_to_count(tx, campaign_id))


async def set_campaign_design(tx: Tx, campaign_id: UUID, template_id: UUID) -> None:
    """The design of the campaign's cards from now on; raises CampaignNotFound."""
    row = await queries.campaign_to_count(tx, campaign_id)
    row.template_id = template_id
    await tx.flush()
    await announce(tx, CouponCampaignChanged(campaign_id=campaign_id, fields=("template_id",)))


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


async def _change_terms(tx: Tx, row: CouponCampaignRow, terms: Terms) -> None:
    program = await programs.get_program(tx, row.program_id) if row.program_id is not None else None
    await _require_sound(tx, terms, program)
    before = Terms.model_validate(row.terms)
    row.terms = terms.model_dump(mode="json")
    if terms.limits == before.limits:
        return
    place = (tx.organization_id, row.id)
    await tx.execute(queries.FORGET_COUNTS, *place)
    for limit in terms.limits:
        await tx.execute(queries.RECOUNT, *place, limit.period, limit.of == "customer", row.time_zone)


async def _change_giving(tx: Tx, row: CouponCampaignRow, after: AfterPurchase | None) -> None:
    """What is given after purchases from now on; a stock counts what was given before."""
    if after is not None:
        program = await programs.get_program(tx, row.program_id) if row.program_id is not None else None
        await _require_reachable(tx, row.name, after, program)
        if after.stock is not None:
            row.given = await tx.fetchval(queries.COUNT_GIVEN, tx.organization_id, row.id)
    row.after_purchase = _kept(after)


def _kept(after: AfterPurchase | None) -> dict[str, Any] | None:
    return None if after is None else after.model_dump(mode="json", by_alias=True, exclude_defaults=True)


async def _require_reachable(tx: Tx, name: str, after: AfterPurchase, program: Program | None) -> None:
    """Places exist, and tiers are those of the program. Raises LocationNotFound, ProgramNeeded, RuleContradicts."""
    if after.conditions.tiers and program is None:
        raise ProgramNeeded
    if program is not None:
        await programs.require_references(tx, program.id, [(name, after.conditions)])
    for location_id in after.conditions.locations or ():
        await organizations.get_location(tx, location_id)


async def _require_sound(tx: Tx, terms: Terms, program: Program | None) -> None:
    """Places exist, units are those of the program, hours do not overlap, and every limit can be reached."""
    pair = rules.overlapping(terms.conditions.hours)
    if pair is not None:
        one, other = (f"{each.opens}\N{EN DASH}{each.closes}" for each in pair)
        raise HoursOverlap(one=one, other=other)
    fault = rules.unreachable(terms.limits)
    if fault is not None:
        raise InvalidInput(detail=fault)
    for location_id in terms.conditions.location_ids:
        await organizations.get_location(tx, location_id)
    if not isinstance(terms.effect, GrantUnits):
        return
    if program is None:
        raise ProgramNeeded
    if program.find_unit(terms.effect.unit) is None:
        if terms.effect.unit is None:
            raise UnitNotNamed(units=", ".join(known.code for known in program.units) or "—")
        raise UnitNotFound


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


def _out(row: CouponCampaignRow) -> CampaignOut:
    out = CampaignOut.model_validate(row, from_attributes=True)
    has_stock = out.after_purchase is not None and out.after_purchase.stock is not None
    return out if has_stock else out.model_copy(update={"given": None})
