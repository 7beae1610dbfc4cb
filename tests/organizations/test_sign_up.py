"""Who may open an organization: anybody on this machine alone, elsewhere the holder of the setup link, once."""

import asyncio
from typing import Any

import httpx
import pytest

from passerelle.entry.api import create_app
from passerelle.entry.processes import say_setup_link
from passerelle.kit import directory
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.kit.ids import new_id
from passerelle.organizations.sign_up import setup_link, setup_token
from tests.conftest import PASSWORD


@pytest.mark.parametrize(
    ("base_url", "signup", "expected"),
    [
        ("http://127.0.0.1:8000", None, "open"),
        ("http://localhost:8000", None, "open"),
        ("http://[::1]:8000", None, "open"),
        ("https://cards.example.com", None, "first"),
        ("http://0.0.0.0:8000", None, "first"),
        ("http://192.168.1.5:8000", None, "first"),
        ("https://cards.example.com", "open", "open"),
        ("http://127.0.0.1:8000", "closed", "closed"),
    ],
)
def test_without_a_word_only_this_machine_is_open(base_url: str, signup: Any, expected: str) -> None:
    assert Settings(_env_file=None, base_url=base_url, signup=signup).sign_up == expected


def _first(settings: Settings) -> Settings:
    return settings.model_copy(update={"signup": "first"})


async def _open(database: Database, settings: Settings, **more: str) -> httpx.Response:
    transport = httpx.ASGITransport(create_app(database, settings))
    body = {
        "name": "Café",
        "owner_name": "Ada",
        "owner_email": f"{new_id().hex}@example.com",
        "owner_password": PASSWORD,
    }
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        return await client.post("/api/v1/organizations", json=body | more)


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if nobody had opened an organization in this database, which other tests share."""
    kind = f"tenant of {new_id().hex}"
    monkeypatch.setattr(directory, "_FIRST", directory._FIRST.replace("'tenant'", f"'{kind}'"))
    monkeypatch.setattr(
        directory, "_ADD", directory._ADD.replace("$1,", f"CASE $1 WHEN 'tenant' THEN '{kind}' ELSE $1 END,", 1)
    )


@pytest.mark.usefixtures("empty")
async def test_the_first_organization_takes_the_setup_link_once(database: Database, settings: Settings) -> None:
    first = _first(settings)
    for wrong in ({}, {"setup_token": "0" * 32}):
        refused = await _open(database, first, **wrong)
        assert (refused.status_code, refused.json()["code"]) == (403, "setup_token_wrong")
    token = setup_token(database.vault)
    assert setup_link(first, database.vault) == f"http://testserver/app/setup#{token}"
    answers = await asyncio.gather(*(_open(database, first, setup_token=token) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 403, 403]
    assert {each.json()["code"] for each in answers if each.status_code == 403} == {"sign_up_closed"}


async def test_after_the_first_nobody_opens_another(database: Database, settings: Settings, shop: object) -> None:
    assert shop
    refused = await _open(database, _first(settings), setup_token=setup_token(database.vault))
    assert (refused.status_code, refused.json()["code"]) == (403, "sign_up_closed")


async def test_a_closed_server_takes_nobody(database: Database, settings: Settings) -> None:
    closed = settings.model_copy(update={"signup": "closed"})
    assert (await _open(database, closed)).json()["code"] == "sign_up_closed"


async def test_the_link_is_printed_only_while_it_is_of_use(
    owner_dsn: str, settings: Settings, shop: object, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shop
    first = _first(settings).model_copy(update={"database_url": owner_dsn})
    await asyncio.to_thread(say_setup_link, first)
    assert capsys.readouterr().out == ""
