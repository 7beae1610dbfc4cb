"""Routes that are answered directly answer what the framework would."""

from collections.abc import AsyncIterator
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Request
from pydantic import BaseModel

from passerelle.kit.config import Settings
from passerelle.kit.db import Database, Tx
from passerelle.kit.direct import DirectRoute
from passerelle.kit.web import Edge, Router, allow, install_problems
from passerelle.kit.wire import Instant, Name, WholeNumber, Wire
from passerelle.organizations import service as organizations
from passerelle.organizations.errors import LocationNotFound
from tests.conftest import Shop


class Cup(Wire):
    """What comes in, and goes out again."""

    name: Name
    size: WholeNumber = 3
    made_at: Instant | None = None


class Served(BaseModel):
    """What goes out."""

    cup: Cup
    path: str
    actor: str
    given: list[str]


async def serve(body: Cup, request: Request, tx: Annotated[Tx, allow("customers:write")]) -> Served:
    """Answer what came in, after a word with the database."""
    if body.name == "broken":
        raise LocationNotFound
    await tx.execute("SELECT 1")
    path = request.url.path.rsplit("/", 1)[-1]
    return Served(cup=body, path=path, actor=tx.actor.label, given=sorted(body.model_fields_set))


@pytest.fixture
async def both(database: Database, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.state.edge = Edge(database, settings, organizations.authenticate)
    install_problems(app)
    for router in (Router(prefix="/direct"), APIRouter(prefix="/general")):
        router.add_api_route("/cups", serve, methods=["POST"], status_code=201)
        app.include_router(router)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        yield client


_JSON = "application/json"


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b'{"name": "blue", "size": 4, "made_at": "2026-11-22T10:00:00+01:00"}', _JSON, 201),
        (b'{"name": "blue"}', "Application/JSON; charset=utf-8", 201),
        (b'{"name": "blue"}', "application/cup+json", 201),
        (b'{"name": "blue"}', "text/plain", 422),
        (b'{"name": "blue"}', None, 422),
        (b'{"name": "broken"}', _JSON, 404),
        (b'{"name": "blue", "size": "4"}', _JSON, 422),
        (b'{"name": "blue", "size": 4.0}', _JSON, 422),
        (b'{"name": "blue", "size": NaN}', _JSON, 422),
        (b'{"name": "\\ud800"}', _JSON, 422),
        (b'{"name": "blue", "handle": true}', _JSON, 422),
        (b'{"name": "blue", "made_at": "today"}', _JSON, 422),
        (b'{"name": ', _JSON, 422),
        (b"[]", _JSON, 422),
        (b"null", _JSON, 422),
        (b"", _JSON, 422),
        (b"\xff", _JSON, 422),
    ],
)
async def test_both_answer_alike(
    both: httpx.AsyncClient, shop: Shop, content: bytes, kind: str | None, status: int
) -> None:
    headers = shop.headers | ({"Content-Type": kind} if kind else {})
    direct = await both.post("/direct/cups", content=content, headers=headers)
    general = await both.post("/general/cups", content=content, headers=headers)
    assert (direct.status_code, direct.json()) == (general.status_code, general.json())
    assert direct.headers["content-type"] == general.headers["content-type"]
    assert direct.status_code == status or b"\xff" in content


async def test_who_may_not_call_is_told_before_what_is_wrong_with_the_body(both: httpx.AsyncClient) -> None:
    for content in (b"{}", b'{"name": "blue"}'):
        answer = await both.post("/direct/cups", content=content, headers={"Content-Type": _JSON})
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_the_framework_is_asked_only_for_what_is_unusual(
    both: httpx.AsyncClient, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    router = Router()
    router.add_api_route("/cups", serve, methods=["POST"])
    (route,) = router.routes
    assert isinstance(route, DirectRoute)
    monkeypatch.setattr("fastapi.routing.solve_dependencies", None)
    assert (await both.post("/direct/cups", json={"name": "blue"}, headers=shop.headers)).status_code == 201
