"""Posters on every paper: their boxes, their code, their words, and what keeps them from being drawn."""

import io
import re
import zlib
from dataclasses import replace
from typing import Any, get_args

import pytest
from PIL import Image

from passerelle.distribution import qr
from passerelle.distribution.posters.drawing import PAPERS, draw
from passerelle.distribution.posters.parts import Poster
from passerelle.distribution.posters.schemas import SIZES, PosterFormat, PosterSize
from tests.distribution.shopfront import Shopfront
from tests.distribution.test_links import make_link

POSTER = Poster(
    url="https://cards.example/j/k3v9d2qa",
    typed="cards.example/j/k3v9d2qa",
    language="ar",
    is_rtl=True,
    organization="Café Central",
    headline="بطاقة القهوة",
    text="قهوة مجانية عند جمع 10 طوابع",
    call="امسح الرمز",
    steps=("واحد", "اثنان", "ثلاثة"),
    or_type="أو اكتب:",
    place="أكدال",
    stamps=10,
    brand="#5b3a29",
    on_brand="#ffffff",
    soft_on_brand="#f2d9c2",
    accent="#5b3a29",
)
MM = 25.4 / 72


def logo() -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (300, 100), "#dd3333").save(out, "PNG")
    return out.getvalue()


def boxes(pdf: bytes) -> list[tuple[int, int]]:
    """The pages' sizes in millimetres."""
    found = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    return [(round(float(width) * MM), round(float(height) * MM)) for width, height in found]


def codes_in(pdf: bytes, modules: int) -> list[tuple[tuple[bool, ...], ...]]:
    """The QR codes of a page, each from its own rectangles, as they lie in their own space."""
    streams = []
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            streams.append(zlib.decompress(found[1]))
        except zlib.error:
            continue
    page = max((stream for stream in streams if b" re" in stream), key=lambda stream: stream.count(b" re"))
    filled = re.findall(rb"([\d.-]+) ([\d.-]+) ([\d.-]+) (-?[\d.-]+) re f", page)
    heights = [abs(float(height)) for *_, height in filled]
    module = sorted(heights)[len(heights) // 2]
    runs = [tuple(map(float, run)) for run in filled if abs(abs(float(run[3])) - module) < module * 0.05]
    count = round(sum(run[2] for run in runs) / module)
    faces = round(count / sum(map(sum, qr.matrix(POSTER.url))))
    size = len(runs) // max(faces, 1)
    return [_rows(runs[start : start + size], modules) for start in range(0, len(runs), max(size, 1))]


def _rows(runs: list[Any], modules: int) -> tuple[tuple[bool, ...], ...]:
    left, top = min(run[0] for run in runs), max(run[1] for run in runs)
    pitch = (max(run[0] + run[2] for run in runs) - left) / modules
    dark = {
        (round((x - left) / pitch) + step, round((top - y) / pitch))
        for x, y, width, _ in runs
        for step in range(round(width / pitch))
    }
    return tuple(tuple((x, y) in dark for x in range(modules)) for y in range(modules))


@pytest.mark.parametrize("size", SIZES)
def test_every_paper_has_its_box_and_the_code_of_the_address(size: PosterSize) -> None:
    rows = qr.matrix(POSTER.url)
    pdf = draw(POSTER, size, "pdf")
    paper = PAPERS[size]
    assert boxes(pdf) == [(paper.width, paper.height)]
    assert codes_in(pdf, len(rows)) == [rows] * (2 if size == "tent" else 1)
    assert b"Cairo" in pdf
    assert len(pdf) < 100_000


@pytest.mark.parametrize("size", SIZES)
def test_the_preview_is_the_print(size: PosterSize) -> None:
    """The same shapes in the same places: the picture has a rectangle for each of the print's."""
    svg = draw(POSTER, size, "svg").decode()
    paper = PAPERS[size]
    assert f'viewBox="0 0 {paper.width:g} {paper.height:g}"' in svg
    rows = qr.matrix(POSTER.url)
    runs = sum(1 for row in rows for x, dark in enumerate(row) if dark and (x == 0 or not row[x - 1])) * (
        2 if paper.folded else 1
    )
    assert svg.count('fill="#000000"/>') == runs
    assert "<text" not in svg


def test_print_shops_get_bleed_and_marks() -> None:
    pdf = draw(POSTER, "card", "pdf", crop_marks=True)
    assert boxes(pdf) == [(85 + 24, 55 + 24)]
    assert "109" not in draw(POSTER, "card", "svg", crop_marks=True).decode().split("viewBox")[1][:20]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "text", ["x" * 100, "Un nom vraiment très long " * 4, "🥐 Café 咖啡", "كلمة " * 20, "Café قهوة Central", ""]
)
def test_a_poster_takes_any_text(text: str, size: PosterSize) -> None:
    words: dict[str, Any] = {
        "organization": text,
        "headline": text,
        "text": text,
        "place": text,
        "call": text,
        "or_type": text,
    }
    poster = replace(POSTER, **words, steps=(text, text, text), is_rtl="ك" in text)
    for kind in get_args(PosterFormat):
        assert draw(poster, size, kind)
        assert draw(replace(poster, logo=logo(), logo_ratio=3.0, steps=(), stamps=0), size, kind)


async def test_a_design_is_kept_and_drawn(front: Shopfront) -> None:
    async with front.staff() as staff:
        link = await make_link(staff, front)
        path = f"/api/v1/links/{link['id']}/poster"
        opened = (await staff.get(path)).json()
        assert opened["words"]["fr"]["headline"] == "Carte café"
        assert opened["words"]["ar"]["text"].startswith("قهوة مجانية")
        assert (opened["background"], opened["has_logo"]) == ("#5b3a29", False)
        design = {"size": "a5", "lang": "fr", "headline": "  Un café\noffert ", "text": "", "background": "#0b3d2e"}
        kept = (await staff.put(path, json=design)).json()["design"]
        assert (kept["headline"], kept["text"], kept["size"]) == ("Un café offert", None, "a5")
        drawn = await staff.get(f"{path}.pdf")
        assert boxes(drawn.content) == [(148, 210)]
        assert b"/Lang (fr)" in drawn.content
        tried = await staff.get(f"{path}.svg", params={"size": "card", "background": ""})
        assert tried.headers["content-type"].startswith("image/svg+xml")
        assert b'viewBox="0 0 85 55"' in tried.content
        assert b"#5b3a29" in tried.content
        assert (await staff.get(path)).json()["design"] == kept
        assert boxes((await staff.get(f"/api/v1/programs/{front.program['id']}/poster.pdf")).content) == [(210, 297)]


@pytest.mark.parametrize(
    "design",
    [
        {"size": "a3"},
        {"headline": "x" * 81},
        {"background": "red"},
        {"lang": "de"},
        {"crop_marks": "maybe"},
        {"x": 1},
    ],
)
async def test_what_is_no_design_is_refused(standing_front: Shopfront, design: dict[str, Any]) -> None:
    async with standing_front.staff() as staff:
        link = await make_link(staff, standing_front)
        path = f"/api/v1/links/{link['id']}/poster"
        assert (await staff.put(path, json=design)).status_code == 422
        assert (await staff.get(f"{path}.svg", params=design)).status_code == 422
        assert (await staff.get(f"{path}.png")).status_code == 422


async def test_the_logo_stands_on_the_poster(front: Shopfront) -> None:
    async with front.staff() as staff:
        image = await staff.post("/api/v1/images", content=logo(), headers={"Content-Type": "image/png"})
        assert image.status_code == 201, image.text
        digest = re.search(r"([0-9a-f]{64})\.png$", image.json()["url"])
        assert digest
        brand = {"background": "#0b3d2e", "foreground": "#ffffff", "label": "#ffffff", "logo": digest[1]}
        assert (await staff.patch("/api/v1/organization", json={"brand": brand})).status_code == 200
        link = await make_link(staff, front)
        path = f"/api/v1/links/{link['id']}"
        assert b"data:image/png" in (await staff.get(f"{path}/poster.svg")).content
        assert b"data:image/png" not in (await staff.get(f"{path}/poster.svg", params={"show_logo": "false"})).content
        assert b"<image" in (await staff.get(f"{path}/qr.svg", params={"logo": "true"})).content
