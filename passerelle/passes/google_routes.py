"""Google's callback over HTTP: a card was saved to a phone, or deleted from it."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from passerelle.kit.web import edge
from passerelle.passes import google as verbs
from passerelle.passes.errors import PassNotFound
from passerelle.passes.identities import Wallets


async def callback(request: Request) -> Response:
    """``POST /wallet/google/callback``: 200 when it was taken or is a repetition, a refusal otherwise."""
    wallets: Wallets = request.app.state.wallets
    google = wallets.google
    event = await google.root_keys.verify(await request.body(), issuer_id=google.issuer_id)
    place = verbs.place_of(event.object_id)
    if place is None:
        raise PassNotFound
    organization_id, pass_id = place
    async with edge(request).database.transaction(organization_id) as tx:
        await verbs.take_callback(tx, pass_id, event)
    return Response(status_code=200)


ROUTES: Final[tuple[BaseRoute, ...]] = (Route("/wallet/google/callback", callback, methods=["POST"]),)
