"""Drawn pictures, looked at pixel by pixel."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from passerelle.templates.artwork import draw_icon, draw_logo, initial_of
from passerelle.templates.colours import rgb
from passerelle.templates.files import is_for_google
from passerelle.templates.strips import HERO_PIXELS, StampStyle, draw_hero, draw_strip, rows_of
from tests.templates.conftest import compiled_of, content_of, designed, png

GROUND, FILLED, EMPTY = rgb("#5b3a29"), rgb("#ffffff"), rgb("#f2d9c2")
DISCS = StampStyle(GROUND, FILLED, EMPTY, "circle")


def opened(data: bytes) -> Image.Image:
    """The pixels of a PNG."""
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.format == "PNG"
        return picture.convert("RGB")


def filled_pixels(count: int, goal: int) -> int:
    """How many pixels have the colour of a filled stamp."""
    return sum(pixel == FILLED for pixel in opened(draw_strip(count, goal, DISCS, 1)).get_flattened_data())


@pytest.mark.parametrize("scale", [1, 2, 3])
def test_a_strip_has_apples_size_at_every_scale(scale: int) -> None:
    data = draw_strip(7, 10, StampStyle(GROUND, FILLED, EMPTY, "cup"), scale)
    picture = opened(data)
    assert picture.size == (375 * scale, 144 * scale)
    corners = [(0, 0), (picture.width - 1, 0), (0, picture.height - 1), (picture.width - 1, picture.height - 1)]
    assert {picture.getpixel(corner) for corner in corners} == {GROUND}
    assert len(data) < 20_000


def test_the_hero_has_googles_size() -> None:
    data = draw_hero(3, 10, DISCS)
    assert opened(data).size == HERO_PIXELS
    assert len(data) < 20_000


@pytest.mark.parametrize("goal", [1, 2, 5, 6, 7, 10, 12, 20, 30])
def test_each_stamp_fills_as_much_more(goal: int) -> None:
    areas = [filled_pixels(count, goal) for count in range(goal)]
    steps = {areas[count + 1] - areas[count] for count in range(goal - 1)}
    assert areas[0] == 0
    assert all(step > 0 for step in steps)
    assert not steps or max(steps) - min(steps) <= 2
    assert filled_pixels(goal, goal) > areas[-1]


def test_stamps_fill_from_the_first_on() -> None:
    picture = opened(draw_strip(1, 5, DISCS, 2))
    middle = picture.height // 2
    bright = [x for x in range(picture.width) if picture.getpixel((x, middle)) == FILLED]
    assert bright
    assert max(bright) < picture.width // 5


def test_the_reward_looks_different() -> None:
    cups = StampStyle(GROUND, FILLED, EMPTY, "cup")
    picture = opened(draw_strip(0, 2, cups, 2))
    half = picture.width // 2
    left, right = picture.crop((0, 0, half, picture.height)), picture.crop((half, 0, picture.width, picture.height))
    assert left.tobytes() != right.tobytes()


def test_own_stamps_take_the_place_of_drawn_ones() -> None:
    own = StampStyle(GROUND, FILLED, EMPTY, "circle", png(200, 200, "#dc1e3c"))
    picture = opened(draw_strip(1, 2, own, 2))
    pixels = set(picture.get_flattened_data())
    assert rgb("#dc1e3c") in pixels
    assert FILLED not in pixels


@given(st.integers(1, 30))
def test_rows_hold_all_stamps_evenly(goal: int) -> None:
    rows = rows_of(goal)
    assert sum(rows) == goal
    assert rows == sorted(rows, reverse=True)
    assert max(rows) - min(rows) <= 1
    assert len(rows) == 1 or goal > 6


@settings(max_examples=15, deadline=None)
@given(st.integers(-5, 40), st.integers(1, 30), st.sampled_from(["cup", "star", "heart", "circle", "check"]))
def test_any_count_can_be_drawn(count: int, goal: int, mark: str) -> None:
    style = StampStyle(EMPTY, EMPTY, EMPTY, mark)  # type: ignore[arg-type]  # sampled from the marks
    assert opened(draw_strip(count, goal, style, 1)).size == (375, 144)


INITIALS = [
    ("Café Central", "C"),
    ("école", "É"),
    ("المقهى الكبير", "م"),
    ("  «Zwei»", "Z"),
    ("1001 Nuits", "1"),
    ("咖啡", "咖"),
    ("ßtraße", "S"),
    ("!!!", ""),
    ("", ""),
]


@pytest.mark.parametrize(("name", "initial"), INITIALS)
def test_artwork_is_made_for_every_name(name: str, initial: str) -> None:
    assert initial_of(name) == initial
    icon, logo = opened(draw_icon(name, GROUND, FILLED)), opened(draw_logo(name, GROUND, FILLED))
    assert icon.size == (660, 660)
    assert icon.getpixel((0, 0)) == GROUND
    drawn = [pixel == FILLED for pixel in icon.get_flattened_data()]
    assert 0.01 < sum(drawn) / len(drawn) < 0.4
    assert logo.size == (300, 300)


def test_different_initials_are_different_icons() -> None:
    letters = [draw_icon(name, GROUND, FILLED) for name in ("Amandine", "Bérénice", "Chloé")]
    assert len(set(letters)) == 3


def test_an_icon_can_be_read_whatever_the_colours() -> None:
    pixels = set(opened(draw_icon("A", GROUND, GROUND)).get_flattened_data())
    assert (255, 255, 255) in pixels


def test_the_files_of_a_stamp_card() -> None:
    compiled = compiled_of(designed("stamps", goal=2), drawn=True)
    strips = {f"strip-{count}{scale}.png" for count in range(3) for scale in ("", "@2x", "@3x")}
    assert set(compiled.files) == {"icon.png", "icon@2x.png", "icon@3x.png"} | strips
    google = {name for name in compiled.digests if is_for_google(name)}
    assert google == {"hero-0.png", "hero-1.png", "hero-2.png", "square-logo.png"}
    assert opened(compiled.files["icon@3x.png"]).size == (114, 114)


def test_a_card_without_stamps_has_no_strips() -> None:
    assert set(compiled_of(content_of(), drawn=True).files) == {"icon.png", "icon@2x.png", "icon@3x.png"}
