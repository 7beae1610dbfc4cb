"""What contradicts itself is found before it is saved, and told in every language."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from pydantic import TypeAdapter

from passerelle.kit.i18n import LANGUAGES
from passerelle.programs import contradictions, service
from passerelle.programs.conditions import Conditions
from passerelle.programs.contradictions import SENTENCES, Contradiction
from passerelle.programs.earning_rules import Cap
from passerelle.programs.errors import RuleContradicts
from passerelle.programs.promoting import Bonus, Multiplier, Promotion
from passerelle.programs.promotions import service as promotions
from passerelle.programs.promotions.schemas import PromotionIn
from passerelle.programs.rule_schemas import Rule, rule_of
from passerelle.programs.schemas import Program, ProgramChange
from passerelle.programs.tiers import service as tiers
from passerelle.programs.tiers.schemas import TierSetIn
from tests.programs.conftest import Teller
from tests.programs.evaluating import DOCUMENT, NOON, UNIT

_RULE: TypeAdapter[Rule] = TypeAdapter(Rule)


@DOCUMENT.each_row("contradictions")
def test_rules(row: dict[str, str]) -> None:
    drafted = rule_of(_RULE.validate_python(json.loads(row["rule"])), UNIT)
    found = contradictions.of_rule(drafted, unit="points", unit_kind="points", time_zone="Europe/Paris")
    assert (found.code if found else "") == row["contradiction"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"effect": Multiplier(200)}, None),
        ({"effect": Multiplier(200), "starts_at": NOON, "ends_at": NOON}, "dates_reversed"),
        ({"effect": Multiplier(200), "starts_at": NOON, "conditions": Conditions(ends_at=NOON)}, "dates_reversed"),
        (
            {
                "effect": Multiplier(200),
                "starts_at": NOON,
                "ends_at": NOON + timedelta(days=2),
                "conditions": Conditions(weekdays=["fri"]),
            },
            "never_open",
        ),
        ({"effect": Bonus(20), "budget_units": 19}, "cap_below_least"),
        (
            {"effect": Bonus(20), "conditions": Conditions.model_validate({"attributes": [{"name": "a"}]})},
            "attributes_without_event",
        ),
        ({"effect": Bonus(20), "conditions": Conditions(channels=[])}, "list_empty"),
    ],
)
def test_promotions(fields: dict[str, Any], code: str | None) -> None:
    found = contradictions.of_promotion(Promotion(UUID(int=5), UNIT, "p", **fields), "Europe/Paris")
    assert (found.code if found else None) == code


def test_caps_of_a_unit() -> None:
    assert contradictions.of_caps([Cap("day", 5), Cap("week", 5), Cap("balance", 1)]) is None
    found = contradictions.of_caps([Cap("week", 4), Cap("day", 5)])
    assert found is not None
    assert found.code == "longer_below_shorter"


@pytest.mark.parametrize("code", SENTENCES)
def test_every_contradiction_is_told_in_every_language(code: str) -> None:
    names = (
        "at",
        "field",
        "per",
        "longer",
        "longer_units",
        "shorter",
        "shorter_units",
        "least",
        "units",
        "unit",
        "limit",
    )
    params = dict.fromkeys((*names, "name", "tier", "at_least", "at_most", "one", "other"), 5)
    refusal = RuleContradicts("rules[0]", Contradiction(code, params))
    sentences = {refusal.sentence(language) for language in LANGUAGES}
    assert len(sentences) == len(LANGUAGES)
    assert all("rules[0]" in sentence and "{" not in sentence for sentence in sentences)


async def test_nothing_is_saved_of_a_list_with_a_contradiction(teller: Teller) -> None:
    program = await teller.program()
    change = ProgramChange.model_validate(
        {"rules": [{"type": "per_visit"}, {"type": "per_visit", "units": 5, "cap_per_day": 3}]}
    )
    with pytest.raises(RuleContradicts) as caught:
        await service.change_program(teller.tx, program.id, change)
    assert caught.value.params["subject"] == "rules[1]"
    assert "5" in caught.value.sentence("fr")


async def test_a_tier_of_another_program_is_refused(teller: Teller) -> None:
    program, other = await teller.program(), await teller.program()
    [mine, theirs] = [await _gold(teller, each) for each in (program, other)]
    rule = {"type": "per_visit", "conditions": {"tiers": [mine]}}
    changed = await service.change_program(teller.tx, program.id, ProgramChange.model_validate({"rules": [rule]}))
    assert changed.rules[0].conditions.tiers == [mine]
    rule = {"type": "per_visit", "conditions": {"tiers": [mine, theirs]}}
    with pytest.raises(RuleContradicts) as caught:
        await service.change_program(teller.tx, program.id, ProgramChange.model_validate({"rules": [rule]}))
    assert caught.value.params["contradiction"] == "tier_elsewhere"
    promotion = {"program_id": program.id, "name": "Gold", "effect": {"type": "bonus", "units": 5}}
    with pytest.raises(RuleContradicts):
        await promotions.create_promotion(
            teller.tx, PromotionIn.model_validate(promotion | {"conditions": {"tiers": [theirs]}})
        )


async def _gold(teller: Teller, program: Program) -> UUID:
    wanted = {
        "program_id": program.id,
        "name": "Levels",
        "basis": "spend",
        "tiers": [{"name": "Gold", "threshold": 100}],
    }
    made = await tiers.create_tier_set(teller.tx, TierSetIn.model_validate(wanted))
    return made.tiers[0].id
