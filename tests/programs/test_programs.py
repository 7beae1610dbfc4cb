"""Programs: made whole, changed under a new version, remembered by processes."""

from contextlib import suppress
from datetime import timedelta

import pytest
from pydantic import ValidationError

from passerelle.kit import clock, directory
from passerelle.kit.db import Database, Tx
from passerelle.kit.errors import InvalidInput
from passerelle.kit.ids import encode, new_id
from passerelle.programs import earning_rules, service
from passerelle.programs.errors import (
    ProgramNotFound,
    ProgramStateRefused,
    RuleNotFound,
    TooManyPrograms,
    UnitNotFound,
    UnitNotNamed,
)
from passerelle.programs.schemas import PerAmountRule, PerVisitRule, ProgramChange, ProgramIn, ProgramOut
from passerelle.programs.values import Unit
from passerelle.purchases.errors import OtherCurrency
from tests.conftest import Shop, open_shop
from tests.programs.conftest import Teller


async def test_a_stamp_card_gives_a_stamp_for_a_visit(teller: Teller) -> None:
    program = await teller.program("stamps", goal=8)
    [unit], [rule] = program.units, program.rules
    assert (program.goal, program.time_zone, program.currency) == (8, "Europe/Paris", "EUR")
    assert (unit.code, unit.kind, unit.decimals) == ("stamps", "stamps", 0)
    assert rule.earning == earning_rules.PerVisit(1)
    assert [
        unit.name(count, language) for count, language in [(1, "en"), (8, "en"), (2, "fr"), (2, "ar"), (8, "es")]
    ] == [
        "stamp",
        "stamps",
        "tampons",
        "ختمان",
        "stamps",
    ]


@pytest.mark.parametrize(
    ("count", "decimals", "language", "word"),
    [
        (0, 0, "fr", "stars"),  # the word is English, whatever the reader's rule
        (1, 0, "fr", "star"),
        (0, 0, "ar", "stars"),
        (2, 0, "pl-PL", "gwiazdy"),
        (5, 0, "pl", "gwiazd"),
        (-1, 0, "en", "star"),
        (1, 2, "en", "stars"),  # 0.01
        (100, 2, "en", "star"),  # 1
        (150, 2, "en", "stars"),  # 1.5
        (150, 2, "pl", "gwiazdki"),
        (2, 0, "pt", "estrelas"),  # the only Portuguese there is
        (1, 0, "pt-BR", "estrela"),
    ],
)
def test_the_word_has_the_form_of_its_own_language(count: int, decimals: int, language: str, word: str) -> None:
    names = {
        "en": {"one": "star", "other": "stars"},
        "pl": {"one": "gwiazda", "few": "gwiazdy", "many": "gwiazd", "other": "gwiazdki"},
        "pt-BR": {"one": "estrela", "other": "estrelas"},
    }
    assert Unit(new_id(), "stars", "points", decimals, names).name(count, language) == word


@pytest.mark.parametrize(("currency", "step"), [("EUR", 100), ("JPY", 1), ("TND", 1000)])
async def test_points_are_one_per_major_unit(database: Database, currency: str, step: int) -> None:
    shop = await open_shop(database, currency=currency)
    async with database.transaction(shop.organization_id) as tx:
        program = await Teller(tx).program("points")
    assert program.rules[0].earning == earning_rules.PerAmount(step, 1, "floor")


async def test_a_membership_program_counts_nothing(teller: Teller) -> None:
    program = await teller.program("membership")
    assert (program.units, program.rules, program.goal) == ((), (), None)


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "stamps"},
        {"kind": "stamps", "goal": 101},
        {"kind": "membership", "goal": 10},
        {"kind": "points", "reward_name": "Free coffee"},
        {"kind": "points", "name": "a\x00b"},
        {"kind": "points", "unit_names": {"en": {"one": "bean"}}},
        {"kind": "membership", "unit_names": {"en": {"other": "beans"}}},
        {"kind": "points", "names": {"fr": "x" * 101}},
        {"kind": "points", "starts_at": "2026-12-01T00:00:00Z", "ends_at": "2026-12-01T00:00:00Z"},
        {"kind": "points", "starts_at": "2026-12-01T00:00:00"},
        {"kind": "points", "rules": [{"type": "per_amount", "amount_minor_per_step": 0}]},
        {"kind": "points", "rules": [{"type": "per_visit"}] * 101},
        {"kind": "points", "colour": "red"},
    ],
)
def test_what_makes_no_program(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ProgramIn.model_validate({"name": "Club", **fields})


async def test_the_public_id_leads_to_the_tenant(database: Database, teller: Teller) -> None:
    program = await teller.program()
    key = service.program_key(encode("prg", program.id))
    assert await teller.tx.fetchval(
        "SELECT organization_id FROM directory WHERE kind = 'program' AND digest = $1", key
    ) == (teller.tx.organization_id)
    assert await directory.find(database, "program", key) == [], "nothing is public before the commit"


async def test_the_fact_carries_what_those_above_need(teller: Teller) -> None:
    program = await teller.program("stamps", reward_name="Free coffee", reward_names={"fr": "Café offert"})
    [event] = [event for event in teller.tx.events if event.name == "program.created"]
    assert event.payload() == {
        "program_id": program.id,
        "kind": "stamps",
        "unit_id": program.units[0].id,
        "goal": 10,
        "reward_name": "Free coffee",
        "reward_names": {"fr": "Café offert"},
    }


async def test_refusals_of_making(teller: Teller) -> None:
    with pytest.raises(OtherCurrency):
        await teller.program(currency="MAD")
    plain = await teller.program("membership")
    with pytest.raises(UnitNotNamed):
        await service.change_program(teller.tx, plain.id, ProgramChange(rules=[PerVisitRule(type="per_visit")]))


async def test_a_rule_of_an_unknown_unit(teller: Teller) -> None:
    with pytest.raises(UnitNotFound):
        await teller.program(rules=[{"type": "per_visit", "unit": "miles"}])


async def test_a_shop_keeps_so_many_programs(teller: Teller) -> None:
    made = [await teller.program("membership") for _ in range(50)]
    with pytest.raises(TooManyPrograms):
        await teller.program()
    await service.change_program(teller.tx, made[0].id, ProgramChange(state="ended"))
    await teller.program()


async def test_a_change_makes_a_version(teller: Teller) -> None:
    program = await teller.program("stamps")
    changed = await service.change_program(teller.tx, program.id, ProgramChange(name="Coffee Club", goal=8))
    assert (changed.name, changed.goal, changed.kind) == ("Coffee Club", 8, "stamps")
    assert changed.version != program.version
    assert [event.payload()["fields"] for event in teller.tx.events if event.name == "program.changed"] == [
        ("goal", "name")
    ]


async def test_a_unit_has_the_words_of_the_shop(teller: Teller) -> None:
    program = await teller.program(unit_names={"en": {"one": "bean", "other": "beans"}})
    assert [program.units[0].name(count, "en") for count in (1, 2)] == ["bean", "beans"]
    assert program.units[0].name(2, "fr") == "beans"
    change = ProgramChange.model_validate({"unit_names": {"fr": {"other": "grains"}}})
    changed = await service.change_program(teller.tx, program.id, change)
    assert (changed.units[0].name(1, "fr"), changed.units[0].id) == ("grains", program.units[0].id)
    plain = await teller.program("membership")
    with pytest.raises(UnitNotNamed):
        await service.change_program(teller.tx, plain.id, change)


@pytest.mark.parametrize(("kind", "goal"), [("stamps", 101), ("membership", 1)])
async def test_a_goal_fits_the_kind(teller: Teller, kind: str, goal: int) -> None:
    program = await teller.program(kind)
    with pytest.raises(InvalidInput):
        await service.change_program(teller.tx, program.id, ProgramChange(goal=goal))


async def test_null_takes_a_date_away_but_not_a_name(teller: Teller) -> None:
    program = await teller.program(ends_at=clock.now() + timedelta(days=30))
    change = ProgramChange.model_validate({"ends_at": None, "name": None})
    changed = await service.change_program(teller.tx, program.id, change)
    assert (changed.ends_at, changed.name) == (None, "Club")


async def test_an_end_before_the_start_is_refused(teller: Teller) -> None:
    program = await teller.program(starts_at=clock.now())
    with pytest.raises(InvalidInput):
        await service.change_program(teller.tx, program.id, ProgramChange(ends_at=clock.now() - timedelta(days=1)))


async def test_ended_stays_ended(teller: Teller) -> None:
    program = await teller.program()
    await service.change_program(teller.tx, program.id, ProgramChange(state="ended"))
    with pytest.raises(ProgramStateRefused):
        await service.change_program(teller.tx, program.id, ProgramChange(state="active"))


async def test_rules_are_kept_added_and_retired(teller: Teller) -> None:
    program = await teller.program()
    out = ProgramOut.of(program)
    kept = out.rules[0].model_copy(update={"cap_per_day": 50, "active": False})
    both = await service.change_program(
        teller.tx, program.id, ProgramChange(rules=[PerVisitRule(type="per_visit", once_per_day=True), kept])
    )
    assert [type(rule.earning) for rule in both.rules] == [earning_rules.PerVisit, earning_rules.PerAmount]
    assert (both.rules[1].id, both.rules[1].cap_per_day, both.rules[1].active) == (program.rules[0].id, 50, False)
    alone = await service.change_program(teller.tx, program.id, ProgramChange(rules=ProgramOut.of(both).rules[:1]))
    assert [rule.id for rule in alone.rules] == [both.rules[0].id]
    with pytest.raises(RuleNotFound):
        await service.change_program(teller.tx, program.id, ProgramChange(rules=[kept]))


async def test_what_goes_out_comes_in_again(teller: Teller) -> None:
    some = [
        {"type": "per_amount", "amount_minor_per_step": 250, "units_per_step": 2, "rounding": "half_even"},
        {"type": "per_visit", "units": 3, "once_per_minutes": 60, "minimum_amount_minor": 500},
        {"type": "per_item", "skus": ["a"], "categories": ["x", "y"], "cap_per_purchase": 5},
    ]
    program = await teller.program(rules=some)
    out = ProgramOut.of(program).model_dump(mode="json")
    again = await service.change_program(teller.tx, program.id, ProgramChange.model_validate({"rules": out["rules"]}))
    assert again.rules == program.rules
    assert isinstance(ProgramOut.of(again).rules[0], PerAmountRule)


async def test_programs_of_another_tenant(database: Database, shop: Shop, other_shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        program = await Teller(tx).program()
    async with database.transaction(other_shop.organization_id) as tx:
        for attempt in (
            service.get_program(tx, program.id),
            service.change_program(tx, program.id, ProgramChange(name="Mine")),
            service.touch_program(tx, program.id, "rewards"),
            service.enroll(tx, program.id, new_id(), source="form"),
            service.list_members(tx, program.id, new_id(), 10),
        ):
            with pytest.raises(ProgramNotFound):
                await attempt
        assert await service.list_programs(tx, new_id(), 10) == []


async def test_a_change_that_was_rolled_back_is_not_remembered(database: Database, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        teller = Teller(tx)
        program = await teller.program()
        member = await teller.member(program, await teller.customer())

    class ChangedMindError(Exception):
        pass

    with suppress(ChangedMindError):
        async with database.transaction(shop.organization_id) as tx:
            await service.change_program(tx, program.id, ProgramChange(name="Never"))
            assert (await service.standing(tx, member)).program.name == "Never"
            raise ChangedMindError
    async with database.transaction(shop.organization_id) as tx:
        assert (await service.standing(tx, member)).program.name == "Club"
        await service.change_program(tx, program.id, ProgramChange(name="Coffee Club"))
    async with database.transaction(shop.organization_id) as tx:
        assert (await service.standing(tx, member)).program.name == "Coffee Club"


async def test_touching_is_a_version_and_a_fact(tx: Tx) -> None:
    program = await Teller(tx).program()
    await service.touch_program(tx, program.id, "rewards")
    assert (await service.get_program(tx, program.id)).version != program.version
    assert tx.events[-1].payload() == {"program_id": program.id, "fields": ("rewards",)}
