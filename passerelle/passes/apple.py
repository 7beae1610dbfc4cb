"""Verbs of Apple's web service (Wallet Passes, “Adding a Web Service to Update Passes”).

A phone registers for a card, asks which of its cards changed, fetches one, and unregisters. Tokens are derived
from the organization's key, so nothing secret is stored and a token can never change for a serial number.
"""

import base64
import hmac
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final
from uuid import UUID

from passerelle.kit import clock, directory
from passerelle.kit.crypto import TenantKeys
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import new_id
from passerelle.passes.events import PassInstalled, PassRemoved

DIRECTORY: Final = "apple_device"
MAX_IDENTIFIER: Final = 200
_FRESH: Final = timedelta(minutes=10)

_DEVICE: Final = """
INSERT INTO apple_devices AS d
    (organization_id, id, device_library_identifier, pass_type_identifier, push_token, registered_at, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $6)
ON CONFLICT (organization_id, device_library_identifier, pass_type_identifier)
DO UPDATE SET push_token = excluded.push_token, registered_at = excluded.registered_at
RETURNING id, update_tag, (xmax = 0) AS is_new
"""
# The phone holds what was last downloaded, if that was a moment ago and the card has not changed for longer than
# that. Otherwise (a file from an old message, a change since the download, somebody else's download) nobody knows
# what it holds: it starts at version 0 and is told.
_INSTALL: Final = """
INSERT INTO installations AS i (organization_id, id, pass_id, wallet, device_id, told_version, fetched_version,
    fetched_modified, update_tag, installed_at)
SELECT $1, $2, p.id, 'apple', $4, f.version, f.version, CASE WHEN f.version > 0 THEN p.changed_at END, $5, $6
FROM passes p, LATERAL (
    SELECT CASE WHEN p.downloaded_version = p.version AND p.downloaded_at > $6::timestamptz - $7::interval
        AND (p.version = 1 OR p.changed_at < $6::timestamptz - $7::interval)
        THEN p.version ELSE 0 END AS version
) f
WHERE p.organization_id = $1 AND p.id = $3
ON CONFLICT (organization_id, pass_id, device_id) DO UPDATE
    SET installed_at = excluded.installed_at, removed_at = NULL, last_error = NULL,
        told_version = excluded.told_version, fetched_version = excluded.fetched_version,
        fetched_modified = excluded.fetched_modified, update_tag = excluded.update_tag
    WHERE i.removed_at IS NOT NULL
RETURNING told_version
"""
_TELL: Final = """
WITH tagged AS (
    UPDATE apple_devices SET update_tag = update_tag + 1 WHERE organization_id = $1 AND id = $3
    RETURNING update_tag
), marked AS (
    UPDATE installations SET update_tag = tagged.update_tag FROM tagged
    WHERE organization_id = $1 AND pass_id = $2 AND device_id = $3
)
INSERT INTO pass_updates (organization_id, pass_id, wallet, version, bulk, due_at)
SELECT $1, $2, 'apple', version, false, $4 FROM passes WHERE organization_id = $1 AND id = $2
ON CONFLICT (organization_id, pass_id, wallet) DO UPDATE SET due_at = excluded.due_at, attempts = 0, bulk = false
"""
_CARD: Final = "SELECT id, customer_id FROM passes WHERE organization_id = $1 AND id = $2"
_REMOVE: Final = """
UPDATE installations i SET removed_at = $5
FROM apple_devices d, passes p
WHERE i.organization_id = $1 AND i.pass_id = $2 AND i.removed_at IS NULL
    AND d.organization_id = $1 AND d.id = i.device_id
    AND d.device_library_identifier = $3 AND d.pass_type_identifier = $4
    AND p.organization_id = $1 AND p.id = i.pass_id
RETURNING p.customer_id
"""


def authentication_token(keys: TenantKeys, serial_number: str) -> str:
    """The card's ApplePass token: 32 characters, the same at every version of the card."""
    return base64.urlsafe_b64encode(keys.derive("apple-token", serial_number)[:24]).decode()


def is_token(keys: TenantKeys, serial_number: str, token: str) -> bool:
    """Whether the phone holds the card's token; compared in constant time."""
    return hmac.compare_digest(authentication_token(keys, serial_number).encode(), token.encode())


async def register(tx: Tx, pass_id: UUID, device: str, pass_type: str, push_token: str) -> bool | None:
    """Note that a phone holds the card; its push token replaces an older one.

    True when the card is new on this phone, False when it was registered, None when there is no such card.
    """
    card = await tx.fetchrow(_CARD, tx.organization_id, pass_id)
    if card is None:
        return None
    now = clock.now()
    row = await tx.fetchrow(_DEVICE, tx.organization_id, new_id(), device, pass_type, push_token, now)
    if row["is_new"]:
        await directory.add(tx, DIRECTORY, directory_key(device, pass_type))
    place = (tx.organization_id, new_id(), pass_id, row["id"])
    told = await tx.fetchval(_INSTALL, *place, row["update_tag"], now, _FRESH)
    if told is None:
        return False
    if told == 0:
        await tx.execute(_TELL, tx.organization_id, pass_id, row["id"], now)
    await announce(tx, PassInstalled(pass_id=pass_id, customer_id=card["customer_id"], wallet="apple"))
    return True


async def unregister(tx: Tx, pass_id: UUID, device: str, pass_type: str) -> None:
    """The card was deleted or its updates turned off; harmless when it was not registered."""
    row = await tx.fetchrow(_REMOVE, tx.organization_id, pass_id, device, pass_type, clock.now())
    if row is not None:
        gone = PassRemoved(pass_id=pass_id, customer_id=row["customer_id"], wallet="apple", reason="removed")
        await announce(tx, gone)


def modified_since(header: str | None) -> datetime | None:
    """The instant of an If-Modified-Since header (RFC 9110 §13.1.3), None when it is absent or no HTTP date."""
    try:
        parsed = parsedate_to_datetime(header) if header else None
        return parsed.astimezone(UTC) if parsed is not None and parsed.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def directory_key(device: str, pass_type: str) -> bytes:
    """How the directory knows a phone."""
    return directory.fingerprint(f"{device}\0{pass_type}")
