"""The way to my page on the back of cards whose design does not name it."""

from typing import Any

import orjson
import pytest

from passerelle.kit.ids import decode, encode
from passerelle.organizations.schemas import Brand
from passerelle.passes import service
from passerelle.templates.defaults import PAGE_LABEL, Design, default_content
from passerelle.templates.page_link import with_page_link
from passerelle.templates.schemas import TemplateContent
from tests.conftest import Shop
from tests.factories import handed
from tests.factories.stage import Stage


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


async def test_cards_of_an_older_design_lead_to_my_page_in_both_wallets(stage: Stage, shop: Shop) -> None:
    member = await stage.member("points")
    template_id = (await stage.get(f"/api/v1/programs/{member['program']}"))["template_id"]
    versions = f"/api/v1/templates/{template_id}/versions"
    content = (await stage.get(f"{versions}/1"))["content"]
    content["fields"]["back"] = [field for field in content["fields"]["back"] if field["key"] != "page"]
    await stage.post(versions, {"content": content, "publish": True})
    async with stage.database.transaction(shop.organization_id) as tx:
        await service.adopt_template(tx, decode("tpl", template_id), 2)
    page = f"{str(stage.settings.base_url).rstrip('/')}/m/{encode('org', shop.organization_id)}"
    link = await stage.post(f"/api/v1/passes/{member['card']['id']}/link")
    held = await handed.added(stage, link)
    last = held.package.pass_json["storeCard"]["backFields"][-1]
    assert (last["key"], last["value"]) == ("page", page)
    await handed.saved(stage, link)
    assert page in orjson.dumps(handed.google_object(stage)).decode()
    assert (await stage.get(f"{versions}/2"))["content"]["fields"]["back"] == content["fields"]["back"]
