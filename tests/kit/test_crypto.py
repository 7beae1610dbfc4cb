"""Envelope encryption and the master key."""

import os
import stat
from pathlib import Path

import pytest

from passerelle.kit.crypto import TenantKeys, Vault, WrongMasterKey, load_master_key
from passerelle.kit.db import Database, Tx
from tests.conftest import Shop


def test_the_master_key_is_made_once_and_ours_alone(tmp_path: Path) -> None:
    first = load_master_key(None, tmp_path / "new")
    assert load_master_key(None, tmp_path / "new") == first
    assert stat.S_IMODE((tmp_path / "new" / "master.key").stat().st_mode) == 0o600
    given = load_master_key("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", tmp_path)
    assert given == bytes(32)


@pytest.mark.parametrize("key", [b"", b"short", bytes(33)])
def test_a_master_key_has_32_bytes(key: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Vault(key)


def test_a_value_is_bound_to_its_place_and_key() -> None:
    keys, others = TenantKeys.of(bytes(32)), TenantKeys.of(bytes([1] * 32))
    sealed = keys.encrypt("+212612345678", "customers.phone")
    assert b"2126" not in sealed
    assert keys.decrypt(sealed, "customers.phone") == "+212612345678"
    for wrong_keys, place, value in [
        (keys, "customers.email", sealed),
        (others, "customers.phone", sealed),
        (keys, "customers.phone", sealed[:-1] + bytes([sealed[-1] ^ 1])),
        (keys, "customers.phone", b"\x02" + sealed[1:]),
        (keys, "customers.phone", b""),
    ]:
        with pytest.raises(WrongMasterKey):
            wrong_keys.decrypt(value, place)


def test_blind_indexes_differ_by_tenant_and_kind() -> None:
    keys, others = TenantKeys.of(bytes(32)), TenantKeys.of(bytes([1] * 32))
    indexes = {keys.blind_index("phone", "x"), keys.blind_index("email", "x"), others.blind_index("phone", "x")}
    assert len(indexes) == 3
    assert keys.blind_index("phone", "x") == keys.blind_index("phone", "x")


def test_keys_are_not_shown() -> None:
    assert "\\x00" not in repr(TenantKeys.of(bytes(32)))


async def test_another_master_key_reads_nothing(database: Database, shop: Shop, tx: Tx) -> None:
    assert (await tx.vault.keys(tx)).decrypt((await tx.vault.keys(tx)).encrypt("a", "b"), "b") == "a"
    tx.vault = Vault(os.urandom(32))
    with pytest.raises(WrongMasterKey, match="another master key"):
        await tx.vault.keys(tx)
