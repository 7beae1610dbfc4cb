"""Places: how a location takes check-ins, and the codes that customers scan there. Part of the door, service.py.

A code names its location and carries a keyed digest, so none is stored. Codes of a screen carry the half minute in
which they are good, too.
"""

import hmac
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from passerelle.checkins import queries, rules
from passerelle.checkins.errors import CheckInCodeOver, CheckInCodeUnknown, CheckInIsOff, LocationHasNoCoordinates
from passerelle.checkins.events import CheckInCodeRenewed, CheckInPlaceChanged
from passerelle.checkins.schemas import CheckInPlaceIn, CheckInPlaceOut, Code, Screen
from passerelle.kit import clock
from passerelle.kit.crypto import TenantKeys
from passerelle.kit.db import Row, Tx
from passerelle.kit.events import announce
from passerelle.organizations import service as organizations
from passerelle.programs import service as programs

_OFF: Final = CheckInPlaceIn(by_staff=False).model_dump() | {"code_version": 1}
_SETTINGS: Final = tuple(CheckInPlaceIn.model_fields)
_ID_BYTES: Final = 16
_PERIOD_BYTES: Final = 6
_SEAL_BYTES: Final = 12
_CODE: Final = "check_in_code"
_SCREEN: Final = "check_in_screen"


async def list_places(tx: Tx) -> list[CheckInPlaceOut]:
    """The locations that take check-ins in one way or the other, by name."""
    rows = [row for row in await queries.list_places(tx) if row["by_staff"] or row["self_by"] != "none"]
    inside = await queries.count_inside(tx, [row["location_id"] for row in rows], clock.now())
    found = [await _out(tx, row, inside.get(row["location_id"], 0)) for row in rows]
    return sorted(found, key=lambda place: place.location_name)


async def get_place(tx: Tx, location_id: UUID) -> CheckInPlaceOut:
    """The settings of a location, as they are or as they would begin. Raises LocationNotFound."""
    row = await queries.find_place(tx, location_id) or {**_OFF, "location_id": location_id}
    inside = await queries.count_inside(tx, [location_id], clock.now())
    return await _out(tx, row, inside.get(location_id, 0))


async def set_place(tx: Tx, location_id: UUID, wanted: CheckInPlaceIn) -> CheckInPlaceOut:
    """Turn check-in on, change it, or turn it off; who is in stays in.

    Raises LocationNotFound, LocationHasNoCoordinates, ProgramNotFound.
    """
    location = await organizations.get_location(tx, location_id)
    if wanted.radius_m is not None and (location.latitude is None or location.longitude is None):
        raise LocationHasNoCoordinates
    if wanted.program_id is not None:
        await programs.get_program(tx, wanted.program_id)
    before = await queries.find_place(tx, location_id, for_update=True) or _OFF
    given = wanted.model_dump()
    changed = tuple(sorted(name for name in _SETTINGS if before[name] != given[name]))
    await tx.execute(queries.SAVE_PLACE, tx.organization_id, location_id, *(given[name] for name in _SETTINGS))
    if changed:
        await announce(tx, CheckInPlaceChanged(location_id=location_id, fields=changed))
    return await get_place(tx, location_id)


async def renew_code(tx: Tx, location_id: UUID) -> CheckInPlaceOut:
    """Another printed code and another screen; those before no longer work. Raises LocationNotFound, CheckInIsOff."""
    if await queries.find_place(tx, location_id, for_update=True) is None:
        await organizations.get_location(tx, location_id)
        raise CheckInIsOff
    await tx.execute(queries.RENEW_CODE, tx.organization_id, location_id)
    await announce(tx, CheckInCodeRenewed(location_id=location_id))
    return await get_place(tx, location_id)


async def printed_code(tx: Tx, location_id: UUID) -> bytes:
    """What stands on paper. Raises LocationNotFound, CheckInIsOff."""
    return _code(await tx.vault.keys(tx), location_id, await _version(tx, location_id), 0)


async def screen_secret(tx: Tx, location_id: UUID) -> bytes:
    """What opens the screen of a location. Raises LocationNotFound, CheckInIsOff."""
    return _screen(await tx.vault.keys(tx), location_id, await _version(tx, location_id))


async def open_screen(tx: Tx, secret: bytes) -> Screen:
    """What a screen shows now. Raises CheckInCodeUnknown, CheckInIsOff."""
    if len(secret) != _ID_BYTES + _SEAL_BYTES:
        raise CheckInCodeUnknown
    location_id = UUID(bytes=secret[:_ID_BYTES])
    row, keys = await queries.find_place(tx, location_id), await tx.vault.keys(tx)
    if row is None or not hmac.compare_digest(_screen(keys, location_id, row["code_version"]), secret):
        raise CheckInCodeUnknown
    if row["self_by"] == "none":
        raise CheckInIsOff
    now = clock.now()
    code = _code(keys, location_id, row["code_version"], rules.period_of(now))
    return Screen(await get_place(tx, location_id), code, rules.seconds_left(now))


async def read_code(tx: Tx, secret: bytes, at: datetime) -> Code:
    """What a code that was scanned at an instant stands for.

    Raises CheckInCodeUnknown, CheckInIsOff, and CheckInCodeOver for a screen's code of another time, and for a
    printed one where only the screen's count.
    """
    if len(secret) != _ID_BYTES + _PERIOD_BYTES + _SEAL_BYTES:
        raise CheckInCodeUnknown
    location_id = UUID(bytes=secret[:_ID_BYTES])
    period = int.from_bytes(secret[_ID_BYTES : _ID_BYTES + _PERIOD_BYTES])
    row, keys = await queries.find_place(tx, location_id), await tx.vault.keys(tx)
    if row is None or not hmac.compare_digest(_code(keys, location_id, row["code_version"], period), secret):
        raise CheckInCodeUnknown
    if row["self_by"] == "none":
        raise CheckInIsOff
    if rules.is_current(period, at) if period else row["self_by"] == "printed":
        return Code(location_id, period or None)
    raise CheckInCodeOver


async def lock_place(tx: Tx, location_id: UUID) -> Row | None:
    """The settings of a location, locked: who comes and goes there does so one after the other."""
    return await queries.find_place(tx, location_id, for_update=True)


async def _version(tx: Tx, location_id: UUID) -> int:
    row = await queries.find_place(tx, location_id)
    if row is None or row["self_by"] == "none":
        await organizations.get_location(tx, location_id)
        raise CheckInIsOff
    version: int = row["code_version"]
    return version


def _code(keys: TenantKeys, location_id: UUID, version: int, period: int) -> bytes:
    seal = keys.derive(_CODE, f"{location_id}:{version}:{period}")[:_SEAL_BYTES]
    return location_id.bytes + period.to_bytes(_PERIOD_BYTES) + seal


def _screen(keys: TenantKeys, location_id: UUID, version: int) -> bytes:
    return location_id.bytes + keys.derive(_SCREEN, f"{location_id}:{version}")[:_SEAL_BYTES]


async def _out(tx: Tx, row: Any, inside: int) -> CheckInPlaceOut:
    location_id: UUID = row["location_id"]
    location = await organizations.get_location(tx, location_id)
    settings = {name: row[name] for name in _SETTINGS}
    return CheckInPlaceOut(location_id=location_id, location_name=location.name, inside=inside, **settings)
