"""The control endpoint, asked over HTTP as a black-box test would."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pycurl
import pytest
import pytest_asyncio
import uvicorn

from passerelle.emulators.apns import ApnsEmulator, control_app
from passerelle.emulators.apple_ca import Authority

TOPIC = "pass.example.loyalty"
TOKEN = "cd" * 32


@pytest_asyncio.fixture
async def control(emulator: ApnsEmulator) -> AsyncIterator[httpx.AsyncClient]:
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(control_app(emulator), log_level="error", lifespan="off")
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup(sockets=[listener])
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
        yield client
    await server.shutdown(sockets=[listener])


@pytest.fixture
def curl(authority: Authority, tmp_path: Path) -> pycurl.Curl:
    root_file = tmp_path / "root.pem"
    root_file.write_bytes(authority.root_pem())
    curl = pycurl.Curl()
    curl.setopt(pycurl.CAINFO, str(root_file))
    curl.setopt(pycurl.POSTFIELDS, b"{}")
    curl.setopt(pycurl.HTTPHEADER, [f"apns-topic: {TOPIC}"])
    curl.setopt(pycurl.WRITEFUNCTION, lambda _: None)
    return curl


async def push(curl: pycurl.Curl, emulator: ApnsEmulator) -> int:
    curl.setopt(pycurl.URL, f"https://localhost:{emulator.port}/3/device/{TOKEN}")
    await asyncio.to_thread(curl.perform)
    status: int = curl.getinfo(pycurl.RESPONSE_CODE)
    return status


async def test_faults_outages_and_reset(
    control: httpx.AsyncClient, emulator: ApnsEmulator, curl: pycurl.Curl
) -> None:
    assert (await control.post("/faults", json={"status": 429, "token": TOKEN})).status_code == 204
    assert [await push(curl, emulator) for _ in range(2)] == [429, 200]
    await control.put("/outage", json={"kind": "unavailable"})
    assert await push(curl, emulator) == 503
    await control.put("/outage", json={"kind": None})
    assert await push(curl, emulator) == 200
    await control.post("/faults", json={"status": 500, "times": 9})
    assert (await control.post("/reset")).status_code == 204
    assert await push(curl, emulator) == 200


async def test_tokens(control: httpx.AsyncClient, emulator: ApnsEmulator, curl: pycurl.Curl) -> None:
    await control.post(f"/tokens/{TOKEN}/unregister", json={"topic": TOPIC})
    assert await push(curl, emulator) == 410
    await control.put(f"/tokens/{TOKEN}", json={"topic": "pass.example.other"})
    await control.put(f"/tokens/{TOKEN}", json={"topic": TOPIC})
    assert await push(curl, emulator) == 200


async def test_go_away_and_latency(control: httpx.AsyncClient, emulator: ApnsEmulator, curl: pycurl.Curl) -> None:
    await control.put("/goaway", json={"after_requests": 1})
    await control.put("/latency", json={"seconds": 0.01})
    assert [await push(curl, emulator) for _ in range(3)] == [200, 200, 200]
    assert emulator.connections_made == 3
    await control.put("/goaway", json={"after_requests": None})
    assert [await push(curl, emulator) for _ in range(2)] == [200, 200]
    assert emulator.connections_made == 4
    await control.post("/goaway")
    assert await push(curl, emulator) == 200
    assert emulator.connections_made == 5


async def test_pushes_are_listed_and_streamed(
    control: httpx.AsyncClient, emulator: ApnsEmulator, curl: pycurl.Curl
) -> None:
    async with control.stream("GET", "/pushes/stream") as response:
        lines = response.aiter_lines()
        assert await anext(lines) == ""
        await push(curl, emulator)
        streamed = json.loads(await anext(lines))
    assert (streamed["token"], streamed["topic"]) == (TOKEN, TOPIC)
    assert (await control.get("/pushes")).json() == [streamed]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/faults", {"status": 200}),
        ("POST", "/faults", {"status": 429, "times": "often"}),
        ("POST", "/faults", {"status": 429, "retry_after_seconds": "soon"}),
        ("POST", "/faults", {"status": 429, "token": 7}),
        ("POST", "/faults", {"nonsense": 1}),
        ("POST", "/faults", []),
        ("PUT", "/outage", {"kind": "flood"}),
        ("PUT", "/latency", {"seconds": -1}),
        ("PUT", "/latency", {"seconds": True}),
        ("PUT", "/goaway", {"after_requests": "x"}),
        ("PUT", f"/tokens/{TOKEN}", {}),
    ],
)
async def test_bad_requests_are_told(control: httpx.AsyncClient, method: str, path: str, body: Any) -> None:
    assert (await control.request(method, path, json=body)).status_code == 422


async def test_bodies_are_limited(control: httpx.AsyncClient) -> None:
    assert (await control.post("/faults", content=b" " * 20_000)).status_code == 413
    assert (await control.post("/faults", content=b"{")).status_code == 422
