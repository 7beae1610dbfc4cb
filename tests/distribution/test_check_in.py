"""Checking in alone: the page that a code leads to, who it knows, and what it says."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio

from passerelle.distribution import html
from passerelle.distribution.checkins import pages
from passerelle.kit import clock
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.kit.ids import encode
from tests.conftest import open_shop
from tests.distribution.shopfront import IPHONE, Json, Page, Shopfront, open_shopfront

_LIMIT = 50_000
NEAR = {"latitude": "48.8566", "longitude": "2.3522", "accuracy": "12"}


@pytest.fixture(autouse=True)
def fresh_budgets() -> None:
    """All tests come from one address."""
    for budget in (pages._looks, pages._acts):
        budget._spent.clear()


class Place:
    """A shop with a program that rewards check-ins, and a location that takes them."""

    def __init__(self, front: Shopfront, location_id: str) -> None:
        self.front = front
        self.location_id = location_id
        self._base = f"/api/v1/locations/{location_id}/check-in"

    async def set(self, **settings: object) -> None:
        async with self.front.staff() as staff:
            answer = await staff.put(self._base, json={"by_staff": False, "self_by": "printed"} | settings)
            assert answer.status_code == 200, answer.text

    async def path(self, what: str = "code") -> str:
        """Where the code leads, or where the screen is."""
        async with self.front.staff() as staff:
            found: str = urlsplit((await staff.get(f"{self._base}/{what}")).json()["url"]).path
        return found

    async def came(self) -> list[Json]:
        async with self.front.staff() as staff:
            items: list[Json] = (await staff.get("/api/v1/check-ins")).json()["items"]
        return items

    async def joined(self, browser: httpx.AsyncClient, **typed: str) -> None:
        """Have somebody join with this browser."""
        answer = await self.front.fill(browser, **typed)
        assert answer.status_code == 303, answer.text

    async def check_in(self, browser: httpx.AsyncClient, path: str | None = None, **told: str) -> httpx.Response:
        path = path or await self.path()
        page = await self.front.open(browser, f"{path}?lang=en")
        return await browser.post(page.action or page.url, data=page.fields | told)


@pytest_asyncio.fixture
async def place(database: Database, settings: Settings) -> Place:
    front = await open_shopfront(database, settings, await open_shop(database))
    async with front.staff() as staff:
        rules = [{"type": "per_event", "event": "check_in", "units": 2}]
        changed = await staff.patch(f"/api/v1/programs/{front.program['id']}", json={"rules": rules})
        assert changed.status_code == 200, changed.text
        body = {"name": "Rue Mouffetard", "latitude": 48.8566, "longitude": 2.3522}
        made = Place(front, (await staff.post("/api/v1/locations", json=body)).json()["id"])
    await made.set()
    return made


async def test_whoever_joined_here_checks_in_and_reads_what_it_brought(place: Place) -> None:
    async with place.front.browser(IPHONE, "en") as browser:
        await place.joined(browser)
        path = await place.path()
        shown = await place.front.open(browser, f"{path}?lang=en")
        assert "Hello Lina" in shown.html
        done = await place.check_in(browser, path)
        assert (done.status_code, "You are checked in" in done.text) == (200, True)
        assert re.search(r"\+2 \w+", done.text)
        assert len(done.content) < _LIMIT
        with clock.frozen(clock.now() + timedelta(seconds=2)):
            again = await place.check_in(browser, path)
        assert again.status_code == 409
        assert "last check-in for today" in again.text
    [one] = await place.came()
    assert (one["way"], one["counted"], one["opened_by"]) == ("self", True, one["customer_id"])


async def test_a_form_sent_twice_is_one_visit(place: Place) -> None:
    async with place.front.browser(IPHONE, "en") as browser:
        await place.joined(browser)
        page = await place.front.open(browser, f"{await place.path()}?lang=en")
        answers = [await browser.post(page.url, data=page.fields) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert all(re.search(r"\+2 \w+", answer.text) for answer in answers)
    assert len(await place.came()) == 1


async def test_nobody_who_is_unknown_checks_in(place: Place) -> None:
    async with place.front.browser(IPHONE, "fr") as browser:
        page = await place.front.open(browser, await place.path())
        assert "seal" not in page.fields
        sent = await browser.post(page.url, data={"seal": "1780660800.abc"})
        assert (sent.status_code, "scannez le code encore une fois" in sent.text) == (200, True)
    assert await place.came() == []


async def test_a_browser_is_remembered_for_this_alone(place: Place) -> None:
    await place.set(per_day=9, cooldown_minutes=0)
    organization = encode("org", place.front.shop.organization_id)
    async with place.front.browser(IPHONE, "en") as browser:
        await place.joined(browser)
        await place.check_in(browser)
        browser.cookies.delete(encode("joined", place.front.shop.organization_id))
        with clock.frozen(clock.now() + timedelta(seconds=2)):
            assert (await place.check_in(browser)).status_code == 200
        mine = await browser.get(f"/m/{organization}?lang=en")
        assert "Have the link sent" in mine.text
        [kept] = [cookie for cookie in browser.cookies.jar if cookie.name.startswith("here_")]
        assert (kept.path, kept.has_nonstandard_attr("HttpOnly")) == (f"/m/{organization}", True)
        value = kept.value or ""
        forged = value[:-3] + ("AAA" if value[-3:] != "AAA" else "BBB")
    async with place.front.browser(IPHONE, "en") as stranger:
        stranger.cookies.set(kept.name, forged, path=kept.path)
        assert "scan the code once more" in (await place.front.open(stranger, await place.path())).html
    assert len(await place.came()) == 2


async def test_a_phone_must_say_that_it_is_near(place: Place) -> None:
    await place.set(radius_m=100)
    async with place.front.browser(IPHONE, "en") as browser:
        await place.joined(browser)
        told = [
            ({}, 422, "did not say where you are"),
            ({"latitude": "north"}, 422, "did not say where you are"),
            (NEAR | {"latitude": "91"}, 422, "did not say where you are"),
            (NEAR | {"accuracy": "nan"}, 422, "did not say where you are"),
            (NEAR | {"accuracy": "3000"}, 422, "only to 3\N{NO-BREAK SPACE}km"),
            (NEAR | {"latitude": "48.87"}, 409, "1.5\N{NO-BREAK SPACE}km away"),
            (NEAR, 200, "You are checked in"),
        ]
        for position, status, sentence in told:
            answer = await place.check_in(browser, **position)
            assert "My page" in answer.text, "no page is the end of the way"
            assert (answer.status_code, sentence in answer.text) == (status, True), position
    assert len(await place.came()) == 1


async def test_where_it_is_off_customers_are_not_told_what_managers_do(place: Place) -> None:
    path = await place.path()
    await place.set(self_by="none")
    async with place.front.browser(IPHONE, "fr") as browser:
        await place.joined(browser)
        shown = await browser.get(path)
        assert shown.status_code == 409
        assert "Demandez au comptoir" in shown.text
        assert "tableau de bord" not in shown.text


async def test_the_script_is_there_only_where_a_position_is_asked_for(place: Place) -> None:
    async with place.front.browser(IPHONE, "en") as browser:
        await place.joined(browser)
        path = await place.path()
        plain = await browser.get(path)
        assert ("<script" in plain.text, "script-src" in plain.headers["content-security-policy"]) == (False, False)
        await place.set(radius_m=100)
        scripted = await browser.get(path)
        assert "getCurrentPosition" in scripted.text
        assert "script-src 'nonce-" in scripted.headers["content-security-policy"]
        assert max(len(plain.content), len(scripted.content)) < _LIMIT


async def test_the_screen_shows_a_code_that_ends(place: Place) -> None:
    await place.set(self_by="screen")
    printed, screen = await place.path(), await place.path("screen")
    now = clock.now()
    async with place.front.browser(IPHONE, "en") as browser:
        await place.joined(browser)
        with clock.frozen(now):
            shown = await browser.get(screen)
            assert (shown.status_code, "<svg" in shown.text) == (200, True)
            assert 1 <= int(shown.headers["refresh"]) <= 31
            assert "<script" not in shown.text
        refused = await browser.get(f"{printed}?lang=en")
        assert (refused.status_code, "the screen shows now" in refused.text) == (409, True)
        assert (await browser.get(screen[:-2] + "xx")).status_code == 404
        assert (await browser.get(f"{printed[:-4]}zzzz")).status_code == 404
    assert await place.came() == []


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
async def test_the_pages_are_whole_in_each_language(place: Place, language: str) -> None:
    async with place.front.browser(IPHONE, language) as browser:
        path = await place.path()
        asked = await browser.get(f"{path}?lang={language}")
        await place.joined(browser)
        form = await browser.get(f"{path}?lang={language}")
        page = Page(form.text, str(form.url))
        done = await browser.post(page.url, data=page.fields)
    for answer in (asked, form, done):
        assert answer.status_code == 200, answer.text
        assert f'lang="{language}"' in answer.text
        assert "Rue Mouffetard" in answer.text
        assert len(answer.content) < _LIMIT


async def test_what_another_site_sends_is_not_believed(place: Place) -> None:
    async with place.front.browser(IPHONE, "en") as browser:
        await place.joined(browser)
        page = await place.front.open(browser, await place.path())
        crossed = await browser.post(page.url, data=page.fields, headers={"Sec-Fetch-Site": "cross-site"})
        assert crossed.status_code == html.FORBIDDEN.status
        prefetched = await browser.get(page.url, headers={"Sec-Purpose": "prefetch"})
        assert prefetched.status_code == 503
    assert await place.came() == []


async def test_a_form_of_somebody_else_or_of_yesterday_is_not_taken(place: Place) -> None:
    async with place.front.browser(IPHONE, "en") as one, place.front.browser(IPHONE, "en") as other:
        await place.joined(one)
        await place.joined(other, name="Omar", phone="06 98 76 54 32")
        path = await place.path()
        page = await place.front.open(one, path)
        taken = await other.post(page.url, data=page.fields)
        assert (taken.status_code, "only good for a moment" in taken.text) == (409, True)
        moment = page.fields["seal"].partition(".")[0]
        later = {"seal": page.fields["seal"].replace(moment, str(int(moment) + 1))}
        assert (await one.post(page.url, data=later)).status_code == 409
    assert await place.came() == []


async def test_my_page_opens_the_way_as_well(place: Place) -> None:
    async with place.front.staff() as staff:
        made = (await staff.post("/api/v1/customers", json={"first_name": "Nour"})).json()["id"]
        link = urlsplit((await staff.post(f"/api/v1/customers/{made}/page-link")).json()["url"]).path
    async with place.front.browser(IPHONE, "en") as browser:
        assert (await browser.post(link)).status_code == 303
        answer = await place.check_in(browser)
    assert (answer.status_code, "Your visit counts" in answer.text) == (200, True)
    assert [one["customer_id"] for one in await place.came()] == [made]
