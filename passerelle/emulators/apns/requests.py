"""What Apple checks in a push request before it looks at the device: method, path, headers, payload."""

import json
import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from passerelle.emulators.apns.http2_streams import Headers

MAX_PAYLOAD_BYTES: Final = 4096
_DEVICE_PATH: Final = b"/3/device/"
_TOKEN: Final = re.compile(r"[0-9A-Fa-f]{64,200}")  # Apple: "do not assume a size"; 100 bytes is the longest told
_TOPIC: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,254}")
_PUSH_TYPES: Final = frozenset(
    {
        "alert",
        "background",
        "complication",
        "controls",
        "fileprovider",
        "liveactivity",
        "location",
        "mdm",
        "pushtotalk",
        "voip",
        "widgets",
    }
)


@dataclass(frozen=True, slots=True)
class Rejection:
    """A status with Apple's reason; ``timestamp_ms`` only with 410."""

    status: int
    reason: str
    timestamp_ms: int | None = None
    retry_after_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class PushRequest:
    """A well-formed push request, before anyone asked whether it is allowed."""

    token: str
    topic: str
    apns_id: str | None
    authorization: bytes | None


def read_request(headers: Headers, body: bytes) -> PushRequest | Rejection:
    """Order of the checks is this emulator's: Apple does not document it."""
    fields = dict(headers)
    if fields[b":method"] != b"POST":
        return Rejection(405, "MethodNotAllowed")
    path = fields[b":path"]
    if not path.startswith(_DEVICE_PATH):
        return Rejection(404, "BadPath")
    token = path[len(_DEVICE_PATH) :].decode("latin-1")
    fault = _duplicates(headers, fields) or _bad_token(token) or _bad_header(fields) or _bad_payload(body)
    if fault is not None:
        return fault
    apns_id = fields.get(b"apns-id")
    return PushRequest(
        token.lower(),
        fields[b"apns-topic"].decode("latin-1"),
        apns_id.decode("latin-1") if apns_id is not None else None,
        fields.get(b"authorization"),
    )


def _duplicates(headers: Headers, fields: dict[bytes, bytes]) -> Rejection | None:
    if len(fields) == len(headers):
        return None
    names = [name for name, _ in headers if name.startswith(b"apns-") or name == b"authorization"]
    return Rejection(400, "DuplicateHeaders") if len(names) != len(set(names)) else None


def _bad_token(token: str) -> Rejection | None:
    if not token:
        return Rejection(400, "MissingDeviceToken")
    return None if _TOKEN.fullmatch(token) and len(token) % 2 == 0 else Rejection(400, "BadDeviceToken")


def _bad_header(fields: dict[bytes, bytes]) -> Rejection | None:
    """The first header that is missing or malformed."""
    text = {name: value.decode("latin-1") for name, value in fields.items() if name.startswith(b"apns-")}
    topic = text.get(b"apns-topic")
    if not topic:
        return Rejection(400, "MissingTopic")
    push_type = text.get(b"apns-push-type")
    priority = text.get(b"apns-priority")
    expiration = text.get(b"apns-expiration")
    apns_id = text.get(b"apns-id")
    wrong = {
        "BadTopic": _TOPIC.fullmatch(topic) is None,
        "InvalidPushType": push_type is not None and push_type not in _PUSH_TYPES,
        "BadPriority": priority is not None
        and (priority not in {"1", "5", "10"} or (push_type == "background" and priority == "10")),
        "BadExpirationDate": expiration is not None and not expiration.isdecimal(),
        "BadMessageId": apns_id is not None and not _is_uuid(apns_id),
        "BadCollapseId": len(text.get(b"apns-collapse-id", "")) > 64,
    }
    reason = next((reason for reason, is_wrong in wrong.items() if is_wrong), None)
    return Rejection(400, reason) if reason else None


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def _bad_payload(body: bytes) -> Rejection | None:
    if body == b"{}":  # what a pass server sends
        return None
    if not body:
        return Rejection(400, "PayloadEmpty")
    if len(body) > MAX_PAYLOAD_BYTES:
        return Rejection(413, "PayloadTooLarge")
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        payload = None
    return None if isinstance(payload, dict) else Rejection(400, "BadPayload")
