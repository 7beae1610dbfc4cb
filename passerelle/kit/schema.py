"""The schema: linear migrations, run as the owner. Light to import, for the parent of a server starts with it."""

import asyncio
from pathlib import Path
from typing import Final

import asyncpg

_PACKAGE: Final = Path(__file__).parent.parent


def migrate(owner_dsn: str) -> None:
    """Bring the schema to the newest revision; harmless when it is there already."""
    # Alembic takes a third of a second to import, and an up-to-date schema does not need it.
    if asyncio.run(revision(owner_dsn)) == head():
        return
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    from passerelle.kit.db import driver_url  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_migrations() / "alembic").replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(_migrations()).replace("%", "%%"))
    config.attributes["url"], config.attributes["arguments"] = driver_url(owner_dsn)
    command.upgrade(config, "head")


def run_script(sql: str) -> None:
    """Run several statements inside the transaction of the migration that calls this."""
    from alembic import op  # noqa: PLC0415  see migrate()

    bind = op.get_bind()
    bind.exec_driver_sql("SELECT 1")  # the driver opens its transaction with the first ordinary statement
    adapted = bind.connection.dbapi_connection
    assert adapted is not None
    adapted.run_async(lambda connection: connection.execute(sql))


async def revision(dsn: str) -> str | None:
    """The revision that the database is at, or None when it is new."""
    connection = await asyncpg.connect(dsn)
    try:
        if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
            return None
        found: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
        return found
    finally:
        await connection.close()


def head() -> str:
    """The newest revision of this release: migrations are linear and named by number."""
    return max(path.name for path in _migrations().glob("[0-9]*.py")).split("_")[0]


def _migrations() -> Path:
    packed = _PACKAGE / "_migrations"  # where the wheel keeps them
    return packed if packed.is_dir() else _PACKAGE.parent / "migrations"
