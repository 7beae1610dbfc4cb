"""What goes wrong in a browser without anybody's fault, or with somebody's: each ends in a sentence that helps."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from passerelle.clientele.imports import jobs as import_jobs
from passerelle.kit import jobs
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.kit.jobs import Work
from tests.conftest import PASSWORD, Shop

Json = dict[str, Any]

SCRIPT = '"><img src=x onerror="window.hit=1"><script>window.hit=1</script>{{7*7}}'
HUGE_BYTES = 100_000_000
ROWS, WRONG = 5_000, 15  # as many of them as 300 are of 100,000
PAGES = (
    *(
        "",
        "/customers",
        "/programs",
        "/rewards",
        "/rewards/issued",
        "/coupons",
        "/gift-cards",
        "/gift-cards/products",
    ),
    *(
        "/designs",
        "/team",
        "/settings/general",
        "/settings/locations",
        "/settings/keys",
        "/settings/audit",
        "/account",
    ),
)


@pytest_asyncio.fixture
async def worker(database: Database, settings: Settings) -> AsyncIterator[None]:
    """The part of the worker that imports files."""
    runner, connection = await jobs.queue(database.dsn, Work(database, settings), [import_jobs.WORK])
    task = asyncio.create_task(runner.run())
    yield
    runner.shutdown.set()
    await asyncio.wait_for(task, 15)
    await connection.close()


async def test_a_session_that_ends_while_somebody_types_takes_nothing_away(signed_in: Page, shop: Shop) -> None:
    page = signed_in
    await page.goto("/app/settings/general")
    name = page.get_by_role("textbox", name="Name", exact=True)
    await name.fill("Café Neuf")
    await page.context.clear_cookies()
    await page.get_by_role("button", name="Save").click()
    dialog = page.get_by_role("dialog", name="Sign in")
    await expect(dialog).to_contain_text("what you typed is still there")
    await dialog.get_by_role("textbox", name="E-mail").fill(shop.email)
    await dialog.get_by_role("textbox", name="Password").fill(PASSWORD)
    await dialog.get_by_role("button", name="Sign in", exact=True).click()
    await expect(dialog).to_have_count(0)
    await expect(name).to_have_value("Café Neuf")
    await expect(page.get_by_role("alert")).to_have_text(
        "Your session had ended, so this was not done. Sign in and try again."
    )
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("link", name="Café Neuf")).to_be_visible()


@pytest.mark.parametrize("place", ["logo", "card"])
async def test_a_picture_of_a_hundred_megabytes_is_refused_before_it_is_sent(
    signed_in: Page, tmp_path: Path, place: str
) -> None:
    page, huge = signed_in, tmp_path / "huge.png"
    with huge.open("wb") as file:
        file.truncate(HUGE_BYTES)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    if place == "logo":
        await page.goto("/app/settings/brand")
        chooser = page.get_by_role("button", name="Upload a logo")
    else:
        made = await page.request.post("/api/v1/programs", data={"name": "Club", "kind": "points"})
        await page.goto(f"/app/designs/{(await made.json())['template_id']}")
        await page.get_by_role("tab", name="Images").click()
        chooser = page.get_by_role("button", name="Replace Icon")
    async with page.expect_file_chooser() as chosen:
        await chooser.click()
    await (await chosen.value).set_files(huge)
    await expect(page.get_by_role("alert")).to_contain_text("This file has 100 MB")
    assert [url for url in sent if url.endswith("/images")] == []


def _rows() -> str:
    """As a spreadsheet in France saves it, with a telephone here and there that is none."""
    lines = ["Prénom;Nom;Téléphone"]
    for number in range(1, ROWS + 1):
        phone = "n/a" if number % (ROWS // WRONG) == 0 else f"06 1{number // 1000:03} {number % 1000:04}"
        lines.append(f"Zoé;Noël {number};{phone}")
    return "\r\n".join(lines)


@pytest.mark.usefixtures("worker")
async def test_a_long_file_in_another_encoding_says_which_rows_are_wrong(signed_in: Page) -> None:
    page = signed_in
    await page.goto("/app/customers/imports")
    file = {"name": "clients.csv", "mimeType": "text/csv", "buffer": _rows().encode("cp1252")}
    await page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]  # the shape of FilePayload
    await expect(page.get_by_text(f"{ROWS:,} rows, Windows-1252 (Western)")).to_be_visible()
    await page.get_by_role("button", name="Check the file").click()
    await expect(page.get_by_role("heading", name="This is what would happen")).to_be_visible()
    await expect(page.get_by_role("button", name=f"Import {ROWS - WRONG:,} rows")).to_be_enabled()
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Download these rows").click()
    wrong = (await (await download.value).path()).read_text(encoding="utf-8-sig").splitlines()
    assert len(wrong) == 1 + WRONG
    assert wrong[1].startswith(f"Zoé,Noël {ROWS // WRONG},n/a,")


async def test_a_script_in_every_text_is_a_text(signed_in: Page, base_url: str, shop: Shop) -> None:
    """Whatever somebody writes stands there as they wrote it, on every page that shows it."""
    page = signed_in
    async with httpx.AsyncClient(base_url=f"{base_url}/api/v1", headers=shop.headers, timeout=30) as http:
        paths = await _written(http)
    faults = shown = 0
    await page.goto("/app")
    for path in (*(f"/app{each}" for each in PAGES), *paths):
        if path.startswith("/app"):  # within the application, without loading it again
            await page.evaluate(
                "path => { history.pushState({}, '', path); dispatchEvent(new PopStateEvent('popstate')) }", path
            )
        else:
            await page.goto(path)
        await expect(page.locator("h1, h2").first).to_be_visible()
        await expect(page.locator("[aria-busy=true]")).to_have_count(0)
        faults += await page.locator("img[src='x'], [onerror], body script:not([src], [nonce])").count()
        shown += await page.get_by_text("onerror=").first.is_visible()
        assert await page.evaluate("window.hit") is None, path
        assert "49" not in await page.locator("h1").all_inner_texts()
    assert (faults, shown > len(PAGES)) == (0, True), shown


async def _written(http: httpx.AsyncClient) -> list[str]:
    """A script in everything that has a text; the pages of what was made."""

    async def post(path: str, body: Json) -> Json:
        answer = await http.post(path, json=body)
        assert answer.is_success, answer.text
        return dict(answer.json())

    text = SCRIPT[:100]
    await http.patch("/organization", json={"name": text})
    await post("/locations", {"name": text, "address": text})
    asked = {"name": text, "kind": "points", "goal": 100, "reward_name": text, "names": {"fr": text, "ar": text}}
    program = await post("/programs", asked)
    customer = await post("/customers", {"first_name": text, "last_name": text, "phone": "+33612345678"})
    member = await post(f"/programs/{program['id']}/members", {"customer_id": customer["id"]})
    card = await post("/passes", {"membership_id": member["id"]})
    await post(f"/customers/{customer['id']}/notes", {"text": text})
    await post(f"/members/{member['id']}/adjustments", {"amount": 500, "reason": text})
    reward = await post("/rewards", {"program_id": program["id"], "name": text, "description": text, "price": 5})
    await post(f"/members/{member['id']}/gifts", {"reward_id": reward["id"], "reason": text})
    bonus = {"program_id": program["id"], "name": text, "effect": {"type": "bonus", "units": 5}}
    await post("/promotions", bonus)
    level = {"name": text, "threshold": 10, "benefits": [{"text": text}]}
    await post("/tier-sets", {"program_id": program["id"], "name": text, "basis": "balance", "tiers": [level]})
    campaign = await post(
        "/coupon-campaigns", {"name": text, "terms": {"effect": {"type": "percent_off", "basis_points": 5}}}
    )
    product = await post("/gift-card-products", {"name": text, "amounts": {"amounts_minor": [500]}})
    gift = {"product_id": product["id"], "amount_minor": 500, "recipient_name": text, "message": text}
    given = await post("/gift-cards", gift)
    await post("/api-keys", {"name": text, "scopes": ["scans:write"]})
    link = await post(f"/passes/{card['id']}/link", {})
    shown = [f"/app/programs/{program['id']}/{each}" for each in ("overview", "promotions", "tiers", "rewards")]
    return [
        *shown,
        f"/app/customers/{customer['id']}",
        f"/app/coupons/{campaign['id']}",
        f"/app/gift-cards/cards/{given['id']}",
        f"/app/designs/{program['template_id']}",
        f"/join/{program['id']}",
        httpx.URL(link["url"]).path,
    ]
