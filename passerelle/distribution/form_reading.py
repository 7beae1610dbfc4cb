"""Forms as browsers send them, read within bounds."""

from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from passerelle.distribution.forms import TRAP, JoinForm

MAX_FORM_BYTES: Final = 16_384
_MAX_FIELDS: Final = 30
_MAX_VALUE: Final = 300


class UnreadableForm(Exception):
    """Not the form of the page: too large, or of another type."""


async def read_fields(request: Request, *, longest: int = _MAX_VALUE) -> dict[str, str]:
    """What was typed into a form, by field, cut to bounds; raises UnreadableForm."""
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != "application/x-www-form-urlencoded":
        raise UnreadableForm
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_FORM_BYTES:
                raise UnreadableForm
        pairs = parse_qsl(bytes(body).decode("ascii"), errors="replace", max_num_fields=_MAX_FIELDS)
    except (ClientDisconnect, ValueError):
        raise UnreadableForm from None
    return {name: value.replace("\0", "").strip()[:longest] for name, value in pairs}


async def read_form(request: Request) -> JoinForm:
    """The join form of a request; raises UnreadableForm."""
    given = await read_fields(request)
    return JoinForm(
        name=given.get("name", ""),
        phone=given.get("phone", ""),
        email=given.get("email", ""),
        loyalty="loyalty" in given,
        marketing="marketing" in given,
        ticket=given.get("ticket", ""),
        is_trapped=bool(given.get(TRAP)),
    )
