"""A callback receiver on a real socket, and a verification of ECv2SigningOnly written from its description."""

import base64
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


@dataclass
class Receiver:
    """Keeps what was posted; answers with the next of `statuses`, 200 when there is none."""

    url: str = ""
    posted: list[dict[str, Any]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    async def take(self, request: Request) -> Response:
        self.posted.append(json.loads(await request.body()))
        assert request.headers["user-agent"] == "Googlebot"
        return Response(status_code=self.statuses.pop(0) if self.statuses else 200)

    def messages(self) -> list[dict[str, Any]]:
        return [json.loads(body["signedMessage"]) for body in self.posted]


@asynccontextmanager
async def serving(app: Starlette) -> AsyncIterator[str]:
    """The app under uvicorn on a free loopback port; its base URL."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(app, log_level="error", lifespan="off", timeout_graceful_shutdown=1)
        config.load()
        server = uvicorn.Server(config)
        server.lifespan = config.lifespan_class(config)
        await server.startup(sockets=[listener])
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            await server.shutdown(sockets=[listener])


def make_app(receiver: Receiver) -> Starlette:
    return Starlette(routes=[Route("/hook", receiver.take, methods=["POST"])])


def _prefixed(*parts: str) -> bytes:
    return b"".join(len(part.encode()).to_bytes(4, "little") + part.encode() for part in parts)


def _check(public_base64: str, signature: str, content: bytes) -> None:
    key = load_der_public_key(base64.b64decode(public_base64))
    assert isinstance(key, ec.EllipticCurvePublicKey)
    key.verify(base64.b64decode(signature), content, ec.ECDSA(SHA256()))


def verify(body: dict[str, Any], issuer_id: str, root_keys: list[str], now_ms: float) -> dict[str, Any]:
    """The message of a callback.

    Raises:
        InvalidSignature: a signature does not hold.
        ValueError: a key or the message has expired.
    """
    signing = body["intermediateSigningKey"]
    vouched = _prefixed("GooglePayPasses", "ECv2SigningOnly", signing["signedKey"])
    for root in root_keys:
        try:
            _check(root, signing["signatures"][0], vouched)
            break
        except InvalidSignature:
            continue
    else:
        raise InvalidSignature
    intermediate = json.loads(signing["signedKey"])
    content = _prefixed("GooglePayPasses", issuer_id, "ECv2SigningOnly", body["signedMessage"])
    _check(intermediate["keyValue"], body["signature"], content)
    message: dict[str, Any] = json.loads(body["signedMessage"])
    if int(intermediate["keyExpiration"]) < now_ms:
        raise ValueError("the intermediate key has expired")
    if message["expTimeMillis"] < now_ms:
        raise ValueError("the message has expired")
    return message
