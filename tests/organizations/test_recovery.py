"""Forgotten passwords: nobody learns who works here, and a link opens once."""

from datetime import timedelta

import httpx
import pytest

from passerelle.entry.api import create_app
from passerelle.kit import clock
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.kit.ids import decode
from passerelle.kit.jobs import Work
from passerelle.kit.mail import MailNotSent
from passerelle.organizations.invitations import jobs as invitation_jobs
from passerelle.organizations.recovery import jobs, service
from passerelle.organizations.rules import RESET_LIFE
from tests.conftest import PASSWORD, Shop
from tests.factories.mailbox import Mailbox, mailbox
from tests.organizations.conftest import Browser, OpenBrowser

NEW = "a completely new one"


async def _colleague(client: httpx.AsyncClient, shop: Shop, role: str = "cashier") -> dict[str, str]:
    new = {"name": "Sam", "email": f"{role}-{shop.email}", "role": role, "password": PASSWORD}
    made = await client.post("/api/v1/operators", json=new)
    return {"id": made.json()["id"], "email": new["email"]}


def _token(url: str) -> str:
    address, _, token = url.partition("#")
    assert address.endswith("/app/new-password")
    return token


async def test_a_colleague_makes_a_link_that_opens_once_and_ends_sessions(
    client: httpx.AsyncClient, owner: Browser, open_browser: OpenBrowser, shop: Shop
) -> None:
    sam = await _colleague(client, shop)
    old = await open_browser()
    await old.post("/api/v1/sessions", json={"email": sam["email"], "password": PASSWORD})
    made = await owner.post(f"/api/v1/operators/{sam['id']}/password-reset")
    assert made.status_code == 201
    body = {"token": _token(made.json()["url"]), "password": NEW}
    browser = await open_browser()
    assert (await browser.post("/api/v1/password-resets/use", json=body)).status_code == 204
    assert (await old.get("/api/v1/me")).status_code == 401
    for password, status in ((PASSWORD, 401), (NEW, 204)):
        answer = await browser.post("/api/v1/sessions", json={"email": sam["email"], "password": password})
        assert answer.status_code == status
    again = await browser.post("/api/v1/password-resets/use", json=body)
    assert (again.status_code, again.json()["code"]) == (410, "link_invalid")


@pytest.mark.parametrize("end", ["too old", "replaced", "disabled", "invitation"])
async def test_a_link_that_is_no_longer_good(
    client: httpx.AsyncClient, open_browser: OpenBrowser, shop: Shop, end: str
) -> None:
    sam = await _colleague(client, shop)
    token = _token((await client.post(f"/api/v1/operators/{sam['id']}/password-reset")).json()["url"])
    now = clock.now()
    match end:
        case "too old":
            now += RESET_LIFE + timedelta(seconds=1)
        case "replaced":
            await client.post(f"/api/v1/operators/{sam['id']}/password-reset")
        case "disabled":
            await client.patch(f"/api/v1/operators/{sam['id']}", json={"disabled": True})
        case _:
            token = token.replace("pwr_", "inv_")
    with clock.frozen(now):
        answer = await (await open_browser()).post(
            "/api/v1/password-resets/use", json={"token": token, "password": NEW}
        )
    assert (answer.status_code, answer.json()["code"]) == (410, "link_invalid")


async def test_who_may_help_whom(
    client: httpx.AsyncClient, open_browser: OpenBrowser, owner: Browser, shop: Shop
) -> None:
    manager, cashier = await _colleague(client, shop, "manager"), await _colleague(client, shop, "cashier")
    [owner_id] = [
        each["id"] for each in (await client.get("/api/v1/operators")).json()["items"] if each["role"] == "owner"
    ]
    browser = await open_browser()
    await browser.post("/api/v1/sessions", json={"email": manager["email"], "password": PASSWORD})
    statuses = {}
    for name, operator_id in (("cashier", cashier["id"]), ("owner", owner_id), ("self", manager["id"])):
        answer = await browser.post(f"/api/v1/operators/{operator_id}/password-reset")
        statuses[name] = answer.status_code if answer.is_success else answer.json()["code"]
    assert statuses == {"cashier": 201, "owner": "scope_not_yours", "self": "own_account"}


async def test_the_answer_never_tells_whether_an_email_is_known(open_browser: OpenBrowser, shop: Shop) -> None:
    browser = await open_browser()
    answers = [
        await browser.post("/api/v1/password-resets", json={"email": email})
        for email in (shop.email, "nobody@example.com")
    ]
    assert [(each.status_code, each.content) for each in answers] == [(204, b"")] * 2


async def test_one_address_asks_so_often(open_browser: OpenBrowser) -> None:
    browser = await open_browser()
    statuses = [
        (await browser.post("/api/v1/password-resets", json={"email": "nobody@example.com"})).status_code
        for _ in range(21)
    ]
    assert statuses == [204] * 20 + [429]


async def _queued(database: Database, job: str) -> list[bytes]:
    async with database.unscoped() as connection:
        rows = await connection.fetch("DELETE FROM pgqueuer WHERE entrypoint = $1 RETURNING payload", job)
    return [row["payload"] for row in rows]


async def test_links_are_mailed_where_the_server_can(database: Database, settings: Settings, shop: Shop) -> None:
    async with mailbox() as box:
        able = settings.model_copy(update={"smtp_url": box.url, "smtp_from": "cards@example.com"})
        transport = httpx.ASGITransport(create_app(database, able))
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as browser:
            assert (await browser.get("/api/v1/sign-in-options")).json()["mail"] is True
            for email in (shop.email, "nobody@example.com"):
                assert (await browser.post("/api/v1/password-resets", json={"email": email})).status_code == 204
            [payload] = await _queued(database, "organizations.mail_new_password")
            assert shop.email.encode() not in payload
            work = Work(database, able)
            await jobs.mail_new_password(
                work, {"organization_id": str(shop.organization_id), "operator_id": str(shop.operator_id)}
            )
            letter = box.letters[-1]
            assert (letter["To"], letter["From"]) == (shop.email, "cards@example.com")
            body = {"token": _token(_url_in(box)), "password": NEW}
            assert (await browser.post("/api/v1/password-resets/use", json=body)).status_code == 204


async def test_invitations_are_mailed_too(database: Database, settings: Settings, shop: Shop) -> None:
    async with mailbox() as box:
        able = settings.model_copy(update={"smtp_url": box.url})
        transport = httpx.ASGITransport(create_app(database, able))
        async with httpx.AsyncClient(
            transport=transport, base_url="http://testserver", headers=shop.headers
        ) as client:
            body = {"email": f"sam-{shop.email}", "role": "cashier"}
            made = (await client.post("/api/v1/invitations", json=body)).json()
            assert made["mailed"] is True
            [payload] = await _queued(database, "organizations.mail_invitation")
            assert made["url"].partition("#")[2].encode() not in payload
            given = {"organization_id": str(shop.organization_id), "invitation_id": str(decode("inv", made["id"]))}
            await invitation_jobs.mail_invitation(Work(database, able), given)
            assert _url_in(box) == made["url"]
            await client.delete(f"/api/v1/invitations/{made['id']}")
            await invitation_jobs.mail_invitation(Work(database, able), given)
        assert len(box.letters) == 1


async def test_a_mail_server_that_refuses_is_tried_again(database: Database, settings: Settings, shop: Shop) -> None:
    async with mailbox() as box:
        box.refuses = True
        able = settings.model_copy(update={"smtp_url": box.url})
        payload = {"organization_id": str(shop.organization_id), "operator_id": str(shop.operator_id)}
        with pytest.raises(MailNotSent) as fault:
            await jobs.mail_new_password(Work(database, able), payload)
        assert shop.email not in str(fault.value)


async def test_whoever_runs_the_server_prints_a_link(
    database: Database, settings: Settings, open_browser: OpenBrowser, shop: Shop
) -> None:
    assert await service.links_for(database, "nobody@example.com", settings) == []
    [(name, link)] = await service.links_for(database, shop.email.upper(), settings)
    assert name == "Café Central"
    body = {"token": _token(link.url), "password": NEW}
    assert (await (await open_browser()).post("/api/v1/password-resets/use", json=body)).status_code == 204


def _url_in(box: Mailbox) -> str:
    text = box.letters[-1].get_content()
    return str(next(line for line in text.splitlines() if line.startswith("http")))
