"""The smart link: what each device gets, what bots leave alone, what a shop without wallets still gives."""

from pathlib import Path
from urllib.parse import urlsplit
from zlib import crc32

import pytest

from passerelle.emulators.google_wallet import Fault
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.kit.ids import encode, new_secret, tenant_token
from passerelle.passes import identities
from passerelle.passes.identities import Wallets as Identities
from passerelle.passes.wallets.apple.verify import judge
from tests.conftest import Shop
from tests.distribution.conftest import Wallets
from tests.distribution.shopfront import (
    ANDROID,
    DESKTOP,
    IPHONE,
    SLACKBOT,
    Page,
    Shopfront,
    code_behind,
    open_shopfront,
)
from tests.distribution.test_rules import BOTS, FACEBOOK, IPAD, MAC

PKPASS = "application/vnd.apple.pkpass"


@pytest.fixture
def phone_number(request: pytest.FixtureRequest) -> str:
    """A number of this test alone."""
    return f"+3361{crc32(request.node.name.encode()) % 10_000_000:07}"


@pytest.mark.parametrize(
    ("user_agent", "tail"),
    [
        (IPHONE, ""),
        ("Passbook/1.0 CFNetwork/3826.500.131 Darwin/24.5.0", ""),
        (DESKTOP, ".pkpass"),
        (ANDROID, "?wallet=apple"),
        (FACEBOOK, ".pkpass"),
        ("python-httpx/0.28.1", ".pkpass"),
    ],
)
async def test_an_iphone_gets_the_signed_card(
    wallets: Wallets, phone_number: str, user_agent: str, tail: str
) -> None:
    front = wallets.front
    path = await front.join(phone=phone_number)
    async with front.browser(user_agent) as browser:
        answer = await browser.get(path + tail)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == PKPASS
    assert answer.headers["content-disposition"] == 'attachment; filename="card.pkpass"'
    assert answer.headers["cache-control"] == "no-store"
    verdict = judge(answer.content, trust=identities.trust_roots(wallets.stage.settings))
    assert [finding for finding in verdict.findings if finding.severity == "error"] == []


@pytest.mark.parametrize(("user_agent", "tail"), [(ANDROID, ""), (DESKTOP, ".gpay"), (IPHONE, "?wallet=google")])
async def test_android_goes_to_google_s_save_page(
    wallets: Wallets, phone_number: str, user_agent: str, tail: str
) -> None:
    front = wallets.front
    path = await front.join(phone=phone_number)
    async with front.browser(user_agent) as browser:
        answer = await browser.get(path + tail)
    assert answer.status_code == 302
    assert answer.headers["location"].startswith(str(wallets.stage.settings.google_save_url))
    before = len(wallets.stage.google.saved_passes())
    await wallets.stage.google.save(answer.headers["location"].rpartition("/")[2])
    assert len(wallets.stage.google.saved_passes()) == before + 1
    await wallets.stage.google.drain()


@pytest.mark.parametrize(
    ("user_agent", "tail", "buttons"),
    [
        (DESKTOP, "", [".pkpass", ".gpay"]),
        (MAC, "", [".pkpass", ".gpay"]),
        (IPAD, "", [".pkpass"]),
        (IPHONE, "?wallet=page", [".pkpass"]),
        (ANDROID, "?wallet=page", [".gpay"]),
        (FACEBOOK, "", [".pkpass"]),
    ],
)
async def test_everybody_else_gets_a_page(
    wallets: Wallets, phone_number: str, user_agent: str, tail: str, buttons: list[str]
) -> None:
    front = wallets.front
    path = await front.join(phone=phone_number)
    async with front.browser(user_agent, "en") as browser:
        answer = await browser.get(f"{path}{tail}{'&' if tail else '?'}lang=en")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    hrefs = [given.get("href") for tag, given in Page(answer.text, path).tags if tag == "a"]
    assert [href for href in hrefs if href and "." in href] == [path + ending for ending in buttons]
    for_computers = user_agent in {DESKTOP, MAC, IPAD}
    assert answer.text.count('role="img"') == 2 + for_computers  # the card's code, large too; the link's
    assert ("open this page in Safari" in answer.text) == (user_agent == FACEBOOK)


async def test_google_that_does_not_answer_leaves_the_code(wallets: Wallets, phone_number: str) -> None:
    front = wallets.front
    path = await front.join(phone=phone_number)
    wallets.stage.google.inject_fault(Fault(status=503, times=1))
    async with front.browser(ANDROID) as browser:
        unavailable = await browser.get(path)
        again = await browser.get(path)
    assert unavailable.status_code == 503
    assert "Google Wallet ne répond pas" in unavailable.text
    assert 'class="code"' in unavailable.text
    assert again.status_code == 302


async def test_bots_and_head_change_nothing(wallets: Wallets, phone_number: str) -> None:
    front = wallets.front
    path = await front.join(phone=phone_number)
    before = await front.counts()
    before_pass = await _pass_rows(front)
    for bot in BOTS:
        async with front.browser(bot) as browser:
            for tail in ("", ".pkpass", ".gpay", "?wallet=apple"):
                answer = await browser.get(path + tail)
                assert answer.status_code == 200
                assert answer.headers["content-type"].startswith("text/html")
            joined = await browser.get(front.path)
            assert 'property="og:title" content="Carte café' in joined.text
            posted = await browser.post(front.path, data={"name": "Bot", "phone": "0612345678", "loyalty": "yes"})
            assert posted.status_code == 403
    for user_agent in (IPHONE, ANDROID, DESKTOP):
        async with front.browser(user_agent) as browser:
            for address in (path, f"{path}.pkpass", front.path):
                assert (await browser.head(address)).status_code == 200
            prefetched = await browser.get(path, headers={"Sec-Purpose": "prefetch;prerender"})
            assert prefetched.status_code == 503
    assert await front.counts() == before
    assert await _pass_rows(front) == before_pass


async def _pass_rows(front: Shopfront) -> list[tuple[object, ...]]:
    async with front.database.transaction(front.shop.organization_id) as tx:
        return [tuple(row) for row in await tx.fetch("SELECT * FROM passes ORDER BY id")]


async def test_the_preview_of_a_card_tells_no_secret(wallets: Wallets, phone_number: str) -> None:
    path = await wallets.front.join(phone=phone_number, name="Lina Secret")
    async with wallets.front.browser(SLACKBOT) as bot:
        preview = await bot.get(path)
    async with wallets.front.database.transaction(wallets.front.shop.organization_id) as tx:
        codes = [row["code"] for row in await tx.fetch("SELECT code FROM passes")]
    assert "Lina" not in preview.text
    assert not any(code in preview.text for code in codes)
    assert path not in preview.text.replace(f'href="{path}?lang=', "")  # but for the languages of this very page


@pytest.mark.parametrize("user_agent", [IPHONE, ANDROID, DESKTOP])
@pytest.mark.parametrize("tail", ["", ".pkpass", ".gpay"])
async def test_a_shop_without_wallets_still_gives_a_code(
    standing_front: Shopfront, phone_number: str, user_agent: str, tail: str
) -> None:
    path = await standing_front.join(phone=phone_number)
    async with standing_front.browser(user_agent, "en") as browser:
        answer = await browser.get(f"{path}{tail}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.text.count('role="img"') == 2
    assert 'class="code"' in answer.text


async def test_one_wallet_alone(database: Database, wallets: Wallets, shop: Shop) -> None:
    only_google = Identities(None, wallets.stage.wallets.google)
    front = await open_shopfront(database, wallets.stage.settings, shop, only_google)
    path = await front.join()
    async with front.browser(IPHONE) as browser:
        answer = await browser.get(path)
    assert "Apple Wallet n’est pas encore activé" in answer.text  # noqa: RUF001  as printed
    assert 'class="code"' in answer.text


async def test_a_blocked_card_is_told_and_not_given(wallets: Wallets, phone_number: str) -> None:
    front = wallets.front
    path = await front.join(phone=phone_number)
    async with front.staff() as staff:
        card = (await staff.get("/api/v1/passes")).json()["items"][0]
        await staff.post(f"/api/v1/passes/{card['id']}/revoke", json={"reason": "lost"})
        refused = await staff.post(f"/api/v1/passes/{card['id']}/link")
        assert (refused.status_code, refused.json()["code"]) == (409, "card_not_active")
    async with front.browser(IPHONE) as browser:
        answer = await browser.get(path)
    assert answer.status_code == 410
    assert "Cette carte est bloquée" in answer.text


async def test_links_of_nobody_and_of_other_shops_open_nothing(
    wallets: Wallets, phone_number: str, other_shop: Shop
) -> None:
    front = wallets.front
    token = (await front.join(phone=phone_number)).removeprefix("/c/")
    secret = new_secret(16)
    forged = [
        tenant_token("c", front.shop.organization_id, secret),
        tenant_token("c", other_shop.organization_id, secret),
        token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1],
        token + "A",
        token.replace("c_", "k_"),
    ]
    async with front.browser(IPHONE) as browser:
        for path in forged:
            answer = await browser.get(f"/c/{path}")
            assert (path, answer.status_code) == (path, 404)


async def test_staff_give_a_fresh_link_to_a_card(wallets: Wallets, phone_number: str) -> None:
    front = wallets.front
    first = await front.join(phone=phone_number)
    async with front.staff() as staff:
        card = (await staff.get("/api/v1/passes")).json()["items"][0]
        made = await staff.post(f"/api/v1/passes/{card['id']}/link")
        foreign = await staff.post(f"/api/v1/passes/{encode('pas', front.shop.organization_id)}/link")
    assert made.status_code == 201
    given = made.json()
    assert given["url"].startswith(str(wallets.stage.settings.base_url) + "c/c_")
    assert not given["url"].endswith(first)
    assert (foreign.status_code, foreign.json()["code"]) == (404, "pass_not_found")
    async with front.browser(DESKTOP) as browser:
        answer = await browser.get(urlsplit(given["apple_url"]).path)
    assert answer.headers["content-type"] == PKPASS


async def test_links_are_stored_as_digests(wallets: Wallets, phone_number: str) -> None:
    front = wallets.front
    token = (await front.join(phone=phone_number)).removeprefix("/c/")
    async with front.database.transaction(front.shop.organization_id) as tx:
        for table in ("smart_links", "events", "link_facts"):
            rows = await tx.fetch(f"SELECT t::text AS row FROM {table} t")  # noqa: S608  constants
            assert not any(token in row["row"] for row in rows)


async def test_the_operator_s_badges_take_the_place_of_the_buttons(
    database: Database, wallets: Wallets, shop: Shop, tmp_path: Path
) -> None:
    apple, google = tmp_path / "apple.svg", tmp_path / "google.png"
    apple.write_bytes(b'<svg xmlns="http://www.w3.org/2000/svg"/>')
    google.write_bytes(b"\x89PNG\r\n\x1a\n")
    settings: Settings = wallets.stage.settings.model_copy(update={"apple_badge": apple, "google_badge": google})
    front = await open_shopfront(database, settings, shop, wallets.stage.wallets)
    path = await front.join()
    async with front.browser(DESKTOP) as browser:
        page = Page((await browser.get(path)).text, path)
        images = [given for tag, given in page.tags if tag == "img" and "badges" in (given["src"] or "")]
        assert [(given["src"], given["alt"]) for given in images] == [
            ("/badges/apple", "Ajouter à Apple Wallet"),
            ("/badges/google", "Ajouter à Google Wallet"),
        ]
        first, second = await browser.get("/badges/apple"), await browser.get("/badges/google")
    assert (first.headers["content-type"], second.headers["content-type"]) == ("image/svg+xml", "image/png")
    assert first.content == apple.read_bytes()


async def test_the_card_is_drawn_and_looked_at_again(standing_front: Shopfront, phone_number: str) -> None:
    path = await standing_front.join(phone=phone_number, name="Nour")
    async with standing_front.browser(DESKTOP, "en") as browser:
        page = Page((await browser.get(f"{path}?lang=en")).text, path)
        drawn = page.find("div", id="live")
        place, tag = drawn["data-from"], drawn["data-tag"]
        assert place is not None
        assert tag is not None
        assert "Nour" in page.html
        assert "10 points to go" in page.html
        same = await browser.get(place, headers={"If-None-Match": tag})
        assert (same.status_code, same.content) == (304, b"")
        async with standing_front.staff() as staff:
            code = await code_behind(standing_front, path)
            body = {"code": code, "amount_minor": 400, "currency": "EUR"}
            assert (await staff.post("/api/v1/scans/purchases", json=body)).status_code == 201
        changed = await browser.get(place, headers={"If-None-Match": tag})
        assert changed.status_code == 200
        assert changed.headers["etag"] != tag
        assert changed.headers["x-card-look"] == drawn["data-look"]
        assert "6 points to go" in changed.text
        assert "<html" not in changed.text
        async with standing_front.staff() as staff:
            [card] = [
                card
                for card in (await staff.get("/api/v1/passes", params={"limit": 200})).json()["items"]
                if card["code"] == code
            ]
            blocked = await staff.post(f"/api/v1/passes/{card['id']}/revoke", json={"reason": "lost"})
            assert blocked.status_code == 200
        assert (await browser.get(place, headers={"If-None-Match": tag})).status_code == 410
        assert (await browser.get("/c/nothing/live")).status_code == 404
        unknown = tenant_token("c", standing_front.shop.organization_id, new_secret(16))
        assert (await browser.get(f"/c/{unknown}/live")).status_code == 410
