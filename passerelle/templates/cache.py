"""Compiled templates that this process remembers, the least used forgotten first, bounded by memory."""

from collections import OrderedDict
from typing import Final
from uuid import UUID

from passerelle.templates.compiled import CompiledTemplate

LIMIT_BYTES: Final = 12_000_000
Key = tuple[UUID, UUID, int]


class TemplateCache:
    """Versions never change, so what is remembered is never stale."""

    def __init__(self, limit_bytes: int = LIMIT_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._kept: OrderedDict[Key, CompiledTemplate] = OrderedDict()
        self.size_bytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, key: Key) -> CompiledTemplate | None:
        """The version, if it is remembered; it counts as used."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def keep(self, compiled: CompiledTemplate) -> None:
        """Remember a version, and forget others until there is room; the newest always stays."""
        key = (compiled.organization_id, compiled.template_id, compiled.version)
        known = self._kept.pop(key, None)
        self.size_bytes += compiled.size_bytes - (known.size_bytes if known else 0)
        self._kept[key] = compiled
        while self.size_bytes > self._limit_bytes and len(self._kept) > 1:
            _, forgotten = self._kept.popitem(last=False)
            self.size_bytes -= forgotten.size_bytes
