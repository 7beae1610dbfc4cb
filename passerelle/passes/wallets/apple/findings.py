"""Findings: one fault each, with what to do about it, in every language of the product."""

from dataclasses import dataclass
from typing import Final, Literal

from passerelle.kit.i18n import LANGUAGES, Sentence

Severity = Literal["error", "warning", "note"]
"""``error``: Wallet refuses or breaks; ``warning``: it works, but not as meant; ``note``: good to know."""

_SHOWN_LIMIT: Final = 80
# In an Arabic sentence, a foreign word keeps its own direction between these two marks (Unicode UAX #9).
_ISOLATE: Final = "\u2068{}\u2069"


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault in a certificate or a pass; ``path`` tells where, such as ``pass.json/barcodes/0/format``."""

    severity: Severity
    code: str
    sentence: Sentence
    path: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """What can be found: its severity, its stable code and its sentence with ``{placeholders}``."""

    severity: Severity
    code: str
    en: str
    fr: str
    ar: str

    def at(self, path: str = "", /, **values: object) -> Finding:
        """The finding at one place; values come from strangers and are shortened and made printable."""
        shown = {name: _shown(value) for name, value in values.items()}
        isolated = {name: _ISOLATE.format(value) for name, value in shown.items()}
        texts = {
            language: getattr(self, language).format(**(isolated if language == "ar" else shown))
            for language in LANGUAGES
        }
        return Finding(
            self.severity, self.code, Sentence(en=texts["en"], fr=texts["fr"], ar=texts["ar"]), _shown(path, 200)
        )


def _shown(value: object, limit: int = _SHOWN_LIMIT) -> str:
    text = str(value)
    printable = "".join(character if character.isprintable() else "�" for character in text[: limit + 1])
    return printable if len(printable) <= limit else printable[: limit - 1] + "…"
