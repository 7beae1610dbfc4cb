"""Tier sets and members' tiers as they are told: with units by their code, warnings, progress and history."""

from collections.abc import Sequence
from typing import Final

from passerelle.kit.db import Tx
from passerelle.kit.i18n import Language, Sentence
from passerelle.programs import service as programs
from passerelle.programs.schemas import MembershipId
from passerelle.programs.tiers import rules, service
from passerelle.programs.tiers.schemas import (
    MemberTierDetailOut,
    MemberTierOut,
    MemberTiersOut,
    TierChangeOut,
    TierOut,
    TierSetOut,
    TierWarning,
)
from passerelle.programs.tiers.values import TierSet
from passerelle.programs.values import Program

_HISTORY: Final = 20
_THRESHOLD_IS_A_PRICE: Final[Sentence] = {
    "en": "“{tier}” begins at the price of a reward: who redeems as soon as they can never reaches it. "
    "Count the units earned instead of the balance, or choose another threshold.",
    "fr": "« {tier} » commence au prix d'une récompense : qui l'échange dès que possible ne l'atteint jamais. "
    "Comptez les unités gagnées plutôt que le solde, ou choisissez un autre seuil.",
    "ar": "يبدأ «{tier}» عند سعر مكافأة: من يستبدلها فور توفرها لا يبلغه أبدًا. "
    "احسب الوحدات المكتسبة بدل الرصيد، أو اختر عتبة أخرى.",
}


async def tier_set_out(tx: Tx, tier_set: TierSet, language: Language) -> TierSetOut:
    """A tier set with the progress of its last change."""
    program = await programs.get_program(tx, tier_set.program_id)
    members, left = await service.progress(tx, tier_set)
    return _tier_set_out(tier_set, program, language).model_copy(update={"members": members, "left": left})


async def tier_sets_out(tx: Tx, sets: Sequence[TierSet], language: Language) -> list[TierSetOut]:
    """Tier sets without progress, which would count members for each."""
    known = {program.id: program for program in await programs.get_programs(tx, {one.program_id for one in sets})}
    return [_tier_set_out(one, known[one.program_id], language) for one in sets]


async def member_tiers_out(tx: Tx, membership_id: MembershipId, language: Language) -> MemberTiersOut:
    """The tiers of a member with their last changes; raises MembershipNotFound."""
    items = []
    for member in await service.member_tiers(tx, membership_id):
        rows = await service.list_changes(tx, membership_id, member.tier_set.id, _HISTORY)
        history = [TierChangeOut.model_validate(dict(row), extra="ignore") for row in rows]
        items.append(MemberTierDetailOut(**dict(MemberTierOut.of(member, language)), history=history))
    return MemberTiersOut(items=items)


def _tier_set_out(tier_set: TierSet, program: Program, language: Language) -> TierSetOut:
    definition = tier_set.definition
    return TierSetOut(
        id=tier_set.id,
        program_id=tier_set.program_id,
        name=tier_set.name,
        names=dict(tier_set.names),
        basis=tier_set.basis,
        unit=next((unit.code for unit in program.units if unit.id == tier_set.unit_id), None),
        window=definition.window,
        period=definition.period,
        upgrade=definition.upgrade,
        validity=definition.validity,
        downgrade=definition.downgrade,
        grace_days=definition.grace_days,
        grace_to_month_end=definition.grace_to_month_end,
        refunds=definition.refunds,
        recalculation=tier_set.recalculation,
        applies_at=definition.applies_at,
        tiers=[TierOut.of(tier, rank, program) for rank, tier in enumerate(tier_set.tiers)],
        warnings=_warnings(tier_set, program, language),
        created_at=tier_set.created_at,
    )


def _warnings(tier_set: TierSet, program: Program, language: Language) -> list[TierWarning]:
    """The goal of a program is the price of its first reward; other prices are not known here."""
    if tier_set.basis != "balance" or program.goal is None:
        return []
    found = rules.unreachable(tier_set.definition.tiers, [program.goal])
    sentence = _THRESHOLD_IS_A_PRICE[language]
    return [
        TierWarning(code="threshold_is_a_price", tier_id=tier.id, text=sentence.format(tier=tier.name_in(language)))
        for tier in tier_set.tiers
        if tier.id in found
    ]
