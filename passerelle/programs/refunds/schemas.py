"""Refunds on the wire; the values that services pass (values.py) are given out here, too."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from passerelle.kit.i18n import Language
from passerelle.kit.ids import encode
from passerelle.kit.wire import Outbound, ReasonText, Wire
from passerelle.organizations.schemas import LocationId
from passerelle.programs.reasons import Reader
from passerelle.programs.refunds.rules import Returns
from passerelle.programs.refunds.values import RefundedUnits, RefundOutcome
from passerelle.programs.schemas import BalanceOut, MembershipId, ReasonOut, UnitId, balances_out, reasons_out
from passerelle.programs.values import Undone
from passerelle.purchases.schemas import (
    AmountMinor,
    Currency,
    ExternalReference,
    NewRefund,
    Purchase,
    PurchaseId,
    RefundId,
    ReturnedLine,
)

__all__ = ["RefundOutcome", "RefundedUnits", "Returns"]  # what other domains see of values.py and rules.py


def reader_of(purchase: Purchase, language: Language) -> Reader:
    """Somebody who reads about a purchase; what is told of it names no instants."""
    return Reader(purchase.currency, "UTC", language)


class RefundIn(Wire):
    """A slice to pay back: an amount, items, or both; with neither, all that is left of the purchase.

    ``reference`` makes it unique for the purchase. ``forgive_missing`` lets go of units that were spent meanwhile
    and that the unit's policy would insist on; it needs ``ledger:adjust``.
    """

    amount_minor: AmountMinor | None = None
    currency: Currency | None = None
    lines: Annotated[list[ReturnedLine], Field(max_length=200, default_factory=list)]
    reference: ExternalReference | None = None
    reason: ReasonText | None = None
    location_id: LocationId | None = None
    forgive_missing: bool = False

    def to_record(self, location_id: UUID | None) -> NewRefund:
        """The refund as purchases record it; ``location_id`` is that of the till, if it has one."""
        return NewRefund(
            self.amount_minor,
            self.currency,
            tuple(self.lines),
            self.reference,
            self.reason,
            self.location_id or location_id,
        )


class VoidIn(Wire):
    """Why a purchase is taken back whole; ``forgive_missing`` is as in a refund."""

    reason: ReasonText | None = None
    forgive_missing: bool = False


class ReturnedItemOut(Outbound):
    """Items of one line of the purchase, counted from 0."""

    line: int
    quantity: int


class RefundUnitsOut(Outbound):
    """What a slice meant for one balance.

    ``due`` is its share of what was earned: ``taken`` came out of the balance, ``missing`` had been spent and is
    forgiven or owed, the rest had expired. ``returned`` came back because it had been spent on the purchase.
    ``reasons`` say what else that brought about: rewards that were given up.
    """

    membership_id: MembershipId
    unit_id: UnitId
    due: int
    taken: int
    missing: int
    returned: int
    reasons: list[ReasonOut]

    @classmethod
    def of(cls, units: RefundedUnits, reader: Reader) -> Self:
        """What moved, in a reader's language."""
        fields = {name: getattr(units, name) for name in cls.model_fields if name != "reasons"}
        return cls(**fields, reasons=reasons_out(units.reasons, reader))


class RefundOut(Outbound):
    """One slice of a purchase that was paid back; ``position`` counts them from 1."""

    id: RefundId
    purchase_id: PurchaseId
    position: int
    amount_minor: int
    currency: str
    lines: list[ReturnedItemOut]
    reference: str | None
    reason: str | None
    location_id: LocationId | None
    actor: str
    refunded_at: datetime
    units: list[RefundUnitsOut]

    @classmethod
    def fields_of(cls, outcome: RefundOutcome, language: Language) -> dict[str, object]:
        """The fields of a slice."""
        reader = reader_of(outcome.purchase, language)
        refund = outcome.refund
        fields: dict[str, object] = {
            name: getattr(refund, name)
            for name in RefundOut.model_fields
            if name not in {"currency", "units", "lines"}
        }
        fields["currency"] = outcome.purchase.currency
        fields["lines"] = [ReturnedItemOut(line=item.line, quantity=item.quantity) for item in refund.lines]
        fields["units"] = [RefundUnitsOut.of(each, reader) for each in outcome.units]
        return fields

    @classmethod
    def of(cls, outcome: RefundOutcome, language: Language) -> Self:
        """A slice with what it moved."""
        return cls.model_validate(cls.fields_of(outcome, language))


class RefundedOut(RefundOut):
    """The slice, the purchase after it, and the balances of the members it touched, by membership."""

    purchase: Purchase
    balances: dict[str, list[BalanceOut]]

    @classmethod
    def told(cls, outcome: RefundOutcome, language: Language) -> Self:
        """The outcome in a reader's language."""
        balances = {encode("mem", each.membership.id): balances_out(each, language) for each in outcome.standings}
        return cls.model_validate(
            {**cls.fields_of(outcome, language), "purchase": outcome.purchase, "balances": balances}
        )


class RefundsOut(Outbound):
    """Every slice of a purchase, in order."""

    items: list[RefundOut]


class VoidedOut(Outbound):
    """A purchase that was taken back, with the balances after that by membership.

    ``reasons`` say what else that brought about: rewards that were given up.
    """

    purchase: Purchase
    balances: dict[str, list[BalanceOut]]
    reasons: list[ReasonOut]

    @classmethod
    def of(cls, undone: Undone, language: Language) -> Self:
        """What became of a purchase, in a reader's language."""
        return cls(
            purchase=undone.purchase,
            balances={encode("mem", each.membership.id): balances_out(each, language) for each in undone.standings},
            reasons=reasons_out(undone.reasons, reader_of(undone.purchase, language)),
        )
