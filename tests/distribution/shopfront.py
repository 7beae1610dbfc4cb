"""What the tests of public pages share: an application with them, a program, and a browser's way with a form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin
from uuid import UUID

import httpx
from fastapi import FastAPI

from passerelle.distribution import card_pages, jobs, join_pages
from passerelle.distribution.routes import router
from passerelle.distribution.service import find_card
from passerelle.entry.api import create_app
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.kit.events import subscribe
from passerelle.kit.ids import decode, open_tenant_token
from passerelle.passes.events import PassInstalled, PassRemoved
from passerelle.passes.identities import Wallets
from passerelle.programs.events import ProgramCreated
from tests.conftest import Shop

Json = dict[str, Any]
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 "
    "Mobile Safari/537.36"
)
DESKTOP = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
)
SLACKBOT = "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"


def build_app(database: Database, settings: Settings, wallets: Wallets | None = None) -> FastAPI:
    """The application with everything of distribution, whether or not the wiring knows it already."""
    app = create_app(database, settings, wallets=wallets)
    subscribe(ProgramCreated, jobs.on_program_created)
    subscribe(PassInstalled, jobs.on_pass_installed)
    subscribe(PassRemoved, jobs.on_pass_removed)
    paths = {getattr(route, "path", "") for route in app.routes}
    if "/c/{token}" not in paths:
        app.router.routes.extend((*join_pages.ROUTES, *card_pages.ROUTES))
        app.include_router(router)
    return app


@dataclass(slots=True)
class Page(HTMLParser):
    """A page as a browser sees its form."""

    html: str
    url: str
    action: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    boxes: set[str] = field(default_factory=set)
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if tag == "form":
            self.action = urljoin(self.url, given.get("action") or "")
        name = given.get("name")
        if tag == "input" and name:
            if given.get("type") == "checkbox":
                self.boxes.add(name)
            else:
                self.fields[name] = given.get("value") or ""

    def find(self, tag: str, **attributes: str) -> dict[str, str | None]:
        """The one element like this."""
        [found] = [
            given
            for name, given in self.tags
            if name == tag
            and all(given.get(key.rstrip("_").replace("_", "-")) == value for key, value in attributes.items())
        ]
        return found


@dataclass(slots=True)
class Shopfront:
    """A shop's program, and the browsers that come to its pages."""

    app: FastAPI
    database: Database
    shop: Shop
    program: Json
    base_url: str = "http://testserver"

    @property
    def path(self) -> str:
        return f"/join/{self.program['id']}"

    @property
    def program_id(self) -> UUID:
        return decode("prg", self.program["id"])

    def browser(self, user_agent: str = DESKTOP, language: str = "fr", **headers: str) -> httpx.AsyncClient:
        """A fresh browser: no cookies, follows nothing by itself."""
        given = {"User-Agent": user_agent, "Accept-Language": language} | headers
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://testserver", headers=given)

    def staff(self) -> httpx.AsyncClient:
        """A program of the owner."""
        return self.browser(**self.shop.headers)

    async def open(self, browser: httpx.AsyncClient, path: str | None = None) -> Page:
        answer = await browser.get(path or self.path)
        assert answer.status_code == 200, answer.text
        return Page(answer.text, str(answer.url))

    async def fill(self, browser: httpx.AsyncClient, path: str | None = None, **typed: str) -> httpx.Response:
        """Open the form, type, send."""
        return await self.send(browser, await self.open(browser, path), **typed)

    async def send(self, browser: httpx.AsyncClient, page: Page, **typed: str) -> httpx.Response:
        given: Mapping[str, str] = {"name": "Lina", "phone": "06 12 34 56 78", "loyalty": "yes"} | typed
        sent = page.fields | {name: value for name, value in given.items() if value != "-"}
        return await browser.post(page.action, data=sent)

    async def join(self, user_agent: str = DESKTOP, path: str | None = None, **typed: str) -> str:
        """A member with a card; the path of their smart link."""
        async with self.browser(user_agent) as browser:
            answer = await self.fill(browser, path, **typed)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    async def counts(self) -> dict[str, int]:
        """Rows of everything that a page could touch."""
        tables = (
            *("customers", "consents", "memberships", "passes", "installations", "pass_updates"),
            *("join_links", "smart_links", "link_facts", "events"),
        )
        async with self.database.transaction(self.shop.organization_id) as tx:
            return {
                table: await tx.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608  constants
                for table in tables
            }

    async def facts(self, columns: str = "kind") -> list[Any]:
        """The link facts, in order."""
        async with self.database.transaction(self.shop.organization_id) as tx:
            rows = await tx.fetch(f"SELECT {columns} FROM link_facts ORDER BY id")  # noqa: S608  constants
        return [row[0] if len(row) == 1 else tuple(row) for row in rows]


async def open_shopfront(
    database: Database, settings: Settings, shop: Shop, wallets: Wallets | None = None, **program: Any
) -> Shopfront:
    """A program with its card, in an application with the public pages."""
    front = Shopfront(build_app(database, settings, wallets), database, shop, {})
    new = {
        "name": "Carte café",
        "names": {"en": "Coffee card", "ar": "بطاقة القهوة"},
        "kind": "points",  # a stamp card's pictures take a second
        "goal": 10,
        "reward_name": "Café offert",
        "reward_names": {"en": "Free coffee", "ar": "قهوة مجانية"},
    }
    async with front.staff() as staff:
        made = await staff.post("/api/v1/programs", json=new | program)
        assert made.status_code == 201, made.text
        front.program = made.json()
    return front


async def code_behind(front: Shopfront, path: str) -> str:
    """What the card of a link has in its code."""
    opened = open_tenant_token("c", path.removeprefix("/c/"))
    assert opened is not None
    async with front.database.transaction(front.shop.organization_id) as tx:
        card = await find_card(tx, opened[1])
    assert card is not None
    return card.code
