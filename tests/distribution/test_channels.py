"""Links that are changed, counted and shown on other sites; codes in the merchant's colours."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from PIL import Image

from passerelle.distribution import qr
from passerelle.distribution.rules import site_origin
from passerelle.kit import clock
from tests.conftest import Shop
from tests.distribution.conftest import Wallets
from tests.distribution.shopfront import DESKTOP, IPHONE, Shopfront
from tests.distribution.test_links import make_link, read_svg


async def change(front: Shopfront, link: dict[str, Any], **fields: Any) -> dict[str, Any]:
    async with front.staff() as staff:
        answer = await staff.patch(f"/api/v1/links/{link['id']}", json=fields)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_link_is_renamed_moved_archived_and_brought_back(front: Shopfront) -> None:
    async with front.staff() as staff:
        place = (await staff.post("/api/v1/locations", json={"name": "Agdal"})).json()
        link = await make_link(staff, front, utm_source="flyer", utm_medium=None)
    changed = await change(
        front, link, name="Window", location_id=place["id"], utm_source=None, utm_campaign="spring"
    )
    assert (changed["name"], changed["location_id"]) == ("Window", place["id"])
    assert (changed["utm_source"], changed["utm_campaign"]) == (None, "spring")
    assert (await change(front, link, name=None))["name"] == "Window"
    archived = await change(front, link, archived=True)
    assert archived["archived_at"] is not None
    assert (await change(front, link, archived=True))["archived_at"] == archived["archived_at"]
    async with front.staff() as staff:
        in_use = (await staff.get("/api/v1/links")).json()["items"]
        put_away = (await staff.get("/api/v1/links", params={"archived": True})).json()["items"]
        there = (await staff.get("/api/v1/links", params={"location_id": place["id"], "archived": True})).json()
    assert [each["is_default"] for each in in_use] == [True]
    assert [each["id"] for each in put_away] == [each["id"] for each in there["items"]] == [link["id"]]
    async with front.browser() as browser:
        assert (await browser.get(link["url"])).status_code == 410
        await change(front, link, archived=False)
        assert (await browser.get(link["url"])).status_code == 200


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"archived": True}, 409, "default_link_stays"),
        ({"location_id": "loc_01jz0000000000000000000000"}, 404, "location_not_found"),
        ({"program_id": "prg_01jz0000000000000000000000"}, 422, "invalid_request"),
        ({"embed_origins": ["http://cafe.example"]}, 422, "invalid_request"),
        ({"embed_origins": ["https://cafe.example"] * 21}, 422, "invalid_request"),
        ({"utm_source": "x" * 500, "name": ""}, 422, "invalid_request"),
    ],
)
async def test_what_cannot_be_changed_is_refused(
    standing_front: Shopfront, fields: dict[str, Any], status: int, code: str
) -> None:
    async with standing_front.staff() as staff:
        links = (await staff.get("/api/v1/links", params={"limit": 200})).json()["items"]
        default = next(link for link in links if link["is_default"])
        answer = await staff.patch(f"/api/v1/links/{default['id']}", json=fields)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert (await staff.get(f"/api/v1/links/{default['id']}")).json() == default


async def test_figures_are_of_one_link_and_one_period(wallets: Wallets) -> None:
    front, stage = wallets.front, wallets.stage
    base = str(stage.settings.base_url).rstrip("/")
    async with front.staff() as staff:
        link, other = await make_link(staff, front), await make_link(staff, front)
    path = link["url"].removeprefix(base)
    with clock.frozen(datetime(2026, 11, 1, 12, tzinfo=UTC)):
        async with front.browser(DESKTOP) as browser:
            await browser.get(path)
        card = await front.join(IPHONE, path, phone="+33698000077")
        async with front.browser(IPHONE) as browser:
            assert (await browser.get(card)).headers["content-type"] == "application/vnd.apple.pkpass"
    async with front.staff() as staff:
        asked = {"link_id": [link["id"], other["id"]], "from": "2026-11-01", "to": "2026-11-02"}
        found = (await staff.get("/api/v1/link-figures", params=asked)).json()
        before = (
            await staff.get("/api/v1/link-figures", params=asked | {"from": "2026-10-01", "to": "2026-11-01"})
        ).json()
        refused = await staff.get("/api/v1/link-figures", params=asked | {"to": "2026-11-01"})
    assert [row["link_id"] for row in found["items"]] == [link["id"], other["id"]]
    assert {name: found["items"][0][name] for name in ("viewed", "joined", "tapped", "added", "removed")} == {
        "viewed": 2,
        "joined": 1,
        "tapped": 1,
        "added": 0,
        "removed": 0,
    }
    for row in (found["items"][1], *before["items"]):
        assert {value for name, value in row.items() if name != "link_id"} == {0}
    assert (refused.status_code, refused.json()["code"]) == (422, "period_too_long")


async def test_figures_tell_wallets_apart(front: Shopfront) -> None:
    async with front.staff() as staff:
        link = await make_link(staff, front)
    await front.join(IPHONE, link["url"])
    async with front.database.transaction(front.shop.organization_id) as tx:
        for wallet in ("apple", "google", "google"):
            await tx.execute(
                "INSERT INTO link_facts (organization_id, id, kind, via, occurred_at, program_id, platform, pass_id, "
                "join_link_id, wallet) SELECT organization_id, gen_random_uuid(), 'added', 'wallet', occurred_at, "
                "program_id, platform, pass_id, join_link_id, $2 FROM link_facts WHERE organization_id = $1 "
                "AND kind = 'joined'",
                tx.organization_id,
                wallet,
            )
    async with front.staff() as staff:
        [row] = (await staff.get("/api/v1/link-figures", params={"link_id": link["id"]})).json()["items"]
    assert (row["added"], row["added_apple"], row["added_google"]) == (1, 1, 1)


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("https://cafe.example", "https://cafe.example"),
        (" HTTPS://Cafe.Example:8443/ ", "https://cafe.example:8443"),
        ("http://localhost:3000", "http://localhost:3000"),
    ],
)
def test_sites_are_known_by_their_origin(typed: str, origin: str) -> None:
    assert site_origin(typed) == origin


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "",
            "*",
            "https://*",
            "https://*.example",
            "cafe.example",
            "https://cafe.example/menu",
            "http://cafe.example",
        ),
        *(
            "https://a.example; script-src *",
            "https://a.example https://b.example",
            "https://'self'",
            "data:",
            "null",
        ),
    ],
)
def test_what_is_no_site_never_reaches_the_policy(typed: str) -> None:
    with pytest.raises(ValueError, match="https"):
        site_origin(typed)


async def test_only_named_sites_may_frame_the_form(front: Shopfront) -> None:
    async with front.staff() as staff:
        link = await make_link(staff, front)
    async with front.browser() as browser:
        closed = await browser.get(link["embed_url"])
        assert closed.headers["content-security-policy"].endswith("frame-ancestors 'self'")
        await change(front, link, embed_origins=["https://cafe.example", "https://www.cafe.example"])
        framed = await browser.get(link["embed_url"])
        assert framed.headers["content-security-policy"].endswith(
            "frame-ancestors 'self' https://cafe.example https://www.cafe.example"
        )
        for path in (link["url"], front.path, link["url"] + "/member"):
            alone = await browser.get(path)
            assert alone.headers["content-security-policy"].endswith("frame-ancestors 'none'")


async def test_a_framed_form_ends_on_a_page_that_leads_to_the_card(front: Shopfront) -> None:
    async with front.staff() as staff:
        link = await make_link(staff, front, embed_origins=["https://cafe.example"])
    async with front.browser() as browser:
        page = await front.open(browser, link["embed_url"] + "?background=0b3d2e&foreground=ffffff")
        assert "--brand:#0b3d2e" in page.html
        answer = await front.send(browser, page)
        assert answer.status_code == 200
        assert answer.headers["content-security-policy"].endswith("frame-ancestors 'self' https://cafe.example")
        assert "set-cookie" not in answer.headers
        assert 'target="_blank"' in answer.text
        assert "/c/c_" in answer.text
    counts = await front.counts()
    assert (counts["customers"], counts["smart_links"]) == (1, 1)


async def test_the_form_tells_its_height_to_a_named_site_alone(front: Shopfront) -> None:
    async with front.staff() as staff:
        link = await make_link(staff, front, embed_origins=["https://cafe.example"])
    async with front.browser() as browser:
        for site in ("https://evil.example", "*", "null", "https://cafe.example.evil.example", "</script><script>"):
            silent = await browser.get(link["embed_url"], params={"origin": site})
            assert "postMessage" not in silent.text
            assert "script-src" not in silent.headers["content-security-policy"]
        telling = await browser.get(link["embed_url"], params={"origin": "https://cafe.example"})
        assert '}, "https://cafe.example");' in telling.text
        assert 'let what = "shown";' in telling.text
        page = await front.open(browser, link["embed_url"] + "?origin=https%3A%2F%2Fcafe.example")
        done = await front.send(browser, page)
        assert 'let what = "joined";' in done.text


async def test_a_program_is_framed_by_the_rules_of_its_own_link(front: Shopfront) -> None:
    async with front.staff() as staff, front.browser() as browser:
        [own] = [each for each in (await staff.get("/api/v1/links")).json()["items"] if each["is_default"]]
        await staff.patch(f"/api/v1/links/{own['id']}", json={"embed_origins": ["https://cafe.example"]})
        framed = await browser.get(f"{front.path}/embed")
        assert framed.headers["content-security-policy"].endswith("frame-ancestors 'self' https://cafe.example")
        done = await front.send(browser, await front.open(browser, f"{front.path}/embed"))
        assert done.status_code == 200
        [figures] = (await staff.get("/api/v1/link-figures", params={"link_id": own["id"]})).json()["items"]
    assert (figures["viewed"], figures["joined"]) == (2, 1)


async def test_the_script_is_small_and_for_every_site(front: Shopfront) -> None:
    async with front.browser() as browser:
        script = await browser.get("/embed.js")
        assert script.headers["content-type"] == "text/javascript; charset=utf-8"
        assert script.headers["cross-origin-resource-policy"] == "cross-origin"
        assert len(script.content) < 3_000
        again = await browser.get("/embed.js", headers={"If-None-Match": script.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


async def test_the_try_out_is_not_counted(front: Shopfront) -> None:
    async with front.staff() as staff:
        link = await make_link(staff, front)
    async with front.browser(**{"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "same-origin"}) as dashboard:
        await front.open(dashboard, link["embed_url"])
    assert await front.facts() == []
    async with front.browser(**{"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site"}) as site:
        await front.open(site, link["embed_url"])
    assert await front.facts() == ["viewed"]


async def test_a_code_has_the_colours_the_margin_and_the_level_that_were_asked_for(standing_front: Shopfront) -> None:
    look: dict[str, Any] = {"size": 600, "quiet": 2, "error": "h", "dark": "#0b3d2e", "light": "#f8f1e7"}
    async with standing_front.staff() as staff:
        link = await make_link(staff, standing_front)
        svg = await staff.get(f"/api/v1/links/{link['id']}/qr.svg", params=look)
        png = await staff.get(f"/api/v1/links/{link['id']}/qr.png", params=look)
    rows = qr.matrix(link["url"], error="h")
    assert read_svg(svg.content, quiet=2) == rows
    assert b'fill="#0b3d2e"' in svg.content
    assert b'fill="#f8f1e7"' in svg.content
    picture = Image.open(io.BytesIO(png.content)).convert("RGB")
    scale = picture.width // (len(rows) + 4)
    assert picture.getpixel((0, 0)) == (0xF8, 0xF1, 0xE7)
    assert picture.getpixel((2 * scale, 2 * scale)) == (0x0B, 0x3D, 0x2E)


@pytest.mark.parametrize(
    "look", [{"quiet": 21}, {"quiet": -1}, {"error": "x"}, {"dark": "black"}, {"light": "#fff"}, {"shape": "round"}]
)
async def test_looks_have_limits(standing_front: Shopfront, look: dict[str, Any]) -> None:
    async with standing_front.staff() as staff:
        path = f"/api/v1/programs/{standing_front.program['id']}/qr.svg"
        assert (await staff.get(path, params=look)).status_code == 422


def test_a_logo_hides_less_than_its_level_restores() -> None:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "#d33").save(out, "PNG")
    text, style = "https://cards.example/j/k3v9d2qa", qr.Style(pixels=900, error="m", logo=out.getvalue())
    rows = qr.matrix(text, error="q")
    picture = Image.open(io.BytesIO(qr.png(text, style))).convert("1")
    scale = picture.width // (len(rows) + 8)
    wrong = sum(
        (picture.getpixel(((x + 4) * scale + scale // 2, (y + 4) * scale + scale // 2)) == 0) != dark
        for y, row in enumerate(rows)
        for x, dark in enumerate(row)
    )
    assert 0 < wrong < 0.06 * len(rows) ** 2
    assert b"<image" in qr.svg(text, style)


async def test_channels_of_another_shop_are_not_found(standing_front: Shopfront, other_shop: Shop) -> None:
    async with standing_front.staff() as staff:
        link = await make_link(staff, standing_front)
        path = f"/api/v1/links/{link['id']}"
        assert (await staff.patch(path, json={"name": "x"}, headers=other_shop.headers)).status_code == 404
        assert (await staff.get(f"{path}/poster", headers=other_shop.headers)).status_code == 404
        assert (await staff.put(f"{path}/poster", json={}, headers=other_shop.headers)).status_code == 404
        figures = await staff.get("/api/v1/link-figures", params={"link_id": link["id"]}, headers=other_shop.headers)
    assert figures.json()["items"] == []
