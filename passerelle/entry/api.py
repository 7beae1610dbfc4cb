"""The HTTP application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from inspect import isawaitable
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from passerelle import wiring
from passerelle.analytics.live import Live
from passerelle.distribution import html
from passerelle.entry import web_app
from passerelle.entry.docs_page import Contract, docs, openapi
from passerelle.entry.metrics import metrics
from passerelle.entry.openapi import complete
from passerelle.entry.routes import PUBLIC_OPERATIONS, ROUTES
from passerelle.kit.application import Application
from passerelle.kit.config import Settings
from passerelle.kit.crypto import Vault
from passerelle.kit.db import Database
from passerelle.kit.web import Edge, install_problems
from passerelle.organizations import service as organizations
from passerelle.passes import identities
from passerelle.passes.identities import Wallets
from passerelle.passes.own.held import Identities
from passerelle.passes.phones import Phones
from passerelle.passes.sharing import Shares

_DESCRIPTION = """Wallet loyalty over HTTP: organizations, customers, programs, cards, scans.

Send an API key as `Authorization: Bearer …`. Every write takes an `Idempotency-Key`; the same key with the same
request gives the first answer again. Refusals are problem documents (RFC 9457) with a stable `code`, in the
language of `Accept-Language` (English, French, Arabic). Amounts are whole minor units with an ISO 4217 code.
"""


def create_app(
    database: Database, settings: Settings, *, wallets: Wallets | None = None, owns_database: bool = False
) -> Application:
    """The application on an open database; with ``owns_database`` it closes it at the end."""
    shares = Shares(database)
    known = wallets or identities.load(settings, shares=shares)
    signing = Identities(settings, known, shares=shares)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        await signing.close()
        if wallets is None:
            await known.close()
        if owns_database:
            await database.close()

    app = Application(
        title="Passerelle",
        version="0.1.0",
        description=_DESCRIPTION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        max_body_bytes=settings.max_body_bytes,
        uploads={
            "/api/v1/images": settings.max_upload_bytes,
            "/api/v1/customer-imports": settings.max_import_bytes,
            "/api/v1/coupon-campaigns/": settings.max_upload_bytes,
        },
    )
    app.state.edge = Edge(database, settings, organizations.authenticate, organizations.recall)
    app.state.wallets = known
    app.state.identities = signing
    app.state.phones = Phones(database)
    app.state.live = Live(database)
    app.state.contract = Contract()
    app.state.personal_data = wiring.PERSONAL_DATA
    wiring.subscribe_all()
    install_problems(app)
    _lead_readers(app)
    for route in ROUTES:
        # As they are: an included router has each of its routes again, with validators of its own.
        app.router.routes.extend(route.routes if isinstance(route, APIRouter) else [route])
    app.router.routes.extend(web_app.ROUTES)
    app.add_route("/openapi.json", openapi, include_in_schema=False)
    app.add_route("/docs", docs, include_in_schema=False)
    app.add_route("/healthz", _alive, include_in_schema=False)
    app.add_route("/readyz", _ready, include_in_schema=False)
    app.add_route("/metrics", metrics, include_in_schema=False)
    complete(app, PUBLIC_OPERATIONS)
    app.shorten(ROUTES, prefix="/wallet/apple/")
    return app


def _lead_readers(app: FastAPI) -> None:
    """Answer people who mistyped an address with a page; programs, and whatever asks the API, get the problem."""
    told = app.exception_handlers[HTTPException]

    async def on_http(request: Request, fault: Exception) -> Response:
        is_page = "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/")
        if is_page and isinstance(fault, HTTPException) and fault.status_code == 404:
            return html.notice(request, html.NOWHERE, html.language_for(request))
        answer = told(request, fault)
        return await answer if isawaitable(answer) else answer

    app.add_exception_handler(HTTPException, on_http)


def describe() -> dict[str, Any]:
    """The OpenAPI document, without a database."""
    app = create_app(Database("postgresql://nobody@/nothing", Vault(bytes(32))), Settings(_env_file=None))
    return app.openapi()


async def _alive(_request: Request) -> Response:
    """The process answers."""
    return JSONResponse({"status": "ok"})


async def _ready(request: Request) -> Response:
    """The database answers, too."""
    at: Edge = request.app.state.edge
    async with at.database.unscoped() as connection:
        await connection.fetchval("SELECT 1")
    return JSONResponse({"status": "ok"})
