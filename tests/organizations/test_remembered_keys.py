"""An API key that a process has met is asked for with BEGIN; once revoked or over it is dead at the next request."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from passerelle.kit import clock
from passerelle.kit.db import Database
from passerelle.kit.ids import new_id, open_tenant_token
from passerelle.organizations import service
from tests.conftest import Shop


async def _made(client: httpx.AsyncClient, **more: Any) -> tuple[str, dict[str, str]]:
    """A new key that the process has met, with its headers."""
    asked = {"name": "till", "scopes": ["organization:read"], **more}
    made = (await client.post("/api/v1/api-keys", json=asked)).json()
    headers = {"Authorization": f"Bearer {made['api_key']}"}
    assert (await client.get("/api/v1/organization", headers=headers)).status_code == 200
    return made["id"], headers


def _secret(headers: dict[str, str]) -> tuple[UUID, bytes]:
    opened = open_tenant_token("key", headers["Authorization"].removeprefix("Bearer "))
    assert opened is not None
    return opened


async def test_a_key_that_was_met_is_not_read_again(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, headers = await _made(client)

    async def find_api_key(*_: object) -> None:
        pytest.fail("The key was read, though its condition holds.")

    monkeypatch.setattr("passerelle.organizations.queries.find_api_key", find_api_key)
    assert (await client.get("/api/v1/organization", headers=headers)).status_code == 200
    assert (await client.get("/api/v1/api-keys", headers=headers)).json()["code"] == "not_allowed"


async def test_a_revoked_key_is_dead_at_once(client: httpx.AsyncClient) -> None:
    key_id, headers = await _made(client)
    assert (await client.delete(f"/api/v1/api-keys/{key_id}")).status_code == 200
    for _ in range(2):
        answer = await client.get("/api/v1/organization", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_a_key_that_is_over_is_dead_at_its_instant(client: httpx.AsyncClient) -> None:
    ends_at = clock.now() + timedelta(hours=1)
    _, headers = await _made(client, expires_at=ends_at.isoformat())
    with clock.frozen(ends_at - timedelta(microseconds=1)):
        assert (await client.get("/api/v1/organization", headers=headers)).status_code == 200
    with clock.frozen(ends_at):
        assert (await client.get("/api/v1/organization", headers=headers)).status_code == 401


async def test_a_key_is_remembered_for_its_tenant_alone(client: httpx.AsyncClient, other_shop: Shop) -> None:
    _, headers = await _made(client)
    organization_id, secret = _secret(headers)
    assert service.recall(organization_id, "key", secret) is not None
    assert service.recall(other_shop.organization_id, "key", secret) is None
    assert service.recall(organization_id, "ses", secret) is None


async def test_a_condition_of_another_tenant_does_not_hold(
    client: httpx.AsyncClient, database: Database, other_shop: Shop
) -> None:
    """Even a statement that names the key's own tenant sees nothing inside another one's transaction."""
    _, headers = await _made(client)
    recalled = service.recall(_secret(headers)[0], "key", _secret(headers)[1])
    assert recalled is not None
    async with database.transaction(other_shop.organization_id, conditions=[recalled[1]]) as tx:
        assert not tx.condition_held
        assert await tx.fetchval("SELECT count(*) FROM api_keys WHERE id = $1", recalled[0].id) == 0


async def test_what_fails_otherwise_is_no_condition_that_does_not_hold(database: Database, shop: Shop) -> None:
    with pytest.raises(asyncpg.DivisionByZeroError):
        async with database.transaction(shop.organization_id, conditions=[("SELECT 1 / $1::int", (0,))]):
            pytest.fail("It was opened.")
    async with database.transaction(new_id()) as tx:
        assert await tx.fetchval("SELECT 1") == 1, "the connection is usable after that"
