"""Refunds between domains: what a slice moved, and what is planned to move."""

from dataclasses import dataclass, field
from uuid import UUID

from passerelle.ledger.schemas import AccountKey, TransferOut
from passerelle.programs.refunds.rules import Returns
from passerelle.programs.rules import Reason
from passerelle.programs.values import Standing
from passerelle.purchases.schemas import Purchase, Refund


@dataclass(frozen=True, slots=True)
class RefundedUnits:
    """What a slice meant for one balance; the fields are as in models.RefundUnitsRow."""

    membership_id: UUID
    unit_id: UUID
    due: int = 0
    taken: int = 0
    missing: int = 0
    returned: int = 0
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class RefundOutcome:
    """A slice with what it moved, the purchase after it, and where the members stand whom it touched.

    ``replayed``: it was told before, and nothing moved this time.
    """

    refund: Refund
    purchase: Purchase
    units: tuple[RefundedUnits, ...]
    standings: tuple[Standing, ...] = ()
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Spending:
    """A transfer that paid for something in a purchase; the fields are as in models.SpendingRow.

    A household pays together, so it may have taken from several accounts.
    """

    transfer: TransferOut
    membership_id: UUID
    unit_id: UUID
    amount: int
    returned: int
    returns: Returns

    @property
    def accounts(self) -> set[AccountKey]:
        """The balances that it took from."""
        return {(entry.owner_id, entry.unit_id) for entry in self.transfer.entries}


@dataclass(slots=True)
class Plan:
    """What to take back from which transfer, by account, and the totals to remember by accrual."""

    due: dict[UUID, dict[AccountKey, int]] = field(default_factory=dict)
    totals: dict[UUID, int] = field(default_factory=dict)
    member_ids: set[UUID] = field(default_factory=set)

    def add(self, transfer_id: UUID, account: AccountKey, amount: int) -> None:
        """Plan to take an amount."""
        if amount > 0:
            accounts = self.due.setdefault(transfer_id, {})
            accounts[account] = accounts.get(account, 0) + amount
