"""Templates on the wire; the content itself is in ``content.py``."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from passerelle.kit.ids import WireId
from passerelle.kit.wire import Name, Outbound, Wire
from passerelle.programs.schemas import Goal, ProgramKind, Translations
from passerelle.templates.content import (
    Area,
    Barcode,
    Colours,
    FieldContent,
    Fields,
    ImageId,
    Images,
    Kind,
    Link,
    Place,
    Shape,
    Stamps,
    TemplateContent,
)
from passerelle.templates.facts import Style

__all__ = [
    "Area", "Barcode", "CheckOut", "Colours", "FieldContent", "Fields", "FindingOut", "ImageId", "ImageOut",
    "Images", "Kind", "Link", "Place", "PlaceholderOut", "PreviewField", "PreviewIn", "PreviewOut", "SampleOut",
    "Shape", "Stamps", "Style", "SuggestionIn", "TemplateContent", "TemplateId", "TemplateIn", "TemplateOut",
    "VersionIn", "VersionOut", "VersionSummary",
]  # fmt: skip

TemplateId = Annotated[UUID, WireId("tpl")]
OfferKind = Literal[ProgramKind, "gift_card", "coupon", "ticket"]


class FindingOut(Outbound):
    """A fault and what to do about it; ``path`` leads into the content, such as ``fields.header.0.value``."""

    severity: Literal["error", "warning"]
    code: str
    path: str
    sentence: str


class CheckOut(Outbound):
    """All findings, errors first; a content with errors is not saved."""

    findings: list[FindingOut]


class PlaceholderOut(Outbound):
    """One placeholder of texts: ``{{ name }}``; ``kinds`` are the kinds of cards that have it."""

    name: str
    kinds: list[Kind]
    kind: Literal["text", "number", "boolean", "date"]
    meaning: str
    sample: str


class SampleOut(Outbound):
    """A customer who does not exist, to look at a card with; days and instants are ISO 8601."""

    key: Literal["regular", "new", "ready", "long"]
    facts: dict[str, str | int | bool | None]


class ImageOut(Outbound):
    """An uploaded image; ``url`` is public and never changes."""

    id: ImageId
    url: str
    width: int
    height: int
    size_bytes: int
    created_at: datetime


class TemplateIn(Wire):
    """A new template. Without content, one is made from the organization's name and colours.

    ``names`` are translations of the name, for the card that is made without content.
    """

    name: Name
    names: Translations = Field(default_factory=dict)
    kind: Kind
    goal: Annotated[int, Field(ge=1, le=100)] = 10
    content: TemplateContent | None = None

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.content is not None and self.content.kind != self.kind:
            raise ValueError("kind and content.kind must be the same.")
        return self


class SuggestionIn(Wire):
    """A program, a gift card, a coupon or a ticket that is not there yet: what would its card be?"""

    kind: OfferKind
    name: Name
    names: Annotated[Translations, Field(default_factory=dict)]
    goal: Goal | None = None
    reward_name: Name | None = None
    reward_names: Annotated[Translations, Field(default_factory=dict)]


class VersionIn(Wire):
    """New content of a template, published at once when asked.

    ``base_version`` is the version that the change began with: when another was saved since, this one is refused
    instead of undoing what somebody else did.
    """

    content: TemplateContent
    publish: bool = False
    base_version: Annotated[int, Field(ge=1, le=1_000_000)] | None = None


class VersionSummary(Outbound):
    version: int
    created_at: datetime
    created_by: str
    published: bool


class VersionOut(VersionSummary):
    """One version with what a reader of its content should know."""

    content: TemplateContent
    findings: list[FindingOut]


class TemplateOut(Outbound):
    id: TemplateId
    name: str
    kind: Kind
    latest_version: int
    published_version: int | None
    created_at: datetime
    updated_at: datetime


class PreviewIn(Wire):
    """A content, saved or not, and facts to show instead of the samples; ``language`` picks the translation."""

    content: TemplateContent
    language: Annotated[str, Field(max_length=20)] | None = None
    facts: dict[str, str | int | bool | None] = Field(default={}, max_length=100)


class PreviewField(Outbound):
    area: Area
    key: str
    label: str
    value: str
    change_message: str | None
    alignment: str | None
    link: str | None


class PreviewOut(Outbound):
    """A card as neutral JSON: what any wallet would show of it.

    ``images`` are addresses by place; the strip of a stamp card is a ``data:`` address, drawn for these facts.
    """

    kind: Kind
    language: str
    direction: Literal["ltr", "rtl"]
    organization_name: str
    title: str
    description: str
    logo_text: str
    fields: list[PreviewField]
    colours: Colours
    barcode: dict[str, str] | None
    images: dict[str, str]
    links: list[dict[str, str]]
