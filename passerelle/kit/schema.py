"""The schema: migrations run as the owner, row-level security forced, grants for the application's role.

``ddl_of(module)`` prints the statements for a module's tables, to be frozen in a new migration:
``python -m passerelle.kit.schema passerelle.customers.models``.
"""

import asyncio
import importlib
import sys
from pathlib import Path
from typing import Final

import asyncpg
from sqlalchemy import Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from passerelle.kit.db import Base, Tenant, driver_url

_PACKAGE: Final = Path(__file__).parent.parent


def migrate(owner_dsn: str) -> None:
    """Bring the schema to the newest revision; harmless when it is there already."""
    # Alembic takes a third of a second to import, and an up-to-date schema does not need it.
    if asyncio.run(revision(owner_dsn)) == head():
        return
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

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


def ddl_of(module_name: str) -> str:
    """CREATE TABLE, indexes, row-level security and grants for the models of one module."""
    module = importlib.import_module(module_name)
    models = [
        mapper.class_
        for mapper in Base.registry.mappers
        if mapper.class_.__module__ == module.__name__ and isinstance(mapper.local_table, Table)
    ]
    chosen = {model.__table__.name: model for model in models}
    lines: list[str] = []
    for table in Base.metadata.sorted_tables:
        if table.name in chosen:
            lines += _table_ddl(table, tenant=issubclass(chosen[table.name], Tenant))
    return "\n".join(lines)


def _table_ddl(table: Table, *, tenant: bool) -> list[str]:
    dialect = postgresql.asyncpg.dialect()  # type: ignore[no-untyped-call]
    lines = [str(CreateTable(table).compile(dialect=dialect)).strip() + ";"]
    lines += [
        str(CreateIndex(index).compile(dialect=dialect)).strip() + ";"
        for index in sorted(table.indexes, key=lambda index: str(index.name))
    ]
    if tenant:
        lines += row_level_security(table.name)
    return [*lines, f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table.name} TO passerelle_app;", ""]


def row_level_security(table: str, column: str = "organization_id") -> list[str]:
    """Statements that make PostgreSQL itself refuse rows of other tenants, to the owner as well."""
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;",
        f"CREATE POLICY tenant ON {table} USING ({column} = current_setting('app.organization_id')::uuid);",
    ]


def _migrations() -> Path:
    packed = _PACKAGE / "_migrations"  # where the wheel keeps them
    return packed if packed.is_dir() else _PACKAGE.parent / "migrations"


if __name__ == "__main__":
    for name in sys.argv[1:]:
        sys.stdout.write(ddl_of(name) + "\n")
