"""A ledger of single points, for comparison: every point is an object with its fate. Slow, simple, obvious."""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Literal

Fate = Literal["here", "spent", "adjusted", "expired", "taken", "held", "moved", "paid"]
Policy = Literal["refuse", "forgive", "owe"]
GONE: tuple[Fate, ...] = ("spent", "adjusted", "held", "moved", "paid")
GRACE_DAYS = 14
NEVER = 1 << 30


@dataclass(eq=False)
class Purse:
    """What one credit brought, or a debt that was raised (it holds no points that are here)."""

    owner: int
    transfer: int
    active_from: int
    until: int
    earned: int
    number: int
    awaits: bool = False
    slides: bool = False
    points: list["Point"] = field(default_factory=list)
    forgiven: int = 0
    raised: int = 0

    @property
    def order(self) -> tuple[int, int, int]:
        return (self.until, self.earned, self.number)

    @property
    def unaccounted(self) -> int:
        return sum(point.fate in GONE for point in self.points) - self.forgiven - self.raised


@dataclass(eq=False)
class Point:
    """One point: in its purse, or gone; ``by`` is the transfer that took it."""

    purse: Purse
    fate: Fate = "here"
    by: int = 0


@dataclass
class Undoable:
    """What the model remembers of a transfer."""

    kind: str
    taken: dict[int, int] = field(default_factory=dict)
    reversed: bool = False


@dataclass
class Held:
    owner: int
    until: int
    state: Literal["open", "released", "captured"] = "open"


@dataclass(frozen=True)
class Gift:
    """A credit in days; ``awaits``: it becomes active by an event alone."""

    owner: int
    amount: int
    active_from: int
    until: int
    awaits: bool = False
    slides: bool = False


class Refused(Exception):
    """The model says no; its text is the code of the product's refusal."""


class Model:
    """Days are whole numbers and lived one by one; lots are ordered by their end, their age, and when booked."""

    def __init__(self) -> None:
        self.today = 0
        self.purses: list[Purse] = []
        self.transfers: dict[int, Undoable] = {}
        self.holds: dict[int, Held] = {}
        self.debts: dict[int, int] = {0: 0, 1: 0}
        self.earned: dict[int, int] = {0: 0, 1: 0}
        self.reversed: dict[int, int] = {0: 0, 1: 0}

    def count(self, owner: int, *fates: Fate) -> int:
        return sum(point.fate in fates for purse in self.of(owner) for point in purse.points)

    def of(self, owner: int) -> list[Purse]:
        return sorted((purse for purse in self.purses if purse.owner == owner), key=lambda purse: purse.order)

    def pending(self, owner: int) -> int:
        return sum(point.fate == "here" for purse in self.waiting(owner) for point in purse.points)

    def waiting(self, owner: int) -> list[Purse]:
        return [purse for purse in self.of(owner) if self.today < min(purse.active_from, purse.until)]

    def live(self, owner: int) -> list[Point]:
        purses = [purse for purse in self.of(owner) if purse.active_from <= self.today]
        return [point for purse in purses for point in purse.points if point.fate == "here"]

    def let_time_pass(self, days: int) -> None:
        for _ in range(days):
            self.today += 1
            for number, hold in self.holds.items():
                if hold.state == "open" and hold.until == self.today:
                    self._free(number)
            self._settle()

    def book(
        self, transfer: int, kind: str, gifts: list[Gift], takes: list[tuple[int, int]], *, owe: bool = False
    ) -> None:
        """``takes``: owner, amount."""
        wanted: dict[int, int] = {}
        for owner, amount in takes:
            wanted[owner] = wanted.get(owner, 0) + amount
        if not owe and any(len(self.live(owner)) < amount for owner, amount in wanted.items()):
            raise Refused("insufficient_balance")
        fate: Fate = "adjusted" if kind == "adjustment" else "spent"
        for owner, amount in wanted.items():
            there = self.live(owner)[:amount]
            for point in there:
                point.fate, point.by = fate, transfer
            if missing := amount - len(there):
                debt = self._purse(Gift(owner, missing, self.today, NEVER), 0)
                debt.raised = missing
                self.debts[owner] += missing
                for point in debt.points:
                    point.fate, point.by = fate, transfer
        for gift in gifts:
            self._purse(gift, transfer)
            if kind != "adjustment":
                self.earned[gift.owner] += gift.amount
        self.transfers[transfer] = Undoable(kind)
        self._settle()

    def move(self, transfer: int, giver: int, amount: int) -> None:
        """From one owner to the other."""
        there = self.live(giver)[:amount]
        if len(there) < amount:
            raise Refused("insufficient_balance")
        for source in [purse for purse in self.of(giver) if any(point.purse is purse for point in there)]:
            given = [point for point in there if point.purse is source]
            gift = Gift(1 - giver, len(given), source.active_from, source.until, slides=source.slides)
            self._purse(gift, transfer).earned = source.earned
            for point in given:
                point.fate, point.by = "moved", transfer
        self.transfers[transfer] = Undoable("move")
        self._settle()

    def hold(self, transfer: int, owner: int, amount: int, until: int) -> None:
        there = self.live(owner)[:amount]
        if len(there) < amount:
            raise Refused("insufficient_balance")
        for point in there:
            point.fate, point.by = "held", transfer
        self.holds[transfer] = Held(owner, until)

    def release(self, number: int) -> None:
        if self.holds[number].state == "captured":
            raise Refused("hold_is_over")
        self._free(number)
        self._settle()

    def capture(self, transfer: int, number: int) -> None:
        if self.holds[number].state != "open":
            raise Refused("hold_is_over")
        for purse in self.purses:
            for point in purse.points:
                if point.fate == "held" and point.by == number:
                    point.fate, point.by = "spent", transfer
        self.holds[number].state = "captured"
        self.transfers[transfer] = Undoable("redemption")

    def activate(self, owner: int, life: int | None) -> None:
        """The event that pending points await."""
        for purse in self.waiting(owner):
            if purse.awaits:
                purse.active_from, purse.until = self.today, NEVER if life is None else self.today + life
        self._settle()

    def cancel(self, owner: int) -> None:
        """Take back all that is pending."""
        for purse in self.waiting(owner):
            here = [point for point in purse.points if point.fate == "here"]
            for point in here:
                point.fate = "taken"
            self._note_taken(purse.transfer, owner, len(here))

    def keep_alive(self, owner: int, until: int) -> None:
        for purse in self.of(owner):
            if purse.slides and self.today < purse.until and any(point.fate == "here" for point in purse.points):
                purse.until = max(purse.until, until)

    def undo(self, transfer: int, parts: dict[int, int] | None, *, policy: Policy) -> None:
        """Reverse a transfer, or refund ``parts`` of it by owner."""
        undoable = self.transfers[transfer]
        if parts is not None and undoable.kind == "move":
            raise Refused("not_reversible")
        if undoable.reversed:
            raise Refused("already_reversed")
        given = {purse.owner: 0 for purse in self.purses if purse.transfer == transfer}
        for purse in self.purses:
            if purse.transfer == transfer:
                given[purse.owner] += len(purse.points)
        left = {owner: amount - undoable.taken.get(owner, 0) for owner, amount in given.items()}
        plan = left if parts is None else parts
        if any(amount > left.get(owner, 0) for owner, amount in plan.items()):
            raise Refused("more_than_given")
        deepcopy(self).carry_out(transfer, plan, whole=parts is None, policy=policy)  # a refusal leaves nothing done
        self.carry_out(transfer, plan, whole=parts is None, policy=policy)

    def carry_out(self, transfer: int, plan: dict[int, int], *, whole: bool, policy: Policy) -> None:
        kind = self.transfers[transfer].kind
        if whole:
            self.transfers[transfer].reversed = True
            if kind != "move":
                self._return([point for point in self._by(transfer) if point.fate in {"spent", "adjusted"}])
        for owner, amount in plan.items():
            taken, short = self._take(transfer, owner, amount)
            self._make_up(transfer, owner, short, policy)
            if kind == "move":
                self._hand_back(transfer, taken + short)
        self._settle()

    def give_back(self, transfer: int, amount: int) -> None:
        """Return a part of what a transfer took: into the purses that it emptied last, whosever they are."""
        if self.transfers[transfer].kind == "move":
            raise Refused("not_reversible")
        if self.transfers[transfer].reversed:
            raise Refused("already_reversed")
        gone = [point for point in self._by(transfer) if point.fate in {"spent", "adjusted"}]
        if len(gone) < amount:
            raise Refused("more_than_taken")
        gone.sort(key=lambda point: point.purse.order, reverse=True)
        self._return(gone[:amount])
        self._settle()

    def _purse(self, gift: Gift, transfer: int) -> Purse:
        times = (gift.active_from, gift.until, self.today)
        purse = Purse(gift.owner, transfer, *times, len(self.purses), gift.awaits, gift.slides)
        purse.points = [Point(purse) for _ in range(gift.amount)]
        self.purses.append(purse)
        return purse

    def _by(self, transfer: int) -> list[Point]:
        return [point for purse in self.purses for point in purse.points if point.by == transfer]

    def _free(self, number: int) -> None:
        if self.holds[number].state == "open":
            self.holds[number].state = "released"
            for point in self._by(number):
                point.fate, point.by = "here", 0

    def _settle(self) -> None:
        """What is over lapses, then what is active pays."""
        for purse in self.purses:
            for point in purse.points:
                if point.fate == "here" and self.today >= purse.until:
                    point.fate = "expired"
        for owner, debt in self.debts.items():
            paying = self.live(owner)[:debt]
            for point in paying:
                point.fate = "paid"
            self.debts[owner] -= len(paying)

    def _due(self, transfer: int, owner: int, amount: int) -> int:
        own = [point for purse in self._own(transfer, owner) for point in purse.points]
        expired = sum(point.fate == "expired" for point in own)
        return min(amount, max(0, len(own) - expired - self.transfers[transfer].taken.get(owner, 0)))

    def _own(self, transfer: int, owner: int) -> list[Purse]:
        """What is still pending first."""
        own = [purse for purse in self.of(owner) if purse.transfer == transfer]
        return sorted(own, key=lambda purse: (purse.active_from <= self.today, purse.order))

    def _return(self, points: list[Point]) -> None:
        for point in points:
            purse = point.purse
            if purse.forgiven:
                purse.forgiven -= 1
                point.fate, point.by = "taken", 0
            else:
                point.fate, point.by = "here", 0
            if self.today >= purse.until:
                purse.until = self.today + GRACE_DAYS

    def _hand_back(self, transfer: int, amount: int) -> None:
        given = [point for point in self._by(transfer) if point.fate == "moved"]
        given.sort(key=lambda point: point.purse.order, reverse=True)
        for point in given[:amount]:
            point.fate, point.by = "here", 0

    def _take(self, transfer: int, owner: int, amount: int) -> tuple[int, int]:
        due = self._due(transfer, owner, amount)
        own = [point for purse in self._own(transfer, owner) for point in purse.points if point.fate == "here"]
        there = own + [point for point in self.live(owner) if point not in own]
        for point in there[:due]:
            point.fate = "taken"
        taken = len(there[:due])
        missing = min(due - taken, max(0, sum(purse.unaccounted for purse in self.of(owner))))
        self._note_taken(transfer, owner, taken + missing)
        return taken, missing

    def _make_up(self, transfer: int, owner: int, missing: int, policy: Policy) -> None:
        """For what was spent."""
        if missing and policy == "refuse":
            raise Refused("spent_meanwhile")
        if missing and policy == "owe":
            self._purse(Gift(owner, 0, self.today, NEVER), 0).raised = missing
            self.debts[owner] += missing
        else:
            self._forgive(transfer, owner, missing)

    def _forgive(self, transfer: int, owner: int, missing: int) -> None:
        for purse in sorted(self.of(owner), key=lambda purse: (purse.transfer != transfer, purse.order)):
            part = min(missing, max(0, purse.unaccounted))
            purse.forgiven += part
            missing -= part

    def _note_taken(self, transfer: int, owner: int, amount: int) -> None:
        undoable = self.transfers[transfer]
        undoable.taken[owner] = undoable.taken.get(owner, 0) + amount
        if undoable.kind not in {"adjustment", "move"}:
            self.reversed[owner] += amount
