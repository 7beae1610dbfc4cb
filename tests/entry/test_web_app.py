"""The web app's files over HTTP: packed as the browser takes them, kept for as long as they may be."""

import gzip
from pathlib import Path

import httpx
import pytest

from passerelle.entry import web_app
from passerelle.entry.api import create_app
from passerelle.kit.config import Settings
from passerelle.kit.db import Database

PAGE = "<!doctype html><title>Passerelle</title>"


@pytest.fixture(autouse=True)
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "app.html").write_text(PAGE)
    (tmp_path / "app-1.js").write_text("start()")
    (tmp_path / "app-1.js.gz").write_bytes(gzip.compress(b"start()"))
    monkeypatch.setattr(web_app, "_BUILT", tmp_path)
    return tmp_path


@pytest.mark.parametrize("path", ["/app", "/app/", "/app/customers/cus_1"])
async def test_every_address_of_the_app_is_its_page(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.text) == (200, PAGE)
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-cache"


async def test_the_root_leads_there(client: httpx.AsyncClient) -> None:
    answer = await client.get("/", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, "/app")


async def test_files_come_packed_for_those_who_take_it(client: httpx.AsyncClient) -> None:
    packed = await client.get("/assets/app/app-1.js", headers={"Accept-Encoding": "gzip"})
    plain = await client.get("/assets/app/app-1.js", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text == "start()"
    for answer in (packed, plain):
        assert answer.headers["content-type"].startswith("text/javascript")
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("path", ["/assets/app/app-2.js", "/assets/app/..%2fapi.py", "/assets/app/%2e%2e", "/apple"])
async def test_what_is_not_there(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404


async def test_an_app_that_was_not_built_says_so(client: httpx.AsyncClient, built: Path) -> None:
    (built / "app.html").unlink()
    answer = await client.get("/app")
    assert answer.status_code == 404
    assert "make web" in answer.text


async def test_only_the_phones_of_a_demonstration_may_be_framed(database: Database, settings: Settings) -> None:
    frames = []
    for simulator in (None, "http://127.0.0.1:8010/phone"):
        changed = Settings(**settings.model_dump() | {"simulator_url": simulator}, _env_file=None)
        transport = httpx.ASGITransport(create_app(database, changed))
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as anybody:
            policy = (await anybody.get("/app")).headers["content-security-policy"]
        frames += [part.strip() for part in policy.split(";") if part.strip().startswith("frame-src")]
    assert frames == ["frame-src 'self'", "frame-src 'self' http://127.0.0.1:8010"]
