"""Who pays when a member of a household spends; written in prose, with a table, in docs/algorithms/community.md."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

_NEVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Parcel:
    """What one member has that lapses at one instant, or never."""

    owner_id: UUID
    amount: int
    expires_at: datetime | None = None


def draw(amount: int, parcels: Iterable[Parcel], spender: UUID) -> dict[UUID, int] | None:
    """Who pays how much of ``amount``; None when all of them together have less.

    Soonest to expire first, across members; of what expires together the spender's own first, then by id.
    """
    order = sorted(parcels, key=lambda each: (each.expires_at or _NEVER, each.owner_id != spender, each.owner_id))
    paid: dict[UUID, int] = {}
    left = amount
    for parcel in order:
        part = min(left, parcel.amount)
        if part > 0:
            paid[parcel.owner_id] = paid.get(parcel.owner_id, 0) + part
            left -= part
    return paid if left == 0 else None


def parcels_of(owner_id: UUID, active: int, expiries: Sequence[tuple[datetime, int]]) -> list[Parcel]:
    """What a member has, by when it lapses; what no expiry names does not lapse, or later than those."""
    named = [Parcel(owner_id, amount, expires_at) for expires_at, amount in expiries]
    rest = active - sum(parcel.amount for parcel in named)
    return [*named, Parcel(owner_id, rest)] if rest > 0 else named
