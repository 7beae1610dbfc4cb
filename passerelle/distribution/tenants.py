"""Whose a public key is: asked once, then remembered, for programs and join links never change hands."""

from collections import OrderedDict
from typing import Final
from uuid import UUID

from passerelle.kit import directory
from passerelle.kit.db import Database

_REMEMBERED: Final = 10_000
_known: Final[OrderedDict[tuple[str, bytes], UUID]] = OrderedDict()


async def tenant_of(database: Database, kind: str, key: bytes) -> UUID | None:
    """The tenant of a key of the directory; None, which is not remembered, when nobody has it."""
    found = _known.get((kind, key))
    if found is not None:
        _known.move_to_end((kind, key))
        return found
    tenants = await directory.find(database, kind, key)
    if not tenants:
        return None
    _known[kind, key] = tenants[0]
    if len(_known) > _REMEMBERED:
        _known.popitem(last=False)
    return tenants[0]
