"""Fixtures of my page: a shop with a mail server, and a customer who has an e-mail address."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import orjson
import pytest
import pytest_asyncio

from passerelle import wiring
from passerelle.distribution.mypage import acts, pages
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.kit.ids import decode, encode
from passerelle.kit.jobs import Work
from tests.conftest import Shop, open_shop
from tests.distribution.shopfront import DESKTOP, Page, Shopfront, open_shopfront
from tests.factories.mailbox import Mailbox, mailbox


@pytest.fixture(autouse=True)
def fresh_budgets() -> None:
    """All tests come from one address."""
    for budget in (pages._asks, pages._openings, acts._acts):
        budget._spent.clear()


@dataclass(slots=True)
class Counter:
    """A shop, its mails, and its customers' browsers."""

    front: Shopfront
    box: Mailbox
    settings: Settings

    @property
    def home(self) -> str:
        return f"/m/{encode('org', self.front.shop.organization_id)}"

    async def member(self, **given: str) -> str:
        """A customer with a card; their id."""
        new = {"first_name": "Lina", "language": "en"} | given
        async with self.front.staff() as staff:
            made = await staff.post("/api/v1/customers", json=new)
            assert made.status_code == 201, made.text
            customer_id: str = made.json()["id"]
            body = {"customer_id": customer_id}
            joined = await staff.post(f"/api/v1/programs/{self.front.program['id']}/members", json=body)
            assert joined.status_code in {200, 201}, joined.text
            issued = await staff.post("/api/v1/passes", json={"membership_id": joined.json()["id"]})
            assert issued.status_code == 201, issued.text
        return customer_id

    async def link(self, customer_id: str, headers: Mapping[str, str] | None = None) -> str:
        """A link that staff made; its path."""
        async with self.front.browser(**dict(headers or self.front.shop.headers)) as staff:
            made = await staff.post(f"/api/v1/customers/{customer_id}/page-link")
        assert made.status_code == 201, made.text
        path: str = urlsplit(made.json()["url"]).path
        return path

    @asynccontextmanager
    async def signed_in(
        self, customer_id: str, headers: Mapping[str, str] | None = None
    ) -> AsyncIterator[httpx.AsyncClient]:
        """A browser with the page open."""
        async with self.front.browser(DESKTOP, "en") as browser:
            opened = await browser.post(await self.link(customer_id, headers))
            assert opened.status_code == 303, opened.text
            yield browser

    async def page(self, browser: httpx.AsyncClient, step: str = "") -> Page:
        """A page as the browser sees it; with the seal of its forms."""
        answer = await browser.get(f"{self.home}{step}?lang=en")
        assert answer.status_code == 200, answer.text
        return Page(answer.text, str(answer.url))

    async def send(self, browser: httpx.AsyncClient, step: str, **typed: str) -> httpx.Response:
        """A form of my page."""
        seal = (await self.page(browser)).fields["seal"]
        return await browser.post(f"{self.home}/{step}?lang=en", data={"seal": seal} | typed)

    async def do_jobs(self) -> None:
        """What the worker would do now: the mails of my page that stand in the queue."""
        handlers = {kind.name: kind.handler for kind in wiring.JOBS if kind.name.startswith("distribution.")}
        work = Work(self.front.database, self.settings)
        async with self.front.database.unscoped() as connection:
            rows = await connection.fetch(
                "DELETE FROM pgqueuer WHERE entrypoint = ANY($1) RETURNING entrypoint, payload", list(handlers)
            )
        for row in rows:
            payload = orjson.loads(row["payload"])
            if payload["organization_id"] == str(self.front.shop.organization_id):
                await handlers[row["entrypoint"]](work, payload)

    def mailed_path(self, position: int = -1) -> str:
        """The path of the link in a letter."""
        text = self.box.letters[position].get_content()
        [url] = [word for word in text.split() if "/m/org_" in word]
        path: str = urlsplit(url).path
        return path

    def id_of(self, customer_id: str) -> UUID:
        return decode("cus", customer_id)


@pytest_asyncio.fixture(scope="session")
async def counter(database: Database, settings: Settings) -> AsyncIterator[Counter]:
    """Shared: every test brings its own customers."""
    async with mailbox() as box:
        with_mail = settings.model_copy(update={"smtp_url": box.url})
        yield Counter(await open_shopfront(database, with_mail, await open_shop(database)), box, with_mail)


@pytest_asyncio.fixture
async def rival(database: Database, settings: Settings, other_shop: Shop) -> Shopfront:
    """Another tenant on the same server, without a mail server."""
    return await open_shopfront(database, settings, other_shop)
