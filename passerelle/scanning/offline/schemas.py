"""Devices and their queues on the wire."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, TypeAdapter, WrapValidator, model_validator

from passerelle.kit.ids import WireId
from passerelle.kit.wire import Instant, Name, Outbound, ReasonText, Reference, WholeNumber, Wire
from passerelle.organizations.schemas import ApiKeyId, LocationId, ScanAction
from passerelle.programs.schemas import MembershipId
from passerelle.purchases.schemas import AmountMinor, Currency, ExternalReference, PurchaseId, PurchaseLine
from passerelle.rewards.schemas import IssuedRewardId, RewardId
from passerelle.scanning.offline.rules import MAX_OPERATIONS, MAX_SEQUENCE, MAX_SINCE_SCAN, Flag
from passerelle.scanning.offline.signing import KEY_BYTES, SIGNATURE_BYTES, from_base64url
from passerelle.scanning.schemas import Code

DeviceId = Annotated[UUID, WireId("dev")]
OfflineOperationId = Annotated[UUID, WireId("ofo")]
OperationStatus = Literal["waiting", "accepted", "rejected"]
Resolution = Literal["settled", "dismissed"]


def _bytes_of(size: int) -> AfterValidator:
    def check(text: str) -> str:
        from_base64url(text, size)
        return text

    return AfterValidator(check)


PublicKey = Annotated[
    str,
    StringConstraints(max_length=44),
    _bytes_of(KEY_BYTES),
    Field(description="The raw Ed25519 key, 32 bytes in base64url."),
]
Signature = Annotated[
    str,
    StringConstraints(max_length=88),
    _bytes_of(SIGNATURE_BYTES),
    Field(description="Ed25519 over the signed bytes, 64 bytes in base64url; see docs/mechanisms/offline.md."),
]
Allowance = Annotated[WholeNumber, Field(ge=0, le=1_000)]


class DeviceIn(Wire):
    """A till that may queue operations; the private key never leaves it.

    The allowances are how many rewards it may redeem without a network in a day, in all and for one member.
    ``api_key_id`` is the key that this till alone calls with; it is revoked together with the till.
    ``scan_action`` is what it does by itself after a scan; null: as its location or the organization says.
    """

    name: Name
    location_id: LocationId | None = None
    public_key: PublicKey
    api_key_id: ApiKeyId | None = None
    redemptions_per_day: Allowance = 10
    redemptions_per_member_per_day: Allowance = 1
    scan_action: ScanAction | None = None


class DeviceChange(Wire):
    """Fields left out stay as they are; null empties ``scan_action``."""

    name: Name | None = None
    redemptions_per_day: Allowance | None = None
    redemptions_per_member_per_day: Allowance | None = None
    scan_action: ScanAction | None = None


class DeviceOut(Outbound):
    """``last_sequence`` is the highest number applied; ``clock_skew_seconds`` how far its clock was behind ours."""

    id: DeviceId
    name: str
    location_id: LocationId | None
    public_key: str
    api_key_id: ApiKeyId | None
    redemptions_per_day: int
    redemptions_per_member_per_day: int
    scan_action: ScanAction | None
    last_sequence: int
    clock_skew_seconds: int | None
    created_by: str
    created_at: datetime
    last_seen_at: datetime | None
    revoked_at: datetime | None


class _Operation(Wire):
    """``id`` is the device's own, ``sequence`` counts its operations from 1, ``at`` is by its own clock."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    sequence: Annotated[WholeNumber, Field(ge=1, le=MAX_SEQUENCE)]
    at: Instant
    signature: Signature


class _WithCard(_Operation):
    """``scanned_at`` is when the code was scanned, by the device's clock; without it, when the operation was done."""

    code: Code
    scanned_at: Instant | None = None

    @model_validator(mode="after")
    def _scanned_before(self) -> Self:
        if self.scanned_at is not None and not timedelta(0) <= self.at - self.scanned_at <= MAX_SINCE_SCAN:
            raise ValueError("scanned_at must be at most a quarter of an hour before “at”, and not after it.")
        return self


class QueuedPurchase(_WithCard):
    """As POST /api/v1/scans/purchases."""

    kind: Literal["purchase"]
    amount_minor: AmountMinor
    currency: Currency | None = None
    lines: Annotated[list[PurchaseLine], Field(max_length=200, default_factory=list)]
    external_reference: ExternalReference | None = None


class QueuedVisit(_WithCard):
    """As POST /api/v1/scans/visits."""

    kind: Literal["visit"]
    units: Annotated[WholeNumber, Field(ge=1, le=1_000_000)] | None = None
    reference: Reference | None = None


class QueuedRedemption(_WithCard):
    """As POST /api/v1/scans/redemptions, within the device's allowances."""

    kind: Literal["redemption"]
    reward_id: RewardId
    reference: Reference | None = None


class QueuedUndo(_Operation):
    """Take back an earlier operation of the same device, named by its ``id``."""

    kind: Literal["undo"]
    operation_id: UUID


Operation = Annotated[QueuedPurchase | QueuedVisit | QueuedRedemption | QueuedUndo, Field(discriminator="kind")]
OPERATION: Final[TypeAdapter[QueuedPurchase | QueuedVisit | QueuedRedemption | QueuedUndo]] = TypeAdapter(Operation)


def _as_sent(value: Any, _handler: Any) -> Any:
    """One operation of a queue that is malformed must not refuse the others; each is validated by itself."""
    return value


class BatchIn(Wire):
    """A device's queue, or a part of it, in any order.

    ``sent_at`` is what the device's clock says now. ``holds_from`` is the lowest number that it still holds: what
    lies below and has not arrived is not coming.
    """

    device_id: DeviceId
    sent_at: Instant
    holds_from: Annotated[WholeNumber, Field(ge=1, le=MAX_SEQUENCE)] | None = None
    operations: Annotated[list[Annotated[Operation, WrapValidator(_as_sent)]], Field(max_length=MAX_OPERATIONS)]


class RejectionOut(Outbound):
    """Why an operation was not booked: a code for programs, a sentence for people."""

    code: str
    text: str
    params: dict[str, str]


class BookedOut(Outbound):
    """What an operation made; ``reference`` names a visit."""

    purchase_id: PurchaseId | None = None
    issued_reward_id: IssuedRewardId | None = None
    reference: str | None = None


class OperationOut(Outbound):
    """What became of one queued operation; ``id`` and ``sequence`` are as the device sent them.

    ``accepted``, ``rejected`` with its reason, ``waiting`` for those before it, or ``duplicate``: it had arrived
    before, and ``outcome`` is what became of it then. Flags: ``clock_corrected``, ``sequence_gap`` (others before it
    are missing), ``late`` (it came after those that follow it).
    """

    id: str | None
    sequence: int | None
    status: Literal["accepted", "rejected", "waiting", "duplicate"]
    outcome: OperationStatus
    flags: list[Flag]
    occurred_at: datetime | None
    reason: RejectionOut | None
    booked: BookedOut | None


class BatchOut(Outbound):
    """One result for each operation, in the order in which they were sent."""

    results: list[OperationOut]
    clock_skew_seconds: int
    last_sequence: int


class OfflineOperationOut(Outbound):
    """One queued operation as staff see it, with the device that sent it."""

    id: OfflineOperationId
    device_id: DeviceId
    operation_id: UUID | None
    sequence: int | None
    kind: str | None
    status: OperationStatus
    reason: RejectionOut | None
    flags: list[Flag]
    payload: dict[str, Any]
    told_at: datetime | None
    occurred_at: datetime | None
    received_at: datetime
    applied_at: datetime | None
    membership_id: MembershipId | None
    booked: BookedOut | None
    resolution: Resolution | None
    resolution_reason: str | None
    resolved_by: str | None
    resolved_at: datetime | None


class DefaultActionOut(Outbound):
    """What a till does by itself after a scan, and where that was said."""

    scan_action: ScanAction
    set_for: Literal["device", "location", "organization"]


class ResolutionIn(Wire):
    """``settled``: made good by hand, such as by an adjustment. ``dismissed``: nothing is owed."""

    resolution: Resolution
    reason: ReasonText
