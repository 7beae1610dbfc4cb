"""Literals mean to the server what the values mean to us."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from asyncpg import UniqueViolationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from passerelle.kit.db import Database
from passerelle.kit.ids import new_id
from passerelle.kit.literals import literal

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
INSTANTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  UTC is added
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "text": TEXTS,
    "uuid": st.uuids(),
    "bigint": st.integers(-(2**63), 2**63 - 1),
    "boolean": st.booleans(),
    "bytea": st.binary(max_size=40),
    "timestamptz": INSTANTS,
}


@pytest.mark.parametrize("kind", KINDS)
async def test_a_literal_is_the_value(database: Database, kind: str) -> None:
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.none() | KINDS[kind], max_size=4), st.none() | KINDS[kind])
    def collect(many: list[Any], one: Any) -> None:
        drawn.append((many, one))

    drawn: list[tuple[list[Any], Any]] = []
    collect()
    async with database.unscoped() as connection:
        for many, one in drawn:
            sql = f"SELECT {literal(many)}::{kind}[] AS many, {literal(one)}::{kind} AS one"
            row = await connection.fetchrow(sql)
            assert (row["many"], row["one"]) == (many, one)


@pytest.mark.parametrize(
    "text", ["'; DROP TABLE customers; --", "\\'", "\\", '"', "{a,b}", "NULL", "$1", "a\nb", "é\u202e🙂"]
)
async def test_nothing_in_a_text_is_a_command(database: Database, text: str) -> None:
    async with database.unscoped() as connection:
        row = await connection.fetchrow(f"SELECT {literal(text)}::text AS one, {literal([text])}::text[] AS many")
    assert (row["one"], row["many"]) == (text, [text])


def test_what_cannot_be_a_literal() -> None:
    with pytest.raises(ValueError, match="NUL"):
        literal("a\0b")
    with pytest.raises(TypeError):
        literal(1.5)


async def test_statements_that_travel_with_the_commit(database: Database) -> None:
    organization, name = new_id(), "l'été \\ «x»"
    insert = "INSERT INTO directory (kind, digest, organization_id, position) SELECT $1, $2, unnest($3::uuid[]), $4"
    async with database.transaction(organization) as tx:
        tx.write_last(insert, name, b"\x00'\\", [organization, UUID(int=1)], 0)
        tx.write_last("DELETE FROM directory WHERE kind = $1 AND organization_id = $2", name, UUID(int=1))
    async with database.unscoped() as connection:
        rows = await connection.fetch("SELECT digest, organization_id FROM directory WHERE kind = $1", name)
    assert [tuple(row) for row in rows] == [(b"\x00'\\", organization)]


async def test_what_is_written_soon_is_seen_by_the_next_statement(database: Database) -> None:
    organization = new_id()
    insert = "INSERT INTO directory (kind, digest, organization_id, position) VALUES ('soon', $1, $2, 0)"
    count = "SELECT count(*) FROM directory WHERE kind = 'soon'"
    async with database.transaction(organization) as tx:
        tx.write_soon(insert, b"1", organization)
        assert await tx.fetchval(count) == 1
        tx.write_soon(insert, b"2", organization)
        tx.write_last("DELETE FROM directory WHERE kind = 'soon' AND digest = $1", b"1")
    async with database.unscoped() as connection:
        assert await connection.fetchval(count) == 1, "the later one went with the commit, before what comes last"


async def test_one_that_fails_takes_all_back(database: Database) -> None:
    organization = new_id()
    insert = "INSERT INTO directory (kind, digest, organization_id, position) VALUES ($1, $2, $3, 0)"

    async def write_twice() -> None:
        async with database.transaction(organization) as tx:
            tx.write_last(insert, "twice", b"1", organization)
            tx.write_last(insert, "twice", b"1", organization)

    with pytest.raises(UniqueViolationError):
        await write_twice()
    async with database.unscoped() as connection:
        assert await connection.fetchval("SELECT count(*) FROM directory WHERE kind = 'twice'") == 0
