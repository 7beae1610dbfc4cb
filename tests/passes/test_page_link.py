"""The way to my page on the back of cards whose design does not name it."""

from typing import Any

import pytest

from passerelle.organizations.schemas import Brand
from passerelle.templates.defaults import PAGE_LABEL, Design, default_content
from passerelle.templates.page_link import with_page_link
from passerelle.templates.schemas import TemplateContent


def _content(**changes: Any) -> TemplateContent:
    """A card as it was designed before there was such a link."""
    made = default_content(
        Design(kind="points", organization_name="Shop", program_name="Club", brand=Brand(), language="fr")
    ).model_dump(mode="json", by_alias=True)
    made["fields"]["back"] = [field for field in made["fields"]["back"] if field["key"] != "page"]
    return TemplateContent.model_validate(made | changes)


def test_an_older_design_gets_it_last_on_the_back_in_every_language() -> None:
    content = _content()
    shown = with_page_link(content)
    assert shown.fields.back[:-1] == content.fields.back
    assert (shown.fields.back[-1].label, shown.fields.back[-1].value) == (PAGE_LABEL["fr"], "{{ organization.page }}")
    assert shown.translations["ar"][PAGE_LABEL["fr"]] == PAGE_LABEL["ar"]
    assert "page" not in {field.key for field in content.fields.back}  # the version itself is as it was
    assert with_page_link(shown) == shown


@pytest.mark.parametrize(
    "changes",
    [
        {"page_link": False},
        {"kind": "coupon"},
        {"links": [{"label": "Moi", "url": "https://cards.example/m/org_01k9"}]},
        {"fields": {"back": [{"key": "me", "label": "Moi", "value": "Ici : {{ organization.page }}"}]}},
    ],
)
def test_it_is_left_out_where_it_is_not_wanted_or_there(changes: dict[str, Any]) -> None:
    content = _content(**changes)
    assert with_page_link(content) is content


def test_a_taken_key_is_not_taken_twice() -> None:
    content = _content(fields={"back": [{"key": "page", "label": "Page", "value": "1"}]})
    assert [field.key for field in with_page_link(content).fields.back] == ["page", "my_page"]


def test_what_is_stored_does_not_change() -> None:
    assert "page_link" not in _content().stored()
    assert _content(page_link=False).stored()["page_link"] is False
