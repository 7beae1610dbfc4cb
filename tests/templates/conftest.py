"""Contents, pictures and compiled templates to test with."""

import hashlib
import io
from functools import cache
from typing import Any
from uuid import UUID

from PIL import Image

from passerelle.organizations.schemas import Brand
from passerelle.templates.compiled import CompiledTemplate, compile_template
from passerelle.templates.content import TemplateContent
from passerelle.templates.defaults import Design, default_content
from passerelle.templates.files import make_files
from passerelle.templates.look_rules import ImageSize

ORGANIZATION = UUID("0198c0de-0000-7000-8000-000000000001")
TEMPLATE = UUID("0198c0de-0000-7000-8000-000000000002")
ICON = UUID("0198c0de-0000-7000-8000-000000000003")
KNOWN_IMAGES = {ICON: ImageSize(660, 660)}


@cache
def png(width: int, height: int, colour: str = "#145ac8") -> bytes:
    """A plain picture."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(file, "PNG")
    return file.getvalue()


def designed(kind: str = "stamps", language: str = "en", **changes: Any) -> TemplateContent:
    """The default card of a kind, with an icon."""
    design = Design(
        kind,  # type: ignore[arg-type]  # tests name kinds and languages in tables
        "Café Central",
        "Coffee Club",
        Brand(website="https://cafe.example"),
        language,  # type: ignore[arg-type]  # the same
        **{"contact": "hello@cafe.example", **changes},
    )
    content = default_content(design)
    return content.model_copy(update={"images": content.images.model_copy(update={"icon": ICON})})


def content_of(**changes: Any) -> TemplateContent:
    """A small card with these changes."""
    plain: dict[str, Any] = {
        "kind": "points",
        "organization_name": "Café Central",
        "title": "Coffee Club",
        "description": "Loyalty card",
    }
    content = TemplateContent.model_validate(plain | changes)
    if content.images.icon is None:
        content = content.model_copy(update={"images": content.images.model_copy(update={"icon": ICON})})
    return content


def one_field(value: str, area: str = "secondary", **more: Any) -> dict[str, Any]:
    """The fields of a card with one field."""
    return {area: [{"key": "only", "label": "ONLY", "value": value, **more}]}


def compiled_of(content: TemplateContent, *, drawn: bool = False, version: int = 1) -> CompiledTemplate:
    """The content made ready; with its pictures when asked."""
    files = make_files(content, {"icon": png(660, 660)}) if drawn else {}
    return compile_template(
        content,
        organization_id=ORGANIZATION,
        template_id=TEMPLATE,
        version=version,
        files={name: data for name, data in files.items() if not name.startswith(("hero", "square", "wide"))},
        digests={name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
    )
