"""The adoption funnel: what is counted, for whom, and where it is put down to."""

from datetime import timedelta
from typing import Any

import pytest

from passerelle.kit import clock
from passerelle.kit.db import Database
from tests.distribution.conftest import Wallets
from tests.distribution.shopfront import ANDROID, DESKTOP, IPHONE, SLACKBOT, Shopfront, open_shopfront

STEPS = ("viewed", "platform_detected", "joined", "tapped", "added", "removed")


async def read(front: Shopfront, **query: str) -> dict[str, Any]:
    async with front.staff() as staff:
        answer = await staff.get(f"/api/v1/programs/{front.program['id']}/funnel", params=query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def steps(row: dict[str, Any]) -> tuple[int, ...]:
    return tuple(row[name] for name in STEPS)


async def test_from_the_page_to_the_card_that_is_removed(database: Database, wallets: Wallets) -> None:
    stage = wallets.stage
    front = await open_shopfront(database, stage.settings, wallets.front.shop, stage.wallets)
    async with front.staff() as staff:
        place = (await staff.post("/api/v1/locations", json={"name": f"Agdal {front.program['id']}"})).json()
        new = {
            "program_id": front.program["id"],
            "name": "Poster",
            "location_id": place["id"],
            "utm_source": "poster",
        }
        poster = (await staff.post("/api/v1/links", json=new)).json()["url"]
    poster = poster.removeprefix(str(stage.settings.base_url).rstrip("/"))

    lina = await front.join(IPHONE, poster, phone="+33698000001")
    async with front.browser(IPHONE) as browser:
        pkpass = (await browser.get(lina)).content
        assert (await browser.get(lina)).content[:2] == b"PK"  # twice: still one card
    held = await stage.phone.add(pkpass)
    omar = await front.join(ANDROID, f"{front.path}?utm_source=flyer", phone="+33698000002")
    async with front.browser(ANDROID) as browser:
        link = (await browser.get(omar)).headers["location"]
    await stage.google.save(link.rpartition("/")[2])
    await stage.google.drain()
    await stage.phone.remove(held.package.pass_json["serialNumber"])
    for user_agent in (DESKTOP, SLACKBOT):
        async with front.browser(user_agent) as browser:
            await browser.get(front.path)

    funnel = await read(front)
    assert steps(funnel["total"]) == (3, 2, 2, 2, 2, 1)
    assert {row["key"]: steps(row) for row in funnel["rows"]} == {
        "iphone": (1, 1, 1, 1, 1, 1),
        "android": (1, 1, 1, 1, 1, 0),
        "other": (1, 0, 0, 0, 0, 0),
    }
    by_source = await read(front, by="source")
    assert {row["key"]: steps(row) for row in by_source["rows"]} == {
        "poster": (1, 1, 1, 1, 1, 1),
        "flyer": (1, 1, 1, 1, 1, 0),
        None: (1, 0, 0, 0, 0, 0),
    }
    by_place = await read(front, by="location")
    named = {(row["key"], row["name"]): steps(row) for row in by_place["rows"]}
    assert named[place["id"], place["name"]] == (1, 1, 1, 1, 1, 1)
    assert named[None, None] == (2, 1, 1, 1, 1, 0)
    assert all(row == funnel["total"] for row in (by_source["total"], by_place["total"]))


async def test_a_link_from_staff_is_seen_once_per_card(front: Shopfront) -> None:
    await front.join()
    async with front.staff() as staff:
        card = (await staff.get("/api/v1/passes")).json()["items"][0]
        given = (await staff.post(f"/api/v1/passes/{card['id']}/link")).json()["url"]
    async with front.browser(IPHONE) as browser:
        await browser.get(given)
        await browser.get(given)
    assert steps((await read(front))["total"]) == (2, 1, 1, 0, 0, 0)
    assert await front.facts("kind, via, platform") == [
        ("viewed", "join_page", "other"),
        ("joined", "join_page", "other"),
        *[("viewed", "staff_link", "iphone"), ("platform_detected", "staff_link", "iphone")] * 2,
    ]


async def test_periods_are_half_open_days_of_the_program(front: Shopfront) -> None:
    await front.join()
    today = clock.today(front.program["time_zone"])
    tomorrow, yesterday = today + timedelta(days=1), today - timedelta(days=1)
    inside = await read(front, **{"from": str(today), "to": str(tomorrow)})
    outside = await read(front, **{"from": str(yesterday), "to": str(today)})
    assert steps(inside["total"]) == (1, 0, 1, 0, 0, 0)
    assert steps(outside["total"]) == (0, 0, 0, 0, 0, 0)
    assert outside["rows"] == []
    assert inside["from"].startswith(str(today))


@pytest.mark.parametrize(
    ("start", "end"), [("2026-02-01", "2026-02-01"), ("2026-02-01", "2026-01-01"), ("2020-01-01", "2026-01-01")]
)
async def test_a_period_has_a_length(standing_front: Shopfront, start: str, end: str) -> None:
    async with standing_front.staff() as staff:
        path = f"/api/v1/programs/{standing_front.program['id']}/funnel"
        answer = await staff.get(path, params={"from": start, "to": end})
    assert (answer.status_code, answer.json()["code"]) == (422, "period_too_long")


@pytest.mark.parametrize("path", ["funnel", "handouts"])
@pytest.mark.parametrize(
    "period", [{"to": "0001-01-01"}, {"to": "9999-12-31"}, {"from": "0001-01-01", "to": "0001-01-02"}], ids=str
)
async def test_a_period_lies_where_calendars_have_days_around_it(
    standing_front: Shopfront, path: str, period: dict[str, str]
) -> None:
    paths = {"funnel": f"programs/{standing_front.program['id']}/funnel", "handouts": "handout-link-figures"}
    async with standing_front.staff() as staff:
        answer = await staff.get(f"/api/v1/{paths[path]}", params=period)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


async def test_facts_are_append_only_and_know_no_people(front: Shopfront) -> None:
    await front.join(IPHONE)
    async with front.database.transaction(front.shop.organization_id) as tx:
        columns = {
            row["column_name"]
            for row in await tx.fetch(
                "SELECT column_name FROM information_schema.columns WHERE table_name = 'link_facts'"
            )
        }
        assert not columns & {"customer_id", "ip_address", "user_agent", "network"}
        rights = await tx.fetch(
            "SELECT privilege_type FROM information_schema.role_table_grants "
            "WHERE table_name = 'link_facts' AND grantee = 'passerelle_app'"
        )
    assert sorted(row["privilege_type"] for row in rights) == ["INSERT", "SELECT"]
