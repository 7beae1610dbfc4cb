"""The directory on the wire."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from passerelle.customers.schemas import CustomerId, CustomerOut, Region
from passerelle.kit.wire import Instant, Outbound, Wire
from passerelle.privacy.schemas import Channel, Purpose
from passerelle.programs.schemas import MembershipId, ProgramId, UnitKind
from passerelle.programs.terms.schemas import MemberTermOut

Column = Literal[
    "id",
    "first_name",
    "last_name",
    "phone",
    "email",
    "birthday",
    "language",
    "created_at",
    "last_visit_at",
    "cards",
    "programs",
    "balances",
    "attributes",
]


class ConsentFilter(Wire):
    """Those who may be reached for a purpose on a channel now."""

    purpose: Purpose = "marketing"
    channel: Channel = "email"


class DirectoryFilter(Wire):
    """Everything that is given must hold. Spans are half-open: ``from`` is in, ``to`` is not.

    ``text`` is a whole phone number, a whole e-mail address, whole words of a name, or the code of a card.
    ``visited_since``: came since then; ``not_visited_since``: did not, or never. A visit is a purchase or a visit
    without an amount. ``ends_from``, ``ends_to``: a membership of theirs ends then, in the program
    that is named or in any.
    """

    model_config = ConfigDict(hide_input_in_errors=True, populate_by_name=True)

    text: Annotated[
        str | None,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=254),
        Field(repr=False),
    ] = None
    region: Region | None = None
    program_id: ProgramId | None = None
    has_card: bool | None = None
    joined_from: Instant | None = None
    joined_to: Instant | None = None
    consent: ConsentFilter | None = None
    visited_since: Instant | None = None
    not_visited_since: Instant | None = None
    ends_from: Instant | None = None
    ends_to: Instant | None = None


class DirectoryExport(DirectoryFilter):
    """``columns`` in their order; without them all that the caller may see."""

    columns: Annotated[list[Column] | None, Field(max_length=20)] = None


class UnitBalance(Outbound):
    """``active`` can be spent now, ``pending`` later; ``name`` is the unit's word for that many.

    Both are counted in the unit's smallest parts, of which ``decimals`` tells the size; ``currency`` is there for
    money.
    """

    unit: str
    kind: UnitKind
    currency: str | None
    decimals: int
    name: str
    active: int
    pending: int


class DirectoryMember(Outbound):
    """A membership with its balances; no balances for callers without ``ledger:read``."""

    id: MembershipId
    program_id: ProgramId
    program_name: str
    state: Literal["active", "suspended", "ended"]
    joined_at: datetime
    term: MemberTermOut | None
    balances: list[UnitBalance]


class DirectoryEntry(Outbound):
    """A customer with what they do here. ``cards`` are those not blocked, ``installed`` the wallets that hold them;
    both are null for callers without ``passes:read``.
    """

    id: CustomerId
    customer: CustomerOut
    memberships: list[DirectoryMember]
    cards: int | None
    installed: int | None
    last_visit_at: datetime | None
