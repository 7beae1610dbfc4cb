"""The web app of the phone page: the page, its live stream, its images, its actions, its state as JSON."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from passerelle.emulators.apple_device import AppleDevice
from passerelle.emulators.google_wallet import GoogleWalletEmulator
from passerelle.emulators.phone import actions
from passerelle.emulators.phone.links import MAX_ANSWER_BYTES, PhoneName
from passerelle.emulators.phone.screens import Screens
from passerelle.emulators.phone.texts import LANGUAGES, language_of

_LOOK_SECONDS: Final = 0.1
_ALIVE_SECONDS: Final = 15.0
_MAX_ACTION_BYTES: Final = 100_000
_MAX_LINK_CHARACTERS: Final = 4_000
_POLICY: Final = (
    "default-src 'self'; img-src 'self'; style-src 'self' 'unsafe-inline'; "
    # Programs on this machine may show the phones inside their own pages; nobody else can get at them.
    "frame-ancestors 'self' http://127.0.0.1:* http://localhost:*; "
    "base-uri 'none'; form-action 'self'"
)


class PhonePage:
    """Two phones on one page.

    Its stream never ends by itself: run it under a server that does not wait for open connections when it
    stops (uvicorn's `timeout_graceful_shutdown`), or call `close` first.
    """

    def __init__(
        self,
        device: AppleDevice,
        google: GoogleWalletEmulator,
        *,
        time_zone: str = "UTC",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.screens = Screens(device, google, ZoneInfo(time_zone), clock)
        self.closed = False
        static = StaticFiles(directory=Path(__file__).parent / "static")
        routes = [
            Route("/", _home),
            Route("/phone", self._show),
            Route("/phone/events", self._stream),
            Route("/phone/state", self._state),
            Route("/phone/language", self._speak, methods=["POST"]),
            Route("/phone/iphone/image/{digest}", self._apple_image),
            Route("/phone/android/image/{digest}", self._google_image),
            Route("/phone/iphone/file", self._drop, methods=["POST"]),
            Route("/phone/{phone}/{what}", self._act, methods=["POST"]),
            Mount("/phone/static", static),
        ]
        self.app = Starlette(routes=routes, middleware=[Middleware(_Guarded)])

    def close(self) -> None:
        """End all streams within a moment."""
        self.closed = True

    async def events(self, language: str) -> AsyncIterator[str]:
        """Server-sent events: one named `iphone` or `android` with new HTML, whenever a screen changed.

        ``language`` is what the page was drawn in: once the phones speak another, it is told to load again.
        """
        sent: dict[PhoneName, str] = {}
        seen: object = None
        quiet_since = time.monotonic()
        while not self.closed:
            if self.screens.language != language:
                yield "event: language\ndata: {}\n\n"
                return
            revision = self.screens.revision()
            if revision != seen:
                seen = revision
                for phone, html in self.screens.html().items():
                    if sent.get(phone) != html:
                        sent[phone] = html
                        quiet_since = time.monotonic()
                        yield f"event: {phone}\ndata: {json.dumps(html)}\n\n"
            if time.monotonic() - quiet_since > _ALIVE_SECONDS:
                quiet_since = time.monotonic()
                yield ": alive\n\n"
            await asyncio.sleep(_LOOK_SECONDS)

    async def _show(self, request: Request) -> Response:
        return HTMLResponse(self.screens.page(request.query_params.get("url", "")[:_MAX_LINK_CHARACTERS]))

    async def _stream(self, request: Request) -> Response:
        language = request.query_params.get("language", self.screens.language)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self.events(language), media_type="text/event-stream", headers=headers)

    async def _state(self, request: Request) -> Response:
        wanted = request.query_params.get("lang")
        return JSONResponse(self.screens.state(language_of(wanted) if wanted else self.screens.language))

    async def _speak(self, request: Request) -> Response:
        wanted = (await _body(request)).get("language")
        if wanted not in LANGUAGES:
            raise HTTPException(400, f"language must be one of {', '.join(LANGUAGES)}")
        self.screens.speak(wanted)
        return JSONResponse({"ok": True})

    async def _apple_image(self, request: Request) -> Response:
        return _image(self.screens.apple_image(request.path_params["digest"]), "image/png")

    async def _google_image(self, request: Request) -> Response:
        found = await self.screens.google.image(request.path_params["digest"])
        return _image(found.content if found else None, found.media_type if found else "")

    async def _drop(self, request: Request) -> Response:
        if _media_type(request) != "application/vnd.apple.pkpass":
            raise HTTPException(415, "send application/vnd.apple.pkpass")
        content = await _read(request, MAX_ANSWER_BYTES)
        return JSONResponse((await actions.add_pass(self.screens, content)).json())

    async def _act(self, request: Request) -> Response:
        phone = cast("PhoneName", request.path_params["phone"])
        if phone not in {"iphone", "android"}:
            raise HTTPException(404)
        outcome = await _act(self.screens, phone, request.path_params["what"], await _body(request))
        return JSONResponse(outcome.json())


async def _home(_: Request) -> Response:
    return RedirectResponse("/phone")


class _Guarded:
    """Adds the headers that keep a pass's content from becoming code."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message["headers"],
                    (b"content-security-policy", _POLICY.encode()),
                    (b"x-content-type-options", b"nosniff"),
                    (b"referrer-policy", b"no-referrer"),
                ]
            await send(message)

        await self.app(scope, receive, guarded)


async def _act(screens: Screens, phone: PhoneName, what: str, body: dict[str, Any]) -> actions.Outcome:
    match what, body:
        case "open", {"url": str(url)}:
            return await actions.open_link(screens, phone, url)
        case "refresh", {"id": str(card)}:
            return await actions.refresh(screens, phone, card)
        case "remove", {"id": str(card)}:
            return await actions.remove(screens, phone, card)
        case "wipe", _:
            return actions.wipe(screens, phone)
    raise HTTPException(400, "open takes {url}, refresh and remove take {id}, wipe takes {}")


def _image(content: bytes | None, media_type: str) -> Response:
    if content is None:
        raise HTTPException(404)
    return Response(content, media_type=media_type, headers={"Cache-Control": "private, max-age=86400"})


async def _read(request: Request, limit: int) -> bytes:
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > limit:
            raise HTTPException(413)
    return bytes(content)


def _media_type(request: Request) -> str:
    """Actions insist on theirs: a form of another site cannot send it without asking first."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _body(request: Request) -> dict[str, Any]:
    if _media_type(request) != "application/json":
        raise HTTPException(415, "send application/json")
    try:
        body = json.loads(await _read(request, _MAX_ACTION_BYTES))
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise HTTPException(400, "send a JSON object")
    return body
