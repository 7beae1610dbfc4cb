"""Poster designs on the wire."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal, get_args

from pydantic import BeforeValidator, Field

from passerelle.kit.i18n import Language
from passerelle.kit.wire import Outbound, Wire
from passerelle.organizations.schemas import Colour

PosterSize = Literal["a4", "a5", "tent", "sticker", "card"]
SIZES: Final[tuple[PosterSize, ...]] = get_args(PosterSize)
PosterFormat = Literal["pdf", "svg"]


def _words(text: object) -> object:
    """One line of printable text; nothing when empty, so that the words of the language come back."""
    if not isinstance(text, str):
        return text
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split()) or None


def _empty_is_none(value: object) -> object:
    return None if value == "" else value


Short = Annotated[Annotated[str, Field(max_length=60)] | None, BeforeValidator(_words)]
Headline = Annotated[Annotated[str, Field(max_length=80)] | None, BeforeValidator(_words)]
Text = Annotated[Annotated[str, Field(max_length=160)] | None, BeforeValidator(_words)]
MaybeColour = Annotated[Colour | None, BeforeValidator(_empty_is_none)]


class PosterDesign(Wire):
    """What the merchant chose; null is what the program, its card and the language say by themselves.

    ``tent`` is an A4 sheet that is folded in the middle, with the upper half upside down; ``sticker`` is 10 cm by
    10 cm, ``card`` a business card of 85 mm by 55 mm. ``crop_marks`` adds 3 mm of bleed and marks to the PDF.
    """

    size: PosterSize = "a4"
    lang: Annotated[Language | None, BeforeValidator(_empty_is_none)] = None
    headline: Headline = None
    text: Text = None
    call: Short = None
    show_steps: bool = True
    step_1: Short = None
    step_2: Short = None
    step_3: Short = None
    background: MaybeColour = None
    foreground: MaybeColour = None
    show_logo: bool = True
    show_place: bool = True
    crop_marks: bool = False


class PosterWords(Outbound):
    """What stands on a poster when nothing else was written."""

    headline: str
    text: str
    call: str
    step_1: str
    step_2: str
    step_3: str


class PosterOut(Outbound):
    """The design of a link's poster, and what its empty fields stand for, by language."""

    design: PosterDesign
    words: Mapping[Language, PosterWords]
    lang: Language
    background: str
    foreground: str
    has_logo: bool
    place: str | None
