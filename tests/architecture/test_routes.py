"""Every address has an actor, or stands on the list of public ones with its reason."""

from collections.abc import Iterator

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.routing import Route

from passerelle.entry.api import create_app
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.organizations.rules import SCOPES

PUBLIC = {
    "POST /api/v1/organizations": "opens the tenant; closed by a setting",
    "POST /api/v1/sessions": "is the sign-in",
    "GET /api/v1/sign-in-options": "what the door offers, of no tenant",
    "POST /api/v1/sessions/passkey/options": "begins the sign-in with a passkey",
    "POST /api/v1/sessions/passkey": "is the sign-in with a passkey",
    "POST /api/v1/invitations/read": "the link's token is unguessable",
    "POST /api/v1/invitations/accept": "the link's token is unguessable, and good once",
    "POST /api/v1/password-resets": "asks for a link by mail, and tells nothing",
    "POST /api/v1/password-resets/use": "the link's token is unguessable, and good once",
    "GET /images/{organization_id}/{digest}.png": "pictures of cards, for phones; the digest is unguessable",
}


# Plain routes: phones, customers and machines, none of whom has an account.
OPEN = {
    "/": "leads to the web app",
    "/app": "the web app's page, which holds nothing of a tenant",
    "/app/{path:path}": "the same page: what is shown, the browser decides",
    "/scan": "the till's page, which holds nothing of a tenant",
    "/scan/{path:path}": "the same page",
    "/scan/worker.js": "the till's code",
    "/scan/manifest.webmanifest": "how the till is installed",
    "/scan/icon.svg": "the till's icon",
    "/scan/icon-maskable.svg": "the till's icon",
    "/scan/icon-180.png": "the till's icon",
    "/assets/app/{name}": "the web app's code",
    "/wallet/apple/v1/devices/{device}/registrations/{type}/{serial}": "asks for the card's own token",
    "/wallet/apple/v1/devices/{device}/registrations/{type}": "so by Apple; the device is unguessable",
    "/wallet/apple/v1/passes/{type}/{serial}": "asks for the card's own token",
    "/wallet/apple/v1/log": "complaints of phones, bounded, into our log",
    "/wallet/apple/v1/passes/{type}/{serial}/personalize": "a holder signs up, by the token of the card",
    "/wallet/google/callback": "signed by Google",
    "/join/{program}": "the form that strangers fill in",
    "/join/{program}/member": "what a member of the program reads instead of a second card",
    "/j/{code}": "the same behind the short address of a poster",
    "/j/{code}/member": "the same behind the short address of a poster",
    "/join/{program}/embed": "the same form in frames of the sites that the merchant named for the program's link",
    "/join/{program}/embed/member": "the same in frames",
    "/j/{code}/embed": "the same form in frames of the sites that the merchant named",
    "/j/{code}/embed/member": "the same in frames",
    "/k/{token}": "the token is unguessable, and revoked by closing the kiosk",
    "/k/{token}/form": "the form that strangers fill in, on the tablet in the store",
    "/k/{token}/manifest.webmanifest": "how the kiosk is installed",
    "/k/{token}/icon.svg": "the kiosk's icon",
    "/m/{organization}/check-in/{code}": "the code is sealed by the shop's key; who checks in is known by a cookie",
    "/m/{organization}/screen/{secret}": "the secret is sealed by the shop's key, and ended by renewing it",
    "/c/{token}": "the token is unguessable",
    "/o/{code}": "a coupon for whoever asks, as many as the shop said",
    "/c/{token}/worker.js": "a script without data, the same for every card",
    "/c/{token}/manifest.webmanifest": "the same token; names of the shop and its program",
    "/c/{token}/live": "the same token; a page that is open asks for the card again",
    "/c/{token}/codes": "the same token; what a code that changes will show for the next minutes",
    "/m/{organization}": "asks for a link unless a cookie says whose page it is",
    "/m/{organization}/ask": "has a link mailed, and tells nothing",
    "/m/{organization}/open/{secret}": "the secret is unguessable, and good once",
    "/m/{organization}/confirm/{secret}": "the secret is unguessable, and good once",
    "/m/{organization}/number/{secret}": "the same: confirms a new number through the address on file",
    "/m/{organization}/history": "wants the page's cookie",
    "/m/{organization}/details": "wants the page's cookie and its seal",
    "/m/{organization}/email": "wants the page's cookie and its seal",
    "/m/{organization}/phone": "wants the page's cookie and its seal",
    "/m/{organization}/consents": "wants the page's cookie and its seal",
    "/m/{organization}/card": "wants the page's cookie and its seal",
    "/m/{organization}/coupon": "wants the page's cookie and its seal",
    "/m/{organization}/ticket": "wants the page's cookie and its seal",
    "/m/{organization}/data": "wants the page's cookie and its seal",
    "/m/{organization}/data.json": "wants the page's cookie and its seal",
    "/m/{organization}/erase": "wants the page's cookie and, to erase, its seal and a word",
    "/m/{organization}/sign-out": "wants the page's cookie and its seal",
    "/m/{organization}/receipt": "a form that leads to the page of a code",
    "/m/{organization}/receipt/{code}": "the code is unguessable; claiming wants the page's cookie and its seal",
    "/m/{organization}/receipt-print": "wants the page's cookie and its seal",
    "/m/{organization}/visit/{token}": "the token is proven by the tenant's key, and answers one question",
    "/embed.js": "the same for every shop, and holds nothing of any",
    "/t/{token}.pkpass": "the token is proven by the tenant's key, and over after an hour",
    "/badges/{wallet}": "the operator's public artwork",
    "/healthz": "liveness",
    "/readyz": "readiness",
    "/metrics": "counts without names; keep it inside by the proxy",
    "/openapi.json": "the contract",
    "/docs": "the contract, to read",
}


def _scopes(dependant: Dependant) -> Iterator[str]:
    for child in dependant.dependencies:
        scope = getattr(child.call, "required_scope", None)
        if scope is not None:
            yield scope
        yield from _scopes(child)


def test_every_route_has_an_actor_or_a_reason(database: Database, settings: Settings) -> None:
    app: FastAPI = create_app(database, settings)
    wrong = []
    routes = [route for route in app.routes if isinstance(route, APIRoute)]
    assert len(routes) > len(PUBLIC) * 10, "the framework keeps its routes elsewhere, and nothing was looked at"
    for route in routes:
        scopes = list(_scopes(route.dependant))
        for method in route.methods or ():
            name = f"{method} {route.path}"
            if (name in PUBLIC) == bool(scopes) or not set(scopes) <= SCOPES.keys():
                wrong.append(f"{name}: {scopes}")
    assert wrong == []


def test_every_plain_route_is_known(database: Database, settings: Settings) -> None:
    app: FastAPI = create_app(database, settings)
    plain = {route.path for route in app.routes if isinstance(route, Route) and not isinstance(route, APIRoute)}
    assert plain - OPEN.keys() == set()
