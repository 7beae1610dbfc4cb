"""A shop with thousands of cards, made through the services before the load; each card lives on its own phone."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from passerelle import wiring
from passerelle.customers import service as customers
from passerelle.customers.schemas import NewCustomer
from passerelle.emulators.apple_device import AppleDevice, HeldPass, HttpClient, Inspection, Trust
from passerelle.kit.config import Settings
from passerelle.kit.crypto import Vault, load_master_key
from passerelle.kit.db import Database
from passerelle.kit.ids import new_id, new_secret
from passerelle.ledger import service as ledger
from passerelle.organizations import service as organizations
from passerelle.organizations.schemas import OrganizationIn
from passerelle.passes import identities
from passerelle.passes import service as passes
from passerelle.passes.identities import Apple
from passerelle.programs import service as programs
from passerelle.programs.schemas import ProgramIn

_BATCH: Final = 50
_AT_ONCE: Final = 4
_FULLY_VERIFIED_EVERY: Final = 50
_NEVER: Final = 2**31
_PASSWORD: Final = "correct horse battery"  # nobody signs in


@dataclass(frozen=True, slots=True)
class Issued:
    """A card as its holder gets it."""

    membership_id: UUID
    code: str
    pkpass: bytes


@dataclass(frozen=True, slots=True)
class Shop:
    """An organization with its cards, and the key of its tills."""

    organization_id: UUID
    unit_id: UUID
    api_key: str
    issued: Sequence[Issued]


@dataclass(slots=True, eq=False)
class Card:
    """A card in a customer's hand: what it must show, what it shows, and who waits for how many points.

    Scans of one card may fold into one update; then it is the arrival of all of them.
    """

    membership_id: UUID
    code: str
    expected: int = 0
    shown: int = 0
    waiting: list[tuple[int, asyncio.Future[None]]] = field(default_factory=list, repr=False)

    def expect(self, points: int) -> asyncio.Future[None]:
        """So many points more are on their way; done when the phone shows them."""
        self.expected += points
        return self.arrival()

    def arrival(self) -> asyncio.Future[None]:
        """Done when the phone shows what is expected now."""
        arrival = asyncio.get_running_loop().create_future()
        self.waiting.append((self.expected, arrival))
        return arrival

    def refuse(self, points: int, arrival: asyncio.Future[None]) -> None:
        """They are not on their way after all, so whoever waits for more waits for less."""
        self.expected -= points
        at = next((wanted for wanted, other in self.waiting if other is arrival), self.expected)
        self.waiting = [
            (wanted - points if wanted > at else wanted, other)
            for wanted, other in self.waiting
            if other is not arrival
        ]

    def update(self, _device: AppleDevice, held: HeldPass) -> None:
        """The phone holds a new version; the ``on_update`` of its device."""
        self.shown = int(held.package.fields()["points"]["value"])
        for wanted, arrival in self.waiting:
            if wanted <= self.shown and not arrival.done():
                arrival.set_result(None)
        self.waiting = [each for each in self.waiting if each[0] > self.shown]


def database_of(settings: Settings, dsn: str) -> Database:
    """The product's own door to the server's data, for the set-up before the load and the audit after it."""
    return Database(dsn, Vault(load_master_key(None, settings.data_dir)), pool_size=_AT_ONCE)


async def make_shop(settings: Settings, dsn: str, cards: int) -> Shop:
    """An organization with one points program and so many customers, each with a signed card."""
    wiring.subscribe_all()
    database = database_of(settings, dsn)
    apple = identities.load(settings).apple
    async with database.transaction(new_id()) as tx:
        new = OrganizationIn(
            name="Café Central", owner_name="Ada", owner_email="ada@example.com", owner_password=_PASSWORD
        )
        organization, _, api_key = await organizations.create_organization(tx, new)
    async with database.transaction(organization.id) as tx:
        asked = {"name": "Coffee Club", "kind": "points", "goal": 100, "reward_name": "Free coffee"}
        program = await programs.create_program(tx, ProgramIn.model_validate(asked))
    issued: list[Issued] = []
    starts = iter(range(0, cards, _BATCH))

    async def issue_batches() -> None:
        for first in starts:
            numbers = range(first, min(first + _BATCH, cards))
            issued.extend(await _issue(database, apple, organization.id, program.id, numbers))

    await asyncio.gather(*(issue_batches() for _ in range(_AT_ONCE)))
    await database.close()
    return Shop(organization.id, program.units[0].id, api_key, issued)


async def _issue(
    database: Database, apple: Apple, organization_id: UUID, program_id: UUID, numbers: Sequence[int]
) -> list[Issued]:
    issued = []
    async with database.transaction(organization_id) as tx:
        for number in numbers:
            person = NewCustomer(first_name="Lina", last_name=f"Martin {number}", email=f"lina{number}@example.com")
            customer = await customers.register(tx, person)
            member = await programs.enroll(tx, program_id, customer.customer_id, source="api")
            card = await passes.issue_pass(tx, member.membership_id)
            pkpass = await passes.download_apple(tx, card.id, apple)
            issued.append(Issued(member.membership_id, card.code, pkpass))
    return issued


async def hand_out(shop: Shop, trust: Trust, http: HttpClient) -> dict[Card, AppleDevice]:
    """Put every card on a phone, which registers with the running server.

    Each pass is verified wholly when it is added; afterwards the phones of one card in fifty go on to verify
    all that they fetch, the others only read it.
    """
    held: dict[Card, AppleDevice] = {}
    waiting = iter(enumerate(shop.issued))

    async def add_all() -> None:
        for number, issued in waiting:
            every = 1 if number % _FULLY_VERIFIED_EVERY == 0 else _NEVER
            card = Card(issued.membership_id, issued.code)
            device = AppleDevice(
                new_secret(16).hex(),
                new_secret(32).hex(),
                trust=trust,
                http=http,
                inspection=Inspection(every=every, keep_files=False),
                on_update=card.update,
            )
            added = await device.add(issued.pkpass)
            if not added.registered:
                raise RuntimeError(f"A phone could not register its card: {list(device.history)}")
            held[card] = device

    await asyncio.gather(*(add_all() for _ in range(16)))
    return held


def is_verifying(number: int) -> bool:
    """Whether the phone of the card with this number verifies all that it fetches."""
    return number % _FULLY_VERIFIED_EVERY == 0


async def balances(settings: Settings, dsn: str, shop: Shop) -> dict[UUID, int]:
    """What the ledger says that each member has."""
    database = database_of(settings, dsn)
    async with database.transaction(shop.organization_id, timeout_ms=60_000) as tx:
        held = await ledger.balances(tx, [each.membership_id for each in shop.issued])
    await database.close()
    return {member: units[shop.unit_id].active if shop.unit_id in units else 0 for member, units in held.items()}
