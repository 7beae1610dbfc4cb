"""Which placeholders the cards of a kind have."""

import pytest

from passerelle.organizations.schemas import Brand
from passerelle.templates import rules
from passerelle.templates.content import Kind
from passerelle.templates.defaults import Design, default_content
from passerelle.templates.facts import PLACEHOLDERS
from passerelle.templates.kinds import KINDS, has, kinds_of, own_placeholders


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("customer.full_name", set(KINDS)),
        ("pass.code", set(KINDS)),
        ("stamps.count", {"stamps", "points", "membership", "generic"}),
        ("balance.coffees", {"stamps", "points", "membership", "generic"}),
        ("balance.money", {"stamps", "points", "membership", "generic", "gift_card"}),
        ("coupon.value", {"coupon", "generic"}),
        ("gift_card.balance", {"gift_card", "generic"}),
        ("ticket.seat", {"event_ticket", "generic"}),
    ],
)
def test_a_placeholder_is_of_some_kinds(name: str, kinds: set[Kind]) -> None:
    assert set(kinds_of(name)) == kinds


def test_every_placeholder_is_of_some_kind_beside_generic() -> None:
    assert [name for name in PLACEHOLDERS if len(kinds_of(name)) < 2] == []


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_kind_has_of_its_own_it_has(kind: Kind) -> None:
    assert [name for name in own_placeholders(kind) if not has(kind, name)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_default_design_mentions_what_its_cards_have(kind: Kind) -> None:
    content = default_content(Design(kind, "Café", "Club", Brand()))
    assert [each for each in rules.check(content, {}) if each.code == "placeholder_not_of_kind"] == []


def test_a_placeholder_of_another_kind_is_a_warning_that_names_the_own_ones() -> None:
    content = default_content(Design("gift_card", "Café", "Card", Brand()))
    content.fields.back[0].value = "{{ stamps.count }} of {{ customer.first_name }}"
    [found] = [each for each in rules.check(content, {}) if each.code == "placeholder_not_of_kind"]
    assert (found.severity, found.path) == ("warning", "fields.back.0.value")
    assert "gift_card.balance" in found.sentence["en"]
