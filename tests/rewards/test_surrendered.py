"""Rewards that were issued by themselves, when the purchase that paid for them is taken back (refunds.md)."""

from uuid import UUID

import httpx
import pytest

from passerelle.customers import service as customers
from passerelle.customers.schemas import NewCustomer
from passerelle.kit.db import Database, Tx
from passerelle.kit.errors import Refusal
from passerelle.kit.ids import encode
from passerelle.ledger import service as ledger
from passerelle.programs import service as programs
from passerelle.purchases import service as purchases
from passerelle.purchases.schemas import NewPurchase, NewRefund, Purchase
from passerelle.rewards import service
from passerelle.rewards.schemas import IssuedReward
from tests.conftest import Shop
from tests.factories.documents import Document
from tests.rewards.conftest import Counter

REFUNDS = Document("algorithms/refunds.md")


class Story:
    """A member of a points program (1 for each 1.00) whose reward of 100 is issued by itself."""

    def __init__(self, tx: Tx) -> None:
        self.tx = tx
        self.counter = Counter(tx)
        self.purchases: dict[str, Purchase] = {}
        self.member_id = self.customer_id = UUID(int=0)

    async def begin(self, shortfall: str = "refuse", **fields: object) -> None:
        program = await self.counter.program(kind="points", goal=None, reward_name=None)
        await self.counter.reward(program, price=100, auto_issue=True, **fields)
        await self.tx.execute(
            "UPDATE units SET shortfall = $3 WHERE organization_id = $1 AND id = $2",
            *(self.tx.organization_id, program.units[0].id, shortfall),
        )
        await programs.touch_program(self.tx, program.id, "units")
        self.customer_id = (await customers.register(self.tx, NewCustomer())).customer_id
        enrolled = await programs.enroll(self.tx, program.id, self.customer_id, source="till")
        self.member_id = enrolled.membership_id

    async def tell(self, step: str) -> None:
        """One step, to the end of its transaction."""
        verb, *words = step.split()
        if verb == "refund":
            new = NewRefund(_cents(words[1]))
            await programs.refund_purchase(self.tx, self.purchases[words[0]].id, new)
        elif verb == "void":
            await programs.undo_purchase(self.tx, self.purchases[words[0]].id)
        elif verb == "redeem":
            await service.redeem_issued_reward(self.tx, (await self._waiting()).id)
        elif verb == "hold":
            await service.hold_issued_reward(self.tx, (await self._waiting()).id)
        else:
            new_purchase = NewPurchase(self.customer_id, _cents(words[0]), "EUR")
            self.purchases[verb] = await purchases.record_purchase(self.tx, new_purchase)
            await programs.accrue_for_purchase(self.tx, self.customer_id, self.purchases[verb])
        await self.tx.settle()

    async def rewards(self) -> list[IssuedReward]:
        """Oldest first."""
        last = UUID(int=(1 << 128) - 1)
        return (await service.list_issued_rewards(self.tx, last, 50, membership_id=self.member_id))[::-1]

    async def _waiting(self) -> IssuedReward:
        return next(issued for issued in await self.rewards() if issued.state == "issued")


def _cents(text: str) -> int:
    return int(text.replace(".", ""))


@REFUNDS.each_row("automatic")
async def test_stories(tx: Tx, row: dict[str, str]) -> None:
    story = Story(tx)
    await story.begin(row["shortfall"])
    refused = "no"
    for step in row["story"].split(", "):
        assert refused == "no", "only the last step may be refused"
        await tx.execute("SAVEPOINT step")
        try:
            await story.tell(step)
        except Refusal as refusal:
            refused = refusal.code
            await tx.execute("ROLLBACK TO step")
    assert await story.counter.active(story.member_id) == int(row["active"])
    assert ", ".join(issued.state for issued in await story.rewards()) == row["rewards"]
    assert refused == row["refused"]
    assert await ledger.check_books(tx) == []


async def test_stock_comes_back_and_reasons_say_so(tx: Tx) -> None:
    story = Story(tx)
    await story.begin(names={"fr": "Tasse"}, stock=1)
    await story.tell("A 100.00")
    undone = await programs.undo_purchase(tx, story.purchases["A"].id)
    [reason] = undone.reasons
    assert (reason.code, reason.params) == ("reward_surrendered", {"reward": "Mug", "reward_names": {"fr": "Tasse"}})
    [issued] = await story.rewards()
    assert (issued.state, issued.ended_reason) == ("cancelled", "refund")
    assert [reward.stock for reward in await story.counter.rewards(undone.standings[0].program)] == [1]
    assert len(story.counter.told("reward.cancelled")) == len(story.counter.told("units.surrendered")) == 1


async def test_a_slice_keeps_its_reasons(tx: Tx) -> None:
    story = Story(tx)
    await story.begin()
    await story.tell("A 100.00")
    new = NewRefund(3000, reference="till 1")
    first = await programs.refund_purchase(tx, story.purchases["A"].id, new)
    again = await programs.refund_purchase(tx, story.purchases["A"].id, new)
    [listed] = await programs.list_refunds(tx, story.purchases["A"].id)
    assert [reason.code for reason in first.units[0].reasons] == ["reward_surrendered"]
    assert again.units == listed.units == first.units
    await story.tell("refund A 70.00")
    assert [each.units[0].reasons for each in await programs.list_refunds(tx, story.purchases["A"].id)][1] == ()


@pytest.mark.parametrize(
    ("language", "said"), [("en", "“Mug” was not redeemed yet"), ("fr", "« Tasse » n'avait pas")]
)
async def test_people_read_why(
    database: Database, shop: Shop, client: httpx.AsyncClient, language: str, said: str
) -> None:
    async with database.transaction(shop.organization_id) as tx:
        story = Story(tx)
        await story.begin(names={"fr": "Tasse"})
        await story.tell("A 100.00")
    url = f"/api/v1/purchases/{encode('pur', story.purchases['A'].id)}"
    sent = {"Accept-Language": language}
    slice_ = (await client.post(f"{url}/refunds", json={"amount_minor": 3000}, headers=sent)).json()
    assert slice_["units"][0]["reasons"][0]["text"].startswith(said)
    assert (await client.get(f"{url}/refunds", headers=sent)).json()["items"][0]["units"] == slice_["units"]
    voided = (await client.post(f"{url}/void", json={}, headers=sent)).json()
    assert (voided["purchase"]["state"], voided["reasons"]) == ("voided", [])
