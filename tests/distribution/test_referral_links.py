"""A friend's code on its way through the join page."""

from typing import Any

import httpx
import pytest
import pytest_asyncio

from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from tests.conftest import Shop
from tests.distribution.shopfront import SLACKBOT, Shopfront, open_shopfront


@pytest_asyncio.fixture
async def rewarding(database: Database, settings: Settings, shop: Shop) -> Shopfront:
    """A program that rewards friends."""
    front = await open_shopfront(database, settings, shop)
    async with front.staff() as staff:
        change = {"settings": {"referral": {"friend": {"amount": 5}}}}
        await staff.patch(f"/api/v1/programs/{front.program['id']}", json=change)
    return front


async def _referrer(front: Shopfront, staff: httpx.AsyncClient) -> dict[str, Any]:
    person = {"first_name": "Ada", "phone": "+33 6 11 11 11 11", "email": "ada@example.com"}
    customer = (await staff.post("/api/v1/customers", json=person)).json()
    members = f"/api/v1/programs/{front.program['id']}/members"
    member = (await staff.post(members, json={"customer_id": customer["id"]})).json()
    shared: dict[str, Any] = (await staff.post(f"/api/v1/members/{member['id']}/referral-code")).json()
    return shared


async def _friends(staff: httpx.AsyncClient, shared: dict[str, Any]) -> list[tuple[str, str | None]]:
    items = (await staff.get(f"/api/v1/members/{shared['membership_id']}/referrals")).json()["items"]
    return [(item["state"], item["reason"]) for item in items]


async def test_the_code_is_kept_through_the_form_and_a_change_of_language(rewarding: Shopfront) -> None:
    async with rewarding.staff() as staff:
        shared = await _referrer(rewarding, staff)
        path = shared["url"].removeprefix("http://testserver")
        async with rewarding.browser() as browser:
            wrong = await rewarding.fill(browser, f"{path}&lang=ar", phone="12")
            assert wrong.status_code == 422
            answer = await rewarding.fill(browser, path)
        assert answer.headers["location"].startswith("/c/")
        assert await _friends(staff, shared) == [("joined", None)]
        figures = (await staff.post(f"/api/v1/members/{shared['membership_id']}/referral-code")).json()["figures"]
        assert (figures["invited"], figures["joined"]) == (2, 1)


async def test_a_short_link_takes_a_code_too(rewarding: Shopfront) -> None:
    async with rewarding.staff() as staff:
        shared = await _referrer(rewarding, staff)
        [link] = (await staff.get(f"/api/v1/links?program_id={rewarding.program['id']}")).json()["items"]
        short = link["url"].removeprefix("http://testserver")
        await rewarding.join(path=f"{short}?ref={shared['code'].upper()}")
        assert await _friends(staff, shared) == [("joined", None)]


@pytest.mark.parametrize("code", ["nobody", "%00", "x" * 500, ""])
async def test_a_code_that_nobody_has_keeps_nobody_out(rewarding: Shopfront, code: str) -> None:
    assert (await rewarding.join(path=f"{rewarding.path}?ref={code}")).startswith("/c/")


async def test_bots_are_not_counted_as_invited(rewarding: Shopfront) -> None:
    async with rewarding.staff() as staff:
        shared = await _referrer(rewarding, staff)
        async with rewarding.browser(SLACKBOT) as bot:
            await bot.get(shared["url"])
        figures = (await staff.post(f"/api/v1/members/{shared['membership_id']}/referral-code")).json()["figures"]
        assert figures["invited"] == 0


async def test_a_member_who_comes_by_their_own_link_gets_no_reward(rewarding: Shopfront) -> None:
    async with rewarding.staff() as staff:
        shared = await _referrer(rewarding, staff)
        path = shared["url"].removeprefix("http://testserver")
        async with rewarding.browser() as browser:
            await rewarding.fill(browser, path, name="Ada", phone="+33 6 11 11 11 11")
        assert await _friends(staff, shared) == []  # the page says that the number is known, and changes nothing
