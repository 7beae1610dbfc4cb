"""The HTTP face: REST calls, batch, tokens, the save page, published keys, and the control API."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from passerelle.emulators.google_wallet import accounts, api, batch, control, pages, saving
from passerelle.emulators.google_wallet.errors import ApiError, unavailable

if TYPE_CHECKING:
    from passerelle.emulators.google_wallet.emulator import GoogleWalletEmulator

MAX_BODY_BYTES: Final = 1_000_000
MAX_BATCH_BYTES: Final = 20_000_000
_METHODS: Final = ["GET", "POST", "PUT", "PATCH", "DELETE"]


class GoogleJson(JSONResponse):
    """JSON with Google's content type and without ASCII escapes."""

    media_type = "application/json; charset=UTF-8"


async def read_body(request: Request, limit: int = MAX_BODY_BYTES) -> bytes:
    """Raises: ApiError: 413 when the body is longer than allowed."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise ApiError(413, "uploadTooLarge", f"Request payload size exceeds the limit: {limit} bytes.")
    return bytes(body)


def _refusal(error: ApiError) -> Response:
    headers = {"WWW-Authenticate": 'Bearer realm="https://accounts.google.com/"'} if error.code == 401 else None
    return GoogleJson(error.body(), error.code, headers)


Endpoint = Callable[[Request], Awaitable[Response]]


def _faulty(google: "GoogleWalletEmulator", endpoint: Endpoint) -> Endpoint:
    """The endpoint behind the scripted faults, with refusals turned into answers."""

    async def run(request: Request) -> Response:
        fault = google.faults.take(request.method, request.url.path)
        if fault is not None and fault.latency_ms:
            await asyncio.sleep(fault.latency_ms / 1000)
        try:
            if fault is not None and fault.status is not None:
                raise unavailable(fault.status)
            return await endpoint(request)
        except ApiError as error:
            return _refusal(error)

    return run


def make_app(google: "GoogleWalletEmulator") -> Starlette:
    """All routes. The base URL is the emulator's, or where the request came in."""

    def base_url(request: Request) -> str:
        return google.base_url or str(request.base_url).rstrip("/")

    async def rest(request: Request) -> Response:
        path = request.scope["raw_path"].decode("ascii", "replace")
        call = api.read_call(request.method, f"{path}?{request.url.query}", await read_body(request))
        authorization = request.headers.get("authorization", "")
        return GoogleJson(api.answer(google.state, base_url(request), authorization, call))

    async def batched(request: Request) -> Response:
        body = await read_body(request, MAX_BATCH_BYTES)
        authorization = request.headers.get("authorization", "")
        accounts.authenticate(google.state, authorization)

        def answered(part: batch.BatchCall) -> tuple[int, dict[str, Any]]:
            try:
                call = api.read_call(part.method, part.target, part.body)
                return 200, api.answer(google.state, base_url(request), authorization, call)
            except ApiError as error:
                return error.code, error.body()

        calls = batch.parse(request.headers.get("content-type", ""), body)
        content_type, content = batch.run(calls, answered)
        return Response(content, media_type=content_type)

    async def token(request: Request) -> Response:
        try:
            form = await read_body(request)
            granted = accounts.grant_token(google.state, form, f"{base_url(request)}/token")
        except accounts.GrantRefused as refused:
            return JSONResponse({"error": refused.error, "error_description": refused.description}, 400)
        return JSONResponse(granted, headers={"Cache-Control": "no-store"})

    async def keys(_: Request) -> Response:
        return GoogleJson(google.callbacks.published_keys(), headers={"Cache-Control": "max-age=3600"})

    async def controls(request: Request) -> Response:
        body = _object(await read_body(request))
        return JSONResponse(await control.run(google, request.method, request.path_params["what"], body))

    routes = [
        Route("/batch", _faulty(google, batched), methods=["POST"]),
        Route("/batch/walletobjects/v1", _faulty(google, batched), methods=["POST"]),
        Route("/token", _faulty(google, token), methods=["POST"]),
        Route("/gp/m/issuer/keys", _faulty(google, keys), methods=["GET"]),
        Route("/gp/v/save/{jwt}", _faulty(google, _save_page(google)), methods=["GET", "POST"]),
        Route("/_control/{what:path}", _answered(controls), methods=["GET", "POST", "DELETE"]),
        Route("/{path:path}", _faulty(google, rest), methods=_METHODS),
    ]
    return Starlette(routes=routes)


def _object(content: bytes) -> dict[str, Any]:
    try:
        body = api.read_json(content or b"{}")
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise ApiError(400, "parseError", "The control API takes a JSON object.")
    return body


def _answered(endpoint: Endpoint) -> Endpoint:
    async def run(request: Request) -> Response:
        try:
            return await endpoint(request)
        except ApiError as error:
            return _refusal(error)

    return run


def _save_page(google: "GoogleWalletEmulator") -> Endpoint:
    async def show(request: Request) -> Response:
        jwt = request.path_params["jwt"]
        account_email = google.state.account_email
        try:
            planned = saving.plan(google.state, jwt)
            if request.method == "POST":
                await google.save(jwt)
        except ApiError as error:
            shown = pages.render(
                "save.html",
                title="This pass cannot be added",
                error=error.message,
                cards=[],
                offer=False,
                account_email=account_email,
            )
            return HTMLResponse(shown, error.code)
        saved = request.method == "POST" or all(preview.already_saved for preview in planned.previews)
        shown = pages.render(
            "save.html",
            title="Added to your wallet" if saved else "Add to your wallet?",
            error="",
            cards=[pages.card(preview) for preview in planned.previews],
            offer=not saved,
            account_email=account_email,
        )
        return HTMLResponse(shown)

    return show
