"""Refusals: what the product answers when it says no.

A refusal is a class: a stable ``code`` for programs, an HTTP ``status``, and one sentence per language
that tells a person what to do. Domains declare theirs in ``errors.py``; the edge turns them into
problem details (RFC 9457).
"""

from typing import Any, ClassVar, Protocol, runtime_checkable

from passerelle.kit.i18n import Language, Sentence


@runtime_checkable
class Spoken(Protocol):
    """A value that people of each language write in their own way, such as an amount."""

    def formatted(self, language: str) -> str:
        """As a reader of that language writes it."""
        ...


class Refusal(Exception):
    """Base of every refusal.

    Keyword arguments fill the placeholders of ``text`` and travel as ``params`` of the problem document:
    give ids, limits, amounts (``Money``) and dates, never contact data.
    """

    code: ClassVar[str]
    status: ClassVar[int] = 409
    text: ClassVar[Sentence]

    def __init__(self, **params: Any) -> None:
        self.params = params
        super().__init__(self.code)

    def sentence(self, language: Language = "en") -> str:
        """The sentence for a person, in their language."""
        told = {
            name: value.formatted(language) if isinstance(value, Spoken) else value
            for name, value in self.params.items()
        }
        return self.text[language].format(**told)

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence()}"


class NotFound(Refusal):
    """Base for a thing that is not there, or is another organization's, which must look the same."""

    code = "not_found"
    status = 404
    text: ClassVar[Sentence] = {
        "en": "This was not found. Check the identifier.",
        "fr": "Élément introuvable. Vérifiez l'identifiant.",
        "ar": "لم يتم العثور على هذا العنصر. تحقّق من المعرّف.",
    }


class InvalidInput(Refusal):
    """Input that has the right shape but a value that cannot be used; ``detail`` names it."""

    code = "invalid_input"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "A value cannot be used: {detail}",
        "fr": "Une valeur est inutilisable : {detail}",
        "ar": "قيمة غير صالحة: {detail}",
    }
