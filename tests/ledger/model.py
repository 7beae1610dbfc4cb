"""A ledger of single points, for comparison: every point is an object with its fate. Slow, simple, obvious."""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Literal

Fate = Literal["here", "spent", "adjusted", "expired", "taken"]
GRACE_DAYS = 14
NEVER = 1 << 30


@dataclass(eq=False)
class Purse:
    """What one credit brought."""

    owner: int
    transfer: int
    active_from: int
    until: int
    number: int
    points: list["Point"] = field(default_factory=list)
    owed: int = 0


@dataclass(eq=False)
class Point:
    """One point: in its purse, or gone; ``by`` is the transfer that spent it."""

    purse: Purse
    fate: Fate = "here"
    by: int = 0


@dataclass
class Undoable:
    """What the model remembers of a transfer."""

    kind: str
    taken: dict[int, int] = field(default_factory=dict)
    reversed: bool = False


class Refused(Exception):
    """The model says no; its text is the code of the product's refusal."""


class Model:
    """Days are whole numbers; lots are ordered by when they were booked."""

    def __init__(self) -> None:
        self.today = 0
        self.purses: list[Purse] = []
        self.transfers: dict[int, Undoable] = {}
        self.earned: dict[int, int] = {}
        self.reversed: dict[int, int] = {}

    def count(self, owner: int, *fates: Fate) -> int:
        return sum(point.fate in fates for purse in self.purses if purse.owner == owner for point in purse.points)

    def pending(self, owner: int) -> int:
        purses = [purse for purse in self.purses if purse.owner == owner and self.today < purse.active_from]
        return sum(point.fate == "here" for purse in purses for point in purse.points)

    def let_time_pass(self, days: int) -> None:
        self.today += days
        for purse in self.purses:
            for point in purse.points:
                if point.fate == "here" and self.today >= purse.until:
                    point.fate = "expired"

    def live(self, owner: int) -> list[Point]:
        purses = [purse for purse in self.purses if purse.owner == owner and purse.active_from <= self.today]
        purses.sort(key=lambda purse: (purse.until, purse.number))
        return [point for purse in purses for point in purse.points if point.fate == "here"]

    def book(
        self, transfer: int, kind: str, gives: list[tuple[int, int, int, int]], takes: list[tuple[int, int]]
    ) -> None:
        """``gives``: owner, amount, active from, until; ``takes``: owner, amount."""
        wanted: dict[int, int] = {}
        for owner, amount in takes:
            wanted[owner] = wanted.get(owner, 0) + amount
        if any(len(self.live(owner)) < amount for owner, amount in wanted.items()):
            raise Refused("insufficient_balance")
        for owner, amount in wanted.items():
            for point in self.live(owner)[:amount]:
                point.fate, point.by = ("adjusted" if kind == "adjustment" else "spent"), transfer
        for owner, amount, active_from, until in gives:
            purse = Purse(owner, transfer, active_from, until, len(self.purses))
            purse.points = [Point(purse) for _ in range(amount)]
            self.purses.append(purse)
            if kind != "adjustment":
                self.earned[owner] = self.earned.get(owner, 0) + amount
        self.transfers[transfer] = Undoable(kind)

    def undo(self, transfer: int, parts: dict[int, int] | None, *, forgive: bool) -> None:
        """Reverse a transfer, or refund ``parts`` of it by owner."""
        undoable = self.transfers[transfer]
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
        if deepcopy(self).carry_out(transfer, plan, whole=parts is None) and not forgive:
            raise Refused("spent_meanwhile")
        self.carry_out(transfer, plan, whole=parts is None)

    def carry_out(self, transfer: int, plan: dict[int, int], *, whole: bool) -> int:
        """Do it; returns what is missing."""
        if whole:
            self._return(self._gone_by(transfer))
            self.transfers[transfer].reversed = True
        return sum(self._take(transfer, owner, amount) for owner, amount in plan.items())

    def give_back(self, transfer: int, amount: int) -> None:
        """Return a part of what a transfer took: into the purses that it emptied last, whosever they are."""
        if self.transfers[transfer].reversed:
            raise Refused("already_reversed")
        gone = self._gone_by(transfer)
        if len(gone) < amount:
            raise Refused("more_than_taken")
        gone.sort(key=lambda point: (point.purse.until, point.purse.number), reverse=True)
        self._return(gone[:amount])

    def _gone_by(self, transfer: int) -> list[Point]:
        return [
            point
            for purse in self.purses
            for point in purse.points
            if point.by == transfer and point.fate in {"spent", "adjusted"}
        ]

    def _due(self, transfer: int, owner: int, amount: int) -> int:
        own = [point for purse in self._own(transfer, owner) for point in purse.points]
        expired = sum(point.fate == "expired" for point in own)
        return min(amount, max(0, len(own) - expired - self.transfers[transfer].taken.get(owner, 0)))

    def _own(self, transfer: int, owner: int) -> list[Purse]:
        own = [purse for purse in self.purses if purse.transfer == transfer and purse.owner == owner]
        return sorted(own, key=lambda purse: (purse.active_from <= self.today, purse.until, purse.number))

    def _return(self, points: list[Point]) -> None:
        for point in points:
            purse = point.purse
            if purse.owed:
                purse.owed -= 1
                point.fate, point.by = "taken", 0
            else:
                point.fate, point.by = "here", 0
            if self.today >= purse.until:
                purse.until = self.today + GRACE_DAYS

    def _take(self, transfer: int, owner: int, amount: int) -> int:
        due = self._due(transfer, owner, amount)
        own = [point for purse in self._own(transfer, owner) for point in purse.points if point.fate == "here"]
        there = own + [point for point in self.live(owner) if point not in own]
        for point in there[:due]:
            point.fate = "taken"
        purses = sorted(
            (purse for purse in self.purses if purse.owner == owner),
            key=lambda purse: (purse.transfer != transfer, purse.until, purse.number),
        )
        missing = 0
        for purse in purses:
            gone = sum(point.fate in {"spent", "adjusted"} for point in purse.points)
            part = min(due - len(there[:due]) - missing, gone - purse.owed)
            purse.owed += part
            missing += part
        booked = len(there[:due]) + missing
        taken = self.transfers[transfer].taken
        taken[owner] = taken.get(owner, 0) + booked
        if self.transfers[transfer].kind != "adjustment":
            self.reversed[owner] = self.reversed.get(owner, 0) + booked
        return missing
