"""Passes on the wire and between domains."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from passerelle.customers.schemas import CustomerId
from passerelle.giftcards.schemas.values import GiftCardId
from passerelle.kit.ids import WireId
from passerelle.kit.wire import Outbound, ReasonText, Wire
from passerelle.passes.code_rules import PERIOD_SECONDS, CodeKind, CopiesMay, Shown, Use
from passerelle.programs.schemas import MembershipId, ProgramId
from passerelle.rewards.coupons.schemas import CouponId
from passerelle.templates.schemas import PreviewOut, Shape
from passerelle.ticketing.schemas import TicketId

__all__ = ["PERIOD_SECONDS", "CodeKind", "CopiesMay", "Use"]

PassId = Annotated[UUID, WireId("pas")]
InstallationId = Annotated[UUID, WireId("ins")]
WalletName = Literal["apple", "google"]
SubjectKind = Literal["membership", "coupon", "gift_card", "ticket"]
Condition = Literal["valid", "used", "expired", "blocked"]
"""What a card is good for now: blocked ones may come back, used and expired ones are over."""


@dataclass(frozen=True, slots=True)
class Card:
    """A member's card as other domains see it: how it was shown, what may be done when it is shown so.

    ``single_use``: a rotating code is taken with at one till alone.
    """

    id: UUID
    membership_id: UUID
    customer_id: UUID
    program_id: UUID
    code: str
    state: str
    expires_at: datetime | None
    version: int
    shown: Shown
    may: CopiesMay
    single_use: bool


@dataclass(frozen=True, slots=True)
class SubjectCard:
    """A card of whatever kind, as it is now. ``code`` is what the till reads; whoever has it may use the card.

    ``customer_id`` is who holds it, if that is known; ``program_id`` is there for members' cards alone.
    """

    id: UUID
    kind: SubjectKind
    subject_id: UUID
    customer_id: UUID | None
    program_id: UUID | None
    offering_id: UUID | None
    code: str = field(repr=False)
    condition: Condition
    expires_at: datetime | None
    version: int

    @property
    def membership_id(self) -> UUID | None:
        """Whose card it is, if it is a member's."""
        return self.subject_id if self.kind == "membership" else None


@dataclass(frozen=True, slots=True)
class ShownStamps:
    """The places of a stamp card, and how they look; ``shape`` is image when the shop's own pictures show them."""

    count: int
    goal: int
    shape: Shape
    filled: str
    empty: str


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A card as a page draws it; ``look`` changes with the template, ``face`` with what is on the card.

    ``messages`` are what its barcode holds, in the order of the periods from ``first_second`` on; there are several
    if it rotates.
    """

    card: SubjectCard
    face: PreviewOut
    stamps: ShownStamps | None
    look: str
    code_kind: CodeKind
    messages: tuple[str, ...]
    first_second: int


@dataclass(frozen=True, slots=True)
class LateUpdates:
    """Cards that wait to be told to a wallet, since when the oldest is due, and how many were tried in vain."""

    wallet: WalletName
    cards: int
    failing: int
    due_since: datetime


@dataclass(frozen=True, slots=True)
class CardCount:
    """Cards that are not blocked, and the wallets that hold them now."""

    active: int
    installed: int


@dataclass(frozen=True, slots=True)
class Installed:
    """A card in one wallet, for the history of its holder."""

    id: UUID
    pass_id: UUID
    kind: SubjectKind
    program_id: UUID | None
    wallet: WalletName
    installed_at: datetime
    removed_at: datetime | None


class InstallationOut(Outbound):
    """A card in one wallet: which version it should have, was told of, and fetched."""

    id: InstallationId
    wallet: WalletName
    told_version: int
    told_at: datetime | None
    fetched_version: int
    fetched_at: datetime | None
    last_error: str | None
    installed_at: datetime
    removed_at: datetime | None


class PassOut(Outbound):
    """A card. Its ``kind`` says which of ``membership_id``, ``coupon_id``, ``gift_card_id`` and ``ticket_id`` it has.

    ``customer_id`` is who holds it, if that is known. ``code`` is a member's; codes of the others are told where
    those are, and their ends with one card alone. ``state`` is whether the card itself was blocked.
    """

    id: PassId
    kind: SubjectKind
    membership_id: MembershipId | None
    coupon_id: CouponId | None
    gift_card_id: GiftCardId | None
    ticket_id: TicketId | None
    customer_id: CustomerId | None
    program_id: ProgramId | None
    serial_number: str
    code: str | None
    state: Literal["active", "revoked"]
    version: int
    installed: int = Field(description="Wallets that hold the card now.")
    expires_at: datetime | None
    created_at: datetime


class PassDetail(PassOut):
    """A card with its installations; ``condition`` is what wallets show of it, its subject included."""

    condition: Condition
    installations: list[InstallationOut]


class TrialCardOut(Outbound):
    """A link to a card that shows a version with sample facts, to be opened on a phone before ``ends_at``."""

    url: str
    ends_at: datetime


class RolloutOut(Outbound):
    """How far the cards of a template have come to the version that is published.

    ``cards`` are all of the template and ``adopted`` those of this version. ``wallets`` are the places in phones
    that hold one of the cards; ``told`` and ``fetched`` count those that have the card as it is now.
    """

    version: int | None
    cards: int
    adopted: int
    wallets: int
    told: int
    fetched: int


class CodeRuleIn(Wire):
    """How the cards of a program show their code, and what is done about copies.

    ``static``: the plain code. ``signed``: with a signature, so that made-up values are refused at once.
    ``rotating``: it changes every half minute, in Google Wallet and on the card's page; Apple Wallet cannot, and
    shows the signed one. ``copies_may``: what may be done with a code that is copied more easily than ``code_kind``
    asks for; a plain code earns at most. ``single_use``: a rotating code redeems and pays at one till alone.
    """

    code_kind: CodeKind = "static"
    copies_may: CopiesMay = "everything"
    single_use: bool = False


class CodeRuleOut(Outbound):
    """How the cards of a program show their code; ``period_seconds`` is how often a rotating one changes."""

    code_kind: CodeKind
    copies_may: CopiesMay
    single_use: bool
    period_seconds: int = PERIOD_SECONDS


class IssuePass(Wire):
    membership_id: MembershipId


class Revocation(Wire):
    reason: ReasonText
