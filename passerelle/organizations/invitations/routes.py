"""HTTP of invitations."""

from typing import Annotated, Final

from fastapi import Depends, Request, Response

from passerelle.kit.actors import SYSTEM
from passerelle.kit.crypto import TenantUnknown
from passerelle.kit.db import Tx
from passerelle.kit.pacing import Budget
from passerelle.kit.web import Edge, Router, allow, edge, refusals
from passerelle.kit.wire import Cursor, Page, PageSize, after, cursor_of
from passerelle.organizations import links
from passerelle.organizations.errors import EmailTaken, LinkInvalid, ScopeNotYours, TooManyAttempts
from passerelle.organizations.invitations import service
from passerelle.organizations.invitations.errors import InvitationNotFound, TooManyInvitations
from passerelle.organizations.invitations.schemas import (
    Acceptance,
    InvitationId,
    InvitationIn,
    InvitationLink,
    InvitationMadeOut,
    InvitationOut,
    InvitationRead,
)
from passerelle.organizations.sessions.cookies import browser_of, pace, signed_in

router = Router(prefix="/api/v1", tags=["organizations"])
_attempts: Final = Budget(300)


@router.post("/invitations", status_code=201, responses=refusals(ScopeNotYours, EmailTaken, TooManyInvitations))
async def invite(
    body: InvitationIn, at: Annotated[Edge, Depends(edge)], tx: Annotated[Tx, allow("operators:write")]
) -> InvitationMadeOut:
    """Invite a person, in a role that may do no more than the caller; ``url`` is shown this once."""
    return await service.invite(tx, body, at.settings)


@router.get("/invitations", responses=refusals())
async def list_invitations(
    tx: Annotated[Tx, allow("operators:read")], limit: PageSize = 50, cursor: Cursor = None
) -> Page[InvitationOut]:
    """Invitations that nobody has accepted yet, newest first."""
    items = await service.list_invitations(tx, after(cursor), limit)
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.delete("/invitations/{invitation_id}", status_code=204, responses=refusals(InvitationNotFound))
async def revoke_invitation(invitation_id: InvitationId, tx: Annotated[Tx, allow("operators:write")]) -> Response:
    """Have the link open nothing any more."""
    await service.revoke_invitation(tx, invitation_id)
    return Response(status_code=204)


@router.post("/invitations/read", responses=refusals(LinkInvalid, TooManyAttempts))
async def read_invitation(
    body: InvitationLink, at: Annotated[Edge, Depends(edge)], request: Request
) -> InvitationRead:
    """What an invitation asks of the person who holds its link."""
    pace(_attempts, request)
    opened = _opened(body)
    try:
        async with at.database.transaction(opened.organization_id, SYSTEM) as tx:
            return await service.read_invitation(tx, opened)
    except (TenantUnknown, InvitationNotFound):
        raise LinkInvalid from None


@router.post("/invitations/accept", status_code=204, responses=refusals(LinkInvalid, EmailTaken, TooManyAttempts))
async def accept_invitation(body: Acceptance, at: Annotated[Edge, Depends(edge)], request: Request) -> Response:
    """Begin to work here; the answer sets the session cookie."""
    pace(_attempts, request)
    opened = _opened(body)
    try:
        async with at.database.transaction(opened.organization_id, SYSTEM) as tx:
            session = await service.accept(tx, opened, body, browser_of(request))
    except (TenantUnknown, InvitationNotFound):
        raise LinkInvalid from None
    return signed_in(request, session)


def _opened(body: InvitationLink) -> links.Opened:
    opened = links.read(service.PREFIX, body.token.get_secret_value())
    if opened is None:
        raise LinkInvalid
    return opened
