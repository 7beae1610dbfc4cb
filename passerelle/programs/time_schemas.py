"""The time of units on the wire: what expires next, what is pending, and what is done about it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from passerelle.kit.i18n import Language
from passerelle.kit.ids import WireId
from passerelle.kit.wire import Outbound, ReasonText, Wire
from passerelle.ledger.schemas import PendingLot
from passerelle.programs.schemas import TransferId, UnitId
from passerelle.programs.timing import EventName
from passerelle.programs.values import NextExpiry, Program

LotId = Annotated[UUID, WireId("lot")]


class ExpiryOut(Outbound):
    """So many units can be used to the end of ``last_day``, a day of the program; at ``expires_at`` no more."""

    unit: str
    unit_id: UnitId
    name: str
    amount: int
    expires_at: datetime
    last_day: date

    @classmethod
    def of(cls, expiry: NextExpiry, program: Program, language: Language) -> Self:
        """What lapses, in a reader's language."""
        unit = program.unit(expiry.unit_id)
        return cls(
            unit=unit.code,
            unit_id=unit.id,
            name=unit.name(expiry.amount, language),
            amount=expiry.amount,
            expires_at=expiry.expires_at,
            last_day=expiry.last_day,
        )


class ExpiriesOut(Outbound):
    """Soonest first; the first one is the member's next expiry. Pending units are not among them."""

    items: list[ExpiryOut]


class PendingOut(Outbound):
    """Units that are not usable yet.

    They become so at ``activates_at``, or when the event that they await is told. ``activates_at`` is null when only
    the event can do it; they then lapse at ``expires_at``.
    """

    id: LotId
    unit: str
    unit_id: UnitId
    name: str
    amount: int
    earned_at: datetime
    activates_at: datetime | None
    expires_at: datetime | None
    awaits: str | None
    transfer_id: TransferId

    @classmethod
    def of(cls, lot: PendingLot, program: Program, language: Language) -> Self:
        """Pending units, in a reader's language."""
        unit = program.unit(lot.unit_id)
        fields = {name: getattr(lot, name) for name in cls.model_fields if name not in {"unit", "name"}}
        return cls(**fields, unit=unit.code, name=unit.name(lot.amount, language))


class PendingListOut(Outbound):
    """Soonest to become usable first."""

    items: list[PendingOut]

    @classmethod
    def of(cls, lots: Sequence[PendingLot], program: Program, language: Language) -> Self:
        """All that is pending, in a reader's language."""
        return cls(items=[PendingOut.of(lot, program, language) for lot in lots])


class PendingChoice(Wire):
    """Which pending units are meant: those that await ``event``, or the listed ones."""

    event: EventName | None = None
    lots: Annotated[list[LotId], Field(max_length=100)] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.event is None) == (not self.lots):
            raise ValueError("Give either the event or the lots.")
        return self


class CancelIn(PendingChoice):
    reason: ReasonText
