"""A connection to the database that is cut at the worst moment: nothing is booked twice, even without a key."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import httpx

from passerelle.entry.api import create_app
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from tests.conftest import Shop
from tests.scanning.test_together import at_once, make_cards, transactions

_SOCKET = ".s.PGSQL.5432"


@dataclass(slots=True)
class Wire:
    """What is between the API and PostgreSQL. The next ``cuts`` commits are done, and nobody hears of it."""

    directory: Path
    cuts: int = 0
    carrying: set[asyncio.Task[None]] = field(default_factory=set)

    def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry a connection to its end."""
        self.carrying.add(asyncio.create_task(self._carry(reader, writer)))

    async def _carry(self, near: asyncio.StreamReader, answers: asyncio.StreamWriter) -> None:
        far, asked = await asyncio.open_unix_connection(self.directory / _SOCKET)
        is_cut = False

        async def ask() -> None:
            nonlocal is_cut
            while data := await near.read(1 << 16):
                if self.cuts and b"COMMIT" in data:
                    self.cuts -= 1
                    is_cut = True
                asked.write(data)
            asked.close()

        async def answer() -> None:
            while (data := await far.read(1 << 16)) and not is_cut:
                answers.write(data)
            answers.close()

        await asyncio.gather(ask(), answer())
        await asyncio.gather(asked.wait_closed(), answers.wait_closed())


@asynccontextmanager
async def wire(owner_dsn: str) -> AsyncIterator[tuple[Wire, str]]:
    """A wire to the database, and the DSN of its near end."""
    parts = urlsplit(owner_dsn)
    with tempfile.TemporaryDirectory() as near:
        found = Wire(Path(parse_qs(parts.query)["host"][0]))
        async with await asyncio.start_unix_server(found.carry, Path(near) / _SOCKET):
            yield found, parts._replace(query=f"host={quote(near)}").geturl()
        await asyncio.gather(*found.carrying)


async def test_purchases_whose_commit_was_not_heard_of_are_not_booked_again(
    owner_dsn: str, database: Database, settings: Settings, client: httpx.AsyncClient, shop: Shop
) -> None:
    cards = await make_cards(client, 12)
    told = [{"code": card["code"], "amount_minor": 450} for card in cards]
    async with wire(owner_dsn) as (cut, dsn):
        behind = Database(dsn, database.vault)
        transport = httpx.ASGITransport(create_app(behind, settings), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://t", headers=shop.headers) as till:
            assert {answer.status_code for answer in await at_once(till, told)} == {201}
            cut.cuts = 3
            answers = await at_once(till, told)
        await behind.close()
    lost = [answer.json()["code"] for answer in answers if answer.status_code != 201]
    assert lost
    assert set(lost) == {"outcome_unknown"}
    async with database.transaction(shop.organization_id) as tx:
        booked = await tx.fetchval("SELECT count(*) FROM purchases WHERE organization_id = $1", tx.organization_id)
    assert booked == 24
    assert await transactions(database, shop) <= 12
