"""What the database refuses, what the proof of the books finds, what jobs do, what it costs."""

from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from passerelle.kit import clock
from passerelle.kit.config import Settings
from passerelle.kit.db import Database, Tx
from passerelle.kit.ids import new_id
from passerelle.kit.jobs import Work
from passerelle.ledger import jobs, personal_data, service
from passerelle.ledger.errors import TransferNotFound
from passerelle.ledger.events import BalanceChanged
from passerelle.ledger.schemas import Credit, Debit
from tests.conftest import Shop
from tests.ledger.conftest import DOCUMENT

_ENTRY = "INSERT INTO ledger_entries SELECT organization_id, transfer_id, id,"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entries SET amount = 1",
        "DELETE FROM ledger_entries",
        "TRUNCATE ledger_entries",
        "UPDATE ledger_transfers SET reason = ''",
        "DELETE FROM ledger_transfers",
        "TRUNCATE ledger_transfers CASCADE",
        "UPDATE ledger_lots SET amount = 1",
        "UPDATE ledger_lots SET earned_at = now()",
        "UPDATE ledger_lots SET policy = ''",
        "UPDATE ledger_holds SET amount = 1",
        "DELETE FROM ledger_holds",
        "DELETE FROM ledger_lots",
        "DELETE FROM ledger_accounts",
        "UPDATE ledger_accounts SET owner_id = unit_id",
        "INSERT INTO ledger_accounts SELECT organization_id, id, id, 5 FROM ledger_transfers",
    ],
)
async def test_the_application_cannot_rewrite_history(database: Database, shop: Shop, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with database.transaction(shop.organization_id) as tx:
            await tx.execute(statement)


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE ledger_lots SET remaining = -1", "ck_ledger_lots_remaining"),
        ("UPDATE ledger_lots SET remaining = amount + 1", "ck_ledger_lots_remaining"),
        ("UPDATE ledger_lots SET expires_at = activates_at", "ck_ledger_lots_interval"),
        ("UPDATE ledger_accounts SET spent = earned + 1", "ck_ledger_accounts_held"),
        ("UPDATE ledger_accounts SET earned = -1, adjusted = 100", "ck_ledger_accounts_figures"),
        (f"{_ENTRY} 'redeemed', owner_id, unit_id, 0 FROM ledger_lots", "ck_ledger_entries_amount"),
        (f"{_ENTRY} 'pocket', owner_id, unit_id, 1 FROM ledger_lots", "ck_ledger_entries_account"),
        (
            f"{_ENTRY} 'redeemed', unit_id, unit_id, 1 FROM ledger_lots",
            "fk_ledger_entries_organization_id_owner_id_unit_id_lot_id",
        ),
    ],
)
async def test_the_database_refuses_nonsense(tx: Tx, statement: str, constraint: str) -> None:
    await service.post(tx, kind="accrual", reference="one", credits=[Credit(new_id(), new_id(), 10)])
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        await tx.execute(statement)
    assert refused.value.constraint_name == constraint


_LOT = "a lot's remainder is the sum of its entries"
_ACCOUNT = "an account's figures are the sums of its entries"


@pytest.mark.parametrize(
    ("tampering", "rules"),
    [
        ("UPDATE ledger_entries SET amount = amount + 1 WHERE account = 'redeemed'", {_LOT, _ACCOUNT}),
        ("UPDATE ledger_lots SET remaining = remaining - 1 WHERE true", {_LOT}),
        ("UPDATE ledger_lots SET amount = amount + 1 WHERE true", {"a lot's amount is what its transfer credited"}),
        ("UPDATE ledger_accounts SET earned = earned + 1 WHERE true", {_ACCOUNT}),
        (
            "UPDATE ledger_entries SET account = 'expired' WHERE account = 'redeemed'",
            {_ACCOUNT, "a transfer has the entries of its kind"},
        ),
        (
            "DELETE FROM ledger_entries WHERE account = 'redeemed'",
            {_LOT, _ACCOUNT, "a transfer that is no reversal has entries"},
        ),
        (
            "UPDATE ledger_lots SET activates_at = now() + interval '1 day' WHERE true",
            {"a pending lot waits for its activation"},
        ),
        ("UPDATE ledger_accounts SET owed = owed + 1 WHERE true", {_ACCOUNT, "who owes has nothing that could pay"}),
        (
            "UPDATE ledger_accounts SET held = held + 1, adjusted = adjusted + 1 WHERE true",
            {_ACCOUNT, "an account holds what its open holds set aside"},
        ),
        (
            "UPDATE ledger_holds SET ended_by = id WHERE true",
            {"an account holds what its open holds set aside"},
        ),
        (
            "UPDATE ledger_entries SET amount = amount - 1 WHERE account = 'moved' AND amount < 0",
            {_LOT, _ACCOUNT, "what is moved leaves one owner for another"},
        ),
        (
            "UPDATE ledger_entries SET account = 'redeemed' WHERE account = 'set_aside'",
            {_ACCOUNT, "a transfer has the entries of its kind"},
        ),
        (
            "UPDATE ledger_entries SET amount = -11 WHERE account = 'issued' AND amount < 0",
            {_LOT, _ACCOUNT, "no more is taken back than was given"},
        ),
    ],
)
async def test_the_proof_finds_tampering(
    owner_dsn: str, database: Database, shop: Shop, tampering: str, rules: set[str]
) -> None:
    """By the owner of the tables, who alone can."""
    owner_id, unit_id = new_id(), new_id()
    async with database.transaction(shop.organization_id) as tx:
        given = await service.post(tx, kind="accrual", reference="one", credits=[Credit(owner_id, unit_id, 10)])
        await service.post(tx, kind="redemption", reference="two", debits=[Debit(owner_id, unit_id, 4)])
        await service.refund(tx, given.transfer_id, [Debit(owner_id, unit_id, 2)], reference="three")
        await service.move(tx, owner_id, new_id(), unit_id, 1, reference="four")
        ends_at = clock.now() + timedelta(days=1)
        await service.hold(tx, owner_id, unit_id, 1, reference="five", expires_at=ends_at)
        assert await service.check_books(tx) == []
    connection = await asyncpg.connect(owner_dsn)
    try:
        await connection.execute(f"{tampering} AND organization_id = $1", shop.organization_id)
    finally:
        await connection.close()
    async with database.transaction(shop.organization_id) as tx:
        assert {fault.rule for fault in await service.check_books(tx)} == rules


async def test_another_tenant_sees_nothing(database: Database, shop: Shop, other_shop: Shop) -> None:
    owner_id, unit_id = new_id(), new_id()
    lines = {"credits": [Credit(owner_id, unit_id, 10)]}
    async with database.transaction(shop.organization_id) as tx:
        posted = await service.post(tx, kind="accrual", reference="one", **lines)  # type: ignore[arg-type]  # credits alone
    async with database.transaction(other_shop.organization_id) as tx:
        assert await service.balances(tx, [owner_id]) == {owner_id: {}}
        assert await service.find_transfer_by_reference(tx, "one") is None
        with pytest.raises(TransferNotFound):
            await service.reverse(tx, posted.transfer_id, reference="two")
        assert await tx.fetchval("SELECT count(*) FROM ledger_lots") == 0
        theirs = await service.post(tx, kind="accrual", reference="one", **lines)  # type: ignore[arg-type]  # credits alone
        assert (theirs.replayed, theirs.balances[owner_id, unit_id].active) == (False, 10)


async def test_lots_age_by_the_job(database: Database, settings: Settings, shop: Shop) -> None:
    now = clock.now()
    unit_id, owner_ids = new_id(), [new_id() for _ in range(3)]
    async with database.transaction(shop.organization_id) as tx:
        for owner_id in owner_ids:
            line = Credit(owner_id, unit_id, 10, now + timedelta(days=1), now + timedelta(days=9))
            await service.post(tx, kind="accrual", reference=f"one {owner_id}", credits=[line])
    work = Work(database, settings)
    told = []
    for day in (0, 1, 1, 9, 9):
        with clock.frozen(now + timedelta(days=day)):
            for step in (jobs.activate, jobs.expire):
                await step(work, {"organization_id": str(shop.organization_id)})
        told.append(await _told(database, shop))
    assert [len(facts) for facts in told] == [3, 6, 6, 9, 9]
    assert [(fact["kind"], fact["delta"], fact["active"], fact["pending"]) for fact in told[-1][::3]] == [
        ("accrual", 0, 0, 10),
        ("activation", 10, 10, 0),
        ("expiry", -10, 0, 0),
    ]
    async with database.transaction(shop.organization_id) as tx:
        assert await service.check_books(tx) == []


async def _told(database: Database, shop: Shop) -> list[dict[str, Any]]:
    async with database.transaction(shop.organization_id) as tx:
        sql = "SELECT payload FROM events WHERE organization_id = $1 AND name = $2 ORDER BY id"
        rows = await tx.fetch(sql, shop.organization_id, BalanceChanged.name)
    return [row["payload"] for row in rows]


async def test_ageing_goes_in_batches(tx: Tx) -> None:
    now, unit_id = clock.now(), new_id()
    for number in range(5):
        line = Credit(new_id(), unit_id, 10, now + timedelta(days=1), now + timedelta(days=2))
        await service.post(tx, kind="accrual", reference=f"sale {number}", credits=[line])
    for verb, day in ((service.activate_due_lots, 1), (service.expire_due_lots, 2)):
        with clock.frozen(now + timedelta(days=day)):
            assert [await verb(tx, 2) for _ in range(4)] == [2, 2, 1, 0]


async def test_a_lapsed_lot_counts_as_expired_before_the_job_came(tx: Tx) -> None:
    now, owner_id, unit_id = clock.now(), new_id(), new_id()
    line = Credit(owner_id, unit_id, 10, expires_at=now + timedelta(days=1))
    await service.post(tx, kind="accrual", reference="one", credits=[line])
    with clock.frozen(now + timedelta(days=1)):
        before = await service.balances(tx, [owner_id])
        assert (before[owner_id][unit_id].active, before[owner_id][unit_id].expired) == (0, 10)
        assert await service.expire_due_lots(tx, 10) == 1
        assert await service.balances(tx, [owner_id]) == before


async def test_the_history_is_exported_whole(tx: Tx) -> None:
    owner_id, unit_id = new_id(), new_id()
    for number in range(205):
        await service.post(tx, kind="accrual", reference=f"r{number}", credits=[Credit(owner_id, unit_id, 1)])
    exported = await personal_data.export(tx, [owner_id, new_id()])
    assert [transfer["reference"] for transfer in exported] == [f"r{number}" for number in range(204, -1, -1)]
    assert exported[0]["entries"][0]["amount"] == 1


class _Counted:
    """The connection of a transaction, counting its statements."""

    def __init__(self, raw: Any) -> None:
        self.raw, self.statements = raw, 0

    def __getattr__(self, name: str) -> Any:
        if name in {"fetch", "fetchrow", "fetchval", "execute"}:
            self.statements += 1
        return getattr(self.raw, name)


@pytest.mark.parametrize("row", DOCUMENT.rows_below("operation"), ids=lambda row: row[0])
async def test_statements(tx: Tx, row: list[str]) -> None:
    owner_id, unit_id, other_id = new_id(), new_id(), new_id()
    both = [Credit(owner_id, unit_id, 10), Credit(owner_id, other_id, 1)]
    await service.lock_accounts(tx, [(other_id, unit_id)])
    await service.post(tx, kind="accrual", reference="first", credits=both)
    counted = _Counted(tx.raw)
    tx.pooled.raw = counted
    if row[0] == "accrual":
        await service.post(tx, kind="accrual", reference="r", credits=both)
    elif row[0] == "accrual of one lot":
        for account in (owner_id, new_id()):
            counted.statements = 0
            await service.post(tx, kind="accrual", reference=f"r{account}", credits=[Credit(account, unit_id, 1)])
    elif row[0] == "redemption":
        await service.post(tx, kind="redemption", reference="r", debits=[Debit(owner_id, unit_id, 1)])
    elif row[0] == "accrual on new accounts":
        new = [Credit(new_id(), unit_id, 1), Credit(owner_id, unit_id, 1)]
        await service.post(tx, kind="accrual", reference="r", credits=new)
    elif row[0] == "move":
        await service.move(tx, owner_id, other_id, unit_id, 1, reference="r")
    elif row[0] == "hold":
        ends_at = clock.now() + timedelta(days=1)
        await service.hold(tx, owner_id, unit_id, 1, reference="r", expires_at=ends_at)
    else:
        assert row[0] in {"balances", "balances with a debt or a hold"}
        if row[0] != "balances":
            debit = Debit(owner_id, unit_id, 11)
            await service.post(tx, kind="adjustment", reference="r", debits=[debit], shortfall="owe")
            counted.statements = 0
        await service.balances(tx, [owner_id, new_id()])
    assert counted.statements == int(row[1])
    tx.pooled.raw = counted.raw
