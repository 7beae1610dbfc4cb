"""Has posters drawn by a program of its own (``drawing.py``).

The PDF library and the text shaper take 55 MB that the process answering requests should not carry from the first
poster on. The last posters are remembered.
"""

import asyncio
import base64
import json
import sys
from collections import OrderedDict
from dataclasses import asdict, dataclass
from typing import Any, Final

from passerelle.distribution.errors import PosterNotDrawn
from passerelle.distribution.posters.schemas import PosterFormat, PosterSize
from passerelle.kit.log import logger

_log: Final = logger(__name__)
_one_at_a_time: Final = asyncio.Semaphore(1)
_SECONDS: Final = 30
_REMEMBERED: Final = 32
_BEGINNINGS: Final[dict[PosterFormat, bytes]] = {"pdf": b"%PDF-", "svg": b"<svg "}
_known: Final[OrderedDict[bytes, bytes]] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Content:
    """What is drawn: fields of ``parts.Poster``, which is not imported here for what it would bring with it."""

    url: str
    typed: str
    language: str
    is_rtl: bool
    organization: str
    headline: str
    text: str
    call: str
    steps: tuple[str, ...]
    or_type: str
    place: str
    stamps: int
    brand: str
    on_brand: str
    soft_on_brand: str
    accent: str
    logo: bytes | None
    logo_ratio: float


@dataclass(frozen=True, slots=True)
class Order:
    """A poster to be drawn, on which paper, as what."""

    content: Content
    size: PosterSize
    kind: PosterFormat
    crop_marks: bool

    def as_json(self) -> bytes:
        fields: dict[str, Any] = asdict(self.content)
        logo = self.content.logo
        fields["logo"] = base64.b64encode(logo).decode() if logo else None
        order = {"poster": fields, "size": self.size, "kind": self.kind, "crop_marks": self.crop_marks}
        return json.dumps(order).encode()


async def draw_poster(order: Order) -> bytes:
    """The file; raises PosterNotDrawn. Give it no open transaction: it takes a second."""
    asked = order.as_json()
    async with _one_at_a_time:
        known = _known.get(asked)
        if known is None:
            known = _known[asked] = await _run(asked, _BEGINNINGS[order.kind])
            if len(_known) > _REMEMBERED:
                _known.popitem(last=False)
        _known.move_to_end(asked)
        return known


async def _run(asked: bytes, beginning: bytes) -> bytes:
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "passerelle.distribution.posters.drawing"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        drawn, complaint = await asyncio.wait_for(program.communicate(asked), _SECONDS)
    except TimeoutError:
        program.kill()
        await program.wait()
        drawn, complaint = b"", b"too slow"
    if not drawn.startswith(beginning):
        _log.error("poster_failed", complaint=complaint.decode(errors="replace")[-500:])
        raise PosterNotDrawn
    return drawn
