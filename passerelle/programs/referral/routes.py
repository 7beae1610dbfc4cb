"""HTTP of referral."""

from typing import Annotated

from fastapi import Depends

from passerelle.kit.db import Tx
from passerelle.kit.ids import encode
from passerelle.kit.web import Edge, Router, allow, edge, refusals
from passerelle.kit.wire import Cursor, Page, PageSize, after, cursor_of
from passerelle.programs.errors import MembershipNotFound, ProgramNotFound
from passerelle.programs.referral import service
from passerelle.programs.referral.errors import ReferralNotOffered
from passerelle.programs.referral.schemas import ReferralCodeOut, ReferralFigures, ReferralOut
from passerelle.programs.schemas import MembershipId, ProgramId

router = Router(prefix="/api/v1", tags=["referral"])


@router.post("/members/{membership_id}/referral-code", responses=refusals(MembershipNotFound, ReferralNotOffered))
async def give_code(
    membership_id: MembershipId, at: Annotated[Edge, Depends(edge)], tx: Annotated[Tx, allow("customers:write")]
) -> ReferralCodeOut:
    """A member's code and link to share; made the first time, the same ever after."""
    program, code = await service.give_code(tx, membership_id)
    url = at.settings.url(f"/join/{encode('prg', program.id)}?ref={code}")
    figures = await service.member_figures(tx, membership_id)
    return ReferralCodeOut(membership_id=membership_id, code=code, url=url, figures=figures)


@router.get("/members/{membership_id}/referrals", responses=refusals(MembershipNotFound))
async def list_of_member(
    membership_id: MembershipId,
    tx: Annotated[Tx, allow("customers:read")],
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> Page[ReferralOut]:
    """Friends whom a member brought, newest first, with how far they got and why not farther."""
    found = await service.list_of_member(tx, membership_id, after(cursor), limit)
    items = [ReferralOut.model_validate(referral) for referral in found]
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.get("/programs/{program_id}/referrals", responses=refusals(ProgramNotFound))
async def list_of_program(
    program_id: ProgramId, tx: Annotated[Tx, allow("customers:read")], limit: PageSize = 50, cursor: Cursor = None
) -> Page[ReferralOut]:
    """Referrals of a program, newest first."""
    found = await service.list_of_program(tx, program_id, after(cursor), limit)
    items = [ReferralOut.model_validate(referral) for referral in found]
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.get("/programs/{program_id}/referrals/figures", responses=refusals(ProgramNotFound))
async def program_figures(program_id: ProgramId, tx: Annotated[Tx, allow("ledger:read")]) -> ReferralFigures:
    """How many friends got how far, and what it cost in units."""
    return await service.program_figures(tx, program_id)
