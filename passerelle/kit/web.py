"""The edge: who calls, in which transaction, answered how.

A route takes ``tx: Annotated[Tx, allow("customers:write")]`` and makes one service call. The transaction is
opened for the caller's tenant and committed before the response leaves (``scope="function"``): a commit that
fails cannot follow a 201. Every write on a ``Router`` honours ``Idempotency-Key`` by itself.
"""

import functools
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Protocol
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from passerelle.kit.actors import Actor, NotAllowed, Unauthenticated
from passerelle.kit.config import Settings
from passerelle.kit.db import CommitUnheard, Database, Statement, Tx
from passerelle.kit.direct import DirectRoute
from passerelle.kit.errors import Refusal
from passerelle.kit.i18n import Language, Sentence, preferred
from passerelle.kit.idempotency import once
from passerelle.kit.ids import open_tenant_token
from passerelle.kit.log import logger

_log: Final = logger(__name__)
_WRITES: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
SESSION_COOKIE: Final = "passerelle_session"


class Authenticate(Protocol):
    """Finds the actor of a credential inside its tenant's transaction (organizations.service implements it)."""

    async def __call__(self, tx: Tx, kind: str, secret: bytes) -> Actor: ...


class Recall(Protocol):
    """The actor of a credential that was met before, and the condition under which it is that still."""

    def __call__(self, organization_id: UUID, kind: str, secret: bytes) -> tuple[Actor, Statement] | None: ...


@dataclass(frozen=True, slots=True)
class Edge:
    """What every request can reach; built once per process by entry/api.py, kept on ``app.state.edge``."""

    database: Database
    settings: Settings
    authenticate: Authenticate
    recall: Recall | None = None
    lanes: dict[Hashable, Any] = field(default_factory=dict)  # of kit/together.py

    @asynccontextmanager
    async def transaction(self, organization_id: UUID, kind: str, secret: bytes) -> AsyncIterator[Tx]:
        """Open a transaction of whoever shows this credential; raises Unauthenticated."""
        recalled = self.recall(organization_id, kind, secret) if self.recall else None
        conditions = (recalled[1],) if recalled else ()
        async with self.database.transaction(organization_id, conditions=conditions) as tx:
            tx.actor = recalled[0] if recalled and tx.condition_held else await self.authenticate(tx, kind, secret)
            yield tx


class InvalidRequest(Refusal):
    """The request has not the documented shape; ``errors`` lists each fault with its place."""

    code = "invalid_request"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "The request is not of the documented shape. See “errors” for each fault.",
        "fr": "La requête n'a pas la forme documentée. Chaque défaut est listé dans « errors ».",
        "ar": "الطلب لا يطابق الشكل الموثّق. راجع «errors» لمعرفة كل خطأ.",
    }


def edge(request: Request) -> Edge:
    """The edge of this application, for public routes that open a transaction themselves."""
    found: Edge = request.app.state.edge
    return found


def language_of(request: Request) -> Language:
    """What the caller reads."""
    return preferred(request.headers.get("accept-language"))


def allow(scope: str) -> Any:
    """Dependency: a transaction of the caller's tenant, for callers that were given ``scope``."""

    async def transaction(request: Request) -> AsyncIterator[Tx]:
        kind, organization_id, secret = shown_credential(request)
        async with edge(request).transaction(organization_id, kind, secret) as tx:
            tx.actor.require(scope)
            tx.request = request
            yield tx

    transaction.required_scope = scope  # type: ignore[attr-defined]  # a test walks all routes and reads it
    return Depends(transaction, scope="function")


@dataclass(frozen=True, slots=True)
class Admitted:
    """A caller who was let in, without a transaction yet: for routes that read or compute for long first."""

    request: Request
    organization_id: UUID
    actor: Actor
    scope: str

    async def renew(self, tx: Tx) -> None:
        """Ask again, for what lasts longer than a request: raises Unauthenticated, NotAllowed once that has ended."""
        kind, _, secret = shown_credential(self.request)
        (await edge(self.request).authenticate(tx, kind, secret)).require(self.scope)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """Open the caller's transaction now; ``once`` serves its Idempotency-Key."""
        async with edge(self.request).database.transaction(self.organization_id, self.actor) as tx:
            tx.request = self.request
            yield tx


def admit(scope: str) -> Any:
    """Dependency: the caller is known and has ``scope``; no connection is held afterwards."""

    async def admitted(request: Request) -> Admitted:
        kind, organization_id, secret = shown_credential(request)
        async with edge(request).transaction(organization_id, kind, secret) as tx:
            actor = tx.actor
        actor.require(scope)
        return Admitted(request, organization_id, actor, scope)

    admitted.required_scope = scope  # type: ignore[attr-defined]  # a test walks all routes and reads it
    return Depends(admitted)


def shown_credential(request: Request) -> tuple[str, UUID, bytes]:
    """The kind of credential, its organization and its secret; raises Unauthenticated, NotAllowed."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        opened = open_tenant_token("key", token.strip())
        if opened:
            return ("key", *opened)
        raise Unauthenticated
    cookie = request.cookies.get(SESSION_COOKIE)
    opened = open_tenant_token("ses", cookie) if cookie else None
    if not opened:
        raise Unauthenticated
    if request.method in _WRITES and not _same_origin(request):
        raise NotAllowed(scope="same origin")
    return ("ses", *opened)


def _same_origin(request: Request) -> bool:
    """A browser names the origin of every cross-site write; a cookie alone must not be enough (CSRF)."""
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}
    return urlsplit(origin).netloc == request.headers.get("host", "")


class Router(APIRouter):
    """A router whose writes may be repeated safely with an ``Idempotency-Key``."""

    def __init__(self, **options: Any) -> None:
        super().__init__(route_class=DirectRoute, **options)

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        """As FastAPI's, with writes wrapped."""
        if _WRITES & set(options.get("methods") or ()) and "tx" in inspect.signature(endpoint).parameters:
            endpoint = _repeatable(endpoint, options.get("status_code") or 200)
        super().add_api_route(path, endpoint, **options)


def _repeatable(endpoint: Callable[..., Awaitable[Any]], status: int) -> Callable[..., Awaitable[Any]]:
    @functools.wraps(endpoint)
    async def wrapped(*arguments: Any, tx: Tx, **named: Any) -> Any:
        return await once(
            tx, lambda: endpoint(*arguments, tx=tx, **named), status=status, response=named.get("response")
        )

    return wrapped


class Problem(BaseModel):
    """A refusal on the wire (RFC 9457), with our stable ``code`` and the values of the sentence."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    params: dict[str, Any] = {}
    errors: list[dict[str, str]] = []


def problem(
    refusal: Refusal, language: Language = "en", *, errors: list[dict[str, str]] | None = None
) -> JSONResponse:
    """The problem document of a refusal, in the caller's language."""
    sentence = refusal.sentence(language)
    body = Problem(
        type=f"urn:passerelle:problem:{refusal.code}",
        title=refusal.code.replace("_", " ").capitalize(),
        status=refusal.status,
        detail=sentence,
        code=refusal.code,
        params={name: str(value) for name, value in refusal.params.items()},
        errors=errors or [],
    )
    headers = {"Content-Language": language, "Cache-Control": "no-store"}
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if refusal.status == 503:
        headers["Retry-After"] = "1"
    if (seconds := getattr(refusal, "retry_after_seconds", None)) is not None:
        headers["Retry-After"] = str(seconds)
    return JSONResponse(
        body.model_dump(exclude_defaults=True), refusal.status, headers, media_type="application/problem+json"
    )


def refusals(*kinds: type[Refusal]) -> dict[int | str, dict[str, Any]]:
    """The ``responses=`` of a route: its refusals appear in the OpenAPI document with their codes.

    No ``model``: the framework would build a validator for each of these answers, which is 20 MB in every process.
    ``entry/openapi.py`` says what a problem document looks like.
    """
    by_status: dict[int | str, dict[str, Any]] = {}
    every: tuple[type[Refusal], ...] = (*kinds, Unauthenticated, NotAllowed, InvalidRequest)
    for kind in every:
        entry = by_status.setdefault(kind.status, {"description": ""})
        line = f"`{kind.code}`: {kind.text['en']}"
        entry["description"] = f"{entry['description']}\n\n{line}".strip()
    return by_status


class _HttpFault(Refusal):
    """What the framework itself refuses: no such path, no such method."""

    code = "http"
    text: ClassVar[Sentence] = {
        "en": "There is nothing at this address, or not with this method. See /openapi.json.",
        "fr": "Il n'y a rien à cette adresse, ou pas avec cette méthode. Voir /openapi.json.",
        "ar": "لا يوجد شيء على هذا العنوان أو بهذه الطريقة. انظر ‎/openapi.json.",
    }


class Failed(Refusal):
    """Our fault: logged with its trace, answered without it."""

    code = "internal_error"
    status = 500
    text: ClassVar[Sentence] = {
        "en": "Something failed on our side. Nothing was changed: try again.",
        "fr": "Une erreur est survenue chez nous. Rien n'a été modifié : réessayez.",
        "ar": "حدث خطأ من جانبنا. لم يتغيّر شيء: أعد المحاولة.",
    }


class OutcomeUnknown(Refusal):
    """The connection to the database was lost while it committed."""

    code = "outcome_unknown"
    status = 500
    text: ClassVar[Sentence] = {
        "en": "The database was lost at the last moment: this was done, or it was not. Repeat it with the same"
        " Idempotency-Key, or look before you repeat it.",
        "fr": "La base de données a été perdue au dernier moment : c'est fait, ou pas. Répétez avec la même"
        " Idempotency-Key, ou vérifiez avant de répéter.",
        "ar": "فُقد الاتصال بقاعدة البيانات في اللحظة الأخيرة: ربما تمّ الأمر وربما لا. كرّر الطلب بنفس"
        " Idempotency-Key، أو تحقّق قبل التكرار.",
    }


def install_problems(app: FastAPI) -> None:
    """Answer refusals, invalid requests, unknown paths and our own failures as problem documents."""

    async def on_refusal(request: Request, refusal: Exception) -> Response:
        assert isinstance(refusal, Refusal)
        return problem(refusal, language_of(request))

    async def on_invalid(request: Request, fault: Exception) -> Response:
        assert isinstance(fault, RequestValidationError)
        # "input" stays out: it may be contact data.
        errors = [
            {"path": ".".join(str(part) for part in error["loc"]), "message": str(error["msg"])[:300]}
            for error in fault.errors()[:50]
        ]
        return problem(InvalidRequest(), language_of(request), errors=errors)

    async def on_http(request: Request, fault: Exception) -> Response:
        assert isinstance(fault, HTTPException)
        if fault.status_code == 400:  # the framework's word for a body that it cannot read
            return problem(InvalidRequest(), language_of(request))
        refusal = _HttpFault()
        refusal.status = fault.status_code  # type: ignore[misc]  # the one refusal whose status varies
        refusal.code = {404: "not_found", 405: "method_not_allowed"}.get(fault.status_code, "http")  # type: ignore[misc]
        return problem(refusal, language_of(request))

    async def on_hang_up(request: Request, _fault: Exception) -> Response:
        """Nobody reads the answer, and nothing failed here: a phone in a tunnel is no error of the server."""
        _log.info("client_gone", path=request.url.path, method=request.method)
        return Response(status_code=400)

    async def on_failure(request: Request, fault: Exception) -> Response:
        _log.error("request_failed", path=request.url.path, method=request.method, exc_info=fault)
        refusal = OutcomeUnknown() if isinstance(fault, CommitUnheard) else Failed()
        return problem(refusal, language_of(request))

    app.add_exception_handler(Refusal, on_refusal)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(ClientDisconnect, on_hang_up)
    app.add_exception_handler(Exception, on_failure)
