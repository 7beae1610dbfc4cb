"""Rewards of the catalogue as they are told: with warnings about what is allowed and probably not meant."""

from collections.abc import Sequence
from typing import Final

from passerelle.kit.db import Tx
from passerelle.kit.i18n import Language, Sentence
from passerelle.programs import service as programs
from passerelle.programs.schemas import Program
from passerelle.programs.tiers import service as tiers
from passerelle.programs.tiers.schemas import TierSet
from passerelle.rewards.rules import TierBeside, tier_beside
from passerelle.rewards.schemas import RewardOut, RewardWarning

_TEXTS: Final[dict[TierBeside, Sentence]] = {
    "tier_out_of_reach": {
        "en": "“{tier}” begins at a balance of {threshold}: this reward is issued by itself at {price}, so nobody "
        "gets there. Count the units earned instead of the balance, or let members take the reward themselves.",
        "fr": "« {tier} » commence à un solde de {threshold} : cette récompense est émise d'elle-même à {price}, "
        "donc nul n'y arrive. Comptez les unités gagnées plutôt que le solde, ou laissez les membres la prendre.",
        "ar": "يبدأ «{tier}» عند رصيد {threshold}: تصدر هذه المكافأة تلقائيًا عند {price} فلا يبلغه أحد. "
        "احسب الوحدات المكتسبة بدل الرصيد، أو دع الأعضاء يأخذون المكافأة بأنفسهم.",
    },
    "tier_lost_by_itself": {
        "en": "“{tier}” begins at a balance of {threshold}: this reward is issued by itself at {price} and takes the "
        "balance below it. Count the units earned instead of the balance, or let members take the reward themselves.",
        "fr": "« {tier} » commence à un solde de {threshold} : cette récompense est émise d'elle-même à {price} et "
        "fait retomber le solde. Comptez les unités gagnées plutôt que le solde, ou laissez les membres la prendre.",
        "ar": "يبدأ «{tier}» عند رصيد {threshold}: تصدر هذه المكافأة تلقائيًا عند {price} فينخفض الرصيد دونه. "
        "احسب الوحدات المكتسبة بدل الرصيد، أو دع الأعضاء يأخذون المكافأة بأنفسهم.",
    },
}


async def rewards_out(tx: Tx, rewards: Sequence[RewardOut], language: Language) -> list[RewardOut]:
    """Rewards with their warnings; without a statement when none is issued by itself."""
    concerned = {reward.program_id for reward in rewards if _is_automatic(reward)}
    if not concerned:
        return list(rewards)
    known = {program.id: program for program in await programs.get_programs(tx, concerned)}
    sets = await tiers.tier_sets_at(tx, {program.id: program.version for program in known.values()})
    return [
        reward.model_copy(
            update={"warnings": _warnings(reward, known[reward.program_id], sets[reward.program_id], language)}
        )
        if _is_automatic(reward)
        else reward
        for reward in rewards
    ]


async def reward_out(tx: Tx, reward: RewardOut, language: Language) -> RewardOut:
    """One reward with its warnings."""
    return (await rewards_out(tx, [reward], language))[0]


def _is_automatic(reward: RewardOut) -> bool:
    return reward.auto_issue and reward.active


def _warnings(
    reward: RewardOut, program: Program, sets: Sequence[TierSet], language: Language
) -> list[RewardWarning]:
    assert reward.price is not None, "What is only given is not issued by itself."
    unit = program.find_unit(reward.unit)
    assert unit is not None
    found = []
    for tier in (tier for one in sets if one.basis == "balance" and one.unit_id == unit.id for tier in one.tiers):
        code = tier_beside(reward.price, tier.threshold)
        if code is not None:
            values = {"tier": tier.name_in(language), "threshold": tier.threshold, "price": reward.price}
            found.append(RewardWarning(code=code, tier_id=tier.id, text=_TEXTS[code][language].format(**values)))
    return found
