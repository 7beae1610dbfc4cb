"""What others got wrong, each as a test: complaints that users of loyalty systems filed in public trackers."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from passerelle.kit import clock
from passerelle.ledger import service as ledger
from passerelle.ledger.errors import InsufficientBalance
from passerelle.ledger.schemas import Credit, Debit
from passerelle.programs import service
from passerelle.programs.errors import ProgramNotRunning
from passerelle.programs.schemas import Accrued, ProgramChange
from passerelle.purchases.schemas import PaidWith, PurchaseLine
from tests.programs.conftest import Teller

SECOND = timedelta(seconds=1)


async def _buy(teller: Teller, customer: UUID, amount_minor: int, **fields: object) -> Accrued:
    purchase = await teller.buy(customer, amount_minor, **fields)
    [accrued] = await service.accrue_for_purchase(teller.tx, customer, purchase)
    return accrued


def _line(kind: str, amount_minor: int, **fields: object) -> PurchaseLine:
    return PurchaseLine.model_validate({"name": kind, "kind": kind, "unit_amount_minor": amount_minor} | fields)


async def test_complaint_5_units_of_a_purchase_cannot_pay_for_it(teller: Teller) -> None:
    """odoo#117988, #114004: points were usable inside the order that earned them."""
    program, customer = await teller.program(), await teller.customer()
    member = await teller.member(program, customer)
    unit = program.units[0].id
    purchase = await teller.buy(customer, 5000)
    with pytest.raises(InsufficientBalance):
        await ledger.post(teller.tx, kind="redemption", reference="paying", debits=[Debit(member, unit, 10)])
    with pytest.raises(InsufficientBalance):
        await ledger.post(
            teller.tx,
            kind="accrual",
            reference="both in one",
            credits=[Credit(member, unit, 50)],
            debits=[Debit(member, unit, 10)],
        )
    [accrued] = await service.accrue_for_purchase(teller.tx, customer, purchase)
    assert accrued.standing.balance().active == 50


async def test_complaint_5_what_is_paid_with_points_earns_nothing(teller: Teller) -> None:
    customer = await teller.customer()
    await teller.member(await teller.program(), customer)
    accrued = await _buy(teller, customer, 5000, paid_with=PaidWith(points_minor=3000))
    assert accrued.standing.balance().active == 20
    assert (await _buy(teller, customer, 5000, paid_with=PaidWith(points_minor=5000))).transfer_id is None


async def test_complaint_6_reward_and_discount_lines_earn_nothing(teller: Teller) -> None:
    """odoo#150833: the reward line itself earned."""
    per_item = {"type": "per_item", "unit": "points"}
    per_amount = {"type": "per_amount", "unit": "points", "amount_minor_per_step": 100}
    customer = await teller.customer()
    await teller.member(await teller.program(rules=[per_amount, per_item]), customer)
    lines = (
        _line("item", 2000),
        _line("reward", 450, sku="free-coffee"),
        _line("reward", -450),
        _line("discount", -500),
    )
    accrued = await _buy(teller, customer, 1500, lines=lines)
    assert [accrual.amount for accrual in accrued.accruals] == [15, 1]


@pytest.mark.parametrize(
    ("zone", "bought_at", "counts"),
    [
        ("Europe/Paris", datetime(2026, 11, 21, 22, 59, 59, tzinfo=UTC), True),
        ("Europe/Paris", datetime(2026, 11, 21, 23, 0, tzinfo=UTC), False),
    ],
)
async def test_complaint_8_the_last_local_day_counts_to_its_end(
    teller: Teller,
    zone: str,
    bought_at: datetime,
    counts: bool,  # noqa: FBT001  pytest passes by name
) -> None:
    """odoo#222428: a server in UTC and a shop that is not: the last evening was refused."""
    rule = {"type": "per_visit", "conditions": {"weekdays": ["sat"], "ends_at": "2026-11-22T00:00:00+01:00"}}
    customer = await teller.customer()
    program = await teller.program(rules=[rule])
    assert program.time_zone == zone
    await teller.member(program, customer)
    with clock.frozen(datetime(2026, 11, 22, 12, tzinfo=UTC)):
        accrued = await _buy(teller, customer, 100, occurred_at=bought_at)
    assert accrued.standing.balance().active == (1 if counts else 0)


async def test_complaint_10_a_program_that_has_ended_refuses_a_second_later(teller: Teller) -> None:
    """odoo#208134, #145609: expired programs were still applied."""
    end = datetime(2026, 11, 22, 12, tzinfo=UTC)
    customer = await teller.customer()
    program = await teller.program(ends_at=end)
    with clock.frozen(end - SECOND):
        member = await teller.member(program, customer)
        assert (await _buy(teller, customer, 1000)).standing.balance().active == 10
    with clock.frozen(end + SECOND):
        accrued = await _buy(teller, customer, 1000)
        assert [reason.code for reason in accrued.accruals[0].reasons] == ["program_not_running"]
        with pytest.raises(ProgramNotRunning):
            await service.accrue_for_visit(teller.tx, member, reference="scan:1")
        offline = await _buy(teller, customer, 1000, occurred_at=end - SECOND)
        assert offline.standing.balance().active == 20, "what counts is when it was bought"


async def test_complaint_12_cashback_is_five_percent_of_the_net_basket(teller: Teller) -> None:
    """odoo#147433: cashback as a type of program."""
    customer = await teller.customer()
    program = await teller.program("cashback")
    await teller.member(program, customer)
    lines = (_line("item", 12000, tax_minor=2000), _line("discount", -2400, tax_minor=-400), _line("shipping", 600))
    accrued = await _buy(teller, customer, 10200, lines=lines)
    assert accrued.standing.balance("money").active == 400, "5 % of 80.00"
    assert (await _buy(teller, customer, 1999)).standing.balance("money").active == 400 + 99
    assert program.units[0].kind == "money"


@pytest.mark.parametrize(
    ("base", "earned"),
    [
        ({"taxes": True, "discounted_part": False}, 96),
        ({"taxes": False, "discounted_part": False}, 80),
        ({"taxes": True, "discounted_part": True}, 120),
        ({"taxes": False, "discounted_part": True}, 100),
    ],
)
async def test_complaint_14_the_accrual_base_is_explicit(teller: Teller, base: dict[str, bool], earned: int) -> None:
    """erpnext#14847: net or grand total, nobody could say which."""
    customer = await teller.customer()
    program = await teller.program(settings={"accrual_base": base})
    await teller.member(program, customer)
    lines = (_line("item", 12000, tax_minor=2000), _line("discount", -2400, tax_minor=-400))
    assert (await _buy(teller, customer, 9600, lines=lines)).standing.balance().active == earned
    own = {"type": "per_amount", "amount_minor_per_step": 100, "base": {"taxes": False}}
    await service.change_program(teller.tx, program.id, ProgramChange.model_validate({"rules": [own]}))
    assert (await _buy(teller, customer, 9600, lines=lines)).standing.balance().active == earned + 80
