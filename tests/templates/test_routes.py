"""Templates and images over HTTP, and what it costs to have a template ready."""

import io
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from PIL import Image

from passerelle.entry.api import create_app
from passerelle.kit.config import Settings
from passerelle.kit.db import Database, Tx
from passerelle.kit.ids import decode, new_id
from passerelle.organizations.schemas import Brand
from passerelle.programs.events import ProgramCreated
from passerelle.templates import service
from passerelle.templates.errors import NotPublished, TemplateNotFound, VersionNotFound
from passerelle.templates.jobs import create_card
from passerelle.templates.models import PassTemplate
from passerelle.templates.routes import public_router, router
from passerelle.templates.schemas import TemplateIn, VersionIn
from tests.conftest import Shop
from tests.templates.conftest import png


@pytest_asyncio.fixture
async def client(database: Database, settings: Settings, shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """The owner's program."""
    app = create_app(database, settings)
    if not any(getattr(route, "path", "") == "/api/v1/templates" for route in app.routes):
        app.include_router(router)
        app.include_router(public_router)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver", headers=shop.headers) as opened:
        yield opened


async def created(client: httpx.AsyncClient, **body: Any) -> dict[str, Any]:
    """A template made over HTTP."""
    answer = await client.post("/api/v1/templates", json={"name": "Coffee Club", "kind": "stamps", "goal": 3} | body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def content_of(client: httpx.AsyncClient, template_id: str, version: int = 1) -> dict[str, Any]:
    """The content of a version."""
    answer = await client.get(f"/api/v1/templates/{template_id}/versions/{version}")
    content: dict[str, Any] = answer.json()["content"]
    return content


async def test_a_template_without_content_is_a_card_at_once(client: httpx.AsyncClient) -> None:
    made = await created(client)
    assert (made["latest_version"], made["published_version"], made["kind"]) == (1, 1, "stamps")
    answer = await client.get(f"/api/v1/templates/{made['id']}/versions/1")
    version = answer.json()
    assert version["findings"] == []
    assert version["content"]["organization_name"] == "Café Central"
    assert version["content"]["stamps"]["goal"] == 3
    icon = (await client.get(f"/api/v1/images/{version['content']['images']['icon']}")).json()
    assert (icon["width"], icon["height"]) == (660, 660)
    assert (await client.get("/api/v1/images")).json()["items"] == []


async def test_versions_are_kept_and_published(client: httpx.AsyncClient) -> None:
    template_id = (await created(client))["id"]
    content = await content_of(client, template_id)
    content["title"] = "Tea Club"
    versions = f"/api/v1/templates/{template_id}/versions"
    saved = await client.post(versions, json={"content": content})
    assert (saved.status_code, saved.json()["version"], saved.json()["published"]) == (201, 2, False)
    assert (await client.get(f"/api/v1/templates/{template_id}")).json()["published_version"] == 1
    published = await client.post(f"{versions}/2/publish")
    assert published.json()["published_version"] == 2
    page = (await client.get(versions, params={"limit": 1})).json()
    assert [(each["version"], each["published"]) for each in page["items"]] == [(2, True)]
    page = (await client.get(versions, params={"limit": 1, "cursor": page["next"]})).json()
    assert [each["version"] for each in page["items"]] == [1]
    assert (await content_of(client, template_id))["title"] == "Coffee Club"
    assert (await client.post(f"{versions}/9/publish")).json()["code"] == "template_version_not_found"


async def test_the_second_of_two_editors_is_told(client: httpx.AsyncClient) -> None:
    template_id = (await created(client))["id"]
    content = await content_of(client, template_id)
    versions = f"/api/v1/templates/{template_id}/versions"
    first = await client.post(versions, json={"content": content | {"title": "Tea Club"}, "base_version": 1})
    assert (first.status_code, first.json()["version"]) == (201, 2)
    second = await client.post(versions, json={"content": content | {"title": "Juice Bar"}, "base_version": 1})
    assert (second.status_code, second.json()["code"]) == (409, "template_changed")
    assert second.json()["params"]["latest_version"] == "2"
    assert (await client.get(f"/api/v1/templates/{template_id}")).json()["latest_version"] == 2
    again = await client.post(versions, json={"content": content | {"title": "Juice Bar"}, "base_version": 2})
    assert (again.status_code, again.json()["version"]) == (201, 3)


async def test_samples_know_every_placeholder(client: httpx.AsyncClient) -> None:
    names = {each["name"] for each in (await client.get("/api/v1/templates/placeholders")).json()}
    samples = (await client.get("/api/v1/templates/samples", headers={"Accept-Language": "fr"})).json()
    assert [each["key"] for each in samples] == ["regular", "new", "ready", "long"]
    assert all(each["facts"].keys() == names | {"balance.money"} for each in samples)
    regular = samples[0]["facts"]
    assert (regular["member.since"], regular["reward.name"]) == ("2026-03-01", "Café offert")
    assert regular["balance.money"] == "25,00\N{NO-BREAK SPACE}€"


async def test_a_card_cannot_become_another_kind(client: httpx.AsyncClient) -> None:
    template_id = (await created(client))["id"]
    content = await content_of(client, template_id)
    versions = f"/api/v1/templates/{template_id}/versions"
    assert (await client.post(versions, json={"content": content | {"kind": "points"}})).status_code == 201
    refused = await client.post(versions, json={"content": content | {"kind": "generic"}})
    assert (refused.status_code, refused.json()["code"]) == (409, "template_kind_fixed")
    mixed = await client.post("/api/v1/templates", json={"name": "x", "kind": "generic", "content": content})
    assert (mixed.status_code, mixed.json()["code"]) == (422, "invalid_request")
    far = await client.post(versions, json={"content": content | {"expires_at": "0001-01-01T00:00:00+10:00"}})
    assert (far.status_code, far.json()["code"]) == (422, "invalid_request")


async def test_a_version_cannot_be_changed_behind_the_back(
    client: httpx.AsyncClient, database: Database, shop: Shop
) -> None:
    await created(client)
    with pytest.raises(Exception, match="permission denied"):
        async with database.transaction(shop.organization_id) as tx:
            await tx.execute(
                "UPDATE pass_template_versions SET version = 7 WHERE organization_id = $1", shop.organization_id
            )


async def test_a_fault_is_told_in_the_readers_language(client: httpx.AsyncClient) -> None:
    template_id = (await created(client))["id"]
    content = await content_of(client, template_id)
    content["fields"]["header"][0]["value"] = "{{ stamp.count }}"
    french = {"Accept-Language": "fr"}
    saved = await client.post(f"/api/v1/templates/{template_id}/versions", json={"content": content}, headers=french)
    assert (saved.status_code, saved.json()["code"]) == (422, "template_invalid")
    assert "Vouliez-vous dire « stamps.count »" in saved.json()["detail"]
    checked = await client.post("/api/v1/templates/check", json=content, headers=french)
    assert checked.json()["findings"][0]["path"] == "fields.header.0.value"
    endless = "{% for a in (1..1000000) %}{% for b in (1..1000000) %}{% endfor %}{% endfor %}"
    content["fields"]["header"][0]["value"] = endless
    checked = await client.post("/api/v1/templates/check", json=content)
    assert [each["code"] for each in checked.json()["findings"]] == ["text_too_costly"]
    content["surprise"] = 1
    refused = await client.post("/api/v1/templates/check", json=content)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_request")


ODD_JSON = ['{"userInfo": NaN}', '{"userInfo": 1e999}', '{"userInfo": "\\ud800"}', '{"userInfo": "\\u0000"}',
            '{"\\u0000": 1}', '{"userInfo": 123456789012345678901234567890}']  # fmt: skip


async def test_odd_json_is_refused(client: httpx.AsyncClient) -> None:
    plain = '"kind": "points", "organization_name": "A", "title": "B", "description": "C"'
    for overlay in ODD_JSON:
        body = f'{{"name": "x", "kind": "points", "content": {{{plain}, "apple": {overlay}}}}}'
        answer = await client.post("/api/v1/templates", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 422, overlay


async def test_a_preview_shows_what_is_not_saved(client: httpx.AsyncClient) -> None:
    content = await content_of(client, (await created(client))["id"])
    asked = {"content": content, "language": "fr", "facts": {"stamps.count": 2, "customer.full_name": "Zoé"}}
    answer = await client.post("/api/v1/templates/preview", json=asked)
    shown = answer.json()
    values = {each["key"]: each["value"] for each in shown["fields"]}
    assert (values["stamps"], values["left"], values["member"]) == ("2/3", "1", "Zoé")
    assert shown["language"] == "fr"
    assert shown["images"]["strip"].startswith("data:image/png;base64,")
    assert shown["images"]["icon"].startswith("/images/org_")
    labels = {each["key"]: each["label"] for each in shown["fields"]}
    assert labels["stamps"] == "TAMPONS"


async def test_placeholders_are_documented(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/templates/placeholders", headers={"Accept-Language": "ar"})
    found = {each["name"]: each for each in answer.json()}
    assert found["customer.first_name"]["meaning"] == "الاسم الأول"
    assert found["member.since"]["kind"] == "date"


async def test_an_upload_is_public_under_its_digest(client: httpx.AsyncClient, other_shop: Shop) -> None:
    answer = await client.post("/api/v1/images", content=png(30, 20), headers={"Content-Type": "image/png"})
    assert answer.status_code == 201
    image = answer.json()
    again = await client.post("/api/v1/images", content=png(30, 20))
    assert again.json()["id"] == image["id"]
    assert [each["id"] for each in (await client.get("/api/v1/images")).json()["items"]] == [image["id"]]
    shown = await client.get(image["url"], headers={"Authorization": ""})
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/png")
    assert shown.headers["cache-control"] == "public, max-age=31536000, immutable"
    with Image.open(io.BytesIO(shown.content)) as opened:
        assert opened.size == (30, 20)
    missing = await client.get(image["url"].replace(image["url"][-20:-4], "0" * 16))
    assert (missing.status_code, missing.json()["code"]) == (404, "image_not_found")
    foreign = await client.get(f"/api/v1/images/{image['id']}", headers=other_shop.headers)
    assert foreign.status_code == 404


async def test_uploads_can_be_repeated(client: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": "logo", "Content-Type": "image/png"}
    first = await client.post("/api/v1/images", content=png(12, 12), headers=headers)
    second = await client.post("/api/v1/images", content=png(12, 12), headers=headers)
    assert first.json() == second.json()
    other = await client.post("/api/v1/images", content=png(13, 12), headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")


BAD_UPLOADS = [
    (b"", 422, "image_unreadable"),
    (b"GIF89a", 422, "image_unreadable"),
    (png(1, 1) + bytes(5_000_000), 413, "image_too_large"),
    (png(1, 1) + bytes(7_000_000), 413, "body_too_large"),
]


async def test_bad_uploads_are_refused(client: httpx.AsyncClient) -> None:
    for data, status, code in BAD_UPLOADS:
        answer = await client.post("/api/v1/images", content=data)
        assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_own_images_make_the_card(client: httpx.AsyncClient) -> None:
    template_id = (await created(client))["id"]
    content = await content_of(client, template_id)
    icon = (await client.post("/api/v1/images", content=png(700, 700, "#0000ff"))).json()
    stamp = (await client.post("/api/v1/images", content=png(200, 200, "#00ff00"))).json()
    content["images"] = {"icon": icon["id"], "stamp": stamp["id"]}
    content["stamps"] |= {"shape": "image"}
    saved = await client.post(f"/api/v1/templates/{template_id}/versions", json={"content": content, "publish": True})
    assert (saved.status_code, saved.json()["findings"]) == (201, [])


async def test_nobody_elses_images_or_templates(client: httpx.AsyncClient, other_shop: Shop) -> None:
    theirs = (await client.post("/api/v1/images", content=png(700, 700), headers=other_shop.headers)).json()
    template_id = (await created(client))["id"]
    content = await content_of(client, template_id)
    content["images"]["icon"] = theirs["id"]
    versions = f"/api/v1/templates/{template_id}/versions"
    refused = await client.post(versions, json={"content": content})
    assert (refused.status_code, refused.json()["code"]) == (422, "template_invalid")
    assert (await client.get(versions, headers=other_shop.headers)).status_code == 404
    assert (await client.get("/api/v1/templates", headers=other_shop.headers)).json()["items"] == []


async def test_a_used_version_costs_no_statement(tx: Tx, monkeypatch: pytest.MonkeyPatch) -> None:
    made = await service.create_template(tx, TemplateIn(name="Club", kind="stamps", goal=2))
    ready = await service.published(tx, made.id)
    assert set(ready.files) >= {"icon.png", "strip-2@3x.png"}
    assert "hero-2.png" in ready.digests
    assert "hero-2.png" not in ready.files

    async def refuse(*_arguments: object) -> None:
        raise AssertionError("a statement was sent")

    monkeypatch.setattr(Tx, "fetchrow", refuse)
    monkeypatch.setattr(Tx, "fetch", refuse)
    assert await service.published(tx, made.id, 1) is ready


async def test_what_cannot_be_made_ready(tx: Tx) -> None:
    made = await service.create_template(tx, TemplateIn(name="Club", kind="points"))
    with pytest.raises(TemplateNotFound):
        await service.published(tx, new_id())
    with pytest.raises(VersionNotFound):
        await service.published(tx, made.id, 2)
    template = await tx.session.get(PassTemplate, (tx.organization_id, made.id))
    assert template is not None
    template.published_version = None
    with pytest.raises(NotPublished):
        await service.published(tx, made.id)
    assert await service.published_version(tx, made.id) is None


async def test_equal_files_are_stored_once(tx: Tx) -> None:
    first = await service.create_template(tx, TemplateIn(name="Club", kind="stamps", goal=2))
    count = "SELECT count(*) FROM images WHERE organization_id = $1"
    before = await tx.fetchval(count, tx.organization_id)
    content = (await service.get_version(tx, first.id, 1)).content
    await service.save_version(tx, first.id, VersionIn(content=content.model_copy(update={"title": "Tea"})))
    assert await tx.fetchval(count, tx.organization_id) == before


@pytest.mark.parametrize(
    ("kind", "goal", "drawn"), [("stamps", 4, 4), ("points", 200, None), ("membership", None, None)]
)
async def test_a_new_program_gets_its_card(
    client: httpx.AsyncClient, kind: str, goal: int | None, drawn: int | None
) -> None:
    body = {"name": "Bread Club", "kind": kind, "goal": goal, "names": {"fr": "Club du pain"}}
    answer = await client.post(
        "/api/v1/programs", json={key: value for key, value in body.items() if value is not None}
    )
    assert answer.status_code == 201, answer.text
    database: Database = client._transport.app.state.edge.database  # type: ignore[attr-defined]  # the test's own app
    organization_id = decode("org", (await client.get("/api/v1/organization")).json()["id"])
    program_id = decode("prg", answer.json()["id"])
    template_id = answer.json()["template_id"]
    if template_id is None:  # nobody has connected the fact yet: do it here
        async with database.transaction(organization_id) as tx:
            await create_card(tx, ProgramCreated(program_id, kind, None, goal, "Baguette", {"fr": "La baguette"}))
        template_id = (await client.get(f"/api/v1/programs/{answer.json()['id']}")).json()["template_id"]
    content = await content_of(client, template_id)
    assert (content["title"], content["kind"]) == ("Bread Club", kind)
    assert content["translations"]["fr"]["Bread Club"] == "Club du pain"
    assert (content["stamps"] or {}).get("goal") == drawn
    assert content["colours"]["background"] == Brand().background
