"""HTTP of recovery."""

from typing import Annotated, Final

from fastapi import BackgroundTasks, Depends, Request, Response

from passerelle.kit import mail
from passerelle.kit.actors import SYSTEM
from passerelle.kit.crypto import TenantUnknown
from passerelle.kit.db import Tx
from passerelle.kit.pacing import Budget
from passerelle.kit.web import Edge, Router, allow, edge, refusals
from passerelle.organizations import links
from passerelle.organizations.errors import LinkInvalid, OperatorNotFound, OwnAccount, ScopeNotYours, TooManyAttempts
from passerelle.organizations.recovery import service
from passerelle.organizations.recovery.schemas import ForgottenPassword, NewPassword, PasswordResetOut
from passerelle.organizations.schemas import OperatorId
from passerelle.organizations.sessions.cookies import pace

router = Router(prefix="/api/v1", tags=["sign-in"])
_requests: Final = Budget(20)
_attempts: Final = Budget(300)


@router.post("/password-resets", status_code=204, responses=refusals(TooManyAttempts))
async def forget_password(
    body: ForgottenPassword, at: Annotated[Edge, Depends(edge)], request: Request, later: BackgroundTasks
) -> None:
    """Have a link mailed to choose a new password. The answer is the same whether or not the e-mail is known.

    So is its time: whether anybody has this e-mail is looked up after it was sent.
    """
    pace(_requests, request)
    if mail.is_configured(at.settings):
        later.add_task(service.mail_links, at.database, body.email)


@router.post("/password-resets/use", status_code=204, responses=refusals(LinkInvalid, TooManyAttempts))
async def choose_password(body: NewPassword, at: Annotated[Edge, Depends(edge)], request: Request) -> Response:
    """Choose a new password with a link; all sessions end, a second factor stays on."""
    pace(_attempts, request)
    opened = links.read(service.PREFIX, body.token.get_secret_value())
    if opened is None:
        raise LinkInvalid
    try:
        async with at.database.transaction(opened.organization_id, SYSTEM) as tx:
            await service.choose_password(tx, opened, body.password.get_secret_value())
    except TenantUnknown:
        raise LinkInvalid from None
    return Response(status_code=204)


@router.post(
    "/operators/{operator_id}/password-reset",
    status_code=201,
    responses=refusals(OperatorNotFound, OwnAccount, ScopeNotYours),
)
async def help_colleague(
    operator_id: OperatorId, at: Annotated[Edge, Depends(edge)], tx: Annotated[Tx, allow("operators:reset")]
) -> PasswordResetOut:
    """A link for a colleague who forgot the password, who may do no more than the caller; shown this once."""
    return await service.help_colleague(tx, operator_id, at.settings)
