"""What is found in a content: a table of faults, and that good cards have none."""

import sys
import time
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.templates.colours import contrast, hexadecimal, mix, readable_on, rgb
from passerelle.templates.look_rules import ImageSize
from passerelle.templates.rules import check, errors_of
from tests.templates.conftest import ICON, KNOWN_IMAGES, content_of, designed, one_field

OTHER = "img_0k30f3btr071m8000000000001"
KINDS = ("stamps", "points", "membership", "coupon", "gift_card", "event_ticket", "generic")


def found(content: Any, images: dict[UUID, ImageSize] | None = None) -> list[tuple[str, str, str]]:
    """Severity, code and path of every finding."""
    known = KNOWN_IMAGES if images is None else images
    return [(each.severity, each.code, each.path) for each in check(content, known)]


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_default_card_is_without_fault(kind: str, language: str) -> None:
    assert found(designed(kind, language)) == []


FAULTS: list[tuple[dict[str, Any], tuple[str, str, str]]] = [
    ({"fields": one_field("{{ custmer.name }}")}, ("error", "unknown_placeholder", "fields.secondary.0.value")),
    ({"fields": one_field("{{ broken")}, ("error", "text_unreadable", "fields.secondary.0.value")),
    (
        {"fields": one_field("{% for i in (1..9999) %}{% endfor %}")},
        ("error", "text_too_costly", "fields.secondary.0.value"),
    ),
    (
        {"fields": one_field("{% for i in (1..balance.visits) %}x{% endfor %}"), "translations": {"fr": {"A": "{{"}}},
        ("error", "text_unreadable", "translations.fr.A"),
    ),
    (
        {"fields": one_field("{% for i in (1..stamps.count) %}{% endfor %}")},
        ("warning", "text_fails_for_large_values", "fields.secondary.0.value"),
    ),
    (
        {"fields": {"header": [{"key": "a", "value": "1"}], "back": [{"key": "a", "value": "2"}]}},
        ("error", "field_key_twice", "fields"),
    ),
    (
        {"fields": one_field("{{ customer.first_name }}", format="decimal")},
        ("error", "format_does_not_fit", "fields.secondary.0.format"),
    ),
    (
        {"fields": one_field("{{ balance.points }} points", format="decimal")},
        ("error", "format_does_not_fit", "fields.secondary.0.format"),
    ),
    ({"fields": one_field("soon", format="date")}, ("error", "format_does_not_fit", "fields.secondary.0.format")),
    ({"fields": one_field("12", format="currency")}, ("error", "format_does_not_fit", "fields.secondary.0.format")),
    (
        {"fields": one_field("x", change_message="It changed")},
        ("warning", "change_message_without_value", "fields.secondary.0.change_message"),
    ),
    ({"fields": one_field("x", link="tel:1")}, ("warning", "setting_not_used", "fields.secondary.0.link")),
    ({"fields": one_field("x", detect=["phone"])}, ("warning", "setting_not_used", "fields.secondary.0.detect")),
    (
        {"fields": one_field("x", "primary", alignment="left")},
        ("warning", "setting_not_used", "fields.primary.0.alignment"),
    ),
    (
        {"fields": {"header": [{"key": f"k{n}", "value": "1"} for n in range(4)]}},
        ("warning", "too_many_fields", "fields.header"),
    ),
    (
        {"fields": {"auxiliary": [{"key": f"k{n}", "value": "1"} for n in range(10)], **one_field("x"),
                    "header": [{"key": "h1", "value": "1"}]}},
        ("warning", "too_many_fields", "fields.auxiliary"),
    ),
    ({"title": "{{ program.name }}"}, ("error", "placeholder_not_allowed", "title")),
    (
        {"links": [{"label": "{{ tier.name }}", "url": "tel:1"}]},
        ("error", "placeholder_not_allowed", "links.0.label"),
    ),
    ({"title": "A programme with a long name"}, ("warning", "text_too_long", "title")),
    (
        {"fields": one_field("x", "header", label="LOYALTY POINTS")},
        ("warning", "text_too_long", "fields.header.0.label"),
    ),
    ({"translations": {"fr": {"{{ a }}": "x"}}}, ("warning", "translation_not_used", "translations.fr.{{ a }}")),
    ({"colours": {"background": "#777777"}}, ("warning", "contrast_low", "colours.foreground")),
    ({"colours": {"background": "#eeeeee", "foreground": "#000000"}}, ("warning", "contrast_low", "colours.label")),
    ({"kind": "stamps"}, ("warning", "stamps_missing", "stamps")),
    ({"kind": "stamps", "stamps": {"goal": 5, "shape": "image"}}, ("error", "stamp_image_missing", "images.stamp")),
    ({"images": {"icon": ICON, "logo": OTHER}}, ("error", "image_unknown", "images.logo")),
    ({"images": {"icon": ICON, "strip": ICON}}, ("warning", "image_small", "images.strip")),
    ({"images": {"icon": ICON, "thumbnail": ICON}}, ("warning", "image_not_used", "images.thumbnail")),
    ({"apple": {"serialNumber": "1"}}, ("error", "overlay_key_refused", "apple.serialNumber")),
    ({"apple": {"coupon": {}}}, ("error", "overlay_key_refused", "apple.coupon")),
    ({"google": {"object": {"classId": "1"}}}, ("error", "overlay_key_refused", "google.object.classId")),
    ({"google": {"class": {"id": "1"}}}, ("error", "overlay_key_refused", "google.class.id")),
    ({"apple": {"userInfo": "{{ nobody.knows }}"}}, ("error", "unknown_placeholder", "apple.userInfo")),
    ({"apple": {"userInfo": "x" * 30_000}}, ("error", "overlay_too_large", "apple")),
    ({"apple": {"userInfo": [[[[[[[[[[[[[["deep"]]]]]]]]]]]]]]}}, ("error", "overlay_too_large", "apple")),
    ({"apple": {"userInfo": float("nan")}}, ("error", "value_not_storable", "")),
    ({"apple": {"userInfo": 10**30}}, ("error", "value_not_storable", "")),
    ({"apple": {"userInfo": "\ud800"}}, ("error", "value_not_storable", "")),
    ({"title": "zero \0 byte"}, ("error", "value_not_storable", "")),
    (
        {"translations": {"fr": {f"{n}": "é" * 3_000 for n in range(80)}}},
        ("error", "content_too_large", ""),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "fault"), FAULTS)
def test_a_fault_is_found_where_it_is(changes: dict[str, Any], fault: tuple[str, str, str]) -> None:
    assert fault in found(content_of(**changes))


def test_a_card_without_icon_is_refused() -> None:
    content = content_of()
    content = content.model_copy(update={"images": content.images.model_copy(update={"icon": None})})
    assert found(content) == [("error", "icon_missing", "images.icon")]


def test_units_are_checked_when_they_are_known() -> None:
    content = content_of(fields=one_field("{{ balance.stars }}"))
    assert [each.code for each in check(content, KNOWN_IMAGES, frozenset({"points"}))] == ["unknown_unit"]
    assert check(content, KNOWN_IMAGES, frozenset({"stars"})) == []


def test_a_finding_tells_what_to_do_in_three_languages() -> None:
    (finding,) = errors_of(check(content_of(fields=one_field("{{ customer.firstname }}")), KNOWN_IMAGES))
    assert finding.sentence["en"] == "No card has “customer.firstname”. Did you mean “customer.first_name”?"
    assert "Vouliez-vous dire « customer.first_name »" in finding.sentence["fr"]
    assert "\u2068customer.first_name\u2069" in finding.sentence["ar"]


def test_errors_come_first() -> None:
    severities = [each.severity for each in check(content_of(title="x" * 40, fields=one_field("{{ a }}")), {})]
    assert severities == sorted(severities)


def test_an_endless_loop_is_refused_at_once() -> None:
    endless = "{% for a in (1..1000000) %}{% for b in (1..1000000) %}{% endfor %}{% endfor %}"
    started = time.process_time()
    codes = [each.code for each in check(content_of(fields=one_field(endless)), KNOWN_IMAGES)]
    assert codes == ["text_too_costly"]
    assert time.process_time() - started < 1


def test_a_deep_overlay_does_not_exhaust_the_stack() -> None:
    deep: list[Any] = []
    for _ in range(sys.getrecursionlimit() // 2):
        deep = [deep]
    content = content_of().model_copy(update={"apple": {"userInfo": deep}})
    assert [each.code for each in check(content, KNOWN_IMAGES)] == ["overlay_too_large"]


# Ratios as WCAG's own and WebAIM's checkers give them, cut to two decimals.
RATIOS = [
    ("#000000", "#ffffff", 21.0),
    ("#ffffff", "#ffffff", 1.0),
    ("#777777", "#ffffff", 4.47),
    ("#767676", "#ffffff", 4.54),
    ("#595959", "#ffffff", 7.0),
    ("#ff0000", "#ffffff", 3.99),
    ("#00ff00", "#ffffff", 1.37),
    ("#0000ff", "#ffffff", 8.59),
    ("#ffff00", "#0000ff", 8.00),
    ("#ff0000", "#000000", 5.25),
]


@pytest.mark.parametrize(("one", "other", "ratio"), RATIOS)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert int(contrast(rgb(one), rgb(other)) * 100) / 100 == ratio
    assert contrast(rgb(one), rgb(other)) == contrast(rgb(other), rgb(one))


colours = st.tuples(*[st.integers(0, 255)] * 3)


@given(colours, colours, st.floats(0, 1))
def test_colours_mix_and_can_always_be_read(
    one: tuple[int, int, int], other: tuple[int, int, int], share: float
) -> None:
    assert 1 <= contrast(one, other) <= 21
    assert contrast(readable_on(one), one) >= 4.5
    assert rgb(hexadecimal(mix(one, other, share))) == mix(one, other, share)
    assert mix(one, other, 0) == one
    assert mix(one, other, 1) == other
