"""Facts of terms. Instants are ISO 8601; ``last_day`` is the last local day on which the membership is good."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class TermMoved(Event):
    """What all facts of terms say: whose membership it is, and until when it is good now, None when unpaid."""

    membership_id: UUID
    program_id: UUID
    customer_id: UUID
    valid_until: str | None
    last_day: str | None


@dataclass(frozen=True, slots=True)
class MembershipRenewed(TermMoved):
    """A term was added: by a payment, or as a gift."""

    name = "membership.renewed"
    term_id: UUID
    kind: str
    amount_minor: int | None
    currency: str | None
    starts_at: str
    ends_at: str


@dataclass(frozen=True, slots=True)
class MembershipRenewalVoided(TermMoved):
    """A payment or a gift was taken back, with its term."""

    name = "membership.renewal_voided"
    term_id: UUID


@dataclass(frozen=True, slots=True)
class MembershipEndsSoon(TermMoved):
    """So many days before its end as the program says; once for each term."""

    name = "membership.ends_soon"


@dataclass(frozen=True, slots=True)
class MembershipInGrace(TermMoved):
    """Its term is over; it still counts until ``lapses_at``."""

    name = "membership.in_grace"
    lapses_at: str


@dataclass(frozen=True, slots=True)
class MembershipLapsed(TermMoved):
    """It counts no longer."""

    name = "membership.lapsed"


MOVED = (MembershipRenewed, MembershipRenewalVoided, MembershipEndsSoon, MembershipInGrace, MembershipLapsed)
