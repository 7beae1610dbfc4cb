"""What the screen remembers: never another answer than each rule would give by itself."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.programs.accrual_base import AccrualBase, Line, Occasion
from passerelle.programs.conditions import AttributeCondition, Conditions, Facts, Hours
from passerelle.programs.earning_rules import (
    SUM_OF_ALL,
    Cap,
    Combining,
    EarningRule,
    PerAmount,
    PerEvent,
    PerItem,
    PerVisit,
    Times,
)
from passerelle.programs.evaluator import evaluate
from passerelle.programs.plan import NO_HISTORY, Plan, plan_of
from tests.programs.evaluating import NOON, UNIT, bought, codes, rule

_OTHER_UNIT = UUID(int=9)
_PLACES = [UUID(int=101), UUID(int=102), UUID(int=103)]
_TIERS = [UUID(int=201), UUID(int=202)]
_GOODS = ["coffee", "cake", "tea"]
_CLOCK = ["00:00", "09:30", "12:00", "12:01", "23:00"]
_EDGES = [NOON - timedelta(days=1), NOON, NOON + timedelta(minutes=1)]


def _some(values: list[Any]) -> st.SearchStrategy[Any]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)


_hours = st.tuples(st.sampled_from(_CLOCK), st.sampled_from(_CLOCK)).map(
    lambda ends: Hours(from_=ends[0], to=ends[1])
)
_CONDITIONS: dict[str, st.SearchStrategy[Any]] = {
    "locations": _some(_PLACES),
    "weekdays": _some(["sat", "sun", "mon"]),
    "hours": st.lists(_hours, min_size=1, max_size=2),
    "starts_at": st.sampled_from(_EDGES),
    "ends_at": st.sampled_from(_EDGES),
    "tiers": _some(_TIERS),
    "segments": _some(["regulars", "staff"]),
    "first_purchase": st.just(True),  # noqa: FBT003  what is drawn
    "channels": _some(["till", "online"]),
    "attributes": st.just([AttributeCondition(name="stars", at_least=4)]),
}
# One condition or two: with more, hardly any rule would apply.
_conditions = (
    st.lists(st.sampled_from(sorted(_CONDITIONS)), max_size=2, unique=True)
    .flatmap(lambda names: st.fixed_dictionaries({name: _CONDITIONS[name] for name in names}))
    .map(lambda given_conditions: Conditions(**given_conditions))
)
_goods = st.frozensets(st.sampled_from(_GOODS), max_size=2)
_earnings = st.one_of(
    st.just(PerAmount(100, 1)),
    st.just(PerVisit(2)),
    st.builds(PerItem, st.just(1), _goods, _goods, st.integers(1, 2)),
    st.sampled_from([PerEvent("review", 3), PerEvent("survey", 4)]),
)
_rules = st.builds(
    EarningRule,
    id=st.uuids(),
    unit_id=st.sampled_from([UNIT, _OTHER_UNIT]),
    earning=_earnings,
    active=st.booleans(),
    minimum_amount_minor=st.sampled_from([0, 0, 500]),
    cooldown_minutes=st.sampled_from([None, None, 5]),
    conditions=_conditions,
)
_lines = st.builds(
    Line,
    st.sampled_from(["item", "item", "shipping", "reward"]),
    st.just(1),
    st.sampled_from([400, 600]),
    st.none(),
    st.none() | st.sampled_from([*_GOODS, "soap"]),
    st.none() | st.sampled_from([*_GOODS, "home"]),
)
_instants = st.sampled_from([edge + timedelta(minutes=move) for edge in _EDGES for move in (-1, 0, 1, 12 * 60)])


_KINDS: dict[str, dict[str, Any]] = {
    "purchase": {"amount_minor": 450},
    "visit": {},
    "event": {"event": "review", "attributes": {"stars": 4}},
}
_OCCASION: dict[str, st.SearchStrategy[Any]] = {
    "occurred_at": _instants,
    "location_id": st.none() | st.sampled_from([*_PLACES, UUID(int=109)]),
    "channel": st.sampled_from([None, "till", "online", "api"]),
}
_OF_KIND: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "purchase": {"lines": st.lists(_lines, min_size=1, max_size=3).map(tuple)},
    "visit": {},
    "event": {
        "event": st.sampled_from(["review", "survey", "other"]),
        "attributes": st.sampled_from([{}, {"stars": 3}, {"stars": 5}]),
    },
}
_MEMBER: dict[str, st.SearchStrategy[Any]] = {
    "tier_ids": st.frozensets(st.sampled_from([*_TIERS, UUID(int=209)]), max_size=2),
    "segments": st.frozensets(st.sampled_from(["regulars", "staff", "others"]), max_size=2),
    "is_first_purchase": st.booleans(),
}


@st.composite
def _situations(draw: st.DrawFn) -> list[Facts]:
    """Situations one after the other, each different from the last one in a single thing."""
    kind = draw(st.sampled_from(sorted(_KINDS)))
    possible = _OCCASION | _OF_KIND[kind] | _MEMBER
    values = {name: draw(value) for name, value in possible.items()}
    situations = []
    for changed in draw(st.lists(st.sampled_from(sorted(possible)), min_size=2, max_size=12)):
        values |= {changed: draw(possible[changed])}
        told = _KINDS[kind] | {name: value for name, value in values.items() if name not in _MEMBER}
        if told.get("lines"):
            told["amount_minor"] = sum(line.total_minor for line in told["lines"])
        member = {name: value for name, value in values.items() if name in _MEMBER}
        situations.append(Facts(Occasion(kind, **told), "Europe/Paris", **member))  # type: ignore[arg-type]  # one of the three
    return situations


def _item(sku: str, category: str | None = None) -> Line:
    return Line("item", 1, 100, None, sku, category)


def _plan(rules: list[EarningRule], combining: Combining = SUM_OF_ALL) -> Plan:
    return plan_of([(UNIT, combining), (_OTHER_UNIT, SUM_OF_ALL)], rules, [], AccrualBase())


@given(st.lists(_rules, max_size=8), _situations())
def test_many_rules_answer_as_each_would_by_itself(rules: list[EarningRule], situations: list[Facts]) -> None:
    plan, alone = _plan(rules), [_plan([each]) for each in rules]
    for facts in situations:
        together = evaluate(plan, facts, NO_HISTORY).accruals
        assert together == tuple(answer for one in alone for answer in evaluate(one, facts, NO_HISTORY).accruals)
        for prepared in plan.rules:
            unmet = prepared.matcher.unmet(facts)
            if unmet is not None and prepared.concerns(facts.occasion):
                assert codes(next(each for each in together if each.rule_id == prepared.rule.id)) == [unmet]


@given(st.lists(_rules, max_size=8), _situations())
def test_what_is_remembered_is_what_would_be_decided_anew(rules: list[EarningRule], situations: list[Facts]) -> None:
    remembering = _plan(rules)
    for facts in situations:
        assert evaluate(remembering, facts, NO_HISTORY) == evaluate(_plan(rules), facts, NO_HISTORY)


_LATER = NOON + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("asking", "holds", "fails"),
    [
        (rule(PerItem(1, frozenset({"tea"}))), {"lines": (_item("tea"),)}, {"lines": (_item("cake"),)}),
        (rule(PerItem(1, categories=frozenset({"hot"}))), {"lines": (_item("tea", "hot"),)}, {"lines": ()}),
        (rule(PerVisit(1), conditions=Conditions(locations=_PLACES)), {"location_id": _PLACES[1]}, {}),
        (rule(PerVisit(1), conditions=Conditions(channels=["till"])), {}, {"channel": "online"}),
        (rule(PerVisit(1), conditions=Conditions(starts_at=_LATER)), {"at": _LATER}, {}),
        (rule(PerVisit(1), conditions=Conditions(ends_at=_LATER)), {}, {"at": _LATER}),
        (rule(PerVisit(1), conditions=Conditions(weekdays=["sun"])), {}, {"at": NOON + timedelta(days=1)}),
        (
            rule(PerVisit(1), conditions=Conditions(hours=[Hours(from_="12:00", to="12:01")])),
            {},
            {"at": NOON + timedelta(minutes=1)},
        ),
    ],
)
def test_purchases_that_differ_are_told_apart(
    asking: EarningRule, holds: dict[str, Any], fails: dict[str, Any]
) -> None:
    for order in ((holds, fails, holds), (fails, holds, fails)):
        plan = _plan([asking])
        for changes in order:
            [accrual] = evaluate(plan, Facts(bought(100, **changes)), NO_HISTORY).accruals
            assert bool(accrual.amount) is (changes is holds)


def test_members_and_events_that_differ_are_told_apart() -> None:
    plan = _plan(
        [
            rule(PerVisit(1), 2, conditions=Conditions(tiers=_TIERS)),
            rule(PerVisit(1), 3, conditions=Conditions(segments=["staff"])),
            rule(PerVisit(1), 4, conditions=Conditions(first_purchase=True)),
            rule(PerEvent("review", 1), 5),
            rule(PerEvent("survey", 1), 6),
        ]
    )
    members: list[dict[str, Any]] = [
        {},
        {"tier_ids": frozenset(_TIERS[:1])},
        {"segments": frozenset({"staff"})},
        {"is_first_purchase": True},
    ]
    gave = [[each.amount for each in evaluate(plan, Facts(bought(1), **one), NO_HISTORY).accruals] for one in members]
    assert gave == [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]]
    for event, rule_ids in (("review", [5]), ("survey", [6]), ("other", []), ("review", [5])):
        told = evaluate(plan, Facts(Occasion("event", NOON, event=event)), NO_HISTORY).accruals
        assert [each.rule_id for each in told] == [UUID(int=number) for number in rule_ids]


def test_what_is_remembered_is_bounded() -> None:
    plan = _plan([rule(PerVisit(1), conditions=Conditions(locations=[UUID(int=number) for number in range(100)]))])
    for number in range(1000):
        facts = Facts(bought(100, location_id=UUID(int=number % 100)), is_first_purchase=number >= 500)
        assert plan.screen.of(facts).live
    other = Facts(bought(100, location_id=UUID(int=999)))
    assert [codes(each) for each in evaluate(plan, other, NO_HISTORY).accruals] == [["other_location"]]


def test_only_rules_that_may_give_something_ask_for_history() -> None:
    online = Conditions(channels=["online"])
    plan = _plan(
        [
            rule(PerVisit(1), 2, conditions=online, times=(Times("year", 3),), cooldown_minutes=90),
            rule(PerVisit(1), 3, cap_per_day=5),
            rule(PerAmount(100, 1), 4, cap_per_purchase=5),
        ],
        Combining(caps=(Cap("week", 100), Cap("balance", 1000))),
    )
    till, shop = plan.screen.of(Facts(bought(100))), plan.screen.of(Facts(bought(100, channel="online")))
    assert till.figures == {("units", "day"), ("units", "week")}
    assert shop.figures == {("times", "year"), ("units", "day"), ("units", "week")}
    assert (till.cooldown_minutes, shop.cooldown_minutes) == (0, 90)
