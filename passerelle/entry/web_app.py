"""The web app as ``make web`` built it into ``entry/webapp``: dashboard under ``/app``, till under ``/scan``."""

from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from passerelle.kit.web import edge

_BUILT: Final = Path(__file__).parent / "webapp"
_PAGES: Final = {"/app": "app.html", "/scan": "scan.html"}
# What makes the till an application of its own: their addresses stay, so browsers must ask whether they changed.
_TILL: Final = {
    "/scan/worker.js": "scan-worker.js",
    "/scan/manifest.webmanifest": "scan/manifest.webmanifest",
    "/scan/icon.svg": "scan/icon.svg",
    "/scan/icon-maskable.svg": "scan/icon-maskable.svg",
    "/scan/icon-180.png": "scan/icon-180.png",
}
# Mantine sets styles as attributes; barcodes are read by WebAssembly; pictures are previewed before they are sent.
_POLICY: Final = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
    "img-src 'self' data: blob:; font-src 'self'; media-src 'self' blob:; worker-src 'self' blob:; "
    "manifest-src 'self'; frame-src 'self'{frames}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_PAGE_HEADERS: Final = {
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
}
# Their names contain a digest of their content.
_FILE_HEADERS: Final = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
_ENCODINGS: Final = (("br", ".br"), ("gzip", ".gz"))
_KINDS: Final = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".wasm": "application/wasm",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}


def _page_headers(request: Request) -> dict[str, str]:
    """The page may frame the simulated phones where there are any, and nothing else from elsewhere."""
    simulator = edge(request).settings.simulator_url
    frames = f" {simulator.scheme}://{simulator.host}:{simulator.port}" if simulator else ""
    return _PAGE_HEADERS | {"Content-Security-Policy": _POLICY.format(frames=frames)}


def _pages(root: str) -> tuple[Route, Route]:
    """The address of an application and all below it: which page is shown, the application decides."""

    async def page(request: Request) -> Response:
        return _file(request, _BUILT / _PAGES[root], _page_headers(request), "text/html; charset=utf-8")

    return Route(root, page, methods=["GET"]), Route(f"{root}/{{path:path}}", page, methods=["GET"])


def _till_file(address: str) -> Route:
    """One of the till's own files; its worker stands below ``/scan`` and works for ``/scan`` itself, too."""
    name = _TILL[address]

    async def file(request: Request) -> Response:
        path = _BUILT / name
        headers = _page_headers(request) | {"Service-Worker-Allowed": "/scan"}
        return _file(request, path, headers, _KINDS[path.suffix])

    return Route(address, file, methods=["GET"])


async def _asset(request: Request) -> Response:
    path = _BUILT / request.path_params["name"]
    return _file(request, path, dict(_FILE_HEADERS), _KINDS.get(path.suffix))


async def _home(_request: Request) -> Response:
    return RedirectResponse("/app", status_code=307)


def _file(request: Request, path: Path, headers: dict[str, str], kind: str | None) -> Response:
    if len(path.name) > _LONGEST_NAME or not path.is_file():
        return PlainTextResponse("The web app is not built: run “make web”.\n", status_code=404)
    headers["Vary"] = "Accept-Encoding"
    accepted = request.headers.get("accept-encoding", "")
    for encoding, suffix in _ENCODINGS:
        packed = path.with_name(path.name + suffix)
        if encoding in accepted and packed.is_file():
            return FileResponse(packed, headers=headers | {"Content-Encoding": encoding}, media_type=kind)
    return FileResponse(path, headers=headers, media_type=kind)


_LONGEST_NAME: Final = 200  # file systems refuse longer ones, and not by saying that there is none


ROUTES: Final[tuple[BaseRoute, ...]] = (
    Route("/", _home, methods=["GET"]),
    *(_till_file(address) for address in _TILL),
    *(route for root in _PAGES for route in _pages(root)),
    Route("/assets/app/{name}", _asset, methods=["GET"]),
)
