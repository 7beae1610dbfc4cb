"""Facts of second factors."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class SecondFactorTurnedOn(Event):
    name = "second_factor.turned_on"
    operator_id: UUID


@dataclass(frozen=True, slots=True)
class SecondFactorTurnedOff(Event):
    name = "second_factor.turned_off"
    operator_id: UUID


@dataclass(frozen=True, slots=True)
class RecoveryCodeUsed(Event):
    name = "recovery_code.used"
    operator_id: UUID
    left: int


@dataclass(frozen=True, slots=True)
class RecoveryCodesRenewed(Event):
    name = "recovery_code.renewed"
    operator_id: UUID
