"""Routes that are answered directly answer what the framework would."""

import itertools
from collections.abc import AsyncIterator
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from passerelle.kit.application import Application
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
    app = Application(max_body_bytes=10_000, uploads={})
    app.state.edge = Edge(database, settings, organizations.authenticate)
    install_problems(app)
    short, direct, general = Router(prefix="/short"), Router(prefix="/direct"), APIRouter(prefix="/general")
    for router in (short, direct, general):
        router.add_api_route("/cups", serve, methods=["POST"], status_code=201)
        app.include_router(router)
    for below in ("/phones", "/others"):
        app.add_route(f"{below}/{{name}}", greet, methods=["GET"])
    app.shorten([short, *app.router.routes], prefix="/phones/")
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def greet(request: Request) -> Response:
    """A plain route, with a refusal and a fault of ours."""
    name = request.path_params["name"]
    if name == "nobody":
        raise LocationNotFound
    return Response({"ada": "Hello Ada"}[name] + request.query_params.get("sign", ""), headers={"Greeting": "yes"})


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
async def test_all_ways_answer_alike(
    both: httpx.AsyncClient, shop: Shop, content: bytes, kind: str | None, status: int
) -> None:
    headers = shop.headers | ({"Content-Type": kind} if kind else {})
    short, direct, general = [
        await both.post(f"/{way}/cups", content=content, headers=headers) for way in ("short", "direct", "general")
    ]
    assert (short.status_code, short.json()) == (direct.status_code, direct.json())
    assert (direct.status_code, direct.json()) == (general.status_code, general.json())
    assert short.headers == direct.headers == general.headers
    assert direct.status_code == status or b"\xff" in content


async def test_who_may_not_call_is_told_before_what_is_wrong_with_the_body(both: httpx.AsyncClient) -> None:
    for way, content in itertools.product(("short", "direct"), (b"{}", b'{"name": "blue"}')):
        answer = await both.post(f"/{way}/cups", content=content, headers={"Content-Type": _JSON})
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
    monkeypatch.setattr("fastapi.FastAPI.__call__", None)
    assert (await both.post("/short/cups", json={"name": "blue"}, headers=shop.headers)).status_code == 201
    assert (await both.get("/phones/ada")).text == "Hello Ada"


async def test_a_body_too_large_is_refused_on_the_short_way(both: httpx.AsyncClient, shop: Shop) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 1_000

    for content in (b" " * 20_000, pieces()):
        headers = shop.headers | {"Content-Type": _JSON}
        answer = await both.post("/short/cups", content=content, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize("path", ["ada", "ada?sign=!", "%61da", "nobody", "bob", "ada/more", ""])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
async def test_plain_routes_answer_alike_below_the_prefix(both: httpx.AsyncClient, method: str, path: str) -> None:
    short, general = [await both.request(method, f"/{below}/{path}") for below in ("phones", "others")]
    assert (short.status_code, short.content) == (general.status_code, general.content)
    assert short.headers == general.headers
    assert short.headers["x-content-type-options"] == "nosniff"
