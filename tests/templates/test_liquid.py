"""Texts: what they say, what is refused when they are saved, and that they end."""

import time
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from liquid import Environment

from passerelle.kit.money import Money
from passerelle.templates.facts import PLACEHOLDERS, SAMPLES, Facts, locale_of, nearest, shown, styled
from passerelle.templates.liquid import LOOP_LIMIT, Text, TextFault, TextTooCostly, UnknownPlaceholder

SAID = [
    ("Hello {{ customer.first_name }}!", "Hello Lina!"),
    ("{{balance.points}}", "120"),
    ("{{ reward.ready }}", "false"),
    ("{% if reward.ready %}Ready{% else %}{{ stamps.left }} to go{% endif %}", "3 to go"),
    ("{{ stamps.left | plus: 1 }}", "4"),
    ("{{ balance.points | divided_by: 7 }}", "17"),
    ("{{ balance.points | divided_by: 7.0 | round: 2 }}", "17.14"),
    ("{{ balance.points | times: 100 | number }}", "12,000"),
    ("{{ customer.full_name | upcase | truncate: 6 }}", "LINA …"),
    ("{{ member.since | date: '%e %B %Y' }}", "1 March 2026"),
    ("{{ member.since | date: 'long' }}", "March 1, 2026"),
    ("{{ customer.last_name | replace: 'i', 'y' | slice: 0, 3 }}", "Ben"),
    ("{% for i in (1..stamps.goal) %}{% if i <= stamps.count %}●{% else %}○{% endif %}{% endfor %}", "●●●●●●●○○○"),
    ("{% assign name = customer.first_name | downcase %}{{ name | capitalize }}", "Lina"),
    ("{{ balance.cash | default: 'none' }}", "none"),
    ("{% raw %}{{ not.a.fact }}{% endraw %}", "{{ not.a.fact }}"),
    ("{% case tier.name %}{% when 'Gold' %}★{% endcase %}", "★"),
]


@pytest.mark.parametrize(("source", "expected"), SAID)
def test_what_a_text_says(source: str, expected: str) -> None:
    assert Text(source).attempt(SAMPLES, "en") == expected


MONEY = Money(1_250, "EUR")
LOCAL = [
    (MONEY, "en", "€12.50"),
    (MONEY, "fr", "12,50\xa0€"),
    (date(2026, 3, 1), "fr", "1 mars 2026"),
    (date(2026, 3, 1), "ar", "01\u200f/03\u200f/2026"),
    (Decimal("1234.5"), "fr", "1\u202f234,5"),
    (True, "fr", "true"),
    (None, "ar", ""),
]


@pytest.mark.parametrize(("value", "language", "expected"), LOCAL)
def test_facts_are_written_as_the_reader_does(value: object, language: str, expected: str) -> None:
    facts: Facts = {"balance.points": value}  # type: ignore[dict-item]  # the table has every kind
    assert Text("{{ balance.points }}").attempt(facts, language) == expected
    assert Text("{{ balance.points | append: '' }}").attempt(facts, language) == expected


def test_the_language_of_a_text_is_its_own() -> None:
    for source in ("{{ language }}", "{{ language | upcase | downcase }}"):
        assert Text(source).attempt({"language": "en"}, "fr") == "fr"


def test_money_can_be_calculated_with() -> None:
    assert Text("{{ balance.cash | times: 2 }}").attempt({"balance.cash": MONEY}, "en") == "25"


def test_equal_instants_of_two_zones_are_two_texts() -> None:
    instant = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    there = instant.astimezone(timezone(timedelta(hours=1)))
    assert shown(instant, "en") != shown(there, "en")
    assert "Nov 23" in shown(there, "en")


def test_formats_follow_the_language() -> None:
    moment = datetime(2026, 11, 22, 20, 5, tzinfo=UTC)
    assert styled(moment, "time", "medium", None, "fr") == "20:05"
    assert styled(moment, "date", "long", None, "fr") == "22 novembre 2026"
    assert styled(moment, "date_time", "short", None, "fr") == "22/11/2026 20:05"
    assert styled(12_000, "decimal", "medium", None, "en") == "12,000"
    assert styled(Decimal("0.25"), "percent", "medium", None, "en") == "25%"
    assert styled(1_250, "currency", "medium", "EUR", "en") == "€12.50"
    assert locale_of("no-SUCH-tag") == "en"


MISSPELT = [
    ("{{ customer.firstname }}", "customer.first_name"),
    ("{{ Customer.First_Name }}", "customer.first_name"),
    ("{{ stamp.count }}", "stamps.count"),
    ("{% if rewards.ready %}x{% endif %}", "reward.ready"),
    ("{{ customer.first_name.size }}", "customer.first_name"),
    ("{{ customer }}", "customer.last_name"),
    ("{{ xyzzy }}", None),
]


@pytest.mark.parametrize(("source", "meant"), MISSPELT)
def test_an_unknown_placeholder_is_named_with_the_nearest(source: str, meant: str | None) -> None:
    with pytest.raises(UnknownPlaceholder) as fault:
        Text(source)
    assert fault.value.nearest == meant


def test_every_sample_is_of_its_kind() -> None:
    kinds: dict[str, type | tuple[type, ...]] = {"text": str, "number": (int, Money), "boolean": bool, "date": date}
    for name, placeholder in PLACEHOLDERS.items():
        assert isinstance(placeholder.sample, kinds[placeholder.kind]), name
        assert nearest(name) == name


WRITTEN_BADLY = [
    "{{",
    "{% if %}",
    "{% if reward.ready %}never ended",
    "{{ customer.first_name | no_such_filter }}",
    "{% include 'header' %}",
    "{% render 'header' %}",
    "{% tablerow i in (1..3) %}{% endtablerow %}",
    "{{ balance.points | divided_by: 0 }}",
]


@pytest.mark.parametrize("source", WRITTEN_BADLY)
def test_what_is_written_badly_is_refused(source: str) -> None:
    with pytest.raises(TextFault):
        Text(source).attempt(SAMPLES, "en")


COSTLY = [
    "{% for i in (1..1000000000000) %}x{% endfor %}",
    "{% for i in (1..1000000000000) reversed %}x{% endfor %}",
    "{% for i in (1..50) %}{% for j in (1..50) %}x{% endfor %}{% endfor %}",
    "{% for i in (1..60) %}x{% endfor %}{% for i in (1..60) %}x{% endfor %}",
    "{% for i in (1..99) %}" + "0123456789" * 10 + "{% endfor %}",
    "{% assign a = '0123456789' %}{% for i in (1..99) %}{% assign a = a | append: a %}{% endfor %}",
    "{% assign a = 'aaaaaaaaaa' %}{% for i in (1..9) %}{% assign a = a | replace: 'a', a %}{% endfor %}",
    "{{ 999999999999 | times: 999999999999 }}",
    "{% if reward.ready %}" * 9 + "{% endif %}" * 9,
    "{{ customer.first_name }}" + "x" * 2_000,
]


@pytest.mark.parametrize("source", COSTLY)
def test_what_would_cost_too_much_is_refused_at_once(source: str) -> None:
    started = time.process_time()
    with pytest.raises(TextTooCostly):
        Text(source).attempt(SAMPLES, "en")
    assert time.process_time() - started < 1


def test_a_text_that_fails_on_a_card_is_empty() -> None:
    text = Text("{% for i in (1..balance.points) %}.{% endfor %}")
    assert text.render({"balance.points": 3}, "en") == "..."
    assert text.render({"balance.points": 10**9}, "en") == ""
    assert text.render({"balance.points": LOOP_LIMIT}, "en") == "." * LOOP_LIMIT


def test_what_is_remembered_is_bounded() -> None:
    text = Text("{{ balance.points | plus: 1 }}")
    for points in range(1_000):
        assert text.render({"balance.points": points}, "en") == str(points + 1)
    assert len(text._memory) <= 128


names = st.sampled_from(["customer.first_name", "balance.points", "reward.ready", "tier.name"])
literals = st.text(st.characters(exclude_characters="{}%", exclude_categories=["Cs"]), max_size=20)


@given(st.lists(st.tuples(literals, names), max_size=5), literals, st.text(max_size=20), st.integers())
def test_the_short_way_says_what_liquid_says(
    parts: list[tuple[str, str]], end: str, first_name: str, points: int
) -> None:
    source = "".join(f"{literal}{{{{ {name} }}}}" for literal, name in parts) + end
    facts: Facts = {"customer.first_name": first_name, "balance.points": points, "reward.ready": points > 0}
    nested = {
        "customer": {"first_name": first_name},
        "balance": {"points": points},
        "reward": {"ready": points > 0},
    }
    text = Text(source)
    assert text._template is None
    assert text.attempt(facts, "en") == Environment().from_string(source).render(nested)


@given(st.text(st.sampled_from("{}%|:'\"().,= \nabcfilnorst0123456789_-"), max_size=60))
def test_any_text_is_a_text_or_a_fault(source: str) -> None:
    try:
        text = Text("{{ customer.first_name }}" + source)
    except TextFault:
        return
    assert isinstance(text.render(SAMPLES, "fr"), str)


FILTERS = ["append: x", "plus: x", "times: x", "divided_by: x", "modulo: x", "round: x", "slice: x, x",
           "truncate: x", "replace: x, x", "date: x", "default: x", "number", "size", "at_most: x"]  # fmt: skip
values = st.one_of(st.integers(-(10**18), 10**18), st.text(max_size=10), st.booleans(), st.none(), st.dates())


@given(st.lists(st.sampled_from(FILTERS), max_size=6), values, values)
def test_filters_take_anything(chain: list[str], value: object, argument: object) -> None:
    source = "".join(["{% assign x = tier.name %}{{ balance.points", *(f" | {each}" for each in chain), " }}"])
    text = Text(source)
    try:
        facts: Facts = {"balance.points": value, "tier.name": argument}  # type: ignore[dict-item]  # any kind
        said = text.attempt(facts, "ar")
    except TextFault:
        said = ""
    assert len(said.encode()) <= 16_000
