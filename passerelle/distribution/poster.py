"""The poster for the counter: one A4 page in the merchant's colours.

It is drawn by a program of its own (``drawing.py``), for the PDF library and the text shaper take 55 MB that the
process answering requests should not carry from the first poster on. The last posters are remembered.
"""

import asyncio
import json
import sys
from collections import OrderedDict
from typing import Final

from passerelle.distribution.errors import PosterNotDrawn
from passerelle.distribution.offers import Offer
from passerelle.distribution.wording import texts
from passerelle.kit.i18n import Language, direction
from passerelle.kit.log import logger

_log: Final = logger(__name__)
_one_at_a_time: Final = asyncio.Semaphore(1)
_SECONDS: Final = 30
_REMEMBERED: Final = 32
_known: Final[OrderedDict[bytes, bytes]] = OrderedDict()


async def draw_poster(offer: Offer, url: str, language: Language) -> bytes:
    """The PDF; raises PosterNotDrawn. Give it no open transaction: the first time it takes a second."""
    content = _content(offer, url, language)
    async with _one_at_a_time:
        known = _known.get(content)
        if known is None:
            known = _known[content] = await _run(content)
            if len(_known) > _REMEMBERED:
                _known.popitem(last=False)
        _known.move_to_end(content)
        return known


async def _run(content: bytes) -> bytes:
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "passerelle.distribution.drawing"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        pdf, complaint = await asyncio.wait_for(program.communicate(content), _SECONDS)
    except TimeoutError:
        program.kill()
        await program.wait()
        pdf, complaint = b"", b"too slow"
    if not pdf.startswith(b"%PDF-"):
        _log.error("poster_failed", complaint=complaint.decode(errors="replace")[-500:])
        raise PosterNotDrawn
    return pdf


def _content(offer: Offer, url: str, language: Language) -> bytes:
    t = texts(language)
    colours = offer.palette
    values = {
        "url": url,
        # People type what the camera does not read, without the part that browsers add by themselves.
        "typed": url.removeprefix("https://").removeprefix("http://"),
        "language": language,
        "is_rtl": direction(language) == "rtl",
        "organization": offer.organization.name,
        "program": offer.program.name_in(language),
        "promise": offer.promise(language),
        "place": offer.location.name if offer.location else "",
        "stamps": offer.stamps,
        "brand": colours.brand,
        "on_brand": colours.on_brand,
        "soft_on_brand": colours.soft_on_brand,
        "accent": colours.accent,
        "call": t["poster_call"],
        "steps": [t["poster_step_1"], t["poster_step_2"], t["poster_step_3"]],
        "or_type": t["poster_or_type"],
    }
    return json.dumps(values).encode()
