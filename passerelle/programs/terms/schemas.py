"""Terms on the wire."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from passerelle.kit.ids import WireId
from passerelle.kit.wire import Instant, Outbound, ReasonText, Reference, WholeNumber, Wire
from passerelle.organizations.schemas import LocationId
from passerelle.programs.ids import MembershipId, ProgramId
from passerelle.programs.term_rules import Length, TermStatus, end_of_grace, renewable_from
from passerelle.programs.timing import last_day_of
from passerelle.programs.values import Membership, Program, term_status
from passerelle.purchases.schemas import Currency

MembershipTermId = Annotated[UUID, WireId("mtm")]
TermKind = Literal["joining", "payment", "gift"]
Method = Literal["cash", "card", "transfer", "other"]
Month = Annotated[str, StringConstraints(pattern=r"^(19|20|21)\d\d-(0[1-9]|1[0-2])$")]


class RenewalIn(Wire):
    """A payment for one term. Without ``amount_minor`` it is the price of the program's term.

    ``at`` is when it was paid, now if left out. ``reference`` (a receipt number) makes it unique: the same payment
    told again is answered as it was.
    """

    amount_minor: Annotated[WholeNumber, Field(ge=0, le=10**12)] | None = None
    currency: Currency | None = None
    reference: Reference | None = None
    method: Method = "other"
    at: Instant | None = None
    location_id: LocationId | None = None


class GiftedTermIn(Wire):
    """A term without a payment; without ``length`` as long as a paid one."""

    reason: ReasonText
    length: Length | None = None
    reference: Reference | None = None


class VoidTermIn(Wire):
    """Why a payment or a gift is taken back."""

    reason: ReasonText | None = None


@dataclass(frozen=True, slots=True)
class Renewed:
    """An entry as it is kept, and the membership after it; ``replayed``: it was told before."""

    entry: Any
    membership: Membership
    program: Program
    replayed: bool = False


class MemberTermOut(Outbound):
    """What a membership is now and until when, in a program with a term.

    ``valid_until`` is the end itself and ``last_day`` the local day before it; from ``lapses_at`` on, after the days
    of grace, it counts no longer. All are null for a membership that is not paid yet. ``renewable``: whether a
    payment is taken now; if not, from ``renewable_from`` on. ``price_minor`` is what a term costs.
    """

    status: TermStatus
    valid_from: datetime | None
    valid_until: datetime | None
    last_day: date | None
    lapses_at: datetime | None
    renewable: bool
    renewable_from: datetime | None
    price_minor: int
    currency: str

    @classmethod
    def of(cls, member: Membership, program: Program, now: datetime) -> Self | None:
        """Where a member stands; None in a program without a term."""
        settings, status = program.settings.term, term_status(member, program, now)
        if settings is None or status is None:
            return None
        runs = member.valid_from != member.valid_until
        until, zone = member.valid_until if runs else None, program.time_zone
        early = None if until is None else renewable_from(until, settings.renew_early_days, zone)
        return cls(
            status=status,
            valid_from=member.valid_from if runs else None,
            valid_until=until,
            last_day=None if until is None else last_day_of(until, zone),
            lapses_at=None if until is None else end_of_grace(until, settings.grace_days, zone),
            renewable=member.state == "active" and program.is_running(now) and (early is None or early <= now),
            renewable_from=early,
            price_minor=settings.price_minor,
            currency=program.currency,
        )


class TermOut(Outbound):
    """One entry of a membership's history, and the term ``[starts_at, ends_at)`` that it brings.

    ``voided`` ones bring none any more. ``set_aside``: of a membership that was merged into one that ran longer.
    """

    id: MembershipTermId
    membership_id: MembershipId
    kind: TermKind
    state: Literal["standing", "voided", "set_aside"]
    starts_at: datetime
    ends_at: datetime
    last_day: date
    amount_minor: int | None
    currency: str | None
    method: Method | None
    reference: str
    reason: str | None
    location_id: LocationId | None
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    voided_at: datetime | None
    voided_by: str | None
    void_reason: str | None

    @classmethod
    def of(cls, row: Any, time_zone: str) -> Self:
        """The entry of a row."""
        fields = {name: row[name] for name in cls.model_fields if name not in {"state", "last_day"}}
        state = "voided" if row["voided_at"] else "set_aside" if row["set_aside"] else "standing"
        return cls(**fields, state=state, last_day=last_day_of(row["ends_at"], time_zone))


class RenewedOut(Outbound):
    """A payment or a gift, and what the membership is after it; ``replayed``: it was recorded before."""

    term: TermOut
    membership: MemberTermOut | None
    replayed: bool

    @classmethod
    def of(cls, renewed: Renewed, now: datetime) -> Self:
        """The answer of whoever records or voids."""
        return cls(
            term=TermOut.of(renewed.entry, renewed.program.time_zone),
            membership=MemberTermOut.of(renewed.membership, renewed.program, now),
            replayed=renewed.replayed,
        )


class RenewalMoneyOut(Outbound):
    """What was paid for terms of a program in a month of its time zone; ``voided`` payments are not in the amount."""

    month: str
    program_id: ProgramId
    currency: str
    payments: int
    amount_minor: int
    voided: int
    voided_minor: int


class RenewalReportOut(Outbound):
    """By month, latest first, then by program and currency; months without a payment are left out."""

    items: list[RenewalMoneyOut]
