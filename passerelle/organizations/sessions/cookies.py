"""The session's cookie, and the address that somebody comes from."""

from fastapi import Request, Response

from passerelle.kit import clock
from passerelle.kit.pacing import Budget
from passerelle.kit.web import SESSION_COOKIE, edge
from passerelle.organizations import rules
from passerelle.organizations.errors import TooManyAttempts
from passerelle.organizations.sessions import service
from passerelle.organizations.sessions.service import SignedIn


def signed_in(request: Request, session: SignedIn) -> Response:
    """The answer that signs a browser in."""
    response = Response(status_code=204)
    response.set_cookie(
        SESSION_COOKIE,
        session.token,
        max_age=int(rules.SESSION_LIFE.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https" or edge(request).settings.base_url.scheme == "https",
    )
    return response


def current_digest(request: Request) -> bytes:
    """The session of the request's cookie, as it is stored."""
    return service.digest_of(request.cookies.get(SESSION_COOKIE, ""))


def browser_of(request: Request) -> str | None:
    """What the browser calls itself."""
    return request.headers.get("user-agent")


def pace(budget: Budget, request: Request) -> None:
    """Count an attempt of this address; raises TooManyAttempts."""
    address = request.client.host if request.client else ""
    if not budget.spend(address, 1, clock.now()):
        raise TooManyAttempts
