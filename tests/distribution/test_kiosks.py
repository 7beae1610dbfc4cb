"""The tablet in the store: opened, used by one person after the other, given another address, closed."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from passerelle.kit import clock
from tests.conftest import Shop
from tests.distribution.shopfront import Page, Shopfront

Json = dict[str, Any]


@pytest_asyncio.fixture
async def kiosk(front: Shopfront) -> AsyncIterator[Json]:
    async with front.staff() as staff:
        new = {"name": "Till", "program_id": front.program["id"], "language": "ar"}
        made = await staff.post("/api/v1/kiosks", json=new)
    assert made.status_code == 201, made.text
    yield made.json()


async def test_a_tablet_invites_in_its_language(front: Shopfront, kiosk: Json) -> None:
    async with front.browser(language="en") as tablet:
        invited = await front.open(tablet, kiosk["url"])
        assert '<html lang="ar" dir="rtl">' in invited.html
        assert 'data-kind="invite"' in invited.html
        english = await tablet.get(kiosk["url"], params={"lang": "en"})
        assert "Fill in here" in english.text
        policy = english.headers["content-security-policy"]
        assert re.search(r"script-src 'nonce-[\w-]+'; connect-src 'self'; manifest-src 'self'", policy)
        assert policy.endswith("frame-ancestors 'none'")
        manifest = (await tablet.get(f"{kiosk['url']}/manifest.webmanifest")).json()
        assert (manifest["display"], manifest["start_url"]) == (
            "fullscreen",
            kiosk["url"].removeprefix(front.base_url),
        )
        assert (await tablet.get(f"{kiosk['url']}/icon.svg")).headers["content-type"] == "image/svg+xml"
    assert await front.facts() == []  # nobody has been there yet


async def test_one_after_the_other_joins_and_nothing_stays(front: Shopfront, kiosk: Json) -> None:
    async with front.browser() as tablet:
        for name, phone in (("Lina", "06 12 34 56 78"), ("Sami", "06 12 34 56 79")):
            page = await front.open(tablet, f"{kiosk['url']}/form?lang=fr")
            assert 'autocomplete="tel"' not in page.html
            answer = await front.send(tablet, page, name=name, phone=phone)
            assert answer.status_code == 200
            assert 'data-kind="card"' in answer.text
            assert answer.headers["cache-control"] == "no-store"
            assert phone not in answer.text
            assert not tablet.cookies
    counts = await front.counts()
    assert (counts["customers"], counts["passes"], counts["smart_links"]) == (2, 2, 2)
    rows = await front.facts("kind, utm_source, join_link_id IS NOT NULL")
    assert [row for row in rows if row[0] == "joined"] == [("joined", "kiosk", True)] * 2
    async with front.staff() as staff:
        [row] = (await staff.get("/api/v1/link-figures", params={"link_id": kiosk["link_id"]})).json()["items"]
    assert (row["viewed"], row["joined"]) == (2, 2)


async def test_faults_stand_at_their_fields(front: Shopfront, kiosk: Json) -> None:
    async with front.browser() as tablet:
        page = await front.open(tablet, f"{kiosk['url']}/form?lang=en")
        answer = await front.send(tablet, page, phone="12")
        assert answer.status_code == 422
        shown = Page(answer.text, str(answer.url))
        assert shown.fields["name"] == "Lina"
        assert shown.find("input", id="phone")["aria-invalid"] == "true"
        assert 'data-kind="form"' in answer.text


async def test_the_tablet_shows_nobody_s_card_to_who_knows_the_number(front: Shopfront, kiosk: Json) -> None:
    async with front.browser() as tablet:
        first = await front.send(tablet, await front.open(tablet, f"{kiosk['url']}/form?lang=en"))
        assert 'data-kind="card"' in first.text
        second = await front.send(tablet, await front.open(tablet, f"{kiosk['url']}/form?lang=en"))
    assert 'data-kind="notice"' in second.text
    assert "We know this number already" in second.text
    assert "/c/c_" not in second.text


async def test_a_form_cannot_be_sent_again_by_the_next_person(front: Shopfront, kiosk: Json) -> None:
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    async with front.browser() as tablet:
        with clock.frozen(noon):
            page = await front.open(tablet, f"{kiosk['url']}/form?lang=en")
            assert 'data-kind="card"' in (await front.send(tablet, page)).text
        with clock.frozen(noon + timedelta(minutes=11)):
            again = await front.send(tablet, page)
    assert again.status_code == 422
    assert "/c/c_" not in again.text


async def test_the_dashboard_sees_when_a_tablet_called(front: Shopfront, kiosk: Json) -> None:
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    async with front.browser() as tablet, front.staff() as staff:
        assert (await staff.get("/api/v1/kiosks")).json()["items"][0]["seen_at"] is None
        for later in (timedelta(0), timedelta(seconds=30), timedelta(minutes=2)):
            with clock.frozen(noon + later):
                await tablet.get(kiosk["url"])
            [listed] = (await staff.get("/api/v1/kiosks")).json()["items"]
            seen = noon if later < timedelta(minutes=1) else noon + later
            assert datetime.fromisoformat(listed["seen_at"]) == seen
        assert not {"url", "qr_svg"} & listed.keys()


async def test_another_address_ends_the_one_before(front: Shopfront, kiosk: Json) -> None:
    async with front.browser() as tablet, front.staff() as staff:
        answer = await staff.post(f"/api/v1/kiosks/{kiosk['id']}/address")
        assert answer.status_code == 201
        assert (await tablet.get(kiosk["url"])).status_code == 404
        assert (await tablet.get(answer.json()["url"])).status_code == 200
        assert answer.json()["link_id"] == kiosk["link_id"]


async def test_a_kiosk_is_renamed_with_its_link(front: Shopfront, kiosk: Json) -> None:
    async with front.staff() as staff, front.browser() as tablet:
        path = f"/api/v1/kiosks/{kiosk['id']}"
        renamed = await staff.patch(path, json={"name": "Window"})
        assert (renamed.status_code, renamed.json()["name"]) == (200, "Window")
        assert (await staff.get(f"/api/v1/links/{kiosk['link_id']}")).json()["name"] == "Window"
        assert (await tablet.get(kiosk["url"])).status_code == 200
        assert (await staff.patch(path, json={"name": " "})).status_code == 422
        await staff.delete(path)
        refused = await staff.patch(path, json={"name": "Door"})
        assert (refused.status_code, refused.json()["code"]) == (409, "kiosk_revoked")


async def test_a_closed_kiosk_stays_closed(front: Shopfront, kiosk: Json) -> None:
    async with front.browser() as tablet, front.staff() as staff:
        page = await front.open(tablet, f"{kiosk['url']}/form")
        path = f"/api/v1/kiosks/{kiosk['id']}"
        closed = (await staff.delete(path)).json()
        assert closed["revoked_at"] is not None
        assert (await staff.delete(path)).json() == closed
        for answer in (await tablet.get(kiosk["url"]), await front.send(tablet, page)):
            assert answer.status_code == 404
        refused = await staff.post(f"{path}/address")
        assert (refused.status_code, refused.json()["code"]) == (409, "kiosk_revoked")
        link = (await staff.get(f"/api/v1/links/{kiosk['link_id']}")).json()
        assert link["archived_at"] is not None
    assert (await front.counts())["customers"] == 0


async def test_a_paused_program_says_so(front: Shopfront, kiosk: Json) -> None:
    async with front.browser() as tablet, front.staff() as staff:
        assert (
            await staff.patch(f"/api/v1/programs/{front.program['id']}", json={"state": "paused"})
        ).status_code == 200
        answer = await tablet.get(kiosk["url"])
    assert answer.status_code == 410
    assert 'data-kind="notice"' in answer.text


@pytest.mark.parametrize(
    "token", ["x", "k_", "k_AAAA", "c_AaIDXUfWcSytt-tO-jd6EjCIL8KPr3srEVlR9lfmXa0", "k_" + "A" * 60]
)
async def test_other_addresses_open_nothing(standing_front: Shopfront, token: str) -> None:
    async with standing_front.browser() as tablet:
        for path in (f"/k/{token}", f"/k/{token}/form", f"/k/{token}/manifest.webmanifest", f"/k/{token}/icon.svg"):
            assert (await tablet.get(path)).status_code == 404


async def test_kiosks_are_of_one_shop(front: Shopfront, kiosk: Json, other_shop: Shop) -> None:
    async with front.staff() as staff:
        for answer in (
            await staff.post(f"/api/v1/kiosks/{kiosk['id']}/address", headers=other_shop.headers),
            await staff.delete(f"/api/v1/kiosks/{kiosk['id']}", headers=other_shop.headers),
            await staff.patch(f"/api/v1/kiosks/{kiosk['id']}", json={"name": "Ours"}, headers=other_shop.headers),
        ):
            assert (answer.status_code, answer.json()["code"]) == (404, "kiosk_not_found")
        assert (await staff.get("/api/v1/kiosks", headers=other_shop.headers)).json()["items"] == []
        new = {"name": "Till", "program_id": front.program["id"]}
        assert (await staff.post("/api/v1/kiosks", json=new, headers=other_shop.headers)).status_code == 404
