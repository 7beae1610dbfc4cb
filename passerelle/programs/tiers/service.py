"""The verbs of tiers; with ``members``, ``assessing`` and ``settling`` the only writer of its tables."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from itertools import pairwise
from typing import Final
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import new_id
from passerelle.kit.jobs import enqueue
from passerelle.programs import queries as members
from passerelle.programs import service as programs
from passerelle.programs.errors import UnitNotFound, UnitNotNamed
from passerelle.programs.tiers import queries
from passerelle.programs.tiers.definitions import definition_of, tier_set_of, tier_sets_at
from passerelle.programs.tiers.errors import (
    TierNamesEqual,
    TierNotFound,
    TierSetProgramFixed,
    TiersNotSorted,
    TierThresholdsEqual,
    TierValidityUnfit,
    TierWindowUnfit,
    TooManyTierSets,
)
from passerelle.programs.tiers.events import TierSetChanged, TierSetCreated, TierSetRemoved
from passerelle.programs.tiers.members import (
    assign_tier,
    export_changes,
    forget_members,
    forget_reasons,
    list_changes,
    member_tiers,
    recalculate_members,
    release_tier,
    rest,
    tier_facts,
    tiers_of,
    turn_due,
    wake,
)
from passerelle.programs.tiers.models import TierRow, TierSetRow
from passerelle.programs.tiers.schemas import Judged, TierIn, TierSetIn
from passerelle.programs.tiers.settling import SETTLE, settle, settle_activity, settle_enrolment, settle_refund
from passerelle.programs.tiers.values import Benefit, NamedTier, TierSet
from passerelle.programs.tiers.windows import period_of
from passerelle.programs.values import Program, Unit

__all__ = [
    "SETTLE",
    "assign_tier",
    "change_tier_set",
    "create_tier_set",
    "draft_of",
    "export_changes",
    "forget_members",
    "forget_reasons",
    "get_tier_set",
    "list_changes",
    "list_tier_sets",
    "member_tiers",
    "progress",
    "recalculate_members",
    "release_tier",
    "remove_tier_set",
    "require_sound",
    "require_tiers",
    "rest",
    "settle",
    "settle_activity",
    "settle_enrolment",
    "settle_refund",
    "tier_facts",
    "tier_sets_at",
    "tiers_of",
    "turn_due",
    "wake",
]

MAX_TIER_SETS: Final = 5
RECALCULATE: Final = "tiers.recalculate"
FORGET: Final = "tiers.forget"
_JUDGED: Final = frozenset(Judged.model_fields)


async def create_tier_set(tx: Tx, new: TierSetIn) -> TierSet:
    """Open a tier set; its members are placed by a job.

    Raises ProgramNotFound, UnitNotNamed, UnitNotFound, TooManyTierSets and what ``require_sound`` raises.
    """
    program = await programs.get_program(tx, new.program_id)
    require_sound(new)
    now = clock.now()
    row = TierSetRow(
        organization_id=tx.organization_id, id=new_id(), program_id=program.id, applies_at=now, created_at=now
    )
    await _keep_words(tx, row, new, program)
    await _keep_tiers(tx, row.id, new, program)
    if await queries.count_tier_sets(tx, program.id) > MAX_TIER_SETS:
        raise TooManyTierSets(limit=MAX_TIER_SETS)
    await announce(tx, TierSetCreated(tier_set_id=row.id, program_id=program.id))
    await programs.touch_program(tx, program.id, "tiers")
    await enqueue(tx, RECALCULATE, {"tier_set_id": str(row.id)})
    return await get_tier_set(tx, row.id)


async def get_tier_set(tx: Tx, tier_set_id: UUID) -> TierSet:
    """A tier set; raises TierSetNotFound."""
    return tier_set_of(await queries.get_tier_set(tx, tier_set_id))


async def require_tiers(tx: Tx, program_id: UUID, tier_ids: Collection[UUID]) -> None:
    """Refuse what would be for a tier that the program does not have; raises TierNotFound."""
    if tier_ids and not await members.tier_ids_of(tx, program_id) >= set(tier_ids):
        raise TierNotFound


async def list_tier_sets(tx: Tx, program_id: UUID | None, before: UUID, limit: int) -> list[TierSet]:
    """Tier sets of a program, or of all, newest first."""
    return [tier_set_of(row) for row in await queries.list_tier_sets(tx, program_id, before, limit)]


async def change_tier_set(tx: Tx, tier_set_id: UUID, new: TierSetIn) -> TierSet:
    """Make ``new`` the definition: tiers with an id are changed, others added, missing ones retired.

    What tiers are decided by may have changed: then members follow, as ``recalculation`` says. Raises
    TierSetNotFound, TierNotFound, TierSetProgramFixed and what ``create_tier_set`` raises.
    """
    row = await queries.tier_set_for_update(tx, tier_set_id)
    program = await _program_of(tx, row, new)
    before = await get_tier_set(tx, tier_set_id)
    await _keep_words(tx, row, new, program)
    await _keep_tiers(tx, tier_set_id, new, program)
    redefined = (await get_tier_set(tx, tier_set_id)).definition.key != before.definition.key
    if redefined:
        row.applies_at = _applies_at(new, program, clock.now())
        await tx.flush()
        if new.recalculation != "next_activity":
            await enqueue(tx, RECALCULATE, {"tier_set_id": str(tier_set_id)})
    await announce(tx, TierSetChanged(tier_set_id=tier_set_id, program_id=program.id, redefined=redefined))
    await programs.touch_program(tx, program.id, "tiers")
    return await get_tier_set(tx, tier_set_id)


async def remove_tier_set(tx: Tx, tier_set_id: UUID) -> None:
    """Take a tier set away; what members hold of it is forgotten by a job. Raises TierSetNotFound."""
    row = await queries.tier_set_for_update(tx, tier_set_id)
    row.retired_at = clock.now()
    await tx.flush()
    await announce(tx, TierSetRemoved(tier_set_id=tier_set_id, program_id=row.program_id))
    await programs.touch_program(tx, row.program_id, "tiers")
    await enqueue(tx, FORGET, {"tier_set_id": str(tier_set_id)})


async def draft_of(tx: Tx, tier_set_id: UUID, new: TierSetIn) -> tuple[TierSet, TierSet]:
    """A tier set as it is, and as it would be saved now, with ids for new tiers; raises what saving raises."""
    present = await get_tier_set(tx, tier_set_id)
    if new.program_id != present.program_id:
        raise TierSetProgramFixed
    program = await programs.get_program(tx, new.program_id)
    require_sound(new)
    known = {tier.id for tier in present.tiers}
    if any(tier.id is not None and tier.id not in known for tier in new.tiers):
        raise TierNotFound
    tiers = tuple(_named(tier, program) for tier in new.tiers)
    kept = {tier.id for tier in tiers}
    gone = {tier.id: tier.threshold for tier in present.tiers if tier.id not in kept}
    unit = _unit_of(new, program)
    definition = definition_of(
        Judged.model_validate(new.model_dump(include=set(_JUDGED))),
        (new.basis, unit.id if unit else None),
        tiers,
        retired={**present.definition.retired, **gone},
        time_zone=program.time_zone,
        applies_at=clock.now(),
    )
    draft = TierSet(
        id=present.id,
        program_id=program.id,
        name=new.name,
        names=new.names,
        basis=new.basis,
        unit_id=unit.id if unit else None,
        recalculation=new.recalculation,
        created_at=present.created_at,
        tiers=tiers,
        definition=definition,
    )
    return present, draft


async def progress(tx: Tx, tier_set: TierSet) -> tuple[int, int]:
    """Members of the program, and how many of them the last change is still to be applied to."""
    return await queries.progress_of(tx, tier_set)


def require_sound(new: TierSetIn) -> None:
    """Refuse a definition that contradicts itself.

    Raises TierThresholdsEqual, TiersNotSorted, TierNamesEqual, TierWindowUnfit, TierValidityUnfit.
    """
    for lower, upper in pairwise(new.tiers):
        if lower.threshold == upper.threshold:
            raise TierThresholdsEqual(lower=lower.name, upper=upper.name, threshold=upper.threshold)
        if lower.threshold > upper.threshold:
            raise TiersNotSorted(lower=lower.name, upper=upper.name)
    names = Counter(tier.name.casefold() for tier in new.tiers)
    for tier in new.tiers:
        if names[tier.name.casefold()] > 1:
            raise TierNamesEqual(name=tier.name)
    if new.basis in {"balance", "time"} and new.window.type != "ever":
        raise TierWindowUnfit(basis=new.basis)
    endless = new.validity.type == "continuous" and new.upgrade == "at_once"
    if new.window.type == "since_change" and endless and new.downgrade != "none":
        raise TierValidityUnfit


async def _program_of(tx: Tx, row: TierSetRow, new: TierSetIn) -> Program:
    if new.program_id != row.program_id:
        raise TierSetProgramFixed
    require_sound(new)
    return await programs.get_program(tx, row.program_id)


async def _keep_words(tx: Tx, row: TierSetRow, new: TierSetIn, program: Program) -> None:
    unit = _unit_of(new, program)
    row.name, row.names = new.name, new.names
    row.basis, row.unit_id = new.basis, unit.id if unit else None
    row.definition = new.model_dump(include=set(_JUDGED))
    row.recalculation = new.recalculation
    tx.session.add(row)
    await tx.flush()


async def _keep_tiers(tx: Tx, tier_set_id: UUID, new: TierSetIn, program: Program) -> None:
    present = {row.id: row for row in await queries.tiers_of(tx, tier_set_id)}
    for position, tier in enumerate(new.tiers):
        named = _named(tier, program)
        row = present.pop(tier.id, None) if tier.id is not None else TierRow(id=named.id)
        if row is None:
            raise TierNotFound
        row.organization_id, row.tier_set_id, row.position = tx.organization_id, tier_set_id, position
        row.name, row.names, row.threshold = tier.name, tier.names, tier.threshold
        row.colour, row.permanent = tier.colour, tier.permanent
        row.benefits = [benefit.model_dump() for benefit in tier.benefits]
        row.entry_unit_id, row.entry_units = named.entry_unit_id, named.entry_units
        row.entry_reward_id = tier.entry_reward_id
        row.timing = tier.timing.model_dump(mode="json", exclude_none=True) if tier.timing else None
        tx.session.add(row)
    for row in present.values():
        row.retired_at = clock.now()
    await tx.flush()


def _named(tier: TierIn, program: Program) -> NamedTier:
    unit = _unit(program, tier.entry_units.unit) if tier.entry_units else None
    return NamedTier(
        id=tier.id or new_id(),
        name=tier.name,
        names=tier.names,
        threshold=tier.threshold,
        colour=tier.colour,
        permanent=tier.permanent,
        benefits=tuple(Benefit(benefit.text, benefit.texts) for benefit in tier.benefits),
        entry_unit_id=unit.id if unit else None,
        entry_units=tier.entry_units.amount if tier.entry_units else None,
        entry_reward_id=tier.entry_reward_id,
        timing=tier.timing,
    )


def _unit_of(new: TierSetIn, program: Program) -> Unit | None:
    return _unit(program, new.unit) if new.basis in {"balance", "earned"} else None


def _unit(program: Program, code: str | None) -> Unit:
    unit = program.find_unit(code)
    if unit is not None:
        return unit
    if code is None:
        raise UnitNotNamed(units=", ".join(known.code for known in program.units) or "—")
    raise UnitNotFound


def _applies_at(new: TierSetIn, program: Program, now: datetime) -> datetime:
    return period_of(now, new.period, program.time_zone).ends_at if new.recalculation == "next_period" else now
