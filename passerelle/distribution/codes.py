"""QR codes as answers of the server: an address drawn with the look that was asked for."""

from typing import Annotated, Final, Literal

from fastapi import Query
from fastapi.responses import Response

from passerelle.distribution import qr
from passerelle.distribution.posters import service as posters
from passerelle.distribution.schemas import QrLook
from passerelle.kit.db import Tx
from passerelle.organizations import service as organizations

Look = Annotated[QrLook, Query()]
Format = Literal["svg", "png"]
_MEDIA_TYPES: Final[dict[Format, str]] = {"svg": "image/svg+xml", "png": "image/png"}


async def drawn_code(tx: Tx, url: str, kind: Format, look: QrLook) -> Response:
    """The picture of an address, with the merchant's logo when the look has it."""
    brand = (await organizations.get_organization(tx)).brand if look.logo else None
    logo = await posters.read_logo(tx, brand) if brand else None
    style = qr.Style(look.size, look.quiet, look.error, look.dark, look.light, logo)
    data = qr.svg(url, style) if kind == "svg" else qr.png(url, style)
    return Response(data, media_type=_MEDIA_TYPES[kind], headers={"Cache-Control": "private, max-age=3600"})
