"""The page itself: what it shows, what fingers do on it, how fast it follows."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.emulators.google_wallet.conftest import localized, name, save_jwt
from tests.emulators.phone.conftest import Stage
from tests.emulators.phone.stage import PKPASS, TOPIC, cafe_pass, pkpass

SCRIPT = "<script>alert(1)</script>"


async def test_empty_phones_say_what_to_do(stage: Stage) -> None:
    page = await stage.http.get("/phone", params={"url": 'https://x.example/"><b>'})
    assert page.status_code == 200
    assert page.text.count("No card yet") == 2
    assert "https://x.example/&#34;&gt;&lt;b&gt;" in page.text
    assert "script-src" not in page.headers["content-security-policy"]
    assert "default-src 'self'" in page.headers["content-security-policy"]
    for path in ("page.css", "iphone.css", "android.css", "phone.js", "icon.svg"):
        assert (await stage.http.get(f"/phone/static/{path}")).status_code == 200
    assert (await stage.http.get("/")).headers["location"] == "/phone"


async def test_a_smart_link_opens_the_right_card_on_each_phone(stage: Stage) -> None:
    for phone, word in (("iphone", "iPhone"), ("android", "Android")):
        outcome = await stage.act(f"{phone}/open", url=f" {stage.shop_url}/c/token ")
        assert outcome["ok"], outcome
        asked = [request for request in stage.shop.asked if request.url.path == "/c/token"]
        assert word in asked[-1].headers["user-agent"]
    assert (TOPIC, "card-1") in stage.device.passes
    assert [saved.wallet_object["id"] for saved in stage.google.saved_passes()] == [name("member")]
    shown = await stage.state()
    [apple], [google] = shown["iphone"]["cards"], shown["android"]["cards"]
    assert (apple["logo_text"], apple["header"][0]["value"]) == ("Café Atlas", "40")
    assert (google["header"], google["rows"][0][0]["value"]) == ("Atlas Club", "40")
    html = (await stage.http.get("/phone")).text
    assert html.count("<svg") > 2
    assert html.count('class="qr"') == 2
    for path in (apple["images"]["strip"], google["logo"]):
        image = await stage.http.get(path)
        assert image.headers["content-type"] == "image/png"
        assert image.content.startswith(b"\x89PNG")


async def test_a_landing_page_s_button_is_pressed(stage: Stage) -> None:
    for phone in ("iphone", "android"):
        assert (await stage.act(f"{phone}/open", url=f"{stage.shop_url}/landing"))["ok"]
    shown = await stage.state()
    assert len(shown["iphone"]["cards"]) == len(shown["android"]["cards"]) == 1


async def test_a_form_is_left_to_a_person(stage: Stage) -> None:
    outcome = await stage.act("iphone/open", url=f"{stage.shop_url}/join")
    assert outcome["page"] == f"{stage.shop_url}/join"
    assert (await stage.state())["iphone"]["cards"] == []


@pytest.mark.parametrize(
    ("phone", "path", "word"),
    [
        ("iphone", "nothing", "not a web address"),
        ("iphone", "file:///etc/passwd", "not a web address"),
        ("iphone", "http://[", "not a web address"),
        ("iphone", "http://127.0.0.1:1/", "Nobody answers"),
        ("iphone", "/again", "Nobody answers"),
        ("iphone", "/gone", "error (404)"),
        ("android", "/c/token.pkpass", "Apple pass"),
        ("iphone", "https://pay.google.com/gp/v/save/x", "Google Wallet"),
        ("android", "https://pay.google.com/gp/v/save/x", "refused"),
    ],
)
async def test_other_links_are_explained(stage: Stage, phone: str, path: str, word: str) -> None:
    url = stage.shop_url + path if path.startswith("/") else path
    outcome = await stage.act(f"{phone}/open", url=url)
    assert not outcome["ok"]
    assert word in outcome["message"]


async def test_a_dropped_file_is_a_card(stage: Stage) -> None:
    headers = {"Content-Type": PKPASS}
    answer = await stage.http.post("/phone/iphone/file", content=pkpass(cafe_pass()), headers=headers)
    assert answer.json()["ok"]
    broken = await stage.http.post("/phone/iphone/file", content=b"PK", headers=headers)
    assert (broken.json()["ok"], "refused" in broken.json()["message"]) == (False, True)
    assert (await stage.http.post("/phone/iphone/file", content=pkpass(cafe_pass()))).status_code == 415


async def test_refreshing_fetches_and_removing_unregisters(stage: Stage) -> None:
    await stage.act("iphone/open", url=f"{stage.shop_url}/c/token")
    [card] = (await stage.state())["iphone"]["cards"]
    stage.serve_pass(60)
    await stage.act("iphone/refresh", id=card["id"])
    assert (await stage.state())["iphone"]["cards"][0]["header"][0]["value"] == "60"
    assert (await stage.act("iphone/remove", id=card["id"]))["ok"]
    assert not (await stage.act("iphone/remove", id=card["id"]))["ok"]
    assert stage.device.passes == {}
    assert stage.shop.asked[-1].method == "DELETE"
    await stage.google.save(save_jwt(stage.google_payload()))
    assert (await stage.act("android/remove", id=name("member")))["ok"]
    assert stage.google.saved_passes() == []


async def test_actions_are_checked(stage: Stage) -> None:
    bad: list[tuple[str, Any, int]] = [
        ("iphone/open", {}, 400),
        ("iphone/open", {"url": 5}, 400),
        ("iphone/jump", {}, 400),
        ("fax/open", {"url": "x"}, 404),
        ("language", {"language": "tlh"}, 400),
        ("iphone/wipe", [], 400),
    ]
    for path, body, status in bad:
        assert (await stage.http.post(f"/phone/{path}", json=body)).status_code == status
    form = await stage.http.post("/phone/iphone/wipe", data={"x": "y"})
    assert form.status_code == 415
    for path in ("iphone/image/none", "android/image/none", "static/../app.py"):
        assert (await stage.http.get(f"/phone/{path}")).status_code == 404


async def test_notifications_are_shown_and_wiped(stage: Stage) -> None:
    await stage.act("iphone/open", url=f"{stage.shop_url}/c/token")
    stage.serve_pass(55)
    await stage.device.receive_push(TOPIC)
    await stage.google.save(save_jwt(stage.google_payload()))
    stage.google.state.notify(name("member"), "message", title="Atlas Club", text=f"Free\n{SCRIPT}")
    shown = await stage.state()
    assert [notice["text"] for notice in shown["iphone"]["notifications"]] == ["55 points"]
    assert [notice["title"] for notice in shown["android"]["notifications"]] == ["Atlas Club"]
    html = (await stage.http.get("/phone")).text
    assert "55 points" in html
    assert SCRIPT not in html
    for phone in ("iphone", "android"):
        await stage.act(f"{phone}/wipe")
        assert (await stage.state())[phone]["notifications"] == []


async def test_what_a_pass_says_never_becomes_markup(stage: Stage) -> None:
    hostile = cafe_pass(
        organizationName=SCRIPT,
        description=SCRIPT,
        logoText=SCRIPT,
        backgroundColor="red;}</style><script>",
        barcodes=[{"format": SCRIPT, "message": SCRIPT, "altText": SCRIPT}],
    )
    hostile["storeCard"]["backFields"] = [
        {"key": SCRIPT, "label": SCRIPT, "value": SCRIPT, "attributedValue": f'<a href="javascript:1">x</a>{SCRIPT}'}
    ]
    await stage.device.add(pkpass(hostile))
    payload = stage.google_payload()
    payload["loyaltyObjects"][0] |= {
        "accountName": SCRIPT,
        "messages": [{"header": SCRIPT, "body": f'{SCRIPT}<a href="https://ok.example" onclick="x">ok</a>'}],
        "linksModuleData": {"uris": [{"uri": "javascript:alert(1)", "description": SCRIPT}]},
    }
    await stage.google.save(save_jwt(payload))
    html = (await stage.http.get("/phone")).text
    assert html.count("<script") == html.count('<script src="/phone/static/') == 2  # the page's own
    assert "javascript:" not in html
    assert "onclick" not in html
    assert '<a href="https://ok.example" target="_blank" rel="noreferrer">ok</a>' in html


async def test_the_phones_speak_three_languages(stage: Stage) -> None:
    await stage.device.add(pkpass(cafe_pass()))
    payload = stage.google_payload()
    payload["loyaltyClasses"][0]["localizedProgramName"] = {
        **localized("Atlas Club"),
        "translatedValues": [{"language": "fr-FR", "value": "Le Club"}, {"language": "ar", "value": "النادي"}],
    }
    await stage.google.save(save_jwt(payload))
    names = {}
    for language in ("en", "fr", "ar"):
        shown = await stage.state(lang=language)
        [apple], [google] = shown["iphone"]["cards"], shown["android"]["cards"]
        names[language] = (apple["header"][0]["label"], google["header"])
    assert names == {"en": ("Points", "Atlas Club"), "fr": ("Points", "Le Club"), "ar": ("النقاط", "النادي")}
    assert (await stage.http.post("/phone/language", json={"language": "ar"})).json() == {"ok": True}
    page = (await stage.http.get("/phone")).text
    assert '<html lang="ar" dir="rtl">' in page
    assert "المحفظة" in page
    assert stage.device.language == "ar"
    stage.google.state.notify(name("member"), "message", title="t", text="x")
    assert (await stage.state())["android"]["notifications"][0]["age"] == "الآن"


async def _events(stage: Stage, **query: str) -> AsyncIterator[tuple[str, Any]]:
    async with stage.http.stream("GET", "/phone/events", params=query) as stream:
        event = ""
        async for line in stream.aiter_lines():
            if line.startswith("event: "):
                event = line.removeprefix("event: ")
            elif line.startswith("data: "):
                yield event, json.loads(line.removeprefix("data: "))


async def test_a_page_in_a_language_that_the_phones_no_longer_speak_is_told_so(stage: Stage) -> None:
    assert (await stage.http.post("/phone/language", json={"language": "fr"})).json() == {"ok": True}
    assert await anext(_events(stage, language="ar")) == ("language", {})
    assert (await anext(_events(stage, language="fr")))[0] == "iphone"


async def test_changes_arrive_within_a_moment(stage: Stage) -> None:
    await stage.act("iphone/open", url=f"{stage.shop_url}/c/token")
    events = _events(stage)
    first = {(await anext(events))[0] for _ in range(2)}
    assert first == {"iphone", "android"}

    stage.serve_pass(77)
    await stage.device.receive_push(TOPIC)
    event, html = await asyncio.wait_for(anext(events), 10)
    assert (event, "77 points" in html) == ("iphone", True)
    await stage.google.save(save_jwt(stage.google_payload()))
    event, html = await asyncio.wait_for(anext(events), 10)
    assert (event, "Atlas Club" in html) == ("android", True)

    await stage.http.post("/phone/language", json={"language": "fr"})
    event, _ = await asyncio.wait_for(anext(events), 10)
    assert event == "language"
    with pytest.raises(StopAsyncIteration):
        await anext(events)


async def test_closing_ends_the_streams(stage: Stage) -> None:
    events = _events(stage)
    await anext(events)
    await anext(events)
    stage.page.close()
    with pytest.raises(StopAsyncIteration):
        await asyncio.wait_for(anext(events), 10)
