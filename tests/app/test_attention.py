"""What needs attention on the home page: a certificate that really ends, and phones that are really not reached."""

from base64 import b64encode
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from passerelle.emulators.apns import Outage
from passerelle.emulators.apple_ca.authority import load_authority
from passerelle.kit.db import Database
from tests.conftest import PASSWORD, Shop
from tests.factories.handed import added
from tests.factories.stage import Stage, open_stage

PASSPHRASE = "of the file"


@pytest_asyncio.fixture
async def stage(database: Database, shop: Shop, base_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    """Phones, and a server that tells them only when the test says so; without the built web app it is skipped."""
    assert base_url
    async with open_stage(database, shop, tmp_path) as opened:
        yield opened


async def _home(page: Page, stage: Stage, shop: Shop) -> Locator:
    """The owner on the home page; what needs attention there."""
    account = {"email": shop.email, "password": PASSWORD}
    answer = await page.request.post(stage.settings.url("/api/v1/sessions"), data=account)
    assert answer.status == 204
    await page.goto(stage.settings.url("/app"))
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    return page.get_by_role("region", name="Needs attention")


@pytest.mark.parametrize(
    ("fault", "says", "todo"),
    [
        (None, None, None),
        ("expiring_soon", "The Apple certificate ends in 9 days.", "Renew it before"),
    ],
)
async def test_a_certificate_near_its_end(
    page: Page, stage: Stage, shop: Shop, tmp_path: Path, fault: str | None, says: str | None, todo: str | None
) -> None:
    issued = load_authority(tmp_path).issue_pass_certificate("pass.example.cafe", "CAFETEAM01", fault=fault)  # type: ignore[arg-type]  # one of the faults
    body = {"files": [b64encode(issued.p12(PASSPHRASE)).decode()], "password": PASSPHRASE}
    assert (await stage.post("/api/v1/wallets/apple/certificate", body))["accepted"]
    attention = await _home(page, stage, shop)
    if says is None:
        await expect(attention).to_have_count(0)
        return
    await expect(attention.get_by_role("alert")).to_contain_text(says)
    await expect(attention.get_by_role("alert")).to_contain_text(str(todo))
    await attention.get_by_role("link", name="Renew").click()
    await expect(page.get_by_text("pass.example.cafe")).to_be_visible()
    await expect(page.get_by_text("9 days left")).to_be_visible()


async def test_a_push_service_that_does_not_answer(page: Page, stage: Stage, shop: Shop) -> None:
    member = await stage.member()
    await added(stage, await stage.post(f"/api/v1/passes/{member['card']['id']}/link"))
    stage.apns.outage(Outage.UNAVAILABLE)
    await stage.post("/api/v1/scans/purchases", {"code": member["card"]["code"], "amount_minor": 450})
    for _ in range(3):
        assert await stage.apple.round() >= 1  # other tests may have left something due
        await _wait_over(stage)
    attention = await _home(page, stage, shop)
    await expect(attention.get_by_role("alert")).to_contain_text("One card cannot be updated")
    await expect(attention.get_by_role("alert")).to_contain_text("Apple")

    stage.apns.outage(None)
    await stage.tell()
    assert stage.apns.accepted == 1
    async with page.expect_response("**/api/v1/attention*") as asked:
        await page.reload()
    await (await asked.value).finished()
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await expect(attention).to_have_count(0)


async def _wait_over(stage: Stage) -> None:
    """Let the time pass that a postponed card waits for."""
    async with stage.database.unscoped() as connection:
        await connection.execute("UPDATE pass_updates SET due_at = now()")
