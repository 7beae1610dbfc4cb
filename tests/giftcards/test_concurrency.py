"""Two tills in the same instant, on connections of their own."""

import asyncio
from uuid import UUID

from passerelle.giftcards import service
from passerelle.giftcards.errors import GiftCardBalanceTooLow, GiftCardStateRefused
from passerelle.giftcards.rules import Kind
from passerelle.giftcards.schemas.activities import Acted, NewActivity
from passerelle.giftcards.schemas.holds import HoldIn, HoldOut
from passerelle.kit.db import Database
from passerelle.kit.errors import Refusal
from passerelle.kit.ids import new_id
from passerelle.ledger import service as ledger
from tests.conftest import Shop
from tests.giftcards.conftest import Drawer


class _Tills:
    def __init__(self, database: Database, shop: Shop) -> None:
        self._database = database
        self._tenant = shop.organization_id

    async def cards(self, *amounts: int) -> list[UUID]:
        async with self._database.transaction(self._tenant) as tx:
            drawer = Drawer(tx)
            return [await drawer.card(amount) for amount in amounts]

    async def act(
        self,
        card: UUID,
        kind: Kind,
        amount: int | None = None,
        *,
        to: UUID | None = None,
        reference: str | None = None,
    ) -> Acted | Refusal:
        told = NewActivity(
            kind, reference or str(new_id()), amount_minor=amount, other_gift_card_id=to, reason="test"
        )
        try:
            async with self._database.transaction(self._tenant) as tx:
                return await service.act(tx, card, told)
        except Refusal as refusal:
            return refusal

    async def hold(self, card: UUID, amount: int) -> HoldOut | Refusal:
        try:
            async with self._database.transaction(self._tenant) as tx:
                return await service.hold_amount(tx, card, HoldIn(amount_minor=amount))
        except Refusal as refusal:
            return refusal

    async def balances(self, *cards: UUID) -> list[int]:
        async with self._database.transaction(self._tenant) as tx:
            assert await ledger.check_books(tx) == []
            return [(await service.get_gift_card(tx, card)).balance_minor for card in cards]


async def test_two_tills_that_spend_the_same_money(database: Database, shop: Shop) -> None:
    tills = _Tills(database, shop)
    (card,) = await tills.cards(1_000)
    answers = await asyncio.gather(*(tills.act(card, "REDEEM", 600) for _ in range(2)))
    refusals = [answer for answer in answers if isinstance(answer, Refusal)]
    assert [type(refusal) for refusal in refusals] == [GiftCardBalanceTooLow]
    assert refusals[0].params["available_minor"] == 400
    assert await tills.balances(card) == [400]


async def test_ten_tills_never_go_below_zero(database: Database, shop: Shop) -> None:
    tills = _Tills(database, shop)
    (card,) = await tills.cards(1_000)
    answers = await asyncio.gather(*(tills.act(card, "REDEEM", 300) for _ in range(10)))
    assert sum(isinstance(answer, Acted) for answer in answers) == 3
    assert await tills.balances(card) == [100]


async def test_a_retry_in_the_same_instant_acts_once(database: Database, shop: Shop) -> None:
    tills = _Tills(database, shop)
    (card,) = await tills.cards(1_000)
    answers = await asyncio.gather(*(tills.act(card, "REDEEM", 300, reference="r") for _ in range(5)))
    assert [answer.replayed for answer in answers if isinstance(answer, Acted)].count(False) == 1
    assert await tills.balances(card) == [700]


async def test_holds_and_payments_share_what_is_there(database: Database, shop: Shop) -> None:
    tills = _Tills(database, shop)
    (card,) = await tills.cards(1_000)
    answers = await asyncio.gather(
        *(tills.hold(card, 300) for _ in range(3)), *(tills.act(card, "REDEEM", 300) for _ in range(3))
    )
    assert sum(not isinstance(answer, Refusal) for answer in answers) == 3


async def test_a_payment_meets_the_block_of_a_lost_card(database: Database, shop: Shop) -> None:
    tills = _Tills(database, shop)
    (card,) = await tills.cards(1_000)
    paid, blocked = await asyncio.gather(tills.act(card, "REDEEM", 600), tills.act(card, "BLOCK"))
    assert isinstance(blocked, Acted)
    assert isinstance(paid, Acted | GiftCardStateRefused)
    assert await tills.balances(card) == [400 if isinstance(paid, Acted) else 1_000]


async def test_balances_that_cross_do_not_wait_for_each_other(database: Database, shop: Shop) -> None:
    tills = _Tills(database, shop)
    one, other = await tills.cards(1_000, 500)
    answers = await asyncio.gather(
        *(tills.act(one, "TRANSFER_BALANCE_TO", to=other) for _ in range(4)),
        *(tills.act(other, "TRANSFER_BALANCE_TO", to=one) for _ in range(4)),
    )
    assert all(isinstance(answer, Acted) for answer in answers)
    assert sum(await tills.balances(one, other)) == 1_500
