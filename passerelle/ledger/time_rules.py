"""What time did to an account that owes units or has some set aside: pure.

For other accounts the instants of each lot say everything. Here they act on each other: units that become active, or
come back from a hold that is over, pay a debt; what paid a debt cannot expire. So the instants are lived through in
their order, and the result does not depend on when somebody looks. See docs/algorithms/ledger.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from passerelle.ledger.rules import Lot, Move, spend, state_of
from passerelle.ledger.schemas import SystemAccount


@dataclass(frozen=True, slots=True)
class DatedLot(Lot):
    """A lot with whether its activation is still to be announced."""

    waiting: bool = False


@dataclass(frozen=True, slots=True)
class Hold:
    """Units set aside until an instant: ``parts`` are amounts by the lots they were taken from."""

    id: UUID
    expires_at: datetime
    parts: Mapping[UUID, int]


@dataclass(slots=True)
class Elapsed:
    """What is to be booked: the moves in their order, and the holds that are over."""

    now: datetime
    lots: dict[UUID, DatedLot]
    debt: int
    moves: list[Move] = field(default_factory=list)
    over: list[UUID] = field(default_factory=list)

    def move(self, lot_id: UUID, account: SystemAccount, amount: int) -> None:
        """Decide an entry; its state is the lot's by now, whatever it was then."""
        lot = self.lots[lot_id]
        self.moves.append(Move(lot, account, amount, state_of(lot.activates_at, lot.expires_at, self.now)))
        self.lots[lot_id] = replace(lot, remaining=lot.remaining + amount)

    def delta(self) -> int:
        """By how much the active balance differs from the one last announced.

        What a lot holds whose activation is not announced yet, its own announcement will tell.
        """
        change = 0
        for move in self.moves:
            waiting = self.lots[move.lot.id].waiting
            if move.account == "set_aside" or (move.account == "expired" and not waiting):
                change += move.amount
            elif move.account == "owed" and waiting:
                change -= move.amount
        return change


def elapse(lots: Mapping[UUID, DatedLot], holds: Sequence[Hold], debt: int, now: datetime) -> Elapsed:
    """Live through all instants until now: holds end, lots lapse, and what is active then pays the debt."""
    elapsed = Elapsed(now, dict(lots), debt)
    for instant in sorted({at for at in (*_instants(lots, holds), now) if at <= now}):
        for hold in holds:
            if hold.expires_at == instant:
                elapsed.over.append(hold.id)
                for lot_id, amount in hold.parts.items():
                    elapsed.move(lot_id, "set_aside", amount)
        for lot in list(elapsed.lots.values()):
            if lot.remaining and state_of(lot.activates_at, lot.expires_at, instant) == "lapsed":
                elapsed.move(lot.id, "expired", -lot.remaining)
        if elapsed.debt:
            for paying in spend(elapsed.lots.values(), elapsed.debt, "owed", instant)[0]:
                elapsed.move(paying.lot.id, "owed", paying.amount)
                elapsed.debt += paying.amount
    return elapsed


def _instants(lots: Mapping[UUID, DatedLot], holds: Sequence[Hold]) -> Iterator[datetime]:
    """When something may happen. Other activations were lived through when they were announced."""
    for lot in lots.values():
        if lot.waiting:
            yield lot.activates_at
        if lot.expires_at is not None:
            yield lot.expires_at
    for hold in holds:
        yield hold.expires_at
