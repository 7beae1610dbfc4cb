"""What machines ask the server."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from passerelle.entry import docs_page
from passerelle.entry.bounded import BoundedHttpProtocol


async def test_liveness_readiness_and_metrics_need_no_account(client: httpx.AsyncClient) -> None:
    del client.headers["Authorization"]
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    assert (await client.get("/readyz")).json() == {"status": "ok"}
    metrics = (await client.get("/metrics")).text
    assert 'passerelle_card_updates_due{wallet="apple"}' in metrics


async def test_the_contract_names_every_refusal_and_takes_idempotency(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    purchase = document["paths"]["/api/v1/scans/purchases"]["post"]
    described = " ".join(answer["description"] for answer in purchase["responses"].values())
    for code in ("card_unknown", "card_revoked", "amount_not_positive", "other_currency", "not_allowed"):
        assert f"`{code}`" in described
    assert document["info"]["title"] == "Passerelle"


async def test_the_page_of_the_contract_loads_nothing_from_elsewhere(client: httpx.AsyncClient) -> None:
    page = await client.get("/docs")
    assert "/api/v1/scans/purchases" in page.text
    assert "<script" not in page.text
    assert "src=" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


@pytest.mark.parametrize("head", [b"X: y\r\n" * 20_000, b"X: " + b"a" * 200_000 + b"\r\n"])
async def test_headers_without_end_end_the_connection(head: bytes) -> None:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    config = uvicorn.Config(app, port=0, http=BoundedHttpProtocol, log_level="critical", lifespan="off")
    server = uvicorn.Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        assert await _first_line(port, b"X: y\r\n") == b"HTTP/1.1 204 No Content"
        assert await _first_line(port, head) == b"HTTP/1.1 431 Request Header Fields Too Large"
    finally:
        await server.shutdown()


async def _first_line(port: int, head: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n")
    line = await reader.readline()
    writer.close()
    return line.strip()


async def test_a_contract_that_was_kept_is_shown_for_its_own_program_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(docs_page, "_KEPT", tmp_path)
    document = {"paths": {}, "info": {"version": "1", "description": ""}, "components": {"schemas": {}}}
    (tmp_path / "older.json").write_text("{}")
    docs_page.keep(document)
    kept = await asyncio.to_thread(lambda: sorted(tmp_path.iterdir()))
    assert kept == sorted(docs_page._place_of(form) for form in ("--json", "--html"))
    assert await docs_page.Contract().read("--json") == docs_page.as_json(document)
    assert b"Passerelle API 1" in await docs_page.Contract().read("--html")
    (tmp_path / "docs.html").write_text("<p>another program</p>")
    monkeypatch.setattr(docs_page, "_PAGE", tmp_path / "docs.html")
    assert not docs_page._place_of("--json").exists()
