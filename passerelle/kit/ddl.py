"""What a new migration is made from: the statements for the tables of a module, with row-level security and grants.

``python -m passerelle.kit.ddl passerelle.customers.models`` prints them, to be frozen in the next migration.
"""

import importlib
import sys

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from passerelle.kit.db import Base, Tenant


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


if __name__ == "__main__":
    for name in sys.argv[1:]:
        sys.stdout.write(ddl_of(name) + "\n")
