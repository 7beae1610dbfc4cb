"""Findings: faults of a content, each with its place and what to do about it."""

from dataclasses import dataclass
from typing import Final, Literal

from passerelle.kit.i18n import Sentence

Severity = Literal["error", "warning"]
"""``error``: the content is not saved; ``warning``: it is, but some wallet will not show it as meant."""

_SHOWN: Final = 80
# A foreign word inside an Arabic sentence keeps its own direction between these marks (Unicode UAX #9).
_ISOLATED: Final = "\u2068{}\u2069"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault; ``path`` leads into the content, such as ``fields.header.0.value``."""

    severity: Severity
    code: str
    path: str
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Rule:
    """What can be found; the sentences take ``{placeholders}``."""

    severity: Severity
    code: str
    en: str
    fr: str
    ar: str

    def at(self, path: str, **values: object) -> Finding:
        """The fault at one place."""
        told = {name: _told(value) for name, value in values.items()}
        isolated = {name: _ISOLATED.format(value) for name, value in told.items()}
        sentence = Sentence(en=self.en.format(**told), fr=self.fr.format(**told), ar=self.ar.format(**isolated))
        return Finding(self.severity, self.code, path, sentence)


def _told(value: object) -> str:
    """A stranger's text, shortened and printable."""
    text = "".join(each if each.isprintable() else "�" for each in str(value)[: _SHOWN + 1])
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
