"""What a drawer of gift cards should do, in plain numbers: no ledger, no database, no SQL.

Money is a dict from the first day on which it is gone (None is never) to an amount. Days are noons, counted from
FIRST_DAY on.
"""

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta

GRACE = 14
NEVER = None
FIRST_DAY = date(2026, 8, 1)


class Refused(Exception):
    """The code of the refusal that is expected."""


@dataclass
class Card:
    """One card; ``redeemed`` is what each redemption took and has not come back, ``holds`` end on a day."""

    state: str = "PENDING"
    money: dict[int | None, int] = field(default_factory=dict)
    lapses: int | None = NEVER
    activated: bool = False
    redeemed: dict[int, int] = field(default_factory=dict)
    holds: dict[int, tuple[int, int]] = field(default_factory=dict)

    def require(self, *states: str) -> None:
        if self.state not in states:
            raise Refused("gift_card_state_refused")

    def balance(self, today: int) -> int:
        return sum(amount for day, amount in self.money.items() if day is None or day > today)

    def held(self, today: int) -> int:
        return sum(amount for amount, end in self.holds.values() if end > today)

    def available(self, today: int) -> int:
        return max(0, self.balance(today) - self.held(today))

    def put(self, amount: int, lapses: int | None) -> None:
        if amount:
            self.money[lapses] = self.money.get(lapses, 0) + amount
        later = NEVER if self.lapses is None or lapses is None else max(self.lapses, lapses)
        self.lapses = later if self.activated else lapses
        self.activated = True

    def take(self, amount: int, today: int) -> None:
        """Soonest to lapse first."""
        live = [*sorted(day for day in self.money if day is not None and day > today), None]
        for day in live:
            part = min(amount, self.money.get(day, 0))
            if part:
                self.money[day] -= part
                amount -= part
        assert amount == 0

    def spendable(self, amount: int, today: int) -> None:
        if amount > self.available(today):
            raise Refused("gift_card_balance_too_low")


def a_month_after(today: int) -> int:
    """The first day on which money of today is gone; a day that the next month lacks is its last one."""
    loaded = FIRST_DAY + timedelta(days=today)
    following = date(loaded.year + loaded.month // 12, loaded.month % 12 + 1, 1)
    last = following.replace(day=min(loaded.day, calendar.monthrange(following.year, following.month)[1]))
    return (last - FIRST_DAY).days + 1


@dataclass
class Model:
    """Cards whose money is good until the end of the same day of the next month, none holding more than ``limit``."""

    limit: int
    today: int = 0
    cards: dict[int, Card] = field(default_factory=dict)

    def credit(self, card: Card, state: str, amount: int) -> None:
        card.require(state)
        if card.balance(self.today) + amount > self.limit:
            raise Refused("gift_card_balance_too_high")
        card.put(amount, a_month_after(self.today))
        card.state = "ACTIVE"

    def redeem(self, card: Card, number: int, amount: int, *, partial: bool) -> int:
        """How much was taken."""
        card.require("ACTIVE")
        available = card.available(self.today)
        taken = min(amount, available) if partial else amount
        if taken == 0 or taken > available:
            raise Refused("gift_card_balance_too_low")
        card.take(taken, self.today)
        card.redeemed[number] = taken
        return taken

    def refund(self, card: Card, number: int, amount: int) -> None:
        card.require("ACTIVE")
        if number not in card.redeemed:
            raise Refused("gift_card_not_a_redemption")
        if amount > card.redeemed[number]:
            raise Refused("gift_card_more_than_redeemed")
        card.redeemed[number] -= amount
        card.put(amount, None if card.lapses is None else max(card.lapses, self.today + GRACE))

    def decrement(self, card: Card, amount: int) -> None:
        card.require("ACTIVE")
        card.spendable(amount, self.today)
        card.take(amount, self.today)

    def empty(self, card: Card, *states: str, after: str | None) -> None:
        card.require(*states)
        if card.held(self.today):
            raise Refused("gift_card_held")
        card.take(card.balance(self.today), self.today)
        card.state = after or card.state

    def switch(self, card: Card, before: str, after: str) -> None:
        card.require(before)
        card.state = after

    def hold(self, card: Card, number: int, amount: int, days: int) -> None:
        card.require("ACTIVE")
        card.spendable(amount, self.today)
        card.holds[number] = (amount, self.today + days)

    def capture(self, card: Card, number: int, redemption: int, amount: int) -> None:
        held, end = card.holds.get(number, (0, self.today))
        if end <= self.today:
            raise Refused("gift_card_hold_ended")
        if amount > held:
            raise Refused("gift_card_capture_above_hold")
        card.require("ACTIVE")
        others = card.held(self.today) - held
        if amount > max(0, card.balance(self.today) - others):
            raise Refused("gift_card_balance_too_low")
        card.take(amount, self.today)
        card.redeemed[redemption] = amount
        del card.holds[number]

    def release(self, card: Card, number: int) -> None:
        card.holds.pop(number, None)

    def transfer(self, source: Card, target: Card) -> None:
        source.require("ACTIVE", "BLOCKED")
        target.require("PENDING", "ACTIVE")
        if source.held(self.today):
            raise Refused("gift_card_held")
        moved = source.balance(self.today)
        if target.balance(self.today) + moved > self.limit:
            raise Refused("gift_card_balance_too_high")
        parts = {day: amount for day, amount in source.money.items() if day is None or day > self.today}
        for day, amount in parts.items():
            target.money[day] = target.money.get(day, 0) + amount
        later = NEVER if target.lapses is None or source.lapses is None else max(target.lapses, source.lapses)
        target.lapses = later if target.activated else source.lapses
        target.activated, target.state = True, "ACTIVE"
        source.take(moved, self.today)
