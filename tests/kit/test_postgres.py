"""The embedded server looks after itself as a loyalty program needs it."""

import asyncpg

from passerelle.kit.postgres import set_up


async def test_statistics_are_taken_soon(owner_dsn: str) -> None:
    """Statements keep the plan that they were first given, on tables that were empty then."""
    await set_up(owner_dsn)
    await set_up(owner_dsn)
    connection = await asyncpg.connect(owner_dsn)
    try:
        asked = "SELECT setting FROM pg_file_settings WHERE name = 'autovacuum_naptime' ORDER BY seqno DESC LIMIT 1"
        assert await connection.fetchval(asked) == "5"
    finally:
        await connection.close()
