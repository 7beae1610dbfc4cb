"""Signed save and delete callbacks, ECv2SigningOnly, and their delivery.

The root and intermediate keys are the samples that Google's Tink library publishes in its own tests, so a
verifier can be given the same, well-known root.
"""

import asyncio
import base64
import json
import struct
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

import httpx
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from passerelle.emulators.google_wallet.discovery import Json

PROTOCOL: Final = "ECv2SigningOnly"
SENDER: Final = "GooglePayPasses"
TINK_ROOT_PRIVATE: Final = (
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgRi9hSdY+knJ08odnYtZFMRi7ZYeMoasAijLhD4GiQ1yhRANCAAQ1"
    "e9irEPlZrIpiG5dB690Z0sDyJ9XguxFLa4q8WjzDDKLCBAcH0OIrMbpP8/UW70GXvNbL+x7kPLjCTWYmg+7G"
)
TINK_INTERMEDIATE_PRIVATE: Final = (
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg+Jvpkq26tpZ0sTTZVh4teEI41SnJdmkBzM8VZ5ZirE2hRANCAATw"
    "5q6vC9vJibwlYOAU9FMgODT+RxBMUBDi3GLkg/QDIzVCJqDBGENR+OmpmSnDzG38NfDJZgzQN0eqh5VMqqZh"
)
USER_AGENT: Final = "Googlebot"
_MESSAGE_TTL_MS: Final = 10 * 60 * 1000
_KEY_TTL_MS: Final = 7 * 86_400 * 1000
_ROOT_EXPIRATION_MS: Final = "4102444800000"  # 2100-01-01
_ATTEMPTS: Final = 3
_QUEUE_LIMIT: Final = 1_000

EventType = Literal["save", "del"]
# what a tested receiver must survive: the same nonce twice, a broken signature, an expired message or key,
# and the signature of a stranger's root key
Mode = Literal["duplicate", "bad_signature", "expired_message", "expired_key", "foreign_root"]


@dataclass(frozen=True)
class Delivery:
    """One attempt. `status` is 0 when no answer came."""

    at: float
    url: str
    event_type: EventType
    object_id: str
    nonce: str
    attempt: int
    status: int


def _load(encoded: str) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_der_private_key(base64.b64decode(encoded), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


def _public(key: ec.EllipticCurvePrivateKey) -> str:
    der = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


def _gson(value: Json) -> str:
    """JSON as Google's Java serializer writes it: `=` and other HTML characters become escapes."""
    text = json.dumps(value, separators=(",", ":"))
    for character in "=<>&'":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _signature(key: ec.EllipticCurvePrivateKey, *parts: str) -> str:
    encoded = [part.encode() for part in parts]
    message = b"".join(struct.pack("<I", len(part)) + part for part in encoded)
    return base64.b64encode(key.sign(message, ec.ECDSA(hashes.SHA256()))).decode()


@dataclass
class Callbacks:
    """Signs and delivers; `modes` holds how the next callbacks shall misbehave, one entry a callback."""

    clock: Callable[[], float]
    retry_seconds: float = 0.2
    modes: deque[Mode] = field(default_factory=lambda: deque(maxlen=100))
    log: deque[Delivery] = field(default_factory=lambda: deque(maxlen=500))
    root: ec.EllipticCurvePrivateKey = field(default_factory=lambda: _load(TINK_ROOT_PRIVATE))
    intermediate: ec.EllipticCurvePrivateKey = field(default_factory=lambda: _load(TINK_INTERMEDIATE_PRIVATE))
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _client: httpx.AsyncClient | None = None

    def published_keys(self) -> Json:
        """The body of `/gp/m/issuer/keys`."""
        key = {
            "keyValue": _public(self.root),
            "protocolVersion": PROTOCOL,
            "keyExpiration": _ROOT_EXPIRATION_MS,
        }
        return {"keys": [key]}

    def sign(self, issuer_id: int, message: Json, mode: Mode | None = None) -> Json:
        """The POST body that carries a message."""
        now_ms = int(self.clock() * 1000)
        key_expiration = now_ms + (-60_000 if mode == "expired_key" else _KEY_TTL_MS)
        signed_key = _gson({"keyValue": _public(self.intermediate), "keyExpiration": str(key_expiration)})
        signed_message = _gson(message)
        root = ec.generate_private_key(ec.SECP256R1()) if mode == "foreign_root" else self.root
        vouched = signed_message + " " if mode == "bad_signature" else signed_message
        return {
            "signature": _signature(self.intermediate, SENDER, str(issuer_id), PROTOCOL, vouched),
            "intermediateSigningKey": {
                "signedKey": signed_key,
                "signatures": [_signature(root, SENDER, PROTOCOL, signed_key)],
            },
            "protocolVersion": PROTOCOL,
            "signedMessage": signed_message,
        }

    def send(self, url: str, event_type: EventType, wallet_object: Json) -> None:
        """Deliver in the background; needs a running event loop. Best effort: a full queue drops it."""
        mode = self.modes.popleft() if self.modes else None
        if len(self._tasks) >= _QUEUE_LIMIT:
            return
        task = asyncio.get_running_loop().create_task(self._deliver(url, event_type, wallet_object, mode))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drain(self) -> None:
        """Wait until every callback under way was answered or given up."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def aclose(self) -> None:
        """Give up what is under way and close the connections."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _deliver(self, url: str, event_type: EventType, body: Json, mode: Mode | None) -> None:
        nonce = str(uuid.uuid4())
        wanted = 2 if mode == "duplicate" else 1
        accepted = 0
        for attempt in range(1, _ATTEMPTS + 1):
            status = await self._post(url, self._signed(event_type, body, nonce, attempt, mode))
            self.log.append(Delivery(self.clock(), url, event_type, body["id"], nonce, attempt, status))
            accepted += 200 <= status < 300
            if accepted == wanted or attempt == _ATTEMPTS:
                return
            if not 200 <= status < 300:
                await asyncio.sleep(self.retry_seconds * attempt)

    async def _post(self, url: str, body: Json) -> int:
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=5, headers={"User-Agent": USER_AGENT})
        try:
            answer = await self._client.post(url, json=body)
        except httpx.HTTPError:
            return 0
        return answer.status_code

    def _signed(self, event_type: EventType, body: Json, nonce: str, attempt: int, mode: Mode | None) -> Json:
        now_ms = int(self.clock() * 1000)
        message = {
            "classId": body["classId"],
            "objectId": body["id"],
            "eventType": event_type,
            "expTimeMillis": now_ms + (-60_000 if mode == "expired_message" else _MESSAGE_TTL_MS),
            "count": attempt,
            "nonce": nonce,
        }
        return self.sign(int(body["id"].partition(".")[0]), message, mode)
