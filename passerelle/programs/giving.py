"""How the prize of an occasion reaches a member; who cannot receive it now gets nothing, which is no refusal."""

from typing import Any
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.programs import earning
from passerelle.programs.prizes import Prize, unit_of
from passerelle.programs.rules import Reason, ReasonCode
from passerelle.programs.timing import pending_at_least
from passerelle.programs.values import Accrued, Seat, barred


def may_receive(seat: Seat) -> bool:
    """Whether a member can be given units now."""
    return barred(seat.membership, seat.program, clock.now()) is None


async def give_prize(
    tx: Tx, seat: Seat, prize: Prize, code: ReasonCode, *, reference: str, pending_days: int = 0, **params: Any
) -> Accrued | None:
    """Give a prize under a reference of its own; None when it is of zero units or the member cannot receive it.

    With ``pending_days`` it becomes usable so many days later at the earliest.
    """
    if prize.amount == 0:
        return None
    return await give_units(
        tx,
        seat,
        unit_of(prize, seat.program),
        prize.amount,
        code,
        reference=reference,
        pending_days=pending_days,
        **params,
    )


async def give_units(
    tx: Tx,
    seat: Seat,
    unit_id: UUID,
    amount: int,
    code: ReasonCode,
    *,
    reference: str,
    pending_days: int = 0,
    **params: Any,
) -> Accrued | None:
    """The same for a unit that is known; its own time to become usable is kept when it is longer."""
    if not may_receive(seat):
        return None
    timing = seat.program.unit_timing(unit_id, seat.membership.tier_ids)
    return await earning.grant(
        tx,
        seat.membership.id,
        unit_id=unit_id,
        amount=amount,
        reason=Reason(code, {"units": amount, **params}),
        reference=reference,
        timing=pending_at_least(timing, pending_days, clock.now(), seat.program.time_zone),
    )
