"""An export as a page: nested values as headings, names and texts. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from passerelle.distribution.mypage.field_names import YES_NO, field_name
from passerelle.distribution.mypage.value_names import value_name
from passerelle.distribution.mypage.wording import part_name
from passerelle.distribution.writing import moment
from passerelle.kit.i18n import Language
from passerelle.kit.money import Money

_DEEPEST: Final = 4
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_MINOR: Final = "_minor"  # how names of amounts in minor units end


@dataclass(frozen=True, slots=True)
class Part:
    """One thing with its values: name and text, or name and parts of its own."""

    name: str
    text: str | None
    parts: Sequence["Part"] = ()
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: in which language, by whose clock."""

    language: Language
    time_zone: str

    def read(self, data: Mapping[str, Any]) -> list[Part]:
        """The parts of an export, who somebody is first; what is empty has neither text nor parts."""
        first = sorted(data.items(), key=lambda part: part[0] != "customer")
        return [self._part(part_name(name, self.language), value, None, 0) for name, value in first]

    def _part(self, name: str, value: Any, currency: str | None, depth: int) -> Part:
        """``currency`` is that of the amounts around it."""
        if depth >= _DEEPEST and isinstance(value, Mapping | list | tuple):
            return Part(name, str(value) if value else None)
        if isinstance(value, Mapping):
            currency = value.get("currency") or currency
            return Part(name, None, [self._field(str(key), each, currency, depth) for key, each in value.items()])
        if isinstance(value, list | tuple | set | frozenset):
            parts = [self._part(f"{number}", each, currency, depth + 1) for number, each in enumerate(value, 1)]
            return Part(name, None, parts, numbered=True)
        return Part(name, self._text(value))

    def _field(self, key: str, value: Any, currency: str | None, depth: int) -> Part:
        name = field_name(key, self.language)
        if key.endswith(_MINOR) and isinstance(value, int) and currency is not None:
            return Part(name, Money(value, currency).formatted(self.language))
        if isinstance(value, str):
            value = value_name(key, value, self.language)
        return self._part(name, value, currency, depth + 1)

    def _text(self, value: Any) -> str | None:
        if value is None or value == "":
            return None
        if isinstance(value, bool):
            return YES_NO[value][self.language]
        if isinstance(value, str) and _INSTANT.fullmatch(value):
            value = datetime.fromisoformat(value)
        return moment(value, self.language, self.time_zone) if isinstance(value, datetime) else str(value)
