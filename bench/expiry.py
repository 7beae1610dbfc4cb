"""A million lots that lapse at one midnight: how fast the night books them, and how long a till waits meanwhile.

Members with their cards and lots are written by SQL; what books the lots is the step of the nightly job, with every
subscriber wired, as the worker runs it: each balance is told in the event log, each card is marked as changed. The
till is a process of its own that goes on giving points to members whose lots are being expired.
``python -m bench expiry`` prints the figures; ``run()`` returns them.
"""

import asyncio
import multiprocessing
import random
import tempfile
import time
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import quantiles
from typing import Final
from uuid import UUID

import asyncpg
import uvloop

from bench.cards import database_of
from passerelle import wiring
from passerelle.entry.databases import open_database
from passerelle.kit import clock
from passerelle.kit.config import Settings
from passerelle.kit.db import Busy
from passerelle.kit.ids import new_id
from passerelle.kit.jobs import Work
from passerelle.ledger import jobs
from passerelle.ledger import service as ledger
from passerelle.ledger.schemas import Credit
from passerelle.organizations import service as organizations
from passerelle.organizations.schemas import OrganizationIn
from passerelle.programs import service as programs
from passerelle.programs.schemas import ProgramIn

_LOTS: Final = 1_000_000
_LOTS_OF_A_MEMBER: Final = 2
_LOTS_OF_A_TRANSFER: Final = 2
_TILL_PAUSE_S: Final = 0.02
_QUIET_S: Final = 3.0
# The lots are numbered; ids grow with the number, as those of the product grow with time.
_FILL: Final = """
CREATE TEMPORARY TABLE numbered AS
SELECT n, n % $4 = 0 AS first_of_transfer, lpad(to_hex(n / $3), 32, '0')::uuid AS member,
       ('1' || lpad(to_hex(n / $4), 31, '0'))::uuid AS transfer, ('2' || lpad(to_hex(n), 31, '0'))::uuid AS lot,
       $1::uuid AS organization, $2::uuid AS unit
FROM generate_series(0, $5::int - 1) AS n
"""
_BOOK: Final = """
INSERT INTO customers (organization_id, id, source, created_at, changed_at)
SELECT DISTINCT organization, member, 'api', now(), now() FROM numbered;
INSERT INTO memberships (organization_id, id, program_id, customer_id, source, joined_at)
SELECT DISTINCT n.organization, n.member, u.program_id, n.member, 'api', now()
FROM numbered n JOIN units u ON u.organization_id = n.organization AND u.id = n.unit;
INSERT INTO passes (organization_id, id, subject_id, customer_id, program_id, template_id, template_version,
                    serial_number, code, changed_at, created_at)
SELECT m.organization_id, m.id, m.id, m.id, p.id, p.template_id, 1, m.id::text, m.id::text, now(), now()
FROM memberships m JOIN programs p ON p.organization_id = m.organization_id AND p.id = m.program_id;
INSERT INTO ledger_accounts (organization_id, owner_id, unit_id, earned)
SELECT organization, member, unit, count(*) * 7 FROM numbered GROUP BY organization, member, unit;
INSERT INTO ledger_transfers (organization_id, id, kind, reference, digest, actor, posted_at)
SELECT organization, transfer, 'accrual', 'sale ' || n, '', 'bench', now() FROM numbered WHERE first_of_transfer;
INSERT INTO ledger_lots (organization_id, owner_id, unit_id, id, transfer_id, amount, remaining, earned_at,
                         activates_at, expires_at, waiting)
SELECT organization, member, unit, lot, transfer, 7, 7, now(), now(), now() + interval '1 hour', false FROM numbered;
INSERT INTO ledger_entries (organization_id, transfer_id, lot_id, account, owner_id, unit_id, amount)
SELECT organization, transfer, lot, 'issued', member, unit, 7 FROM numbered;
DROP TABLE numbered;
"""
_LEFT: Final = (
    "SELECT count(*) FROM ledger_lots WHERE organization_id = $1 AND remaining > 0 AND expires_at IS NOT NULL"
)


def run() -> dict[str, float]:
    """Lots per second, and the till's milliseconds without and beside the job."""
    with tempfile.TemporaryDirectory(prefix="passerelle-bench-", ignore_cleanup_errors=True) as folder:
        settings = Settings(_env_file=None, data_dir=Path(folder) / "data")
        with open_database(settings) as urls:
            organization_id, unit_id = uvloop.run(_open(settings, urls.application))
            asyncio.run(_fill(urls.owner, organization_id, unit_id))
            print(f"expiry: {_LOTS:,} lots of {_LOTS // _LOTS_OF_A_MEMBER:,} members will lapse", flush=True)
            return _measure(settings, urls.application, organization_id, unit_id)


def _measure(settings: Settings, dsn: str, organization_id: UUID, unit_id: UUID) -> dict[str, float]:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    till = context.Process(target=_serve, args=(there, settings, dsn, organization_id, unit_id), daemon=True)
    till.start()
    try:
        here.recv()
        time.sleep(_QUIET_S)
        start = time.perf_counter()
        seconds = uvloop.run(_expire(settings, dsn, organization_id))
        here.send("end")
        answers, refused = here.recv()
    finally:
        till.join(5)
        till.kill()
    quiet = [took for at, took in answers if at < start]
    beside = [took for at, took in answers if start <= at < start + seconds]
    return {
        "expire_lots_per_s": _LOTS / seconds,
        "expire_till_ms_p99_quiet": quantiles(quiet, n=100)[98] * 1e3,
        "expire_till_ms_p99": quantiles(beside, n=100)[98] * 1e3,
        "expire_till_refused": float(refused),
    }


async def _open(settings: Settings, dsn: str) -> tuple[UUID, UUID]:
    """A shop with one points program and its card."""
    wiring.subscribe_all()
    database = database_of(settings, dsn)
    async with database.transaction(new_id()) as tx:
        new = OrganizationIn(
            name="Café Central",
            owner_name="Ada",
            owner_email="ada@example.com",
            owner_password="correct horse battery",
        )
        organization, _, _ = await organizations.create_organization(tx, new)
    async with database.transaction(organization.id) as tx:
        asked = {"name": "Coffee Club", "kind": "points", "goal": 100, "reward_name": "Free coffee"}
        program = await programs.create_program(tx, ProgramIn.model_validate(asked))
    await database.close()
    return organization.id, program.units[0].id


async def _fill(owner: str, organization_id: UUID, unit_id: UUID) -> None:
    connection = await asyncpg.connect(owner)
    await connection.execute(_FILL, organization_id, unit_id, _LOTS_OF_A_MEMBER, _LOTS_OF_A_TRANSFER, _LOTS)
    await connection.execute(_BOOK)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


async def _expire(settings: Settings, dsn: str, organization_id: UUID) -> float:
    """The nightly step an hour later; the proof of the books, outside the time, says that nothing is left."""
    database = database_of(settings, dsn)
    with clock.frozen(clock.now() + timedelta(hours=2)):
        start = time.perf_counter()
        await jobs.expire(Work(database, settings), {"organization_id": str(organization_id)})
        seconds = time.perf_counter() - start
    async with database.transaction(organization_id, timeout_ms=600_000) as tx:
        left = await tx.fetchval(_LEFT, organization_id)
        faults = await ledger.check_books(tx)
    await database.close()
    if left > 7 * _LOTS // 1_000 or faults:
        raise RuntimeError(f"{left} points were left, and the books have these faults: {faults[:3]}")
    return seconds


def _serve(there: Connection, settings: Settings, dsn: str, organization_id: UUID, unit_id: UUID) -> None:
    uvloop.run(_till(there, settings, dsn, organization_id, unit_id))


async def _till(there: Connection, settings: Settings, dsn: str, organization_id: UUID, unit_id: UUID) -> None:
    """Give points to members at random until told to end; answers when each time began and how long it took."""
    database = database_of(settings, dsn)
    chance = random.Random(1)  # noqa: S311  any member, not a secret
    answers: list[tuple[float, float]] = []
    refused = 0
    there.send("ready")
    while not there.poll():
        start = time.perf_counter()
        member = UUID(int=chance.randrange(_LOTS // _LOTS_OF_A_MEMBER))
        try:
            async with database.transaction(organization_id) as tx:
                line = Credit(member, unit_id, 3)
                await ledger.post(tx, kind="accrual", reference=f"till {start}", credits=[line])
        except Busy:
            refused += 1
        answers.append((start, time.perf_counter() - start))
        await asyncio.sleep(_TILL_PAUSE_S)
    await database.close()
    there.send((answers, refused))
