"""Receipts and feedback as customers meet them: on their page, by a code, and by joining."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from passerelle.feedback import jobs
from passerelle.kit import clock
from passerelle.kit.ids import new_id
from passerelle.kit.jobs import Work
from tests.distribution.mypage.conftest import Counter
from tests.distribution.mypage.test_page import buy
from tests.distribution.shopfront import DESKTOP


async def told(counter: Counter, **fields: object) -> dict[str, Any]:
    """A receipt of 12 euros."""
    body = {"reference": f"T-{new_id()}", "amount_minor": 1_200} | fields
    async with counter.front.staff() as staff:
        made = await staff.post("/api/v1/receipts", json=body)
    assert made.status_code == 201, made.text
    return dict(made.json())


async def state_of(counter: Counter, receipt: dict[str, Any]) -> str:
    async with counter.front.staff() as staff:
        return str((await staff.get(f"/api/v1/receipts/{receipt['id']}")).json()["state"])


async def test_a_customer_claims_by_the_printed_code(counter: Counter) -> None:
    customer_id, receipt = await counter.member(), await told(counter)
    path = urlsplit(receipt["claim_url"]).path
    step = path.removeprefix(counter.home)
    async with counter.signed_in(customer_id) as browser:
        shown = await counter.page(browser, step)
        assert "€12.00" in shown.html
        assert "12 points" in shown.html
        forged = await browser.post(f"{path}?lang=en", data={"seal": "0" * 32})
        assert (forged.status_code, await state_of(counter, receipt)) == (303, "open")
        claimed = await browser.post(f"{path}?lang=en", data={"seal": shown.fields["seal"]})
        assert claimed.status_code == 303
        page = await browser.get(claimed.headers["location"])
        assert "The receipt is on your card." in page.text
        assert "+12 points" in page.text
        again = await browser.get(f"{path}?lang=en")
        assert (again.status_code, "claimed already" in again.text) == (409, True)
        assert "Add a receipt" in (await counter.page(browser)).html
    assert await state_of(counter, receipt) == "claimed"


async def test_a_stranger_signs_in_and_comes_back(counter: Counter) -> None:
    customer_id, receipt = await counter.member(), await told(counter)
    path = urlsplit(receipt["claim_url"]).path
    async with counter.front.browser(DESKTOP, "en") as browser:
        typed = await browser.post(f"{counter.home}/receipt?lang=en", data={"code": receipt["code"].lower()})
        assert typed.status_code == 303
        shown = await browser.get(typed.headers["location"])
        assert "Whose is it?" in shown.text
        opened = await browser.post(await counter.link(customer_id))
        assert urlsplit(opened.headers["location"]).path == path
        assert "Claim this receipt" in (await browser.get(f"{path}?lang=en")).text


async def test_a_stranger_joins_and_has_it(counter: Counter) -> None:
    receipt = await told(counter)
    async with counter.front.browser(DESKTOP, "en") as browser:
        shown = await browser.get(f"{urlsplit(receipt['claim_url']).path}?lang=en")
        door = f"{counter.front.path}?receipt={receipt['code']}"
        assert f"{door}&amp;lang=en" in shown.text
        joined = await counter.front.fill(browser, f"{door}&lang=en", phone="06 12 34 99 01", name="Nour")
        assert joined.status_code == 303, joined.text
        assert (await browser.get(joined.headers["location"])).status_code == 200
        assert await state_of(counter, receipt) == "claimed"
        other = await counter.front.fill(browser, f"{door}&lang=en", phone="06 12 34 99 02", name="Late")
        assert other.status_code == 303, "who comes too late joins all the same"
    async with counter.front.staff() as staff:
        owner = (await staff.get(f"/api/v1/receipts/{receipt['id']}")).json()
        history = (await staff.get(f"/api/v1/customers/{owner['customer_id']}/timeline")).json()["items"]
    kinds = {each["kind"]: each for each in history}
    assert kinds["receipt"]["receipt_id"] == receipt["id"]
    assert kinds["units"]["movements"][0]["amount"] == 12


async def test_what_is_printed_is_enough_if_the_shop_says_so(counter: Counter) -> None:
    customer_id, receipt = await counter.member(), await told(counter, amount_minor=1_250)
    local = clock.now().astimezone(ZoneInfo("Europe/Paris")).date()
    printed = {"reference": receipt["reference"], "on": local.isoformat(), "total": "12,50"}
    async with counter.signed_in(customer_id) as browser:
        refused = await counter.send(browser, "receipt-print", **printed)
        assert (refused.status_code, "by its code" in refused.text) == (409, True)
        async with counter.front.staff() as staff:
            settings = {"claim_days": 30, "per_day": 3, "per_month": 20, "by_print": True}
            assert (await staff.put("/api/v1/receipt-settings", json=settings)).is_success
        assert "Receipt number" in (await counter.page(browser, "/receipt")).html
        for wrong in ({"total": "12.51"}, {"on": (local - timedelta(days=1)).isoformat()}, {"reference": "T-0"}):
            missed = await counter.send(browser, "receipt-print", **(printed | wrong))
            assert (missed.status_code, "There is no such receipt" in missed.text) == (404, True), missed.text
        for unreadable in ({"total": "12.505"}, {"total": "a"}, {"on": "yesterday"}):
            assert (await counter.send(browser, "receipt-print", **(printed | unreadable))).status_code == 422
        found = await counter.send(browser, "receipt-print", **printed)
        assert urlsplit(found.headers["location"]).path.endswith(f"/receipt/{receipt['code']}")
        for _ in range(7):
            await counter.send(browser, "receipt-print", **(printed | {"total": "1.00"}))
        slowed = await counter.send(browser, "receipt-print", **printed)
        assert (slowed.status_code, "Wait 30 minutes" in slowed.text) == (429, True)


async def test_codes_that_are_none_lead_nowhere(counter: Counter) -> None:
    async with counter.front.browser(DESKTOP, "en") as browser:
        for code in ("0000-0000-0000", "x", "%00", "a" * 200):
            missed = await browser.get(f"{counter.home}/receipt/{code}?lang=en")
            assert missed.status_code in {404, 422}, missed.text
        missed = await browser.get(f"{counter.home}/receipt/0000-0000-0000?lang=en")
        assert "There is no such receipt" in missed.text
        assert f'href="{urlsplit(counter.home).path}/receipt?lang=en"' in missed.text, "the way to another code"
        empty = await browser.post(f"{counter.home}/receipt?lang=en", data={"code": " - "})
        assert empty.status_code == 422


async def test_the_page_and_the_card_ask_how_it_was(counter: Counter) -> None:
    customer_id = await counter.member()
    settings = {"enabled": True, "delay_minutes": 0, "every_days": 1, "occasions": ["purchase"], "by_mail": False}
    async with counter.front.staff() as staff:
        assert (await staff.put("/api/v1/feedback-settings", json=settings)).is_success
    await buy(counter, customer_id)
    organization = {"organization_id": str(counter.front.shop.organization_id)}
    await jobs.ask(Work(counter.front.database, counter.settings), organization)
    async with counter.signed_in(customer_id) as browser:
        page = await counter.page(browser)
        [link] = [given["href"] for tag, given in page.tags if tag == "a" and "/visit/" in (given.get("href") or "")]
        assert link is not None
        card = await counter.send(browser, "card", card=page.fields["card"])
        assert link.partition("?")[0] in (await browser.get(card.headers["location"])).text
        said = await browser.post(link, data={"stars": "4", "words": "Good"})
        assert said.status_code == 303
        assert "/visit/" not in (await counter.page(browser)).html
        assert "Change my answer" in (await browser.get(link)).text
        with clock.frozen(clock.now() + timedelta(hours=25)):
            late = await browser.post(link, data={"stars": "1"})
        assert (late.status_code, "4 of 5" in late.text) == (409, True)
