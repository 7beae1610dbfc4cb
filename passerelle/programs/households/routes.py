"""HTTP of households."""

from typing import Annotated, Final

from fastapi import Request, Response

from passerelle.kit.db import Tx
from passerelle.kit.errors import Refusal
from passerelle.kit.web import Router, allow, language_of, refusals
from passerelle.programs.errors import ACTING_REFUSALS, MembershipNotFound
from passerelle.programs.households import service
from passerelle.programs.households.errors import (
    AlreadyInHousehold,
    HeadMustBeAdult,
    HouseholdCodeNotFound,
    HouseholdFull,
    HouseholdNotFound,
    HouseholdsNotOffered,
    NotInHousehold,
)
from passerelle.programs.households.schemas import (
    HouseholdChange,
    HouseholdId,
    HouseholdIn,
    HouseholdOut,
    JoinIn,
    RoleIn,
)
from passerelle.programs.schemas import MembershipId

router = Router(prefix="/api/v1", tags=["households"])
Writer = Annotated[Tx, allow("customers:write")]
_OF_MEMBERS: Final[tuple[type[Refusal], ...]] = (
    MembershipNotFound,
    *ACTING_REFUSALS,
    HouseholdsNotOffered,
    AlreadyInHousehold,
)


@router.post("/members/{membership_id}/household", status_code=201, responses=refusals(*_OF_MEMBERS))
async def create_household(
    membership_id: MembershipId, body: HouseholdIn, request: Request, tx: Writer
) -> HouseholdOut:
    """Open a household with this member as its head; its code invites others."""
    return HouseholdOut.of(await service.create_household(tx, membership_id, body.name), language_of(request))


@router.post(
    "/members/{membership_id}/household/join", responses=refusals(*_OF_MEMBERS, HouseholdCodeNotFound, HouseholdFull)
)
async def join_household(membership_id: MembershipId, body: JoinIn, request: Request, tx: Writer) -> HouseholdOut:
    """Accept an invitation by its code."""
    joined = await service.join_household(tx, membership_id, body.code, body.role)
    return HouseholdOut.of(joined, language_of(request))


@router.post(
    "/members/{membership_id}/household/leave",
    status_code=204,
    response_class=Response,
    responses=refusals(MembershipNotFound, NotInHousehold),
)
async def leave_household(membership_id: MembershipId, tx: Writer) -> None:
    """Take a member out; what they have stays theirs or goes to the head, as the program says."""
    await service.leave_household(tx, membership_id)


@router.get("/households/{household_id}", responses=refusals(HouseholdNotFound))
async def get_household(
    household_id: HouseholdId, request: Request, tx: Annotated[Tx, allow("customers:read")]
) -> HouseholdOut:
    """A household with its members and what they have together."""
    return HouseholdOut.of(await service.get_household(tx, household_id), language_of(request))


@router.patch("/households/{household_id}", responses=refusals(HouseholdNotFound, NotInHousehold, HeadMustBeAdult))
async def change_household(
    household_id: HouseholdId, body: HouseholdChange, request: Request, tx: Writer
) -> HouseholdOut:
    """Give another name, head or code."""
    return HouseholdOut.of(await service.change_household(tx, household_id, body), language_of(request))


@router.patch(
    "/households/{household_id}/members/{membership_id}",
    responses=refusals(HouseholdNotFound, NotInHousehold, HeadMustBeAdult),
)
async def change_role(
    household_id: HouseholdId, membership_id: MembershipId, body: RoleIn, request: Request, tx: Writer
) -> HouseholdOut:
    """Make a child an adult, or the other way round."""
    changed = await service.change_role(tx, household_id, membership_id, body.role)
    return HouseholdOut.of(changed, language_of(request))
