"""Liquid's filters for templates: Shopify's common ones, bounded, and none that reads a clock or a file.

A template is written by a stranger and rendered for every card. So numbers stay below 10¹⁵, no filter can make a
text much longer than what went in, and each is a pure function of its input.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any, Final

from babel.dates import format_date, format_datetime, get_day_names, get_month_names
from babel.numbers import format_decimal
from liquid import RenderContext
from liquid.exceptions import FilterArgumentError
from liquid.filter import with_context

from passerelle.kit.money import Money
from passerelle.templates.facts import TEXT_LIMIT, FactValue, locale_of, shown

_NUMBER_LIMIT: Final = Decimal(10) ** 15
_NUMBER: Final = re.compile(r"\s*[+-]?[0-9]{1,15}(?:\.[0-9]{1,9})?\s*")
_DIRECTIVE: Final = re.compile(r"%(-?)([aAbBdeHIlmMpSyYj%])")
_NAMED_STYLES: Final = frozenset({"short", "medium", "long", "full"})


class Shown(str):
    """The text of a date or an amount, which filters can still calculate with (``raw``)."""

    __slots__ = ("raw",)

    raw: FactValue

    @classmethod
    def of(cls, value: FactValue, language: str) -> "Shown":
        """The fact as a reader of that language sees it."""
        text = cls(shown(value, language))
        text.raw = value
        return text


def text_of(value: object) -> str:
    """What Liquid prints for a value."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if len(text) > TEXT_LIMIT:
        raise FilterArgumentError("a text became too long", token=None)
    return text


def number_of(value: object) -> Decimal:
    """A value as a number; what is none counts as 0, as in Shopify's Liquid."""
    raw = value.raw if isinstance(value, Shown) else value
    if isinstance(raw, Money):
        return raw.decimal()
    if isinstance(raw, int | Decimal) and not isinstance(raw, bool):
        number = Decimal(raw)
    elif isinstance(raw, float):
        number = Decimal(repr(raw))
    elif isinstance(raw, str) and _NUMBER.fullmatch(raw):
        number = Decimal(raw.strip())
    else:
        return Decimal(0)
    if not number.is_finite() or abs(number) >= _NUMBER_LIMIT:
        raise FilterArgumentError("a number became too large", token=None)
    return number


def _plain(number: Decimal) -> int | Decimal:
    """Whole results print without a decimal point."""
    if abs(number) >= _NUMBER_LIMIT:
        raise FilterArgumentError("a number became too large", token=None)
    return int(number) if number == number.to_integral_value() else number.quantize(Decimal("1e-9")).normalize()


def _whole(value: object) -> int:
    return int(number_of(value).to_integral_value(ROUND_FLOOR))


def _arithmetic(operation: Callable[[Decimal, Decimal], Decimal]) -> Callable[..., int | Decimal]:
    def calculate(left: object, right: object = 0) -> int | Decimal:
        return _plain(operation(number_of(left), number_of(right)))

    return calculate


def _divided_by(left: object, right: object) -> int | Decimal:
    dividend, divisor = number_of(left), number_of(right)
    if divisor == 0:
        raise FilterArgumentError("a number was divided by zero", token=None)
    if isinstance(left, int) and isinstance(right, int):
        return left // right
    return _plain(dividend / divisor)


def _modulo(left: object, right: object) -> int | Decimal:
    divisor = number_of(right)
    if divisor == 0:
        raise FilterArgumentError("a number was divided by zero", token=None)
    dividend = number_of(left)
    return _plain(dividend - divisor * (dividend / divisor).to_integral_value(ROUND_FLOOR))


def _rounded(rounding: str) -> Callable[..., int | Decimal]:
    def round_(value: object, digits: object = 0) -> int | Decimal:
        places = min(max(_whole(digits), 0), 9)
        return _plain(number_of(value).quantize(Decimal(1).scaleb(-places), rounding=rounding))

    return round_


def _default(value: object, otherwise: object = "") -> object:
    return otherwise if value is None or value is False or not text_of(value) else value


def _replace(value: object, old: object, new: object = "") -> str:
    text, searched, put = text_of(value), text_of(old), text_of(new)
    if not searched:
        return text
    if len(text) + text.count(searched) * (len(put) - len(searched)) > TEXT_LIMIT:
        raise FilterArgumentError("a text became too long", token=None)
    return text.replace(searched, put)


def _slice(value: object, start: object, length: object = 1) -> str:
    text, first, count = text_of(value), _whole(start), max(_whole(length), 0)
    first = first + len(text) if first < 0 else first
    return text[first : first + count] if first >= 0 else ""


def _truncate(value: object, length: object = 50, end: object = "…") -> str:
    text, mark, limit = text_of(value), text_of(end), max(_whole(length), 0)
    return text if len(text) <= limit else text[: max(limit - len(mark), 0)] + mark


@with_context
def _number(value: object, *, context: RenderContext) -> str:
    return str(format_decimal(number_of(value), locale=_language(context)))


@with_context
def _date(value: object, style: object = "medium", *, context: RenderContext) -> str:
    """A date in one of Babel's styles or by strftime's directives; a text that is no date stays as it is."""
    moment = value.raw if isinstance(value, Shown) else value
    if not isinstance(moment, date):
        return text_of(value)
    wanted, language = text_of(style), _language(context)
    if wanted in _NAMED_STYLES:
        if isinstance(moment, datetime):
            return str(format_datetime(moment, wanted, tzinfo=moment.tzinfo, locale=language))
        return str(format_date(moment, wanted, locale=language))
    return _DIRECTIVE.sub(lambda found: _directive(moment, found, language), wanted)


def _directive(moment: date, found: re.Match[str], language: str) -> str:
    unpadded, letter = found.groups()
    match letter:
        case "%":
            return "%"
        case "B" | "b":
            return str(get_month_names("wide" if letter == "B" else "abbreviated", locale=language)[moment.month])
        case "A" | "a":
            return str(get_day_names("wide" if letter == "A" else "abbreviated", locale=language)[moment.weekday()])
    text = moment.strftime("%d" if letter == "e" else "%I" if letter == "l" else f"%{letter}")
    return text.lstrip("0") or "0" if unpadded or letter in "el" else text


def _language(context: RenderContext) -> str:
    return locale_of(str(context.globals.get("language") or "en"))


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "abs": _arithmetic(lambda left, _right: abs(left)),
    "append": lambda value, more: text_of(text_of(value) + text_of(more)),
    "at_least": _arithmetic(max),
    "at_most": _arithmetic(min),
    "capitalize": lambda value: text_of(value).capitalize(),
    "ceil": _rounded(ROUND_CEILING),
    "date": _date,
    "default": _default,
    "divided_by": _divided_by,
    "downcase": lambda value: text_of(value).lower(),
    "floor": _rounded(ROUND_FLOOR),
    "minus": _arithmetic(lambda left, right: left - right),
    "modulo": _modulo,
    "number": _number,
    "plus": _arithmetic(lambda left, right: left + right),
    "prepend": lambda value, more: text_of(text_of(more) + text_of(value)),
    "remove": lambda value, old: _replace(value, old, ""),
    "replace": _replace,
    "round": _rounded(ROUND_HALF_UP),
    "size": lambda value: len(text_of(value)),
    "slice": _slice,
    "strip": lambda value: text_of(value).strip(),
    "times": _arithmetic(lambda left, right: left * right),
    "truncate": _truncate,
    "upcase": lambda value: text_of(value).upper(),
}
