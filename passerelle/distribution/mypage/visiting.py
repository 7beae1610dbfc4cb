"""One visit of my page: whose page it is, who looks at it, and which cookie says so."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from passerelle.customers import service as customers
from passerelle.distribution import html
from passerelle.distribution.mypage import rules, service
from passerelle.distribution.mypage.service import PageSession, page_path
from passerelle.distribution.mypage.wording import page_texts
from passerelle.distribution.offers import Front
from passerelle.kit.actors import Actor
from passerelle.kit.db import Tx
from passerelle.kit.errors import NotFound, Refusal
from passerelle.kit.i18n import Language
from passerelle.kit.ids import InvalidId, decode, encode
from passerelle.kit.web import edge
from passerelle.organizations import service as organizations

_PUBLIC: Final = Actor("customer")


@dataclass(frozen=True, slots=True)
class Visit:
    """A request inside the transaction of its organization; without ``session`` nobody is known."""

    request: Request
    host: Front
    language: Language
    session: PageSession | None

    @property
    def path(self) -> str:
        """The page of this organization."""
        return page_path(self.host.organization.id)

    def address(self, step: str = "", **query: str) -> str:
        """An address below the page, in the language that is read."""
        return f"{self.path}{step}?{urlencode({**query, 'lang': self.language})}"

    def show(self, template: str, *, status: int = 200, **values: Any) -> Response:
        """One of my page's pages."""
        return html.page(
            self.request,
            template,
            self.language,
            offer=self.host,
            status=status,
            m=page_texts(self.language),
            v=self,
            **values,
        )

    def notice(self, name: str, status: int, *, again: str | None = None, again_text: str | None = None) -> Response:
        """A page that says one thing."""
        m = page_texts(self.language)
        return html.page(
            self.request,
            "notice.html",
            self.language,
            offer=self.host,
            status=status,
            again=again,
            again_text=again_text,
            title=m[f"{name}_title"],
            text=m[f"{name}_text"],
        )

    def go(self, step: str = "", anchor: str = "", **query: str) -> RedirectResponse:
        """Back to a page after a form."""
        place = f"{self.address(step, **query)}{'#' if anchor else ''}{anchor}"
        return RedirectResponse(place, 303, headers={"Cache-Control": "no-store"})


Answer = Callable[[Tx, Visit], Awaitable[Response]]


async def enter(request: Request, answer: Answer) -> Response:
    """Find organization and session of a request, and answer inside one transaction."""
    try:
        organization_id = decode("org", request.path_params["organization"])
        async with edge(request).database.transaction(organization_id, _PUBLIC) as tx:
            await tx.vault.keys(tx)  # refuses an organization that is not there
            host = Front(await organizations.get_organization(tx))
            secret = rules.read_secret(request.cookies.get(cookie_name(organization_id), ""))
            session = await service.find_session(tx, secret) if secret else None
            return await answer(tx, Visit(request, host, await _language(tx, request, host, session), session))
    except (NotFound, InvalidId):
        return html.notice(request, html.NOT_FOUND, html.language_for(request))


async def enter_or_tell(request: Request, answer: Answer, tell: Callable[[Visit, Refusal], Response]) -> Response:
    """``enter`` for pages that tell their own refusals; what was begun is rolled back."""
    refused: list[tuple[Visit, Refusal]] = []

    async def inside(tx: Tx, visit: Visit) -> Response:
        try:
            return await answer(tx, visit)
        except Refusal as refusal:
            refused.append((visit, refusal))
            raise

    try:
        answered = await enter(request, inside)
    except Refusal:
        if not refused:
            raise
    else:
        if not refused:  # ``enter`` has a page of its own for what is not found
            return answered
    return tell(*refused[0])


async def _language(tx: Tx, request: Request, host: Front, session: PageSession | None) -> Language:
    """What the reader chose, else what they told the shop, else their browser's."""
    known = None
    if session is not None and request.query_params.get("lang") is None:
        known = (await customers.card_facts(tx, session.customer_id)).language
    return known or html.language_for(request, host.organization.language)


def cookie_name(organization_id: UUID) -> str:
    """One per shop, so that shops on one server cannot be put together by it."""
    return encode("page", organization_id)


def remember(answer: Response, visit: Visit, secret: bytes) -> None:
    """Sign the browser in: for a day, on my page alone."""
    keep_cookie(answer, visit, cookie_name(visit.host.organization.id), rules.written(secret), rules.SESSION_LIFE)


def keep_cookie(answer: Response, visit: Visit, name: str, value: str, life: timedelta) -> None:
    """Have the browser keep something for the pages of this shop alone, out of reach of scripts."""
    answer.set_cookie(
        name,
        value,
        max_age=int(life.total_seconds()),
        path=visit.path,
        httponly=True,
        samesite="lax",
        secure=_is_secure(visit.request),
    )


def forget(answer: Response, visit: Visit) -> None:
    """Sign the browser out."""
    answer.delete_cookie(
        cookie_name(visit.host.organization.id),
        path=visit.path,
        httponly=True,
        samesite="lax",
        secure=_is_secure(visit.request),
    )


def _is_secure(request: Request) -> bool:
    return edge(request).settings.base_url.scheme == "https"
