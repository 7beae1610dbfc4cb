"""What happens to a card, on a real ledger."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from passerelle.giftcards import errors, service
from passerelle.giftcards.rules import Kind
from passerelle.giftcards.schemas.cards import GiftCardChange
from passerelle.giftcards.schemas.holds import CaptureIn, HoldIn
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.money import Money
from passerelle.ledger import service as ledger
from tests.giftcards.conftest import Drawer

_DAY = datetime(2026, 3, 10, 12, tzinfo=UTC)
_ALL = UUID(int=(1 << 128) - 1)


async def test_complaint_11_a_card_is_spent_below_one_unit(drawer: Drawer) -> None:
    card = await drawer.card(99)
    acted = await drawer.act(card, "REDEEM", 37)
    assert (acted.activity.amount_minor, acted.activity.balance_minor) == (-37, 62)
    assert await drawer.balance(card) == 62


async def test_more_than_is_left_is_refused_and_says_what_is_left(drawer: Drawer) -> None:
    card = await drawer.card(3_000)
    with pytest.raises(errors.GiftCardBalanceTooLow) as refused:
        await drawer.act(card, "REDEEM", 5_000)
    assert refused.value.params["available_minor"] == 3_000
    assert refused.value.params["missing_minor"] == 2_000
    assert "€30.00 is left" in str(refused.value)
    assert await drawer.balance(card) == 3_000


async def test_a_partial_redemption_takes_what_is_there(drawer: Drawer) -> None:
    card = await drawer.card(3_000)
    acted = await drawer.act(card, "REDEEM", 5_000, allow_partial=True)
    assert (acted.activity.amount_minor, acted.activity.asked_minor) == (-3_000, 5_000)
    with pytest.raises(errors.GiftCardBalanceTooLow):
        await drawer.act(card, "REDEEM", 1, allow_partial=True)


async def test_the_same_reference_acts_once(drawer: Drawer) -> None:
    card = await drawer.card()
    first = await drawer.act(card, "REDEEM", 1_000, reference="r1")
    again = await drawer.act(card, "REDEEM", 1_000, reference="r1")
    assert (again.replayed, again.activity) == (True, first.activity)
    assert await drawer.balance(card) == 4_000
    with pytest.raises(errors.GiftCardReferenceReused):
        await drawer.act(card, "REDEEM", 999, reference="r1")


async def test_a_redemption_comes_back_in_slices_and_no_more(drawer: Drawer) -> None:
    card = await drawer.card()
    redemption = (await drawer.act(card, "REDEEM", 1_000)).activity.id
    for amount in (300, 300, 399):
        await drawer.act(card, "REFUND", amount, redemption_id=redemption)
    with pytest.raises(errors.MoreThanRedeemed) as refused:
        await drawer.act(card, "REFUND", 2, redemption_id=redemption)
    assert refused.value.params["available"] == Money(1, "EUR")
    await drawer.act(card, "REFUND", 1, redemption_id=redemption)
    assert await drawer.balance(card) == 5_000
    await drawer.require_sound_books()


async def test_only_a_redemption_of_the_same_card_comes_back(drawer: Drawer) -> None:
    card, other = await drawer.card(), await drawer.card()
    redemption = (await drawer.act(other, "REDEEM", 1_000)).activity.id
    load = (await drawer.act(card, "LOAD", 1_000)).activity.id
    for activity in (redemption, load):
        with pytest.raises(errors.NotARedemption):
            await drawer.act(card, "REFUND", 1, redemption_id=activity)


async def test_a_refund_may_exceed_the_limit_of_the_card(drawer: Drawer) -> None:
    product = await drawer.product(max_balance_minor=5_000, amounts={"amounts_minor": [5_000]})
    card = await drawer.card(product_id=product)
    redemption = (await drawer.act(card, "REDEEM", 5_000)).activity.id
    await drawer.act(card, "LOAD", 5_000)
    with pytest.raises(errors.GiftCardBalanceTooHigh):
        await drawer.act(card, "UNLINKED_ACTIVITY_REFUND", 1)
    await drawer.act(card, "REFUND", 5_000, redemption_id=redemption)
    assert await drawer.balance(card) == 10_000


async def test_a_lost_card_gives_its_balance_to_a_new_one(drawer: Drawer) -> None:
    lost, new = await drawer.card(4_200), await drawer.card(None)
    await drawer.act(lost, "BLOCK")
    acted = await drawer.act(lost, "TRANSFER_BALANCE_TO", other_gift_card_id=new, reference="t")
    assert (acted.activity.amount_minor, acted.card.state) == (-4_200, "BLOCKED")
    again = await drawer.act(lost, "TRANSFER_BALANCE_TO", other_gift_card_id=new, reference="t")
    assert again.replayed
    received = await service.get_gift_card(drawer.tx, new)
    assert (received.balance_minor, received.state) == (4_200, "ACTIVE")
    mirror = (await service.list_activities(drawer.tx, new, _ALL, 10))[0]
    assert (mirror.type, mirror.amount_minor) == ("TRANSFER_BALANCE_FROM", 4_200)
    assert mirror.transfer_id == acted.activity.transfer_id
    await drawer.require_sound_books()


async def test_a_balance_is_fetched_from_the_new_card_as_well(drawer: Drawer) -> None:
    lost, new = await drawer.card(4_200), await drawer.card(100)
    acted = await drawer.act(new, "TRANSFER_BALANCE_FROM", other_gift_card_id=lost)
    assert (acted.activity.amount_minor, acted.activity.balance_minor) == (4_200, 4_300)
    assert await drawer.balance(lost) == 0
    with pytest.raises(errors.SameGiftCard):
        await drawer.act(new, "TRANSFER_BALANCE_FROM", other_gift_card_id=new)


async def test_a_transfer_keeps_the_time_of_money(drawer: Drawer) -> None:
    product = await drawer.product(expires_after_months=6)
    with clock.frozen(_DAY):
        lost = await drawer.card(1_000, product_id=product)
    with clock.frozen(_DAY + timedelta(days=60)):
        await drawer.act(lost, "LOAD", 500)
        new = await drawer.card(None, product_id=product)
        await drawer.act(lost, "TRANSFER_BALANCE_TO", other_gift_card_id=new)
        lapses = (await service.get_gift_card(drawer.tx, new)).lapses
    assert [(each.at.isoformat(), each.amount_minor) for each in lapses] == [
        ("2026-09-10T22:00:00+00:00", 1_000),
        ("2026-11-09T23:00:00+00:00", 500),
    ]


async def test_money_lapses_and_the_ageing_job_books_it(drawer: Drawer) -> None:
    product = await drawer.product(expires_after_months=1)
    with clock.frozen(_DAY):
        card = await drawer.card(1_000, product_id=product)
    with clock.frozen(datetime(2026, 4, 10, 21, 59, tzinfo=UTC)):
        redemption = (await drawer.act(card, "REDEEM", 400)).activity.id
    with clock.frozen(datetime(2026, 4, 10, 22, 0, tzinfo=UTC)):
        seen = await service.get_gift_card(drawer.tx, card)
        assert (seen.balance_minor, seen.expired_minor) == (0, 600)
        assert await ledger.expire_due_lots(drawer.tx, 10) == 1
        # What comes back is good for two weeks, though the card's time is over.
        await drawer.act(card, "REFUND", 400, redemption_id=redemption)
        lapses = (await service.get_gift_card(drawer.tx, card)).lapses
    assert [(each.at, each.amount_minor) for each in lapses] == [(datetime(2026, 4, 24, 22, tzinfo=UTC), 400)]
    await drawer.require_sound_books()


async def test_an_import_is_taken_back_while_nothing_else_happened(drawer: Drawer) -> None:
    card = await drawer.card(None, code="SHOP-1234-5678")
    await drawer.act(card, "IMPORT", 2_500)
    acted = await drawer.act(card, "IMPORT_REVERSAL")
    assert (acted.activity.amount_minor, acted.card.state) == (-2_500, "DEACTIVATED")
    used = await drawer.card(None)
    await drawer.act(used, "IMPORT", 2_500)
    await drawer.act(used, "REDEEM", 1)
    with pytest.raises(errors.ImportUsed):
        await drawer.act(used, "IMPORT_REVERSAL")
    with pytest.raises(errors.ImportUsed):
        await drawer.act(await drawer.card(), "IMPORT_REVERSAL")
    await drawer.require_sound_books()


@pytest.mark.parametrize(
    ("given", "refused"),
    [(None, False), ("EUR", False), ("USD", True)],
)
async def test_another_currency_is_refused(drawer: Drawer, given: str | None, *, refused: bool) -> None:
    card = await drawer.card()
    if refused:
        with pytest.raises(errors.GiftCardOtherCurrency):
            await drawer.act(card, "REDEEM", 1, currency=given)
    else:
        await drawer.act(card, "REDEEM", 1, currency=given)


async def test_a_foreign_card_is_made_on_purpose_and_used_by_name(drawer: Drawer) -> None:
    with pytest.raises(errors.ForeignCurrencyNotSet):
        await drawer.product(currency="TND")
    product = await drawer.product(currency="TND", foreign_currency=True)
    with pytest.raises(errors.GiftCardOtherCurrency):
        await drawer.card(1_000, product_id=product)
    card = await drawer.card(1_000, product_id=product, currency="TND")
    with pytest.raises(errors.GiftCardOtherCurrency):
        await drawer.act(card, "REDEEM", 1)
    assert (await drawer.act(card, "REDEEM", 1, currency="TND")).activity.balance_minor == 999
    with pytest.raises(errors.GiftCardOtherCurrency):
        await drawer.act(card, "TRANSFER_BALANCE_TO", other_gift_card_id=await drawer.card())


@pytest.mark.parametrize(
    ("amounts", "amount_minor", "offered"),
    [
        ({"amounts_minor": [2_500, 5_000]}, 5_000, True),
        ({"amounts_minor": [2_500, 5_000]}, 4_999, False),
        ({"minimum_minor": 1_000, "maximum_minor": 2_000}, 1_000, True),
        ({"minimum_minor": 1_000, "maximum_minor": 2_000}, 2_000, True),
        ({"minimum_minor": 1_000, "maximum_minor": 2_000}, 999, False),
        ({"minimum_minor": 1_000, "maximum_minor": 2_000}, 2_001, False),
    ],
)
async def test_what_is_sold_is_what_is_offered(
    drawer: Drawer, amounts: dict[str, Any], amount_minor: int, *, offered: bool
) -> None:
    product = await drawer.product(amounts=amounts)
    if offered:
        assert await drawer.balance(await drawer.card(amount_minor, product_id=product)) == amount_minor
        return
    with pytest.raises(errors.AmountNotOffered):
        await drawer.card(amount_minor, product_id=product)


async def test_limits_of_a_product(drawer: Drawer) -> None:
    once = await drawer.card(product_id=await drawer.product(reloadable=False))
    with pytest.raises(errors.GiftCardNotReloadable):
        await drawer.act(once, "LOAD", 1)
    small = await drawer.card(5_000, product_id=await drawer.product(max_balance_minor=50_000))
    await drawer.act(small, "LOAD", 45_000)
    with pytest.raises(errors.GiftCardBalanceTooHigh):
        await drawer.act(small, "ADJUST_INCREMENT", 1)


async def test_a_hold_sets_aside_and_ends_by_itself(drawer: Drawer) -> None:
    with clock.frozen(_DAY):
        card = await drawer.card(1_000)
        hold = await service.hold_amount(drawer.tx, card, HoldIn(amount_minor=800, seconds=60, reference="h"))
        again = await service.hold_amount(drawer.tx, card, HoldIn(amount_minor=800, seconds=60, reference="h"))
        assert again.id == hold.id
        with pytest.raises(errors.GiftCardBalanceTooLow):
            await drawer.act(card, "REDEEM", 201)
        for kind in ("CLEAR_BALANCE", "DEACTIVATE"):
            with pytest.raises(errors.GiftCardHeld):
                await drawer.act(card, kind)
    with clock.frozen(_DAY + timedelta(seconds=60)):
        assert (await service.list_holds(drawer.tx, card, _ALL, 5))[0].state == "expired"
        await drawer.act(card, "REDEEM", 201)
        with pytest.raises(errors.HoldEnded):
            await service.capture_hold(drawer.tx, card, hold.id, CaptureIn())


async def test_a_hold_is_captured_once_or_released(drawer: Drawer) -> None:
    card = await drawer.card(1_000)
    hold = await service.hold_amount(drawer.tx, card, HoldIn(amount_minor=800))
    with pytest.raises(errors.CaptureAboveHold):
        await service.capture_hold(drawer.tx, card, hold.id, CaptureIn(amount_minor=801))
    captured = await service.capture_hold(drawer.tx, card, hold.id, CaptureIn(amount_minor=500))
    assert (captured.hold.state, captured.activity.amount_minor, captured.activity.available_minor) == (
        "captured",
        -500,
        500,
    )
    again = await service.capture_hold(drawer.tx, card, hold.id, CaptureIn(amount_minor=500))
    assert again.activity.id == captured.activity.id
    for told in (CaptureIn(amount_minor=499), CaptureIn(amount_minor=800)):
        with pytest.raises(errors.HoldEnded):
            await service.capture_hold(drawer.tx, card, hold.id, told)
    with pytest.raises(errors.HoldEnded):
        await service.release_hold(drawer.tx, card, hold.id)
    other = await service.hold_amount(drawer.tx, card, HoldIn(amount_minor=500))
    for _ in range(2):
        assert (await service.release_hold(drawer.tx, card, other.id)).state == "released"
    await drawer.act(card, "REDEEM", 500)


async def test_a_block_stops_holds_and_captures(drawer: Drawer) -> None:
    card = await drawer.card(1_000)
    hold = await service.hold_amount(drawer.tx, card, HoldIn(amount_minor=800))
    await drawer.act(card, "BLOCK")
    with pytest.raises(errors.GiftCardStateRefused):
        await service.capture_hold(drawer.tx, card, hold.id, CaptureIn())
    with pytest.raises(errors.GiftCardStateRefused):
        await service.hold_amount(drawer.tx, card, HoldIn(amount_minor=1))


_FACTS: dict[Kind, str] = {
    "LOAD": "gift_card.loaded",
    "REDEEM": "gift_card.redeemed",
    "ADJUST_INCREMENT": "gift_card.incremented",
    "ADJUST_DECREMENT": "gift_card.decremented",
    "UNLINKED_ACTIVITY_REFUND": "gift_card.refunded_unlinked",
    "CLEAR_BALANCE": "gift_card.balance_cleared",
    "DEACTIVATE": "gift_card.deactivated",
    "BLOCK": "gift_card.blocked",
}


@pytest.mark.parametrize("kind", list(_FACTS))
async def test_every_activity_is_a_fact(drawer: Drawer, kind: Kind) -> None:
    card = await drawer.card(1_000)
    given = 100 if kind not in {"CLEAR_BALANCE", "DEACTIVATE", "BLOCK"} else None
    acted = await drawer.act(card, kind, given)
    fact = drawer.told(_FACTS[kind])[0]
    assert fact["gift_card_id"] == card
    assert (fact["amount_minor"], fact["balance_minor"], fact["currency"]) == (
        acted.activity.amount_minor,
        acted.activity.balance_minor,
        "EUR",
    )


async def test_a_sale_tells_when_to_deliver_and_nothing_about_whom(drawer: Drawer) -> None:
    await drawer.card(
        recipient_name="Lina", recipient_email="lina@example.com", deliver_at=datetime(2026, 12, 24, 8, tzinfo=UTC)
    )
    fact = drawer.told("gift_card.activated")[0]
    assert fact["deliver_at"] == "2026-12-24T08:00:00+00:00"
    assert "ina" not in str(fact)


async def test_contact_data_is_sealed_and_can_be_forgotten(drawer: Drawer, tx: Tx) -> None:
    card = await drawer.card(recipient_name="Lina", sender_name="Ada", message="Bon anniversaire")
    row = dict(await tx.fetchrow("SELECT * FROM gift_cards WHERE organization_id = $1", tx.organization_id))
    assert not [value for value in row.values() if isinstance(value, bytes) and b"Lina" in value]
    assert (await service.get_gift_card(tx, card)).recipient_name == "Lina"
    changed = await service.change_gift_card(tx, card, GiftCardChange(recipient_name=None))
    assert (changed.recipient_name, changed.sender_name) == (None, "Ada")


async def test_a_code_is_found_however_it_is_typed(drawer: Drawer) -> None:
    made = await drawer.created()
    assert made.code not in repr(made)
    for typed in (made.code, made.code.lower(), made.code.replace("-", " "), made.code.replace("1", "l")):
        assert (await service.find_by_code(drawer.tx, typed)).id == made.id
    assert await service.reveal_code(drawer.tx, made.id) == made.code
    assert drawer.told("gift_card.code_revealed") == [{"gift_card_id": made.id}]
    with pytest.raises(errors.CodeTaken):
        await drawer.created(code=made.code)


async def test_who_asks_for_many_unknown_codes_is_stopped_for_a_while(drawer: Drawer) -> None:
    made = await drawer.created()
    with clock.frozen(_DAY):
        for _ in range(30):
            with pytest.raises(errors.GiftCardUnknown):
                await service.find_by_code(drawer.tx, "AAAA-AAAA-AAAA-AAAA")
        with pytest.raises(errors.TooManyUnknownCodes):
            await service.find_by_code(drawer.tx, made.code)
    with clock.frozen(_DAY + timedelta(minutes=10)):
        assert (await service.find_by_code(drawer.tx, made.code)).id == made.id


async def test_liability_is_face_value_by_month_now_and_then(drawer: Drawer) -> None:
    product = await drawer.product(expires_after_months=1)
    with clock.frozen(_DAY):
        card = await drawer.card(1_000, product_id=product)
        await drawer.card(300)
    with clock.frozen(_DAY + timedelta(days=1)):
        await drawer.act(card, "REDEEM", 400)
        now = await service.gift_card_liability(drawer.tx)
        then = await service.gift_card_liability(drawer.tx, _DAY + timedelta(hours=1))
    with clock.frozen(_DAY + timedelta(days=60)):
        later = await service.gift_card_liability(drawer.tx)
    assert [(row.month, row.liability_minor) for row in now.rows] == [("2026-04", 600), ("never", 300)]
    assert [(row.month, row.liability_minor) for row in then.rows] == [("2026-04", 1_000), ("never", 300)]
    assert (now.totals_minor, later.totals_minor) == ({"EUR": 900}, {"EUR": 300})
