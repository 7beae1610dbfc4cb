"""A template version made ready for any number of cards: texts parsed, translations joined to them, files at hand.

Neutral: what Apple and Google make of it is theirs, and is kept by them as long as this object lives.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from passerelle.templates.content import FieldContent, TemplateContent
from passerelle.templates.facts import Facts, kind_of, styled
from passerelle.templates.liquid import Text, is_dynamic

_OVERHEAD_BYTES: Final = 60_000  # parsed texts and what the wallets keep beside the files, measured


class LocalText:
    """One text of a template in its own language and in all others.

    A text is found by its source: the same words in two fields have one translation. What a placeholder brings
    in (the name of a reward) is translated when the translations know the whole result.
    """

    __slots__ = (
        "_language",
        "_others",
        "_results",
        "is_static",
        "placeholders",
        "single",
        "source",
        "text",
        "varies",
    )

    def __init__(self, source: str, language: str, translations: Mapping[str, Mapping[str, str]]) -> None:
        """Parse the text and its translations; raises TextFault."""
        self.source = source
        self.text = Text(source)
        self.single = self.text.single
        self.is_static = not is_dynamic(source)
        self._language = language
        self._others = {
            other: Text(known[source]) if source in known else self.text
            for other, known in translations.items()
            if other != language
        }
        self._results = translations
        differs = any(text is not self.text for text in self._others.values())
        self.placeholders = frozenset(
            name for text in (self.text, *self._others.values()) for name in text.placeholders
        )
        local = any(kind_of(name) == "date" or name == "language" for name in self.placeholders)
        may_translate = bool(self.placeholders) and any(translations.values())
        self.varies = bool(self._others) and (differs or local or may_translate)

    def default(self, facts: Facts) -> str:
        """The text in the template's language."""
        return self.text.render(facts, self._language)

    def others(self, facts: Facts, default: str) -> Iterator[tuple[str, str]]:
        """The languages in which the text of this card differs from ``default``, with that text."""
        for language, text in self._others.items():
            result = text.render(facts, language)
            result = self._results[language].get(result, result)
            if result != default:
                yield language, result

    def every(self, facts: Facts) -> dict[str, str]:
        """The text by language: the template's own first, then those that differ."""
        default = self.default(facts)
        return {self._language: default, **dict(self.others(facts, default))}


@dataclass(eq=False, slots=True, weakref_slot=True)
class CompiledTemplate:
    """One version of a template; ``placeholders`` are all facts that it reads.

    ``files`` are the images of the card by name, such as ``strip-7@2x.png``; ``digests`` the SHA-256 of those and
    of the ones that only Google fetches (``hero-7.png``, ``square-logo.png``).
    """

    organization_id: UUID
    template_id: UUID
    version: int
    content: TemplateContent
    files: Mapping[str, bytes]
    digests: Mapping[str, str]
    languages: tuple[str, ...]
    placeholders: frozenset[str]
    _texts: dict[str, LocalText] = field(default_factory=dict)

    def text(self, source: str) -> LocalText:
        """A text of this template, parsed once."""
        known = self._texts.get(source)
        if known is None:
            known = LocalText(source, self.content.language, self.content.translations)
            self._texts[source] = known
        return known

    def static_translations(self, language: str) -> dict[str, str]:
        """From every text without placeholders to its translation; the template's own language to itself."""
        if language == self.content.language:
            sources = {source for known in self.content.translations.values() for source in known}
            return {source: source for source in sorted(sources) if source and not is_dynamic(source)}
        known = self.content.translations.get(language, {})
        return {source: text for source, text in known.items() if source and not is_dynamic(source)}

    def field_text(self, each: FieldContent, facts: Facts) -> dict[str, str]:
        """A field's value in its format, by language: the template's own first, then those that differ."""
        text = self.text(each.value)
        if each.format == "text" or text.single is None or facts.get(text.single) is None:
            return text.every(facts)
        value = facts[text.single]
        default, *others = [
            (language, styled(value, each.format, each.length, each.currency, language))
            for language in self.languages
        ]
        return dict([default, *(pair for pair in others if pair[1] != default[1])])

    @property
    def size_bytes(self) -> int:
        """About what this takes in memory together with what the wallets derive from it."""
        return 2 * sum(map(len, self.files.values())) + _OVERHEAD_BYTES


def compile_template(
    content: TemplateContent,
    *,
    organization_id: UUID,
    template_id: UUID,
    version: int,
    files: Mapping[str, bytes],
    digests: Mapping[str, str],
) -> CompiledTemplate:
    """Make a version ready; raises TextFault when a text cannot be parsed (it was checked when it was saved)."""
    languages = (content.language, *sorted(set(content.translations) - {content.language}))
    texts = {source: LocalText(source, content.language, content.translations) for source in set(sources_of(content))}
    placeholders = frozenset(name for text in texts.values() for name in text.placeholders)
    return CompiledTemplate(
        organization_id, template_id, version, content, files, digests, languages, placeholders, texts
    )


def sources_of(content: TemplateContent) -> Iterator[str]:
    """Every text of a content that a card may show."""
    yield from (content.organization_name, content.title, content.description, content.logo_text)
    for _, _, each in content.placed_fields():
        yield from (each.label, each.value, each.change_message or "")
    if content.barcode is not None:
        yield from (content.barcode.message, content.barcode.alt_text)
    yield from (place.relevant_text for place in content.locations)
    yield from (link.label for link in content.links)
    yield from strings_in(content.apple)
    yield from strings_in(content.google.object)


def overlaid(tree: Mapping[str, Any], overlay: Mapping[str, Any]) -> dict[str, Any]:
    """The overlay's keys put over the tree, objects into objects; null takes a key away."""
    merged = dict(tree)
    for key, value in overlay.items():
        below = merged.get(key)
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict):
            merged[key] = overlaid(below if isinstance(below, dict) else {}, value)
        else:
            merged[key] = value
    return merged


def strings_in(node: Any) -> Iterator[str]:
    """Every string value of a piece of JSON."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping):
        for value in node.values():
            yield from strings_in(value)
    elif isinstance(node, list):
        for value in node:
            yield from strings_in(value)
