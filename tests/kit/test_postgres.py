"""The embedded server looks after itself as a loyalty program needs it."""

import asyncio
import os
import sys
from pathlib import Path

import asyncpg
import pytest

from passerelle.kit.postgres import APP_ROLE, embedded, ensure_database, look_after, set_up


async def test_statistics_are_taken_soon_but_not_of_everything(owner_dsn: str) -> None:
    """Statements keep the plan that they were first given, on tables that were empty then."""
    await set_up(owner_dsn)
    await set_up(owner_dsn)
    connection = await asyncpg.connect(owner_dsn)
    try:
        asked = "SELECT setting FROM pg_file_settings WHERE name = $1 ORDER BY seqno DESC LIMIT 1"
        assert await connection.fetchval(asked, "autovacuum_naptime") == "5"
        assert await connection.fetchval(asked, "autovacuum_analyze_scale_factor") == "0.5"
    finally:
        await connection.close()


async def test_a_new_server_has_files_for_its_log(tmp_path: Path) -> None:
    """While it makes one, nothing is committed."""
    with embedded(tmp_path) as dsn:
        await ensure_database(dsn)
        connection = await asyncpg.connect(dsn)
        await connection.execute(f"CREATE ROLE {APP_ROLE}")
        await set_up(dsn)
        ahead = "SELECT count(*) FROM pg_ls_waldir() WHERE name > pg_walfile_name(pg_current_wal_lsn())"
        made = await connection.fetchval(ahead)
        await set_up(dsn)
        assert made == await connection.fetchval(ahead) >= 3
        await connection.close()


def weighs_like_any_session(pid: int) -> bool:
    session = Path(f"/proc/{pid}/autogroup")
    return session.exists() and session.read_text().endswith(" nice 0\n")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such policy")
async def test_backends_let_requests_go_on(tmp_path: Path) -> None:
    with embedded(tmp_path) as dsn:
        connection = await asyncpg.connect(dsn.replace("/passerelle?", "/postgres?"))
        backend = connection.get_server_pid()
        assert os.sched_getscheduler(backend) == os.SCHED_BATCH
        async with asyncio.timeout(20):  # without privileges the system takes one change in 100 ms
            while weighs_like_any_session(backend):
                look_after(tmp_path)
                await asyncio.sleep(0)
        await connection.close()
    assert os.sched_getscheduler(0) == os.SCHED_OTHER
