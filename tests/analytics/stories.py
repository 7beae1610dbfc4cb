"""Histories written as in docs/algorithms/kpis.md, told through the services and committed; and its tables."""

import re
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from passerelle.checkins import service as checkins
from passerelle.checkins.schemas import Act, CheckInPlaceIn
from passerelle.customers import service as customers
from passerelle.customers.schemas import NewCustomer
from passerelle.kit import clock
from passerelle.kit.db import Database, Tx
from passerelle.kit.ids import new_id
from passerelle.organizations import service as organizations
from passerelle.organizations.schemas import LocationIn
from passerelle.programs import service as programs
from passerelle.programs.schemas import ProgramIn
from passerelle.purchases import service as purchases
from passerelle.purchases.schemas import NewPurchase, NewRefund
from tests.conftest import Shop
from tests.factories.documents import Document

DOCUMENT: Final = Document("algorithms/kpis.md")
_DEED: Final = re.compile(r"(?:(?P<who>[A-Z]) )?(?P<at>\S+T\S+) (?P<what>visit|in|\d+)(?: (?P<place>@2))?$")
ZONE: Final = "Europe/Paris"


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that happened; without an amount it was a visit, or a check-in."""

    who: str
    at: datetime
    amount_minor: int | None
    at_second: bool
    voided: bool = False
    refunded_minor: int = 0
    checked_in: bool = False


def deeds_of(text: str, zone: str = ZONE) -> list[Deed]:
    """The history of a table's cell; ``void`` and ``refund`` are of what stands before them."""
    found: list[Deed] = []
    for part in text.split("; "):
        if part == "void":
            found.append(replace(found.pop(), voided=True))
            continue
        if part.startswith("refund "):
            found.append(replace(found.pop(), refunded_minor=int(part.removeprefix("refund "))))
            continue
        told = _DEED.fullmatch(part)
        assert told is not None, part
        at = datetime.fromisoformat(told["at"]).replace(tzinfo=ZoneInfo(zone))
        amount = int(told["what"]) if told["what"].isdigit() else None
        found.append(Deed(told["who"] or "A", at, amount, bool(told["place"]), checked_in=told["what"] == "in"))
    return found


@dataclass
class Teller:
    """Tells deeds to a shop with one stamp program and two locations, each in a transaction of its own."""

    database: Database
    shop: Shop
    program_id: UUID
    locations: tuple[UUID, UUID]
    members: dict[str, tuple[UUID, UUID]] = field(default_factory=dict)

    @classmethod
    async def open(cls, database: Database, shop: Shop) -> "Teller":
        """Before anything happened."""
        async with database.transaction(shop.organization_id) as tx:
            program_id = await _create_program(tx)
            first = await organizations.add_location(tx, LocationIn(name="One"))
            second = await organizations.add_location(tx, LocationIn(name="Two"))
            for location in (first, second):
                await checkins.set_place(tx, location.id, CheckInPlaceIn(pass_back_minutes=0))
        return cls(database, shop, program_id, (first.id, second.id))

    async def add_program(self) -> UUID:
        """Another program, which nobody has joined."""
        async with self.transaction() as tx:
            return await _create_program(tx)

    def transaction(self) -> AbstractAsyncContextManager[Tx]:
        """A transaction of the shop."""
        return self.database.transaction(self.shop.organization_id)

    async def tell(self, deeds: Sequence[Deed]) -> None:
        """Tell each at its own time."""
        for deed in deeds:
            with clock.frozen(deed.at):
                async with self.transaction() as tx:
                    await self._tell(tx, deed)

    async def _tell(self, tx: Tx, deed: Deed) -> None:
        if deed.who not in self.members:
            customer_id = (await customers.register(tx, NewCustomer())).customer_id
            enrolled = await programs.enroll(tx, self.program_id, customer_id, source="till")
            self.members[deed.who] = (customer_id, enrolled.membership_id)
        customer_id, membership_id = self.members[deed.who]
        place = self.locations[deed.at_second]
        if deed.checked_in:
            entered = await checkins.check(tx, Act(customer_id, place, "in"))
            if deed.voided:
                await checkins.undo_check_in(tx, entered.check_in.id)
            else:
                await checkins.check(tx, Act(customer_id, place, "out"))
            return
        if deed.amount_minor is None:
            reference = f"scan:{new_id()}"
            await programs.accrue_for_visit(tx, membership_id, reference=reference, location_id=place)
            if deed.voided:
                await programs.undo_accrual(tx, reference)
            return
        bought = await purchases.record_purchase(
            tx, NewPurchase(customer_id=customer_id, amount_minor=deed.amount_minor, location_id=place)
        )
        if deed.voided:
            await purchases.void_purchase(tx, bought.id)
        if deed.refunded_minor:
            await programs.refund_purchase(tx, bought.id, NewRefund(amount_minor=deed.refunded_minor))


async def _create_program(tx: Tx) -> UUID:
    new = ProgramIn.model_validate({"name": "Club", "kind": "stamps", "goal": 10, "reward_name": "Coffee"})
    return (await programs.create_program(tx, new)).id
