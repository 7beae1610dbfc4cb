"""The join page: what it shows, what its form does, what it refuses."""

import asyncio
import gzip
import re
from datetime import timedelta
from uuid import UUID

import pytest

from passerelle.kit import clock
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.privacy import service as privacy
from tests.conftest import Shop
from tests.distribution.shopfront import DESKTOP, IPHONE, SLACKBOT, Page, Shopfront, open_shopfront

SPELLINGS = [
    *("0612345678", "06 12 34 56 78", "06.12.34.56.78", "06-12-34-56-78", "+33612345678", "0033612345678"),
    *("+33 6 12 34 56 78", "(06) 12 34 56 78", "٠٦١٢٣٤٥٦٧٨", "+33 (0)6 12 34 56 78"),
]


async def test_a_form_makes_customer_consent_membership_card_and_link(front: Shopfront) -> None:
    before = await front.counts()
    path = await front.join(IPHONE, marketing="yes")
    after = await front.counts()
    made = {table: after[table] - before[table] for table in after if table not in {"events", "link_facts"}}
    assert made == {
        "customers": 1,
        "consents": 4,
        "memberships": 1,
        "passes": 1,
        "smart_links": 1,
        "join_links": 0,
        "installations": 0,
        "pass_updates": 0,
    }
    assert re.fullmatch(r"/c/c_[\w-]{43}", path)
    async with front.database.transaction(front.shop.organization_id) as tx:
        [member] = await tx.fetch("SELECT source, customer_id FROM memberships")
    assert member["source"] == "form"


async def test_consents_keep_what_was_shown(front: Shopfront) -> None:
    async with front.browser(language="fr") as browser:
        page = await front.open(browser)
        assert (await front.send(browser, page, marketing="yes")).status_code == 303
    async with front.database.transaction(front.shop.organization_id) as tx:
        customer_id = await tx.fetchval("SELECT id FROM customers")
        consents = await privacy.list_consents(tx, customer_id, clock_end(), 10)
        networks = await tx.fetchval("SELECT count(*) FROM consent_evidence")
    given = {(consent.purpose, consent.channel): consent for consent in consents}
    assert sorted(given) == [
        ("loyalty_program", "none"),
        ("marketing", "push"),
        ("marketing", "sms"),
        ("marketing", "whatsapp"),
    ]
    for consent in consents:
        assert consent.state == "granted"
        assert (consent.language, consent.source) == ("fr", "form")
        assert consent.actor.startswith("cus_")
        assert consent.wording is not None
        assert consent.wording in page.html
    assert given["loyalty_program", "none"].wording_version == "loyalty-2026-11"
    assert given["marketing", "sms"].wording_version == "marketing-2026-11"
    assert networks in {0, 4}  # the test's own address may be none


def clock_end() -> UUID:
    return UUID(int=(1 << 128) - 1)


async def test_marketing_is_separate_and_unticked(front: Shopfront) -> None:
    async with front.browser() as browser:
        page = await front.open(browser)
    assert page.boxes == {"loyalty", "marketing"}
    assert not any("checked" in given for tag, given in page.tags if tag == "input")
    await front.join()
    async with front.database.transaction(front.shop.organization_id) as tx:
        assert [row[0] for row in await tx.fetch("SELECT purpose FROM consents")] == ["loyalty_program"]


async def test_the_same_form_twice_is_one_card_and_one_address(front: Shopfront) -> None:
    async with front.browser() as browser:
        page = await front.open(browser)
        first, second = await asyncio.gather(front.send(browser, page), front.send(browser, page))
        third = await front.send(browser, page)
    assert first.status_code == second.status_code == third.status_code == 303
    assert first.headers["location"] == second.headers["location"] == third.headers["location"]
    counts = await front.counts()
    assert [counts[name] for name in ("customers", "memberships", "passes", "smart_links", "consents")] == [1] * 5
    assert (await front.facts()).count("joined") == 1


async def test_ten_spellings_at_once_are_one_card(front: Shopfront) -> None:
    async with front.browser() as browser:
        page = await front.open(browser)
        answers = await asyncio.gather(*(front.send(browser, page, phone=spelling) for spelling in SPELLINGS))
    assert [answer.status_code for answer in answers] == [303] * 10
    assert len({answer.headers["location"] for answer in answers}) == 1
    counts = await front.counts()
    assert [counts[name] for name in ("customers", "memberships", "passes", "consents")] == [1] * 4


async def test_ten_browsers_at_once_are_one_card_too(front: Shopfront) -> None:
    async def join(spelling: str) -> str:
        async with front.browser() as browser:
            answer = await front.fill(browser, phone=spelling)
            assert answer.status_code == 303
            return answer.headers["location"]

    places = await asyncio.gather(*(join(spelling) for spelling in SPELLINGS))
    assert sum(place.startswith("/c/") for place in places) == 1
    counts = await front.counts()
    assert [counts[name] for name in ("customers", "memberships", "passes", "consents")] == [1] * 4


async def test_the_browser_that_came_first_comes_back_to_its_card(front: Shopfront) -> None:
    async with front.browser() as browser:
        first = await front.fill(browser)
        again = await front.fill(browser, phone="+33612345678", name="Lina B.")
    assert "HttpOnly" in first.headers["set-cookie"]
    assert "SameSite=lax" in first.headers["set-cookie"]
    assert again.headers["location"].startswith("/c/")
    counts = await front.counts()
    assert [counts[name] for name in ("customers", "memberships", "passes", "smart_links")] == [1, 1, 1, 2]


@pytest.mark.parametrize("name", ["Lina", "Somebody Else"])
async def test_who_only_knows_a_number_sees_no_card_and_changes_nothing(front: Shopfront, name: str) -> None:
    await front.join()
    before = await front.counts()
    async with front.browser(language="en") as stranger:
        answer = await front.fill(stranger, name=name, marketing="yes")
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(f"{front.path}/member")
        page = await stranger.get(answer.headers["location"])
    assert page.status_code == 200
    assert "Ask at the till" in page.text
    assert "set-cookie" not in answer.headers
    after = await front.counts()
    assert after.pop("link_facts") == before.pop("link_facts") + 1  # the page was seen
    assert after == before


async def test_a_member_of_one_program_joins_another_with_number_and_name(front: Shopfront) -> None:
    await front.join(marketing="yes")
    async with front.staff() as staff:
        other = (await staff.post("/api/v1/programs", json={"name": "Points", "kind": "points"})).json()
    async with front.browser() as stranger:
        answer = await front.fill(stranger, f"/join/{other['id']}", name="Omar")
        assert "/member" in answer.headers["location"]
    async with front.browser() as fresh:
        answer = await front.fill(fresh, f"/join/{other['id']}", name="LINA", marketing="yes")
    assert answer.headers["location"].startswith("/c/")
    counts = await front.counts()
    assert [counts[name] for name in ("customers", "memberships", "passes")] == [1, 2, 2]
    assert counts["consents"] == 5  # marketing is not taken from a browser that nothing is known of


_NO_NUMBER = {
    "fr": "Ce n&#39;est pas un numéro de téléphone.",
    "en": "This is not a phone number.",
    "ar": "هذا ليس رقم هاتف",
}


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
@pytest.mark.parametrize("phone", ["12", "hello", "06 12 34 56 7", "0" * 60])
async def test_a_number_that_is_none_is_told_at_its_field(
    standing_front: Shopfront, language: str, phone: str
) -> None:
    front = standing_front
    before = await front.counts()
    async with front.browser(language=language) as browser:
        answer = await front.fill(browser, name="Zoë d’Été", phone=phone, marketing="yes")  # noqa: RUF001  as phones write it
    assert answer.status_code == 422
    page = Page(answer.text, str(answer.url))
    field = page.find("input", name="phone")
    assert field["aria-invalid"] == "true"
    assert "autofocus" in field
    assert "phone-error" in (field["aria-describedby"] or "").split()
    assert page.find("p", id="phone-error")
    assert _NO_NUMBER[language] in answer.text
    assert page.fields["name"] == "Zoë d’Été"  # noqa: RUF001  the same
    assert page.fields["phone"] == phone
    assert "checked" in page.find("input", name="marketing")
    assert "checked" in page.find("input", name="loyalty")
    after = await front.counts()
    assert {**after, "link_facts": 0} == {**before, "link_facts": 0}


async def test_all_faults_are_told_at_once(standing_front: Shopfront) -> None:
    async with standing_front.browser(language="en") as browser:
        answer = await standing_front.fill(browser, name="", phone="12", loyalty="-")
    page = Page(answer.text, str(answer.url))
    assert answer.status_code == 422
    for name in ("name", "phone", "loyalty"):
        assert page.find("input", name=name)["aria-invalid"] == "true"
        assert page.find("p", id=f"{name}-error")
    assert [given["name"] for tag, given in page.tags if "autofocus" in given] == ["name"]


@pytest.mark.parametrize("name", ["\u202e", "   ", "x" * 101])
async def test_a_name_that_is_none_or_too_long_is_refused(standing_front: Shopfront, name: str) -> None:
    async with standing_front.browser() as browser:
        answer = await standing_front.fill(browser, name=name)
    assert answer.status_code == 422
    assert 'id="name-error"' in answer.text


async def test_what_a_form_does_not_ask_for_is_not_taken(front: Shopfront) -> None:
    await front.join(email="lina@example.com")
    async with front.staff() as staff:
        [customer] = (await staff.get("/api/v1/customers")).json()["items"]
    assert customer["email"] is None
    assert customer["phone"] == "+33612345678"
    assert (customer["first_name"], customer["language"], customer["source"]) == ("Lina", "fr", "form")


async def test_a_link_may_ask_for_an_address(front: Shopfront) -> None:
    async with front.staff() as staff:
        new = {"program_id": front.program["id"], "name": "Flyer", "ask_email": True}
        path = (await staff.post("/api/v1/links", json=new)).json()["url"].removeprefix("http://testserver")
        async with front.browser() as browser:
            wrong = await front.fill(browser, path, email="lina@")
            assert wrong.status_code == 422
            assert 'id="email-error"' in wrong.text
            assert (await front.fill(browser, path, email="Lina@Example.com", marketing="yes")).status_code == 303
        [customer] = (await staff.get("/api/v1/customers")).json()["items"]
    assert customer["email"] == "lina@example.com"
    assert (await front.counts())["consents"] == 5


@pytest.mark.parametrize("field", ["website"])
async def test_the_trap_catches_programs_and_lets_people_try_again(front: Shopfront, field: str) -> None:
    async with front.browser() as browser:
        page = await front.open(browser)
        assert page.find("input", name=field)["tabindex"] == "-1"
        caught = await front.send(browser, page, **{field: "https://spam.example"})
        assert caught.status_code == 422
        assert (await front.counts())["customers"] == 0
        assert (await front.send(browser, Page(caught.text, str(caught.url)))).status_code == 303


async def test_a_form_of_yesterday_or_of_somebody_else_is_shown_again(front: Shopfront) -> None:
    async with front.browser(language="en") as browser:
        page = await front.open(browser)
        with clock.frozen(clock.now() + timedelta(hours=13)):
            late = await front.send(browser, page)
            assert late.status_code == 422
            assert "press the button once more" in late.text
            assert (await front.send(browser, Page(late.text, str(late.url)))).status_code == 303
        forged = await front.send(browser, page, ticket="A" * 52)
        assert forged.status_code == 422


async def test_other_sites_cannot_send_the_form(front: Shopfront) -> None:
    async with front.browser() as browser:
        page = await front.open(browser)
        browser.headers["Sec-Fetch-Site"] = "cross-site"
        assert (await front.send(browser, page)).status_code == 403
    assert (await front.counts())["customers"] == 0


XSS = '"><script>alert(1)</script>{{ 7*7 }}'


async def test_nothing_typed_becomes_code(database: Database, settings: Settings, shop: Shop) -> None:
    front = await open_shopfront(database, settings, shop, name=XSS, names={}, reward_name=XSS, reward_names={})
    async with front.staff() as staff:
        await staff.patch("/api/v1/organization", json={"name": XSS, "legal": {"controller": XSS}})
        place = (await staff.post("/api/v1/locations", json={"name": XSS})).json()
    async with front.browser() as browser:
        query = {"utm_source": XSS, "location": place["id"], XSS: XSS}
        shown = await browser.get(front.path, params=query)
        wrong = await front.send(browser, Page(shown.text, str(shown.url)), name=XSS, phone=XSS)
        joined = await front.send(browser, Page(shown.text, str(shown.url)), name=XSS)
        card = await browser.get(joined.headers["location"])
    async with front.browser(SLACKBOT) as bot:
        preview = await bot.get(front.path, params=query)
    for answer in (shown, wrong, card, preview):
        assert "<script>" not in answer.text
        assert "alert(1)&lt;/script&gt;" in answer.text
        assert "7*7" in answer.text
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert ("script-src 'nonce-" in policy) == (answer is card)
        assert "unsafe" not in policy
    assert ("viewed", '"><script>alert(1)</script>{{ 7*7 }}') in await front.facts("kind, utm_source")


@pytest.mark.parametrize(
    ("asked", "accepted", "language", "direction"),
    [
        ("ar", "en", "ar", "rtl"),
        (None, "ar-MA,fr;q=0.5", "ar", "rtl"),
        (None, "fr-MA", "fr", "ltr"),
        ("en", "ar", "en", "ltr"),
        ("xx", "de", "en", "ltr"),
        (None, None, "en", "ltr"),  # the shop's own
    ],
)
async def test_the_page_is_in_the_reader_s_language(
    standing_front: Shopfront, asked: str | None, accepted: str | None, language: str, direction: str
) -> None:
    async with standing_front.browser(language=accepted or "") as browser:
        answer = await browser.get(standing_front.path, params={"lang": asked} if asked else None)
    page = Page(answer.text, str(answer.url))
    assert page.find("html") == {"lang": language, "dir": direction}
    assert answer.headers["content-language"] == language
    switch = [given for tag, given in page.tags if tag == "a" and given.get("hreflang")]
    assert [given["hreflang"] for given in switch] == ["fr", "en", "ar"]
    assert [given["hreflang"] for given in switch if given.get("aria-current")] == [language]


async def test_pages_are_light_and_load_nothing(front: Shopfront) -> None:
    async with front.browser(DESKTOP) as browser:
        join = await browser.get(front.path)
        card = await browser.get(await front.join())
    for answer in (join, card):
        assert len(gzip.compress(answer.content)) < 12_000
        page = Page(answer.text, str(answer.url))
        assert not {"link rel=stylesheet", "iframe"} & {tag for tag, _ in page.tags}
        scripts = [given for tag, given in page.tags if tag == "script"]
        assert [given.keys() for given in scripts] == ([] if answer is join else [{"nonce"}])
        links = {given["rel"]: given["href"] for tag, given in page.tags if tag == "link"}
        assert links.pop("icon") == "data:,"
        assert list(links) == ([] if answer is join else ["manifest"])  # of the card that is kept on the phone
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-frame-options"] == "DENY"


async def test_every_field_has_a_label_and_the_notice_names_who_answers(front: Shopfront) -> None:
    legal = {
        "controller": "Café Central SARL",
        "contact_email": "bonjour@cafe.example",
        "data_protection_officer": "Me Salma Idrissi",
        "cndp_receipt": "D-W-123/2026",
        "privacy_url": "https://cafe.example/privacy",
    }
    async with front.staff() as staff:
        await staff.patch("/api/v1/organization", json={"legal": legal})
    async with front.browser() as browser:
        page = await front.open(browser)
    labels = {given.get("for") for tag, given in page.tags if tag == "label"}
    assert {"name", "phone"} <= labels
    assert page.find("input", name="phone")["autocomplete"] == "tel"
    assert page.find("input", name="phone")["dir"] == "ltr"
    for text in (*legal.values(), "loi 09-08", "Vos droits", "Finalité"):
        assert text in page.html


@pytest.mark.parametrize("state", ["paused", "ended"])
async def test_a_program_that_takes_nobody_says_so(front: Shopfront, state: str) -> None:
    async with front.browser() as browser, front.staff() as staff:
        page = await front.open(browser)
        await staff.patch(f"/api/v1/programs/{front.program['id']}", json={"state": state})
        for answer in (await browser.get(front.path), await front.send(browser, page)):
            assert answer.status_code == 410
            assert answer.headers["content-type"].startswith("text/html")
            assert "plus de nouveaux membres" in answer.text
    assert (await front.counts())["customers"] == 0


async def test_a_draft_is_not_there(database: Database, settings: Settings, shop: Shop) -> None:
    front = await open_shopfront(database, settings, shop, state="draft")
    async with front.browser() as browser:
        assert (await browser.get(front.path)).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/join/prg_01jz0000000000000000000000",
        "/join/prg_nothing",
        "/join/cus_01jz0000000000000000000000",
        "/join/بطاقة",
        "/join/%00",
        "/join/" + "a" * 5_000,
        "/j/aaaaaaaa",
        "/j/é",
        "/c/c_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "/c/nothing.pkpass",
        "/c/بطاقة",
        "/badges/apple",
        "/badges/samsung",
    ],
)
async def test_an_unknown_address_is_a_page_with_a_sentence(standing_front: Shopfront, path: str) -> None:
    async with standing_front.browser(language="fr") as browser:
        answer = await browser.get(path)
        posted = await browser.post(path, data={"name": "x"})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "Aucune carte à cette adresse" in answer.text
    # The framework itself refuses methods that an address has not.
    assert posted.status_code in ({404} if path.startswith(("/join/", "/j/")) and len(path) < 4_000 else {404, 405})


async def test_a_place_of_another_shop_is_refused(front: Shopfront, other_shop: Shop) -> None:
    async with front.browser() as browser:
        made = await browser.post("/api/v1/locations", json={"name": "Rival"}, headers=other_shop.headers)
        foreign = await browser.get(front.path, params={"location": made.json()["id"]})
        garbage = await browser.get(front.path, params={"location": "loc_x"})
    assert (foreign.status_code, garbage.status_code) == (404, 404)


async def test_a_place_of_this_shop_is_kept(front: Shopfront) -> None:
    async with front.staff() as staff:
        place = (await staff.post("/api/v1/locations", json={"name": "Agdal"})).json()
    async with front.browser() as browser:
        answer = await front.fill(browser, f"{front.path}?location={place['id']}&utm_source=poster&lang=ar")
        assert answer.status_code == 303
    async with front.database.transaction(front.shop.organization_id) as tx:
        member = await tx.fetchrow("SELECT location_id FROM memberships")
        link = await tx.fetchrow("SELECT location_id, utm_source, language FROM smart_links")
    assert member["location_id"] == link["location_id"] is not None
    assert (link["utm_source"], link["language"]) == ("poster", "ar")
