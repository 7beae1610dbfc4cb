"""Imports over HTTP, with the job that works on them."""

import asyncio
import csv
import io
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import httpx
import orjson
import pytest

from passerelle.clientele.imports import jobs, service, working
from passerelle.clientele.imports.faults import RowFault
from passerelle.customers import service as customers
from passerelle.customers.errors import PhoneTaken
from passerelle.customers.schemas import CustomerChange, NewCustomer
from passerelle.kit import clock
from passerelle.kit.db import Database, Tx
from passerelle.kit.ids import decode
from passerelle.ledger import service as ledger
from passerelle.programs import service as programs
from tests.clientele.conftest import CUSTOMERS, IMPORTS, Json, Office, until_somebody_waits
from tests.conftest import ROOT, Shop
from tests.factories.documents import Document

DOCUMENT: Final = Document("algorithms/imports.md")

FILE = """First name;Phone;E-mail;Points
Lina;06 12 34 56 78;lina@example.com;120
Max;07 60 12 34 56;;0
Zoé;12;zoe@example.com;5
Ines;;nobody;7
"""


async def _state(database: Database, shop: Shop) -> dict[str, Any]:
    """Everything about customers that an import could have changed."""
    tables = ("customers", "memberships", "ledger_transfers", "passes", "events")
    async with database.transaction(shop.organization_id) as tx:
        return {
            name: await tx.fetchval(f"SELECT count(*) FROM {name} WHERE organization_id = $1", tx.organization_id)  # noqa: S608  constants above
            for name in tables
        }


async def test_a_file_comes_in_and_its_wrong_rows_come_back(office: Office) -> None:
    program = await office.program()
    uploaded = await office.upload(FILE)
    assert (uploaded["state"], uploaded["rows"], uploaded["encoding"], uploaded["delimiter"]) == (
        "uploaded",
        4,
        "utf-8",
        ";",
    )
    assert uploaded["columns"] == ["First name", "Phone", "E-mail", "Points"]
    assert uploaded["sample"][0] == ["Lina", "06 12 34 56 78", "lina@example.com", "120"]
    done = await office.run(FILE, program_id=program, issue_cards=True)
    assert done["id"] == uploaded["id"]
    assert done["state"] == "done"
    expected = {"rows": 4, "faulty": 2, "new": 2, "changed": 0, "same": 0, "enrolled": 2, "cards": 2, "units": 120}
    assert done["figures"] == expected
    assert await office.faults(done["id"]) == [(4, "phone", "phone_invalid"), (5, "email", "email_invalid")]
    (lina,) = await office.find(text="lina@example.com")
    assert (lina["customer"]["phone"], lina["customer"]["source"]) == ("+33612345678", "import")
    assert (lina["cards"], lina["memberships"][0]["balances"][0]["active"]) == (1, 120)
    answer = await office.http.get(f"{IMPORTS}/{done['id']}/faulty-rows", headers={"Accept-Language": "fr"})
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0] == ["First name", "Phone", "E-mail", "Points", "Ce qui ne va pas"]
    assert [row[0] for row in rows[1:]] == ["Zoé", "Ines"]
    assert "06 12 34 56 78" in rows[1][4]


async def test_the_mended_rows_come_in_as_they_went_out(office: Office) -> None:
    done = await office.run(FILE)
    answer = await office.http.get(f"{IMPORTS}/{done['id']}/faulty-rows")
    mended = answer.text.replace(",12,", ",+33 7 55 55 55 55,").replace("nobody", "ines@example.com")
    again = await office.run(mended)
    assert (again["figures"]["new"], again["figures"]["faulty"]) == (2, 0)


async def test_a_check_changes_nothing(office: Office, database: Database, shop: Shop) -> None:
    program = await office.program()
    before = await _state(database, shop)
    checked = await office.check(FILE, program_id=program)
    assert (checked["state"], checked["figures"]["new"], checked["figures"]["faulty"]) == ("checked", 2, 2)
    assert await _state(database, shop) == before


async def test_the_same_file_again_changes_nothing(office: Office, database: Database, shop: Shop) -> None:
    program = await office.program()
    first = await office.run(FILE, program_id=program, issue_cards=True)
    before = await _state(database, shop)
    again = await office.run(FILE, program_id=program, issue_cards=True)
    assert again["same_as"] == first["id"]
    assert (again["figures"]["new"], again["figures"]["changed"], again["figures"]["same"]) == (0, 0, 2)
    after = await _state(database, shop)
    assert after.pop("events") == before.pop("events") + 2  # that an import began and ended
    assert after == before


_ADA = "06 12 34 56 78"
_ROWS: dict[str, str] = {
    "new phone": "Lina,07 77 77 77 77,,",
    "phone of A": f"Ada,{_ADA},,",
    "phone of A written otherwise": "Ada,'+33612345678,,",
    "e-mail of A, new phone": "Ada,07 77 77 77 77,ada@example.com,",
    "e-mail of A, other phone": "Ada,07 77 77 77 77,ada@example.com,",
    "phone of A, e-mail of B": f"Ada,{_ADA},bob@example.com,",
    "phone of an earlier row": "Max,0788888888,,\nMia,07 88 88 88 88,,",
    "neither phone nor e-mail": "Lina,,,",
    "phone of a suspended member": f"Ada,{_ADA},,",
    "phone of a member who left": f"Ada,{_ADA},,",
    "balance as imported before": f"Ada,{_ADA},,120",
    "another balance than imported before": f"Ada,{_ADA},,120",
}


@pytest.mark.parametrize("row", [pytest.param(row, id=row["row"]) for row in DOCUMENT.table("rows")])
async def test_rows(office: Office, row: dict[str, str]) -> None:
    known = row["known before"]
    program = await office.program()
    if known != "nobody":
        phone = {} if known == "A has no phone" else {"phone": _ADA}
        ada = await office.customer(first_name="Ada", email="ada@example.com", **phone)
        member = await office.member(program, ada)
        if "B" in known:
            await office.customer(first_name="Bob", email="bob@example.com")
        state = known.partition(", ")[2]
        if state in {"suspended", "ended"}:
            await office.http.patch(f"/api/v1/members/{member}", json={"state": state})
        if state.startswith("balance"):
            await office.run(f"Phone,Points\n{_ADA},{state.split()[1]}", program_id=program)
    done = await office.check(f"Name,Phone,E-mail,Points\n{_ROWS[row['row']]}\n", program_id=program)
    happens = row["what happens"]
    if happens in {"new", "same", "changed"}:
        assert (done["figures"][happens], done["figures"]["faulty"]) == (1, 0)
    else:
        assert [code for _, _, code in await office.faults(done["id"])] == [happens]


@pytest.mark.parametrize(
    ("known", "name", "city"), [("fill", "Ada", "Salé"), ("replace", "Adèle", "Salé"), ("keep", "Ada", None)]
)
async def test_what_happens_to_those_who_are_known(office: Office, known: str, name: str, city: str | None) -> None:
    ada = await office.customer(first_name="Ada", phone=_ADA)
    content = f"Name,Phone,attribute.city\nAdèle,{_ADA},Salé\n"
    done = await office.run(content, known=known)
    assert done["figures"]["changed"] == (known != "keep")
    seen = await office.get(f"{CUSTOMERS}/{ada}")
    assert (seen["first_name"], seen["attributes"].get("city")) == (name, city)


async def test_empty_cells_take_nothing_away(office: Office) -> None:
    ada = await office.customer(first_name="Ada", phone=_ADA, email="ada@example.com")
    await office.run(f"Name,Phone,E-mail\n,{_ADA},\n", known="replace")
    seen = await office.get(f"{CUSTOMERS}/{ada}")
    assert (seen["first_name"], seen["email"]) == ("Ada", "ada@example.com")


@pytest.mark.timeout(60)  # it starts a process that loads the whole program
async def test_a_run_goes_on_where_its_worker_was_killed(
    office: Office, owner_dsn: str, database: Database, shop: Shop
) -> None:
    """The worker is killed in the middle of the second part: it waits for a till that registers one of its people."""
    content = "Phone,Points\n" + "".join(f"06{number:08},5\n" for number in range(12000000, 12000450))
    program = await office.program()
    checked = await office.check(content, program_id=program, issue_cards=True)
    await office.post(f"{IMPORTS}/{checked['id']}/run")
    payload = {"organization_id": str(shop.organization_id), "import_id": str(decode("imp", checked["id"]))}
    lone_worker = (sys.executable, "-m", "tests.clientele.lone_worker", owner_dsn, orjson.dumps(payload).decode())
    with suppress(_ChangeOfMind):
        async with database.transaction(shop.organization_id) as till:
            await customers.register(till, NewCustomer(phone="+33612000300", source="till"))
            worker = await asyncio.create_subprocess_exec(*lone_worker, cwd=ROOT)
            await until_somebody_waits(owner_dsn)
            worker.kill()
            await worker.wait()
            raise _ChangeOfMind
    half = await office.get(f"{IMPORTS}/{checked['id']}")
    assert (half["state"], half["figures"]["rows"]) == ("running", 200)
    done = await office.work_on(checked["id"])
    assert (done["state"], done["figures"]["new"], done["figures"]["units"]) == ("done", 450, 2250)
    state = await _state(database, shop)
    assert {state[name] for name in ("customers", "memberships", "ledger_transfers", "passes")} == {450}
    async with database.transaction(shop.organization_id) as tx:
        assert await ledger.check_books(tx) == []


class _ChangeOfMind(Exception):
    """The till does not register them after all."""


async def test_a_person_who_comes_meanwhile_is_not_made_twice(office: Office, database: Database, shop: Shop) -> None:
    """A till registers and enrols one of the people between the check and the run."""
    content = "Name,Phone,Points\n" + "".join(f"Lina,06{number:08},5\n" for number in range(12000000, 12000003))
    program = await office.program()
    checked = await office.check(content, program_id=program, issue_cards=True)
    known = await office.customer(first_name="Ada", phone="0612000001")
    member = await office.member(program, known, points=7)
    await office.post(f"{IMPORTS}/{checked['id']}/run")
    done = await office.work_on(checked["id"])
    assert (done["state"], done["figures"]["new"], done["figures"]["changed"]) == ("done", 2, 1)
    assert await office.points(member) == 12
    assert (await _state(database, shop))["customers"] == 3
    assert (await office.get(f"{CUSTOMERS}/{known}"))["first_name"] == "Ada"


async def test_a_person_who_comes_at_the_same_instant_is_not_made_twice(
    office: Office, monkeypatch: pytest.MonkeyPatch, database: Database, shop: Shop
) -> None:
    """The same, but after the part was judged: what was written for all leaves them out, and one goes by itself."""
    write_rows = vars(working)["write_rows"]

    async def late(tx: Tx, verdicts: Any, setting: Any) -> None:
        async with database.transaction(shop.organization_id) as till:
            registered = await customers.register(till, NewCustomer(phone="0612000001", source="till"))
            await programs.enroll(till, setting.program.id, registered.customer_id, source="till")
        await write_rows(tx, verdicts, setting)

    content = "Name,Phone,Points\n" + "".join(f"Lina,06{number:08},5\n" for number in range(12000000, 12000003))
    program = await office.program()
    checked = await office.check(content, program_id=program, issue_cards=True)
    monkeypatch.setattr(working, "write_rows", late)
    await office.post(f"{IMPORTS}/{checked['id']}/run")
    done = await office.work_on(checked["id"])
    assert done["state"] == "done"
    state = await _state(database, shop)
    assert {state[name] for name in ("customers", "memberships", "ledger_transfers", "passes")} == {3}


async def test_two_workers_import_a_row_once(office: Office, database: Database, shop: Shop) -> None:
    content = "Phone,Points\n" + "".join(f"06{number:08},5\n" for number in range(12000000, 12000050))
    program = await office.program()
    checked = await office.check(content, program_id=program)
    await office.post(f"{IMPORTS}/{checked['id']}/run")
    await asyncio.gather(office.work_on(checked["id"]), office.work_on(checked["id"]))
    done = await office.get(f"{IMPORTS}/{checked['id']}")
    assert (done["state"], done["figures"]["new"]) == ("done", 50)
    assert (await _state(database, shop))["ledger_transfers"] == 50


async def test_a_row_that_is_refused_at_the_last_moment_is_a_fault(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_customer = customers.change_customer

    async def refuse_zoe(tx: Tx, customer_id: UUID, change: CustomerChange) -> Any:
        changed = await change_customer(tx, customer_id, change)  # written before the refusal: nothing of it may stay
        if change.first_name == "Zoé":
            raise PhoneTaken
        return changed

    zoe = await office.customer(phone="0612345679")
    monkeypatch.setattr(customers, "change_customer", refuse_zoe)
    rows = "Lina,0612345678,\nZoé,0612345679,zoe@example.com\nMax,0612345670,\n"
    done = await office.run(f"Name,Phone,E-mail\n{rows}")
    assert (done["figures"]["new"], done["figures"]["faulty"]) == (2, 1)
    assert await office.faults(done["id"]) == [(3, "", "customer_phone_taken")]
    assert (await office.get(f"{CUSTOMERS}/{zoe}"))["first_name"] is None
    assert {entry["customer"]["first_name"] for entry in await office.find()} == {"Lina", "Max", None}
    assert RowFault.of_refusal(PhoneTaken()).sentence("fr").startswith("Un autre client")


async def test_a_program_that_ends_meanwhile_ends_the_import(office: Office) -> None:
    program = await office.program()
    checked = await office.check(FILE, program_id=program)
    await office.http.patch(f"/api/v1/programs/{program}", json={"state": "paused"})
    await office.post(f"{IMPORTS}/{checked['id']}/run")
    failed = await office.work_on(checked["id"])
    assert failed["state"] == "failed"
    assert "Points" in failed["failure"]
    assert await office.find() == []
    await office.http.patch(f"/api/v1/programs/{program}", json={"state": "active"})
    done = await office.run(FILE, program_id=program)
    assert done["figures"]["new"] == 2


async def test_what_does_not_go_with_the_state_is_refused(office: Office) -> None:
    uploaded = await office.upload(FILE)
    place = f"{IMPORTS}/{uploaded['id']}"
    for path, status in ((f"{place}/run", 409), (f"{place}/cancel", 409)):
        answer = await office.http.post(path)
        assert (answer.status_code, answer.json()["code"]) == (status, "import_state_refused")
    await office.post(f"{place}/check", {"columns": uploaded["suggested"][:3]})
    assert (await office.http.delete(place)).status_code == 409
    assert (await office.post(f"{place}/cancel"))["state"] == "uploaded"
    assert (await office.work_on(uploaded["id"]))["state"] == "uploaded"
    assert (await office.http.delete(place)).status_code == 204
    assert (await office.http.get(place)).json()["code"] == "import_not_found"


async def test_a_run_can_be_stopped(office: Office) -> None:
    checked = await office.check(FILE)
    await office.post(f"{IMPORTS}/{checked['id']}/run")
    assert (await office.post(f"{IMPORTS}/{checked['id']}/cancel"))["state"] == "cancelled"
    assert (await office.work_on(checked["id"]))["figures"]["rows"] == 0


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        ({"columns": []}, "invalid_request"),
        ({"columns": [{"column": 0, "field": "first_name"}]}, "invalid_request"),
        ({"columns": [{"column": 1, "field": "phone"}, {"column": 2, "field": "phone"}]}, "invalid_request"),
        ({"columns": [{"column": 9, "field": "phone"}]}, "invalid_input"),
        ({"columns": [{"column": 1, "field": "phone"}], "issue_cards": True}, "invalid_request"),
        ({"columns": [{"column": 1, "field": "attribute"}]}, "invalid_request"),
        ({"columns": [{"column": 1, "field": "phone"}], "program_id": f"prg_{'0' * 26}"}, "program_not_found"),
    ],
)
async def test_plans_that_cannot_be(office: Office, plan: Json, code: str) -> None:
    uploaded = await office.upload(FILE)
    answer = await office.http.post(f"{IMPORTS}/{uploaded['id']}/check", json=plan)
    assert answer.json()["code"] == code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04" + b"\x00" * 100, "import_not_text"),
        (b"", "import_empty"),
        (b'a,b\n"never,closed\nx,y\n', "import_quote_not_closed"),
    ],
)
async def test_files_that_cannot_be(office: Office, content: bytes, code: str) -> None:
    answer = await office.http.post(IMPORTS, content=content, headers={"Content-Type": "text/csv"})
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await office.get(IMPORTS))["items"] == []


async def test_an_encoding_can_be_named(office: Office) -> None:
    content = "Name;Phone\nZoé;0612345678\n".encode("cp1252")
    answer = await office.http.post(f"{IMPORTS}?encoding=utf-8", content=content)
    assert (answer.status_code, answer.json()["code"]) == (422, "import_encoding_refused")
    answer = await office.http.post(f"{IMPORTS}?encoding=windows-1252", content=content)
    assert answer.json()["sample"] == [["Zoé", "0612345678"]]


async def test_a_file_that_is_too_large_is_refused_while_it_comes(office: Office) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 1_000_000

    answer = await office.http.post(IMPORTS, content=endless())
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize(
    ("scopes", "plan", "missing"),
    [
        (("customers:read",), {}, "customers:write"),
        (("customers:read", "customers:write"), {"balance": True}, "ledger:adjust"),
        (("customers:read", "customers:write", "ledger:adjust"), {"issue_cards": True}, "passes:write"),
    ],
)
async def test_an_import_gives_no_more_than_its_caller_may(
    office: Office, key_with: Any, scopes: tuple[str, ...], plan: Json, missing: str
) -> None:
    program = await office.program()
    uploaded = await office.upload(FILE)
    columns = [column for column in uploaded["suggested"] if column["field"] != "balance" or "balance" in plan]
    body = {"columns": columns, "program_id": program} | {k: v for k, v in plan.items() if k != "balance"}
    answer = await office.http.post(f"{IMPORTS}/{uploaded['id']}/check", json=body, headers=await key_with(*scopes))
    assert (answer.status_code, answer.json()["params"]["scope"]) == (403, missing)


async def test_whoever_asked_is_named_in_the_books(office: Office, database: Database, shop: Shop) -> None:
    done = await office.run(FILE, program_id=await office.program())
    async with database.transaction(shop.organization_id) as tx:
        actors = await tx.fetch(
            "SELECT DISTINCT actor FROM ledger_transfers WHERE organization_id = $1", shop.organization_id
        )
    assert [row["actor"] for row in actors] == [done["actor"]]
    assert done["actor"].startswith("key_")


async def test_nothing_of_a_file_is_readable_at_rest_or_kept(office: Office, database: Database, shop: Shop) -> None:
    done = await office.run(FILE)
    async with database.transaction(shop.organization_id) as tx:
        parts = await tx.fetch(
            "SELECT content FROM customer_import_parts WHERE organization_id = $1", shop.organization_id
        )
        kept = await service.rows_of(tx, decode("imp", done["id"]), 0)
        assert [cells[0] for _, cells in kept] == ["Zoé", "Ines"]
    assert parts
    assert b"zoe@example.com" not in parts[0]["content"]
    payload = {"organization_id": str(shop.organization_id)}
    with clock.frozen(clock.now() + timedelta(days=8)):
        await jobs.forget_old_files(office.work, payload)
    assert await office.faults(done["id"]) == []
    assert (await office.get(f"{IMPORTS}/{done['id']}"))["figures"]["new"] == 2


async def test_faults_are_paged_by_whole_rows(office: Office) -> None:
    content = "Phone,E-mail\n" + "7,x\n" * 30
    checked = await office.check(content)
    seen: list[tuple[int, str]] = []
    cursor: dict[str, str] = {}
    while True:
        page = await office.get(f"{IMPORTS}/{checked['id']}/faults", limit=7, **cursor)
        seen += [(fault["row"], fault["field"]) for fault in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert seen == [(row, field) for row in range(2, 32) for field in ("email", "phone")]


async def test_imports_of_others_are_not_there(office: Office, other_shop: Shop) -> None:
    uploaded = await office.upload(FILE)
    answer = await office.http.get(f"{IMPORTS}/{uploaded['id']}", headers=other_shop.headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "import_not_found")


async def test_memory_is_that_of_a_part(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the length of a file, no more than one part of it is looked at at a time."""
    looked_at: list[int] = []
    judge = vars(working)["judge"]

    async def watched(tx: Tx, import_id: Any, rows: Any, *rest: Any) -> Any:
        looked_at.append(len(rows))
        return await judge(tx, import_id, rows, *rest)

    monkeypatch.setattr(working, "judge", watched)
    wrong = {5, 999, 1500}
    lines = [f"06{12000000 + n:08}" if n not in wrong else "x1" for n in range(1700)]
    checked = await office.check("Phone,Name\n" + "".join(f"{line},N\n" for line in lines))
    assert (checked["figures"]["rows"], checked["figures"]["faulty"], checked["figures"]["new"]) == (1700, 3, 1697)
    assert looked_at == [200] * 8 + [100]


async def test_uploads_need_a_caller(client: httpx.AsyncClient) -> None:
    answer = await client.post(IMPORTS, content=b"x", headers={"Authorization": ""})
    assert answer.status_code == 401
