"""What a check-in brought, in words for the customer."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from passerelle.distribution.standings import amount_text
from passerelle.distribution.writing import signed
from passerelle.kit.db import Tx
from passerelle.kit.i18n import Language
from passerelle.programs import service as programs
from passerelle.programs.schemas import Accrued, AccruedOut


@dataclass(frozen=True, slots=True)
class Earning:
    """What one program gave, such as “+10 points”, and what there is now; without amounts, why."""

    program_name: str
    amounts: Sequence[str]
    balances: Sequence[str]
    reason: str | None


async def earnings(tx: Tx, earned: Sequence[Accrued], language: Language) -> list[Earning]:
    """Programs that have something to say of it: those that gave, or whose rule for check-ins did not this time.

    A promotion that is not on now, of a program without such a rule, is no answer to a visit.
    """
    telling = [one for one in earned if any(each.amount or each.promotion_id is None for each in one.accruals)]
    return [await _earning(tx, one, language) for one in telling]


async def _earning(tx: Tx, earned: Accrued, language: Language) -> Earning:
    standing = await programs.standing(tx, earned.standing.membership.id)
    program = standing.program
    totals: dict[UUID, int] = defaultdict(int)
    for accrual in earned.accruals:
        totals[accrual.unit_id] += accrual.amount
    given = [unit for unit in program.units if totals[unit.id]]
    told = [reason for accrual in AccruedOut.of(earned, language).accruals for reason in accrual.reasons]
    return Earning(
        program_name=program.name_in(language),
        amounts=[
            signed(amount_text(unit, program, totals[unit.id], language), language, is_less=False) for unit in given
        ],
        balances=[
            amount_text(unit, program, standing.spendable(unit.id), language)
            for unit in program.units
            if unit.spendable
        ],
        reason=told[0].text if told and not given else None,
    )
