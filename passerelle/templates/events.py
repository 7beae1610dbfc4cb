"""Facts of templates."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class TemplateCreated(Event):
    name = "template.created"
    template_id: UUID
    kind: str


@dataclass(frozen=True, slots=True)
class TemplateVersionSaved(Event):
    name = "template.version_saved"
    template_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class TemplatePublished(Event):
    """Cards of this template look different from now on."""

    name = "template.published"
    template_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class ImageUploaded(Event):
    name = "image.uploaded"
    image_id: UUID
