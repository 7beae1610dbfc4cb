"""Somebody new, from the invitation to a second factor and back in with a code."""

from base64 import b32decode
from urllib.parse import urlsplit

from playwright.async_api import Page, expect

from passerelle.kit.clock import now
from passerelle.organizations.second_factors.rules import code_at, step_of
from tests.conftest import PASSWORD


async def _invitation(owner: Page, email: str) -> str:
    """The link that the owner hands over, without the host."""
    await owner.goto("/app/team")
    await owner.get_by_role("button", name="Invite somebody").click()
    dialog = owner.get_by_role("dialog")
    await dialog.get_by_label("E-mail").fill(email)
    await dialog.get_by_role("button", name="Make the invitation").click()
    link = urlsplit((await owner.get_by_test_id("shown-once").inner_text()).strip())
    await owner.context.clear_cookies()
    return f"{link.path}?{link.query}#{link.fragment}"


async def _second_factor(page: Page) -> tuple[bytes, str]:
    """Set one up; its secret, and the first recovery code."""
    await page.goto("/app/account")
    await page.get_by_role("button", name="Set up a second factor").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("textbox", name="Your present password").fill(PASSWORD)
    await dialog.get_by_role("button", name="Continue").click()
    text = (await dialog.get_by_test_id("secret").inner_text()).replace(" ", "").strip()
    secret = b32decode(text + "=" * (-len(text) % 8))
    await dialog.get_by_role("textbox", name="The six digits").fill("000000")
    await dialog.get_by_role("button", name="Turn on").click()
    await expect(dialog.get_by_role("alert")).to_be_visible()
    await dialog.get_by_role("textbox", name="The six digits").fill(code_at(secret, step_of(now())))
    await dialog.get_by_role("button", name="Turn on").click()
    codes = (await page.get_by_test_id("shown-once").inner_text()).split()
    await page.get_by_role("button", name="I have kept them").click()
    return secret, codes[0]


async def _back_in(page: Page, email: str, code: str) -> None:
    await page.get_by_role("navigation").get_by_role("button", name="Sign out").click()
    await page.get_by_role("textbox", name="E-mail").fill(email)
    await page.get_by_role("textbox", name="Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    for typed in ("000000", code):
        await page.get_by_role("textbox", name="Code").fill(typed)
        await page.get_by_role("button", name="Confirm").click()
        if typed != code:
            await expect(page.get_by_text("This code does not fit")).to_be_visible()
    await expect(page.get_by_role("heading", name="My account")).to_be_visible()


async def test_from_an_invitation_to_a_second_factor_and_back_in(signed_in: Page) -> None:
    page, email = signed_in, f"lina-{now().timestamp()}@example.com"
    await page.goto(await _invitation(page, email))
    await expect(page.get_by_text("invites you to work here as cashier")).to_be_visible()
    await page.get_by_role("textbox", name="Your name").fill("Lina <i>K.</i>")
    await page.get_by_role("textbox", name="Password").fill(PASSWORD)
    await page.get_by_role("button", name="Begin").click()
    await expect(page.get_by_role("button", name="Sign out").first).to_be_visible()
    secret, recovery_code = await _second_factor(page)
    await _back_in(page, email, code_at(secret, step_of(now()) + 1))  # the code before was used to turn it on
    await expect(page.get_by_text("With password and code")).to_be_visible()
    await _back_in(page, email, recovery_code)
    await expect(page.get_by_text("9 recovery codes left")).to_be_visible()
