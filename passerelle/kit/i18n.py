"""Languages of the product: French, English and Arabic, chosen from what the reader asks for."""

from typing import Final, Literal, TypedDict, get_args

Language = Literal["en", "fr", "ar"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)


class Sentence(TypedDict):
    """One sentence in every language of the product: a missing translation is a type error."""

    en: str
    fr: str
    ar: str


def direction(language: str) -> Literal["ltr", "rtl"]:
    """How the language is written, for the ``dir`` attribute of pages."""
    return "rtl" if language.split("-", maxsplit=1)[0] in {"ar", "he", "fa", "ur"} else "ltr"


def as_language(tag: str | None) -> Language | None:
    """The product's language for a BCP 47 tag such as ``fr-MA``, or None when it has none."""
    primary = (tag or "").strip().lower().split("-")[0].split("_")[0]
    return next((known for known in LANGUAGES if known == primary), None)


def preferred(accept_language: str | None, default: Language = "en") -> Language:
    """The best language for an ``Accept-Language`` header (RFC 9110 §12.5.4); equal weights keep their order."""
    ranked: list[tuple[float, int, Language]] = []
    for position, part in enumerate((accept_language or "")[:500].split(",")):
        tag, _, parameter = part.partition(";")
        language = as_language(tag)
        weight = _weight(parameter)
        if language is not None and weight > 0:
            ranked.append((-weight, position, language))
    return min(ranked)[2] if ranked else default


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
