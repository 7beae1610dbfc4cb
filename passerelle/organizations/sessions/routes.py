"""HTTP of sessions."""

from typing import Annotated, Final

from fastapi import Depends, Request, Response

from passerelle.kit import directory, mail
from passerelle.kit.actors import SYSTEM
from passerelle.kit.db import Tx
from passerelle.kit.pacing import Budget
from passerelle.kit.web import SESSION_COOKIE, Edge, Router, allow, edge, refusals
from passerelle.organizations import passwords, rules
from passerelle.organizations import service as organizations
from passerelle.organizations.errors import AccountLocked, OperatorsOnly, SignInFailed, TooManyAttempts
from passerelle.organizations.relying_party import relying_party
from passerelle.organizations.sessions import service
from passerelle.organizations.sessions.cookies import browser_of, current_digest, pace, signed_in
from passerelle.organizations.sessions.errors import SecondFactorRequired, SessionNotFound
from passerelle.organizations.sessions.schemas import SessionId, SessionList, SignIn, SignInOptions

router = Router(prefix="/api/v1", tags=["sign-in"])
# A password costs 64 MiB and a tenth of a second to check: enough for a large shop behind one address.
_attempts: Final = Budget(300)


@router.post(
    "/sessions",
    status_code=204,
    responses=refusals(SignInFailed, SecondFactorRequired, AccountLocked, TooManyAttempts),
)
async def sign_in(body: SignIn, at: Annotated[Edge, Depends(edge)], request: Request) -> Response:
    """Sign in with e-mail, password and, where one is asked for, a code; the answer sets the session cookie."""
    pace(_attempts, request)
    tenants = await service.tenants_of_email(at.database, at.database.vault, body.email)
    if body.organization_id is not None:
        tenants = [tenant for tenant in tenants if tenant == body.organization_id]
    outcome: service.Outcome = SignInFailed(limit=rules.MAX_FAILED_SIGN_INS)
    if not tenants:
        await passwords.refuse_unknown(body.password.get_secret_value())
    for organization_id in tenants:
        async with at.database.transaction(organization_id, SYSTEM) as tx:
            outcome = await service.sign_in(tx, body, browser_of(request))
        if isinstance(outcome, service.SignedIn | SecondFactorRequired):
            break
    if not isinstance(outcome, service.SignedIn):
        raise outcome
    return signed_in(request, outcome)


@router.get("/sign-in-options")
async def sign_in_options(at: Annotated[Edge, Depends(edge)]) -> SignInOptions:
    """What the door offers, before anybody has signed in."""
    return SignInOptions(
        sign_up=at.settings.sign_up == "open",
        setup=at.settings.sign_up == "first" and not await directory.has_tenants(at.database),
        passkeys=relying_party(at.settings.base_url) is not None,
        mail=mail.is_configured(at.settings),
    )


@router.delete("/sessions/current", status_code=204, responses=refusals())
async def sign_out(request: Request, tx: Annotated[Tx, allow("organization:read")]) -> Response:
    """Sign out of this browser."""
    await service.sign_out(tx, request.cookies.get(SESSION_COOKIE, ""))
    response = Response(status_code=204)
    response.delete_cookie(SESSION_COOKIE)
    return response


@router.get("/me/sessions", responses=refusals(OperatorsOnly))
async def list_sessions(request: Request, tx: Annotated[Tx, allow("organization:read")]) -> SessionList:
    """Where the caller is signed in."""
    own = organizations.own_id(tx)
    return SessionList(items=await service.list_sessions(tx, own, current_digest(request)))


@router.delete("/me/sessions/{session_id}", status_code=204, responses=refusals(OperatorsOnly, SessionNotFound))
async def end_session(session_id: SessionId, tx: Annotated[Tx, allow("organization:read")]) -> Response:
    """Sign the caller out of one browser."""
    await service.end_session(tx, organizations.own_id(tx), session_id)
    return Response(status_code=204)


@router.post("/me/sessions/end-others", status_code=204, responses=refusals(OperatorsOnly))
async def end_other_sessions(request: Request, tx: Annotated[Tx, allow("organization:read")]) -> Response:
    """Sign the caller out everywhere else."""
    await service.end_other_sessions(tx, organizations.own_id(tx), current_digest(request))
    return Response(status_code=204)
