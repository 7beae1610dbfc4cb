"""The team, from the invitation to a second factor; a passkey; API keys; the certificate wizard."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.serialization import Encoding
from playwright.async_api import Browser, Page, expect
from pydantic import AnyHttpUrl

from passerelle.emulators.apple_ca.authority import Authority, create_authority
from passerelle.entry import web_app
from passerelle.entry.api import create_app
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from tests.conftest import PASSWORD, PATIENCE_MS, Shop
from tests.factories.served import served


@pytest.fixture(scope="module")
def authority() -> Authority:
    """An Apple of our own."""
    return create_authority()


@pytest_asyncio.fixture
async def named_url(
    database: Database, settings: Settings, authority: Authority, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[str]:
    """The application under a name, for browsers allow no passkeys at a bare address."""
    if not (web_app._BUILT / "app.html").exists():
        pytest.skip("The web app is not built: run “make web”.")
    roots = tmp_path_factory.mktemp("apple") / "trust.pem"
    roots.write_bytes(authority.root_pem() + authority.intermediate_pem())
    own = settings.model_copy(update={"apple_trust_roots": roots})
    async with served(create_app(database, own)) as address:
        named = address.replace("127.0.0.1", "localhost")
        own.base_url = AnyHttpUrl(named)
        yield named


@pytest_asyncio.fixture
async def owner(browser: Browser, named_url: str, shop: Shop) -> AsyncIterator[Page]:
    """The owner, signed in."""
    page = await _page(browser, named_url)
    answer = await page.request.post("/api/v1/sessions", data={"email": shop.email, "password": PASSWORD})
    assert answer.status == 204
    yield page
    await page.context.close()


async def _page(browser: Browser, base_url: str) -> Page:
    context = await browser.new_context(
        base_url=base_url, locale="en-GB", viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
    )
    page = await context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


async def _shown_once(page: Page) -> str:
    return (await page.get_by_test_id("shown-once").inner_text()).strip()


async def _sign_in(page: Page, email: str) -> None:
    await page.goto("/app")
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_role("textbox", name="Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()


async def test_a_passkey_signs_in_without_a_password(owner: Page, shop: Shop) -> None:
    devtools = await owner.context.new_cdp_session(owner)
    await devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    await devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    await owner.goto("/app/account")
    await owner.get_by_role("button", name="Add a passkey").click()
    dialog = owner.get_by_role("dialog")
    await dialog.get_by_label("Name, to recognise it by").fill("Laptop")
    await dialog.get_by_role("textbox", name="Your present password").fill(PASSWORD)
    await dialog.get_by_role("button", name="Continue").click()
    await expect(owner.get_by_role("button", name="Remove Laptop")).to_be_visible()
    await owner.get_by_role("navigation").get_by_role("button", name="Sign out").click()

    answers: list[str] = []
    owner.on("request", lambda request: answers.append(request.post_data or "") if _is_answer(request.url) else None)
    await owner.get_by_role("button", name="Sign in with a passkey").click()
    await expect(owner.get_by_role("heading", level=1)).to_contain_text("My account")
    await expect(owner.get_by_text("With a passkey")).to_be_visible()
    replayed = await owner.request.post(
        "/api/v1/sessions/passkey", data=answers[0], headers={"Content-Type": "application/json"}
    )
    assert (replayed.status, (await replayed.json())["code"]) == (401, "passkey_refused")
    await owner.get_by_role("button", name="Remove Laptop").click()
    await owner.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    await expect(owner.get_by_text("You have no passkey yet.")).to_be_visible()
    await owner.get_by_role("navigation").get_by_role("button", name="Sign out").click()
    await owner.get_by_role("button", name="Sign in with a passkey").click()
    await expect(owner.get_by_role("alert").filter(has_text="not accepted")).to_be_visible()


def _is_answer(url: str) -> bool:
    return url.endswith("/sessions/passkey")


async def test_a_key_is_made_and_revoked(owner: Page, named_url: str) -> None:
    await owner.goto("/app/settings/keys")
    await owner.get_by_role("button", name="New key").click()
    await owner.get_by_label("Name").fill("Till 1")
    await owner.get_by_role("button", name="Make the key").click()
    key = await _shown_once(owner)
    await owner.get_by_role("dialog").get_by_role("button", name="Close", exact=True).last.click()
    async with httpx.AsyncClient(base_url=named_url, headers={"Authorization": f"Bearer {key}"}, timeout=30) as till:
        assert (await till.get("/api/v1/me")).json()["scopes"] == sorted(
            [
                "organization:read",
                "programs:read",
                "scans:write",
                "members:renew",
                "rewards:redeem",
                "giftcards:redeem",
                "tickets:admit",
                "checkins:read",
                "checkins:write",
            ]
        )
        await owner.get_by_role("button", name="Revoke Till 1").click()
        await owner.get_by_role("dialog").get_by_role("button", name="Revoke", exact=True).click()
        await expect(owner.get_by_text("Revoked on")).to_be_visible()
        assert (await till.get("/api/v1/me")).status_code == 401
    await owner.goto("/app/settings/audit")
    await owner.get_by_role("combobox", name="About").fill("API")
    await owner.get_by_role("option", name="API keys").click()
    entries = owner.get_by_role("region", name="Audit trail").get_by_role("listitem").filter(has_text="API key")
    await expect(entries.first).to_contain_text("Ada · API key revoked")


async def test_the_certificate_wizard(owner: Page, authority: Authority) -> None:
    await owner.goto("/app/settings/wallets")
    await owner.get_by_role("button", name="Use an own certificate").first.click()
    await owner.get_by_role("button", name="Make the request").click()
    async with owner.expect_download() as downloading:
        await owner.get_by_role("link", name="Download the request").click()
    request = (await (await downloading.value).path()).read_bytes()
    assert b"PRIVATE" not in request
    await owner.get_by_role("button", name="I have the certificate").click()
    file = owner.locator("input[type=file]")
    await file.set_input_files({"name": "pass.csr", "mimeType": "application/pkcs10", "buffer": request})
    await owner.get_by_role("button", name="Examine and use").click()
    await expect(owner.get_by_role("alert")).to_contain_text("signing request, not a certificate")
    other = authority.issue_pass_certificate("pass.example.cafe", "CAFETEAM01")
    exported = other.p12("secret")
    await file.set_input_files({"name": "pass.p12", "mimeType": "application/x-pkcs12", "buffer": exported})
    await owner.get_by_role("button", name="Examine and use").click()
    await expect(owner.get_by_role("alert")).to_contain_text("protected by a password")
    await expect(owner.get_by_role("textbox", name="Its password")).to_be_visible()
    stranger = other.certificate.public_bytes(Encoding.DER)
    await file.set_input_files({"name": "pass.cer", "mimeType": "application/x-x509-ca-cert", "buffer": stranger})
    await owner.get_by_role("button", name="Examine and use").click()
    await expect(owner.get_by_role("alert")).to_contain_text("not made from the signing request that waits here")
    await expect(owner.get_by_role("alert")).not_to_contain_text("NFC")
    certificate = authority.certify_request(request, "pass.example.cafe", "CAFETEAM01")
    await file.set_input_files({"name": "pass.cer", "mimeType": "application/x-x509-ca-cert", "buffer": certificate})
    await owner.get_by_role("button", name="Examine and use").click()
    await expect(owner.get_by_text("The certificate is good.")).to_be_visible()
    await owner.get_by_role("dialog").get_by_role("button", name="Close", exact=True).last.click()
    await expect(owner.get_by_text("pass.example.cafe")).to_be_visible()
    await expect(owner.get_by_text("Not allowed by this certificate")).to_be_visible()
