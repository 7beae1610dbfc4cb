"""Every address has an actor, or stands on the list of public ones with its reason."""

from collections.abc import Iterator

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from passerelle.entry.api import create_app
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.organizations.rules import SCOPES

PUBLIC = {
    "POST /api/v1/organizations": "opens the tenant; closed by a setting",
    "POST /api/v1/sessions": "is the sign-in",
}


def _scopes(dependant: Dependant) -> Iterator[str]:
    for child in dependant.dependencies:
        scope = getattr(child.call, "required_scope", None)
        if scope is not None:
            yield scope
        yield from _scopes(child)


def test_every_route_has_an_actor_or_a_reason(database: Database, settings: Settings) -> None:
    app: FastAPI = create_app(database, settings)
    wrong = []
    for route in app.routes:
        if not isinstance(route, APIRoute):
            continue
        scopes = list(_scopes(route.dependant))
        for method in route.methods or ():
            name = f"{method} {route.path}"
            if (name in PUBLIC) == bool(scopes) or not set(scopes) <= SCOPES.keys():
                wrong.append(f"{name}: {scopes}")
    assert wrong == []
