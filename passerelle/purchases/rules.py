"""Decisions of purchases: which are taken."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from passerelle.kit.money import Money, exponent
from passerelle.purchases.errors import (
    AmountAboveLimit,
    AmountNotPositive,
    LineNotInPurchase,
    LinesDoNotAddUp,
    MoreItemsThanBought,
    NothingLeftToRefund,
    OccurredInFuture,
    OccurredTooLongAgo,
    OtherCurrency,
    PaidMoreThanAmount,
    RefundAboveRest,
    RefundNotPositive,
    SignDoesNotFit,
    TaxDoesNotFit,
    VoidedNotRefundable,
)
from passerelle.purchases.schemas import LineKind

MAX_LINES: Final = 200
MAX_AGE: Final = timedelta(days=90)
_NEVER_NEGATIVE: Final = frozenset({"shipping", "tip", "gift_card", "fee"})
# A till's clock may be ahead of ours by this much before we call its purchase a mistake.
CLOCK_SKEW: Final = timedelta(minutes=5)


class Line(Protocol):
    """What a line must have to be added up."""

    @property
    def quantity(self) -> int: ...
    @property
    def unit_amount_minor(self) -> int: ...
    @property
    def kind(self) -> LineKind: ...
    @property
    def tax_minor(self) -> int | None: ...
    @property
    def sku(self) -> str | None: ...


class Asked(Protocol):
    """How a caller names items that come back: ``line`` or ``sku``."""

    @property
    def line(self) -> int | None: ...
    @property
    def sku(self) -> str | None: ...
    @property
    def quantity(self) -> int: ...


class Bought(Protocol):
    """What a purchase must tell to be refunded."""

    @property
    def amount_minor(self) -> int: ...
    @property
    def currency(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def refunded_minor(self) -> int: ...
    @property
    def lines(self) -> Sequence[Line]: ...


def limit_minor(currency: str) -> int:
    """The most that one purchase may be: 10,000 in major units, and 1,000,000 where the unit is small (JPY)."""
    ten_thousand: int = 10_000 * 10 ** exponent(currency)
    return max(ten_thousand, 1_000_000)


def require_amount(amount_minor: int, currency: str, expected_currency: str) -> None:
    """Refuse what cannot be the price of a purchase here."""
    if currency != expected_currency:
        raise OtherCurrency(expected=expected_currency, given=currency)
    if amount_minor <= 0:
        raise AmountNotPositive
    limit = limit_minor(currency)
    if amount_minor > limit:
        raise AmountAboveLimit(amount=Money(amount_minor, currency), limit=Money(limit, currency))


def require_lines(lines: Sequence[Line], amount_minor: int, currency: str) -> None:
    """Refuse a basket that is not what was paid.

    Refused rather than noted: rules by item and refunds of a line divide the amount by the lines, and would all be
    silently wrong. A basket that is not known is sent without lines.
    """
    total = sum(line.quantity * line.unit_amount_minor for line in lines)
    if lines and total != amount_minor:
        raise LinesDoNotAddUp(lines=Money(total, currency), amount=Money(amount_minor, currency))
    for line in lines:
        if _has_wrong_sign(line):
            raise SignDoesNotFit(kind=line.kind, amount=Money(line.unit_amount_minor, currency))


def require_tax(tax_minor: int | None, lines: Sequence[Line], amount_minor: int, currency: str) -> int | None:
    """The tax of a purchase, from its lines when it was not told; refuses one that its lines or amount contradict."""
    of_lines = [line.tax_minor for line in lines if line.tax_minor is not None]
    told = sum(of_lines) if of_lines else None
    tax = tax_minor if tax_minor is not None else told
    if tax is None:
        return None
    if not 0 <= tax <= amount_minor or told not in {None, tax} or any(_has_wrong_tax(line) for line in lines):
        raise TaxDoesNotFit(tax=Money(tax, currency), lines=Money(told if told is not None else tax, currency))
    return tax


def require_paid_with(points_minor: int, gift_card_minor: int, amount_minor: int, currency: str) -> None:
    """Refuse a purchase of which more was paid than it costs."""
    if points_minor + gift_card_minor > amount_minor:
        paid = Money(points_minor + gift_card_minor, currency)
        raise PaidMoreThanAmount(paid=paid, amount=Money(amount_minor, currency))


def require_instant(occurred_at: datetime, now: datetime) -> None:
    """Refuse what has not happened yet, and what is too old to be told now."""
    if occurred_at > now + CLOCK_SKEW:
        raise OccurredInFuture
    if occurred_at < now - MAX_AGE:
        raise OccurredTooLongAgo(days=MAX_AGE.days)


def require_refundable(purchase: Bought, currency: str | None) -> None:
    """Refuse to refund what was taken back whole before, and amounts of another currency."""
    if purchase.state == "voided":
        raise VoidedNotRefundable
    if currency is not None and currency != purchase.currency:
        raise OtherCurrency(expected=purchase.currency, given=currency)
    if purchase.state == "refunded":
        raise NothingLeftToRefund


def returned_quantities(lines: Sequence[Line], before: Mapping[int, int], asked: Iterable[Asked]) -> dict[int, int]:
    """How many items of which line come back; ``before`` came back earlier.

    Raises LineNotInPurchase, MoreItemsThanBought.
    """
    now: dict[int, int] = {}
    for one in asked:
        position = _position(lines, one)
        now[position] = now.get(position, 0) + one.quantity
        left = lines[position].quantity - before.get(position, 0)
        if now[position] > left:
            raise MoreItemsThanBought(line=position, quantity=now[position], left=left)
    return now


def worth_of(purchase: Bought, returned: Mapping[int, int]) -> int:
    """What items of a purchase are worth: their part of what was paid.

    Discounts (negative lines) are spread over the items in proportion to their price; half a minor unit goes up.
    All items together are worth all that was paid.
    """
    gross = sum(line.quantity * line.unit_amount_minor for line in purchase.lines if line.unit_amount_minor > 0)
    back = sum(
        quantity * max(0, purchase.lines[position].unit_amount_minor) for position, quantity in returned.items()
    )
    return (2 * purchase.amount_minor * back + gross) // (2 * gross) if gross else 0


def refund_amount(
    purchase: Bought, asked_minor: int | None, before: Mapping[int, int], now: Mapping[int, int]
) -> int:
    """How much a refund pays back: as asked, else the worth of the items, else all that is left.

    The worth of items is the difference of two totals, so that slices add up. Raises RefundNotPositive,
    RefundAboveRest.
    """
    left = purchase.amount_minor - purchase.refunded_minor
    if asked_minor is not None:
        amount = asked_minor
    elif now:
        after = {position: before.get(position, 0) + now.get(position, 0) for position in before.keys() | now.keys()}
        amount = worth_of(purchase, after) - worth_of(purchase, before)
    else:
        amount = left
    if amount <= 0:
        raise RefundNotPositive
    if amount > left:
        raise RefundAboveRest(amount=Money(amount, purchase.currency), left=Money(left, purchase.currency))
    return amount


def _position(lines: Sequence[Line], asked: Asked) -> int:
    if asked.sku is None:
        found = [asked.line] if asked.line is not None and asked.line < len(lines) else []
    else:
        found = [position for position, line in enumerate(lines) if line.sku == asked.sku]
    if len(found) != 1 or lines[found[0]].unit_amount_minor < 0:
        raise LineNotInPurchase(line=asked.line if asked.sku is None else asked.sku)
    return found[0]


def _has_wrong_sign(line: Line) -> bool:
    if line.kind == "discount":
        return line.unit_amount_minor > 0
    return line.unit_amount_minor < 0 and line.kind in _NEVER_NEGATIVE


def _has_wrong_tax(line: Line) -> bool:
    """The tax of a line lies between nothing and its whole amount, which is negative for a discount."""
    total = line.quantity * line.unit_amount_minor
    return line.tax_minor is not None and not min(0, total) <= line.tax_minor <= max(0, total)
