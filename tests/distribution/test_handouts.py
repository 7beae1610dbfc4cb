"""Handout links: who looks gets nothing, who asks gets one code, and no more are given than the shop said."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from tests.distribution.conftest import Wallets
from tests.distribution.shopfront import ANDROID, DESKTOP, IPHONE, SLACKBOT, Page

Json = dict[str, Any]


async def campaign_of(http: httpx.AsyncClient, **more: Any) -> Json:
    terms = {"effect": {"type": "amount_off", "amount_minor": 300}} | more.pop("terms", {})
    answer = await http.post("/api/v1/coupon-campaigns", json={"name": "Spring", "terms": terms} | more)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def link_of(http: httpx.AsyncClient, campaign: Json, **more: Any) -> Json:
    answer = await http.post("/api/v1/handout-links", json={"campaign_id": campaign["id"], "name": "Flyer"} | more)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


@asynccontextmanager
async def browser(user_agent: str = IPHONE) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(headers={"User-Agent": user_agent, "Accept-Language": "en"}) as opened:
        yield opened


async def take(http: httpx.AsyncClient, url: str) -> httpx.Response:
    """Open the page and press the button."""
    shown = await http.get(url)
    assert shown.status_code == 200, shown.text
    page = Page(shown.text, url)
    return await http.post(page.action, data=page.fields)


async def codes(wallets: Wallets, campaign: Json) -> list[Json]:
    answer = await wallets.stage.http.get(f"/api/v1/coupon-campaigns/{campaign['id']}/codes")
    return list(answer.json()["items"])


async def test_one_browser_gets_one_code_as_a_card(wallets: Wallets) -> None:
    campaign = await campaign_of(wallets.stage.http)
    link = await link_of(wallets.stage.http, campaign)
    async with browser() as phone:
        first = await take(phone, link["url"])
        assert first.status_code == 303
        again = await phone.get(link["url"])
        assert (again.status_code, again.headers["location"]) == (303, first.headers["location"])
        card = await phone.get(str(httpx.URL(link["url"]).join(first.headers["location"])))
    assert card.headers["content-type"] == "application/vnd.apple.pkpass"
    [coupon] = await codes(wallets, campaign)
    assert coupon["customer_id"] is None
    held = await wallets.stage.phone.add(card.content)
    assert held.package.pass_json["barcodes"][0]["message"] == coupon["code"]
    used = await wallets.stage.post("/api/v1/scans/coupons/redeem", {"code": coupon["code"], "amount_minor": 1_000})
    assert used["discount_minor"] == 300
    listed = (await wallets.stage.get(f"/api/v1/handout-links?campaign_id={campaign['id']}"))["items"]
    assert [each["handed_out"] for each in listed] == [1]


@pytest.mark.parametrize("user_agent", [SLACKBOT, "facebookexternalhit/1.1", "WhatsApp/2.23"])
async def test_previews_create_nothing(wallets: Wallets, user_agent: str) -> None:
    campaign = await campaign_of(wallets.stage.http)
    link = await link_of(wallets.stage.http, campaign)
    async with browser(user_agent) as bot:
        seen = await bot.get(link["url"])
        assert seen.status_code == 200
        assert "Spring" in seen.text
        assert "<form" not in seen.text
        assert (await bot.post(link["url"], data={"ticket": ""})).status_code == 403
    async with browser(DESKTOP) as person:
        assert (await person.get(link["url"])).status_code == 200
        assert (await person.head(link["url"])).status_code == 200
        assert (await person.post(link["url"], data={"ticket": "made up"})).status_code == 422
    assert await codes(wallets, campaign) == []


async def test_of_many_browsers_as_many_get_a_code_as_there_are(wallets: Wallets) -> None:
    campaign = await campaign_of(wallets.stage.http)
    link = await link_of(wallets.stage.http, campaign, max_codes=3)

    async def one() -> int:
        async with browser(ANDROID) as phone:
            return (await take(phone, link["url"])).status_code

    answers = await asyncio.gather(*(one() for _ in range(6)))
    assert sorted(answers) == [303, 303, 303, 410, 410, 410]
    assert len(await codes(wallets, campaign)) == 3
    async with browser() as late:
        assert (await late.get(link["url"])).status_code == 410
    more = await wallets.stage.http.patch(f"/api/v1/handout-links/{link['id']}", json={"max_codes": 2})
    assert (more.status_code, more.json()["code"]) == (409, "fewer_than_handed_out")


async def test_a_button_pressed_twice_takes_one_code(wallets: Wallets) -> None:
    campaign = await campaign_of(wallets.stage.http)
    link = await link_of(wallets.stage.http, campaign)
    async with browser() as phone:
        page = Page((await phone.get(link["url"])).text, link["url"])
        answers = await asyncio.gather(*(phone.post(page.action, data=page.fields) for _ in range(3)))
    assert {(each.status_code, each.headers["location"]) for each in answers} == {
        (303, answers[0].headers["location"])
    }
    assert len(await codes(wallets, campaign)) == 1
    assert (await wallets.stage.get(f"/api/v1/handout-links/{link['id']}"))["handed_out"] == 1


async def test_a_link_that_is_off_or_over_gives_nothing(wallets: Wallets) -> None:
    http = wallets.stage.http
    campaign = await campaign_of(http)
    link = await link_of(http, campaign)
    place = f"/api/v1/handout-links/{link['id']}"
    assert (await http.patch(place, json={"active": False})).json()["active"] is False
    async with browser() as phone:
        assert (await phone.get(link["url"])).status_code == 410
        await http.patch(place, json={"active": True})
        page = Page((await phone.get(link["url"])).text, link["url"])
        await http.patch(f"/api/v1/coupon-campaigns/{campaign['id']}", json={"state": "paused"})
        assert (await phone.post(page.action, data=page.fields)).status_code == 410
        assert (await phone.get(link["url"])).status_code == 410
        assert (await phone.get(link["url"] + "x")).status_code == 404
    assert await codes(wallets, campaign) == []


async def test_codes_of_holders_are_not_for_strangers(wallets: Wallets) -> None:
    campaign = await campaign_of(wallets.stage.http, terms={"holder_only": True})
    body = {"campaign_id": campaign["id"], "name": "Flyer"}
    answer = await wallets.stage.http.post("/api/v1/handout-links", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "campaign_for_holders")


async def test_its_qr_code_is_drawn(wallets: Wallets) -> None:
    link = await link_of(wallets.stage.http, await campaign_of(wallets.stage.http))
    place = f"/api/v1/handout-links/{link['id']}"
    assert (await wallets.stage.http.get(place)).json() == link
    svg = await wallets.stage.http.get(f"{place}/qr.svg")
    png = await wallets.stage.http.get(f"{place}/qr.png?size=200")
    assert (svg.headers["content-type"], png.headers["content-type"]) == ("image/svg+xml", "image/png")
    missing = await wallets.stage.http.get("/api/v1/handout-links/hol_01m8131j5yedyttb092447tea2")
    assert (missing.status_code, missing.json()["code"]) == (404, "handout_link_not_found")


async def test_a_rival_sees_no_link(wallets: Wallets, client: httpx.AsyncClient) -> None:
    link = await link_of(wallets.stage.http, await campaign_of(wallets.stage.http))
    assert (await client.get(f"/api/v1/handout-links/{link['id']}")).status_code == 404


async def product_of(http: httpx.AsyncClient, **more: Any) -> Json:
    wanted = {"name": "Gift card", "amounts": {"amounts_minor": [5000, 2000]}, **more}
    answer = await http.post("/api/v1/gift-card-products", json=wanted)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def gift_link_of(http: httpx.AsyncClient, product: Json) -> Json:
    wanted = {"gift_card_product_id": product["id"], "name": "Counter"}
    answer = await http.post("/api/v1/handout-links", json=wanted)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_a_link_is_counted_from_the_page_to_the_wallet(wallets: Wallets) -> None:
    campaign = await campaign_of(wallets.stage.http)
    link, silent = [await link_of(wallets.stage.http, campaign) for _ in range(2)]
    async with browser(SLACKBOT) as bot:
        await bot.get(link["url"])
    async with browser(DESKTOP) as person:
        assert (await person.get(link["url"])).status_code == 200
    async with browser() as phone:
        taken = await take(phone, link["url"])
        await phone.get(link["url"])  # leads to the same card, and is no view of the page
        card = await phone.get(str(httpx.URL(link["url"]).join(taken.headers["location"])))
    await wallets.stage.phone.add(card.content)
    asked = f"/api/v1/handout-link-figures?link_id={link['id']}&link_id={silent['id']}"
    first, second = (await wallets.stage.get(asked))["items"]
    got = {"viewed": 2, "platform_detected": 1, "joined": 1, "tapped": 1, "added": 1, "removed": 0}
    assert first == {"link_id": link["id"], "added_apple": 1, "added_google": 0} | got
    assert {second[name] for name in got} == {0}
    funnel = await wallets.stage.get(f"/api/v1/coupon-campaigns/{campaign['id']}/funnel")
    assert funnel["total"] == got
    assert {row["key"]: row["viewed"] for row in funnel["rows"]} == {"iphone": 1, "other": 1}
    assert (funnel["campaign_id"], funnel["program_id"]) == (campaign["id"], None)
    earlier = await wallets.stage.get(f"{asked}&from=2020-01-01&to=2020-02-01")
    assert [each["viewed"] for each in earlier["items"]] == [0, 0]


async def test_the_link_of_a_gift_card_says_for_how_much_it_can_be_had(wallets: Wallets) -> None:
    http = wallets.stage.http
    await http.post("/api/v1/locations", json={"name": "Old <town>", "address": "3, rue du Puits"})
    product = await product_of(http)
    link = await gift_link_of(http, product)
    async with browser() as phone:
        shown = await phone.get(link["url"])
        assert shown.status_code == 200
        for text in ("€20.00 · €50.00", "Old &lt;town&gt;", "3, rue du Puits"):
            assert text in shown.text
        assert "<form" not in shown.text
        assert (await phone.post(link["url"], data={})).status_code != 303
    sold = await http.post("/api/v1/gift-cards", json={"product_id": product["id"], "amount_minor": 2000})
    given = await http.post(f"/api/v1/gift-cards/{sold.json()['id']}/card")
    async with browser() as phone:
        await wallets.stage.phone.add((await phone.get(given.json()["url"])).content)
    funnel = await wallets.stage.get(f"/api/v1/gift-card-products/{product['id']}/funnel")
    assert funnel["total"] == {
        "viewed": 2, "platform_detected": 2, "joined": 0, "tapped": 1, "added": 1, "removed": 0
    }  # fmt: skip
    listed = await wallets.stage.get(f"/api/v1/handout-links?gift_card_product_id={product['id']}")
    assert [each["campaign_id"] for each in listed["items"]] == [None]
    assert (await http.patch(f"/api/v1/gift-card-products/{product['id']}", json={"active": False})).is_success
    async with browser() as phone:
        assert (await phone.get(link["url"])).status_code == 410


@pytest.mark.parametrize("of", [{}, {"campaign_id": "cam_0", "gift_card_product_id": "gcp_0"}])
async def test_a_link_is_of_one_thing(wallets: Wallets, of: Json) -> None:
    refused = await wallets.stage.http.post("/api/v1/handout-links", json={"name": "Flyer"} | of)
    assert refused.status_code == 422


async def test_links_to_coupons_and_gift_cards_have_posters(wallets: Wallets) -> None:
    http = wallets.stage.http
    coupon = await link_of(http, await campaign_of(http, name="Spring"))
    gift_card = await gift_link_of(http, await product_of(http))
    for link, headline, call in ((coupon, "Spring", "coupon"), (gift_card, "Gift card", "Give it away")):
        path = f"/api/v1/handout-links/{link['id']}/poster"
        words = (await http.get(path)).json()["words"]["en"]
        assert words["headline"] == headline
        assert call in words["call"]
        kept = await http.put(path, json={"size": "card", "headline": "Ours"})
        assert kept.json()["design"]["headline"] == "Ours"
        drawn = await http.get(f"{path}.svg", params={"headline": ""})
        assert drawn.headers["content-type"].startswith("image/svg+xml")
        assert drawn.text.startswith("<svg ")
    missing = await http.get("/api/v1/handout-links/hol_0000000000000000000000000/poster")
    assert missing.status_code in {404, 422}
