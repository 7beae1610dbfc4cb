"""What saving a definition would do: every member is decided by it, in batches, and nothing is written."""

from collections import Counter
from typing import Final, Literal
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.programs.tiers import queries, rules, service
from passerelle.programs.tiers.assessing import Case, cases_of, decide
from passerelle.programs.tiers.rules import Held
from passerelle.programs.tiers.schemas import DryRunMember, DryRunOut, DryRunTier, TierSetIn
from passerelle.programs.tiers.values import TierSet

# A batch is decided in one go, and the requests of tills wait as long: some hundredths of a second.
_BATCH: Final = 500
_SAMPLE: Final = 20
_Outcome = Literal["up", "down", "grace", "same"]


async def dry_run(tx: Tx, tier_set_id: UUID, new: TierSetIn) -> DryRunOut:
    """Count who would come up, go down or lapse into grace if ``new`` were saved and applied at once.

    Raises what saving raises.
    """
    present, draft = await service.draft_of(tx, tier_set_id, new)
    counts = _Counts(present, draft)
    now, last = clock.now(), UUID(int=0)
    while ids := await queries.members_after(tx, draft.program_id, last, _BATCH):
        last = ids[-1]
        cases = await cases_of(tx, ids, [draft])
        before = [case.held for case in cases]
        await decide(tx, cases, "definition", now)
        for case, held in zip(cases, before, strict=True):
            counts.count(case, held)
    return counts.result()


class _Counts:
    """The figures so far; tiers are told apart by id, none of them is None."""

    def __init__(self, present: TierSet, draft: TierSet) -> None:
        self._draft = draft
        self._names = {tier.id: tier.name for tier in (*present.tiers, *draft.tiers)}
        self._kept = {tier.id for tier in present.tiers}
        self._outcomes: Counter[_Outcome] = Counter()
        self._before: Counter[UUID | None] = Counter()
        self._after: Counter[UUID | None] = Counter()
        self._up: Counter[UUID | None] = Counter()
        self._down: Counter[UUID | None] = Counter()
        self._sample: dict[_Outcome, list[DryRunMember]] = {"down": [], "grace": [], "up": []}

    def count(self, case: Case, before: Held) -> None:
        """One member, decided by the draft."""
        after, outcome = case.held, self._outcome(case.held, before)
        self._outcomes[outcome] += 1
        self._before[before.tier_id] += 1
        self._after[after.tier_id] += 1
        if outcome == "same":
            return
        if outcome != "grace":
            (self._up if outcome == "up" else self._down)[after.tier_id] += 1
        sample = self._sample[outcome]
        if len(sample) < _SAMPLE:
            names = (self._name(before.tier_id), self._name(after.tier_id))
            sample.append(
                DryRunMember(membership_id=case.membership_id, from_tier=names[0], to_tier=names[1], outcome=outcome)
            )

    def result(self) -> DryRunOut:
        """The answer: tiers from the lowest up, those that would be retired last."""
        kept = [tier.id for tier in self._draft.tiers]
        retired = [tier_id for tier_id in self._names if tier_id not in kept]
        tier_ids: list[UUID | None] = [None, *kept, *retired]
        return DryRunOut(
            members=self._outcomes.total(),
            up=self._outcomes["up"],
            down=self._outcomes["down"],
            grace=self._outcomes["grace"],
            same=self._outcomes["same"],
            tiers=[self._tier(tier_id) for tier_id in tier_ids],
            sample=[member for found in self._sample.values() for member in found][:_SAMPLE],
        )

    def _tier(self, tier_id: UUID | None) -> DryRunTier:
        return DryRunTier(
            tier_id=tier_id if tier_id in self._kept else None,
            name=self._name(tier_id),
            before=self._before[tier_id],
            after=self._after[tier_id],
            up=self._up[tier_id],
            down=self._down[tier_id],
        )

    def _outcome(self, after: Held, before: Held) -> _Outcome:
        direction = rules.direction(self._draft.definition, before.tier_id, after.tier_id)
        if direction != "same":
            return direction
        return "grace" if after.grace_until is not None and before.grace_until is None else "same"

    def _name(self, tier_id: UUID | None) -> str | None:
        return None if tier_id is None else self._names.get(tier_id)
