"""What gift cards tell of who bought them, and what stays after they are forgotten."""

from passerelle.customers import service as customers
from passerelle.customers.schemas import NewCustomer
from passerelle.giftcards import personal_data, service
from passerelle.kit.db import Tx
from tests.giftcards.conftest import Drawer


async def test_a_buyer_is_told_which_cards_and_for_whom(drawer: Drawer, tx: Tx) -> None:
    buyer = (await customers.register(tx, NewCustomer())).customer_id
    mine = await drawer.created(customer_id=buyer, recipient_name="Lina", message="Bon anniversaire")
    await drawer.act(mine.id, "REDEEM", 100)
    await drawer.card(recipient_name="Omar")
    (found,) = (await personal_data.export(tx, buyer))["gift_cards"]
    assert (found["id"], found["recipient_name"], found["message"]) == (mine.id, "Lina", "Bon anniversaire")
    assert [each["type"] for each in found["activities"]] == ["REDEEM", "ACTIVATE"]
    assert mine.code not in str(found)


async def test_money_outlives_its_buyer_and_names_do_not(drawer: Drawer, tx: Tx) -> None:
    buyer = (await customers.register(tx, NewCustomer())).customer_id
    mine = await drawer.created(customer_id=buyer, recipient_name="Lina", sender_name="Ada")
    for _ in range(2):
        await personal_data.erase(tx, buyer)
    seen = await service.get_gift_card(tx, mine.id)
    assert (seen.recipient_name, seen.sender_name, seen.balance_minor) == (None, None, 5_000)
    await drawer.act((await service.find_by_code(tx, mine.code)).id, "REDEEM", 5_000)
