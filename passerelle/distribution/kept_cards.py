"""What lets a phone keep a card: a service worker and a manifest for the address of each card.

The worker's scope is that address, so it sees and keeps this card alone, and it forgets it when the card is gone.
"""

from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from passerelle.distribution import html, service
from passerelle.distribution.colours import Palette
from passerelle.distribution.visits import guarded
from passerelle.kit.actors import Actor
from passerelle.kit.ids import open_tenant_token
from passerelle.kit.web import edge

COPY_HEADER: Final = "x-card-copy"
"""With it the worker asks for a page to keep: nobody has looked at the card."""
_PUBLIC: Final = Actor("customer")
_SHORT_LETTERS: Final = 12


@guarded
async def worker(request: Request) -> Response:
    """``GET /c/{token}/worker.js``: the same script for every card; its scope makes it that of one."""
    token = request.path_params["token"]
    if open_tenant_token("c", token) is None:
        return Response(status_code=404, headers={"Cache-Control": "no-store"})
    headers = {
        "Cache-Control": "no-cache",
        "Content-Security-Policy": "default-src 'none'; connect-src 'self'",
        "Service-Worker-Allowed": f"/c/{token}",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(_script(), media_type="text/javascript", headers=headers)


@guarded
async def manifest(request: Request) -> Response:
    """``GET /c/{token}/manifest.webmanifest``: the card on the home screen of a phone with neither wallet."""
    token = request.path_params["token"]
    place = open_tenant_token("c", token)
    opened = None
    if place is not None:
        async with edge(request).database.transaction(place[0], _PUBLIC) as tx:
            opened = await service.open_card(tx, place[1])
    if opened is None or opened.card.condition != "valid":
        return Response(status_code=404 if opened is None else 410, headers={"Cache-Control": "no-store"})
    language, offer = html.language_for(request), opened.offer
    content = {
        "id": f"/c/{token}",
        "name": f"{offer.title(language)} - {offer.organization.name}",
        "short_name": offer.organization.name[:_SHORT_LETTERS],
        "lang": language,
        "start_url": f"/c/{token}?wallet=page&lang={language}",
        "scope": f"/c/{token}",
        "display": "standalone",
        "background_color": offer.palette.brand,
        "theme_color": offer.palette.brand,
        "icons": [{"src": _icon(offer.organization.name, offer.palette), "sizes": "any", "type": "image/svg+xml"}],
    }
    return JSONResponse(content, media_type="application/manifest+json", headers={"Cache-Control": "no-store"})


def _icon(name: str, colours: Palette) -> str:
    """The first letter of the shop in its colours, inside the address itself."""
    letter = next((letter for letter in name.upper() if letter.isalnum()), "•")
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 192 192">'
        f'<path fill="{colours.brand}" d="M0 0h192v192H0z"/>'
        f'<text x="96" y="130" font-family="sans-serif" font-size="96" font-weight="700" text-anchor="middle" '
        f'fill="{colours.on_brand}">{letter}</text></svg>'
    )
    return f"data:image/svg+xml,{quote(picture)}"


@cache
def _script() -> str:
    return (Path(__file__).parent / "pages" / "card_worker.js").read_text()


ROUTES: Final[tuple[BaseRoute, ...]] = (
    Route("/c/{token}/worker.js", worker, methods=["GET"]),
    Route("/c/{token}/manifest.webmanifest", manifest, methods=["GET"]),
)
