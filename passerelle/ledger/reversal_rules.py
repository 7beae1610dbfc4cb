"""What undoing a transfer moves: pure, on the state of the accounts under their locks.

First what the transfer took goes back into the lots it came from, then what it gave is taken back: from its
own lots (pending before active), then from the account's other live lots. What expired needs no taking back. What
was spent is missing. It is forgiven, and then the lots it was spent from pay when that spending is undone in its
turn; or the account owes it, and pays from whatever becomes active next.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from passerelle.ledger.rules import RETURN_GRACE, Lot, Move, netted, spend, spending_order, state_of
from passerelle.ledger.schemas import AccountKey, Entry, SystemAccount

# Beside these, entries pay a debt, make one, or end a hold: that is not what somebody was given or lost.
_UNDOABLE: Final = frozenset({"issued", "redeemed", "adjusted", "moved"})


@dataclass(frozen=True, slots=True)
class LotHistory(Lot):
    """A lot with what happened to it.

    ``spent``: redeemed, adjusted away, set aside or given to others, net of returns. ``forgiven``: missing in an
    earlier reversal and not repaid. ``owed``: a debt that was made of it, less the debts that it paid.
    """

    spent: int = 0
    expired: int = 0
    forgiven: int = 0
    owed: int = 0

    @property
    def unaccounted(self) -> int:
        """What left the lot for good, and no reversal has made up for."""
        return self.spent - self.forgiven - self.owed


@dataclass(slots=True)
class Situation:
    """All lots of the accounts that a transfer touched; they follow the moves as these are decided.

    Of earlier refunds of the same transfer: ``taken_before`` is what they took back, by account, and
    ``returned_before`` what they gave back, by lot.
    """

    now: datetime
    lots: dict[UUID, LotHistory]
    taken_before: dict[AccountKey, int] = field(default_factory=dict)
    returned_before: dict[UUID, int] = field(default_factory=dict)
    moves: list[Move] = field(default_factory=list)

    def move(
        self, lot_id: UUID, account: SystemAccount, amount: int, *, usable_until: datetime | None = None
    ) -> None:
        """Decide an entry, with a new end of the lot's time when it is given one."""
        lot = self.lots[lot_id]
        expires_at = usable_until or lot.expires_at
        state = state_of(lot.activates_at, expires_at, self.now)
        self.moves.append(Move(lot, account, amount, state, usable_until))
        self.lots[lot_id] = replace(lot, remaining=lot.remaining + amount, expires_at=expires_at)

    def of(self, key: AccountKey) -> list[LotHistory]:
        """The lots of one account as they are now."""
        return [lot for lot in self.lots.values() if lot.account == key]

    def decided(self) -> list[Move]:
        """The moves to book."""
        return netted(self.moves)


def given(entries: Iterable[Entry]) -> dict[AccountKey, int]:
    """What a transfer gave, by account."""
    amounts: dict[AccountKey, int] = {}
    for entry in entries:
        if entry.amount > 0 and entry.account in _UNDOABLE:
            key = (entry.owner_id, entry.unit_id)
            amounts[key] = amounts.get(key, 0) + entry.amount
    return amounts


def returnable(situation: Situation, entries: Iterable[Entry]) -> dict[UUID, int]:
    """What a transfer took and refunds of it have not given back, by unit."""
    amounts: dict[UUID, int] = {}
    for entry in entries:
        if entry.amount < 0 and entry.account in _UNDOABLE:
            amounts[entry.unit_id] = amounts.get(entry.unit_id, 0) + _still_out(situation, entry)
    return amounts


def put_back(situation: Situation, entries: Iterable[Entry], wanted: Mapping[UUID, int] | None = None) -> None:
    """Return what the transfer took into the lots it came from; a lot that was forgiven something pays first.

    All that is still out, or ``wanted`` of a unit: then into the lots that were taken last, whosever they are, as if
    less had been spent. What comes back into a lot whose time is over is usable for RETURN_GRACE.
    """
    left = dict(returnable(situation, entries) if wanted is None else wanted)
    lots = situation.lots
    for entry in sorted(_taken(entries), key=lambda entry: spending_order(lots[entry.lot_id]), reverse=True):
        amount = min(_still_out(situation, entry), left.get(entry.unit_id, 0))
        if amount:
            left[entry.unit_id] -= amount
            _put_into(situation, entry, amount)


def _still_out(situation: Situation, entry: Entry) -> int:
    return -entry.amount - situation.returned_before.get(entry.lot_id, 0)


def _put_into(situation: Situation, entry: Entry, amount: int) -> None:
    lot = situation.lots[entry.lot_id]
    lapsed = state_of(lot.activates_at, lot.expires_at, situation.now) == "lapsed"
    usable_until = situation.now + RETURN_GRACE if lapsed else None
    situation.move(lot.id, entry.account, amount, usable_until=usable_until)
    repaid = min(lot.forgiven, amount)
    if repaid:
        situation.move(lot.id, "forgiven", -repaid)
    situation.lots[lot.id] = replace(situation.lots[lot.id], spent=lot.spent - amount, forgiven=lot.forgiven - repaid)


def hand_back(situation: Situation, entries: Iterable[Entry], amount: int) -> None:
    """Return ``amount`` of a move to the giver's lots, those that live longest first: the others expired meanwhile.

    Their time is what it was: a lot whose time is over lapses again at once, for giving is no way to live longer.
    """
    takings = {entry.lot_id: -entry.amount for entry in _taken(entries)}
    for lot in sorted((situation.lots[lot_id] for lot_id in takings), key=spending_order, reverse=True):
        part = min(amount, takings[lot.id])
        if part:
            situation.move(lot.id, "moved", part)
            amount -= part
    assert amount == 0, "No more comes back than was given away."


def take_back(situation: Situation, entries: Sequence[Entry], key: AccountKey, amount: int) -> tuple[int, int]:
    """Take up to ``amount`` of what the transfer gave this account back; returns what was taken and what is missing.

    What is still pending goes first: nobody has counted on it yet. No more is missing than left the account and is
    not made up for already: when other lots stood in for an earlier reversal, it may be they that expired. (What was
    put back and has not paid a debt yet counts against it.)
    """
    own = _gifts(entries, key)
    account = own[0].account
    gone = situation.taken_before.get(key, 0) + sum(situation.lots[entry.lot_id].expired for entry in own)
    due = min(amount, max(0, sum(entry.amount for entry in own) - gone))
    left = due
    own_lots = [situation.lots[entry.lot_id] for entry in own]
    for lot in sorted(own_lots, key=lambda lot: (lot.activates_at <= situation.now, *spending_order(lot))):
        taken = min(lot.remaining, left)
        if taken:
            situation.move(lot.id, account, -taken)
            left -= taken
    for taking in spend(situation.of(key), left, account, situation.now)[0]:
        situation.move(taking.lot.id, account, taking.amount)
        left += taking.amount
    return due - left, min(left, max(0, sum(lot.unaccounted for lot in situation.of(key))))


def forgive(situation: Situation, entries: Sequence[Entry], key: AccountKey, missing: int) -> None:
    """Book what is missing as taken back and forgiven, on the lots it was spent from: the transfer's own first."""
    own = _gifts(entries, key)
    own_ids = {entry.lot_id for entry in own}
    lots = [lot for lot in situation.of(key) if lot.unaccounted > 0]
    for lot in sorted(lots, key=lambda lot: (lot.id not in own_ids, *spending_order(lot))):
        part = min(missing, lot.unaccounted)
        if part:
            situation.move(lot.id, "forgiven", part)
            situation.move(lot.id, own[0].account, -part)
            missing -= part
    assert missing == 0, "What is missing was spent from lots of this account."


def gave_from(entries: Sequence[Entry], key: AccountKey) -> SystemAccount:
    """The system account that a transfer's gifts to an account came from."""
    return _gifts(entries, key)[0].account


def pay_debts(situation: Situation, debts: Mapping[AccountKey, int]) -> None:
    """Let the active lots of accounts that owe pay, as a debit would take them."""
    for key, debt in debts.items():
        for paying in spend(situation.of(key), debt, "owed", situation.now)[0]:
            situation.move(paying.lot.id, "owed", paying.amount)


def _taken(entries: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.amount < 0 and entry.account in _UNDOABLE]


def _gifts(entries: Iterable[Entry], key: AccountKey) -> list[Entry]:
    return [
        entry
        for entry in entries
        if entry.amount > 0 and entry.account in _UNDOABLE and (entry.owner_id, entry.unit_id) == key
    ]
