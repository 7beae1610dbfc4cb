"""The HTTP application."""

from fastapi import FastAPI

from passerelle import wiring
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.kit.limits import Limits
from passerelle.kit.web import Edge, install_problems
from passerelle.organizations import service as organizations


def create_app(database: Database, settings: Settings) -> FastAPI:
    """The application on an open database; the caller closes the latter."""
    app = FastAPI(title="Passerelle", version="0.1.0", docs_url="/docs", redoc_url=None)
    app.state.edge = Edge(database, settings, organizations.authenticate)
    wiring.subscribe_all()
    install_problems(app)
    for router in wiring.ROUTERS:
        app.include_router(router)
    app.add_middleware(
        Limits,
        max_bytes=settings.max_body_bytes,
        max_upload_bytes=settings.max_upload_bytes,
        uploads=("/api/v1/images",),
    )
    return app
