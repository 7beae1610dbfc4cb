"""The list of everything: routers, jobs, subscribers, holders of personal data. Nothing registers itself."""

from typing import Any, Final

from fastapi import APIRouter
from starlette.routing import BaseRoute

from passerelle.kit.jobs import JobKind
from passerelle.organizations.routes import router as organizations

ROUTES: Final[tuple[BaseRoute, ...]] = ()
ROUTERS: Final[tuple[APIRouter, ...]] = (organizations,)
PERSONAL_DATA: Final[tuple[Any, ...]] = ()
JOBS: Final[tuple[JobKind, ...]] = ()


def subscribe_all() -> None:
    """Connect facts to those who listen; harmless to call again."""
