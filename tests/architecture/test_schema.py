"""The database keeps tenants apart by itself, and models say what migrations made."""

import importlib
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import create_async_engine

from passerelle.kit.db import Base, Database
from passerelle.kit.ids import new_id

PACKAGE = Path(__file__).parents[2] / "passerelle"
# Shared by all tenants: ids, digests and times only.
SHARED = {
    "alembic_version": "the schema's own revision",
    "directory": "digests of public keys, searched before a tenant is known",
    "google_shares": "leases of Google's pace: one issuer may serve many tenants",
    "pass_updates": "the reconciler's queue: ids and times, claimed across tenants",
    "pgqueuer": "the job queue",
    "pgqueuer_log": "the job queue's history",
    "pgqueuer_schedules": "the job queue's clock",
    "pgqueuer_statistics": "the job queue's counts",
}


def _load_models() -> None:
    for path in PACKAGE.glob("*/**/models.py"):
        importlib.import_module(".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts))


async def test_models_and_migrations_agree(owner_dsn: str) -> None:
    _load_models()
    engine = create_async_engine(owner_dsn.replace("postgresql://", "postgresql+asyncpg://"), poolclass=pool.NullPool)

    def differences(connection: Connection) -> list[object]:
        options = {
            "compare_type": True,
            "include_name": lambda name, kind, _: (
                kind != "table" or name not in SHARED or name in Base.metadata.tables
            ),
        }
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, Base.metadata))

    async with engine.connect() as connection:
        found = await connection.run_sync(differences)
    await engine.dispose()
    assert found == []


async def test_every_tenant_table_is_guarded(database: Database) -> None:
    async with database.unscoped() as connection:
        tables = await connection.fetch(
            """
            SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS forced,
                pg_get_userbyid(c.relowner) AS owner,
                (SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
                 WHERE i.indrelid = c.oid AND i.indisprimary) AS first_key
            FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
            """
        )
        unguarded = [row["relname"] for row in tables if not row["forced"] and row["relname"] not in SHARED]
        assert unguarded == []
        wrong_key = [
            row["relname"] for row in tables if row["relname"] not in SHARED and row["first_key"] != "organization_id"
        ]
        assert wrong_key == []
        assert "passerelle_app" not in {row["owner"] for row in tables}


async def test_every_unique_index_and_reference_starts_with_the_tenant(database: Database) -> None:
    async with database.unscoped() as connection:
        indexes = await connection.fetch(
            """
            SELECT c.relname, a.attname FROM pg_index i
            JOIN pg_class c ON c.oid = i.indrelid AND c.relnamespace = 'public'::regnamespace
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0] WHERE i.indisunique
            """
        )
        assert [
            tuple(row) for row in indexes if row["relname"] not in SHARED and row["attname"] != "organization_id"
        ] == []
        references = await connection.fetch(
            """
            SELECT k.conname, a.attname FROM pg_constraint k
            JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1] WHERE k.contype = 'f'
            """
        )
        assert [tuple(row) for row in references if row["attname"] != "organization_id"] == []


async def test_no_tenant_no_rows(database: Database) -> None:
    async with database.unscoped() as connection:
        with pytest.raises(Exception, match=r"app\.organization_id|uuid"):
            await connection.fetch("SELECT * FROM organizations")
    async with database.transaction(new_id()) as tx:
        assert await tx.fetch("SELECT * FROM organizations") == []
