"""The list of everything: routers, jobs, subscribers, holders of personal data. Nothing registers itself."""

from typing import Final

from fastapi import APIRouter

from passerelle.kit.jobs import JobKind
from passerelle.organizations.routes import router as organizations

ROUTERS: Final[tuple[APIRouter, ...]] = (organizations,)
JOBS: Final[tuple[JobKind, ...]] = ()


def subscribe_all() -> None:
    """Connect facts to those who listen; harmless to call again."""
