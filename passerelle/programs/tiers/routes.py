"""HTTP of tier sets and of the tiers that members hold."""

from typing import Annotated

from fastapi import Query, Request

from passerelle.kit.db import Tx
from passerelle.kit.web import Router, allow, language_of, refusals
from passerelle.kit.wire import Cursor, Page, PageSize, after, cursor_of
from passerelle.programs.errors import MembershipNotFound, ProgramNotFound, UnitNotFound, UnitNotNamed
from passerelle.programs.schemas import MembershipId, ProgramId
from passerelle.programs.tiers import answers, service
from passerelle.programs.tiers.dry_run import dry_run as run_dry
from passerelle.programs.tiers.errors import (
    TierNamesEqual,
    TierNotFound,
    TierSetNotFound,
    TierSetProgramFixed,
    TiersNotSorted,
    TierThresholdsEqual,
    TierValidityUnfit,
    TierWindowUnfit,
    TooManyTierSets,
)
from passerelle.programs.tiers.schemas import (
    AssignmentIn,
    DryRunOut,
    MemberTierOut,
    MemberTiersOut,
    ReleaseIn,
    TierSetId,
    TierSetIn,
    TierSetOut,
)

router = Router(prefix="/api/v1", tags=["tiers"])
_UNSOUND = (
    UnitNotNamed,
    UnitNotFound,
    TierThresholdsEqual,
    TiersNotSorted,
    TierNamesEqual,
    TierWindowUnfit,
    TierValidityUnfit,
)
_UNFIT = (TierSetNotFound, TierNotFound, TierSetProgramFixed, *_UNSOUND)


@router.post("/tier-sets", status_code=201, responses=refusals(ProgramNotFound, TooManyTierSets, *_UNSOUND))
async def create_tier_set(
    body: TierSetIn, request: Request, tx: Annotated[Tx, allow("programs:write")]
) -> TierSetOut:
    """Open a tier set; members of the program are placed soon after, and ``left`` says how many are not yet."""
    return await answers.tier_set_out(tx, await service.create_tier_set(tx, body), language_of(request))


@router.get("/tier-sets", responses=refusals())
async def list_tier_sets(
    request: Request,
    tx: Annotated[Tx, allow("programs:read")],
    program_id: Annotated[ProgramId | None, Query()] = None,
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> Page[TierSetOut]:
    """Tier sets, newest first."""
    sets = await service.list_tier_sets(tx, program_id, after(cursor), limit)
    items = await answers.tier_sets_out(tx, sets, language_of(request))
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.get("/tier-sets/{tier_set_id}", responses=refusals(TierSetNotFound))
async def get_tier_set(
    tier_set_id: TierSetId, request: Request, tx: Annotated[Tx, allow("programs:read")]
) -> TierSetOut:
    """One tier set, with the number of members that its last change is still to be applied to."""
    return await answers.tier_set_out(tx, await service.get_tier_set(tx, tier_set_id), language_of(request))


@router.put("/tier-sets/{tier_set_id}", responses=refusals(*_UNFIT))
async def change_tier_set(
    tier_set_id: TierSetId, body: TierSetIn, request: Request, tx: Annotated[Tx, allow("programs:write")]
) -> TierSetOut:
    """Save a whole definition; try it with the dry run first."""
    return await answers.tier_set_out(tx, await service.change_tier_set(tx, tier_set_id, body), language_of(request))


@router.delete("/tier-sets/{tier_set_id}", status_code=204, responses=refusals(TierSetNotFound))
async def remove_tier_set(tier_set_id: TierSetId, tx: Annotated[Tx, allow("programs:write")]) -> None:
    """Take a tier set away; its members lose their tiers of it."""
    await service.remove_tier_set(tx, tier_set_id)


@router.post("/tier-sets/{tier_set_id}/dry-run", responses=refusals(*_UNFIT))
async def dry_run(tier_set_id: TierSetId, body: TierSetIn, tx: Annotated[Tx, allow("programs:read")]) -> DryRunOut:
    """How many members would go up or down if this were saved and applied at once; writes nothing."""
    return await run_dry(tx, tier_set_id, body)


@router.get("/members/{membership_id}/tiers", responses=refusals(MembershipNotFound))
async def member_tiers(
    membership_id: MembershipId, request: Request, tx: Annotated[Tx, allow("ledger:read")]
) -> MemberTiersOut:
    """The tiers of a member: held until when, what is missing for the next one, and the last changes."""
    return await answers.member_tiers_out(tx, membership_id, language_of(request))


@router.put(
    "/members/{membership_id}/tiers/{tier_set_id}",
    responses=refusals(MembershipNotFound, TierSetNotFound, TierNotFound),
)
async def assign_tier(
    membership_id: MembershipId,
    tier_set_id: TierSetId,
    body: AssignmentIn,
    request: Request,
    tx: Annotated[Tx, allow("ledger:adjust")],
) -> MemberTierOut:
    """Give a member a tier by hand, or lock the one they hold."""
    return MemberTierOut.of(await service.assign_tier(tx, membership_id, tier_set_id, body), language_of(request))


@router.post(
    "/members/{membership_id}/tiers/{tier_set_id}/release", responses=refusals(MembershipNotFound, TierSetNotFound)
)
async def release_tier(
    membership_id: MembershipId,
    tier_set_id: TierSetId,
    body: ReleaseIn,
    request: Request,
    tx: Annotated[Tx, allow("ledger:adjust")],
) -> MemberTierOut:
    """End the lock on a member's tier; it is then kept or lost like any other."""
    member = await service.release_tier(tx, membership_id, tier_set_id, body.reason)
    return MemberTierOut.of(member, language_of(request))
