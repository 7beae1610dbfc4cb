"""The timeline on the wire: entries told apart by ``kind``."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from passerelle.checkins.schemas import CheckInId, CheckInState
from passerelle.customers.notes.schemas import NoteId
from passerelle.customers.schemas import CustomerId
from passerelle.feedback.schemas import FeedbackId
from passerelle.kit.wire import Outbound
from passerelle.messaging.schemas import MessageChannel, MessageId, MessageState, MessageTopic
from passerelle.organizations.schemas import LocationId
from passerelle.passes.schemas import PassId, SubjectKind, WalletName
from passerelle.privacy.schemas import Channel, ConsentId
from passerelle.programs.schemas import MembershipId, ProgramId, TransferId, UnitKind
from passerelle.programs.terms.schemas import MembershipTermId, Method
from passerelle.purchases.receipts.schemas import ReceiptId
from passerelle.purchases.schemas import PurchaseId
from passerelle.rewards.schemas import IssuedRewardId
from passerelle.ticketing.schemas import TicketedEventId, TicketId

TimelineKind = Literal[
    "registered",
    "joined",
    "purchase",
    "units",
    "reward",
    "card",
    "ticket",
    "check_in",
    "message",
    "consent",
    "note",
    "receipt",
    "feedback",
    "term",
]


class _Entry(Outbound):
    """``at`` is when it happened, ``actor`` who did it as far as that was written down."""

    place: Annotated[UUID, Field(exclude=True, repr=False)]
    at: datetime
    actor: str | None = None


class RegisteredEntry(_Entry):
    kind: Literal["registered"] = "registered"
    customer_id: CustomerId
    source: str


class JoinedEntry(_Entry):
    """``state`` is that of the membership now."""

    kind: Literal["joined"] = "joined"
    membership_id: MembershipId
    program_id: ProgramId
    program_name: str
    source: str
    state: str


class PurchaseEntry(_Entry):
    kind: Literal["purchase"] = "purchase"
    purchase_id: PurchaseId
    amount_minor: int
    currency: str
    channel: str
    state: str
    location_id: LocationId | None


class UnitMovement(Outbound):
    """``amount`` is signed and in the unit's smallest parts; ``name`` is the unit's word for that many."""

    unit: str
    kind: UnitKind
    currency: str | None
    decimals: int
    name: str
    amount: int


class UnitsEntry(_Entry):
    """A transfer of the ledger. ``cause``: what it was for, such as a purchase, a visit or a correction by hand."""

    kind: Literal["units"] = "units"
    transfer_id: TransferId
    transfer_kind: str
    cause: Literal["purchase", "visit", "reward", "payment", "opening", "merge", "other"]
    program_id: ProgramId
    program_name: str
    movements: list[UnitMovement]
    reason: str | None
    undone: bool


class RewardEntry(_Entry):
    kind: Literal["reward"] = "reward"
    issued_reward_id: IssuedRewardId
    name: str
    state: str
    redeemed_at: datetime | None


class CardEntry(_Entry):
    kind: Literal["card"] = "card"
    what: Literal["issued", "installed", "removed"]
    pass_id: PassId
    card: SubjectKind
    program_id: ProgramId | None
    wallet: WalletName | None = None


class TicketEntry(_Entry):
    """``seat`` is section, row and seat, as far as the ticket names them."""

    kind: Literal["ticket"] = "ticket"
    what: Literal["issued", "used", "cancelled"]
    ticket_id: TicketId
    event_id: TicketedEventId
    event_name: str
    category: str
    seat: str


class CheckInEntry(_Entry):
    """A stay with how it ended, or a visit that the customer noted alone (``way`` is ``self``)."""

    kind: Literal["check_in"] = "check_in"
    check_in_id: CheckInId
    location_id: LocationId
    location_name: str
    way: Literal["staff", "self"]
    state: CheckInState
    closed_at: datetime | None
    closed_how: Literal["out", "expired", "day_end", "visit"] | None
    minutes: int


class MessageEntry(_Entry):
    kind: Literal["message"] = "message"
    message_id: MessageId
    channel: MessageChannel
    topic: MessageTopic
    state: MessageState


class ConsentEntry(_Entry):
    kind: Literal["consent"] = "consent"
    consent_id: ConsentId
    purpose: str
    channel: Channel
    state: Literal["granted", "withdrawn"]
    source: str


class ReceiptEntry(_Entry):
    """A receipt that was claimed; the purchase stands beside it."""

    kind: Literal["receipt"] = "receipt"
    receipt_id: ReceiptId
    purchase_id: PurchaseId
    amount_minor: int
    currency: str


class TermEntry(_Entry):
    """A renewal or a gift of a membership with a term, which runs from ``starts_at`` to the end of ``last_day``.

    ``voided`` ones bring no time any more; ``set_aside``: of an entry that was merged into one that ran longer.
    """

    kind: Literal["term"] = "term"
    term_id: MembershipTermId
    what: Literal["payment", "gift"]
    state: Literal["standing", "voided", "set_aside"]
    membership_id: MembershipId
    program_id: ProgramId
    program_name: str
    amount_minor: int | None
    currency: str | None
    method: Method | None
    reason: str | None
    starts_at: datetime
    last_day: date


class FeedbackEntry(_Entry):
    """How the customer found a visit."""

    kind: Literal["feedback"] = "feedback"
    feedback_id: FeedbackId
    location_id: LocationId | None
    stars: int
    words: Annotated[str | None, Field(repr=False)]


class NoteEntry(_Entry):
    kind: Literal["note"] = "note"
    note_id: NoteId
    text: Annotated[str, Field(repr=False)]


TimelineEntry = Annotated[
    RegisteredEntry
    | JoinedEntry
    | PurchaseEntry
    | UnitsEntry
    | RewardEntry
    | CardEntry
    | TicketEntry
    | CheckInEntry
    | MessageEntry
    | ConsentEntry
    | NoteEntry
    | ReceiptEntry
    | FeedbackEntry
    | TermEntry,
    Field(discriminator="kind"),
]
