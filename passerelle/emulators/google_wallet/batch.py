"""Google's batch endpoint: several calls in one `multipart/mixed` body, several answers in another."""

import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from http import HTTPStatus
from typing import Any, Final

from passerelle.emulators.google_wallet.errors import ApiError

MAX_CALLS: Final = 1_000  # what google-api-python-client allows itself
_REQUEST_LINE: Final = re.compile(r"^(?P<method>GET|POST|PUT|PATCH)\s+(?P<target>/\S*)(?:\s+HTTP/1\.[01])?$")
_BLANK_LINE: Final = re.compile(r"\r?\n[ \t]*\r?\n")


@dataclass(frozen=True)
class BatchCall:
    method: str
    target: str
    body: bytes
    content_id: str


def parse(content_type: str, body: bytes) -> list[BatchCall]:
    """The calls of a batch, in order.

    Raises:
        ApiError: 400 when the body is no batch, or holds too many calls.
    """
    if not content_type.lower().startswith("multipart/mixed") or "boundary" not in content_type:
        raise ApiError(400, "badRequest", "Batch requests need Content-Type multipart/mixed; boundary=…")
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    parts = BytesParser().parsebytes(head + body).get_payload()
    if not isinstance(parts, list) or not 1 <= len(parts) <= MAX_CALLS:
        raise ApiError(400, "badRequest", f"A batch holds 1 to {MAX_CALLS} calls.")
    return [_call(part) for part in parts if isinstance(part, Message)]


def _call(part: Message) -> BatchCall:
    raw = part.get_payload(decode=True)
    text = raw.decode("utf-8", "replace").lstrip() if isinstance(raw, bytes) else ""
    head, *rest = _BLANK_LINE.split(text, maxsplit=1)
    first = head.splitlines()[0].strip() if head else ""
    match = _REQUEST_LINE.match(first)
    if match is None:
        raise ApiError(400, "badRequest", f"Not a request line in a batch part: {first[:100]!r}")
    body = rest[0].strip().encode() if rest else b""
    return BatchCall(match["method"], match["target"], body, part.get("Content-ID", ""))


def run(calls: list[BatchCall], answer: Callable[[BatchCall], tuple[int, dict[str, Any]]]) -> tuple[str, bytes]:
    """Run every call through `answer`; (content type, body) of the whole."""
    boundary = f"batch_{uuid.uuid4().hex}"
    parts = [_part(call, *answer(call)) for call in calls]
    body = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts) + f"--{boundary}--\r\n"
    return f"multipart/mixed; boundary={boundary}", body.encode()


def _part(call: BatchCall, status: int, content: dict[str, Any]) -> str:
    text = json.dumps(content, ensure_ascii=False)
    head = "Content-Type: application/http\r\n"
    if call.content_id:
        head += f"Content-ID: <response-{call.content_id.strip().removeprefix('<').removesuffix('>')}>\r\n"
    return (
        f"{head}\r\nHTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n"
        f"Content-Type: application/json; charset=UTF-8\r\nContent-Length: {len(text.encode())}\r\n\r\n{text}"
    )
