"""What customers see and change on my page, and what must not happen there."""

import asyncio
import gzip
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from passerelle.kit import clock
from tests.distribution.mypage.conftest import Counter
from tests.distribution.shopfront import DESKTOP, IPHONE, Page

SCRIPT = "<script>alert(1)</script>"
WORDING = {"wording": "Offers by SMS, please.", "wording_version": "1", "language": "en"}


async def buy(counter: Counter, customer_id: str, amount_minor: int = 500) -> str:
    """A purchase at the till, by the card; the code of the card."""
    async with counter.front.staff() as staff:
        cards = (await staff.get("/api/v1/passes", params={"customer_id": customer_id})).json()["items"]
        body = {"code": cards[0]["code"], "amount_minor": amount_minor, "currency": "EUR"}
        bought = await staff.post("/api/v1/scans/purchases", json=body)
        assert bought.status_code == 201, bought.text
    code: str = cards[0]["code"]
    return code


async def current(counter: Counter, customer_id: str) -> list[Any]:
    async with counter.front.staff() as staff:
        found: list[Any] = (await staff.get(f"/api/v1/customers/{customer_id}/consents/current")).json()["items"]
    return found


async def test_cards_balances_and_history(counter: Counter) -> None:
    customer_id = await counter.member()
    code = await buy(counter, customer_id, 700)
    async with counter.signed_in(customer_id) as browser:
        page = await counter.page(browser)
        assert "Hello Lina" in page.html
        assert " ".join(code[start : start + 4] for start in range(0, len(code), 4)) in page.html
        assert "3 points to go" in page.html
        history = (await counter.page(browser, "/history")).html
    for sentence in ("Joined “Coffee card”", "For a purchase", "+7 points", "€7.00", "Card made", "First known here"):
        assert sentence in history, sentence


@pytest.mark.parametrize("image_url", [f"/images/org_{'0' * 26}/{'a' * 64}.png", "https://elsewhere.example/mug.png"])
async def test_the_next_reward_shows_its_picture_if_it_is_kept_here(counter: Counter, image_url: str) -> None:
    customer_id = await counter.member()
    async with counter.front.staff() as staff:
        program = (await staff.post("/api/v1/programs", json={"name": "Mugs", "kind": "points"})).json()
        mug = {"program_id": program["id"], "name": "Mug", "price": 8, "image_url": image_url}
        assert (await staff.post("/api/v1/rewards", json=mug)).is_success
        await staff.post(f"/api/v1/programs/{program['id']}/members", json={"customer_id": customer_id})
    async with counter.signed_in(customer_id) as browser:
        page = await counter.page(browser)
    assert "8 points to go" in page.html
    shown = f'<img class="prize" src="{image_url}" alt="" width="72" height="48" loading="lazy"'
    assert (shown in page.html) == image_url.startswith("/images/")
    assert "elsewhere.example" not in page.html


async def test_tickets_are_on_the_page_until_the_event_is_over(counter: Counter) -> None:
    customer_id, stranger_id = await counter.member(), await counter.member()
    starts_at = (clock.now() + timedelta(minutes=30)).isoformat()
    show = {"name": "Late show", "venue_name": "Grand Hall", "starts_at": starts_at}
    async with counter.front.staff() as staff:
        event = (await staff.post("/api/v1/ticketed-events", json=show)).json()
        made = {"event_id": event["id"], "customer_id": customer_id, "category": "Adult", "row": "B", "seat": "7"}
        ticket = (await staff.post("/api/v1/tickets", json=made)).json()
    async with counter.signed_in(customer_id) as browser:
        page = await counter.page(browser)
        for words in ("My tickets", "Late show", "Grand Hall", "Adult · B 7", "Put this ticket on a phone"):
            assert words in page.html, words
        assert "Ticket for Late show" in (await counter.page(browser, "/history")).html
        opened = await counter.send(browser, "ticket", ticket=ticket["id"])
        assert (opened.status_code, opened.headers["location"].startswith("/c/")) == (303, True)
        card = await browser.get(opened.headers["location"])
        assert "Late show" in card.text
    async with counter.signed_in(stranger_id) as browser:
        assert "My tickets" not in (await counter.page(browser)).html
        for tried in (ticket["id"], "nothing", SCRIPT):
            sent = await counter.send(browser, "ticket", ticket=tried)
            assert not sent.headers["location"].startswith("/c/")
    async with counter.front.staff() as staff:
        await staff.post(f"/api/v1/ticketed-events/{event['id']}/cancel")
    async with counter.signed_in(customer_id) as browser:
        page = await counter.page(browser)
        assert "The event is cancelled." in page.html
        assert "Put this ticket on a phone" not in page.html
    with clock.frozen(clock.now() + timedelta(hours=13)):
        async with counter.signed_in(customer_id) as browser:
            assert "My tickets" not in (await counter.page(browser)).html


async def test_coupons_are_on_the_page_with_the_purchase_that_gave_them(counter: Counter) -> None:
    customer_id, stranger_id = await counter.member(), await counter.member()
    effect = {"type": "percent_off", "basis_points": 1_000}
    new = {"name": "Come back", "after_purchase": {}}
    terms = {"effect": effect, "starts_days_after_issue": 1, "ends_days_after_issue": 10}
    with clock.frozen(datetime(2026, 11, 23, 9, tzinfo=UTC)):
        async with counter.front.staff() as staff:
            assert (await staff.post("/api/v1/coupon-campaigns", json=new | {"terms": terms})).is_success
            cards = (await staff.get("/api/v1/passes", params={"customer_id": customer_id})).json()["items"]
            body = {"code": cards[0]["code"], "amount_minor": 500}
            bought = (await staff.post("/api/v1/scans/purchases", json=body)).json()
            [given] = bought["coupons"]
        async with counter.signed_in(customer_id) as browser:
            page = await counter.page(browser)
            for words in (
                "My coupons",
                "\N{MINUS SIGN}10%",
                given["code"],
                "Valid from November 24, 2026 to December 3, 2026",
                "From your purchase of November 23, 2026",
                "Put this coupon on a phone",
            ):
                assert words in page.html, words
            opened = await counter.send(browser, "coupon", coupon=given["coupon_id"])
            assert (opened.status_code, opened.headers["location"].startswith("/c/")) == (303, True)
            card = await browser.get(opened.headers["location"])
            assert given["code"] in card.text
        async with counter.signed_in(stranger_id) as browser:
            assert "My coupons" not in (await counter.page(browser)).html
            for tried in (given["coupon_id"], "nothing", SCRIPT):
                sent = await counter.send(browser, "coupon", coupon=tried)
                assert not sent.headers["location"].startswith("/c/")
        async with counter.front.staff() as staff:
            await staff.post(f"/api/v1/scans/purchases/{bought['purchase']['id']}/undo")
        async with counter.signed_in(customer_id) as browser:
            assert "My coupons" not in (await counter.page(browser)).html


async def test_a_long_history_comes_in_pages(counter: Counter) -> None:
    customer_id = await counter.member()
    for _ in range(14):
        await buy(counter, customer_id, 100)
    async with counter.signed_in(customer_id) as browser:
        first = await counter.page(browser, "/history")
        earlier = first.find("a", class_="button plain")["href"]
        assert earlier is not None
        second = await browser.get(earlier)
    assert first.html.count("For a purchase") + second.text.count("For a purchase") == 14
    assert "First known here" not in first.html
    assert "First known here" in second.text


async def test_details_are_changed(counter: Counter) -> None:
    customer_id = await counter.member()
    async with counter.signed_in(customer_id) as browser:
        typed = {"first_name": "Lina B.", "language": "fr", "day": "29", "month": "2", "year": ""}
        saved = await counter.send(browser, "details", **typed)
        assert saved.status_code == 303
        assert saved.headers["location"].endswith("done=saved&lang=en#details")
    async with counter.front.staff() as staff:
        customer = (await staff.get(f"/api/v1/customers/{customer_id}")).json()
    assert (customer["first_name"], customer["language"]) == ("Lina B.", "fr")
    assert customer["birthday"] == {"month": 2, "day": 29, "year": None}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"first_name": ""}, "Write a name of 1 to 100 letters."),
        ({"first_name": "x" * 101}, "Write a name of 1 to 100 letters."),
        ({"day": "31", "month": "2"}, "This day is not in the calendar."),
        ({"day": "31"}, "This day is not in the calendar."),
        ({"day": SCRIPT, "month": "1"}, "This day is not in the calendar."),
        ({"day": "1", "month": "1", "year": "2090"}, "A birthday cannot lie in the future."),
        ({"day": "9" * 300, "month": "1"}, "This day is not in the calendar."),
    ],
)
async def test_what_is_wrong_is_said_at_the_field(counter: Counter, typed: dict[str, str], sentence: str) -> None:
    customer_id = await counter.member()
    async with counter.signed_in(customer_id) as browser:
        answer = await counter.send(browser, "details", **({"first_name": "Lina"} | typed))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert SCRIPT not in answer.text


async def test_script_in_every_field_stays_text(counter: Counter) -> None:
    customer_id = await counter.member()
    async with counter.signed_in(customer_id) as browser:
        saved = await counter.send(browser, "details", first_name=SCRIPT, language="en")
        assert saved.status_code == 303
        for answer in (
            await browser.get(counter.home),
            await counter.send(browser, "data"),
            await counter.send(browser, "email", email=SCRIPT),
            await counter.send(browser, "erase", word=SCRIPT),
            await counter.send(browser, "consents", purpose=SCRIPT, state="granted"),
            await counter.send(browser, "card", card=SCRIPT),
            await browser.get(f"{counter.home}?done={SCRIPT}"),
            await browser.get(f"{counter.home}/history?before={SCRIPT}"),
        ):
            assert answer.status_code in {200, 303, 422}
            assert "alert(1)</script>" not in answer.text


async def test_marketing_is_withdrawn_and_granted_with_its_words(counter: Counter) -> None:
    customer_id = await counter.member(email="choice@example.com")
    async with counter.front.staff() as staff:
        new = {"purpose": "marketing", "channel": "sms", "state": "granted", "source": "till", **WORDING}
        assert (await staff.post(f"/api/v1/customers/{customer_id}/consents", json=new)).status_code == 201
    async with counter.signed_in(customer_id) as browser:
        page = await counter.page(browser)
        assert "Offers by SMS, please." in page.html
        assert "at the till" in page.html
        await counter.send(browser, "consents", purpose="marketing", state="withdrawn")
        withdrawn = {(each["channel"], each["state"]) for each in await current(counter, customer_id)}
        assert withdrawn == {("sms", "granted"), ("none", "withdrawn")}
        assert "I also want offers and news" in (await counter.page(browser)).html
        await counter.send(browser, "consents", purpose="marketing", state="granted")
    said = await current(counter, customer_id)
    granted = {each["channel"]: each for each in said if each["state"] == "granted"}
    assert granted.keys() == {"sms", "whatsapp", "push", "email"}
    assert granted["sms"]["wording"].startswith("I also want offers and news from Café Central")
    assert granted["sms"]["source"] == "form"
    assert granted["sms"]["actor"] == customer_id


async def test_a_purpose_of_the_shop_is_granted_again_in_its_own_words(counter: Counter) -> None:
    customer_id = await counter.member()
    async with counter.front.staff() as staff:
        new = {"purpose": "surveys", "channel": "email", "state": "granted", **WORDING}
        assert (await staff.post(f"/api/v1/customers/{customer_id}/consents", json=new)).status_code == 201
    async with counter.signed_in(customer_id) as browser:
        await counter.send(browser, "consents", purpose="surveys", state="withdrawn")
        await counter.send(browser, "consents", purpose="surveys", state="granted")
        await counter.send(browser, "consents", purpose="never_heard_of", state="granted")
        await counter.send(browser, "consents", purpose="loyalty_program", state="withdrawn")
    said = await current(counter, customer_id)
    assert {each["purpose"] for each in said} == {"surveys"}
    assert {(each["channel"], each["state"], each["wording"]) for each in said} == {
        ("email", "granted", WORDING["wording"]),
        ("none", "withdrawn", None),
    }


async def _messages(counter: Counter, customer_id: str) -> list[tuple[str, str]]:
    """What staff see of the mails to a customer, newest first."""
    async with counter.front.staff() as staff:
        listed = (await staff.get(f"/api/v1/customers/{customer_id}/messages")).json()["items"]
    return [(one["topic"], one["state"]) for one in listed]


async def test_a_new_address_counts_when_its_link_is_opened(counter: Counter) -> None:
    customer_id = await counter.member(email="before@example.com")
    async with counter.signed_in(customer_id) as browser:
        await counter.send(browser, "email", email="After@Example.com")
        await counter.do_jobs()
        assert counter.box.letters[-1]["To"] == "after@example.com"
        path = counter.mailed_path()
        async with counter.front.staff() as staff:
            assert (await staff.get(f"/api/v1/customers/{customer_id}")).json()["email"] == "before@example.com"
            assert (await browser.get(path)).status_code == 200
            assert (
                await browser.post(path.replace("confirm", "open"))
            ).status_code == 410  # it is for the address alone
            assert (await browser.post(path)).status_code == 200
            assert (await staff.get(f"/api/v1/customers/{customer_id}")).json()["email"] == "after@example.com"
        assert (await browser.post(path)).status_code == 410
    await counter.do_jobs()
    assert counter.box.letters[-1]["To"] == "before@example.com"
    assert await _messages(counter, customer_id) == [("address_changed", "sent"), ("new_address", "sent")]


async def test_an_address_of_somebody_else_is_not_told_and_not_taken(counter: Counter) -> None:
    customer_id = await counter.member(email="mine@example.com")
    await counter.member(email="theirs@example.com")
    async with counter.signed_in(customer_id) as browser:
        taken = await counter.send(browser, "email", email="theirs@example.com")
        free = await counter.send(browser, "email", email="free@example.com")
        assert (taken.status_code, taken.headers["location"]) == (free.status_code, free.headers["location"])
        await counter.do_jobs()
        [path] = [
            counter.mailed_path(number)
            for number, letter in enumerate(counter.box.letters)
            if letter["To"] == "theirs@example.com"
        ]
        assert (await browser.post(path)).status_code == 410
    async with counter.front.staff() as staff:
        assert (await staff.get(f"/api/v1/customers/{customer_id}")).json()["email"] == "mine@example.com"


async def _known_phone(counter: Counter, customer_id: str) -> str | None:
    async with counter.front.staff() as staff:
        phone: str | None = (await staff.get(f"/api/v1/customers/{customer_id}")).json()["phone"]
    return phone


async def test_a_new_number_counts_when_the_link_to_the_known_address_is_opened(counter: Counter) -> None:
    customer_id = await counter.member(email="number@example.com", phone="+33611100061")
    async with counter.signed_in(customer_id) as browser:
        wrong = await counter.send(browser, "phone", phone="12")
        assert wrong.status_code == 422
        assert 'id="phone-error"' in wrong.text
        await counter.send(browser, "phone", phone="06 11 10 00 62")
        await counter.do_jobs()
        assert counter.box.letters[-1]["To"] == "number@example.com"
        assert "0062" in counter.box.letters[-1].get_content()
        path = counter.mailed_path()
        assert "0062" in (await browser.get(path)).text
        assert await _known_phone(counter, customer_id) == "+33611100061"
        for other in ("open", "confirm"):  # it is for the number alone
            assert (await browser.post(path.replace("/number/", f"/{other}/"))).status_code == 410
        both = await asyncio.gather(browser.post(path), browser.post(path))
        assert sorted(answer.status_code for answer in both) == [200, 410]
    assert await _known_phone(counter, customer_id) == "+33611100062"
    assert await _messages(counter, customer_id) == [("new_number", "sent")]


async def test_a_number_of_somebody_else_is_not_told_and_not_taken(counter: Counter) -> None:
    customer_id = await counter.member(email="asks@example.com", phone="+33611100063")
    await counter.member(phone="+33611100064")
    async with counter.signed_in(customer_id) as browser:
        taken = await counter.send(browser, "phone", phone="+33611100064")
        free = await counter.send(browser, "phone", phone="+33611100065")
        assert (taken.status_code, taken.headers["location"]) == (free.status_code, free.headers["location"])
        await counter.do_jobs()
        letters = [number for number, letter in enumerate(counter.box.letters) if letter["To"] == "asks@example.com"]
        [first] = [number for number in letters if "0064" in counter.box.letters[number].get_content()]
        refused = await browser.post(counter.mailed_path(first))
        assert (refused.status_code, "cannot be set here" in refused.text) == (409, True)
    assert await _known_phone(counter, customer_id) == "+33611100063"
    async with counter.front.database.transaction(counter.front.shop.organization_id) as tx:
        told = await tx.fetchval("SELECT count(*) FROM events WHERE name = 'customer.duplicate_suspected'")
    assert told >= 1


async def test_who_has_no_settled_address_changes_the_number_at_the_till(counter: Counter) -> None:
    """A session that fell into other hands may set its own address, but not the number with it."""
    nobody = await counter.member(phone="+33611100066")
    async with counter.signed_in(nobody) as browser:
        page = await counter.page(browser)
        assert "ask at the till" in page.html
        assert 'name="phone"' not in page.html
        await counter.send(browser, "email", email="thief@example.com")
        await counter.do_jobs()
        assert (await browser.post(counter.mailed_path())).status_code == 200
        before = len(counter.box.letters)
        await counter.send(browser, "phone", phone="+33611100067")
        await counter.do_jobs()
        assert len(counter.box.letters) == before
    with clock.frozen(clock.now() + timedelta(days=4)):
        async with counter.signed_in(nobody) as browser:
            for _ in range(5):
                await counter.send(browser, "phone", phone="+33611100067")
            await counter.do_jobs()
    assert len(counter.box.letters) == before + 3
    assert await _known_phone(counter, nobody) == "+33611100066"


async def test_everything_known_as_a_page_and_as_a_file(counter: Counter) -> None:
    customer_id = await counter.member(phone="+33611100020")
    await buy(counter, customer_id)
    async with counter.signed_in(customer_id) as browser:
        read = await counter.send(browser, "data")
        file = await counter.send(browser, "data.json")
    assert "+33611100020" in read.text
    assert "Purchases" in read.text
    assert file.headers["content-disposition"] == f'attachment; filename="{customer_id}.json"'
    data = json.loads(file.text)
    assert data["customer_id"] == customer_id
    assert data["data"]["customer"]["phone"] == "+33611100020"
    assert [one["purpose"] for one in data["data"]["own_page"]["links"]] == ["page"]
    assert "digest" not in file.text
    async with counter.front.staff() as staff:
        trail = (await staff.get("/api/v1/events", params={"name": "customer.exported"})).json()["items"]
    assert [entry["actor"] for entry in trail].count(customer_id) == 2


async def test_erasure_wants_the_word_and_is_for_good(counter: Counter) -> None:
    customer_id = await counter.member(email="forget.me@example.com")
    code = await buy(counter, customer_id)
    async with counter.signed_in(customer_id) as browser, counter.front.browser() as other:
        await other.post(await counter.link(customer_id))
        unused = await counter.link(customer_id)
        before = await counter.page(browser, "/erase")
        assert "5 points" in before.html
        refused = await counter.send(browser, "erase", word="erased")
        assert refused.status_code == 422
        assert "Nothing has been erased" in refused.text
        erased = await counter.send(browser, "erase", word=" effacer ")
        assert erased.status_code == 200
        assert "Everything is erased" in erased.text
        for each in (browser, other):
            assert "Have the link sent" in (await each.get(f"{counter.home}?lang=en")).text
        assert (await browser.post(unused)).status_code == 410
    async with counter.front.staff() as staff:
        assert (await staff.get(f"/api/v1/customers/{customer_id}")).status_code == 410
        scanned = await staff.post("/api/v1/scans", json={"code": code})
        assert scanned.json()["code"] == "card_unknown"
        assert (await staff.post(f"/api/v1/customers/{customer_id}/page-link")).status_code == 410


async def test_a_link_from_staff_who_may_not_erase_does_not_erase(counter: Counter) -> None:
    customer_id = await counter.member()
    async with counter.front.staff() as staff:
        scopes = ["customers:read", "customers:export"]
        key = (await staff.post("/api/v1/api-keys", json={"name": "Desk", "scopes": scopes})).json()["api_key"]
        weaker = {"name": "Till", "scopes": ["customers:read", "customers:write"]}
        till = (await staff.post("/api/v1/api-keys", json=weaker)).json()["api_key"]
    async with counter.front.browser(Authorization=f"Bearer {till}") as browser:
        assert (await browser.post(f"/api/v1/customers/{customer_id}/page-link")).status_code == 403
    async with counter.signed_in(customer_id, {"Authorization": f"Bearer {key}"}) as browser:
        assert "This link came from the team" in (await counter.page(browser, "/erase")).html
        assert (await counter.send(browser, "erase", word="ERASE")).status_code == 303
    async with counter.front.staff() as staff:
        assert (await staff.get(f"/api/v1/customers/{customer_id}")).status_code == 200


@pytest.mark.parametrize("step", ["details", "email", "consents", "card", "data", "data.json", "erase", "sign-out"])
async def test_forms_want_session_seal_and_this_site(counter: Counter, step: str) -> None:
    customer_id = await counter.member()
    typed = {"first_name": "Mallory", "word": "ERASE", "purpose": "marketing", "state": "granted"}
    async with counter.front.browser() as nobody:
        answer = await nobody.post(f"{counter.home}/{step}", data=typed)
        assert answer.status_code == 303
        assert "done=" not in answer.headers["location"]
    async with counter.signed_in(customer_id) as browser:
        seal = (await counter.page(browser)).fields["seal"]
        for wrong in ("", "é", seal[:-1], "0" * 32):
            answer = await browser.post(f"{counter.home}/{step}", data=typed | {"seal": wrong})
            assert "done=form_expired" in answer.headers["location"]
        foreign = {"Sec-Fetch-Site": "cross-site"}
        sent = await browser.post(f"{counter.home}/{step}", data=typed | {"seal": seal}, headers=foreign)
        assert sent.status_code == 403
        assert (await browser.post(f"{counter.home}/{step}", json=typed)).status_code == 400
        assert "Hello Lina" in (await counter.page(browser)).html
    assert await current(counter, customer_id) == []


async def test_signing_out_ends_the_session_itself(counter: Counter) -> None:
    async with counter.signed_in(await counter.member()) as browser:
        kept = dict(browser.cookies)
        left = await counter.send(browser, "sign-out")
        assert "Max-Age=0" in left.headers["set-cookie"]
        cookie = "; ".join(f"{name}={value}" for name, value in kept.items())
        again = await browser.get(f"{counter.home}?lang=en", headers={"Cookie": cookie})
    assert "Have the link sent" in again.text


async def test_a_card_goes_to_another_phone_and_nobody_else_s_does(counter: Counter) -> None:
    mine, theirs = await counter.member(), await counter.member()
    async with counter.front.staff() as staff:
        cards = {
            owner: (await staff.get("/api/v1/passes", params={"customer_id": owner})).json()["items"][0]["id"]
            for owner in (mine, theirs)
        }
    async with counter.signed_in(mine) as browser:
        assert (await counter.send(browser, "card", card=cards[theirs])).headers["location"].startswith("/m/")
        place = (await counter.send(browser, "card", card=cards[mine])).headers["location"]
        assert place.startswith("/c/c_")
        assert (await browser.get(place)).status_code == 200


async def test_the_card_page_leads_to_my_page_and_shows_nothing_of_it(counter: Counter) -> None:
    path = await counter.front.join(user_agent=DESKTOP, phone="+33611100030", name="Zoé Secret")
    async with counter.front.browser(IPHONE) as browser:
        answer = await browser.get(f"{path}?wallet=page&lang=en")
        link = Page(answer.text, path).find("a", class_="line")["href"]
        assert link == f"{counter.home}?lang=en"
        assert "Have the link sent" in (await browser.get(link)).text
    assert "611100030" not in answer.text


async def test_pages_are_light_and_load_nothing_but_pictures(counter: Counter) -> None:
    customer_id = await counter.member(email="light@example.com")
    for _ in range(6):
        await buy(counter, customer_id)
    async with counter.front.browser() as nobody:
        asked = await nobody.get(counter.home)
    async with counter.signed_in(customer_id) as browser:
        answers = [asked, await browser.get(counter.home), await browser.get(f"{counter.home}/history")]
    for answer in answers:
        assert len(gzip.compress(answer.content)) < 15_000
        tags = {tag for tag, _ in Page(answer.text, str(answer.url)).tags}
        assert not {"script", "iframe", "object"} & tags
        assert answer.headers["cache-control"] == "no-store"
        assert "script-src" not in answer.headers["content-security-policy"]


@pytest.mark.parametrize("step", ["ask", "details", "email", "consents", "card", "data", "data.json", "sign-out"])
async def test_the_address_of_a_form_leads_to_the_page(counter: Counter, step: str) -> None:
    async with counter.front.browser() as browser:
        answer = await browser.get(f"{counter.home}/{step}?lang=ar")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{counter.home}?lang=ar")
