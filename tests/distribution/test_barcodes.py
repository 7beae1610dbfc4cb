"""The codes of drawn cards: each kind that a design may ask for, read back from what the page draws."""

import re
import zlib
from typing import get_args

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from passerelle.templates.schemas import Barcode
from tests.distribution.shopfront import DESKTOP, Shopfront, code_behind

_BAR = re.compile(r"M(\d+) (\d+)h(\d+)v(\d+)H\d+z")
_CODE = re.compile(r'<svg viewBox="0 0 \d+ \d+" role="img".*?</svg>')
_PIXELS = 4
_KINDS = {"qr": "QRCode", "pdf417": "PDF417", "aztec": "Aztec", "code128": "Code128"}


def _scan(svg: str) -> list[tuple[str, str]]:
    """What a till reads of a drawn code: its kind and its message."""
    found = re.search(r'viewBox="0 0 (\d+) (\d+)"', svg)
    assert found is not None
    width, height = int(found[1]), int(found[2])
    picture = Image.new("L", ((width + 20) * _PIXELS, (height + 20) * _PIXELS), 255)
    pen = ImageDraw.Draw(picture)
    for x, y, w, h in (tuple(map(int, bar)) for bar in _BAR.findall(svg)):
        left, top = (x + 10) * _PIXELS, (y + 10) * _PIXELS
        pen.rectangle((left, top, left + w * _PIXELS - 1, top + h * _PIXELS - 1), fill=0)
    return [(str(one.format).replace(" ", ""), one.text) for one in zxingcpp.read_barcodes(picture)]


def test_every_kind_of_a_design_is_drawn() -> None:
    assert set(get_args(Barcode.model_fields["format"].annotation)) == _KINDS.keys()


@pytest.mark.parametrize(
    ("kind", "message", "drawn"),
    [
        ("qr", "{{ pass.code }}", "QRCode"),
        ("pdf417", "{{ pass.code }}", "PDF417"),
        ("aztec", "{{ pass.code }}", "Aztec"),
        ("code128", "{{ pass.code }}", "Code128"),
        ("pdf417", "https://example.com/?a=1&b=<2>", "PDF417"),
        ("code128", "قهوة", "QRCode"),  # no bars for it: better another kind than none
    ],
)
async def test_the_page_draws_what_the_design_says(
    standing_front: Shopfront, kind: str, message: str, drawn: str
) -> None:
    versions = f"/api/v1/templates/{standing_front.program['template_id']}/versions"
    async with standing_front.staff() as staff:
        newest = (await staff.get(versions, params={"limit": 1})).json()["items"][0]["version"]
        content = (await staff.get(f"{versions}/{newest}")).json()["content"]
        content["barcode"] = {"format": kind, "message": message, "alt_text": ""}
        saved = await staff.post(versions, json={"content": content})
        assert saved.status_code == 201, saved.text
        await staff.post(f"{versions}/{saved.json()['version']}/publish")
    phone = f"+3361{zlib.crc32(f'{kind} {message}'.encode()) % 10_000_000:07}"
    path = await standing_front.join(phone=phone)
    async with standing_front.browser(DESKTOP) as browser:
        page = (await browser.get(path)).text
    codes = _CODE.findall(page)
    assert len(set(codes)) == 1
    code = await code_behind(standing_front, path)
    assert _scan(codes[0]) == [(drawn, code if message.startswith("{{") else message)]
    assert ("scan wide" in page) == (drawn in {"PDF417", "Code128"})
