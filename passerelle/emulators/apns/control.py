"""The emulator's HTTP control endpoint: faults on request and the stream of accepted pushes.

For tests and device emulators in other processes; it is no part of APNs and listens on a port of its own.

| request | does |
|---|---|
| ``POST /faults`` ``{"status": 429, "token": …, "times": 2, "retry_after_seconds": 5}`` | scripts answers |
| ``PUT /outage`` ``{"kind": "unavailable"}``, ``dropped``, ``silent`` or null | starts or ends an outage |
| ``PUT /latency`` ``{"seconds": 0.2}`` | delays each answer |
| ``PUT /goaway`` ``{"after_requests": 100}`` or null | GOAWAY after so many requests of a connection |
| ``POST /goaway`` | GOAWAY on all connections, now |
| ``POST /tokens/{token}/unregister`` ``{"topic": …}`` | 410 from now on |
| ``PUT /tokens/{token}`` ``{"topic": …}`` | the token is active, for this topic alone |
| ``GET /pushes`` | the accepted pushes kept in memory |
| ``GET /pushes/stream`` | one JSON line for each push from now on, for as long as the client listens |
| ``POST /reset`` | forgets all of the above |
"""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Any, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from passerelle.emulators.apns.emulator import AcceptedPush, ApnsEmulator
from passerelle.emulators.apns.faults import Fault, Outage

_MAX_BODY_BYTES: Final = 10_000
_MAX_LATENCY_SECONDS: Final = 60
_MAX_QUEUED_PUSHES: Final = 100_000
_NO_CONTENT: Final = 204


def control_app(emulator: ApnsEmulator) -> Starlette:
    """The ASGI application; run it in the emulator's event loop."""
    app = Starlette(
        routes=[
            Route("/faults", _add_fault, methods=["POST"]),
            Route("/outage", _set_outage, methods=["PUT"]),
            Route("/latency", _set_latency, methods=["PUT"]),
            Route("/goaway", _set_go_away, methods=["PUT"]),
            Route("/goaway", _go_away, methods=["POST"]),
            Route("/tokens/{token}/unregister", _unregister, methods=["POST"]),
            Route("/tokens/{token}", _bind, methods=["PUT"]),
            Route("/pushes", _pushes),
            Route("/pushes/stream", _stream),
            Route("/reset", _reset, methods=["POST"]),
        ]
    )
    app.state.emulator = emulator
    return app


def _emulator(request: Request) -> ApnsEmulator:
    emulator: ApnsEmulator = request.app.state.emulator
    return emulator


async def _add_fault(request: Request) -> Response:
    try:
        _emulator(request).script(Fault(**await _body(request)))
    except (TypeError, ValueError) as error:
        raise HTTPException(422, str(error)) from error
    return Response(status_code=_NO_CONTENT)


async def _set_outage(request: Request) -> Response:
    kind = (await _body(request)).get("kind")
    try:
        _emulator(request).outage(Outage(kind) if kind is not None else None)
    except ValueError as error:
        raise HTTPException(422, str(error)) from error
    return Response(status_code=_NO_CONTENT)


async def _set_latency(request: Request) -> Response:
    _emulator(request).latency_seconds = _number(await _body(request), "seconds", _MAX_LATENCY_SECONDS)
    return Response(status_code=_NO_CONTENT)


async def _set_go_away(request: Request) -> Response:
    body = await _body(request)
    after = None if body.get("after_requests") is None else int(_number(body, "after_requests", 1_000_000))
    _emulator(request).go_away_after(after)
    return Response(status_code=_NO_CONTENT)


async def _go_away(request: Request) -> Response:
    _emulator(request).go_away()
    return Response(status_code=_NO_CONTENT)


async def _unregister(request: Request) -> Response:
    _emulator(request).unregister_token(request.path_params["token"], await _topic(request))
    return Response(status_code=_NO_CONTENT)


async def _bind(request: Request) -> Response:
    _emulator(request).bind_token(request.path_params["token"], await _topic(request))
    return Response(status_code=_NO_CONTENT)


async def _pushes(request: Request) -> Response:
    return JSONResponse([asdict(push) for push in _emulator(request).pushes])


async def _stream(request: Request) -> Response:
    queue: asyncio.Queue[AcceptedPush] = asyncio.Queue(_MAX_QUEUED_PUSHES)
    return StreamingResponse(_lines(_emulator(request), queue), media_type="application/x-ndjson")


async def _reset(request: Request) -> Response:
    _emulator(request).reset()
    return Response(status_code=_NO_CONTENT)


async def _lines(emulator: ApnsEmulator, queue: asyncio.Queue[AcceptedPush]) -> AsyncIterator[str]:
    def enqueue(push: AcceptedPush) -> None:
        if not queue.full():  # a listener that does not read loses pushes, as a device does
            queue.put_nowait(push)

    emulator.listeners.add(enqueue)
    try:
        yield "\n"  # tells the listener that nothing from now on is missed
        while True:
            yield json.dumps(asdict(await queue.get())) + "\n"
    finally:
        emulator.listeners.discard(enqueue)


async def _body(request: Request) -> dict[str, Any]:
    raw = b""
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > _MAX_BODY_BYTES:
            raise HTTPException(413, "The body is too long.")
    try:
        body = json.loads(raw)
    except ValueError as error:
        raise HTTPException(422, "The body is not JSON.") from error
    if not isinstance(body, dict):
        raise HTTPException(422, "The body must be a JSON object.")
    return body


async def _topic(request: Request) -> str:
    topic = (await _body(request)).get("topic")
    if not isinstance(topic, str):
        raise HTTPException(422, "topic must be a text.")
    return topic


def _number(body: dict[str, Any], name: str, maximum: float) -> float:
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= maximum:
        raise HTTPException(422, f"{name} must be a number from 0 to {maximum}.")
    return value
