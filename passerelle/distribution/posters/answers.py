"""A poster as an answer of the server."""

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from passerelle.distribution.posters.printing import Order, draw_poster
from passerelle.distribution.posters.schemas import PosterFormat

_MEDIA_TYPES: dict[PosterFormat, str] = {"pdf": "application/pdf", "svg": "image/svg+xml"}


class DrawnPoster(Response):
    """Drawn while it is sent: by then the transaction has ended, and its connection serves others."""

    def __init__(self, order: Order) -> None:
        super().__init__()
        self._order = order

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        order = self._order
        drawn = await draw_poster(order)
        headers = {
            "Content-Disposition": f'inline; filename="poster-{order.size}.{order.kind}"',
            "Cache-Control": "private, no-cache",
            "Content-Security-Policy": "default-src 'none'; img-src data:; style-src 'unsafe-inline'",
        }
        await Response(drawn, media_type=_MEDIA_TYPES[order.kind], headers=headers)(scope, receive, send)
