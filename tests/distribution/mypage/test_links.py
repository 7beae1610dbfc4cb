"""The way to my page: asking, the mail, opening once; and who does not get in."""

import asyncio
import io
import json
import zipfile
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

import pytest

from passerelle.distribution.mypage import jobs, pages
from passerelle.kit import clock, mail
from passerelle.kit.ids import encode
from passerelle.kit.jobs import Work
from passerelle.kit.wire import after
from passerelle.messaging import service as messaging
from tests.distribution.conftest import Wallets
from tests.distribution.mypage.conftest import Counter
from tests.distribution.shopfront import DESKTOP, SLACKBOT, Shopfront


async def test_a_mailed_link_opens_the_page_once(counter: Counter) -> None:
    await counter.member(email="lina.mail@example.com", phone="+33611100001")
    for contact in ("Lina.Mail@example.com ", "06 11 10 00 01"):
        async with counter.front.browser(DESKTOP, "fr") as browser:
            asked = await browser.post(f"{counter.home}/ask?lang=fr", data={"contact": contact})
            assert asked.status_code == 303
            assert "en route" in (await browser.get(asked.headers["location"])).text
            await counter.do_jobs()
            letter = counter.box.letters[-1]
            assert letter["To"] == "lina.mail@example.com"
            assert letter["Subject"] == "Votre page chez Café Central"
            path = counter.mailed_path()
            looked = await browser.get(path)
            assert looked.status_code == 200
            assert "set-cookie" not in looked.headers
            opened = await browser.post(path)
            assert opened.status_code == 303
            cookie = opened.headers["set-cookie"]
            assert f"Path={counter.home}" in cookie
            assert {"HttpOnly", "SameSite=lax", "Max-Age=86400"} <= {part.strip() for part in cookie.split(";")}
            home = await browser.get(counter.home)
            assert "Hello Lina" in home.text  # the language they told the shop, not the browser's
        async with counter.front.browser() as second:
            for again in (await second.get(path), await second.post(path)):
                assert again.status_code == 410
                assert "set-cookie" not in again.headers


async def test_the_answer_tells_nobody_who_is_known(counter: Counter) -> None:
    await counter.member(email="known@example.com", phone="+33611100002")
    await counter.member(phone="+33611100003")  # no address to send anything to
    before = len(counter.box.letters)
    answers = []
    for contact in ("known@example.com", "nobody@example.com", "+33611100003", "+33611109999"):
        async with counter.front.browser() as browser:
            asked = await browser.post(f"{counter.home}/ask?lang=en", data={"contact": contact})
            page = await browser.get(asked.headers["location"])
        nonce_free = page.text.split("</style>")[1]
        answers.append((asked.status_code, asked.headers["location"], asked.text, nonce_free))
    assert len(set(answers)) == 1
    await counter.do_jobs()
    assert [letter["To"] for letter in counter.box.letters[before:]] == ["known@example.com"]


@pytest.mark.parametrize(
    ("contact", "sentence"),
    [
        ("", "Write your e-mail or your mobile number."),
        ("12", "This is not a phone number."),
        ("a@b", "This is not an e-mail address."),
        ("<script>alert(1)</script>", "This is not a phone number."),
    ],
)
async def test_what_is_no_contact_is_said_at_the_field(counter: Counter, contact: str, sentence: str) -> None:
    async with counter.front.browser() as browser:
        answer = await browser.post(f"{counter.home}/ask?lang=en", data={"contact": contact})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "<script>alert" not in answer.text


async def test_a_customer_gets_five_mails_an_hour_and_an_address_asks_thirty_times(counter: Counter) -> None:
    customer_id = await counter.member(email="often@example.com")
    before = len(counter.box.letters)
    async with counter.front.browser() as browser:
        for _ in range(8):
            await browser.post(f"{counter.home}/ask", data={"contact": "often@example.com"})
            await counter.do_jobs()
        assert len(counter.box.letters) - before == 5
        await counter.link(customer_id)  # staff can help nevertheless
        for _ in range(22):
            await browser.post(f"{counter.home}/ask?lang=en", data={"contact": "often@example.com"})
        refused = await browser.post(f"{counter.home}/ask?lang=en", data={"contact": "often@example.com"})
    assert refused.status_code == 429
    assert "Wait 10 minutes" in refused.text
    pages._asks._spent.clear()


async def _written(counter: Counter, customer_id: str) -> list[tuple[UUID, str, str]]:
    """What staff see of the mails to a customer, newest first."""
    async with counter.front.database.transaction(counter.front.shop.organization_id) as tx:
        found = await messaging.list_messages(tx, counter.id_of(customer_id), after(None), 50)
    return [(one.id, one.topic, one.state) for one in found]


async def test_a_mail_server_that_is_down_uses_no_links_up(counter: Counter) -> None:
    """However often a mail fails, it comes when the server is back; staff see one message, and what became of it."""
    customer_id = await counter.member(email="patient@example.com")
    organization_id = counter.front.shop.organization_id
    async with counter.front.database.transaction(organization_id) as tx:
        message_id = await messaging.queue_message(tx, counter.id_of(customer_id), channel="email", topic="page_link")
    payload = {
        "organization_id": str(organization_id),
        "customer_id": str(counter.id_of(customer_id)),
        "message_id": str(message_id),
        "language": "en",
    }
    work = Work(counter.front.database, counter.settings)
    counter.box.refuses = True
    try:
        for _ in range(7):
            with pytest.raises(mail.MailNotSent):
                await jobs.mail_link(work, payload)
            assert await _written(counter, customer_id) == [(message_id, "page_link", "failed")]
    finally:
        counter.box.refuses = False
    await jobs.mail_link(work, payload)
    assert await _written(counter, customer_id) == [(message_id, "page_link", "sent")]
    assert counter.box.letters[-1]["To"] == "patient@example.com"
    async with counter.front.browser() as browser:
        assert (await browser.post(counter.mailed_path())).status_code == 303


async def test_mails_queued_before_there_was_a_list_of_messages_still_go_out(counter: Counter) -> None:
    customer_id = await counter.member(email="early@example.com")
    organization_id = counter.front.shop.organization_id
    async with counter.front.database.transaction(organization_id) as tx:
        sealed = (await tx.vault.keys(tx)).encrypt("before@example.com", "page_links.email").hex()
    work = Work(counter.front.database, counter.settings)
    to_customer = {
        "organization_id": str(organization_id),
        "customer_id": str(counter.id_of(customer_id)),
        "language": "en",
    }
    before = len(counter.box.letters)
    await jobs.mail_link(work, to_customer)
    await jobs.tell_old_address(work, {"organization_id": str(organization_id), "email": sealed})
    assert [letter["To"] for letter in counter.box.letters[before:]] == ["early@example.com", "before@example.com"]
    nobody = await counter.member(phone="+33611100041")
    await jobs.mail_link(work, to_customer | {"customer_id": str(counter.id_of(nobody))})
    assert len(counter.box.letters) == before + 2
    assert await _written(counter, customer_id) == []


async def test_staff_see_no_message_where_none_was_written(counter: Counter) -> None:
    """Somebody without an address asks by their number: it stands there until the job finds out."""
    customer_id = await counter.member(phone="+33611100042")
    async with counter.front.browser() as browser:
        await browser.post(f"{counter.home}/ask?lang=en", data={"contact": "+33611100042"})
    assert [state for *_, state in await _written(counter, customer_id)] == ["queued"]
    await counter.do_jobs()
    assert await _written(counter, customer_id) == []


async def test_a_shop_of_two_lines_still_sends_mail(counter: Counter) -> None:
    """A line break in a name ends no header and begins none."""
    box, settings = counter.box, counter.settings
    letter = mail.Letter("two@example.com", "Your page at Café\r\nBcc: all@example.com", "Hello")
    await mail.send(settings, letter)
    assert box.letters[-1]["Subject"] == "Your page at Café Bcc: all@example.com"
    assert box.letters[-1]["Bcc"] is None


async def test_staff_make_at_most_five_links_an_hour(counter: Counter) -> None:
    customer_id = await counter.member()
    for _ in range(5):
        await counter.link(customer_id)
    async with counter.front.staff() as staff:
        refused = await staff.post(f"/api/v1/customers/{customer_id}/page-link")
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_page_links")


async def test_links_and_sessions_end(counter: Counter) -> None:
    customer_id = await counter.member()
    now = clock.now()
    with clock.frozen(now):
        path = await counter.link(customer_id)
        other = await counter.link(customer_id)
    async with counter.front.browser() as browser:
        with clock.frozen(now + timedelta(minutes=30)):
            assert (await browser.post(path)).status_code == 410
        with clock.frozen(now + timedelta(minutes=29)):
            assert (await browser.post(other)).status_code == 303
            assert "Hello Lina" in (await browser.get(f"{counter.home}?lang=en")).text
        with clock.frozen(now + timedelta(minutes=29, days=1)):
            assert "Have the link sent" in (await browser.get(f"{counter.home}?lang=en")).text


async def test_two_browsers_that_open_one_link_at_once(counter: Counter) -> None:
    path = await counter.link(await counter.member())
    async with counter.front.browser() as one, counter.front.browser() as other:
        answers = await asyncio.gather(one.post(path), other.post(path))
    assert sorted(answer.status_code for answer in answers) == [303, 410]


async def test_no_way_into_another_tenant(counter: Counter, rival: Shopfront) -> None:
    customer_id = await counter.member()
    path = await counter.link(customer_id)
    elsewhere = f"/m/{encode('org', rival.shop.organization_id)}"
    async with rival.browser() as browser:
        wrong = path.replace(counter.home, elsewhere)
        assert (await browser.get(wrong)).status_code == 410
        assert (await browser.post(wrong)).status_code == 410
        made = await browser.post(f"/api/v1/customers/{customer_id}/page-link", headers=rival.shop.headers)
        assert made.status_code == 404
    async with counter.signed_in(customer_id) as browser:
        value = next(iter(browser.cookies.values()))
        name = f"page_{elsewhere.removeprefix('/m/org_')}"
        answer = await browser.get(f"{elsewhere}?lang=en", headers={"Cookie": f"{name}={value}"})
    assert "Hello" not in answer.text


@pytest.mark.parametrize("path", ["/m/org_nothing", "/m/prg_1", "/m/org_0000000000000000000000000a"])
async def test_addresses_of_nobody(counter: Counter, path: str) -> None:
    async with counter.front.browser() as browser:
        assert (await browser.get(path)).status_code == 404
        assert (await browser.post(f"{path}/open/abc")).status_code == 404


@pytest.mark.parametrize("secret", ["", "abc", "é", "x" * 5000, "%00", "../../erase"])
async def test_links_of_nobody(counter: Counter, secret: str) -> None:
    async with counter.front.browser() as browser:
        answer = await browser.get(f"{counter.home}/open/{secret}")
    assert answer.status_code in {404, 410}


async def test_bots_and_other_sites_use_up_nothing(counter: Counter) -> None:
    path = await counter.link(await counter.member())
    async with counter.front.browser(SLACKBOT) as bot:
        assert (await bot.get(path)).status_code == 200
        assert (await bot.post(path)).status_code == 403
    async with counter.front.browser(**{"Sec-Fetch-Site": "cross-site"}) as browser:
        assert (await browser.post(path)).status_code == 403
        assert (await browser.post(f"{counter.home}/ask", data={"contact": "a@example.com"})).status_code == 403
    async with counter.front.browser() as browser:
        assert (await browser.post(path)).status_code == 303


async def test_without_a_mail_server_the_page_says_who_helps(rival: Shopfront) -> None:
    home = f"/m/{encode('org', rival.shop.organization_id)}"
    async with rival.browser() as browser:
        page = await browser.get(f"{home}?lang=en")
        assert "Ask at the till: the team makes the link for you." in page.text
        assert '<form method="post"' not in page.text
        assert (await browser.post(f"{home}/ask", data={"contact": "a@example.com"})).status_code == 200


async def test_secrets_are_digests_at_rest(counter: Counter) -> None:
    customer_id = await counter.member()
    path = await counter.link(customer_id)
    async with counter.front.database.transaction(counter.front.shop.organization_id) as tx:
        rows = await tx.fetch("SELECT * FROM page_links WHERE customer_id = $1", counter.id_of(customer_id))
    assert len(rows) == 1
    assert path.rpartition("/")[2] not in str(rows)
    assert rows[0]["origin"] == "staff"


async def test_links_end_when_two_entries_become_one(counter: Counter) -> None:
    kept, merged = await counter.member(), await counter.member()
    path = await counter.link(merged)
    async with counter.signed_in(merged) as browser:
        async with counter.front.staff() as staff:
            done = await staff.post(f"/api/v1/customers/{kept}/merge", json={"customer_id": merged})
            assert done.status_code == 200, done.text
            gone = await staff.post(f"/api/v1/customers/{merged}/page-link")
            assert gone.status_code == 410
        assert (await browser.post(path)).status_code == 410
        assert "Have the link sent" in (await browser.get(f"{counter.home}?lang=en")).text


async def test_the_back_of_the_card_leads_to_the_way_in(wallets: Wallets) -> None:
    front = wallets.front
    path = await front.join(phone="+33611100040")
    async with front.browser() as browser:
        card = await browser.get(f"{path}.pkpass")
        with zipfile.ZipFile(io.BytesIO(card.content)) as archive:
            document = json.loads(archive.read("pass.json"))
        [style] = [value for value in document.values() if isinstance(value, dict) and "backFields" in value]
        [address] = [field["value"] for field in style["backFields"] if field["key"] == "page"]
        assert address == wallets.stage.settings.url(f"/m/{encode('org', front.shop.organization_id)}")
        assert (await browser.get(urlsplit(address).path)).status_code == 200
