"""``/docs``: the OpenAPI document to read, made here, for a page of ours loads nothing from strangers."""

from collections import defaultdict
from pathlib import Path
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

_PAGE: Final = Path(__file__).parent / "docs.html"
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"


async def docs(request: Request) -> Response:
    """Every operation with its parameters, body and refusals, by part."""
    from jinja2 import Environment  # noqa: PLC0415  2 MB for who shows pages

    document: dict[str, Any] = request.app.openapi()
    groups: dict[str, list[tuple[str, str, Any]]] = defaultdict(list)
    for path, methods in document["paths"].items():
        for verb, operation in methods.items():
            groups[operation.get("tags", ["other"])[0]].append((verb.upper(), path, operation))
    page = Environment(autoescape=True).from_string(_PAGE.read_text())
    return HTMLResponse(page.render(document=document, groups=groups), headers={"Content-Security-Policy": _POLICY})
