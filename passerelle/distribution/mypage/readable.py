"""An export as a page: nested values as headings, names and texts. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from passerelle.distribution.mypage.wording import part_name
from passerelle.kit.i18n import Language

_DEEPEST: Final = 4


@dataclass(frozen=True, slots=True)
class Part:
    """One thing with its values: name and text, or name and parts of its own."""

    name: str
    text: str | None
    parts: Sequence["Part"] = ()
    numbered: bool = False


def readable(data: Mapping[str, Any], language: Language) -> list[Part]:
    """The parts of an export, who somebody is first; what is empty has neither text nor parts."""
    first = sorted(data.items(), key=lambda part: part[0] != "customer")
    return [_part(part_name(name, language), value, 0) for name, value in first]


def _part(name: str, value: Any, depth: int) -> Part:
    if depth >= _DEEPEST and isinstance(value, Mapping | list | tuple):
        return Part(name, str(value) if value else None)
    if isinstance(value, Mapping):
        return Part(name, None, [_part(_spoken(str(key)), each, depth + 1) for key, each in value.items()])
    if isinstance(value, list | tuple | set | frozenset):
        return Part(
            name, None, [_part(f"{number}", each, depth + 1) for number, each in enumerate(value, 1)], numbered=True
        )
    return Part(name, None if value is None or value == "" else str(value))


def _spoken(key: str) -> str:
    return key.replace("_", " ").capitalize()
