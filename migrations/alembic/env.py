"""Alembic's entry: runs one linear chain of migrations as the owner of the schema."""

import asyncio

from alembic import context
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import create_async_engine


def _run(connection: Connection) -> None:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        # Two programs that start together must not migrate together.
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7277203)")
        context.run_migrations()


async def _online() -> None:
    given = context.config.attributes
    engine = create_async_engine(given["url"], poolclass=pool.NullPool, connect_args=given["arguments"])
    async with engine.connect() as connection:
        await connection.run_sync(_run)
    await engine.dispose()


asyncio.run(_online())
