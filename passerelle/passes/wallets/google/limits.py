"""What Google would refuse (errors) or cut, hide or ignore (warnings) of a body, told before it is sent.

The rules stand in ``limit_tables``, their sentences in ``limit_texts``. Unknown fields pass.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from passerelle.kit.i18n import Language
from passerelle.passes.wallets.google.limit_tables import (
    CHOICES,
    COUNTS,
    CUSTOM_LABELS,
    EXACTLY_ONE,
    IMAGES,
    LENGTHS,
    NEEDED_INSIDE,
    PATTERNS,
    RANGES,
    REQUIRED,
    WITHOUT_EFFECT,
    Level,
)
from passerelle.passes.wallets.google.limit_texts import SENTENCES, Rule
from passerelle.passes.wallets.google.names import Resource, is_resource_id, issuer_of

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LimitFinding:
    """One thing to put right (error) or to know (warning) about the field at ``path``."""

    level: Level
    path: str
    rule: Rule
    params: Mapping[str, Any] = field(default_factory=dict)

    def sentence(self, language: Language = "en") -> str:
        """For the person who edits the template."""
        return SENTENCES[self.rule][language].format(path=self.path, **self.params)


_URI_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.+", re.DOTALL)
_OFFSET: Final = re.compile(r"(Z|[+-][0-9]{2}:?[0-9]{2}(:[0-9]{2})?)$")


def check(resource: Resource, body: Body) -> list[LimitFinding]:
    """All findings about a whole body, errors first. Takes any JSON without raising."""
    findings = [
        *_required(resource, body),
        *_identifiers(resource, body),
        *_sizes(body),
        *_values(body),
        *_images(body),
        *_localized(body),
        *_alternatives(body),
        *_intervals(body),
        *_ignored(resource, body),
    ]
    return sorted(findings, key=lambda finding: finding.level)


def _required(resource: Resource, body: Body) -> Iterator[LimitFinding]:
    for name in REQUIRED[resource]:
        if body.get(name) in (None, "", {}):
            yield LimitFinding("error", name, "required")
    for path, name in NEEDED_INSIDE:
        for place, value in _at(body, path):
            if isinstance(value, dict) and value.get(name) in (None, "", {}):
                yield LimitFinding("error", f"{place}.{name}", "required")


def _identifiers(resource: Resource, body: Body) -> Iterator[LimitFinding]:
    own = body.get("id")
    names = ("id",) if resource.is_class else ("id", "classId")
    for name in names:
        if body.get(name) is not None and not is_resource_id(body[name]):
            yield LimitFinding("error", name, "identifier")
    for path in ("linkedObjectIds[]", "linkedOfferIds[]"):
        for place, value in _at(body, path):
            if not is_resource_id(value):
                yield LimitFinding("error", place, "identifier")
            elif isinstance(own, str) and issuer_of(value) != issuer_of(own):
                yield LimitFinding("error", place, "other_issuer")


def _sizes(body: Body) -> Iterator[LimitFinding]:
    for path, limit, level in COUNTS:
        for place, value in _at(body, path):
            if not isinstance(value, list):
                yield LimitFinding("error", place, "list")
            elif len(value) > limit:
                yield LimitFinding(level, place, "count", {"limit": limit, "actual": len(value)})
    for path, limit, level in LENGTHS:
        for place, value in _at(body, path):
            longest = max((len(text) for text in _texts(value)), default=0)
            if longest > limit:
                yield LimitFinding(level, place, "length", {"limit": limit, "actual": longest})


def _values(body: Body) -> Iterator[LimitFinding]:
    for path, choices in CHOICES:
        for place, value in _at(body, path):
            if not isinstance(value, str) or _plain(value) not in {_plain(choice) for choice in choices}:
                yield LimitFinding("error", place, "choice", {"choices": ", ".join(choices)})
    for path, pattern, example in PATTERNS:
        for place, value in _at(body, path):
            if not isinstance(value, str) or not re.fullmatch(pattern, value, re.DOTALL):
                yield LimitFinding("error", place, "pattern", {"example": example})
    for path, bound in RANGES:
        for place, value in _at(body, path):
            if isinstance(value, bool) or not isinstance(value, int | float) or not -bound <= value <= bound:
                yield LimitFinding("error", place, "range", {"limit": f"{bound:.0f}"})


def _alternatives(body: Body) -> Iterator[LimitFinding]:
    for path, names in EXACTLY_ONE:
        for place, value in _at(body, path):
            if not isinstance(value, dict) or sum(value.get(name) is not None for name in names) != 1:
                yield LimitFinding("error", place, "exactly_one", {"choices": ", ".join(names)})
    for label in CUSTOM_LABELS:
        custom = f"custom{label[0].upper()}{label[1:]}Label"
        if body.get(f"{label}Label") is not None and body.get(custom) is not None:
            yield LimitFinding("error", custom, "exactly_one", {"choices": f"{label}Label, {custom}"})


def _ignored(resource: Resource, body: Body) -> Iterator[LimitFinding]:
    for path in WITHOUT_EFFECT:
        for place, _ in _at(body, path):
            yield LimitFinding("warning", place, "no_effect")
    if resource.is_generic:
        for name in ("notifyPreference", "reviewStatus"):
            if name in body:
                yield LimitFinding("error", name, "unknown")


def _intervals(body: Body) -> Iterator[LimitFinding]:
    """Both ends of an interval carry an offset or none does."""
    for path in ("validTimeInterval", "messages[].displayInterval"):
        for place, value in _at(body, path):
            ends = [end for name in ("start", "end") for _, end in _at(value, f"{name}.date")]
            if len({_OFFSET.search(end) is not None for end in ends if isinstance(end, str)}) > 1:
                yield LimitFinding("error", place, "offsets")


def _images(body: Body) -> Iterator[LimitFinding]:
    for path in IMAGES:
        for place, value in _at(body, path):
            if not isinstance(value, dict) or ("sourceUri" in value) == ("privateImageId" in value):
                yield LimitFinding("error", place, "exactly_one", {"choices": "sourceUri, privateImageId"})
            for deeper, uri in _at(value, "sourceUri.uri"):
                if not isinstance(uri, str) or not _URI_SCHEME.fullmatch(uri):
                    yield LimitFinding("error", f"{place}.{deeper}", "pattern", {"example": "https://…"})


def _localized(body: Body) -> Iterator[LimitFinding]:
    """Top-level localized texts need a default value with its language."""
    for name, value in body.items():
        if isinstance(value, dict) and ("translatedValues" in value or "defaultValue" in value):
            default = value.get("defaultValue")
            if not isinstance(default, dict) or not default.get("language") or default.get("value") is None:
                yield LimitFinding("error", f"{name}.defaultValue", "required")


def _at(node: object, path: str) -> Iterator[tuple[str, Any]]:
    """Where ``a.b[].c`` leads in a body, with the concrete place of each value that is there."""
    name, _, rest = path.partition(".")
    key = name.removesuffix("[]")
    value = node.get(key) if isinstance(node, Mapping) else None
    if value is None:
        return
    places = [(key, value)]
    if name.endswith("[]"):
        places = [(f"{key}[{index}]", row) for index, row in enumerate(value)] if isinstance(value, list) else []
    for place, found in places:
        if not rest:
            yield place, found
        else:
            yield from ((f"{place}.{deeper}", leaf) for deeper, leaf in _at(found, rest))


def _texts(value: object) -> Iterator[str]:
    """The text of a plain value, or all texts of a localized one."""
    if isinstance(value, str | int) and not isinstance(value, bool):
        yield str(value)
    for path in ("defaultValue.value", "translatedValues[].value"):
        yield from (text for _, text in _at(value, path) if isinstance(text, str))


def _plain(choice: str) -> str:
    """``UNDER_REVIEW`` and its legacy alias ``underReview`` are one."""
    return choice.replace("_", "").lower()
