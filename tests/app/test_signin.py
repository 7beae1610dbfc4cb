"""The door of the dashboard."""

from playwright.async_api import Page, expect

from passerelle.kit.ids import new_id
from tests.conftest import PASSWORD, Shop


async def test_from_nothing_to_the_dashboard(page: Page) -> None:
    await page.goto("/app")
    await page.get_by_role("button", name="Open an organization").click()
    await page.get_by_label("Name of your business").fill("Café <b>Ña</b>")
    await page.get_by_label("Your name").fill("Amina")
    await page.get_by_label("E-mail").fill(f"amina-{new_id().hex}@example.com")
    await page.get_by_role("textbox", name="Password").fill(PASSWORD)
    await page.get_by_role("button", name="Open it").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Welcome, Café <b>Ña</b>")
    await page.get_by_role("link", name="Later").click()
    await expect(page.get_by_role("link", name="Café <b>Ña</b>")).to_be_visible()
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


async def test_a_wrong_password_is_a_sentence(page: Page, shop: Shop) -> None:
    await page.goto("/app")
    await page.get_by_label("E-mail").fill(shop.email)
    await page.get_by_role("textbox", name="Password").fill("not the password")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_contain_text("password")


async def test_a_session_that_ends_is_renewed_above_the_page(signed_in: Page, shop: Shop) -> None:
    await signed_in.goto("/app")
    await expect(signed_in.get_by_role("heading", level=1)).to_be_visible()
    await signed_in.context.clear_cookies()
    await signed_in.evaluate("window.dispatchEvent(new Event('focus'))")
    await signed_in.reload()
    await expect(signed_in.get_by_role("heading", name="Sign in")).to_be_visible()
    await signed_in.get_by_label("E-mail").fill(shop.email)
    await signed_in.get_by_role("textbox", name="Password").fill(PASSWORD)
    await signed_in.get_by_role("button", name="Sign in").click()
    await expect(signed_in.get_by_role("heading", level=1)).to_contain_text("Home")


async def test_the_language_turns_the_page(signed_in: Page) -> None:
    await signed_in.goto("/app")
    await signed_in.get_by_role("button", name="Language").click()
    await signed_in.get_by_role("menuitem", name="العربية").click()
    await expect(signed_in.locator("html")).to_have_attribute("dir", "rtl")
    await expect(signed_in.get_by_role("heading", level=1)).to_have_text("الرئيسية")
