"""``/openapi.json`` for programs and ``/docs`` for people, made in a process that ends.

Describing every route and shape takes seconds and 60 MB. A server that did it itself would keep its tills waiting,
and keep the memory. So it is done by the command line: with the build (``passerelle openapi --keep``), or when
somebody asks and the program is another than was built.
"""

import asyncio
import hashlib
import subprocess
import sys
from asyncio import Task
from collections import defaultdict
from pathlib import Path
from typing import Any, Final, Literal

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

_PROGRAM: Final = Path(__file__).parent.parent
_PAGE: Final = Path(__file__).parent / "docs.html"
_KEPT: Final = Path(__file__).parent / "webapp" / "contract"
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
_Form = Literal["--json", "--html"]


class Contract:
    """What this release answers, as bytes; each form is made when it is first asked for, and kept."""

    def __init__(self) -> None:
        self._making: dict[_Form, Task[bytes]] = {}

    async def read(self, form: _Form) -> bytes:
        """The document; whoever asks meanwhile waits for the same, and a failure is tried again."""
        making = self._making.get(form)
        if making is None or (making.done() and making.exception()):
            making = self._making[form] = asyncio.create_task(_made(form))
        return await asyncio.shield(making)


async def _made(form: _Form) -> bytes:
    if (kept := await asyncio.to_thread(_place_of, form)).exists():
        return kept.read_bytes()
    command = (sys.executable, "-X", "utf8", "-m", "passerelle.entry.cli", "openapi", form)
    maker = await asyncio.create_subprocess_exec(*command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    made, _ = await maker.communicate()
    if maker.returncode:
        raise RuntimeError(f"The contract could not be made: its maker ended with {maker.returncode}.")
    return made


def _place_of(form: _Form) -> Path:
    """Where a form is kept: under a digest of the program's text, so that none of another edition is ever shown."""
    text = hashlib.sha256()
    for each in (_PAGE, *sorted(_PROGRAM.rglob("*.py"))):
        text.update(each.read_bytes())
    return _KEPT / f"{text.hexdigest()[:32]}.{form.removeprefix('--')}"


def keep(document: dict[str, Any]) -> None:
    """Keep both forms beside the built web app, in place of those of other editions."""
    _KEPT.mkdir(parents=True, exist_ok=True)
    for older in _KEPT.iterdir():
        older.unlink()
    _place_of("--json").write_bytes(as_json(document))
    _place_of("--html").write_text(page(document), encoding="utf-8")


def as_json(document: dict[str, Any]) -> bytes:
    """The document for programs."""
    return orjson.dumps(document)


async def openapi(request: Request) -> Response:
    """The OpenAPI document."""
    contract: Contract = request.app.state.contract
    return Response(await contract.read("--json"), media_type="application/json")


async def docs(request: Request) -> Response:
    """Every operation with its parameters, body and refusals, by part."""
    contract: Contract = request.app.state.contract
    return HTMLResponse(await contract.read("--html"), headers={"Content-Security-Policy": _POLICY})


def page(document: dict[str, Any]) -> str:
    """The document as a page, made here, for a page of ours loads nothing from strangers."""
    from jinja2 import Environment  # noqa: PLC0415

    groups: dict[str, list[tuple[str, str, Any]]] = defaultdict(list)
    for path, methods in document["paths"].items():
        for verb, operation in methods.items():
            groups[operation.get("tags", ["other"])[0]].append((verb.upper(), path, operation))
    return Environment(autoescape=True).from_string(_PAGE.read_text()).render(document=document, groups=groups)
