"""Days, times and distances inside sentences: for people as their language writes them, for programs always alike."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_decimal

_COMMA: Final = {"en": ", ", "fr": ", ", "ar": "\N{ARABIC COMMA} "}
_KILOMETRE: Final = 1_000
_METRES: Final = {"en": "m", "fr": "m", "ar": "م"}
_KILOMETRES: Final = {"en": "km", "fr": "km", "ar": "كم"}


@dataclass(frozen=True, slots=True)
class LocalTime:
    """An instant as the clock of a place shows it."""

    at: datetime
    time_zone: str

    def __str__(self) -> str:
        """For programs and logs: 2026-11-23 06:16."""
        return f"{self.at.astimezone(ZoneInfo(self.time_zone)):%Y-%m-%d %H:%M}"

    def formatted(self, language: str) -> str:
        """As a reader of that language writes it, such as ``23 nov. 2026, 06:16``."""
        local = self.at.astimezone(ZoneInfo(self.time_zone))
        day, time = format_date(local, "medium", language), format_time(local, "short", locale=language)
        return f"{day}{_COMMA[language]}{time}"


@dataclass(frozen=True, slots=True)
class LocalDay:
    """A day of a calendar on the wall."""

    day: date

    def __str__(self) -> str:
        """For programs and logs: 2026-11-23."""
        return self.day.isoformat()

    def formatted(self, language: str) -> str:
        """As a reader of that language writes it in a sentence, such as ``23 novembre 2026``."""
        return str(format_date(self.day, "long", language))


class Metres(int):
    """A distance."""

    __slots__ = ()

    def formatted(self, language: str) -> str:
        """In metres up to a kilometre, such as ``180 m``; then in kilometres, such as ``1.5 km`` and ``393 km``."""
        if self < _KILOMETRE:
            return f"{int(self)}\N{NO-BREAK SPACE}{_METRES[language]}"
        kilometres = self / _KILOMETRE
        number = format_decimal(kilometres, "#,##0.#" if kilometres < 10 else "#,##0", locale=language)
        return f"{number}\N{NO-BREAK SPACE}{_KILOMETRES[language]}"
