"""Facts of passes."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class PassIssued(Event):
    """A card was made; ``subject_kind`` is membership, coupon, gift_card or ticket, and ``subject_id`` which one."""

    name = "pass.issued"
    pass_id: UUID
    membership_id: UUID | None
    subject_kind: str = "membership"
    subject_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PassInstalled(Event):
    """A wallet holds the card: by Apple's registration or Google's save callback."""

    name = "pass.installed"
    pass_id: UUID
    customer_id: UUID | None
    wallet: str


@dataclass(frozen=True, slots=True)
class HolderSignedUp(Event):
    """Who holds the card told in the wallet who they are."""

    name = "pass.holder_signed_up"
    pass_id: UUID
    customer_id: UUID


@dataclass(frozen=True, slots=True)
class PassRemoved(Event):
    """A wallet no longer holds the card; ``reason`` is removed, gone (push service) or updates_off."""

    name = "pass.removed"
    pass_id: UUID
    customer_id: UUID | None
    wallet: str
    reason: str


@dataclass(frozen=True, slots=True)
class PassRevoked(Event):
    name = "pass.voided"
    pass_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class PassReinstated(Event):
    name = "pass.reinstated"
    pass_id: UUID


@dataclass(frozen=True, slots=True)
class PassCodeRenewed(Event):
    """A card got a new code, and the old one died."""

    name = "pass.code_renewed"
    pass_id: UUID


@dataclass(frozen=True, slots=True)
class CodeRuleChanged(Event):
    """A program asks for another kind of codes, or allows copies something else."""

    name = "program.code_rule_changed"
    program_id: UUID
    kind: str
    copies_may: str
    single_use: bool
