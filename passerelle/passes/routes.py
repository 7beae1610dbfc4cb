"""HTTP of passes."""

from typing import Annotated

from fastapi import Query

from passerelle.customers.schemas import CustomerId
from passerelle.kit.db import Tx
from passerelle.kit.web import Router, allow, refusals
from passerelle.kit.wire import Cursor, Page, PageSize, after, cursor_of
from passerelle.passes import service
from passerelle.passes.errors import PassNotFound, ProgramHasNoTemplate
from passerelle.passes.schemas import IssuePass, PassDetail, PassId, PassOut, Revocation
from passerelle.programs.errors import MembershipNotFound
from passerelle.programs.schemas import ProgramId

router = Router(prefix="/api/v1", tags=["passes"])


@router.post("/passes", status_code=201, responses=refusals(MembershipNotFound, ProgramHasNoTemplate))
async def issue_pass(body: IssuePass, tx: Annotated[Tx, allow("passes:write")]) -> PassDetail:
    """The card of a member; the one there is when it was issued before."""
    card = await service.issue_pass(tx, body.membership_id)
    return await service.get_pass(tx, card.id)


@router.get("/passes", responses=refusals())
async def list_passes(
    tx: Annotated[Tx, allow("passes:read")],
    customer_id: Annotated[CustomerId | None, Query(description="Only this customer's.")] = None,
    program_id: Annotated[ProgramId | None, Query(description="Only those of this program.")] = None,
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> Page[PassOut]:
    """Cards with the number of wallets that hold them, newest first."""
    items = await service.list_passes(tx, after(cursor), limit, customer_id=customer_id, program_id=program_id)
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.get("/passes/{pass_id}", responses=refusals(PassNotFound))
async def get_pass(pass_id: PassId, tx: Annotated[Tx, allow("passes:read")]) -> PassDetail:
    """A card with its installations: what each wallet was told, and what it fetched."""
    return await service.get_pass(tx, pass_id)


@router.post("/passes/{pass_id}/revoke", responses=refusals(PassNotFound))
async def revoke_pass(pass_id: PassId, body: Revocation, tx: Annotated[Tx, allow("passes:write")]) -> PassDetail:
    """Block a card: tills refuse it, wallets show it as void."""
    await service.revoke_pass(tx, pass_id, body.reason)
    return await service.get_pass(tx, pass_id)


@router.post("/passes/{pass_id}/reinstate", responses=refusals(PassNotFound))
async def reinstate_pass(pass_id: PassId, tx: Annotated[Tx, allow("passes:write")]) -> PassDetail:
    """Unblock a card."""
    await service.reinstate_pass(tx, pass_id)
    return await service.get_pass(tx, pass_id)
