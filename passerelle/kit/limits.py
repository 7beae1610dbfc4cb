"""Around every request: the size of bodies, and headers that keep browsers careful."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from passerelle.kit.errors import Refusal
from passerelle.kit.i18n import Sentence, preferred
from passerelle.kit.web import problem


class BodyTooLarge(Refusal):
    """More bytes than this address takes."""

    code = "body_too_large"
    status = 413
    text: ClassVar[Sentence] = {
        "en": "This is too large: at most {limit_bytes} bytes are accepted here.",
        "fr": "C'est trop volumineux : {limit_bytes} octets au plus sont acceptés ici.",
        "ar": "الحجم كبير جدًا: الحد الأقصى هنا هو {limit_bytes} بايت.",
    }


_HEADERS: Final = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"x-frame-options", b"DENY"),
]


class Limits:
    """Refuses bodies above a limit before they are read whole, whether or not a length was announced.

    ``uploads`` are addresses with limits of their own (images, files of customers); one that ends with a slash
    stands for all below it.
    """

    def __init__(self, app: ASGIApp, *, max_bytes: int, uploads: Mapping[str, int]) -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._uploads = uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit_of(scope["path"])
        announced = _header(scope, b"content-length")
        if announced.isdigit() and int(announced) > limit:
            await _refuse(scope, receive, _with_headers(send), limit)
            return
        request = _Counted(receive, _with_headers(send), limit)
        await self._app(scope, request.receive, request.send)
        if request.exceeded and not request.answered:
            await _refuse(scope, receive, _with_headers(send), limit)

    def _limit_of(self, path: str) -> int:
        for place, limit in self._uploads.items():
            if path == place or (place.endswith("/") and path.startswith(place)):
                return limit
        return self._max_bytes


class _Counted:
    """Counts what comes in. Beyond the limit the body ends in an error, and whatever the application makes of that
    gives way to the refusal.
    """

    def __init__(self, receive: Receive, send: Send, limit: int) -> None:
        self._receive = receive
        self._send = send
        self._left = limit
        self.exceeded = False
        self.answered = False

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                self.exceeded = True
                raise BodyTooLarge(limit_bytes=0)
        return message

    async def send(self, message: Message) -> None:
        if self.exceeded and not self.answered:
            return
        self.answered = True
        await self._send(message)


def _with_headers(send: Send) -> Send:
    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers: list[Any] = message["headers"]
            present = {name for name, _ in headers}
            headers.extend(pair for pair in _HEADERS if pair[0] not in present)
        await send(message)

    return with_headers


async def _refuse(scope: Scope, receive: Receive, send: Send, limit: int) -> None:
    language = preferred(_header(scope, b"accept-language").decode("latin-1"))
    await problem(BodyTooLarge(limit_bytes=limit), language)(scope, receive, send)


def _header(scope: Scope, name: bytes) -> bytes:
    return next((value for key, value in scope["headers"] if key == name), b"")
