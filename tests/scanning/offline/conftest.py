"""A shop with two members and a till of its own, which signs what it queues."""

import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from passerelle.entry.api import create_app
from passerelle.kit import clock
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.kit.ids import new_id
from passerelle.ledger import service as ledger
from passerelle.scanning.offline.signing import signed_bytes
from tests.conftest import Shop, open_shop

Json = dict[str, Any]


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Till:
    """A registered device: it numbers and signs; ``clock_ahead`` is how wrong its clock is."""

    device_id: str
    key: Ed25519PrivateKey
    sequence: int = 0
    clock_ahead: timedelta = timedelta(0)

    def now(self) -> datetime:
        return clock.now() + self.clock_ahead

    def queue(self, kind: str, **fields: Any) -> Json:
        """The next operation, signed; ``at`` is now unless it is given."""
        self.sequence += 1
        operation = {"id": str(new_id()), "sequence": self.sequence, "at": self.now().isoformat(), "kind": kind}
        return self.sign(operation | fields)

    def sign(self, operation: Json) -> Json:
        unsigned = {name: value for name, value in operation.items() if name != "signature"}
        return unsigned | {"signature": base64url(self.key.sign(signed_bytes(self.device_id, unsigned)))}

    def batch(self, operations: list[Json], **fields: Any) -> Json:
        return {
            "device_id": self.device_id,
            "sent_at": self.now().isoformat(),
            "operations": operations,
        } | fields


@dataclass
class Counter:
    """A shop over HTTP: a stamp card with a free coffee at three stamps, points beside it, two members."""

    client: httpx.AsyncClient
    database: Database
    shop: Shop
    reward_id: str = ""
    codes: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)

    async def post(self, path: str, body: Json) -> Json:
        answer = await self.client.post(path, json=body, headers=self.shop.headers)
        assert answer.is_success, answer.text
        return dict(answer.json())

    async def get(self, path: str) -> Json:
        answer = await self.client.get(path, headers=self.shop.headers)
        assert answer.is_success, answer.text
        return dict(answer.json())

    async def open(self) -> None:
        stamps = {"name": "Club", "kind": "stamps", "goal": 3, "reward_name": "Free coffee"}
        club = await self.post("/api/v1/programs", stamps)
        rule = {"type": "per_amount", "amount_minor_per_step": 100, "cap_per_day": 12}
        points = await self.post("/api/v1/programs", {"name": "Points", "kind": "points", "rules": [rule]})
        for name in ("Lina", "Omar"):
            customer = await self.post("/api/v1/customers", {"first_name": name})
            for program in (club, points):
                path = f"/api/v1/programs/{program['id']}/members"
                member = await self.post(path, {"customer_id": customer["id"]})
                self.members.append(member["id"])
            card = await self.post("/api/v1/passes", {"membership_id": self.members[-2]})
            self.codes.append(card["code"])
        rewards = await self.get(f"/api/v1/rewards?program_id={club['id']}")
        self.reward_id = rewards["items"][0]["id"]

    async def till(self, **fields: Any) -> Till:
        key = Ed25519PrivateKey.generate()
        public_key = base64url(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))
        device = await self.post("/api/v1/devices", {"name": "Till", "public_key": public_key} | fields)
        return Till(device["id"], key)

    async def send(self, till: Till, operations: list[Json], **fields: Any) -> list[Json]:
        """A batch; the results, in the order of the operations."""
        answer = await self.post("/api/v1/scans/batch", till.batch(operations, **fields))
        results: list[Json] = answer["results"]
        return results

    async def books(self) -> list[dict[str, Json]]:
        """What the ledger says of every member, in the order of their making; and that it is sound."""
        async with self.database.transaction(self.shop.organization_id) as tx:
            assert await ledger.check_books(tx) == []
            for unit in (await ledger.trial_balance(tx)).values():
                assert sum(unit.values()) == 0
        found = [await self.get(f"/api/v1/members/{member}") for member in self.members]
        kept = {"active", "pending", "earned", "spent", "expired", "reversed", "adjusted"}
        return [
            {balance["unit"]: {name: balance[name] for name in kept} for balance in member["balances"]}
            for member in found
        ]

    async def stamps(self, number: int = 0) -> int:
        """How many stamps a member has."""
        return int((await self.books())[2 * number]["stamps"]["active"])


@pytest_asyncio.fixture
async def application(database: Database, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of nobody."""
    transport = httpx.ASGITransport(create_app(database, settings), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as opened:
        yield opened


@pytest_asyncio.fixture
async def counter(application: httpx.AsyncClient, database: Database, shop: Shop) -> Counter:
    made = Counter(application, database, shop)
    await made.open()
    return made


@pytest_asyncio.fixture
async def twin(application: httpx.AsyncClient, database: Database) -> Counter:
    """Another shop that is just the same."""
    made = Counter(application, database, await open_shop(database))
    await made.open()
    return made
