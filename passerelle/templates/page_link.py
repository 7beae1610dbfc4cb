"""The way to my page on the back of every loyalty card, whatever its design says. Pure.

A version never changes, so it is not written into one: it is put in when a version is made ready for rendering. A
design that names the page itself keeps its own words and place; ``page_link`` switches it off.
"""

from collections.abc import Iterator
from typing import Final

from passerelle.kit.i18n import Language, as_language
from passerelle.templates.content import LOYALTY, FieldContent, TemplateContent
from passerelle.templates.defaults import PAGE_LABEL

_PAGE: Final = "organization.page"
_ADDRESS: Final = "/m/org_"  # somebody copied it into a link of their own
_KEYS: Final = ("page", "my_page", "my_page_link")


def with_page_link(content: TemplateContent) -> TemplateContent:
    """The content with a last field on its back that leads to my page; itself when it is not wanted or there."""
    taken = {each.key for _, _, each in content.placed_fields()}
    key = next((key for key in _KEYS if key not in taken), None)
    is_wanted = content.page_link and content.kind in LOYALTY
    if not is_wanted or key is None or any(name in text for text in _texts(content) for name in (_PAGE, _ADDRESS)):
        return content
    label = PAGE_LABEL[_nearest(content.language)]
    field = FieldContent(key=key, label=label, value=f"{{{{ {_PAGE} }}}}", detect=["link"])
    translations = {
        language: {label: PAGE_LABEL[_nearest(language)]} | known for language, known in content.translations.items()
    }
    fields = content.fields.model_copy(update={"back": [*content.fields.back, field]})
    return content.model_copy(update={"fields": fields, "translations": translations})


def _nearest(language: str) -> Language:
    return as_language(language) or "en"


def _texts(content: TemplateContent) -> Iterator[str]:
    for _, _, each in content.placed_fields():
        yield from (each.value, each.label, each.link or "")
    yield from (link.url for link in content.links)
