"""Google's callback over HTTP: a card was saved to a phone, or deleted from it."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from passerelle.kit.web import edge
from passerelle.passes import google as verbs
from passerelle.passes.errors import PassNotFound
from passerelle.passes.service import wallets_of
from passerelle.passes.wallets.google.callbacks import claimed_object


async def callback(request: Request) -> Response:
    """``POST /wallet/google/callback``: 200 when it was taken or is a repetition, a refusal otherwise."""
    body = await request.body()
    # Whose it claims to be decides which issuer it is verified for; until then nothing of it is believed.
    place = verbs.place_of(claimed_object(body))
    if place is None:
        raise PassNotFound
    organization_id, pass_id = place
    async with edge(request).database.transaction(organization_id) as tx:
        google = (await wallets_of(request, tx)).google
    event = await google.root_keys.verify(body, issuer_id=google.issuer_id)
    async with edge(request).database.transaction(organization_id) as tx:
        await verbs.take_callback(tx, pass_id, event)
    return Response(status_code=200)


ROUTES: Final[tuple[BaseRoute, ...]] = (Route("/wallet/google/callback", callback, methods=["POST"]),)
