"""Envelope encryption: a master key wraps one data key per organization; contact data knows only the latter.

Values are ``version ‖ nonce ‖ ciphertext`` of AES-256-GCM, bound to what they are (the ``context``), so that a
ciphertext cannot be moved to another column or tenant. Equality is found by a keyed digest, the blind index.
"""

import base64
import hashlib
import hmac
import os
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.errors import NotFound

_VERSION: Final = b"\x01"
_NONCE_BYTES: Final = 12
_KEY_BYTES: Final = 32
_CACHED_TENANTS: Final = 10_000


class WrongMasterKey(RuntimeError):
    """The data cannot be read with this master key: another was in use when it was written."""


class TenantUnknown(NotFound):
    """There is no such organization: somebody made up a token or a serial number."""

    code = "organization_not_found"


@dataclass(frozen=True, slots=True, repr=False)
class TenantKeys:
    """What one organization's data key can do."""

    _cipher: AESGCM
    _data_key: bytes
    _index_key: bytes

    @classmethod
    def of(cls, data_key: bytes) -> "TenantKeys":
        """The keys that follow from one 32-byte data key."""
        return cls(AESGCM(data_key), data_key, _derive(data_key, "blind-index"))

    def encrypt(self, text: str, context: str) -> bytes:
        """Encrypt a text for one place, such as ``customers.phone``."""
        return _seal(self._cipher, text.encode(), context.encode())

    def decrypt(self, value: bytes, context: str) -> str:
        """The text again; raises WrongMasterKey when it was not written with this key for this context."""
        return _open(self._cipher, value, context.encode()).decode()

    def blind_index(self, kind: str, value: str) -> bytes:
        """A digest by which equal values are found without reading them (HMAC-SHA-256)."""
        return hmac.digest(self._index_key, f"{kind}\0{value}".encode(), "sha256")

    def derive(self, purpose: str, value: str) -> bytes:
        """A secret that only this organization can compute, such as a pass's authentication token."""
        return hmac.digest(_derive(self._data_key, purpose), value.encode(), "sha256")

    def key_of(self, purpose: str) -> bytes:
        """A 32-byte key for one purpose, such as the barcodes of one card (keyed BLAKE2b)."""
        return _derive(self._data_key, purpose)


class Vault:
    """Holds the master key and hands out tenants' keys; one per process."""

    def __init__(self, master_key: bytes) -> None:
        if len(master_key) != _KEY_BYTES:
            msg = "The master key must be 32 bytes; give PASSERELLE_MASTER_KEY in base 64 (openssl rand -base64 32)."
            raise ValueError(msg)
        self._cipher = AESGCM(_derive(master_key, "wrap"))
        self._index_key = _derive(master_key, "instance-index")
        self._cached: OrderedDict[UUID, TenantKeys] = OrderedDict()

    def instance_index(self, kind: str, value: str) -> bytes:
        """A blind index over all tenants, for what must be found before the tenant is known (sign-in names)."""
        return hmac.digest(self._index_key, f"{kind}\0{value}".encode(), "sha256")

    async def create(self, tx: Tx) -> TenantKeys:
        """Make and keep the data key of a new organization."""
        data_key = os.urandom(_KEY_BYTES)
        wrapped = _seal(self._cipher, data_key, tx.organization_id.bytes)
        await tx.execute(
            "INSERT INTO tenant_keys (organization_id, wrapped_key, created_at) VALUES ($1, $2, $3)",
            tx.organization_id,
            wrapped,
            clock.now(),
        )
        return TenantKeys.of(data_key)

    def known(self, organization_id: UUID) -> TenantKeys | None:
        """The keys of a tenant, if this process has read them."""
        return self._cached.get(organization_id)

    async def keys(self, tx: Tx) -> TenantKeys:
        """The keys of this transaction's tenant; read once, then remembered by the process."""
        known = self._cached.get(tx.organization_id)
        if known is not None:
            return known
        wrapped = await tx.fetchval(
            "SELECT wrapped_key FROM tenant_keys WHERE organization_id = $1", tx.organization_id
        )
        if wrapped is None:
            raise TenantUnknown
        keys = TenantKeys.of(_open(self._cipher, wrapped, tx.organization_id.bytes))
        self._cached[tx.organization_id] = keys
        if len(self._cached) > _CACHED_TENANTS:
            self._cached.popitem(last=False)
        return keys


def load_master_key(given: str | None, data_dir: Path) -> bytes:
    """The master key from the environment, or from ``master.key``, made at first start and readable by us alone."""
    if given:
        return base64.b64decode(given, validate=True)
    path = data_dir / "master.key"
    data_dir.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return base64.b64decode(path.read_text().strip(), validate=True)
    with os.fdopen(descriptor, "w") as file:
        file.write(base64.b64encode(os.urandom(_KEY_BYTES)).decode() + "\n")
    return base64.b64decode(path.read_text().strip(), validate=True)


def _seal(cipher: AESGCM, plain: bytes, context: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return _VERSION + nonce + cipher.encrypt(nonce, plain, context)


def _open(cipher: AESGCM, value: bytes, context: bytes) -> bytes:
    if value[:1] != _VERSION:
        msg = "Encrypted with an unknown version; was the data written by a newer release?"
        raise WrongMasterKey(msg)
    try:
        return cipher.decrypt(value[1 : 1 + _NONCE_BYTES], value[1 + _NONCE_BYTES :], context)
    except InvalidTag:
        msg = "This data was written with another master key. Restore master.key or PASSERELLE_MASTER_KEY."
        raise WrongMasterKey(msg) from None


def _derive(key: bytes, purpose: str) -> bytes:
    return hashlib.blake2b(purpose.encode(), key=key, digest_size=_KEY_BYTES, person=b"passerelle").digest()
