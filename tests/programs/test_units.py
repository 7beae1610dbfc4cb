"""Units: several per program, added and changed, never removed; what each kind of program has by itself."""

from typing import Any

import pytest

from passerelle.customers import service as customers
from passerelle.customers.schemas import CustomerChange, NewCustomer
from passerelle.kit.db import Database
from passerelle.kit.errors import InvalidInput
from passerelle.kit.money import exponent
from passerelle.programs import service
from passerelle.programs.earning_rules import Cap, Combining, PerAmount, PerPercent, PerVisit
from passerelle.programs.errors import RuleContradicts, UnitKindFixed, UnitLimitReached, UnitNotNamed
from passerelle.programs.schemas import ProgramChange, ProgramOut, StandingOut
from passerelle.programs.timing import ExpiresAfter, Timing
from tests.conftest import open_shop
from tests.programs.conftest import Teller
from tests.programs.evaluating import DOCUMENT

TWO = [{"code": "miles", "kind": "points", "spendable": False, "names": {"en": {"other": "miles"}}}]


@DOCUMENT.each_row("kinds")
async def test_kinds(teller: Teller, row: dict[str, str]) -> None:
    program = await teller.program(row["kind"])
    assert [unit.code for unit in program.units] == [code for code in [row["unit"]] if code]
    earnings = {
        "stamps": [PerVisit(1)],
        "points": [PerAmount(100, 1)],
        "cashback": [PerPercent(500, "floor")],
    }.get(row["kind"], [])
    assert [rule.earning for rule in program.rules] == earnings
    assert bool(row["rule"]) == bool(earnings)


async def test_a_second_unit_comes_with_the_program(teller: Teller) -> None:
    rules = [
        {"type": "per_amount", "unit": "points", "amount_minor_per_step": 100},
        {"type": "per_amount", "unit": "miles", "amount_minor_per_step": 1000},
    ]
    program = await teller.program(units=TWO, rules=rules)
    assert [(unit.code, unit.spendable) for unit in program.units] == [("points", True), ("miles", False)]
    customer = await teller.customer()
    await teller.member(program, customer)
    [accrued] = await service.accrue_for_purchase(teller.tx, customer, await teller.buy(customer, 3450))
    balances = StandingOut.of(accrued.standing, "en").balances
    assert [(each.unit, each.kind, each.active, each.name) for each in balances] == [
        ("points", "points", 34, "points"),
        ("miles", "points", 3, "miles"),
    ]


async def test_units_are_changed_by_their_code_and_stay(teller: Teller) -> None:
    program = await teller.program()
    wanted = [
        {
            "code": "points",
            "policy": "best",
            "multipliers": "sum",
            "caps": [{"per": "balance", "units": 500}],
            "timing": {"expiry": {"type": "after", "days": 365}},
            "shortfall": "forgive",
            "cost_micros": 1_000_000,
            "breakage_ppm": 30_000,
        },
        *TWO,
    ]
    changed = await service.change_program(teller.tx, program.id, ProgramChange.model_validate({"units": wanted}))
    points, miles = changed.units
    assert points.id == program.units[0].id
    assert points.combining == Combining("best", "sum", (Cap("balance", 500),))
    assert points.timing == Timing(expiry=ExpiresAfter(days=365))
    assert (points.shortfall, points.cost_micros, points.breakage_ppm) == ("forgive", 1_000_000, 30_000)
    again = await service.change_program(teller.tx, program.id, ProgramChange.model_validate({"units": []}))
    assert again.units == (points, miles)
    change = ProgramChange.model_validate({"rules": [{"type": "per_visit"}]})
    with pytest.raises(UnitNotNamed):
        await service.change_program(teller.tx, program.id, change)


@pytest.mark.parametrize(
    ("units", "refusal"),
    [
        ([{"code": "points", "kind": "stamps"}], UnitKindFixed),
        ([{"code": "miles"}], InvalidInput),
        ([{"code": "a", "kind": "points"}, {"code": "a", "kind": "points"}], InvalidInput),
        ([{"code": f"u{number}", "kind": "points"} for number in range(10)], UnitLimitReached),
        ([{"code": "cash", "kind": "money", "decimals": 3}], InvalidInput),
        ([{"code": "points", "caps": [{"per": "day", "units": 5}, {"per": "day", "units": 6}]}], RuleContradicts),
    ],
)
async def test_what_makes_no_unit(teller: Teller, units: list[dict[str, Any]], refusal: type[Exception]) -> None:
    program = await teller.program()
    with pytest.raises(refusal):
        await service.change_program(teller.tx, program.id, ProgramChange.model_validate({"units": units}))


@pytest.mark.parametrize("currency", ["EUR", "JPY", "TND"])
async def test_money_has_the_decimals_of_its_currency(database: Database, currency: str) -> None:
    shop = await open_shop(database, currency=currency)
    async with database.transaction(shop.organization_id) as tx:
        program = await Teller(tx).program("cashback")
    [unit] = ProgramOut.of(program).units
    assert (unit.kind, unit.currency, unit.decimals) == ("money", currency, exponent(currency))


async def test_a_membership_may_count_something(teller: Teller) -> None:
    program = await teller.program(
        "membership", units=[{"code": "visits", "kind": "visits"}], rules=[{"type": "per_visit"}]
    )
    assert [unit.code for unit in program.units] == ["visits"]


async def test_a_rule_keeps_its_unit(teller: Teller) -> None:
    program = await teller.program(units=TWO)
    rule = ProgramOut.of(program).rules[0].model_copy(update={"unit": "miles"})
    with pytest.raises(RuleContradicts):
        await service.change_program(teller.tx, program.id, ProgramChange(rules=[rule]))


async def test_segments_of_a_customer(teller: Teller) -> None:
    made = await customers.register(teller.tx, NewCustomer(segments=["vip", "vip", "staff"]))
    assert await customers.segments_of(teller.tx, [made.customer_id]) == {made.customer_id: ["staff", "vip"]}
    changed = await customers.change_customer(teller.tx, made.customer_id, CustomerChange(segments=["family"]))
    assert changed.segments == ["family"]
    untouched = await customers.change_customer(teller.tx, made.customer_id, CustomerChange(language="fr"))
    assert untouched.segments == ["family"]
