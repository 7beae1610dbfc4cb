"""Refunds and voids on a real database: the stories of docs/algorithms/refunds.md, complaints, two tills at once."""

import asyncio
import re
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest

from passerelle.kit import clock
from passerelle.kit.actors import Actor, NotAllowed
from passerelle.kit.db import Database, Tx
from passerelle.kit.errors import Refusal
from passerelle.kit.ids import new_id
from passerelle.ledger import service as ledger
from passerelle.ledger.errors import SpentMeanwhile
from passerelle.ledger.schemas import Balance, Debit
from passerelle.programs import service
from passerelle.programs.refunds.errors import PurchaseNotOpen
from passerelle.programs.refunds.schemas import Returns
from passerelle.programs.schemas import ProgramChange
from passerelle.purchases import service as purchases
from passerelle.purchases.errors import PurchaseNotFound, RefundAboveRest, RefundReferenceReused
from passerelle.purchases.schemas import NewPurchase, NewRefund, Purchase, PurchaseLine, ReturnedLine
from tests.conftest import Shop
from tests.programs.conftest import Teller
from tests.programs.test_refund_rules import DOCUMENT, cents

DAY_1 = datetime(2026, 5, 1, 9, tzinfo=UTC)
DAILY = [{"type": "per_visit", "once_per_day": True}]


class Story:
    """One member of a points program (1 for each 1.00) with 50 units given by hand; purchases by their letters."""

    def __init__(self, tx: Tx) -> None:
        self.tx = tx
        self.teller = Teller(tx)
        self.purchases: dict[str, Purchase] = {}
        self.member_id = self.customer_id = self.unit_id = UUID(int=0)

    async def begin(self, shortfall: str = "refuse") -> None:
        program = await self.teller.program("points")
        self.unit_id = program.units[0].id
        await self.tx.execute(
            "UPDATE units SET shortfall = $3 WHERE organization_id = $1 AND id = $2",
            *(self.tx.organization_id, self.unit_id, shortfall),
        )
        await service.touch_program(self.tx, program.id, "units")
        self.customer_id = await self.teller.customer()
        self.member_id = await self.teller.member(program, self.customer_id)
        await service.adjust(self.tx, self.member_id, amount=50, reason="welcome", reference=str(new_id()))

    async def buy(self, amount_minor: int, **fields: object) -> Purchase:
        purchase = await self.teller.buy(self.customer_id, amount_minor, **fields)
        await service.accrue_for_purchase(self.tx, self.customer_id, purchase)
        return purchase

    async def spend(self, amount: int, purchase: Purchase | None = None, returns: Returns = "whole") -> UUID:
        debit = Debit(self.member_id, self.unit_id, amount)
        posted = await ledger.post(self.tx, kind="redemption", reference=f"spend:{new_id()}", debits=[debit])
        if purchase is not None:
            await service.tie_spending(
                self.tx,
                await service.open_purchase(self.tx, purchase.id),
                posted.transfer_id,
                customer_id=self.customer_id,
                membership_id=self.member_id,
                unit_id=self.unit_id,
                amount=amount,
                returns=returns,
            )
        return posted.transfer_id

    async def lapse(self) -> None:
        """The lots of purchases end tomorrow."""
        await self.tx.execute(
            """UPDATE ledger_lots l SET expires_at = $3 FROM ledger_transfers t
               WHERE l.organization_id = $1 AND l.owner_id = $2 AND t.organization_id = $1
                 AND t.id = l.transfer_id AND t.kind = 'accrual'""",
            *(self.tx.organization_id, self.member_id, clock.now() + timedelta(days=1)),
        )

    async def balance(self) -> Balance:
        return (await service.standing(self.tx, self.member_id)).balance()

    async def tell(self, step: str) -> None:
        verb, *words = step.rstrip("!").split()
        if re.fullmatch(r"[A-Z]", verb):
            self.purchases[verb] = await self.buy(cents(words[0]))
        elif verb == "refund":
            new = NewRefund(cents(words[1]), reference=str(new_id()))
            forgive = step.endswith("!")
            await service.refund_purchase(self.tx, self.purchases[words[0]].id, new, forgive_missing=forgive)
        elif verb == "void":
            await service.undo_purchase(self.tx, self.purchases[words[0]].id)
        elif verb == "lapse":
            await self.lapse()
        else:
            purchase = self.purchases[words[2]] if len(words) > 1 else None
            await self.spend(int(words[0]), purchase, "share" if verb == "pay" else "whole")


async def require_sound_books(tx: Tx) -> None:
    assert await ledger.check_books(tx) == []
    for unit in (await ledger.trial_balance(tx)).values():
        assert sum(unit.values()) == 0


@DOCUMENT.each_row("stories")
async def test_stories(tx: Tx, row: dict[str, str]) -> None:
    story = Story(tx)
    refused = "no"
    with ExitStack() as day:
        with clock.frozen(DAY_1 - timedelta(hours=1)):
            await story.begin(row["shortfall"])
        day.enter_context(clock.frozen(DAY_1))
        for step in row["story"].split(", "):
            if step.startswith("day "):
                day.enter_context(clock.frozen(DAY_1 + timedelta(days=int(step[4:]) - 1)))
                continue
            assert refused == "no", "only the last step may be refused"
            await tx.execute("SAVEPOINT step")
            try:
                await story.tell(step)
            except Refusal as refusal:
                refused = refusal.code
                await tx.execute("ROLLBACK TO step")
        found = await story.balance()
        await require_sound_books(tx)
    names = ("active", "spent", "expired", "reversed", "adjusted")
    assert {name: getattr(found, name) for name in names} == {name: int(row[name]) for name in names}
    assert refused == row["refused"]


@pytest.mark.parametrize("ends_with", ["refund", "void"])
async def test_pending_units_that_staff_cancelled_are_not_taken_from_others(tx: Tx, ends_with: str) -> None:
    story = Story(tx)
    await story.begin()
    soon = {"type": "per_amount", "amount_minor_per_step": 100, "timing": {"pending": {"type": "for", "days": 7}}}
    at_once = {"type": "per_amount", "amount_minor_per_step": 200}
    program = (await service.standing(tx, story.member_id)).program
    await service.change_program(tx, program.id, ProgramChange.model_validate({"rules": [soon, at_once]}))
    purchase = await story.buy(10000)
    _, [lot] = await service.list_pending(tx, story.member_id)
    await service.cancel_pending(tx, story.member_id, lots=[lot.id], reason="fraud")
    assert (await story.balance()).active == 50 + 50
    half = await service.refund_purchase(tx, purchase.id, NewRefund(5000))
    assert [(units.due, units.taken, units.missing) for units in half.units] == [(75, 50, 0)]
    if ends_with == "refund":
        await service.refund_purchase(tx, purchase.id, NewRefund())
    else:
        await service.undo_purchase(tx, purchase.id)
    found = await story.balance()
    assert (found.active, found.pending, found.reversed) == (50, 0, 150)
    await require_sound_books(tx)


def _orders() -> list[tuple[int, tuple[str, ...]]]:
    """Every order in which a purchase and a redemption can be made and undone; the purchase is refunded in slices.

    30 units can be spent at any time; 120 only while those of the purchase are all there.
    """
    together = ("earn", "redeem", "slice 1", "slice 2", "undo")
    at = [{step: order.index(step) for step in together} for order in permutations(together)]
    possible = [place for place in at if place["earn"] < place["slice 1"] < place["slice 2"]]
    possible = [place for place in possible if place["redeem"] < place["undo"]]
    much = [place for place in possible if place["earn"] < place["redeem"] < place["slice 1"]]
    return [(30, tuple(sorted(place, key=place.__getitem__))) for place in possible] + [
        (120, tuple(sorted(place, key=place.__getitem__))) for place in much
    ]


@pytest.mark.parametrize(("spent", "order"), _orders(), ids=str)
async def test_complaint_1_a_refund_restores_the_balance_in_every_order(
    tx: Tx, spent: int, order: tuple[str, ...]
) -> None:
    """Complaint: buy, earn, spend the units, refund: free money."""
    story = Story(tx)
    await story.begin("forgive")
    before = (await story.balance()).active
    purchase: Purchase | None = None
    transfer_id = UUID(int=0)
    for step in order:
        if step == "earn":
            purchase = await story.buy(10_000)
        elif step == "redeem":
            transfer_id = await story.spend(spent)
        elif step == "undo":
            await ledger.reverse(tx, transfer_id, reference="undo")
        else:
            assert purchase is not None
            amount = {"slice 1": 3_333, "slice 2": None}[step]
            await service.refund_purchase(tx, purchase.id, NewRefund(amount))
        await require_sound_books(tx)
    after = await story.balance()
    assert (after.active, after.spent, after.reversed, after.adjusted) == (before, 0, 100, 50)


async def test_units_spent_and_a_refused_refund_cost_nobody_anything(tx: Tx) -> None:
    """The same, for units that must be there: the refund waits until the spending is undone."""
    story = Story(tx)
    await story.begin("refuse")
    purchase = await story.buy(10_000)
    spent = await story.spend(120)
    await tx.execute("SAVEPOINT refused")
    with pytest.raises(SpentMeanwhile) as refusal:
        await service.refund_purchase(tx, purchase.id, NewRefund())
    await tx.execute("ROLLBACK TO refused")
    assert (refusal.value.params["missing"], refusal.value.params["needed"]) == (70, 100)
    assert (await purchases.get_purchase(tx, purchase.id)).refunded_minor == 0
    await ledger.reverse(tx, spent, reference="undo")
    await service.refund_purchase(tx, purchase.id, NewRefund())
    assert (await story.balance()).active == 50


async def test_complaint_16_points_on_voided_items_go(tx: Tx) -> None:
    """Complaint: a void after the accrual leaves the points."""
    story = Story(tx)
    await story.begin()
    purchase = await story.buy(10_000)
    undone = await service.undo_purchase(tx, purchase.id, reason="wrong till")
    assert [standing.balance().active for standing in undone.standings] == [50]
    assert undone.purchase.state == "voided"
    transfers = await ledger.list_transfers(tx, story.member_id, UUID(int=(1 << 128) - 1), 10)
    assert [(transfer.kind, transfer.reason) for transfer in transfers[:1]] == [("reversal", "wrong till")]


async def test_the_outcome_says_what_happened_to_each_balance(tx: Tx) -> None:
    story = Story(tx)
    await story.begin("forgive")
    stamps = await story.teller.program("stamps")
    card = await story.teller.member(stamps, story.customer_id)
    purchase = await story.buy(10_000)
    await story.spend(140)
    first = await service.refund_purchase(tx, purchase.id, NewRefund(6_000, reference="a", reason="cold"))
    assert [(one.membership_id, one.due, one.taken, one.missing) for one in first.units] == [
        (story.member_id, 60, 10, 50)
    ]
    last = await service.refund_purchase(tx, purchase.id, NewRefund())
    by_member = {one.membership_id: (one.due, one.taken, one.missing) for one in last.units}
    assert by_member == {story.member_id: (40, 0, 40), card: (1, 1, 0)}
    assert last.purchase.state == "refunded"
    told = [event.payload() for event in tx.events if event.name == "purchase.refunded"]
    assert [(fact["amount_minor"], fact["refunded_minor"], fact["complete"]) for fact in told] == [
        (6_000, 6_000, False),
        (4_000, 10_000, True),
    ]
    assert told[0]["units"] == {str(story.unit_id): 60}
    listed = await service.list_refunds(tx, purchase.id)
    assert [(one.refund, one.units) for one in listed] == [(one.refund, one.units) for one in (first, last)]


async def test_a_retry_answers_the_first_slice(tx: Tx) -> None:
    story = Story(tx)
    await story.begin()
    purchase = await story.buy(10_000)
    new = NewRefund(2_500, reference="R-1")
    first = await service.refund_purchase(tx, purchase.id, new)
    await service.refund_purchase(tx, purchase.id, NewRefund(2_500, reference="R-2"))
    again = await service.refund_purchase(tx, purchase.id, new)
    assert (again.refund, again.units) == (first.refund, first.units)
    assert (await story.balance()).active == 100
    for other in (NewRefund(2_501, reference="R-1"), NewRefund(reference="R-1")):
        with pytest.raises(RefundReferenceReused):
            await service.refund_purchase(tx, purchase.id, other)


async def test_letting_go_needs_the_right_to_adjust(tx: Tx) -> None:
    story = Story(tx)
    await story.begin()
    purchase = await story.buy(10_000)
    tx.actor = Actor("api_key", new_id(), frozenset({"scans:write"}))
    with pytest.raises(NotAllowed):
        await service.refund_purchase(tx, purchase.id, NewRefund(), forgive_missing=True)


async def test_items_take_their_units_back(tx: Tx) -> None:
    teller = Teller(tx)
    customer = await teller.customer()
    rule = {"type": "per_item", "categories": ["coffee"]}
    member = await teller.member(await teller.program("stamps", rules=[rule]), customer)
    lines = (
        PurchaseLine(name="Espresso", quantity=3, unit_amount_minor=250, category="coffee", sku="esp"),
        PurchaseLine(name="Cake", quantity=1, unit_amount_minor=400, category="food"),
    )
    purchase = await teller.buy(customer, 1150, lines=lines)
    await service.accrue_for_purchase(tx, customer, purchase)
    left = []
    for returned in (ReturnedLine(line=1), ReturnedLine(sku="esp", quantity=2), ReturnedLine(line=0)):
        outcome = await service.refund_purchase(tx, purchase.id, NewRefund(lines=(returned,)))
        left.append((outcome.refund.amount_minor, (await service.standing(tx, member)).balance().active))
    assert left == [(400, 3), (500, 1), (250, 0)]


async def test_a_refunded_purchase_is_no_visit_and_frees_its_cap(tx: Tx) -> None:
    teller = Teller(tx)
    customer = await teller.customer()
    capped = [{"type": "per_amount", "amount_minor_per_step": 100, "cap_per_day": 20}]
    await teller.member(await teller.program(rules=capped), customer)
    await teller.member(await teller.program("stamps", rules=DAILY), customer)

    async def buy(amount_minor: int) -> tuple[Purchase, list[int]]:
        purchase = await teller.buy(customer, amount_minor)
        accrued = await service.accrue_for_purchase(tx, customer, purchase)
        return purchase, [sum(accrual.amount for accrual in one.accruals) for one in accrued]

    purchase, earned = await buy(2000)
    assert earned == [20, 1]
    await service.refund_purchase(tx, purchase.id, NewRefund(500))
    assert (await buy(2000))[1] == [5, 0], "5 of the cap are free again, the visit still counts"
    await service.refund_purchase(tx, purchase.id, NewRefund())
    assert (await buy(2000))[1] == [15, 1]


async def test_what_was_undone_by_itself_does_not_come_back_twice(tx: Tx) -> None:
    story = Story(tx)
    await story.begin()
    purchase = await story.buy(10_000)
    transfer_id = await story.spend(60, purchase)
    await ledger.reverse(tx, transfer_id, reference="undo")
    outcome = await service.refund_purchase(tx, purchase.id, NewRefund())
    assert [one.returned for one in outcome.units] == [0]
    assert (await story.balance()).active == 50


async def test_spending_on_a_purchase_that_is_gone_or_anothers(tx: Tx) -> None:
    story = Story(tx)
    await story.begin()
    purchase = await story.buy(10_000)
    stranger = await story.teller.customer()
    with pytest.raises(PurchaseNotFound):
        await service.tie_spending(
            tx,
            await service.open_purchase(tx, purchase.id),
            new_id(),
            customer_id=stranger,
            membership_id=story.member_id,
            unit_id=story.unit_id,
            amount=1,
            returns="whole",
        )
    await service.undo_purchase(tx, purchase.id)
    with pytest.raises(PurchaseNotOpen):
        await service.open_purchase(tx, purchase.id)
    with pytest.raises(PurchaseNotFound):
        await service.open_purchase(tx, new_id())


async def test_what_a_household_spent_together_returns_to_those_who_paid(tx: Tx) -> None:
    story = Story(tx)
    await story.begin()
    program = (await service.standing(tx, story.member_id)).program
    partner = await story.teller.member(program, await story.teller.customer())
    await service.adjust(tx, partner, amount=30, reason="welcome", reference=str(new_id()))
    purchase = await story.buy(10_000)
    debits = [Debit(story.member_id, story.unit_id, 50), Debit(partner, story.unit_id, 30)]
    posted = await ledger.post(tx, kind="redemption", reference="together", debits=debits)
    await service.tie_spending(
        tx,
        await service.open_purchase(tx, purchase.id),
        posted.transfer_id,
        customer_id=story.customer_id,
        membership_id=story.member_id,
        unit_id=story.unit_id,
        amount=80,
        returns="share",
    )
    half = await service.refund_purchase(tx, purchase.id, NewRefund(5_000))
    assert {one.membership_id: one.returned for one in half.units} == {story.member_id: 10, partner: 30}
    assert {standing.membership.id for standing in half.standings} == {story.member_id, partner}
    undone = await service.undo_purchase(tx, purchase.id)
    assert {each.membership.id: each.balance().active for each in undone.standings} == {
        story.member_id: 50,
        partner: 30,
    }
    await require_sound_books(tx)


async def test_units_with_different_policies_in_one_purchase(tx: Tx) -> None:
    """A unit that lets go does not spare one that insists."""
    story = Story(tx)
    await story.begin("forgive")
    strict = await story.teller.program("points")
    insisting = await story.teller.member(strict, story.customer_id)
    purchase = await story.buy(10_000)
    await story.spend(150)
    first = await service.refund_purchase(tx, purchase.id, NewRefund(4_000))
    assert {one.membership_id: one.missing for one in first.units} == {story.member_id: 40, insisting: 0}
    debit = Debit(insisting, strict.units[0].id, 1)
    await ledger.post(tx, kind="redemption", reference="one", debits=[debit])
    await tx.execute("SAVEPOINT refused")
    for refused in (
        service.undo_purchase(tx, purchase.id),
        service.refund_purchase(tx, purchase.id, NewRefund()),
    ):
        with pytest.raises(SpentMeanwhile):
            await refused
        await tx.execute("ROLLBACK TO refused")
    undone = await service.undo_purchase(tx, purchase.id, shortfall="forgive")
    assert [standing.balance().active for standing in undone.standings] == [0, 0]
    await require_sound_books(tx)


async def test_two_tills_refund_one_purchase(database: Database, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        story = Story(tx)
        await story.begin()
        purchase = await story.buy(10_000)

    async def refund() -> int:
        async with database.transaction(shop.organization_id) as tx:
            try:
                return (await service.refund_purchase(tx, purchase.id, NewRefund(3_000))).refund.amount_minor
            except RefundAboveRest:
                return 0

    assert sum(await asyncio.gather(*(refund() for _ in range(6)))) == 9_000
    async with database.transaction(shop.organization_id) as tx:
        assert (await service.standing(tx, story.member_id)).balance().active == 60
        await require_sound_books(tx)


async def test_a_refund_beside_purchases_and_voids_of_the_same_member(database: Database, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        story = Story(tx)
        await story.begin("forgive")
        bought = [await story.buy(1_000) for _ in range(4)]

    async def act(number: int) -> None:
        async with database.transaction(shop.organization_id) as tx:
            if number < 2:
                await service.refund_purchase(tx, bought[number].id, NewRefund(500))
            elif number < 4:
                await service.undo_purchase(tx, bought[number].id)
            else:
                purchase = await purchases.record_purchase(tx, NewPurchase(story.customer_id, 1_000))
                await service.accrue_for_purchase(tx, story.customer_id, purchase)

    await asyncio.gather(*(act(number) for number in range(8)))
    async with database.transaction(shop.organization_id) as tx:
        assert (await service.standing(tx, story.member_id)).balance().active == 50 + 5 + 5 + 40
        await require_sound_books(tx)
