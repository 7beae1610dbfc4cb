"""Payments with units, between domains and on the wire."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from passerelle.customers.schemas import CustomerId
from passerelle.kit.i18n import Language
from passerelle.kit.ids import WireId
from passerelle.kit.wire import Outbound, Reference, WholeNumber, Wire
from passerelle.organizations.schemas import LocationId
from passerelle.programs.schemas import (
    BalanceOut,
    MembershipId,
    Program,
    Standing,
    Unit,
    UnitCode,
    UnitId,
    balances_out,
)
from passerelle.purchases.schemas import PurchaseId
from passerelle.rewards.benefits import MinorAmount
from passerelle.rewards.rules import Period, above_longer
from passerelle.rewards.spending import Bound, Payable, PaymentTerms, SpendingTerms

PaymentId = Annotated[UUID, WireId("pay")]
PaymentState = Literal["made", "undone"]
UnitAmount = Annotated[WholeNumber, Field(ge=1, le=10**9)]
Percent = Annotated[WholeNumber, Field(ge=1, le=100)]


@dataclass(frozen=True, slots=True)
class Bill:
    """What is to be paid: an amount, or a purchase that is recorded already; exactly one of the two."""

    amount_minor: int | None = None
    purchase_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """How many units may pay for a bill, of those ``available`` to pay it."""

    program: Program
    unit: Unit
    terms: PaymentTerms
    payable: Payable
    basket_minor: int
    available: int


@dataclass(frozen=True, slots=True)
class Payment:
    """Units that paid a part of a bill; ``basket_minor`` is the whole bill."""

    id: UUID
    membership_id: UUID
    customer_id: UUID
    unit_id: UUID
    units: int
    basket_minor: int
    discount_minor: int
    currency: str
    reference: str
    transfer_id: UUID
    purchase_id: UUID | None
    state: PaymentState
    actor: str
    location_id: UUID | None
    made_at: datetime
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment after it was made or undone, and where the member stands then. ``replayed``: nothing moved."""

    payment: Payment
    standing: Standing
    replayed: bool = False


class ValueIn(Wire):
    """``units`` are worth ``amount_minor``: 100 points for 100 minor units are 1.00 EUR."""

    units: UnitAmount
    amount_minor: MinorAmount


class PaymentTermsIn(Wire):
    """How a unit pays bills: in multiples of ``step``, up to ``basket_percent`` of each bill."""

    value: ValueIn
    minimum: UnitAmount = 1
    maximum: UnitAmount | None = None
    step: UnitAmount = 1
    basket_percent: Percent = 100

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.maximum is not None and self.maximum < self.least:
            raise ValueError(
                f"No multiple of step lies between minimum and maximum: {self.least} would be the first."
            )
        return self

    @property
    def least(self) -> int:
        """The first multiple of the step that is not below the minimum."""
        return -(-self.minimum // self.step) * self.step


class SpendingTermsIn(Wire):
    """How a unit may be spent. Without ``payment`` it pays no bills, unless it is money.

    ``caps`` are the most units that one member may spend, on rewards and bills together, by local day, ISO week,
    month or year.
    """

    payment: PaymentTermsIn | None = None
    caps: dict[Period, UnitAmount] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if (fault := above_longer(self.caps, None)) is not None:
            raise ValueError(fault)
        if self.payment is not None:
            least = self.payment.least
            for period, units in self.caps.items():
                if units < least:
                    raise ValueError(f"A payment takes {least} at least, but only {units} may be spent per {period}.")
        return self


class SpendingTermsOut(Outbound):
    """``payment`` is null for a unit that pays no bills."""

    unit: str
    payment: PaymentTermsIn | None
    caps: dict[Period, int]

    @classmethod
    def of(cls, unit: Unit, terms: SpendingTerms) -> Self:
        """The terms that hold for a unit."""
        payment = None
        if (how := terms.payment) is not None:
            value = ValueIn(units=how.value.units, amount_minor=how.value.amount_minor)
            payment = PaymentTermsIn(
                value=value,
                minimum=how.minimum,
                maximum=how.maximum,
                step=how.step,
                basket_percent=how.basket_percent,
            )
        return cls(unit=unit.code, payment=payment, caps=dict(terms.caps))


class SpendingOut(Outbound):
    """The terms of every unit of a program that may be spent."""

    items: list[SpendingTermsOut]


class BillIn(Wire):
    """``amount_minor`` of a bill, or ``purchase_id`` of one that is recorded. ``unit``: when there are several."""

    amount_minor: MinorAmount | None = None
    purchase_id: PurchaseId | None = None
    unit: UnitCode | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.amount_minor is None) == (self.purchase_id is None):
            raise ValueError("Send either amount_minor or purchase_id.")
        return self

    @property
    def bill(self) -> Bill:
        """What is to be paid."""
        return Bill(self.amount_minor, self.purchase_id)


class PaymentIn(BillIn):
    """``units`` is how many the member uses. ``reference`` makes the payment unique for a program of yours."""

    units: UnitAmount
    reference: Reference | None = None
    location_id: LocationId | None = None


class QuoteOut(Outbound):
    """Any multiple of ``step`` from ``minimum`` to ``maximum`` may be used; ``maximum`` 0: none.

    ``bound`` says what sets the maximum; ``discount_minor`` is what the maximum takes off the bill.
    """

    unit: str
    unit_id: UnitId
    currency: str
    amount_minor: int
    available: int
    minimum: int
    maximum: int
    step: int
    bound: Bound
    discount_minor: int
    value: ValueIn

    @classmethod
    def of(cls, quote: Quote) -> Self:
        """A quote on the wire."""
        value, allowed = quote.terms.value, quote.payable
        return cls(
            unit=quote.unit.code,
            unit_id=quote.unit.id,
            currency=quote.program.currency,
            amount_minor=quote.basket_minor,
            available=quote.available,
            minimum=allowed.minimum,
            maximum=allowed.maximum,
            step=allowed.step,
            bound=allowed.bound,
            discount_minor=value.of(allowed.maximum),
            value=ValueIn(units=value.units, amount_minor=value.amount_minor),
        )


class PaymentOut(Outbound):
    """A payment: ``units`` took ``discount_minor`` off a bill of ``basket_minor``."""

    model_config = ConfigDict(from_attributes=True)

    id: PaymentId
    membership_id: MembershipId
    customer_id: CustomerId
    unit_id: UnitId
    units: int
    basket_minor: int
    discount_minor: int
    currency: str
    purchase_id: PurchaseId | None
    state: PaymentState
    actor: str
    location_id: LocationId | None
    made_at: datetime
    undone_at: datetime | None


class PaidOut(PaymentOut):
    """A payment, and the member's balances after it."""

    balances: list[BalanceOut]

    @classmethod
    def of(cls, paid: Paid, language: Language) -> Self:
        """The outcome in a reader's language."""
        fields = PaymentOut.model_validate(paid.payment).model_dump()
        return cls(**fields, balances=balances_out(paid.standing, language))
