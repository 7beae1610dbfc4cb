"""The phone page's own words, in the three languages of the demo; they stand in `words/`."""

import json
from pathlib import Path
from typing import Final

LANGUAGES: Final = ("en", "fr", "ar")
RIGHT_TO_LEFT: Final = frozenset({"ar"})

_FOLDER: Final = Path(__file__).parent / "words"
TEXTS: Final[dict[str, dict[str, str]]] = {
    language: json.loads((_FOLDER / f"{language}.json").read_text("utf-8")) for language in LANGUAGES
}


def language_of(wanted: str) -> str:
    """One of the page's languages; English for anything else."""
    short = wanted.partition("-")[0].lower()
    return short if short in LANGUAGES else "en"
