"""Who looks at a check-in page: by my page's session, an earlier check-in, or the form that they joined with."""

import hmac
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from starlette.responses import Response

from passerelle.customers import service as customers
from passerelle.customers.errors import CustomerGone, CustomerNotFound
from passerelle.distribution import doors, queries
from passerelle.distribution.mypage.rules import read_secret, written
from passerelle.distribution.mypage.visiting import Visit, keep_cookie
from passerelle.kit import clock
from passerelle.kit.crypto import TenantKeys
from passerelle.kit.db import Tx
from passerelle.kit.ids import digest, encode

_FORM_LIFE: Final = timedelta(minutes=10)
_REMEMBERED: Final = timedelta(days=180)
_COOKIE: Final = "check_in_cookie"
_FORM: Final = "check_in_form"
_SEAL_BYTES: Final = 16
_TIME_BYTES: Final = 6
_COOKIE_BYTES: Final = 16 + _TIME_BYTES + _SEAL_BYTES


async def known_customer(tx: Tx, visit: Visit) -> UUID | None:
    """Whose browser it is, as far as it shows; None for nobody who is known, or is no longer there."""
    found = visit.session.customer_id if visit.session else await _remembered(tx, visit)
    if found is None:
        nonces = doors.known_nonces(visit.request, tx.organization_id)
        found = await queries.find_sender(tx, [digest(nonce) for nonce in nonces]) if nonces else None
    if found is None:
        return None
    found = await customers.merged_into(tx, found) or found
    try:
        await customers.require_customer(tx, found)
    except (CustomerGone, CustomerNotFound):
        return None
    return found


async def remember(answer: Response, tx: Tx, visit: Visit, customer_id: UUID) -> None:
    """Let this browser check in without signing in, for half a year; it opens nothing else."""
    ends = int((clock.now() + _REMEMBERED).timestamp()).to_bytes(_TIME_BYTES)
    seal = _seal(await tx.vault.keys(tx), customer_id, ends)
    keep_cookie(answer, visit, _name(tx.organization_id), written(customer_id.bytes + ends + seal), _REMEMBERED)


def form_seal(keys: TenantKeys, code: bytes, customer_id: UUID, opened_at: datetime) -> str:
    """What the form of one customer carries: which code they scanned, and when."""
    moment = int(opened_at.timestamp())
    seal = keys.derive(_FORM, f"{code.hex()}:{customer_id}:{moment}")[:_SEAL_BYTES]
    return f"{moment}.{written(seal)}"


def opened_at(keys: TenantKeys, code: bytes, customer_id: UUID, told: str) -> datetime | None:
    """When a form was shown to this customer; None for one that was not, or too long ago."""
    moment, _, _ = told.partition(".")
    if not (moment.isascii() and moment.isdecimal() and len(moment) <= 12):
        return None
    opened = datetime.fromtimestamp(int(moment), UTC) if int(moment) < 1 << 33 else None
    if opened is None or not hmac.compare_digest(
        form_seal(keys, code, customer_id, opened).encode(), told.encode("utf-8", "replace")
    ):
        return None
    return opened if clock.now() - opened <= _FORM_LIFE else None


async def _remembered(tx: Tx, visit: Visit) -> UUID | None:
    kept = read_secret(visit.request.cookies.get(_name(tx.organization_id), ""))
    if kept is None or len(kept) != _COOKIE_BYTES:
        return None
    customer_id, ends, seal = UUID(bytes=kept[:16]), kept[16 : 16 + _TIME_BYTES], kept[16 + _TIME_BYTES :]
    if not hmac.compare_digest(_seal(await tx.vault.keys(tx), customer_id, ends), seal):
        return None
    return customer_id if int.from_bytes(ends) > clock.now().timestamp() else None


def _seal(keys: TenantKeys, customer_id: UUID, ends: bytes) -> bytes:
    return keys.derive(_COOKIE, f"{customer_id}:{ends.hex()}")[:_SEAL_BYTES]


def _name(organization_id: UUID) -> str:
    """One per shop, so that shops on one server cannot be put together by it."""
    return encode("here", organization_id)
