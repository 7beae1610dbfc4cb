"""Reads the JSON files of a pass, whose values may be anything."""

import json
from collections.abc import Iterator
from typing import Any, Final

from passerelle.passes.wallets.apple.findings import Finding, Rule

_LIMIT_BYTES: Final = 2_000_000
_TWICE_LIMIT: Final = 20  # findings, not a list of everything

NOT_JSON: Final = Rule(
    "error",
    "not_json",
    "{name} is not valid JSON, or not an object. Check it with a JSON validator.",
    "{name} n'est pas du JSON valide, ou pas un objet. Vérifiez-le avec un validateur JSON.",
    "الملف {name} ليس JSON صالحًا أو ليس كائنًا. افحصه بأداة تحقق من JSON.",
)
JSON_TOO_LARGE: Final = Rule(
    "error",
    "json_too_large",
    "{name} is larger than {limit} bytes. A pass needs a few thousand.",
    "{name} dépasse {limit} octets. Une carte en demande quelques milliers.",
    "حجم {name} يتجاوز {limit} بايت. تحتاج البطاقة إلى بضعة آلاف.",
)
KEY_TWICE: Final = Rule(
    "error",
    "json_key_twice",
    "{name} has the key {key} twice in one object. Keep one; readers differ in which they take.",
    "{name} contient deux fois la clé {key} dans un même objet. N'en gardez qu'une ; les lecteurs ne prennent pas"
    " tous la même.",
    "يحتوي {name} على المفتاح {key} مرتين في كائن واحد. احتفظ بواحد؛ فالقارئات تختلف في أيهما تأخذ.",
)


def read_json(name: str, data: bytes) -> tuple[dict[str, Any] | None, list[Finding]]:
    """The object in a file, or None, and what is wrong with the file."""
    if len(data) > _LIMIT_BYTES:
        return None, [JSON_TOO_LARGE.at(name, name=name, limit=_LIMIT_BYTES)]
    twice: list[str] = []

    def as_dict(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found and len(twice) < _TWICE_LIMIT:
                twice.append(key)
            found[key] = value
        return found

    try:
        content = json.loads(data, object_pairs_hook=as_dict, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return None, [NOT_JSON.at(name, name=name)]
    if not isinstance(content, dict):
        return None, [NOT_JSON.at(name, name=name)]
    return content, [KEY_TWICE.at(name, name=name, key=key) for key in dict.fromkeys(twice)]


def objects(holder: dict[str, Any], key: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a list with their positions; everything else is passed over, its type is judged elsewhere."""
    found = holder.get(key)
    if isinstance(found, list):
        yield from ((position, each) for position, each in enumerate(found) if isinstance(each, dict))


def text(holder: dict[str, Any], key: str) -> str | None:
    """The value when it is text."""
    found = holder.get(key)
    return found if isinstance(found, str) else None


def mapping(holder: dict[str, Any], key: str) -> dict[str, Any]:
    """The value when it is an object, and an empty one otherwise."""
    found = holder.get(key)
    return found if isinstance(found, dict) else {}


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")
