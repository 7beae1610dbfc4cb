"""What a process remembers of tier sets: those of a program under its version, which changes with them."""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson

from passerelle.kit.db import Tx
from passerelle.programs.tiers import queries
from passerelle.programs.tiers.rules import Basis, Definition, Tier
from passerelle.programs.tiers.schemas import Judged
from passerelle.programs.tiers.values import Benefit, NamedTier, TierSet
from passerelle.programs.timing import Timing

_REMEMBERED: Final = 10_000
_known: Final[OrderedDict[tuple[UUID, UUID], tuple[UUID, tuple[TierSet, ...]]]] = OrderedDict()


async def tier_sets_at(tx: Tx, versions: Mapping[UUID, UUID]) -> dict[UUID, tuple[TierSet, ...]]:
    """The tier sets of programs by program, oldest first; in one statement for those that are not remembered."""
    found = {
        program_id: sets
        for program_id, version in versions.items()
        if (sets := remembered(tx, program_id, version)) is not None
    }
    missing = sorted(versions.keys() - found.keys())
    if missing:
        read: dict[UUID, list[TierSet]] = {program_id: [] for program_id in missing}
        for row in await queries.tier_sets_of(tx, missing):
            read[row["program_id"]].append(tier_set_of(row))
        for program_id, listed in read.items():
            found[program_id] = tuple(listed)
            _remember((tx.organization_id, program_id), versions[program_id], tuple(listed))
    return found


def remembered(tx: Tx, program_id: UUID, version: UUID) -> tuple[TierSet, ...] | None:
    """The tier sets of a program when this process knows them under its version."""
    known = _known.get((tx.organization_id, program_id))
    if known is None or known[0] != version:
        return None
    _known.move_to_end((tx.organization_id, program_id))
    return known[1]


def tier_set_of(row: Any) -> TierSet:
    """A tier set with its tiers; the retired ones are known by their threshold alone."""
    tiers = tuple(_tier(tier) for tier in row["tiers"] if tier["retired_at"] is None)
    retired = {UUID(tier["id"]): tier["threshold"] for tier in row["tiers"] if tier["retired_at"] is not None}
    judged = Judged.model_validate(row["definition"])
    return TierSet(
        id=row["id"],
        program_id=row["program_id"],
        name=row["name"],
        names=row["names"],
        basis=row["basis"],
        unit_id=row["unit_id"],
        recalculation=row["recalculation"],
        created_at=row["created_at"],
        tiers=tiers,
        definition=definition_of(
            judged,
            (row["basis"], row["unit_id"]),
            tiers,
            retired=retired,
            time_zone=row["time_zone"],
            applies_at=row["applies_at"],
        ),
    )


def definition_of(
    judged: Judged,
    counted: tuple[Basis, UUID | None],
    tiers: Iterable[NamedTier],
    *,
    retired: Mapping[UUID, int],
    time_zone: str,
    applies_at: datetime,
) -> Definition:
    """What a tier set decides by, named by its content: saved again as it is, it is the same."""
    decisive = tuple(Tier(tier.id, tier.threshold, tier.permanent) for tier in tiers)
    basis, unit_id = counted
    measure = _digest([basis, unit_id, judged.window.model_dump(), judged.period, time_zone])
    rest = judged.model_dump(exclude={"window", "period"})
    key = _digest([measure, rest, [[tier.id, tier.threshold, tier.permanent] for tier in decisive]])
    return Definition(
        tiers=decisive,
        basis=basis,
        window=judged.window,
        period=judged.period,
        upgrade=judged.upgrade,
        validity=judged.validity,
        downgrade=judged.downgrade,
        grace_days=judged.grace_days,
        grace_to_month_end=judged.grace_to_month_end,
        refunds=judged.refunds,
        time_zone=time_zone,
        key=key,
        measure=measure,
        applies_at=applies_at,
        retired=retired,
    )


def _tier(row: dict[str, Any]) -> NamedTier:
    return NamedTier(
        id=UUID(row["id"]),
        name=row["name"],
        names=row["names"],
        threshold=row["threshold"],
        colour=row["colour"],
        permanent=row["permanent"],
        benefits=tuple(Benefit(benefit["text"], benefit["texts"]) for benefit in row["benefits"]),
        entry_unit_id=UUID(row["entry_unit_id"]) if row["entry_unit_id"] else None,
        entry_units=row["entry_units"],
        entry_reward_id=UUID(row["entry_reward_id"]) if row["entry_reward_id"] else None,
        timing=Timing.model_validate(row["timing"]) if row["timing"] is not None else None,
    )


def _remember(place: tuple[UUID, UUID], version: UUID, sets: tuple[TierSet, ...]) -> None:
    _known[place] = (version, sets)
    if len(_known) > _REMEMBERED:
        _known.popitem(last=False)


def _digest(content: object) -> str:
    return hashlib.sha256(orjson.dumps(content, default=str)).hexdigest()[:32]
