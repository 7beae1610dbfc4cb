"""Campaigns: what their codes give, when, and whether purchases give them. Part of the public door, service.py."""

from typing import Any, Final
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.errors import InvalidInput
from passerelle.kit.events import announce
from passerelle.kit.ids import new_id
from passerelle.organizations import service as organizations
from passerelle.programs import service as programs
from passerelle.programs.errors import UnitNotFound, UnitNotNamed
from passerelle.programs.schemas import Program, require_window
from passerelle.rewards.coupons import queries, rules
from passerelle.rewards.coupons.errors import CampaignStateRefused, HoursOverlap, ProgramNeeded, TooManyCampaigns
from passerelle.rewards.coupons.events import CouponCampaignChanged, CouponCampaignCreated
from passerelle.rewards.coupons.giving import remember_anew
from passerelle.rewards.coupons.making import require_strength
from passerelle.rewards.coupons.models import CouponCampaignRow
from passerelle.rewards.coupons.reading import campaign_of
from passerelle.rewards.coupons.schemas import CampaignChange, CampaignIn, CampaignOut
from passerelle.rewards.coupons.terms import AfterPurchase, GrantUnits, Terms
from passerelle.rewards.coupons.values import Campaign

MAX_CAMPAIGNS: Final = 1_000


async def create_campaign(tx: Tx, new: CampaignIn) -> CampaignOut:
    """Open a campaign; raises TooManyCampaigns, PatternTooWeak, ProgramNotFound, ProgramNeeded, UnitNotFound,
    UnitNotNamed, LocationNotFound, RuleContradicts, HoursOverlap, InvalidInput.
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


async def hold_campaign_design(tx: Tx, campaign_id: UUID) -> Campaign:
    """A campaign whose design is about to be made: held, but in nobody's way who uses one of its codes."""
    return campaign_of(await queries.campaign_to_count(tx, campaign_id))


async def set_campaign_design(tx: Tx, campaign_id: UUID, template_id: UUID) -> None:
    """The design of the campaign's cards from now on; raises CampaignNotFound."""
    row = await queries.campaign_to_count(tx, campaign_id)
    row.template_id = template_id
    await tx.flush()
    await announce(tx, CouponCampaignChanged(campaign_id=campaign_id, fields=("template_id",)))


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


def _out(row: CouponCampaignRow) -> CampaignOut:
    out = CampaignOut.model_validate(row, from_attributes=True)
    has_stock = out.after_purchase is not None and out.after_purchase.stock is not None
    return out if has_stock else out.model_copy(update={"given": None})
