"""What every process of a server would hold for nothing (docs/adr/0012)."""

import importlib
import pkgutil
import subprocess
import sys

from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic_settings import BaseSettings

import passerelle
from passerelle.entry.api import create_app
from passerelle.entry.routes import ROUTES
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.kit.web import Problem
from passerelle.passes.wallets.apple.schema.base import AppleModel

# Each is used by every process that loads it.
_BUILT_AT_ONCE = (BaseSettings, Problem, AppleModel)
_LOADED = "import sys, {module}; print(*sys.modules)"


def test_validators_of_the_wire_wait_until_they_are_needed() -> None:
    for module in pkgutil.walk_packages(passerelle.__path__, "passerelle."):
        if not module.name.startswith(("passerelle.emulators", "passerelle.entry.cli")):
            importlib.import_module(module.name)
    eager = [
        f"{model.__module__}.{model.__qualname__}"
        for model in _below(BaseModel)
        if model.__module__.startswith("passerelle.")
        and not model.__module__.startswith("passerelle.emulators")
        and not issubclass(model, _BUILT_AT_ONCE)
        and not model.model_config.get("defer_build")
    ]
    assert eager == [], "derive from Outbound or Wire (kit/wire.py)"


def _below(model: type[BaseModel]) -> set[type[BaseModel]]:
    children = set(model.__subclasses__())
    return children.union(*(_below(child) for child in children))


def test_routes_are_in_memory_once(database: Database, settings: Settings) -> None:
    listed = {id(route) for part in ROUTES for route in getattr(part, "routes", [part])}
    served = [route for route in create_app(database, settings).routes if isinstance(route, APIRoute)]
    assert {id(route) for route in served} <= listed


def test_a_worker_loads_nothing_that_serves() -> None:
    loaded = _modules_of("passerelle.entry.worker")
    assert {"passerelle.wiring", "pycurl"} <= loaded
    assert loaded & {"fastapi", "starlette", "uvicorn", "jinja2", "passerelle.kit.web"} == set()
    assert [name for name in loaded if name.startswith("passerelle.") and name.endswith(("routes", "pages"))] == []


def test_a_server_loads_no_client_before_it_calls_somebody() -> None:
    assert _modules_of("passerelle.entry.api") & {"pycurl", "httpx", "rich", "pygments"} == set()


def _modules_of(module: str) -> set[str]:
    told = subprocess.run(
        [sys.executable, "-c", _LOADED.format(module=module)], check=True, capture_output=True, text=True
    )
    return set(told.stdout.split())
