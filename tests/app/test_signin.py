"""The door of the dashboard."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from playwright.async_api import Page, expect
from pydantic import AnyHttpUrl

from passerelle.entry.api import create_app
from passerelle.kit import jobs
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.kit.ids import new_id
from passerelle.kit.jobs import Work
from passerelle.organizations.recovery import jobs as recovery_jobs
from tests.conftest import PASSWORD, Shop
from tests.factories.mailbox import Mailbox, mailbox
from tests.factories.served import served


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


@asynccontextmanager
async def _mailing(database: Database, settings: Settings) -> AsyncIterator[tuple[str, Mailbox]]:
    """A server that can mail, with the part of its worker that does; where it is, and what it mailed."""
    async with mailbox() as box:
        able = settings.model_copy(update={"smtp_url": box.url, "smtp_from": "cards@example.com"})
        async with served(create_app(database, able)) as address:
            able.base_url = AnyHttpUrl(address)
            runner, connection = await jobs.queue(
                database.dsn, Work(database, able), [recovery_jobs.MAIL_NEW_PASSWORD]
            )
            task = asyncio.create_task(runner.run())
            yield address, box
            runner.shutdown.set()
            await asyncio.wait_for(task, 15)
            await connection.close()


async def _sign_in(page: Page, email: str, password: str) -> None:
    await page.get_by_role("textbox", name="E-mail").fill(email)
    await page.get_by_role("textbox", name="Password").fill(password)
    await page.get_by_role("button", name="Sign in", exact=True).click()


async def test_a_forgotten_password_is_replaced_by_mail(
    page: Page, database: Database, settings: Settings, shop: Shop
) -> None:
    async with _mailing(database, settings) as (address, box):
        await page.goto(f"{address}/app")
        await page.get_by_role("button", name="Forgotten password").click()
        await page.get_by_role("textbox", name="E-mail").fill(shop.email)
        await page.get_by_role("button", name="Send the link").click()
        await expect(page.get_by_role("status")).to_contain_text("a link is on its way")
        await asyncio.wait_for(box.arrived.wait(), 20)
        link = re.search(r"https?://\S+", box.letters[0].get_content())
        assert link is not None
        parts = urlsplit(link.group())
        assert (f"{parts.scheme}://{parts.netloc}", parts.path) == (address, "/app/new-password")
        for attempt in ("first", "again"):
            await page.goto("about:blank")
            await page.goto(link.group())
            await page.get_by_role("textbox", name="New password").fill("a completely new one")
            await page.get_by_role("button", name="Use this password").click()
            if attempt == "first":
                await expect(page.get_by_role("status")).to_contain_text("Your new password is set")
        await expect(page.get_by_role("alert")).to_be_visible()
        await page.goto(f"{address}/app")
        await _sign_in(page, shop.email, PASSWORD)
        await expect(page.get_by_role("alert")).to_contain_text("password")
        await _sign_in(page, shop.email, "a completely new one")
        await expect(page.get_by_role("heading", level=1)).to_contain_text("Home")
