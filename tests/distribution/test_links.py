"""Join links, their QR codes and posters, over the API; what a scanner reads is what was meant."""

import io
import re
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest
import segno
from PIL import Image

from passerelle.kit.db import Database
from passerelle.privacy.holders import personal_data_gaps
from tests.conftest import Shop
from tests.distribution.shopfront import Shopfront

Rows = tuple[tuple[bool, ...], ...]


def meant(url: str) -> Rows:
    """The modules of the QR code of an address, by segno itself."""
    code = segno.make(url, error="m", micro=False, boost_error=False)
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)


async def make_link(staff: httpx.AsyncClient, front: Shopfront, **more: Any) -> dict[str, Any]:
    answer = await staff.post("/api/v1/links", json={"program_id": front.program["id"], "name": "Counter"} | more)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_a_program_comes_with_a_short_address(front: Shopfront) -> None:
    async with front.staff() as staff:
        [link] = (await staff.get("/api/v1/links")).json()["items"]
    assert link["is_default"] is True
    assert link["program_id"] == front.program["id"]
    assert re.fullmatch(r"http://testserver/j/[0-9a-z]{8}", link["url"])
    async with front.browser() as browser:
        page = await front.open(browser, link["url"])
    assert "Carte café" in page.html


async def test_links_of_places_and_campaigns_carry_their_origin(front: Shopfront) -> None:
    async with front.staff() as staff:
        place = (await staff.post("/api/v1/locations", json={"name": "Agdal"})).json()
        link = await make_link(staff, front, location_id=place["id"], utm_source=" poster\n", utm_campaign="automne")
        assert (link["utm_source"], link["utm_medium"], link["utm_campaign"]) == ("poster", None, "automne")
        assert (await staff.get(f"/api/v1/links/{link['id']}")).json() == link
        listed = (await staff.get("/api/v1/links", params={"limit": 1})).json()
        assert [each["id"] for each in listed["items"]] == [link["id"]]
        rest = (await staff.get("/api/v1/links", params={"cursor": listed["next"]})).json()["items"]
        assert [each["is_default"] for each in rest] == [True]
    async with front.browser() as browser:
        answer = await front.fill(browser, link["url"] + "?utm_campaign=hiver")
    assert answer.status_code == 303
    sql = "kind, location_id IS NOT NULL, utm_source, utm_campaign, join_link_id IS NOT NULL"
    assert await front.facts(sql) == [
        ("viewed", True, "poster", "hiver", True),
        ("joined", True, "poster", "hiver", True),
    ]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"program_id": "prg_01jz0000000000000000000000"}, 404, "program_not_found"),
        ({"location_id": "loc_01jz0000000000000000000000"}, 404, "location_not_found"),
        ({"name": "  "}, 422, "invalid_request"),
        ({"utm_source": 7}, 422, "invalid_request"),
        ({"colour": "red"}, 422, "invalid_request"),
    ],
)
async def test_what_is_no_link_is_refused(
    standing_front: Shopfront, change: dict[str, Any], status: int, code: str
) -> None:
    async with standing_front.staff() as staff:
        new = {"program_id": standing_front.program["id"], "name": "Counter"} | change
        answer = await staff.post("/api/v1/links", json=new)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_links_of_another_shop_are_not_found(standing_front: Shopfront, other_shop: Shop) -> None:
    front = standing_front
    async with front.staff() as staff:
        link = await make_link(staff, front)
        for path in (f"links/{link['id']}", f"links/{link['id']}/qr.svg", f"links/{link['id']}/poster.pdf"):
            answer = await staff.get(f"/api/v1/{path}", headers=other_shop.headers)
            assert (answer.status_code, answer.json()["code"]) == (404, "link_not_found")
        for path in ("qr.png", "poster.pdf", "funnel"):
            answer = await staff.get(f"/api/v1/programs/{front.program['id']}/{path}", headers=other_shop.headers)
            assert (answer.status_code, answer.json()["code"]) == (404, "program_not_found")
    async with front.browser() as nobody:
        assert (await nobody.get(f"/api/v1/links/{link['id']}/qr.svg")).status_code == 401


@pytest.mark.parametrize("pixels", [64, 512, 1_999])
async def test_the_png_is_the_address(standing_front: Shopfront, pixels: int) -> None:
    async with standing_front.staff() as staff:
        link = await make_link(staff, standing_front)
        answer = await staff.get(f"/api/v1/links/{link['id']}/qr.png", params={"size": pixels})
    assert answer.headers["content-type"] == "image/png"
    picture = Image.open(io.BytesIO(answer.content)).convert("L")
    rows = meant(link["url"])
    modules = len(rows) + 8
    scale = picture.width // modules
    assert picture.width == picture.height == scale * modules <= pixels
    seen = tuple(
        tuple(
            picture.getpixel(((x + 4) * scale + scale // 2, (y + 4) * scale + scale // 2)) == 0
            for x in range(len(rows))
        )
        for y in range(len(rows))
    )
    assert seen == rows
    assert all(picture.getpixel((x, 0)) == 255 for x in range(picture.width))


async def test_the_svg_is_the_address(standing_front: Shopfront) -> None:
    async with standing_front.staff() as staff:
        link = await make_link(staff, standing_front)
        answer = await staff.get(f"/api/v1/links/{link['id']}/qr.svg", params={"size": 300})
        [default] = [each for each in (await staff.get("/api/v1/links")).json()["items"] if each["is_default"]]
        own = await staff.get(f"/api/v1/programs/{standing_front.program['id']}/qr.svg")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert read_svg(answer.content) == meant(link["url"])
    assert read_svg(own.content) == meant(default["url"])


def read_svg(content: bytes, quiet: int = 4) -> Rows:
    """The modules of a picture, without its margin."""
    root = ET.fromstring(content)  # noqa: S314  our own
    size = int(root.attrib["viewBox"].split()[2])
    path = root[-1].attrib["d"]
    dark = {
        (int(x) + step, int(y))
        for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1", path)
        for step in range(int(length))
    }
    return tuple(tuple((x, y) in dark for x in range(quiet, size - quiet)) for y in range(quiet, size - quiet))


@pytest.mark.parametrize(("size", "kind"), [("63", "png"), ("2001", "png"), ("x", "svg"), ("512", "gif")])
async def test_pictures_have_limits(standing_front: Shopfront, size: str, kind: str) -> None:
    async with standing_front.staff() as staff:
        path = f"/api/v1/programs/{standing_front.program['id']}/qr.{kind}"
        assert (await staff.get(path, params={"size": size})).status_code == 422


@pytest.mark.parametrize("language", ["ar", None])
async def test_the_poster_is_one_a4_page(standing_front: Shopfront, language: str | None) -> None:
    async with standing_front.staff() as staff:
        path = f"/api/v1/programs/{standing_front.program['id']}/poster.pdf"
        answer = await staff.get(path, params={"lang": language} if language else None)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert len(answer.content) < 100_000
    assert len(re.findall(rb"/Type /Page\b", answer.content)) == 1
    [(width, height)] = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", answer.content)
    assert (round(float(width)), round(float(height))) == (595, 842)
    assert f"/Lang ({language or 'en'})".encode() in answer.content
    assert b"Cairo" in answer.content


async def test_a_person_s_links_are_exported_and_forgotten(front: Shopfront, database: Database) -> None:
    from passerelle.distribution import personal_data  # noqa: PLC0415  the holder under test

    path = await front.join()
    async with database.transaction(front.shop.organization_id) as tx:
        customer_id = await tx.fetchval("SELECT id FROM customers")
        exported = await personal_data.export(tx, customer_id)
        assert [link["origin"] for link in exported["card_links"]] == ["form"]
        assert path.removeprefix("/c/") not in str(exported)
        gaps = await personal_data_gaps(tx, [personal_data])
        assert not gaps.unknown
        assert "smart_links" not in gaps.unclaimed
        facts = await tx.fetchval("SELECT count(*) FROM link_facts")
        await personal_data.erase(tx, customer_id)
        await personal_data.erase(tx, customer_id)
        assert await tx.fetchval("SELECT count(*) FROM smart_links") == 0
        assert await tx.fetchval("SELECT count(*) FROM link_facts") == facts
    async with front.browser() as browser:
        assert (await browser.get(path)).status_code == 404


async def test_the_same_key_makes_one_link(front: Shopfront) -> None:
    async with front.staff() as staff:
        headers = {"Idempotency-Key": "one"}
        new = {"program_id": front.program["id"], "name": "Counter"}
        first = await staff.post("/api/v1/links", json=new, headers=headers)
        second = await staff.post("/api/v1/links", json=new, headers=headers)
    assert first.json() == second.json()
    assert (await front.counts())["join_links"] == 2
