"""Compiled templates: languages, what is remembered, and what the default cards say."""

import gc
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.kit.money import Money
from passerelle.organizations.schemas import Brand
from passerelle.templates.cache import TemplateCache
from passerelle.templates.colours import contrast, rgb
from passerelle.templates.compiled import overlaid
from passerelle.templates.content import TemplateContent
from passerelle.templates.defaults import Design, default_content
from passerelle.templates.facts import SAMPLES, Facts
from passerelle.templates.preview import drawn_strip, previewed
from passerelle.templates.rules import check, errors_of
from tests.templates.conftest import KNOWN_IMAGES, compiled_of, content_of, designed, one_field

READY: Facts = {**SAMPLES, "stamps.count": 10, "stamps.left": 0, "reward.ready": True}

MESSAGES = [
    ("en", SAMPLES, "You now have %@ stamps"),
    ("fr", SAMPLES, "Vous avez maintenant %@ tampons"),
    ("ar", SAMPLES, "لديك الآن %@ من الأختام"),
    ("en", READY, "%@, your reward is ready: Free coffee"),
    ("fr", READY, "%@, votre cadeau vous attend : Café offert"),
    ("ar", READY, "%@، مكافأتك جاهزة: قهوة مجانية"),
]


@pytest.mark.parametrize(("language", "facts", "message"), MESSAGES)
def test_the_lock_screen_speaks_three_languages(language: str, facts: Facts, message: str) -> None:
    names = {"fr": "Café offert", "ar": "قهوة مجانية", "de": "Gratiskaffee"}
    compiled = compiled_of(designed(reward_name="Free coffee", reward_names=names))
    facts = {**facts, "reward.name": {"fr": "Café offert", "ar": "قهوة مجانية"}.get(language, "Free coffee")}
    shown = previewed(compiled, facts, language, {})
    assert [each.change_message for each in shown.fields if each.key == "stamps"] == [message]


def test_a_fact_is_translated_when_the_shop_said_how() -> None:
    compiled = compiled_of(designed(reward_name="Free coffee", reward_names={"fr": "Café offert"}))
    assert compiled.text("{{ reward.name }}").every(SAMPLES) == {"en": "Free coffee", "fr": "Café offert"}


def test_texts_differ_only_where_they_are_translated() -> None:
    content = content_of(
        fields=one_field("{{ stamps.left }} to go", label="Left"),
        translations={"fr": {"{{ stamps.left }} to go": "encore {{ stamps.left }}"}, "de": {"Left": "Noch"}},
    )
    compiled = compiled_of(content)
    assert compiled.languages == ("en", "de", "fr")
    assert compiled.text("{{ stamps.left }} to go").every(SAMPLES) == {"en": "3 to go", "fr": "encore 3"}
    assert compiled.text("Left").every({}) == {"en": "Left", "de": "Noch"}
    assert compiled.static_translations("en") == {"Left": "Left"}
    assert compiled.static_translations("fr") == {}
    assert compiled.placeholders == {"stamps.left", "pass.code"}


FORMATS = [
    ("{{ balance.cash }}", {"format": "currency"}, Money(450, "EUR"), {"en": "€4.50", "fr": "4,50\xa0€"}),
    ("{{ balance.cash }}", {"format": "decimal"}, 1_200, {"en": "1,200", "fr": "1\u202f200"}),
    ("{{ member.since }}", {"format": "date", "length": "long"}, date(2026, 3, 1),
     {"en": "March 1, 2026", "fr": "1 mars 2026"}),
    ("{{ tier.name }}", {}, "Gold", {"en": "Gold"}),
    ("{{ balance.cash }}", {"format": "decimal"}, None, {"en": ""}),
]  # fmt: skip


@pytest.mark.parametrize(("value", "more", "fact", "expected"), FORMATS)
def test_a_field_is_written_in_its_format(value: str, more: dict, fact: object, expected: dict) -> None:  # type: ignore[type-arg]  # the table says what they hold
    content = content_of(fields=one_field(value, **more), translations={"fr": {"A": "B"}})
    compiled = compiled_of(content)
    name = value.strip("{} ")
    assert compiled.field_text(content.fields.secondary[0], {name: fact}) == expected  # type: ignore[dict-item]  # any kind of fact


def test_a_preview_is_what_a_wallet_would_show() -> None:
    compiled = compiled_of(designed("stamps", "ar"))
    shown = previewed(compiled, SAMPLES, "ar", {"icon": "/images/x"})
    assert (shown.direction, shown.kind, shown.images) == ("rtl", "stamps", {"icon": "/images/x"})
    assert {(each.area, each.key): each.value for each in shown.fields if each.area != "back"} == {
        ("header", "stamps"): "7/10",
        ("secondary", "reward"): "Free coffee",
        ("secondary", "left"): "3",
        ("auxiliary", "member"): "Lina Benali",
    }
    assert previewed(compiled, SAMPLES, "xx", {}).language == "ar"
    assert (drawn_strip(compiled, SAMPLES, {}) or "").startswith("data:image/png;base64,")
    assert drawn_strip(compiled_of(content_of()), SAMPLES, {}) is None


def test_empty_fields_are_left_out() -> None:
    shown = previewed(compiled_of(designed("points")), {"balance.points": 0}, "en", {})
    assert [each.key for each in shown.fields if each.area != "back"] == ["points"]


def test_what_is_stored_reads_back_the_same() -> None:
    content = designed("event_ticket", "fr")
    assert TemplateContent.model_validate(content.stored()) == content


@given(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True), st.from_regex(r"#[0-9a-f]{6}", fullmatch=True))
def test_default_colours_can_be_read_whatever_the_brand(background: str, other: str) -> None:
    brand = Brand(background=background, foreground=other, label=other)
    colours = default_content(Design("stamps", "Café", "Club", brand)).colours
    assert contrast(rgb(colours.foreground), rgb(colours.background)) >= 4.5
    assert contrast(rgb(colours.label), rgb(colours.background)) >= 3


def test_a_large_goal_is_counted_rather_than_drawn() -> None:
    assert designed("stamps", goal=30).stamps is not None
    assert designed("stamps", goal=31).stamps is None


@pytest.mark.parametrize("website", ["not an address", "javascript:alert(1)", "https://a b", "https://a\nb", ""])
def test_an_odd_website_makes_no_link(website: str) -> None:
    assert default_content(Design("points", "Café", "Club", Brand(website=website))).links == []


def test_a_name_with_braces_is_no_placeholder() -> None:
    content = default_content(Design("points", "{{ shop }} {% if", "{{{{ club", Brand(), names={"fr": "{{ le club"}))
    assert (content.organization_name, content.title) == ("{ shop }} % if", "{ club")
    assert content.translations["fr"]["{ club"] == "{ le club"
    assert errors_of(check(content.model_copy(update={"images": designed().images}), KNOWN_IMAGES)) == []


OVERLAYS = [
    ({"a": 1}, {"b": 2}, {"a": 1, "b": 2}),
    ({"a": {"b": 1, "c": 2}}, {"a": {"b": 3}}, {"a": {"b": 3, "c": 2}}),
    ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
    ({"a": 1, "b": 2}, {"a": None}, {"b": 2}),
    ({"a": 1}, {"a": {"b": 1}}, {"a": {"b": 1}}),
]


@pytest.mark.parametrize(("tree", "overlay", "expected"), OVERLAYS)
def test_overlays(tree: dict, overlay: dict, expected: dict) -> None:  # type: ignore[type-arg]  # JSON
    assert overlaid(tree, overlay) == expected


def test_the_cache_forgets_the_least_used_first() -> None:
    versions = [compiled_of(content_of(), version=version) for version in range(1, 5)]
    size = versions[0].size_bytes
    cache = TemplateCache(limit_bytes=size * 2)

    def key(version: int) -> tuple[UUID, UUID, int]:
        return versions[0].organization_id, versions[0].template_id, version

    cache.keep(versions[0])
    cache.keep(versions[1])
    assert cache.find(key(1)) is versions[0]
    cache.keep(versions[2])
    assert cache.find(key(2)) is None
    assert cache.find(key(1)) is versions[0]
    cache.keep(versions[0])
    assert (len(cache), cache.size_bytes) == (2, 2 * size)


def test_a_compiled_template_is_small() -> None:
    gc.collect()
    compiled = compiled_of(designed("stamps"), drawn=True)
    assert sum(map(len, compiled.files.values())) < 400_000
    assert compiled.size_bytes < 1_000_000
