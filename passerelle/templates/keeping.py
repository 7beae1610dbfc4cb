"""Pictures kept: decoded and drawn off the event loop one at a time, stored once per content."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from typing import Final, TypeVar
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Busy, Tx
from passerelle.kit.ids import encode, new_id
from passerelle.templates import queries
from passerelle.templates.pictures import announced_size

T = TypeVar("T")
_BATCH: Final = 64
# One picture at a time: a decoded one takes up to 80 MB for a moment.
_drawing: Final = asyncio.Semaphore(1)
_in_line: Final[list[object]] = []
_LINE: Final = 6


async def drawn(work: Callable[[], T]) -> T:
    """Do the work of a decoder or painter in a thread, alone. Raises Busy when too many wait for it."""
    if len(_in_line) >= _LINE:
        raise Busy
    _in_line.append(work)
    try:
        async with _drawing:
            return await asyncio.to_thread(work)
    finally:
        _in_line.remove(work)


async def keep_pictures(tx: Tx, pictures: Mapping[str, bytes], *, uploaded: bool) -> dict[str, tuple[UUID, str]]:
    """Store PNG files by name; returns id and SHA-256 of each. Equal pictures are stored once."""
    digests = {name: hashlib.sha256(png).hexdigest() for name, png in pictures.items()}
    by_digest = {digests[name]: png for name, png in pictures.items()}
    ids: dict[str, UUID] = {}
    ordered = sorted(by_digest)  # the same order in every transaction, so that two cannot wait for each other
    for start in range(0, len(ordered), _BATCH):
        batch = ordered[start : start + _BATCH]
        files = [by_digest[digest] for digest in batch]
        sizes = [announced_size(png) for png in files]
        columns = [new_id() for _ in batch], batch, files, *map(list, zip(*sizes, strict=True)), [*map(len, files)]
        rows = await tx.fetch(queries.KEEP_IMAGES, tx.organization_id, *columns, uploaded, clock.now())
        ids |= {row["digest"]: row["id"] for row in rows}
    return {name: (ids[digest], digest) for name, digest in digests.items()}


def image_path(organization_id: UUID, digest: str) -> str:
    """The public address of a picture on this server: unguessable, and never another picture."""
    return f"/images/{encode('org', organization_id)}/{digest}.png"
