"""How the pages write moments and signed amounts, so that they stand right in Arabic, too."""

import re
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date

from passerelle.kit.i18n import Language, direction
from passerelle.kit.moments import LocalTime

_MINUS: Final = "\N{MINUS SIGN}"
_LEFT_TO_RIGHT: Final = "\N{LEFT-TO-RIGHT MARK}"
_BETWEEN_DIGITS: Final = re.compile(r"(?<=\d) (?=\d)")
_RIGHT_TO_LEFT: Final = "\N{RIGHT-TO-LEFT MARK}"


def moment(at: datetime, language: Language, time_zone: str) -> str:
    """A day and time as the clock of a place shows it."""
    return LocalTime(at, time_zone).formatted(language)


def day_of(at: datetime | date, language: Language, time_zone: str = "UTC") -> str:
    """A day as people write it in the middle of a sentence."""
    local = at.astimezone(ZoneInfo(time_zone)) if isinstance(at, datetime) else at
    return str(format_date(local, "long", language))


def signed(text: str, language: Language, *, is_less: bool) -> str:
    """An amount, as it is written without a sign, with its sign before the number.

    Between letters that run to the left a sign drifts behind its number (Unicode Annex 9, rule N2): marks hold both.
    """
    sign = _MINUS if is_less else "+"
    if direction(language) == "ltr":
        return f"{sign}{text}"
    return f"{_RIGHT_TO_LEFT}{_LEFT_TO_RIGHT}{sign}{text.removeprefix(_RIGHT_TO_LEFT)}"


def keep_numbers(sentence: str) -> str:
    """A sentence whose phone numbers stay on one line: broken in two, they are read in the wrong order in Arabic."""
    return _BETWEEN_DIGITS.sub("\N{NO-BREAK SPACE}", sentence)


def unbroken(sentence: str) -> str:
    """A sentence in which no line begins or ends with a quotation mark alone, as French ones have them."""
    return sentence.replace("« ", "«\N{NO-BREAK SPACE}").replace(" »", "\N{NO-BREAK SPACE}»")
